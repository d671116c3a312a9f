/* SPDX-License-Identifier: EUPL-1.2
 *
 * Checks of decisions and facts: ANSOKT, AVSTANGD, FORDON, KAPITAL,
 * TILLSTAND, AVLIDEN, NAMN. A source that did not answer gives none. No text
 * holds a name or an address.
 */
#include "config.h"

#include "domain/overview.h"

#include "base/text.h"
#include "domain/picture.h"

#include <string.h>

struct view {
    struct overview *o;
    const struct answer *a;
    int person;
    struct date today;
};

static const struct source_answer *
came(const struct view *v, enum source_id id)
{
    const struct source_answer *s = &v->a->of[id];
    return state_row(s->state)->came ? s : NULL;
}

/* The first descendant of that name, depth first. */
static const struct fact *
find(const struct fact *f, const char *name)
{
    for (const struct fact *c = f ? f->child : NULL; c; c = c->next) {
        if (c->name && !strcmp(c->name, name))
            return c;
        const struct fact *deep = find(c, name);
        if (deep)
            return deep;
    }
    return NULL;
}

/* A thing that comes once or as a list: its first one, and the next. */
static const struct fact *
first_of(const struct fact *f)
{
    return f && f->kind == FACT_LIST ? f->child : f;
}

static const struct fact *
next_of(const struct fact *list, const struct fact *one)
{
    return list != one ? one->next : NULL;
}

static void
decided(struct view *v, const struct decision *d)
{
    AUTO_BUF(text, CHECK_TEXT_MAX);
    struct check c = {.person = v->person,
                      .sources = SOURCE_BIT(d->source),
                      .from = d->datum,
                      .forman = d->forman};
    if (!strcmp(d->slag, "avstangning")) {
        c.kind = CHECK_AVSTANGD;
        c.from = d->fran;
        c.to = d->till;
        bool fund = d->source == SOURCE_SO && d->lage;
        buf_addf(&text, "%s: avstängd ", fund ? d->lage : d->forman);
        check_days(&text, v->o, v->person, d->fran, d->till);
    } else if (d->utan_beslut) {
        c.kind = CHECK_ANSOKT;
        buf_addf(&text, "%s ", d->forman);
        buf_adds(&text, date_none(d->datum) ? "är sökt" : "söktes ");
        check_days(&text, v->o, v->person, d->datum, d->datum);
        buf_adds(&text, ", inget beslut än");
    } else {
        return;
    }
    check_add(v->o, c, buf_str(&text), NULL);
}

static void
vehicles(struct view *v)
{
    const struct source_answer *s = came(v, SOURCE_TNS);
    const struct fact *list = s ? find(s->facts, "fordon") : NULL;
    int n = 0;
    AUTO_BUF(names, CHECK_TEXT_MAX);
    AUTO_BUF(text, CHECK_TEXT_MAX);
    if (!s)
        return;
    for (const struct fact *f = first_of(list); f; f = next_of(list, f)) {
        static const char *const shown[] = {"regnr", "fabrikat",
                                            "handelsbeteckning", "fordonsar"};
        buf_adds(&names, n++ ? "; " : ": ");
        for (size_t i = 0, any = 0; i < sizeof shown / sizeof *shown; i++) {
            const char *t = fact_text(f, shown[i]);
            if (t && *t)
                buf_addf(&names, "%s%s", any++ ? " " : "", t);
        }
    }
    if (n == 0)
        n = s->state == STATE_SVAR ? s->count : 0;
    if (n <= 0)
        return;
    buf_addf(&text, "%d fordon i svaret%s", n,
             names.full ? "" : buf_str(&names));
    check_add(v->o,
              (struct check){.kind = CHECK_FORDON,
                             .person = v->person,
                             .sources = SOURCE_BIT(SOURCE_TNS)},
              buf_str(&text), NULL);
}

/* One Kapitaluppgift with an amount that is not zero. */
static void
capital(struct view *v, const struct fact *k)
{
    static const struct {
        const char *name, *word;
    } amounts[] = {{"SummaIntakterPaKapital", "intäkter"},
                   {"OverskottPaKapital", "överskott"},
                   {"UnderskottPaKapital", "underskott"}};
    const char *year = fact_text(k, "Taxeringsar");
    bool any = false;
    AUTO_BUF(text, CHECK_TEXT_MAX);
    buf_addf(&text, "Kapital%s%s", year ? ", taxeringsår " : "",
             year ? year : "");
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        const char *t = fact_text(k, amounts[i].name);
        struct money m;
        if (!t || !money_read(&m, t) || m.ore == 0)
            continue;
        buf_addf(&text, "%s %s ", any ? "," : ":", amounts[i].word);
        check_kronor(&text, m, false);
        any = true;
    }
    if (any)
        check_add(v->o,
                  (struct check){.kind = CHECK_KAPITAL,
                                 .person = v->person,
                                 .sources = SOURCE_BIT(SOURCE_SKV)},
                  buf_str(&text), NULL);
}

static void
capitals(struct view *v, const struct fact *f)
{
    for (const struct fact *c = f ? f->child : NULL; c; c = c->next) {
        if (c->name && !strcmp(c->name, "Kapitaluppgift"))
            for (const struct fact *k = first_of(c); k; k = next_of(c, k))
                capital(v, k);
        else
            capitals(v, c);
    }
}

/* The permit that lasts longest, if it ends within the limit. Never "saknar
 * tillstånd": what is not in the answer is not known. */
