/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: each row of the zero rule through real messages: what proves an
 * answer and an empty one, and for every source the near misses that must not
 * count as zero (a missing proof, another person, an unknown number, an
 * error, doubt). Leaves out: the table itself (tests of domain/zero).
 */
#include "config.h"

#include "fixture.h"
#include "said.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct row {
    const char *what;
    enum source_id source;
    const char *data;
    enum source_state state;
};

static const struct row rows[] = {
    {"af empty", SOURCE_AF, AF(AF_ME AF_OK), STATE_INGA_UPPGIFTER},
    {"af info", SOURCE_AF, AF(AF_ME AF_INFO AF_OK), STATE_SVAR},
    {"af no code", SOURCE_AF, AF(AF_ME), STATE_FEL},
    {"af code 7", SOURCE_AF,
     AF(AF_ME "<a:StatusSokandeinformationKod>7"
              "</a:StatusSokandeinformationKod>"),
     STATE_FEL},
    {"af code 0 twice over", SOURCE_AF,
     AF(AF_ME "<a:StatusSokandeinformationKod>00"
              "</a:StatusSokandeinformationKod>"),
     STATE_FEL},
    {"af no person", SOURCE_AF, AF(AF_OK), STATE_DELSVAR},
    {"af other", SOURCE_AF,
     AF("<a:IdentitetsbeteckningFysiskPerson>197407029284"
        "</a:IdentitetsbeteckningFysiskPerson>" AF_OK),
     STATE_FEL},
    {"af decisions of another kind", SOURCE_AF,
     AF(AF_ME "<a:BeslutInfo><a:NyaBeslut/></a:BeslutInfo>" AF_OK),
     STATE_DELSVAR},
    {"af empty decisions", SOURCE_AF,
     AF(AF_ME "<a:BeslutInfo><a:EkonomiskaBeslut/></a:BeslutInfo>" AF_OK),
     STATE_INGA_UPPGIFTER},
    {"af other namespace", SOURCE_AF,
     "<a:Svar xmlns:a='urn:x'>" AF_ME AF_OK "</a:Svar>", STATE_OLASLIGT},
    {"af twice", SOURCE_AF, AF(AF_ME AF_OK) AF(AF_ME AF_OK), STATE_OLASLIGT},
    {"af nothing", SOURCE_AF, "", STATE_SAKNAS},

    {"csn empty", SOURCE_CSN,
     CSN(CSN_OK, CSN_ME ">" COUNTS("0") LISTS "</Person>"),
     STATE_INGA_UPPGIFTER},
    {"csn arende", SOURCE_CSN,
     CSN(CSN_OK, CSN_ME ">" COUNTS("1") ARENDEN(ARENDE) "</Person>"),
     STATE_SVAR},
    {"csn count says more", SOURCE_CSN,
     CSN(CSN_OK, CSN_ME ">" COUNTS("1") LISTS "</Person>"), STATE_DELSVAR},
    {"csn count says less", SOURCE_CSN,
     CSN(CSN_OK, CSN_ME ">" COUNTS("0") ARENDEN(ARENDE) "</Person>"),
     STATE_DELSVAR},
    {"csn count is no number", SOURCE_CSN,
     CSN(CSN_OK, CSN_ME ">" COUNTS("x") LISTS "</Person>"), STATE_DELSVAR},
    {"csn no counts", SOURCE_CSN, CSN(CSN_OK, CSN_ME ">" LISTS "</Person>"),
     STATE_DELSVAR},
    {"csn full list", SOURCE_CSN,
     CSN(CSN_OK, CSN_ME ">" COUNTS("10")
                     ARENDEN(ARENDE ARENDE ARENDE ARENDE ARENDE ARENDE ARENDE
                                 ARENDE ARENDE ARENDE) "</Person>"),
     STATE_DELSVAR},
    {"csn code", SOURCE_CSN,
     CSN("<ResultatKod>12</ResultatKod>",
         CSN_ME ">" COUNTS("0") LISTS "</Person>"),
     STATE_FEL},
    {"csn no code", SOURCE_CSN,
     CSN("", CSN_ME ">" COUNTS("0") LISTS "</Person>"), STATE_FEL},
    {"csn no person", SOURCE_CSN, CSN(CSN_OK, ""), STATE_DELSVAR},
    {"csn ej traff", SOURCE_CSN,
     CSN(CSN_OK, CSN_ME " Status='Ej tr\xc3\xa4"
                        "ff'>" COUNTS("0") LISTS "</Person>"),
     STATE_OKAND_PERSON},
    {"csn blank status", SOURCE_CSN,
     CSN(CSN_OK, CSN_ME " Status='          '>" COUNTS("0") LISTS "</Person>"),
     STATE_INGA_UPPGIFTER},
    {"csn other century", SOURCE_CSN,
     CSN(CSN_OK, "<Person personnummer='8503129804' sekel='18'>" COUNTS("0")
                     LISTS "</Person>"),
     STATE_FEL},
    {"csn a second person", SOURCE_CSN,
     CSN(CSN_OK, CSN_ME ">" COUNTS("0") LISTS
         "</Person><Person personnummer='7407029284'/>"),
     STATE_FEL},
    {"csn dtd", SOURCE_CSN,
     "<!DOCTYPE CSNSvar>" CSN(CSN_OK, CSN_ME ">" COUNTS("0") LISTS "</Person>"),
     STATE_OLASLIGT},
    {"csn other document", SOURCE_CSN, "<CSNSvarHut/>", STATE_OLASLIGT},

    {"fk empty", SOURCE_FK, LEFI("\"formansinformation\":{}"),
     STATE_INGA_UPPGIFTER},
    {"fk empty lists", SOURCE_FK,
     LEFI("\"avvikelser\":[],\"formansinformation\":{"
          "\"utbetalningsuppgift\":[],\"sjukpenningarende\":[]}"),
     STATE_INGA_UPPGIFTER},
    {"fk row", SOURCE_FK,
     LEFI("\"formansinformation\":{\"utbetalningsuppgift\":[{"
          "\"nettobelopp\":{\"summa\":0}}]}"),
     STATE_SVAR},
    {"fk no formansinformation", SOURCE_FK, LEFI("\"avvikelser\":{}"),
     STATE_DELSVAR},
    {"fk list is no list", SOURCE_FK,
     LEFI("\"formansinformation\":{\"utbetalningsuppgift\":{}}"),
     STATE_DELSVAR},
    {"fk payment without amount", SOURCE_FK,
     LEFI("\"formansinformation\":{\"utbetalningsuppgift\":[{}]}"),
     STATE_DELSVAR},
    {"fk date that is none", SOURCE_FK,
     LEFI("\"formansinformation\":{\"utbetalningsuppgift\":[{\"datum\":"
          "\"31/10\",\"nettobelopp\":{\"summa\":5}}]}"),
     STATE_DELSVAR},
    {"fk other currency", SOURCE_FK,
     LEFI("\"formansinformation\":{\"utbetalningsuppgift\":[{"
          "\"nettobelopp\":{\"summa\":1e3,\"valuta\":\"EUR\"}}]}"),
     STATE_DELSVAR},
    {"fk currency that is no text", SOURCE_FK,
     LEFI("\"formansinformation\":{\"utbetalningsuppgift\":[{"
          "\"nettobelopp\":{\"summa\":1,\"valuta\":{\"kod\":\"EUR\"}}}]}"),
     STATE_DELSVAR},
    {"fk gap", SOURCE_FK,
     LEFI("\"formansinformation\":{}," GAP("formansinformation", "formansgrupp",
                                           "FK:BOB", "INTERNT_FEL")),
     STATE_DELSVAR},
    {"fk gap of pm", SOURCE_FK,
     LEFI("\"formansinformation\":{}," GAP("utbetalningar", "formansgrupp",
                                           "PM:AP", "INTERNT_FEL")),
     STATE_INGA_UPPGIFTER},
    {"fk gap in a list", SOURCE_FK,
     LEFI("\"formansinformation\":{},\"avvikelser\":[{\"avvikelse\":{"
          "\"kod\":\"INTERNT_FEL\"}}]"),
     STATE_DELSVAR},
    {"fk not delivered", SOURCE_FK,
     "{\"utlamnare\":[{\"utlamnare\":{\"kod\":\"FK\"},\"tillstand\":{"
     "\"kod\":\"OTILLGANGLIG\"}}],\"formansinformation\":{}}",
     STATE_FEL},
    {"fk no deliverer", SOURCE_FK, "{\"formansinformation\":{}}", STATE_FEL},
    {"fk other person", SOURCE_FK,
     LEFI("\"formansinformation\":{\"generellPersoninformation\":[{"
          "\"personnummer\":\"197407029284\"}]}"),
     STATE_FEL},
    {"fk no json", SOURCE_FK, "<html/>", STATE_OLASLIGT},
    {"fk an array", SOURCE_FK, "[]", STATE_OLASLIGT},
    {"fk twice the same name", SOURCE_FK,
     "{\"formansinformation\":{},\"formansinformation\":{}}", STATE_OLASLIGT},

    {"pm empty", SOURCE_PM, LEFI("\"utbetalningar\":[]"), STATE_INGA_UPPGIFTER},
    {"pm row", SOURCE_PM, LEFI("\"utbetalningar\":[{\"nettobelopp\":5}]"),
     STATE_SVAR},
    {"pm no list", SOURCE_PM, LEFI("\"formansinformation\":{}"), STATE_DELSVAR},
    {"pm gap", SOURCE_PM,
     LEFI("\"utbetalningar\":[]," GAP("beslut", "formansgrupp", "PM:AP",
                                      "OBEHORIG")),
     STATE_DELSVAR},
    {"pm not there", SOURCE_PM,
     "{\"utlamnare\":[{\"utlamnare\":{\"kod\":\"FK\"},\"tillstand\":{"
     "\"kod\":\"OK\"}}],\"utbetalningar\":[]}",
     STATE_FEL},

    {"skv empty", SOURCE_SKV, SKV("<PersonuppgiftLista/>"),
     STATE_INGA_UPPGIFTER},
    {"skv person", SOURCE_SKV,
     SKV("<PersonuppgiftLista>" SKV_ME "</PersonuppgiftLista>"), STATE_SVAR},
    {"skv text in the list", SOURCE_SKV,
     SKV("<PersonuppgiftLista>Fel</PersonuppgiftLista>"), STATE_DELSVAR},
    {"skv no list", SOURCE_SKV, SKV(""), STATE_DELSVAR},
    {"skv other", SOURCE_SKV,
     SKV("<PersonuppgiftLista><Personuppgift>"
         "<IdentitetsbeteckningFysiskPerson>197407029284"
         "</IdentitetsbeteckningFysiskPerson></Personuppgift>"
         "</PersonuppgiftLista>"),
     STATE_FEL},
    {"skv entity", SOURCE_SKV,
     "<svar xmlns=''><![CDATA[<!DOCTYPE a [<!ENTITY x SYSTEM "
     "'file:///etc/passwd'>]><a>&x;</a>]]></svar>",
     STATE_OLASLIGT},
    {"skv empty string", SOURCE_SKV, "<svar xmlns=''> </svar>", STATE_OLASLIGT},
    {"skv escaped", SOURCE_SKV,
     "<svar xmlns=''> \n&lt;?xml version='1.0' encoding='UTF-16'?>"
     "&lt;SvarBeskattningsuppgifterEnligtSFS2008-975>"
     "&lt;PersonuppgiftLista/>"
     "&lt;/SvarBeskattningsuppgifterEnligtSFS2008-975></svar>",
     STATE_INGA_UPPGIFTER},
    {"skv element", SOURCE_SKV,
     "<svar xmlns=''><SvarBeskattningsuppgifterEnligtSFS2008-975>"
     "<PersonuppgiftLista/>"
     "</SvarBeskattningsuppgifterEnligtSFS2008-975></svar>",
     STATE_INGA_UPPGIFTER},

    {"so empty", SOURCE_SO, SO_ME SO_LIST(""), STATE_INGA_UPPGIFTER},
    {"so fund ok", SOURCE_SO, SO_ME SO_LIST(FUND("1", "")),
     STATE_INGA_UPPGIFTER},
    {"so fund all clear", SOURCE_SO, SO_ME SO_LIST(FUND("All Clear ", "")),
     STATE_INGA_UPPGIFTER},
    {"so fund silent", SOURCE_SO, SO_ME SO_LIST(FUND("", "")), STATE_DELSVAR},
    {"so fund 2", SOURCE_SO, SO_ME SO_LIST(FUND("2", "")), STATE_DELSVAR},
    {"so fund 2 pays", SOURCE_SO, SO_ME SO_LIST(FUND("2", SO_PAID)),
     STATE_SVAR},
    {"so one of two", SOURCE_SO,
     SO_ME SO_LIST(FUND("1", SO_PAID) FUND("9", "")), STATE_DELSVAR},
    {"so unknown member", SOURCE_SO, SO_ME SO_LIST("<i:Ny/>"), STATE_DELSVAR},
    {"so text in the list", SOURCE_SO, SO_ME SO_LIST("Tekniskt fel"),
     STATE_DELSVAR},
    {"so nil list", SOURCE_SO,
     SO_ME "<i:ArbetsloshetsersattningLista " SO_NS
           " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
           " xsi:nil='true'/>",
     STATE_DELSVAR},
    {"so payments of another contract", SOURCE_SO,
     SO_ME SO_LIST(FUND("1", "<Utbetalningar><NettoEfterAvdrag>1"
                             "</NettoEfterAvdrag></Utbetalningar>")),
     STATE_DELSVAR},
    {"so rows of another kind", SOURCE_SO,
     SO_ME SO_LIST(FUND("1", "<i:Retro><i:Belopp>1</i:Belopp></i:Retro>")),
     STATE_DELSVAR},
    {"so a new field", SOURCE_SO, SO_ME SO_LIST(FUND("1", "<i:Ny>1</i:Ny>")),
     STATE_INGA_UPPGIFTER},
    {"so no list", SOURCE_SO, SO_ME, STATE_DELSVAR},
    {"so other", SOURCE_SO,
     "<i:IdentificationNumber " SO_NS
     ">197407029284</i:IdentificationNumber>" SO_LIST(""),
     STATE_FEL},
    {"so strange", SOURCE_SO, "<x/>", STATE_OLASLIGT},

    {"tns empty", SOURCE_TNS,
     TNS("<resultat" TNS_NS ">OK</resultat><fordonsinnehav" TNS_NS "/>"),
     STATE_INGA_UPPGIFTER},
    {"tns no list", SOURCE_TNS, TNS("<resultat" TNS_NS ">OK</resultat>"),
     STATE_DELSVAR},
    {"tns another kind of vehicle", SOURCE_TNS,
     TNS("<resultat" TNS_NS ">OK</resultat><fordonsinnehav" TNS_NS
         "><slapvagn/></fordonsinnehav>"),
     STATE_DELSVAR},
    {"tns fel", SOURCE_TNS,
     TNS("<resultat" TNS_NS ">FEL</resultat><fordonsinnehav" TNS_NS "/>"),
     STATE_FEL},
    {"tns fel inside ok", SOURCE_TNS,
     TNS("<resultat" TNS_NS ">OK</resultat><fordonsinnehav" TNS_NS
         "/><felresultat" TNS_NS "><felkod>3</felkod></felresultat>"),
     STATE_FEL},
    {"tns no result", SOURCE_TNS, TNS("<fordonsinnehav" TNS_NS "/>"),
     STATE_FEL},

    {"miv empty", SOURCE_MIV, MIV(MIV_ME "<svarCollection/>"),
     STATE_INGA_UPPGIFTER},
    {"miv nil", SOURCE_MIV,
     MIV(MIV_ME "<svarCollection><svar xsi:nil='true' xmlns:xsi="
                "'http://www.w3.org/2001/XMLSchema-instance'/>"
                "</svarCollection>"),
     STATE_DELSVAR},
    {"miv matter", SOURCE_MIV,
     MIV(MIV_ME "<svarCollection><svar><beslutsTyp>PUT</beslutsTyp></svar>"
                "</svarCollection>"),
     STATE_SVAR},
    {"miv no collection", SOURCE_MIV, MIV(MIV_ME), STATE_DELSVAR},
    {"miv nobody", SOURCE_MIV, MIV("<svarCollection/>"), STATE_DELSVAR},
    {"miv no response", SOURCE_MIV, "<x/>", STATE_SAKNAS},
    {"miv other", SOURCE_MIV,
     MIV("<personnummer>19740702-9284</personnummer><svarCollection/>"),
     STATE_FEL},
};

