/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/lib/answers.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

static struct date
day(const char *s)
{
    struct date d = {0};
    date_read(&d, s);
    return d;
}

static struct question
question(void)
{
    struct question q = {.id = "7c1e4410-0b1c-4d5e-8f60-718293a4b5c6",
                         .arende = "EK-2026-00417",
                         .person.digits = "198503129804",
                         .roll = ROLL_SOKANDE,
                         .syfte = SYFTE_FORTSATT,
                         .month = {2026, 11}};
    q.period = period_of_application(q.month);
    q.csn = period_term(q.period);
    q.sources = SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_CSN) |
                SOURCE_BIT(SOURCE_FK) | SOURCE_BIT(SOURCE_SKV) |
                SOURCE_BIT(SOURCE_SO);
    question_preset_lefi(&q);
    q.asked_ms = clock_parse("2026-11-24T14:32:07+01:00");
    return q;
}

static void
state(struct answer *a, enum source_id s, enum source_state st, int ms, int n)
{
    a->of[s].state = st;
    a->of[s].time_ms = ms;
    a->of[s].count = n;
    a->of[s].confirmed = CONFIRMED_JA;
    a->of[s].unshielded = true;
    a->of[s].loggpost = a->loggpost;
    a->of[s].asked_ms = a->question.asked_ms;
}

static struct payment *
pay(struct answer *a, enum source_id s, const char *date, const char *forman,
    const char *betalare, const char *kod, enum payment_state st,
    const int kronor[4], const char *fran, const char *till)
{
    struct payment *p = arena_alloc(a->arena, sizeof *p);
    *p = (struct payment){.next = a->of[s].payments,
                          .source = s,
                          .date = day(date),
                          .betalare = betalare,
                          .forman = forman,
                          .kod = kod,
                          .state = st,
                          .netto = money_kronor(kronor[0]),
                          .fran = fran,
                          .till = till};
    if (s == SOURCE_SO) {
        p->efter_skatt = money_kronor(kronor[1]);
    } else {
        p->brutto = money_kronor(kronor[1]);
        p->skatt = money_kronor(kronor[2]);
        p->avdrag = money_kronor(kronor[3]);
    }
    a->of[s].payments = p;
    return p;
}

static void
decide(struct answer *a, enum source_id s, const char *slag, const char *forman,
       const char *fran, const char *till, const char *percent,
       const char *lage)
{
    struct decision *d = arena_alloc(a->arena, sizeof *d);
    *d = (struct decision){.next = a->of[s].decisions,
                           .source = s,
                           .slag = slag,
                           .forman = forman,
                           .fran = day(fran),
                           .till = day(till),
                           .omfattning = percent,
                           .lage = lage};
    if (!strcmp(slag, "ansokan")) {
        d->datum = d->fran;
        d->fran = (struct date){0};
        d->utan_beslut = true;
    }
    a->of[s].decisions = d;
}

static struct fact *
say(struct answer *a, struct fact *in, const char *name, const char *text)
{
    struct fact *f = fact_new(a->arena, FACT_TEXT, name, text);
    fact_add(in, f);
    return f;
}

static struct fact *
within(struct answer *a, struct fact *in, const char *name, enum fact_kind k)
{
    struct fact *f = fact_new(a->arena, k, name, NULL);
    if (in)
        fact_add(in, f);
    return f;
}

