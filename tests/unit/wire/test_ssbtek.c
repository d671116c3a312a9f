/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: our own samples give the payments, rows, decisions, facts, missing
 * parts and flags that stand in them; cut at any byte a sample gives no
 * answer at all, and split at any byte the same as whole; each fault of
 * envelope, transport and correlation gives its stated state. Leaves out: the
 * zero rule row by row (test_states).
 */
#include "config.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct payment *
payment_at(const struct answer *a, enum source_id s, int i)
{
    const struct payment *p = a->of[s].payments;
    while (p && i--)
        p = p->next;
    assert_non_null(p);
    return p;
}

static const struct decision *
decision_at(const struct answer *a, enum source_id s, int i)
{
    const struct decision *d = a->of[s].decisions;
    while (d && i--)
        d = d->next;
    assert_non_null(d);
    return d;
}

static void
is_money(struct money m, const char *want)
{
    char text[24];
    money_text(m, text);
    assert_string_equal(text, want);
}

static void
is_date(struct date d, const char *want)
{
    char text[11];
    date_text(d, text);
    assert_string_equal(text, want);
}

static const struct fact *
fact_at(const struct fact *f, const char *path)
{
    char name[128];
    while (f && *path) {
        size_t n = strcspn(path, "/");
        snprintf(name, sizeof name, "%.*s", (int)n, path);
        f = f->kind == FACT_LIST ? f->child : fact_get(f, name);
        path += n + (path[n] == '/');
    }
    return f;
}

static void
is_fact(const struct answer *a, enum source_id s, const char *path,
        const char *want)
{
    const struct fact *f = fact_at(a->of[s].facts, path);
    if (!f || f->kind != FACT_TEXT || strcmp(f->text, want) != 0)
        fail_msg("%s is %s, expected %s", path, f ? f->text : "missing", want);
}

static struct answer *
read_sample(const char *name, size_t step)
{
    struct question q = fixture_question();
    enum err_code code;
    size_t n;
    char *s = fixture_sample(name, &n);
    struct answer *a =
        fixture_read(&q, s, n, step ? step : n, 200, "text/xml", &code);
    assert_int_equal(code, ERR_OK);
    free(s);
    return a;
}

static void
test_af(void **state)
{
    (void)state;
    struct answer *a = read_sample("af.xml", 0);
    const struct source_answer *s = &a->of[SOURCE_AF];
    assert_int_equal(s->state, STATE_SVAR);
    assert_int_equal(s->confirmed, CONFIRMED_JA);
    assert_int_equal(s->count, 2);
    assert_false(s->shielded);
    const struct decision *d = decision_at(a, SOURCE_AF, 0);
    assert_string_equal(d->slag, "beslut");
    assert_string_equal(d->forman, "Aktivitetsstöd");
    assert_string_equal(d->omfattning, "100");
    is_date(d->till, "2027-01-29");
    is_fact(a, SOURCE_AF,
            "Svar/BeslutInfo/EkonomiskaBeslut/Beslut/0/ErsattningTyp",
            "Aktivitetsstöd");
    is_fact(a, SOURCE_AF, "Svar/ovrigt/Handlaggningskontor", "Sundby");
    is_fact(a, SOURCE_AF, "Fraga/NamnPaIngivare", "Sundby kommun");
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_SAKNAS);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_SAKNAS);
    answer_free(&a);
}