static void
test_each_near_miss(void **state)
{
    (void)state;
    struct question q = fixture_question();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer *a = fixture_one(&q, rows[i].source, rows[i].data);
        const struct source_answer *s = &a->of[rows[i].source];
        if (s->state != rows[i].state)
            fail_msg("%s is %s, expected %s", rows[i].what,
                     state_row(s->state)->word, state_row(rows[i].state)->word);
        if (s->state == STATE_FEL || s->state == STATE_OLASLIGT)
            assert_non_null(s->fault);
        if (s->state == STATE_FEL && s->confirmed == CONFIRMED_NEJ) {
            assert_string_equal(s->fault->kalla, "ENFRAGA");
            assert_string_equal(s->fault->felkod, "annan_person");
            assert_null(s->facts);
            assert_null(s->raw);
            assert_null(s->payments);
        }
        answer_free(&a);
    }
}

/* What an empty answer about a samordningsnummer proves (DESIGN 4). */
static void
test_samordningsnummer(void **state)
{
    (void)state;
    struct question q = fixture_question();
    memcpy(q.person.digits, "198503729809", 13);
    struct answer *a =
        fixture_one(&q, SOURCE_FK, LEFI("\"formansinformation\":{}"));
    assert_int_equal(a->of[SOURCE_FK].state, STATE_OKAND_PERSON);
    answer_free(&a);
    a = fixture_one(&q, SOURCE_FK,
                    LEFI("\"formansinformation\":{"
                         "\"generellPersoninformation\":{"
                         "\"personnummer\":\"198503729809\"}}"));
    assert_int_equal(a->of[SOURCE_FK].state, STATE_INGA_UPPGIFTER);
    answer_free(&a);
}

