/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: each kind of matter, decision and fact of LEFI v9 that is a right
 * becomes the decisions that stand beside it here, with period, extent, days,
 * outcome in words, amount and how often; a code alone gets the words of its
 * own benefit, the source's own words come first; none of it is a payment.
 * Leaves out: the payments (test_samples) and the zero rule (test_states).
 */
#include "config.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define UTLAMNARE                                                              \
    "\"utlamnare\":[{\"utlamnare\":{\"kod\":\"FK\"},\"tillstand\":"            \
    "{\"kod\":\"OK\"}},{\"utlamnare\":{\"kod\":\"PM\"},\"tillstand\":"         \
    "{\"kod\":\"OK\"}}]"

/* An answer of LEFI with `members`, single quotes for double. */
static struct answer *
answer_of(const char *members)
{
    AUTO_BUF(json, 64 << 10);
    AUTO_BUF(inside, 128 << 10);
    AUTO_BUF(all, 256 << 10);
    buf_addf(&json, "{%s,", UTLAMNARE);
    for (const char *s = members; *s; s++)
        buf_addc(&json, *s == '\'' ? '"' : *s);
    buf_addc(&json, '}');
    fixture_source(&inside, SOURCE_FK, buf_str(&json));
    fixture_envelope(&all, buf_str(&inside));
    return fixture_answer(buf_str(&all));
}

static void
put(struct buf *b, const char *name, const char *value)
{
    if (value && *value)
        buf_addf(b, " %s=%s", name, value);
}

/* "beslut Sjukpenning SJP 2026-01-01..2026-01-31 %=50 ..." a line each. */
static void
describe(struct buf *b, const struct decision *d)
{
    char from[11], to[11], day[11], money[24];
    for (; d; d = d->next) {
        date_text(d->fran, from);
        date_text(d->till, to);
        date_text(d->datum, day);
        money_text(d->belopp, money);
        if (b->len)
            buf_addc(b, '\n');
        buf_addf(b, "%s %s %s %s..%s", d->slag, d->forman,
                 d->kod ? d->kod : "-", from, to);
        put(b, "den", day);
        put(b, "%", d->omfattning);
        put(b, "dagar", d->dagar);
        put(b, "lage", d->lage);
        if (d->belopp.given)
            put(b, "kr", money);
        put(b, "per", d->periodicitet);
        if (d->utan_beslut)
            buf_adds(b, " utan beslut");
    }
}

static void
expect(enum source_id s, const char *members, const char *want)
{
    struct answer *a = answer_of(members);
    AUTO_BUF(got, 16 << 10);
    describe(&got, a->of[s].decisions);
    assert_null(a->of[s].payments);
    assert_null(a->of[s].fault);
    if (strcmp(buf_str(&got), want) != 0)
        fail_msg("%s gives\n%s\nexpected\n%s", members, buf_str(&got), want);
    answer_free(&a);
}

static void
fk(const char *member, const char *item, const char *want)
{
    AUTO_BUF(b, 16 << 10);
    buf_addf(&b, "'formansinformation':{'%s':[%s]}", member, item);
    expect(SOURCE_FK, buf_str(&b), want);
}