static void
test_csn(void **state)
{
    (void)state;
    struct answer *a = read_sample("csn.xml", 0);
    const struct source_answer *s = &a->of[SOURCE_CSN];
    assert_int_equal(s->state, STATE_SVAR);
    assert_int_equal(s->count, 6);
    const struct payment *p = payment_at(a, SOURCE_CSN, 0);
    is_date(p->date, "2026-08-25");
    assert_string_equal(p->forman, "Studiemedel");
    assert_string_equal(p->kod, "GRUND");
    assert_int_equal(p->state, PAYMENT_UTBETALD);
    is_money(p->netto, "4000.00");
    is_money(p->lan, "2614.00");
    is_money(p->brutto, "");
    assert_string_equal(p->fran, "2026-08-24"); /* Monday of week 35 */
    assert_string_equal(p->till, "2026-09-20"); /* Sunday of week 38 */
    assert_int_equal(p->marks, MARK_LAN);
    assert_false(p->rows->lan);
    assert_true(p->rows->next->lan);
    is_money(p->rows->next->belopp, "2614.00");
    assert_string_equal(p->rows->next->slag_kod, "GRUNDL");
    assert_int_equal(payment_at(a, SOURCE_CSN, 2)->state, PAYMENT_PLANERAD);
    p = payment_at(a, SOURCE_CSN, 3);
    assert_true(date_none(p->date));
    assert_null(p->fran);
    assert_int_equal(p->marks, MARK_NOLL);
    const struct decision *d = decision_at(a, SOURCE_CSN, 0);
    assert_string_equal(d->omfattning, "50");
    assert_string_equal(d->lage, "beslutat");
    is_date(d->till, "2027-01-03"); /* Sunday of week 53 */
    d = decision_at(a, SOURCE_CSN, 1);
    assert_string_equal(d->slag, "ansokan");
    assert_true(d->utan_beslut);
    is_date(d->fran, "2027-01-18");
    is_fact(a, SOURCE_CSN,
            "Personer/Person/0/Studiemedel/Arenden/Arende/0/UtbetalningsPlan/"
            "Utbetalning/0/Utbetaldatider/Utbetaldtid/0/startvecka",
            "202635");
    is_fact(a, SOURCE_CSN, "schemaVersion", "4.0");
    size_t n;
    char *inner = fixture_sample("csn-inre.xml", &n);
    assert_int_equal(s->raw_len, n);
    assert_memory_equal(s->raw, inner, n);
    free(inner);
    answer_free(&a);
}

static void
test_fk(void **state)
{
    (void)state;
    struct answer *a = read_sample("fk.xml", 0);
    const struct source_answer *s = &a->of[SOURCE_FK];
    assert_int_equal(s->state, STATE_DELSVAR);
    assert_int_equal(s->confirmed, CONFIRMED_JA);
    assert_string_equal(s->missing->kod, "FK:BOB");
    assert_string_equal(s->missing->namn, "Bostadsbidrag");
    assert_string_equal(s->missing->orsak, "INTERNT_FEL");
    assert_null(s->missing->next);
    const struct payment *p = payment_at(a, SOURCE_FK, 0);
    assert_string_equal(p->forman, "Sjukpenning");
    assert_int_equal(p->marks, MARK_NOLL | MARK_RETRO);
    p = payment_at(a, SOURCE_FK, 1);
    assert_string_equal(p->kod, "AS");
    assert_string_equal(p->betalare, "Försäkringskassan");
    is_money(p->netto, "1185.50");
    is_money(p->brutto, "1690.00");
    is_money(p->skatt, "405.00");
    is_money(p->avdrag, "505.00");
    assert_string_equal(p->fran, "2026-11-02"); /* span of its rows */
    assert_string_equal(p->till, "2026-11-06");
    assert_int_equal(p->marks, MARK_KVITTNING);
    const struct payment_row *r = p->rows;
    assert_string_equal(r->omfattning, "100");
    assert_string_equal(r->next->omfattning, "50");
    assert_string_equal(r->dagar, "3");
    r = r->next->next;
    assert_true(r->avdrag);
    assert_string_equal(r->slag, "preliminär skatt");
    assert_string_equal(r->next->slag, "kvittning");
    is_money(r->next->belopp, "100.00");
    assert_null(r->next->next);
    p = payment_at(a, SOURCE_FK, 2);
    assert_string_equal(p->fran, "2026-11");
    assert_int_equal(payment_at(a, SOURCE_FK, 3)->state, PAYMENT_PRELIMINAR);
    const struct decision *d = decision_at(a, SOURCE_FK, 0);
    assert_string_equal(d->forman, "Aktivitetsstöd");
    assert_string_equal(d->periodicitet, "månad");
    is_money(d->belopp, "7436.00");
    d = decision_at(a, SOURCE_FK, 1);
    assert_string_equal(d->slag, "ansokan");
    assert_string_equal(d->forman, "Föräldrapenning");
    assert_true(d->utan_beslut);
    d = decision_at(a, SOURCE_FK, 2); /* beslut is one object */
    assert_string_equal(d->forman, "Omvårdnadsbidrag");
    is_date(d->fran, "2026-02-01");
    d = decision_at(a, SOURCE_FK, 3);
    assert_string_equal(d->slag, "anvisning");
    is_fact(a, SOURCE_FK, "formansinformation/ovrigt/nyttFalt/varde",
            "framtid");
    answer_free(&a);
}

