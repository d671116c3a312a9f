/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: where an answer says a thing twice - another person beside the one
 * asked about, a failure beside "0", an element of another namespace that has
 * the name of the contract's - the reader never believes the one that suits,
 * and what is passed on is what was read. Leaves out: an element that the
 * contract has once, twice (test_states).
 */
#include "config.h"

#include "fixture.h"
#include "said.h"

#include "wire/compile.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define WRONG "197407029284"
#define OTHER_NS " xmlns='urn:other'>"

struct twice {
    const char *name;
    enum source_id source;
    const char *data;
    enum source_state state;
};

static void
check(const struct twice *t, int n)
{
    for (int i = 0; i < n; i++) {
        struct question q = fixture_question();
        struct answer *a = fixture_one(&q, t[i].source, t[i].data);
        const struct source_answer *of = &a->of[t[i].source];
        if (of->state != t[i].state)
            fail_msg("%s: %s", t[i].name, state_row(of->state)->word);
        if (of->confirmed == CONFIRMED_NEJ)
            assert_null(of->facts);
        answer_free(&a);
    }
}

static void
test_another_person_beside_the_right_one(void **state)
{
    static const struct twice rows[] = {
        {"af", SOURCE_AF,
         AF("<IdentitetsbeteckningFysiskPerson" OTHER_NS PERSON
            "</IdentitetsbeteckningFysiskPerson>"
            "<a:IdentitetsbeteckningFysiskPerson>" WRONG
            "</a:IdentitetsbeteckningFysiskPerson>" AF_OK),
         STATE_FEL},
        {"af, a second Svar", SOURCE_AF,
         AF(AF_ME AF_OK) AF("<a:IdentitetsbeteckningFysiskPerson>" WRONG
                            "</a:IdentitetsbeteckningFysiskPerson>" AF_OK),
         STATE_FEL},
        {"so", SOURCE_SO,
         SO_ME "<i:IdentificationNumber " SO_NS ">" WRONG
               "</i:IdentificationNumber>" SO_LIST(""),
         STATE_FEL},
        {"miv", SOURCE_MIV,
         MIV(MIV_ME "<personnummer>" WRONG "</personnummer><svarCollection/>"),
         STATE_FEL},
        {"miv, a second response", SOURCE_MIV,
         MIV(MIV_ME "<svarCollection/>")
             MIV("<personnummer>" WRONG "</personnummer>"),
         STATE_FEL},
        {"skv", SOURCE_SKV,
         SKV("<PersonuppgiftLista><Personuppgift>"
             "<IdentitetsbeteckningFysiskPerson>" PERSON
             "</IdentitetsbeteckningFysiskPerson>"
             "<IdentitetsbeteckningFysiskPerson>" WRONG
             "</IdentitetsbeteckningFysiskPerson></Personuppgift>"
             "</PersonuppgiftLista>"),
         STATE_FEL},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void
test_a_failure_beside_all_well_is_no_zero(void **state)
{
    static const struct twice rows[] = {
        {"af", SOURCE_AF,
         AF(AF_ME AF_OK "<a:StatusSokandeinformationKod>7"
                        "</a:StatusSokandeinformationKod>"),
         STATE_FEL},
        {"af, foreign", SOURCE_AF,
         AF(AF_ME "<StatusSokandeinformationKod" OTHER_NS
                  "0</StatusSokandeinformationKod>"
                  "<a:StatusSokandeinformationKod>7"
                  "</a:StatusSokandeinformationKod>"),
         STATE_FEL},
        {"csn", SOURCE_CSN,
         CSN(CSN_OK "<ResultatKod>12</ResultatKod>",
             CSN_ME ">" COUNTS("0") LISTS "</Person>"),
         STATE_FEL},
        {"skv, beside an empty list", SOURCE_SKV,
         SKV("<PersonuppgiftLista/><Fel>Tekniskt fel</Fel>"), STATE_DELSVAR},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

#define ENVELOPE(response)                                                     \
    "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>" \
    "<s:hamtaBastjanstInformationResponse "                                    \
    "xmlns:s='http://schema.forsakringskassan.se/integration/ssbt/"            \
    "10'>" response                                                            \
    "</s:hamtaBastjanstInformationResponse></e:Body></e:Envelope>"
#define RIGHT "<s:AF><s:data>" AF(AF_ME AF_OK AF_INFO) "</s:data></s:AF>"
#define EVIL "<AF xmlns='urn:other'><data>" WRONG "</data></AF>"

static void
test_a_korrelationsid_of_another_namespace_is_none(void **state)
{
    (void)state;
    struct answer *a = fixture_answer(ENVELOPE(
        "<korrelationsid" OTHER_NS "k-1</korrelationsid><s:korrelationsid>k-2"
        "</s:korrelationsid><s:svarsdata>" RIGHT "</s:svarsdata>"));
    assert_int_equal(a->of[SOURCE_AF].state, STATE_FEL);
    assert_string_equal(a->of[SOURCE_AF].fault->felkod, "annat_korrelationsid");
    answer_free(&a);
}

static void
test_passed_on_is_what_was_read(void **state)
{
    static const char *const bodies[] = {
        ENVELOPE("<s:svarsdata>" EVIL RIGHT "</s:svarsdata>"),
        ENVELOPE("<svarsdata" OTHER_NS EVIL "</svarsdata><s:svarsdata>" RIGHT
                 "</s:svarsdata>"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct buf of[SOURCE_COUNT];
        struct answer *a = fixture_answer(bodies[i]);
        for (int k = 0; k < SOURCE_COUNT; k++)
            of[k] = BUF_INIT(1 << 20);
        assert_int_equal(a->of[SOURCE_AF].state, STATE_SVAR);
        assert_int_equal(compile_passed(of, SOURCE_BIT(SOURCE_AF), a, bodies[i],
                                        strlen(bodies[i])),
                         ERR_OK);
        assert_null(strstr(buf_str(&of[SOURCE_AF]), WRONG));
        assert_non_null(strstr(buf_str(&of[SOURCE_AF]),
                               "<ssbt:felkod>olasligt</ssbt:felkod>"));
        for (int k = 0; k < SOURCE_COUNT; k++)
            buf_done(&of[k]);
        answer_free(&a);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_another_person_beside_the_right_one),
        cmocka_unit_test(test_a_failure_beside_all_well_is_no_zero),
        cmocka_unit_test(test_a_korrelationsid_of_another_namespace_is_none),
        cmocka_unit_test(test_passed_on_is_what_was_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