static void
rich_fk(struct answer *a)
{
    static const char fk[] = "Försäkringskassan";
    enum source_id s = SOURCE_FK;
    struct source_answer *of = &a->of[s];
    state(a, s, STATE_DELSVAR, 3100, 9);
    struct missing *m = arena_alloc(a->arena, sizeof *m);
    *m = (struct missing){
        .kod = "FK:BOB", .namn = "Bostadsbidrag", .orsak = "INTERNT_FEL"};
    of->missing = m;
    pay(a, s, "2026-09-18", "Barnbidrag", fk, "ABB", PAYMENT_UTBETALD,
        (int[]){2650, 2650, 0, 0}, "2026-09", "2026-09");
    pay(a, s, "2026-09-25", "Sjukpenning", fk, "SJP", PAYMENT_UTBETALD,
        (int[]){4920, 7030, 2110, 2110}, "2026-09-01", "2026-09-15");
    pay(a, s, "2026-10-20", "Barnbidrag", fk, "ABB", PAYMENT_UTBETALD,
        (int[]){2650, 2650, 0, 0}, "2026-10", "2026-10");
    struct payment *p =
        pay(a, s, "2026-11-13", "Aktivitetsstöd", fk, "AS", PAYMENT_UTBETALD,
            (int[]){1185, 1690, 405, 505}, "2026-11-02", "2026-11-06");
    p->marks = MARK_KVITTNING;
    struct payment_row *r = arena_alloc(a->arena, sizeof *r);
    struct payment_row *off = arena_alloc(a->arena, sizeof *off);
    *off = (struct payment_row){.slag = "Kvittning",
                                .slag_kod = "KVI",
                                .belopp = money_kronor(100),
                                .avdrag = true};
    *r = (struct payment_row){.next = off,
                              .forman = "Aktivitetsstöd",
                              .kod = "AS",
                              .belopp = money_kronor(1690),
                              .fran = "2026-11-02",
                              .till = "2026-11-06",
                              .omfattning = "100",
                              .dagar = "5"};
    p->rows = r;
    pay(a, s, "2026-11-20", "Barnbidrag", fk, "ABB", PAYMENT_UTBETALD,
        (int[]){2650, 2650, 0, 0}, "2026-11", "2026-11");
    pay(a, s, "2026-12-18", "Barnbidrag", fk, "ABB", PAYMENT_PRELIMINAR,
        (int[]){2650, 2650, 0, 0}, "2026-12", "2026-12");
    decide(a, s, "beslut", "Sjukpenning", "2026-07-14", "2026-09-15", "50",
           "avslutat");
    decide(a, s, "ansokan", "Föräldrapenning", "2026-11-12", "", NULL, NULL);
    decide(a, s, "beslut", "Aktivitetsstöd", "2026-11-02", "2027-01-29", "100",
           "beslutat");
    struct fact *root = within(a, NULL, NULL, FACT_OBJECT);
    struct fact *person =
        within(a, within(a, root, "generellPersoninformation", FACT_LIST), NULL,
               FACT_OBJECT);
    say(a, person, "fornamn", "Maj-Britt");
    struct fact *adress =
        within(a, within(a, person, "adress", FACT_LIST), NULL, FACT_OBJECT);
    say(a, adress, "postort", "Sundby");
    say(a, adress, "postnummer", "99999");
    say(a, person, "civilstand", "Gift");
    say(a, root, "ovrigt", "något nytt");
    of->facts = root;
}