static void
test_pm(void **state)
{
    (void)state;
    struct answer *a = read_sample("fk.xml", 0);
    const struct source_answer *s = &a->of[SOURCE_PM];
    assert_int_equal(s->state, STATE_SVAR);
    assert_int_equal(s->confirmed, CONFIRMED_JA);
    const struct payment *p = payment_at(a, SOURCE_PM, 0);
    assert_null(p->next);
    assert_string_equal(p->forman, "Efterlevandepension, Bostadstillägg");
    assert_string_equal(p->kod, "PM:EP, PM:BTP");
    is_money(p->netto, "3700.00");
    is_money(p->skatt, "1035.00");
    is_money(p->avdrag, "1535.00"); /* whatever the sign it came with */
    assert_int_equal(p->marks, MARK_UTMATNING);
    const struct decision *d = decision_at(a, SOURCE_PM, 0);
    assert_string_equal(d->lage, "Slutligt, Bifall");
    assert_string_equal(d->periodicitet, "månad");
    d = decision_at(a, SOURCE_PM, 1);
    assert_string_equal(d->slag, "ansokan");
    assert_true(d->utan_beslut);
    is_fact(a, SOURCE_PM, "utbetalningar/0/nettobelopp", "3700");
    assert_null(fact_get(a->of[SOURCE_FK].facts, "utbetalningar"));
    answer_free(&a);
}

static void
test_skv_so_tns_miv(void **state)
{
    (void)state;
    struct answer *a = read_sample("alla.xml", 0);
    assert_int_equal(a->of[SOURCE_SKV].state, STATE_SVAR);
    assert_int_equal(a->of[SOURCE_SKV].count, 2);
    is_fact(a, SOURCE_SKV, "PersonuppgiftLista/Personuppgift/0/Fornamn",
            "Maj-Britt Åsa"); /* its own encoding no longer holds */
    assert_int_equal(a->of[SOURCE_SO].state, STATE_SVAR);
    const struct payment *p = payment_at(a, SOURCE_SO, 1);
    assert_string_equal(p->betalare, "A-kassa Exempel");
    is_money(p->netto, "4310.25");
    is_money(p->efter_skatt, "4810.50");
    is_money(p->avdrag, "500.25");
    is_money(p->skatt, "");
    assert_string_equal(p->dagar, "10");
    p = payment_at(a, SOURCE_SO, 0);
    is_date(p->date, "2026-10-16");
    is_money(p->netto, "4000.00");
    is_money(p->avdrag, "0.00");
    assert_int_equal(p->marks, 0);
    assert_string_equal(decision_at(a, SOURCE_SO, 0)->slag, "avstangning");
    assert_false(decision_at(a, SOURCE_SO, 1)->utan_beslut);
    assert_true(decision_at(a, SOURCE_SO, 2)->utan_beslut); /* nil */
    assert_int_equal(a->of[SOURCE_TNS].state, STATE_SVAR);
    assert_int_equal(a->of[SOURCE_TNS].confirmed, CONFIRMED_KAN_INTE_VISAS);
    is_fact(a, SOURCE_TNS, "fordonsinnehav/fordon/0/ovrigt/drivmedel",
            "bensin");
    assert_int_equal(a->of[SOURCE_MIV].state, STATE_SVAR);
    const struct decision *d = decision_at(a, SOURCE_MIV, 0);
    assert_string_equal(d->slag, "tillstand");
    assert_string_equal(d->lage, "Beviljad, tidsbegränsat");
    is_date(d->till, "2027-01-31");
    assert_true(decision_at(a, SOURCE_MIV, 1)->utan_beslut);
    answer_free(&a);
}

/* NettoEfterAvdrag missing: what there is is shown and marked, no deduction
 * is made up. */