static void
test_each_matter(void **state)
{
    (void)state;
    static const char decided[] =
        "{'startades':'2026-01-02','aktivt':true,'avslaget':false,'beslut':["
        "{'fattades':'2026-01-20','definitivt':true,'forman':{'id':'XX'},"
        "'period':{'fran':'2026-02','till':'2026-03'},"
        "'beslutatBruttobelopp':{'summa':1200.5,'valuta':'SEK'},"
        "'periodicitet':{'id':1}}]}";
    static const char *const members[] = {
        "aktivitetsstodsarende",
        "allmanpensionsarende",
        "arbetsskadeefterlevandearende",
        "arbetsskadeegenlivrantearende",
        "barnbidragsarende",
        "bostadsbidragsarende",
        "bostadstillaggsarende",
        "efterlevandepensionsarende",
        "mottagareavbarnbidrag",
        "foraldrapenningarende",
        "forebyggandeSjukpenningsarende",
        "handikappersattningsarende",
        "graviditetspenningsarende",
        "merkostnadsersattningsarende",
        "narstaendepenningarende",
        "omvardnadsbidragsarende",
        "programersattningsarende",
        "rehabersattningsarende",
        "sjukOchAktivitetsersattningsarende",
        "sjukpenningarende",
        "smittbararersattningsarende",
        "tillfalligForaldrapenningarende",
        "totalforsvarspliktsarende",
        "underhallsstodskrav",
        "underhallsstodsmottag",
        "vardbidragsarende",
        "yrkesskadeefterlevandearende",
        "yrkesskadeegenlivrantearende",
    };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        fk(members[i], decided,
           "beslut XX XX 2026-02-01..2026-03-31 den=2026-01-20 "
           "lage=definitivt kr=1200.50 per=månad");
}

static void
test_days_and_extent(void **state)
{
    (void)state;
    fk("sjukpenningarende",
       "{'aktivt':true,'beslut':[{'fattades':'2026-09-30','definitivt':true,"
       "'forman':{'id':'SJP','beskrivning':'Sjukpenning'},'period':{'fran':"
       "'2026-09-07','till':'2026-09-12'},'omfattning':{'taljare':1,'namnare':"
       "2},'dagar':6,'karens':false,'beslutsutfall':'BEVILJAN','beslutstyp':"
       "'SLUTLIGT','ersattningsniva':'NORMAL','ersattningsdagar':[{"
       "'ersattningsdatum':'2026-09-07','ersattningsbelopp':{'summa':500}}]}]}",
       "beslut Sjukpenning SJP 2026-09-07..2026-09-12 den=2026-09-30 %=50 "
       "dagar=6 lage=beviljat, slutligt");
    fk("programersattningsarende",
       "{'beslut':[{'forman':{'id':'AS'},'dagar':['2026-10-01','2026-10-02'],"
       "'ersattningsdagar':[{'dag':'2026-10-01','ersattning':{'id':'UE'},"
       "'belopp':{'summa':300}}]}]}",
       "beslut AS AS .. dagar=2");
    fk("tillfalligForaldrapenningarende",
       "{'beslut':[{'definitivt':false,'bedomdadagar':[{'dag':'2026-10-01'},"
       "{'dag':'2026-10-02'},{'dag':'2026-10-05'}]}]}",
       "beslut Tillfällig föräldrapenning - .. dagar=3 lage=inte definitivt");
    /* A list of one in efterlevandepension; 0/0 is not set. */
    fk("efterlevandepensionsarende",
       "{'beslut':[{'omfattning':[{'taljare':3,'namnare':4}]},"
       "{'omfattning':{'taljare':0,'namnare':0}}]}",
       "beslut Efterlevandepension - .. %=75\n"
       "beslut Efterlevandepension - ..");
}

static void
test_matters_without_decisions(void **state)
{
    (void)state;
    fk("foraldrapenningarende",
       "{'startades':'2026-11-12','aktivt':true,'avslaget':false,'beslut':[],"
       "'anspraksdagar':[{'dag':'2026-12-03','niva':{'id':'S'}},{'dag':"
       "'2026-12-01'},{'dag':'2026-12-02'}]}",
       "ansokan Föräldrapenning - 2026-12-01..2026-12-03 den=2026-11-12 "
       "dagar=3 lage=inget beslut utan beslut");
    fk("bostadsbidragsarende",
       "{'startades':'2026-10-01','aktivt':false,'avslaget':true}",
       "arende Bostadsbidrag - .. den=2026-10-01 lage=avslaget");
    fk("bostadsbidragsarende", "{'startades':'2026-10-01','aktivt':false}",
       "arende Bostadsbidrag - .. den=2026-10-01 lage=avslutat");
    fk("allmanpensionsarende", "{'beslut':[]}", "arende Allmän pension - ..");
    /* A rejected matter says so on its decisions too. */
    fk("vardbidragsarende", "{'avslaget':true,'beslut':[{'definitivt':true}]}",
       "beslut Vårdbidrag - .. lage=avslaget, definitivt");
}

