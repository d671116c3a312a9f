/* SPDX-License-Identifier: EUPL-1.2
 *
 * Pensionsmyndigheten's model in LEFI v9 (WIRE 8.2, 8.3): lists at the top of
 * the document, whole kronor, deductions as items of their own, and the
 * benefit on the rows alone.
 */
#include "config.h"

#include "wire/lefi_own.h"

#include "domain/code.h"
#include "domain/field.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 16 };

static const char *
code_kod(struct part *p, const cJSON *code)
{
    return part_word(p, json_member(code, "kod"));
}

static struct money
amount(struct part *p, struct payment *pay, const cJSON *n)
{
    struct money m;
    if (cJSON_IsNumber(n) && strpbrk(n->valuestring, "eE") &&
        money_of_double(&m, n->valuedouble))
        return m;
    if (n && !cJSON_IsNull(n) && !json_text(n))
        p->seen |= SEEN_UNREAD;
    return part_money(p, pay, json_text(n));
}

/* One payment may span several benefits: their names, each once, in the order
 * of the rows. */
static const char *
join(struct part *p, const cJSON *rows, bool codes)
{
    const char *seen[NAMES_MAX];
    const cJSON *r;
    int n = 0;
    AUTO_BUF(b, 1024);
    cJSON_ArrayForEach(r, rows)
    {
        const cJSON *f = json_get(r, "utbetalningsforman");
        if (!f)
            f = json_get(r, "formansgrupp");
        const char *kod = json_member(f, "kod");
        const char *text = codes ? kod : json_member(f, "beskrivning");
        bool again = false;
        if (!text)
            text = kod;
        for (int i = 0; i < n && text; i++)
            again = again || !strcmp(seen[i], text);
        if (!text || again || n == NAMES_MAX)
            continue;
        if (n)
            buf_adds(&b, ", ");
        buf_adds(&b, text);
        seen[n++] = text;
    }
    return part_word(p, buf_str(&b));
}

static void
read_rows(struct part *p, struct payment *pay, const cJSON *rows,
          struct payment_row ***end)
{
    const cJSON *r;
    cJSON_ArrayForEach(r, rows)
    {
        struct payment_row *row = part_row(p, end);
        if (!row)
            return;
        row->forman = lefi_words(p, NULL, json_get(r, "utbetalningsforman"));
        row->kod = code_kod(p, json_get(r, "utbetalningsforman"));
        row->slag = lefi_words(p, NULL, json_get(r, "beloppstyp"));
        row->slag_kod = code_kod(p, json_get(r, "beloppstyp"));
        row->belopp = amount(p, pay, json_get(r, "belopp"));
    }
}

static struct money
absolute(struct money m)
{
    if (m.given && m.ore < 0)
        m.ore = -m.ore;
    return m;
}

static struct money
plus(struct money sum, struct money more)
{
    return money_add(sum.given ? sum : money_kronor(0), more);
}

/* The contract does not say the sign; negative is seen (WIRE 8.2). */
static void
read_deductions(struct part *p, struct payment *pay, const cJSON *list,
                struct payment_row ***end)
{
    const cJSON *a;
    bool whole = true, whole_tax = true;
    cJSON_ArrayForEach(a, list)
    {
        struct payment_row *row = part_row(p, end);
        if (!row)
            return;
        const cJSON *type = json_get(a, "avdragstyp");
        row->avdrag = true;
        row->slag_kod = code_kod(p, type);
        const struct deduction *known = deduction_by_code(row->slag_kod);
        row->slag = part_word(p, json_member(type, "beskrivning"));
        if (!row->slag)
            row->slag = known ? known->namn : row->slag_kod;
        row->belopp = absolute(amount(p, pay, json_get(a, "belopp")));
        pay->marks |= known ? known->mark : MARK_AVDRAG_OVRIGT;
        whole = whole && row->belopp.given;
        if (known && known->tax) {
            whole_tax = whole_tax && row->belopp.given;
            pay->skatt = plus(pay->skatt, row->belopp);
        }
        pay->avdrag = plus(pay->avdrag, row->belopp);
    }
    if (!whole) /* a sum with a part unknown is unknown */
        pay->avdrag = MONEY_NONE;
    if (!whole_tax)
        pay->skatt = MONEY_NONE;
}