static void
test_so_without_amount_after_deductions(void **state)
{
    (void)state;
    struct question q = fixture_question();
    struct answer *a =
        fixture_one(&q, SOURCE_SO,
                    "<ArbetsloshetsersattningLista xmlns='http://"
                    "INT014.UBPService.Schemas'><Arbetsloshetsersattning>"
                    "<Utbetalningar><NettoEfterSkatt>4000</NettoEfterSkatt>"
                    "</Utbetalningar></Arbetsloshetsersattning>"
                    "</ArbetsloshetsersattningLista>");
    const struct payment *p = payment_at(a, SOURCE_SO, 0);
    is_money(p->netto, "4000.00");
    is_money(p->avdrag, "");
    assert_int_equal(p->marks, MARK_EFTER_SKATT);
    assert_true(date_none(p->date));
    answer_free(&a);
}

static void
test_all_empty_is_zero(void **state)
{
    (void)state;
    struct answer *a = read_sample("tomt.xml", 0);
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (a->of[i].state != STATE_INGA_UPPGIFTER)
            fail_msg("%s is %s", source_row(i)->code,
                     state_row(a->of[i].state)->word);
    assert_true(answer_whole(a));
    answer_free(&a);
}

/* The whole answer as text, to compare two. */
static void
dump_fact(struct buf *b, const struct fact *f)
{
    for (; f; f = f->next) {
        buf_addf(b, "%s=%s(", f->name ? f->name : "", f->text ? f->text : "");
        dump_fact(b, f->child);
        buf_adds(b, ")");
    }
}

static void
dump(struct buf *b, const struct answer *a)
{
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const struct source_answer *s = &a->of[i];
        buf_addf(b, "%d %d %d\n", s->state, s->count, s->confirmed);
        for (const struct payment *p = s->payments; p; p = p->next)
            buf_addf(b, "%s %ld %u\n", p->forman, (long)p->netto.ore, p->marks);
        for (const struct decision *d = s->decisions; d; d = d->next)
            buf_addf(b, "%s %s\n", d->slag, d->forman);
        dump_fact(b, s->facts);
    }
}

static void
test_split_anywhere_is_the_same(void **state)
{
    (void)state;
    struct question q = fixture_question();
    size_t n;
    char *s = fixture_sample("alla.xml", &n);
    AUTO_BUF(whole, 1 << 20);
    struct answer *a = read_sample("alla.xml", 0);
    dump(&whole, a);
    answer_free(&a);
    for (size_t cut = 1; cut < n; cut += 1 + cut % 13) {
        AUTO_BUF(split, 1 << 20);
        struct err e;
        a = answer_new(&q);
        struct ssbtek_reader *r = ssbtek_reader_new(a, q.sources);
        assert_int_equal(ssbtek_feed(r, s, cut, &e), ERR_OK);
        assert_int_equal(ssbtek_feed(r, s + cut, n - cut, &e), ERR_OK);
        assert_int_equal(ssbtek_finish(r, 200, "text/xml", &e), ERR_OK);
        ssbtek_reader_free(&r);
        answer_sort(a);
        dump(&split, a);
        assert_string_equal(buf_str(&split), buf_str(&whole));
        answer_free(&a);
    }
    a = read_sample("alla.xml", 1);
    AUTO_BUF(bytes, 1 << 20);
    dump(&bytes, a);
    assert_string_equal(buf_str(&bytes), buf_str(&whole));
    answer_free(&a);
    free(s);
}

static void
all_are(const struct answer *a, enum source_state s, const char *felkod)
{
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (a->of[i].state != s)
            fail_msg("%s is %s", source_row(i)->code,
                     state_row(a->of[i].state)->word);
        assert_non_null(a->of[i].fault);
        assert_string_equal(a->of[i].fault->felkod, felkod);
        assert_null(a->of[i].facts);
    }
}

static void
test_cut_anywhere_is_no_answer(void **state)
{
    (void)state;
    static const char *const names[] = {"tomt.xml", "alla.xml"};
    struct question q = fixture_question();
    for (int k = 0; k < 2; k++) {
        size_t n;
        char *s = fixture_sample(names[k], &n);
        size_t whole = strstr(s, "</soap:Envelope>") - s + 16;
        for (size_t cut = 0; cut < whole; cut += k ? 5 : 1) {
            enum err_code code;
            struct answer *a =
                fixture_read(&q, s, cut, 4096, 200, "text/xml", &code);
            assert_int_equal(code, ERR_PROTOCOL);
            all_are(a, STATE_OLASLIGT, cut ? "xml" : "tomt_svar");
            answer_free(&a);
        }
        free(s);
    }
}