struct answer *
answers_rich(void)
{
    struct question q = question();
    struct answer *a = answer_new(&q);
    a->lage = "test";
    a->kontrakt = "v10";
    a->loggpost = 20418;
    state(a, SOURCE_AF, STATE_SVAR, 1200, 1);
    decide(a, SOURCE_AF, "beslut", "Aktivitetsstöd", "2026-11-02", "2027-01-29",
           "100", NULL);
    struct fact *af = within(a, NULL, NULL, FACT_OBJECT);
    struct fact *info = within(a, af, "ArbetssokandeInfo", FACT_OBJECT);
    say(a, info, "Arbetssokande", "true");
    say(a, info, "ArbetssokandeRegistrerad", "2026-09-21");
    say(a, info, "ArbetssokandeOmfattning", "100");
    say(a, af, "Akassetillhorighet", "A-kassa Exempel");
    a->of[SOURCE_AF].facts = af;
    state(a, SOURCE_CSN, STATE_INGA_UPPGIFTER, 800, 0);
    rich_fk(a);
    state(a, SOURCE_PM, STATE_INGA_UPPGIFTER, 3100, 0);
    state(a, SOURCE_SKV, STATE_TIDSGRANS, 30000, 0);
    a->of[SOURCE_SKV].confirmed = CONFIRMED_KAN_INTE_VISAS;
    static const char kassa[] = "A-kassa Exempel";
    static const char form[] = "Arbetslöshetsersättning";
    state(a, SOURCE_SO, STATE_SVAR, 1900, 3);
    pay(a, SOURCE_SO, "2026-10-16", form, kassa, NULL, PAYMENT_UTBETALD,
        (int[]){4310, 4310, 0, 0}, "2026-09-28", "2026-10-09")
        ->dagar = "10";
    pay(a, SOURCE_SO, "2026-10-30", form, kassa, NULL, PAYMENT_UTBETALD,
        (int[]){4310, 4310, 0, 0}, "2026-10-12", "2026-10-23")
        ->dagar = "10";
    pay(a, SOURCE_SO, "2026-11-13", form, kassa, NULL, PAYMENT_UTBETALD,
        (int[]){4310, 4310, 0, 0}, "2026-10-26", "2026-11-06")
        ->dagar = "10";
    answer_sort(a);
    return a;
}

/* ---- any answer ------------------------------------------------------- */

static unsigned
roll(unsigned *seed, unsigned n)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % n;
}

static const char *
any_text(unsigned *seed)
{
    static const char *const texts[] = {
        "",        "Barnbidrag",         "a\"b\\c",       "åäö Ÿ 漢字",
        "rad\nny", "\x01\x1b[31m\x7f",   "Sjukpenning",   "é",
        "50",      "Aktivitetsstöd 100", "</script>,:{}", "𝄞"};
    return texts[roll(seed, sizeof texts / sizeof *texts)];
}

static const char *
maybe_text(unsigned *seed)
{
    return roll(seed, 2) ? any_text(seed) : NULL;
}

static struct money
any_money(unsigned *seed)
{
    int64_t ore = (int64_t)roll(seed, 4000000) - 1000000;
    if (!roll(seed, 8))
        ore = MONEY_MAX_ORE - (int64_t)roll(seed, 10);
    return roll(seed, 3) ? (struct money){.ore = ore, .given = true}
                         : MONEY_NONE;
}

static struct date
any_date(unsigned *seed)
{
    struct date d = {(int16_t)(2025 + roll(seed, 3)),
                     (int8_t)(1 + roll(seed, 12)),
                     (int8_t)(1 + roll(seed, 28))};
    return roll(seed, 5) ? d : (struct date){0};
}

static struct fact *
any_fact(struct answer *a, unsigned *seed, const char *name, int depth)
{
    static const char *const names[] = {"a", "Forman", "kod åäö", "x\"y",
                                        "postort"};
    enum fact_kind k = depth > 4 ? FACT_TEXT : roll(seed, 3);
    struct fact *f =
        fact_new(a->arena, k, name, k == FACT_TEXT ? any_text(seed) : NULL);
    for (unsigned i = 0, n = roll(seed, 4); k != FACT_TEXT && i < n; i++)
        fact_add(
            f, any_fact(a, seed, k == FACT_LIST ? NULL : names[i], depth + 1));
    return f;
}