static void
read_payment(struct part *p, const cJSON *u, enum payment_state state)
{
    const cJSON *rows = json_get(u, "utbetalningsrader");
    const cJSON *period = json_get(u, "utbetalningsperiod");
    if (!cJSON_IsObject(u)) {
        p->seen |= SEEN_UNREAD;
        return;
    }
    const char *forman = join(p, rows, false);
    struct payment *pay =
        part_payment(p, NULL, forman ? forman : "Pension", join(p, rows, true));
    if (!pay)
        return;
    pay->state = state;
    pay->date = part_date(pay, json_member(u, "utbetalningsdatum"));
    pay->fran = part_period(p, pay, json_member(period, "from"));
    pay->till = part_period(p, pay, json_member(period, "tom"));
    pay->brutto = amount(p, pay, json_get(u, "bruttobelopp"));
    pay->netto = amount(p, pay, json_get(u, "nettobelopp"));
    if (!pay->netto.given)
        p->seen |= SEEN_UNREAD;
    struct payment_row **end = &pay->rows;
    read_rows(p, pay, rows, &end);
    read_deductions(p, pay, json_get(u, "avdrag"), &end);
    part_marks(pay);
}

static void
read_payments(struct part *p, const cJSON *list, enum payment_state state)
{
    const cJSON *u;
    if (!list || cJSON_IsNull(list))
        return;
    if (!cJSON_IsArray(list)) {
        p->seen |= SEEN_UNREAD;
        return;
    }
    p->seen |= SEEN_LIST;
    cJSON_ArrayForEach(u, list) read_payment(p, u, state);
}

/* Our word for the frequency, so that FK's and PM's are the same. */
static const char *
how_often(struct part *p, const cJSON *frequency)
{
    const char *known =
        code_words(NULL, "beloppsfrekvens", json_member(frequency, "kod"));
    return known ? known : lefi_words(p, NULL, frequency);
}

/* omfattning is a number from 0 to 1 here. */
static const char *
share(struct part *p, const cJSON *n)
{
    if (!cJSON_IsNumber(n) || !(n->valuedouble >= 0) || n->valuedouble > 1)
        return NULL;
    return arena_printf(p->arena, "%.4g", 100 * n->valuedouble);
}

static struct decision *
add_decision(struct part *p, const cJSON *b, const cJSON *type)
{
    const cJSON *group = json_get(b, "formansgrupp");
    const char *status = lefi_words(p, NULL, json_get(b, "beslutsstatus"));
    const char *result = lefi_words(p, NULL, json_get(b, "beslutsutfall"));
    struct decision *d =
        part_decision(p, "beslut", lefi_words(p, NULL, type ? type : group),
                      code_kod(p, type ? type : group));
    if (!d)
        return NULL;
    d->datum = part_date(NULL, json_member(b, "beslutsdatum"));
    d->lage = status && result
                  ? arena_printf(p->arena, "%s, %s", status, result)
              : status ? status
                       : result;
    return d;
}

static void
read_decision(struct part *p, const cJSON *b)
{
    const cJSON *item;
    int n = 0;
    cJSON_ArrayForEach(item, json_get(b, "beslutadErsattning"))
    {
        struct decision *d =
            add_decision(p, b, json_get(item, "ersattningstyp"));
        if (!d)
            return;
        const cJSON *sum = json_get(item, "beslutatBelopp");
        const cJSON *period = json_get(item, "period");
        d->fran = part_day(json_member(period, "from"), false);
        d->till = part_day(json_member(period, "tom"), true);
        d->belopp = amount(p, NULL, json_get(sum, "belopp"));
        if (d->belopp.given)
            d->periodicitet = how_often(p, json_get(sum, "beloppsfrekvens"));
        d->omfattning = share(p, json_get(item, "omfattning"));
        n++;
    }
    if (!n)
        add_decision(p, b, NULL);
}