static void
test_faults(void **state)
{
    (void)state;
    struct question q = fixture_question();
    static const int statuses[] = {500, 200};
    for (int k = 0; k < 2; k++) {
        size_t n;
        enum err_code code;
        char *s = fixture_sample("fel.xml", &n);
        struct answer *a =
            fixture_read(&q, s, n, n, statuses[k], "text/xml", &code);
        assert_int_equal(code, ERR_PROTOCOL);
        all_are(a, STATE_FEL, "4711");
        const struct source_fault *f = a->of[SOURCE_PM].fault;
        assert_string_equal(f->kalla, "SSBT");
        assert_string_equal(f->texts->text, "Tjänsten är stängd");
        assert_string_equal(f->texts->next->text, "Försök senare");
        answer_free(&a);
        free(s);
        s = fixture_sample("fel-utan-detalj.xml", &n);
        a = fixture_read(&q, s, n, n, statuses[k], "text/xml", &code);
        all_are(a, STATE_FEL, "soap_fault");
        assert_string_equal(a->of[SOURCE_AF].fault->kalla, "ENFRAGA");
        assert_string_equal(a->of[SOURCE_AF].fault->texts->text,
                            "Internal error");
        answer_free(&a);
        free(s);
    }
}

static char *
replaced(const char *s, const char *from, const char *to)
{
    AUTO_BUF(b, 32 << 20);
    for (const char *p; (p = strstr(s, from)) != NULL; s = p + strlen(from)) {
        buf_add(&b, s, (size_t)(p - s));
        buf_adds(&b, to);
    }
    buf_adds(&b, s);
    return buf_take(&b);
}

static void
test_transport(void **state)
{
    (void)state;
    struct question q = fixture_question();
    size_t n;
    char *s = fixture_sample("alla.xml", &n);
    static const struct {
        const char *body;
        int status;
        const char *felkod;
        enum source_state state;
    } rows[] = {
        {"", 200, "tomt_svar", STATE_OLASLIGT},
        {" \r\n", 200, "tomt_svar", STATE_OLASLIGT},
        {"hej", 200, "xml", STATE_OLASLIGT},
        {"<html/>", 200, "soap", STATE_OLASLIGT},
        {"\x1f\x8b\x08", 200, "komprimerat", STATE_OLASLIGT},
        {"<html>Internal</html>", 500, "http_500", STATE_FEL},
        {"Busy", 503, "http_503", STATE_FEL},
        {"", 503, "http_503", STATE_FEL},
        {"<html/>", 403, "http_403", STATE_FEL},
        {"", 302, "http_302", STATE_FEL},
        {NULL, 500, "http_500", STATE_FEL},
        {"<!DOCTYPE x><x/>", 200, "xml", STATE_OLASLIGT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *body = rows[i].body ? rows[i].body : s;
        enum err_code code;
        struct answer *a = fixture_read(&q, body, strlen(body), 1000,
                                        rows[i].status, "text/html", &code);
        assert_int_equal(code, ERR_PROTOCOL);
        all_are(a, rows[i].state, rows[i].felkod);
        answer_free(&a);
    }
    free(s);
}

static void
test_correlation_and_contract(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        enum source_state state;
        const char *felkod;
    } rows[] = {
        {">k-1</s:korr", ">k-2</s:korr", STATE_FEL, "annat_korrelationsid"},
        {">k-1</s:korr", "></s:korr", STATE_FEL, "annat_korrelationsid"},
        {"ssbt/10", "ssbt/11", STATE_OLASLIGT, "annat_kontrakt"},
        {"s:svarsdata", "s:svarsdatan", STATE_OLASLIGT, "svarsdata_saknas"},
        {"soap:Body", "soap:Bodyn", STATE_OLASLIGT, "soap"},
    };
    struct question q = fixture_question();
    size_t n;
    char *s = fixture_sample("alla.xml", &n);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum err_code code;
        char *t = replaced(s, rows[i].from, rows[i].to);
        struct answer *a =
            fixture_read(&q, t, strlen(t), 1000, 200, NULL, &code);
        assert_int_equal(code, ERR_PROTOCOL);
        all_are(a, rows[i].state, rows[i].felkod);
        answer_free(&a);
        free(t);
    }
    char *t = replaced(s, "<s:korrelationsid>k-1</s:korrelationsid>", "");
    struct answer *a = fixture_answer(t);
    assert_int_equal(a->of[SOURCE_AF].state, STATE_SVAR);
    assert_non_null(a->of[SOURCE_AF].remarks);
    answer_free(&a);
    free(t);
    free(s);
}

