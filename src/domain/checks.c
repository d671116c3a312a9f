/* SPDX-License-Identifier: EUPL-1.2
 *
 * Checks: their words, thresholds and texts, and the comparison of M-2 with
 * M-1 (INCOME 4, UX 8).
 */
#include "config.h"

#include "domain/overview.h"

#include "domain/picture.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word, *label;
} kinds[CHECK_COUNT] = {
#define CHECK(id, in_json, on_screen) [CHECK_##id] = {in_json, on_screen},
#include "domain/checks.def"
#undef CHECK
};

const char *
check_word(enum check_kind k)
{
    return k < CHECK_COUNT ? kinds[k].word : "";
}

const char *
check_label(enum check_kind k)
{
    return k < CHECK_COUNT ? kinds[k].label : "";
}

bool
picture_comparable(struct overview *o, const struct month_row *r)
{
    const struct answer *a = o->answers[r->person];
    return picture_firm(a, r->source) && !r->missing &&
           !picture_touched(o, a, r->source, r->name);
}

/* --- texts --- */

void
check_kronor(struct buf *b, struct money m, bool ore)
{
    char text[32];
    if (ore && m.given) {
        struct money whole = {m.ore / 100 * 100, true};
        money_kronor_text(whole, text);
        buf_addf(b, "%s%s,%02d kr", m.ore < 0 && whole.ore == 0 ? "-" : "",
                 text, abs((int)(m.ore % 100)));
        return;
    }
    money_kronor_text(m, text);
    buf_addf(b, "%s kr", text);
}

void
check_day(struct buf *b, const struct overview *o, int person, struct date d)
{
    char text[11];
    struct period p = picture_period(o->answers[person]);
    date_text(d, text);
    bool near = p.from.year == p.to.year && d.year == p.to.year;
    buf_adds(b, near && text[0] ? text + 5 : text);
}

void
check_days(struct buf *b, const struct overview *o, int person,
           struct date from, struct date to)
{
    if (date_none(from) && date_none(to))
        return;
    if (date_none(to))
        buf_adds(b, "från ");
    if (!date_none(from))
        check_day(b, o, person, from);
    if (date_none(from))
        buf_adds(b, "till ");
    else if (!date_none(to) && date_compare(from, to))
        buf_adds(b, " - ");
    if (!date_none(to) && (date_none(from) || date_compare(from, to)))
        check_day(b, o, person, to);
}

static uint64_t
hash(uint64_t h, const void *p, size_t n)
{
    const unsigned char *s = p;
    for (size_t i = 0; i < n; i++)
        h = (h ^ s[i]) * UINT64_C(1099511628211); /* FNV-1a */
    return h;
}

static int
by_kind(const void *pa, const void *pb)
{
    const struct check *a = pa, *b = pb;
    int by = (int)a->kind - (int)b->kind;
    if (!by)
        by = a->person - b->person;
    if (!by)
        by = date_compare(a->from, b->from);
    if (!by)
        by = date_compare(a->to, b->to);
    return by ? by : strcmp(a->text, b->text);
}

/* No true answer has so many of one kind; what is past it is counted. */
enum { CHECKS_OF_KIND = 300 };

static void
push(struct overview *o, struct check c, const char *text, const char *fact)
{
    const struct question *q = &o->answers[c.person]->question;
    uint64_t h = UINT64_C(14695981039346656037);
    const char *what = fact ? fact : text;
    int32_t who[4] = {c.kind, c.person, (int32_t)q->roll, (int32_t)c.sources};
    h = hash(h, who, sizeof who);
    h = hash(h, q->arende, strlen(q->arende) + 1);
    h = hash(h, &c.from, sizeof c.from);
    h = hash(h, &c.to, sizeof c.to);
    c.key = hash(h, what, strlen(what));
    c.text = arena_strdup(o->arena, text);
    if ((o->n_checks & (o->n_checks - 1)) == 0) { /* 0, 1, 2, 4 ... are full */
        struct check *more =
            arena_alloc(o->arena, (size_t)(o->n_checks ? o->n_checks * 2 : 1) *
                                      sizeof *more);
        if (o->n_checks)
            memcpy(more, o->checks, (size_t)o->n_checks * sizeof *more);
        o->checks = more;
    }
    o->checks[o->n_checks++] = c;
}