struct decided { /* a decision's group and day */
    const char *group;
    struct date day;
};

struct decided_list {
    struct decided *all;
    size_t n;
};

static int
by_group_and_day(const void *x, const void *y)
{
    const struct decided *a = x, *b = y;
    int by = strcmp(a->group, b->group);
    return by ? by : date_compare(a->day, b->day);
}

/* Sorted, so that as many claims as decisions cost n log n. */
static struct decided_list
list_decided(const cJSON *decisions)
{
    const cJSON *b;
    size_t n = 1;
    cJSON_ArrayForEach(b, decisions) n++;
    struct decided_list d = {mem_alloc(n * sizeof *d.all), 0};
    cJSON_ArrayForEach(b, decisions)
    {
        const char *group = json_member(json_get(b, "formansgrupp"), "kod");
        struct date day = part_date(NULL, json_member(b, "beslutsdatum"));
        if (group && !date_none(day))
            d.all[d.n++] = (struct decided){group, day};
    }
    qsort(d.all, d.n, sizeof *d.all, by_group_and_day);
    return d;
}

/* A claim is open while no decision on its group is as late as the claim. */
static bool
is_decided(const struct decided_list *d, const char *group, struct date came)
{
    struct decided key = {group, came};
    size_t low = 0, high = d->n;
    if (!group)
        return false;
    while (low < high) { /* the first that is not before the claim */
        size_t mid = (low + high) / 2;
        if (by_group_and_day(&d->all[mid], &key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < d->n && !strcmp(d->all[low].group, group);
}

static void
read_claim(struct part *p, const cJSON *a, const struct decided_list *decided)
{
    const cJSON *group = json_get(a, "formansgrupp");
    const cJSON *period = json_get(a, "yrkadPeriod");
    struct decision *d = part_decision(p, "ansokan", lefi_words(p, NULL, group),
                                       code_kod(p, group));
    if (!d)
        return;
    d->datum = part_date(NULL, json_member(a, "ankomstdatum"));
    d->fran = part_day(json_member(period, "from"), false);
    d->till = part_day(json_member(period, "tom"), true);
    d->utan_beslut = !is_decided(decided, json_member(group, "kod"), d->datum);
    d->lage = d->utan_beslut ? "inget beslut" : "beslutat";
}

/* Levnadsintyg is a matter that can stop a pension; the other information is
 * data among the facts. */
static void
read_other(struct part *p, const cJSON *item)
{
    const cJSON *life = json_get(item, "levnadsintyg");
    if (!cJSON_IsObject(life)) {
        p->rows++;
        return;
    }
    const cJSON *status = json_get(life, "levnadsintygsstatus");
    struct decision *d = part_decision(
        p, "arende", field_label(SOURCE_PM, "ovrigInformation", "levnadsintyg"),
        code_kod(p, status));
    if (!d)
        return;
    d->datum = part_date(NULL, json_member(life, "senastUppdaterad"));
    d->lage = lefi_words(p, NULL, status);
}

void
lefi_pm_read(struct part *p, const cJSON *lefi)
{
    const cJSON *decisions = json_get(lefi, "beslut"), *item;
    read_payments(p, json_get(lefi, "utbetalningar"), PAYMENT_UTBETALD);
    read_payments(p, json_get(lefi, "preliminaraUtbetalningar"),
                  PAYMENT_PRELIMINAR);
    cJSON_ArrayForEach(item, decisions) read_decision(p, item);
    struct decided_list decided = list_decided(decisions);
    cJSON_ArrayForEach(item, json_get(lefi, "ansprak"))
        read_claim(p, item, &decided);
    free(decided.all);
    cJSON_ArrayForEach(item, json_get(lefi, "ovrigInformation"))
        read_other(p, item);
}