/* Right content in the wrong wrapping: taken, and said (FORMATS). */
static void
test_tolerated(void **state)
{
    (void)state;
    struct question q = fixture_question();
    size_t n;
    char *s = fixture_sample("alla.xml", &n);
    struct answer *a = fixture_read(&q, s, n, n, 200, "application/json", NULL);
    assert_int_equal(a->of[SOURCE_AF].state, STATE_SVAR);
    assert_non_null(a->of[SOURCE_AF].remarks);
    answer_free(&a);
    char *t = replaced(s, "http://schemas.xmlsoap.org/soap/envelope/",
                       "http://www.w3.org/2003/05/soap-envelope");
    a = fixture_answer(t);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_SVAR);
    assert_non_null(a->of[SOURCE_PM].remarks);
    answer_free(&a);
    free(t);
    free(s);
}

static void
test_authority_error_and_twice(void **state)
{
    (void)state;
    struct question q = fixture_question();
    static const char error[] =
        "<s:FK><s:error><s:kalla>BT</s:kalla><s:felkod>E1</s:felkod>"
        "<s:felmeddelande>ett</s:felmeddelande><s:felmeddelande>tv\xc3\xa5"
        "</s:felmeddelande></s:error></s:FK><s:AF/><s:SO><s:data/>"
        "<s:error/></s:SO><s:TNS><s:data><x/></s:data></s:TNS>"
        "<s:TNS><s:data><x/></s:data></s:TNS>";
    AUTO_BUF(b, 8192);
    fixture_envelope(&b, error);
    struct answer *a =
        fixture_read(&q, b.data, b.len, b.len, 200, "text/xml", NULL);
    assert_int_equal(a->of[SOURCE_FK].state, STATE_FEL);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_FEL);
    assert_string_equal(a->of[SOURCE_PM].fault->kalla, "BT");
    assert_string_equal(a->of[SOURCE_PM].fault->felkod, "E1");
    assert_string_equal(a->of[SOURCE_PM].fault->texts->next->text, "två");
    assert_int_equal(a->of[SOURCE_AF].state, STATE_SAKNAS);
    assert_int_equal(a->of[SOURCE_SO].state, STATE_OLASLIGT);
    assert_int_equal(a->of[SOURCE_TNS].state, STATE_OLASLIGT);
    answer_free(&a);
}

static void
test_shielded(void **state)
{
    (void)state;
    size_t n;
    char *s = fixture_sample("csn-inre-tom.xml", &n);
    char *t = replaced(s, "sekretess=\"  \"", "sekretess=\"S1\"");
    struct question q = fixture_question();
    struct answer *a = fixture_one(&q, SOURCE_CSN, t);
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_INGA_UPPGIFTER);
    assert_true(a->of[SOURCE_CSN].shielded);
    assert_string_equal(a->of[SOURCE_CSN].flag, "S1");
    answer_free(&a);
    free(t);
    free(s);
    s = fixture_sample("lefi-inre-tom.json", &n);
    t = replaced(s, "false", "true"); /* GEPI as one object */
    a = fixture_one(&q, SOURCE_FK, t);
    assert_int_equal(a->of[SOURCE_FK].state, STATE_INGA_UPPGIFTER);
    assert_true(a->of[SOURCE_FK].shielded);
    answer_free(&a);
    free(t);
    free(s);
    s = fixture_sample("af.xml", &n);
    t = replaced(s, "markering>false", "markering>1");
    a = fixture_answer(t);
    assert_true(a->of[SOURCE_AF].shielded);
    assert_true(answer_shielded(a));
    answer_free(&a);
    free(t);
    free(s);
}

