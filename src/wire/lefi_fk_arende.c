/* SPDX-License-Identifier: EUPL-1.2
 *
 * Försäkringskassan's matters in LEFI v9 (WIRE 8.4): a list for each benefit,
 * with the decisions in them, and what stands beside the matters: SGI,
 * programme, levnadsintyg, debt. All of it is rights and facts, never money:
 * an amount here is decided, not paid, and no sum is made of it.
 */
#include "config.h"

#include "wire/lefi_own.h"

#include "domain/code.h"
#include "domain/field.h"

#include <string.h>

/* The matter being read. */
struct matter {
    struct part *p;
    const char *member; /* of formansinformation */
    const char *label;
    bool rejected;
};

static const char *
joined(struct part *p, const char *a, const char *b)
{
    return a && b ? arena_printf(p->arena, "%s, %s", a, b) : a ? a : b;
}

static int
length(const cJSON *list)
{
    return cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
}

static void
set_period(struct decision *d, const cJSON *period)
{
    d->fran = part_day(json_member(period, "fran"), false);
    d->till = part_day(json_member(period, "till"), true);
}

/* Outcome and how final it is: "avslag, slutligt". */
static const char *
how_it_went(const struct matter *m, const cJSON *b)
{
    struct part *p = m->p;
    const char *result = lefi_words(p, m->member, json_get(b, "beslutsutfall"));
    const char *status = lefi_words(p, m->member, json_get(b, "beslutstatus"));
    const char *definite = json_member(b, "definitivt");
    const cJSON *ends = json_get(b, "upphorandeManadFrom");
    if (!result && m->rejected)
        result = "avslaget";
    if (!status)
        status = lefi_words(p, m->member, json_get(b, "beslutstyp"));
    if (!status && definite)
        status = part_true(definite) ? "definitivt" : "inte definitivt";
    const char *end =
        part_word(p, json_text(cJSON_IsArray(ends) ? ends->child : ends));
    if (end)
        end = arena_printf(p->arena, "upphör från %s", end);
    return joined(p, joined(p, result, status), end);
}

/* Days with compensation: a number, or as many as the list has. */
static const char *
how_many_days(struct part *p, const cJSON *b)
{
    static const char *const lists[] = {"dagar", "ersattningsdagar",
                                        "bedomdadagar"};
    const char *n = part_word(p, json_member(b, "dagar"));
    for (size_t i = 0; !n && i < sizeof lists / sizeof *lists; i++) {
        int k = length(json_get(b, lists[i]));
        if (k)
            n = arena_printf(p->arena, "%d", k);
    }
    return n;
}

/* MEK and OMV decide for one period after another: each is a right with an
 * extent of its own; the amount is the whole decision's. */
static void
read_periods(const struct matter *m, struct decision *whole,
             const cJSON *periods)
{
    const cJSON *b;
    bool several = length(periods) > 1;
    cJSON_ArrayForEach(b, periods)
    {
        struct decision *d =
            several ? part_decision(m->p, "beslut", whole->forman, whole->kod)
                    : whole;
        if (!d)
            return;
        const char *extent = lefi_extent(m->p, json_get(b, "omfattning"));
        if (!extent)
            extent = lefi_extent(m->p, json_get(b, "andel"));
        if (!d->omfattning)
            d->omfattning = extent;
        if (several || date_none(d->fran))
            set_period(d, json_get(b, "period"));
        if (several) {
            d->datum = whole->datum;
            d->lage =
                lefi_words(m->p, m->member, json_get(b, "utbetalningstyp"));
        }
    }
}

static void
read_decision(const struct matter *m, const cJSON *b)
{
    struct part *p = m->p;
    const cJSON *forman = json_get(b, "forman");
    const char *name = lefi_words(p, m->member, forman);
    struct decision *d =
        part_decision(p, "beslut", name ? name : m->label, lefi_id(p, forman));
    if (!d)
        return;
    d->datum = part_date(NULL, json_member(b, "fattades"));
    set_period(d, json_get(b, "period"));
    d->omfattning = lefi_extent(p, json_get(b, "omfattning"));
    d->dagar = how_many_days(p, b);
    d->lage = how_it_went(m, b);
    d->belopp = lefi_amount(p, NULL, json_get(b, "beslutatBruttobelopp"));
    const cJSON *often = json_get(b, "periodicitet");
    const char *id = json_member(often, "id");
    if (d->belopp.given && id && strcmp(id, "0") != 0) /* 0: none */
        d->periodicitet = code_words(m->member, "periodicitet", id);
    read_periods(m, d, json_get(b, "periodbeslut"));
}

/* Days asked for (föräldrapenning): first, last and how many. */
static void
read_wish(struct decision *d, struct part *p, const cJSON *days)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, days)
    {
        struct date day = part_date(NULL, json_member(one, "dag"));
        if (date_none(day))
            continue;
        if (date_none(d->fran) || date_compare(day, d->fran) < 0)
            d->fran = day;
        if (date_none(d->till) || date_compare(day, d->till) > 0)
            d->till = day;
    }
    if (length(days))
        d->dagar = arena_printf(p->arena, "%d", length(days));
}

