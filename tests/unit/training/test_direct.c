/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: each authority asked in its own contract tells of each person, and
 * in each fault, what it tells through SSBTEK; it takes its own request as the
 * schema has it and no other, and refuses in its own form. Leaves out: schemas
 * of the answers (test_contract), the paths (test_server).
 */
#include "config.h"

#include "ask.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TODAY ((struct date){2026, 11, 24})

#define LENGTH(list, n)                                                        \
    do {                                                                       \
        n = 0;                                                                 \
        for (const void *p_ = (list); p_; p_ = *(void *const *)p_)             \
            n++;                                                               \
    } while (0)

static void
same_payments(const struct source_answer *a, const struct source_answer *b)
{
    const struct payment *p = a->payments, *q = b->payments;
    for (; p != NULL && q != NULL; p = p->next, q = q->next) {
        assert_int_equal(date_compare(p->date, q->date), 0);
        assert_int_equal(p->netto.ore, q->netto.ore);
        assert_int_equal(p->state, q->state);
        assert_string_equal(p->forman, q->forman);
    }
    assert_true(p == NULL && q == NULL);
}

/* Through SSBTEK (a) and by itself (b). */
static void
same(const struct answer *a, const struct answer *b, enum source_id s,
     const char *who)
{
    const struct source_answer *x = &a->of[s], *y = &b->of[s];
    int n, m;
    if (x->state != y->state)
        fail_msg("%s, %s: %s through SSBTEK, %s by itself (%s)", who,
                 source_row(s)->code, state_row(x->state)->word,
                 state_row(y->state)->word,
                 y->fault != NULL ? y->fault->felkod : "");
    assert_int_equal(x->count, y->count);
    assert_int_equal(x->confirmed, y->confirmed);
    assert_int_equal(x->shielded, y->shielded);
    assert_int_equal(x->fault == NULL, y->fault == NULL);
    same_payments(x, y);
    LENGTH(x->decisions, n);
    LENGTH(y->decisions, m);
    assert_int_equal(n, m);
    LENGTH(x->missing, n);
    LENGTH(y->missing, m);
    assert_int_equal(n, m);
}

static void
ask_both(const struct question *q, enum source_id s, enum fault f,
         const char *part, const char *who)
{
    struct answer *a = answer_new(q), *b = answer_new(q);
    ask_into(a, q, s, f, part, TODAY);
    ask_direct_into(b, q, s, f, part, TODAY);
    answer_sort(a);
    answer_sort(b);
    same(a, b, s, who);
    if (s == SOURCE_FK)
        same(a, b, SOURCE_PM, who);
    answer_free(&a);
    answer_free(&b);
}

static void
test_a_person_is_the_same(void **state)
{
    (void)state;
    for (int i = 0; i < CAST_COUNT; i++) {
        const struct cast_person *p = cast_person((enum cast_id)i);
        struct question q = question_of(p->number, "EK-2026-00001");
        for (int s = 0; s < SOURCE_COUNT; s++) {
            const char *part = "";
            if (!(SOURCE_ASKABLE & SOURCE_BIT(s)))
                continue;
            enum fault f =
                cast_fault((enum cast_id)i, (enum source_id)s, &part);
            if (f != FAULT_TIMEOUT && f != FAULT_HTTP500)
                ask_both(&q, (enum source_id)s, f, part, p->fornamn);
        }
    }
}

static void
test_a_fault_is_the_same(void **state)
{
    (void)state;
    struct question q = question_of(cast_person(CAST_HANSAKE)->number, "EK-1");
    for (int s = 0; s < SOURCE_COUNT; s++)
        for (int f = 0; f < FAULT_COUNT; f++)
            if (SOURCE_ASKABLE & SOURCE_BIT(s) && f != FAULT_TIMEOUT &&
                f != FAULT_HTTP500)
                ask_both(&q, (enum source_id)s, (enum fault)f, "",
                         fault_word((enum fault)f));
}

/* A term that is longer than the period asked about, and a day inside it. */
static void
test_a_term_moves_no_payment(void **state)
{
    (void)state;
    struct question q = question_of(cast_person(CAST_ALVA)->number, "EK-1");
    struct answer *a = answer_new(&q);
    assert_int_equal(q.csn.to.month, 12);
    ask_direct_into(a, &q, SOURCE_CSN, FAULT_NONE, "", TODAY);
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_SVAR);
    for (const struct payment *p = a->of[SOURCE_CSN].payments; p; p = p->next)
        assert_true(p->state == PAYMENT_UTBETALD ||
                    date_compare(p->date, TODAY) > 0);
    answer_free(&a);
}

static enum err_code
read_as(enum source_id source, const struct buf *b)
{
    struct err e = {0};
    struct asked a;
    enum err_code code =
        asked_read_direct(&a, source, "999-01", b->data, b->len, &e);
    if (code != ERR_OK)
        assert_null(strstr(e.text, "1979")); /* nothing of the question */
    asked_done(&a);
    return code;
}