static void
test_text_is_cleaned(void **state)
{
    (void)state;
    struct question q = fixture_question();
    struct answer *a = fixture_one(
        &q, SOURCE_FK,
        "{\"utlamnare\":[{\"utlamnare\":{\"kod\":\"FK\"},\"tillstand\":{"
        "\"kod\":\"OK\"}}],\"formansinformation\":{\"utbetalningsuppgift\":[{"
        "\"formansfamilj\":{\"beskrivning\":\"\\u001b[2JBarn\\u202e\"},"
        "\"datum\":\"x\",\"nettobelopp\":{\"summa\":1.005}}]}}");
    const struct payment *p = payment_at(a, SOURCE_FK, 0);
    assert_string_equal(p->forman, "<U+001B>[2JBarn<U+202E>");
    assert_int_equal(p->marks, MARK_BELOPP_OLASLIGT | MARK_DATUM_OLASLIGT);
    assert_false(p->netto.given);
    assert_int_equal(a->of[SOURCE_FK].state, STATE_DELSVAR);
    is_fact(a, SOURCE_FK,
            "formansinformation/utbetalningsuppgift/0/nettobelopp/summa",
            "1.005");
    answer_free(&a);
}

/* One source over its ceiling is lost alone; the others stay. */
static void
test_one_too_big(void **state)
{
    (void)state;
    size_t n;
    char *s = fixture_sample("alla.xml", &n);
    char *big = malloc((2 << 20) + 32);
    int head = snprintf(big, 32, "<s:lefiJsonSvar>");
    memset(big + head, 'A', 2 << 20);
    big[head + (2 << 20)] = '\0';
    char *t = replaced(s, "<s:lefiJsonSvar>", big);
    struct answer *a = fixture_answer(t);
    assert_int_equal(a->of[SOURCE_FK].state, STATE_FEL);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_FEL);
    assert_string_equal(a->of[SOURCE_FK].fault->felkod, "for_stort");
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_SVAR);
    assert_int_equal(a->of[SOURCE_MIV].state, STATE_SVAR);
    answer_free(&a);
    free(t);
    free(big);
    free(s);
}

static void
test_failed_marks_the_waiting(void **state)
{
    (void)state;
    struct question q = fixture_question();
    struct answer *a = answer_new(&q);
    ssbtek_failed(a, SOURCE_BIT(SOURCE_FK) | SOURCE_BIT(SOURCE_AF),
                  STATE_TIDSGRANS, "tidsgrans", "efter 30 s");
    assert_int_equal(a->of[SOURCE_FK].state, STATE_TIDSGRANS);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_TIDSGRANS);
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_VANTAR);
    assert_string_equal(a->of[SOURCE_AF].fault->kalla, "ENFRAGA");
    assert_string_equal(a->of[SOURCE_AF].fault->texts->text, "efter 30 s");
    answer_free(&a);
}

static void
test_probe(void **state)
{
    (void)state;
    enum probe_state of[SOURCE_COUNT];
    struct err e;
    size_t n;
    char *s = fixture_sample("prov.xml", &n);
    assert_int_equal(ssbtek_probe_read(of, s, n, &e), ERR_OK);
    assert_int_equal(of[SOURCE_AF], PROBE_KLAR);
    assert_int_equal(of[SOURCE_CSN], PROBE_FEL);
    assert_int_equal(of[SOURCE_PM], PROBE_KLAR);
    assert_int_equal(of[SOURCE_SKV], PROBE_PROVAS_INTE);
    assert_int_equal(of[SOURCE_TNS], PROBE_PROVAS_INTE);
    assert_int_equal(ssbtek_probe_read(of, s, n - 20, &e), ERR_PROTOCOL);
    assert_int_equal(of[SOURCE_AF], PROBE_OKAND);
    free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_af),
        cmocka_unit_test(test_csn),
        cmocka_unit_test(test_fk),
        cmocka_unit_test(test_pm),
        cmocka_unit_test(test_skv_so_tns_miv),
        cmocka_unit_test(test_so_without_amount_after_deductions),
        cmocka_unit_test(test_all_empty_is_zero),
        cmocka_unit_test(test_split_anywhere_is_the_same),
        cmocka_unit_test(test_cut_anywhere_is_no_answer),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_transport),
        cmocka_unit_test(test_correlation_and_contract),
        cmocka_unit_test(test_tolerated),
        cmocka_unit_test(test_authority_error_and_twice),
        cmocka_unit_test(test_shielded),
        cmocka_unit_test(test_text_is_cleaned),
        cmocka_unit_test(test_one_too_big),
        cmocka_unit_test(test_failed_marks_the_waiting),
        cmocka_unit_test(test_probe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