static void
test_codes_can_be_set(void **state)
{
    (void)state;
    struct question q = fixture_question();
    const struct ssbtek_codes mine = {"2, klart", "7", "12"},
                              shipped = {"1, OK, all clear", "", ""};
    ssbtek_codes_set(&mine);
    struct answer *a = fixture_one(&q, SOURCE_SO, SO_ME SO_LIST(FUND("2", "")));
    assert_int_equal(a->of[SOURCE_SO].state, STATE_INGA_UPPGIFTER);
    answer_free(&a);
    a = fixture_one(&q, SOURCE_AF,
                    AF(AF_ME "<a:StatusSokandeinformationKod>7"
                             "</a:StatusSokandeinformationKod>"));
    assert_int_equal(a->of[SOURCE_AF].state, STATE_OKAND_PERSON);
    answer_free(&a);
    a = fixture_one(&q, SOURCE_CSN,
                    CSN("<ResultatKod>12</ResultatKod>",
                        CSN_ME ">" COUNTS("0") LISTS "</Person>"));
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_OKAND_PERSON);
    answer_free(&a);
    ssbtek_codes_set(&shipped);
}

static void
test_not_asked_stays_so(void **state)
{
    (void)state;
    struct question q = fixture_question();
    q.sources = SOURCE_BIT(SOURCE_TNS);
    q.lefi[0] = '\0';
    size_t n;
    char *s = fixture_sample("alla.xml", &n);
    struct answer *a = fixture_read(&q, s, n, n, 200, "text/xml", NULL);
    for (int i = 0; i < SOURCE_COUNT; i++)
        assert_int_equal(a->of[i].state,
                         i == SOURCE_TNS ? STATE_SVAR : STATE_EJ_TILLFRAGAD);
    answer_free(&a);
    free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_near_miss),
        cmocka_unit_test(test_samordningsnummer),
        cmocka_unit_test(test_codes_can_be_set),
        cmocka_unit_test(test_not_asked_stays_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