static void
any_source(struct answer *a, unsigned *seed, enum source_id s)
{
    struct source_answer *of = &a->of[s];
    state(a, s, 1 + roll(seed, STATE_COUNT - 1), (int)roll(seed, 40000) - 1,
          (int)roll(seed, 100));
    of->confirmed = roll(seed, 3);
    if (roll(seed, 2)) {
        of->fault = arena_alloc(a->arena, sizeof *of->fault);
        of->fault->kalla = "SSBT";
        of->fault->felkod = any_text(seed);
        texts_add(a->arena, &of->fault->texts, any_text(seed));
    }
    for (unsigned i = roll(seed, 3); i; i--)
        texts_add(a->arena, &of->remarks, any_text(seed));
    if (roll(seed, 2)) {
        of->missing = arena_alloc(a->arena, sizeof *of->missing);
        *of->missing = (struct missing){
            .kod = "FK:BOB", .namn = any_text(seed), .orsak = any_text(seed)};
    }
    of->shielded = !roll(seed, 6);
    of->unshielded = !of->shielded && roll(seed, 3);
    of->flag = of->shielded ? any_text(seed) : NULL;
    if (roll(seed, 2)) {
        of->facts = fact_new(a->arena, FACT_OBJECT, NULL, NULL);
        fact_add(of->facts, any_fact(a, seed, "Svar", 0));
    }
    of->raw = roll(seed, 2)   ? any_text(seed)
              : roll(seed, 2) ? "\xff\xfe"
                              : NULL;
    of->raw_len = of->raw ? strlen(of->raw) : 0;
    for (unsigned i = roll(seed, 5); i; i--) {
        struct payment *p = arena_alloc(a->arena, sizeof *p);
        *p = (struct payment){.next = of->payments,
                              .source = s,
                              .date = any_date(seed),
                              .betalare = any_text(seed),
                              .forman = any_text(seed),
                              .kod = maybe_text(seed),
                              .state = roll(seed, PAYMENT_STATE_COUNT),
                              .netto = any_money(seed),
                              .brutto = any_money(seed),
                              .skatt = any_money(seed),
                              .avdrag = any_money(seed),
                              .efter_skatt = any_money(seed),
                              .lan = any_money(seed),
                              .fran = roll(seed, 2) ? "2026-10" : NULL,
                              .till = roll(seed, 2) ? "2026-10-31" : NULL,
                              .dagar = maybe_text(seed),
                              .marks = roll(seed, MARK_LAST << 1)};
        for (unsigned k = roll(seed, 3); k; k--) {
            struct payment_row *r = arena_alloc(a->arena, sizeof *r);
            *r = (struct payment_row){.next = p->rows,
                                      .forman = maybe_text(seed),
                                      .slag = maybe_text(seed),
                                      .slag_kod = maybe_text(seed),
                                      .belopp = any_money(seed),
                                      .omfattning = maybe_text(seed),
                                      .avdrag = roll(seed, 2),
                                      .lan = roll(seed, 2)};
            p->rows = r;
        }
        of->payments = p;
    }
    for (unsigned i = roll(seed, 3); i; i--) {
        struct decision *d = arena_alloc(a->arena, sizeof *d);
        *d = (struct decision){.next = of->decisions,
                               .source = s,
                               .slag = roll(seed, 2) ? "beslut" : "ansokan",
                               .forman = any_text(seed),
                               .kod = maybe_text(seed),
                               .fran = any_date(seed),
                               .till = any_date(seed),
                               .datum = any_date(seed),
                               .omfattning = maybe_text(seed),
                               .dagar = maybe_text(seed),
                               .lage = maybe_text(seed),
                               .utan_beslut = roll(seed, 2)};
        d->belopp = any_money(seed);
        d->periodicitet = d->belopp.given ? maybe_text(seed) : NULL;
        of->decisions = d;
    }
}

struct answer *
answers_any(unsigned seed)
{
    struct question q = question();
    struct answer *a = answer_new(&q);
    a->lage = "test";
    a->kontrakt = "v10";
    a->loggpost = 1 + roll(&seed, 100000);
    source_set asked = answer_asked(&q);
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (asked & SOURCE_BIT(s))
            any_source(a, &seed, (enum source_id)s);
    if (!roll(&seed, 3)) { /* one part from a retry */
        a->of[SOURCE_SO].loggpost = a->loggpost + 7;
        a->of[SOURCE_SO].asked_ms += 600000;
    }
    answer_sort(a);
    return a;
}