/* A matter and its decisions (a list; for MEK and OMV one object). */
static void
read_matter(struct part *p, const char *member, const cJSON *j)
{
    const cJSON *decisions = json_get(j, "beslut"), *b;
    const char *rejected = json_member(j, "avslaget");
    const char *running = json_member(j, "aktivt");
    const struct matter m = {p, member, field_label(SOURCE_FK, "", member),
                             part_true(rejected)};
    if (cJSON_IsObject(decisions)) {
        read_decision(&m, decisions);
        return;
    }
    cJSON_ArrayForEach(b, decisions) read_decision(&m, b);
    if (length(decisions))
        return;
    bool open = !m.rejected && running && part_true(running);
    struct decision *d =
        part_decision(p, open ? "ansokan" : "arende", m.label, NULL);
    if (!d)
        return;
    d->datum = part_date(NULL, json_member(j, "startades"));
    read_wish(d, p, json_get(j, "anspraksdagar"));
    d->utan_beslut = open;
    d->lage = m.rejected ? "avslaget"
              : open     ? "inget beslut"
              : running  ? "avslutat"
                         : NULL;
}

static void
read_instruction(struct part *p, const char *member, const cJSON *a)
{
    const cJSON *program = json_get(a, "program");
    struct decision *d = part_decision(
        p, "anvisning", lefi_words(p, member, program), lefi_id(p, program));
    if (!d)
        return;
    set_period(d, json_get(a, "period"));
    d->omfattning = lefi_extent(p, json_get(a, "omfattning"));
}

static struct decision *
add_fact(struct part *p, const char *member, const cJSON *code)
{
    struct decision *d = part_decision(
        p, "arende", field_label(SOURCE_FK, "", member), lefi_id(p, code));
    if (d)
        d->lage = lefi_words(p, member, code);
    return d;
}

/* SGI: what a day's compensation is reckoned from, a year's worth of it. Two
 * amounts, employment and business: a row each. */
static void
read_sgi(struct part *p, const char *member, const cJSON *s)
{
    static const char *const kinds[] = {"anstallning", "verksamhet"};
    int n = 0;
    for (int i = 0; i < 2; i++) {
        const cJSON *sum = json_get(s, kinds[i]);
        if (!sum || cJSON_IsNull(sum))
            continue;
        struct decision *d = add_fact(p, member, json_get(s, "typ"));
        if (!d)
            return;
        d->forman = field_label(SOURCE_FK, "", kinds[i]);
        d->datum = part_date(NULL, json_member(s, "faststalldes"));
        d->belopp = lefi_amount(p, NULL, sum);
        if (d->belopp.given)
            d->periodicitet = "år";
        n++;
    }
    if (n)
        return;
    struct decision *d = add_fact(p, member, json_get(s, "typ"));
    if (d)
        d->datum = part_date(NULL, json_member(s, "faststalldes"));
}

static void
read_life(struct part *p, const char *member, const cJSON *l)
{
    struct decision *d = add_fact(p, member, json_get(l, "status"));
    if (d)
        d->datum = part_date(NULL, json_member(l, "uppdaterades"));
}

static void
read_debt(struct part *p, const char *member, const cJSON *s)
{
    struct decision *d = add_fact(p, member, NULL);
    if (d)
        d->belopp = lefi_amount(p, NULL, json_get(s, "belopp"));
}

static void
read_notice(struct part *p, const char *member, const cJSON *s)
{
    struct decision *d = add_fact(p, member, json_get(s, "typ"));
    if (d)
        set_period(d, json_get(s, "period"));
}

typedef void reader(struct part *p, const char *member, const cJSON *item);

static bool
ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), k = strlen(tail);
    return n >= k && !strcmp(s + n - k, tail);
}

static reader *
reader_of(const char *member)
{
    static const struct {
        const char *member;
        reader *read;
    } readers[] = {
        {"mottagareavbarnbidrag", read_matter},
        {"underhallsstodskrav", read_matter},
        {"underhallsstodsmottag", read_matter},
        {"programanvisning", read_instruction},
        {"sjukpenninggrundandeInkomstuppgift", read_sgi},
        {"levnadsintygsuppgift", read_life},
        {"underhallsskuld", read_debt},
        {"studiemedelsavisering", read_notice},
    };
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (!strcmp(readers[i].member, member))
            return readers[i].read;
    bool known = field_row(SOURCE_FK, "formansinformation", member) != NULL;
    return known && ends_with(member, "arende") ? read_matter : NULL;
}

void
lefi_fk_member(struct part *p, const cJSON *m)
{
    reader *read = reader_of(m->string);
    const cJSON *item;
    if (cJSON_IsNull(m))
        return;
    if (!cJSON_IsArray(m)) {
        if (read && cJSON_IsObject(m))
            read(p, m->string, m);
        else if (!cJSON_IsObject(m) || m->child)
            p->rows++;
        return;
    }
    cJSON_ArrayForEach(item, m)
    {
        if (read && cJSON_IsObject(item))
            read(p, m->string, item);
        else
            p->rows++;
    }
}