/* b with the first `from` made `to`. */
static void
change(struct buf *out, const struct buf *b, const char *from, const char *to)
{
    const char *at = strstr(buf_str(b), from);
    assert_non_null(at);
    buf_clear(out);
    buf_add(out, b->data, (size_t)(at - b->data));
    buf_adds(out, to);
    buf_adds(out, at + strlen(from));
}

static void
test_only_its_own_request_is_taken(void **state)
{
    (void)state;
    struct question q = question_of(cast_person(CAST_HANSAKE)->number, "EK-1");
    struct err e = {0};
    for (int s = 0; s < SOURCE_COUNT; s++) {
        AUTO_BUF(body, 256 << 10);
        if (!(SOURCE_ASKABLE & SOURCE_BIT(s)))
            continue;
        assert_int_equal(
            bastjanst_question(&body, (enum source_id)s, &q, &asker, &e),
            ERR_OK);
        for (int other = 0; other < SOURCE_COUNT; other++)
            if (SOURCE_ASKABLE & SOURCE_BIT(other))
                assert_int_equal(read_as((enum source_id)other, &body) ==
                                     ERR_OK,
                                 other == s);
        body.len /= 2; /* cut off */
        body.data[body.len] = '\0';
        assert_int_equal(read_as((enum source_id)s, &body), ERR_BAD_INPUT);
    }
}

static void
test_order_and_names_are_the_schemas(void **state)
{
    (void)state;
    static const struct {
        enum source_id source;
        const char *from, *to;
    } rows[] = {
        {SOURCE_SO, "q:Syfte>", "q:Avsikt>"},
        {SOURCE_SO, "<q:Syfte>", "<q:Mer/><q:Syfte>"},
        {SOURCE_SO, "197905179839", "9705179839"},
        {SOURCE_SO, "2026-09-01", "2026-12-01"}, /* from after to */
        {SOURCE_AF, "<q:From>", "<q:Test>true</q:Test><q:From>"},
        {SOURCE_AF, "162120000001", "16212000000"},
        {SOURCE_MIV, "<korrelationsid>", "<namn/><korrelationsid>"},
        {SOURCE_TNS, "<r:sekel>19", "<r:sekel>1"},
        {SOURCE_CSN, "tomDatum>", "till>"},
        {SOURCE_SKV, "IdentitetsbeteckningFysiskPerson", "Person"},
        {SOURCE_FK, "\"tom\"", "\"till\""},
    };
    struct question q = question_of(cast_person(CAST_HANSAKE)->number, "EK-1");
    struct err e = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        AUTO_BUF(body, 256 << 10);
        AUTO_BUF(bad, 256 << 10);
        AUTO_BUF(said, ANSWER_MAX);
        enum source_id s = rows[i].source;
        assert_int_equal(bastjanst_question(&body, s, &q, &asker, &e), ERR_OK);
        change(&bad, &body, rows[i].from, rows[i].to);
        if (read_as(s, &bad) != ERR_BAD_INPUT)
            fail_msg("%s: %s", source_row(s)->code, rows[i].to);
        int status = answer_write_refusal(&said, s, "skäl");
        assert_int_equal(status, s == SOURCE_FK ? 400 : 500);
        assert_non_null(strstr(buf_str(&said), s == SOURCE_FK
                                                   ? "\"meddelande\":"
                                                   : "<soap:Fault>"));
    }
}

/* AF's Inkludera is heeded. */
static void
test_af_leaves_out_what_is_not_wanted(void **state)
{
    (void)state;
    struct question q = question_of(cast_person(CAST_MAJBRITT)->number, "EK-1");
    struct err e = {0};
    struct asked a;
    struct scene s;
    AUTO_BUF(body, 256 << 10);
    AUTO_BUF(less, 256 << 10);
    AUTO_BUF(said, ANSWER_MAX);
    assert_int_equal(bastjanst_question(&body, SOURCE_AF, &q, &asker, &e),
                     ERR_OK);
    change(&less, &body, "BeslutInfo=\"true\"", "BeslutInfo=\"false\"");
    assert_int_equal(
        asked_read_direct(&a, SOURCE_AF, NULL, less.data, less.len, &e),
        ERR_OK);
    scene_set(&s, &a, FAULT_NONE, "", TODAY);
    answer_write(&said, &s);
    assert_non_null(strstr(buf_str(&said), "<af:ArbetssokandeInfo>"));
    assert_null(strstr(buf_str(&said), "<af:BeslutInfo>"));
    asked_done(&a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_person_is_the_same),
        cmocka_unit_test(test_a_fault_is_the_same),
        cmocka_unit_test(test_a_term_moves_no_payment),
        cmocka_unit_test(test_only_its_own_request_is_taken),
        cmocka_unit_test(test_order_and_names_are_the_schemas),
        cmocka_unit_test(test_af_leaves_out_what_is_not_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