static void
test_periods_of_mek_and_omv(void **state)
{
    (void)state;
    /* One object, not a list; the same code means another thing in each. */
    fk("omvardnadsbidragsarende",
       "{'beslut':{'forman':{'id':'OMV'},'beslutsutfall':{'id':5},"
       "'beslutstatus':{'id':'S'},'upphorandeManadFrom':['2026-12'],"
       "'periodbeslut':[{'period':{'fran':'2026-01','till':'2026-11'},"
       "'andel':{'taljare':1,'namnare':4}}]}}",
       "beslut OMV OMV 2026-01-01..2026-11-30 %=25 "
       "lage=avvisat, slutligt, upphör från 2026-12");
    fk("merkostnadsersattningsarende",
       "{'beslut':{'forman':{'id':'MEK'},'beslutsutfall':{'id':5},"
       "'definitivt':true}}",
       "beslut MEK MEK .. lage=avslag, definitivt");
    /* Several periods: one each, the amount on the decision alone. */
    fk("omvardnadsbidragsarende",
       "{'beslut':{'forman':{'id':'OMV'},'fattades':'2026-01-05',"
       "'beslutatBruttobelopp':{'summa':6000,'valuta':'SEK'},'periodicitet':"
       "{'id':1},'periodbeslut':[{'period':{'fran':'2026-01','till':'2026-06'},"
       "'omfattning':{'taljare':1,'namnare':2},'utbetalningstyp':{'id':'L'}},"
       "{'period':{'fran':'2026-07'},'omfattning':{'taljare':1,'namnare':1},"
       "'utbetalningstyp':{'id':'F'}}]}}",
       "beslut OMV OMV .. den=2026-01-05 kr=6000.00 per=månad\n"
       "beslut OMV OMV 2026-01-01..2026-06-30 den=2026-01-05 %=50 "
       "lage=löpande\n"
       "beslut OMV OMV 2026-07-01.. den=2026-01-05 %=100 lage=ferier");
}

static void
test_how_often(void **state)
{
    (void)state;
    static const char *const words[] = {
        "", " per=månad", " per=kvartal", " per=halvår", " per=år", ""};
    for (int i = 0; i < 6; i++) {
        AUTO_BUF(item, 512);
        AUTO_BUF(want, 512);
        buf_addf(&item,
                 "{'beslut':[{'beslutatBruttobelopp':{'summa':100},"
                 "'periodicitet':{'id':%d}}]}",
                 i);
        buf_addf(&want, "beslut Barnbidrag - .. kr=100.00%s", words[i]);
        fk("barnbidragsarende", buf_str(&item), buf_str(&want));
    }
}