static void
permit(struct view *v)
{
    const struct source_answer *s = came(v, SOURCE_MIV);
    const struct decision *last = NULL;
    for (const struct decision *d = s ? s->decisions : NULL; d; d = d->next) {
        if (strcmp(d->slag, "tillstand") != 0)
            continue;
        if (date_none(d->till)) {
            if (d->lage && strstr(d->lage, "permanent"))
                return; /* without an end */
        } else if (!last || date_compare(d->till, last->till) > 0) {
            last = d;
        }
    }
    if (!last)
        return;
    int64_t left = date_days(last->till) - date_days(v->today);
    if (left > rules_limit(v->o->rules, RULE_TILLSTAND_DAYS))
        return;
    char day[11];
    AUTO_BUF(text, CHECK_TEXT_MAX);
    date_text(last->till, day);
    if (left < 0)
        buf_addf(&text, "Tillståndet i svaret gällde till %s", day);
    else
        buf_addf(&text, "Tillståndet i svaret går ut %s, om %d dagar", day,
                 (int)left);
    check_add(v->o,
              (struct check){.kind = CHECK_TILLSTAND,
                             .person = v->person,
                             .sources = SOURCE_BIT(SOURCE_MIV),
                             .to = last->till,
                             .forman = last->forman},
              buf_str(&text), "till");
}

/* --- who the person is --- */

static const struct fact *
gepi(const struct view *v)
{
    const struct source_answer *fk = came(v, SOURCE_FK);
    return first_of(fk ? find(fk->facts, "generellPersoninformation") : NULL);
}

static void
deceased(struct view *v)
{
    const char *day = fact_text(gepi(v), "avled");
    struct date d = {0};
    if (!day || !*day)
        return;
    date_read(&d, day);
    AUTO_BUF(text, CHECK_TEXT_MAX);
    buf_addf(&text, "Enligt Försäkringskassan har personen avlidit%s%s",
             date_ok(d) ? " " : "", date_ok(d) ? day : "");
    check_add(v->o,
              (struct check){.kind = CHECK_AVLIDEN,
                             .person = v->person,
                             .sources = SOURCE_BIT(SOURCE_FK),
                             .from = d},
              buf_str(&text), NULL);
}

/* The source's words for the person's name, folded, one space between and at
 * both ends; NULL where it gives none. */
static const char *
name_of(struct view *v, enum source_id id)
{
    const struct source_answer *s = came(v, id);
    const char *first = NULL, *last = NULL;
    if (s && id == SOURCE_FK) {
        last = fact_text(gepi(v), "namn");
    } else if (s) {
        const struct fact *f = find(s->facts, "Fornamn");
        const struct fact *l = find(s->facts, "Efternamn");
        f = f ? f : find(s->facts, "fornamn");
        l = l ? l : find(s->facts, "efternamn");
        first = f && f->kind == FACT_TEXT ? f->text : NULL;
        last = l && l->kind == FACT_TEXT ? l->text : NULL;
    }
    if (!last || !last[strspn(last, " ")])
        return NULL;
    char *all = arena_printf(v->o->arena, " %s %s ", first ? first : "", last);
    for (char *c = all; *c; c++)
        if (*c == ',')
            *c = ' ';
    return text_fold(v->o->arena, all);
}

/* Every word of a is among b's. */
static bool
within(const char *a, const char *b)
{
    while (*(a += strspn(a, " "))) {
        size_t n = strcspn(a, " ");
        const char *at = b;
        for (;; at++) {
            at += strspn(at, " ");
            if (strcspn(at, " ") == n && !strncmp(at, a, n))
                break;
            at += strcspn(at, " ");
            if (!*at)
                return false;
        }
        a += n;
    }
    return true;
}

static void
names(struct view *v)
{
    static const enum source_id say[] = {SOURCE_AF, SOURCE_FK, SOURCE_SKV,
                                         SOURCE_MIV};
    enum { SAY = sizeof say / sizeof *say };
    const char *name[SAY];
    for (int i = 0; i < SAY; i++)
        name[i] = name_of(v, say[i]);
    for (int i = 0; i < SAY; i++)
        for (int k = i + 1; k < SAY; k++) {
            if (!name[i] || !name[k] || within(name[i], name[k]) ||
                within(name[k], name[i]))
                continue;
            AUTO_BUF(text, CHECK_TEXT_MAX);
            buf_addf(&text, "%s och %s har olika namn på personen",
                     source_row(say[i])->authority,
                     source_row(say[k])->authority);
            check_add(v->o,
                      (struct check){.kind = CHECK_NAMN,
                                     .person = v->person,
                                     .sources = SOURCE_BIT(say[i]) |
                                                SOURCE_BIT(say[k])},
                      buf_str(&text), NULL);
        }
}

void
checks_of_facts(struct overview *o, struct date today)
{
    struct view v = {.o = o, .today = today};
    for (v.person = 0; v.person < o->n_answers; v.person++) {
        v.a = o->answers[v.person];
        for (enum source_id id = 0; id < SOURCE_COUNT; id++) {
            const struct source_answer *s = came(&v, id);
            for (const struct decision *d = s ? s->decisions : NULL; d;
                 d = d->next)
                decided(&v, d);
        }
        vehicles(&v);
        const struct source_answer *skv = came(&v, SOURCE_SKV);
        capitals(&v, skv ? skv->facts : NULL);
        permit(&v);
        deceased(&v);
        names(&v);
    }
}