void
check_add(struct overview *o, struct check c, const char *text,
          const char *fact)
{
    struct check_count *n = &o->n_of[c.person * CHECK_COUNT + (int)c.kind];
    if (++n->n <= CHECKS_OF_KIND)
        push(o, c, text, fact);
    else
        n->past |= c.sources;
}

/* Of each kind one check for those that were too many to stand by
 * themselves. */
static void
add_rest(struct overview *o)
{
    for (int i = 0; i < o->n_answers * CHECK_COUNT; i++) {
        const struct check_count *n = &o->n_of[i];
        struct check c = {.kind = i % CHECK_COUNT,
                          .person = i / CHECK_COUNT,
                          .sources = n->past};
        AUTO_BUF(text, CHECK_TEXT_MAX);
        buf_addf(&text, "%d till av samma slag", n->n - CHECKS_OF_KIND);
        if (n->n > CHECKS_OF_KIND)
            push(o, c, buf_str(&text), NULL);
    }
}

void
checks_sort(struct overview *o)
{
    int n = 0;
    add_rest(o);
    if (!o->n_checks)
        return;
    qsort(o->checks, (size_t)o->n_checks, sizeof *o->checks, by_kind);
    for (int i = 0; i < o->n_checks; i++)
        if (i == 0 || by_kind(&o->checks[i], &o->checks[n - 1]) != 0)
            o->checks[n++] = o->checks[i];
    o->n_checks = n;
}

/* --- M-2 against M-1 --- */

bool
overview_change(const struct month_cell *before, const struct month_cell *after,
                struct money *kronor, int *percent, bool *has_percent)
{
    static const struct money zero = {0, true};
    const struct month_cell *side[2] = {before, after};
    struct money sum[2];
    *has_percent = false;
    for (int i = 0; i < 2; i++) {
        if (side[i]->kind != CELL_AMOUNT && side[i]->kind != CELL_ZERO)
            return false;
        sum[i] = side[i]->kind == CELL_ZERO ? zero : side[i]->sum;
    }
    *kronor = money_sub(sum[1], sum[0]);
    if (!kronor->given)
        return false;
    if (sum[0].ore > 0) {
        /* half up, away from zero; __int128 since öre times 200 may not fit */
        __int128 d = (__int128)kronor->ore * 200;
        __int128 base = (__int128)sum[0].ore * 2;
        __int128 p = (d < 0 ? d - sum[0].ore : d + sum[0].ore) / base;
        *has_percent = true;
        *percent = p > 999999 ? 999999 : p < -999999 ? -999999 : (int)p;
    }
    return true;
}

static const char *const months[] = {"jan", "feb", "mar", "apr", "maj", "jun",
                                     "jul", "aug", "sep", "okt", "nov", "dec"};

static void
compare_row(struct overview *o, const struct month_row *r, int m2, int m1)
{
    const struct month_cell *before = &r->cell[m2], *after = &r->cell[m1];
    struct money kronor;
    int percent = 0;
    bool has_percent;
    if (r->others || !picture_comparable(o, r) || before->partial ||
        after->partial ||
        !overview_change(before, after, &kronor, &percent, &has_percent) ||
        kronor.ore == 0)
        return;
    struct check c = {.kind = CHECK_ANDRAT,
                      .person = r->person,
                      .sources = SOURCE_BIT(r->source),
                      .from = month_first(o->months[m2]),
                      .to = month_last(o->months[m1]),
                      .forman = r->forman};
    struct money a = before->kind == CELL_ZERO ? money_kronor(0) : before->sum;
    struct money b = after->kind == CELL_ZERO ? money_kronor(0) : after->sum;
    int limit = rules_percent(o->rules, r->name);
    if (before->kind == CELL_ZERO)
        c.kind = CHECK_NYTT;
    else if (after->kind == CELL_ZERO)
        c.kind = CHECK_EJ_KVAR;
    else if (limit > 0 && (!has_percent || abs(percent) <= limit))
        return;
    bool ore =
        (a.ore % 100 || b.ore % 100) && llabs((long long)kronor.ore) < 1000;
    AUTO_BUF(text, CHECK_TEXT_MAX);
    buf_addf(&text, "%s: ", picture_name(r));
    check_kronor(&text, a, ore);
    buf_addf(&text, " i %s, ", months[o->months[m2].month - 1]);
    check_kronor(&text, b, ore);
    buf_addf(&text, " i %s", months[o->months[m1].month - 1]);
    if (c.kind == CHECK_ANDRAT && has_percent && percent)
        buf_addf(&text, ", %d %%", percent);
    check_add(o, c, buf_str(&text), NULL);
}