static void
test_beside_the_matters(void **state)
{
    (void)state;
    fk("sjukpenninggrundandeInkomstuppgift",
       "{'faststalldes':'2026-03-01','typ':{'id':0},'anstallning':{'summa':"
       "312000,'valuta':'SEK'},'verksamhet':{'summa':24000},'karens':7}",
       "arende SGI av anställning 0 .. den=2026-03-01 "
       "lage=anställning eller näringsverksamhet kr=312000.00 per=år\n"
       "arende SGI av näringsverksamhet 0 .. den=2026-03-01 "
       "lage=anställning eller näringsverksamhet kr=24000.00 per=år");
    fk("sjukpenninggrundandeInkomstuppgift",
       "{'faststalldes':'2026-03-01','typ':{'id':1}}",
       "arende Sjukpenninggrundande inkomst 1 .. den=2026-03-01 "
       "lage=studietid");
    fk("programanvisning",
       "{'period':{'fran':'2026-09-01','till':'2027-01-31'},'omfattning':"
       "{'taljare':1,'namnare':1},'program':{'id':54}}",
       "anvisning jobbgaranti för ungdomar 54 2026-09-01..2027-01-31 %=100");
    fk("levnadsintygsuppgift",
       "{'uppdaterades':'2026-05-04T10:11:12','status':{'id':5}}",
       "arende Levnadsintyg 5 .. den=2026-05-04 lage=förmånerna är spärrade");
    fk("underhallsskuld", "{'belopp':{'summa':4711,'valuta':'SEK'}}",
       "arende Underhållsskuld - .. kr=4711.00");
    fk("studiemedelsavisering",
       "{'typ':{'id':4},'period':{'fran':'2026-08','till':'2026-12'}}",
       "arende Uppgift om studiemedel 4 2026-08-01..2026-12-31 "
       "lage=utbetalning");
}

static void
test_data_that_is_no_right(void **state)
{
    (void)state;
    struct answer *a = answer_of(
        "'formansinformation':{'skatteuppgift':[{'skatteredovisningsnummer':"
        "'T1'}],'programjobdagar':[{'antalForbrukade':40}],'intjanandeuppgift':"
        "[{'ar':2025}]}");
    assert_null(a->of[SOURCE_FK].decisions);
    assert_int_equal(a->of[SOURCE_FK].count, 3);
    answer_free(&a);
}

static void
test_pm(void **state)
{
    (void)state;
    expect(SOURCE_PM,
           "'beslut':[{'beslutsid':'1','beslutsdatum':'2026-02-03',"
           "'formansgrupp':{'kod':'PM:EF','beskrivning':'Efterlevandeförmåner'"
           "},'beslutsstatus':{'kod':'INTERIMISTISKT'},'beslutsutfall':{'kod':"
           "'BIFALL'},'beslutadErsattning':[{'beslutatBelopp':{'belopp':2400,"
           "'beloppsfrekvens':{'kod':'AR','beskrivning':'Per år'}},'period':{"
           "'from':'2026-03-01'},'ersattningstyp':{'kod':'PM:SEP'},"
           "'omfattning':0.5},{'ersattningstyp':{'kod':'PM:QQQ','beskrivning':"
           "'Ny förmån'}}]}]",
           "beslut särskild efterlevandepension PM:SEP 2026-03-01.. "
           "den=2026-02-03 %=50 lage=interimistiskt, bifall kr=2400.00 per=år\n"
           "beslut Ny förmån PM:QQQ .. den=2026-02-03 "
           "lage=interimistiskt, bifall");
    expect(SOURCE_PM,
           "'ansprak':[{'ansprakid':'7','ankomstdatum':'2026-10-02',"
           "'formansgrupp':{'kod':'PM:BTI'},'yrkadPeriod':{'from':"
           "'2026-10-01'}}]",
           "ansokan bostads- och inkomststöd PM:BTI 2026-10-01.. "
           "den=2026-10-02 lage=inget beslut utan beslut");
    expect(SOURCE_PM,
           "'ovrigInformation':[{'informationstyp':{'kod':'PM:LINT'},"
           "'levnadsintyg':{'senastUppdaterad':'2026-06-01',"
           "'levnadsintygsstatus':{'kod':4}}}]",
           "arende Levnadsintyg 4 .. den=2026-06-01 "
           "lage=påminnelse är skickad");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_matter),
        cmocka_unit_test(test_days_and_extent),
        cmocka_unit_test(test_matters_without_decisions),
        cmocka_unit_test(test_periods_of_mek_and_omv),
        cmocka_unit_test(test_how_often),
        cmocka_unit_test(test_beside_the_matters),
        cmocka_unit_test(test_data_that_is_no_right),
        cmocka_unit_test(test_pm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