void
checks_of_months(struct overview *o, struct date today)
{
    for (int i = 0; i < o->n_rows; i++) {
        const struct answer *a = o->answers[o->rows[i]->person];
        struct month m = picture_month(a);
        if (!m.month || date_compare(today, month_last(month_add(m, -1))) <= 0)
            continue; /* M-1 is not over */
        int m2 = overview_month(o, month_add(m, -2));
        int m1 = overview_month(o, month_add(m, -1));
        if (m2 >= 0 && m1 >= 0)
            compare_row(o, o->rows[i], m2, m1);
    }
}

/* --- paid in one month, and not in a later one --- */

/* Planned in the month, or on a day that is not told. */
static bool
planned(struct overview *o, const struct month_row *r, struct month m)
{
    const struct answer *a = o->answers[r->person];
    const char *folded = r->name;
    for (const struct payment *p = a->of[r->source].payments; p; p = p->next)
        if (p->state != PAYMENT_UTBETALD &&
            (date_none(p->date) || !month_compare(month_of(p->date), m)) &&
            !strcmp(picture_fold(o, p->forman), folded))
            return true;
    return false;
}

/* The last month of that number before m. */
static struct month
month_before(struct month m, int number)
{
    struct month of = {m.year, (int8_t)number};
    return month_compare(of, m) < 0 ? of : month_add(of, -12);
}

static void
check_season(struct overview *o, const struct month_row *r,
             const struct rule *rule, struct date today)
{
    struct month m = picture_month(o->answers[r->person]);
    struct month due = month_before(m, rule->due);
    struct month paid = month_before(due, rule->paid);
    int p = overview_month(o, paid), d = overview_month(o, due);
    if (m.month != rule->month || p < 0 || d < 0 ||
        date_compare(today, month_last(due)) <= 0)
        return;
    const struct month_cell *had = &r->cell[p], *has = &r->cell[d];
    if (had->kind != CELL_AMOUNT || had->sum.ore <= 0 ||
        has->kind != CELL_ZERO || !picture_comparable(o, r) ||
        planned(o, r, due))
        return;
    AUTO_BUF(text, CHECK_TEXT_MAX);
    buf_addf(&text, "%s: ", picture_name(r));
    check_kronor(&text, had->sum, false);
    buf_addf(&text, " i %s, varken utbetalt eller planerat i %s",
             months[paid.month - 1], months[due.month - 1]);
    if (*rule->fraga)
        buf_addf(&text, "; %s", rule->fraga);
    check_add(o,
              (struct check){.kind = CHECK_EJ_KVAR,
                             .person = r->person,
                             .sources = SOURCE_BIT(r->source),
                             .from = month_first(paid),
                             .to = month_last(due),
                             .forman = r->forman},
              buf_str(&text), NULL);
}

void
checks_of_seasons(struct overview *o, struct date today)
{
    for (int i = 0; i < o->n_rows; i++) {
        const struct month_row *r = o->rows[i];
        const struct rule *rule = rules_forman(o->rules, r->name);
        if (rule && rule->month)
            check_season(o, r, rule, today);
    }
}
