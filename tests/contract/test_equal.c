/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: what the authorities tell of payments is what the program sums and
 * shows. Answers are drawn by a seed, written in the contract's forms and
 * read as an answer is. Paid, awaited and dateless money of each month equal
 * the payments to the öre, counted here from what was told; and the same
 * payments and sums stand in JSON, in text, in the linear mode and in the
 * rows of the screens. 1 000 answers in `make check`, 10 000 with
 * ENFRAGA_LONG. Leaves out: what is told of other things than money
 * (tests/unit/cli/test_same), how a screen is laid out.
 */
#include "config.h"

#include "tests/contract/told.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "domain/overview.h"
#include "local/svar.h"
#include "present/linear.h"
#include "present/text.h"
#include "tests/lib/rules.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FEW = 1000, MANY = 10000, MAX = 8 << 20, LINES = 2 * TOLD_MAX };

static const struct date today = {2026, 11, 24};
static unsigned seed; /* of the answer at hand */

/* --- sums --- */

static void
sums_equal(const struct told *t, const struct overview *o)
{
    int n;
    struct told_sums dateless = told_dateless(t, &n);
    assert_int_equal(o->dateless.ore, dateless.paid);
    assert_int_equal(o->n_dateless, n);
    for (int m = 0; m < o->n_months; m++) {
        struct told_sums want = told_month(t, o->months[m]);
        assert_int_equal(o->sums[m].netto.ore, want.paid);
        assert_int_equal(o->sums[m].vantas.given, want.awaits != 0);
        assert_int_equal(o->sums[m].vantas.ore, want.awaited);
        int64_t rows = 0;
        for (int i = 0; i < o->n_rows; i++)
            rows += o->rows[i]->cell[m].sum.ore;
        assert_int_equal(rows, want.paid);
    }
    for (int i = 0; i < t->n; i++) /* no month is left out */
        if (told_comes(t, &t->of[i]) && told_has_month(&t->of[i]))
            assert_true(overview_month(o, month_of(t->of[i].date)) >= 0);
}

/* --- payments as lines that can be compared --- */

struct lines {
    char *line[LINES];
    int n;
};

static void
add_line(struct lines *l, const char *code, const char *day, const char *ore,
         char class)
{
    char text[128];
    snprintf(text, sizeof text, "%s %s %s %c", code, day && *day ? day : "-",
             ore, class);
    assert_true(l->n < LINES);
    l->line[l->n++] = mem_strdup(text);
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
drop(struct lines *l)
{
    for (int i = 0; i < l->n; i++)
        free(l->line[i]);
    l->n = 0;
}

static void
lines_equal(struct lines *want, struct lines *have, const char *form)
{
    if (want->n)
        qsort(want->line, (size_t)want->n, sizeof want->line[0], by_text);
    if (have->n)
        qsort(have->line, (size_t)have->n, sizeof have->line[0], by_text);
    if (want->n != have->n)
        fail_msg("%s: %d payments of %d", form, have->n, want->n);
    for (int i = 0; i < want->n; i++)
        if (strcmp(want->line[i], have->line[i]) != 0)
            fail_msg("%s: %s, not %s", form, have->line[i], want->line[i]);
}

static void
tell_lines(struct lines *l, const struct told *t)
{
    for (int i = 0; i < t->n; i++) {
        const struct told_payment *p = &t->of[i];
        char day[11], ore[24];
        date_text(p->date, day);
        money_text(p->netto, ore);
        if (told_comes(t, p))
            add_line(l, source_row(p->source)->code, day,
                     p->netto.given ? ore : "-", "PAU"[p->class]);
    }
}

static char
class_of(const char *state)
{
    return !strcmp(state, "utbetald") ? 'P'
           : !strcmp(state, "okand")  ? 'U'
                                      : 'A';
}

/* --- JSON --- */

static const cJSON *
get(const cJSON *o, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(o, name);
}

static const char *
text_of(const cJSON *o, const char *name)
{
    return cJSON_GetStringValue(get(o, name));
}

static void
money_is(const char *form, const char *have, int64_t ore)
{
    char want[24];
    money_text((struct money){ore, true}, want);
    if (!have || strcmp(have, want) != 0)
        fail_msg("%s: %s, not %s", form, have ? have : "nothing", want);
}

static void
json_equal(const struct told *t, const struct answer *a,
           const struct overview *o, struct lines *want)
{
    struct lines have = {0};
    AUTO_BUF(json, MAX);
    assert_int_equal(svar_write(&json, a, o), ERR_OK);
    cJSON *all = cJSON_Parse(buf_str(&json));
    const cJSON *c;
    cJSON_ArrayForEach(c, get(all, "utbetalningar"))
    {
        const char *ore = text_of(c, "netto");
        add_line(&have, text_of(c, "kalla"), text_of(c, "datum"),
                 ore ? ore : "-", class_of(text_of(c, "lage")));
    }
    lines_equal(want, &have, "json");
    drop(&have);
    int months = 0, n;
    cJSON_ArrayForEach(c, get(all, "manader"))
    {
        struct month m;
        assert_true(month_read(&m, text_of(c, "manad")));
        struct told_sums sums = told_month(t, m);
        const char *sum = text_of(get(c, "summa"), "netto");
        if (sum)
            money_is("json summa", sum, sums.paid);
        else
            assert_int_equal(sums.paid, 0);
        if (sums.awaited)
            money_is("json vantas", text_of(get(c, "vantas"), "netto"),
                     sums.awaited);
        else
            assert_null(get(c, "vantas"));
        months++;
    }
    assert_int_equal(months, o->n_months);
    struct told_sums dateless = told_dateless(t, &n);
    const cJSON *without = get(all, "utan_datum");
    assert_int_equal(without != NULL, n != 0);
    if (n) {
        money_is("json utan_datum", text_of(without, "netto"), dateless.paid);
        assert_int_equal(get(without, "antal")->valueint, n);
    }
    cJSON_Delete(all);
    struct answer *again = NULL; /* as a client reads it */
    struct err e = {0};
    assert_int_equal(svar_read(&again, json.data, json.len, &e), ERR_OK);
    answer_sort(again);
    const struct answer *one = again;
    struct overview *v = overview_new(&one, 1, shipped_rules(), today);
    sums_equal(t, v);
    overview_free(&v);
    answer_free(&again);
}

/* --- text --- */

/* The next line of *at, cut out; NULL at the end. */
static char *
next_line(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    if (!*line)
        return NULL;
    assert_non_null(end);
    *end = '\0';
    *at = end + 1;
    return line;
}

/* The word after " name=", cut out; NULL where there is none. */
static const char *
word_after(const char *line, const char *name, char out[64])
{
    char key[32];
    snprintf(key, sizeof key, " %s=", name);
    const char *at = strstr(line, key);
    if (!at)
        return NULL;
    at += strlen(key);
    snprintf(out, 64, "%.*s", (int)strcspn(at, " "), at);
    return out;
}

static void
sum_line(const struct told *t, const char *line, int *months)
{
    char month[16], what[16], netto[64];
    struct month m;
    int n;
    assert_int_equal(sscanf(line, "belopp %15s %15s", month, what), 2);
    const char *sum = word_after(line, "netto", netto);
    if (!strcmp(what, "UTAN_DATUM")) {
        money_is("text utan datum", sum, told_dateless(t, &n).paid);
        return;
    }
    if (strcmp(what, "SUMMA") != 0 && strcmp(what, "VANTAS") != 0)
        return;
    assert_true(month_read(&m, month));
    struct told_sums sums = told_month(t, m);
    if (!strcmp(what, "VANTAS"))
        money_is("text vantas", sum, sums.awaited);
    else if (strcmp(sum, "okant") != 0)
        money_is("text summa", sum, sums.paid);
    else
        assert_int_equal(sums.paid, 0);
    *months += !strcmp(what, "SUMMA");
}

static void
text_equal(const struct told *t, const struct answer *a,
           const struct overview *o, const struct rows_options *options,
           struct lines *want)
{
    struct lines have = {0};
    int months = 0, awaited = 0, dateless = 0, n;
    AUTO_BUF(text, MAX);
    assert_int_equal(text_write(&text, a, o, options), ERR_OK);
    buf_str(&text);
    char *at = text.data;
    for (char *line; (line = next_line(&at)) != NULL;) {
        char day[16], code[8], state[64], netto[64];
        if (!strncmp(line, "belopp ", 7)) {
            sum_line(t, line, &months);
            awaited += strstr(line, " VANTAS ") != NULL;
            dateless += strstr(line, " UTAN_DATUM ") != NULL;
        }
        if (strncmp(line, "betalning ", 10) != 0 || strstr(line, " del="))
            continue;
        assert_int_equal(sscanf(line, "betalning %15s %7s", day, code), 2);
        const char *sum = word_after(line, "netto", netto);
        add_line(&have, code, day, strcmp(sum, "okant") ? sum : "-",
                 class_of(word_after(line, "lage", state)));
    }
    lines_equal(want, &have, "text");
    drop(&have);
    assert_int_equal(months, o->n_months);
    told_dateless(t, &n);
    assert_int_equal(dateless, n != 0);
    for (int m = 0; m < o->n_months; m++)
        awaited -= told_month(t, o->months[m]).awaited != 0;
    assert_int_equal(awaited, 0);
}

/* --- linear mode --- */

/* "4310" or "-0.50" as money_text says it. */
static void
spoken(const char *said, char out[24])
{
    bool unknown = !strcmp(said, _("unknown"));
    snprintf(out, 24, "%s%s", unknown ? "-" : said,
             unknown || strchr(said, '.') ? "" : ".00");
}

/* "Barnbidrag: 2650 kronor, 2026-09-18, väntas." */
static void
hear_payment(struct lines *have, const char *code, const char *line,
             const struct row *r)
{
    char said[32], ore[24], day[11];
    const char *at = strstr(line, ": ");
    assert_non_null(at);
    at += 2;
    snprintf(said, sizeof said, "%.*s", (int)strcspn(at, " "), at);
    spoken(said, ore);
    date_text(r->date, day);
    assert_non_null(strstr(at, day[0] ? day : _("without a date")));
    bool awaited = strstr(at, rows_payment_state(PAYMENT_PLANERAD)) != NULL;
    bool unsaid = strstr(at, rows_payment_state(PAYMENT_OKAND)) != NULL;
    add_line(have, code, day, ore, awaited ? 'A' : unsaid ? 'U' : 'P');
}

static void
linear_equal(const struct told *t, const struct answer *a,
             const struct overview *o, const struct rows_options *options,
             struct lines *want)
{
    struct lines have = {0};
    for (enum source_id s = 0; s < SOURCE_COUNT; s++) {
        struct rows *rows = rows_pane(a, s, options);
        for (int i = 0; i < rows->n; i++) {
            AUTO_BUF(b, MAX);
            struct rows one = {.row = &rows->row[i], .n = 1};
            linear_rows(&b, &one, NULL, true);
            if (rows->row[i].kind == ROW_PAYMENT)
                hear_payment(&have, source_row(s)->code, buf_str(&b),
                             &rows->row[i]);
        }
        rows_free(&rows);
    }
    lines_equal(want, &have, "linear");
    drop(&have);
    for (int m = 0; m < o->n_months; m++) {
        AUTO_BUF(b, MAX);
        char said[32], ore[24];
        linear_month(&b, o, m, NULL);
        const char *at = strstr(buf_str(&b), ": "); /* ": summa från ... 12 " */
        assert_non_null(at);
        at += strcspn(at, "-0123456789");
        snprintf(said, sizeof said, "%.*s", (int)strcspn(at, " "), at);
        spoken(said, ore);
        money_is("linear month", ore, told_month(t, o->months[m]).paid);
    }
}

/* --- the rows that the screens draw --- */

static void
rows_equal(const struct told *t, const struct overview *o,
           const struct rows_options *options)
{
    int64_t awaited = 0, dateless = 0, want = 0;
    int n = 0, n_dateless = 0, n_awaited = 0, n_unsaid = 0;
    struct rows *rows = rows_overview(o, options);
    for (int i = 0; i < rows->n; i++) {
        const struct row *r = &rows->row[i];
        int64_t ore = r->netto.given ? r->netto.ore : 0;
        if (r->kind == ROW_SUM)
            for (int m = 0; m < o->n_months; m++) {
                char text[32];
                struct told_sums sums = told_month(t, o->months[m]);
                money_kronor_text((struct money){sums.paid, true}, text);
                const char *cell = r->cells[m];
                assert_string_equal(cell + (*cell == '?' ? 2 : 0), text);
                assert_int_equal(*cell == '?', !o->sums[m].known);
            }
        if (r->kind == ROW_EXPECTED && r->payment->state != PAYMENT_OKAND) {
            awaited += ore;
            n++;
        }
        n_unsaid +=
            r->kind == ROW_EXPECTED && r->payment->state == PAYMENT_OKAND;
        if (r->kind == ROW_OUTSIDE) {
            dateless += ore;
            n_dateless++;
        }
    }
    rows_free(&rows);
    for (int i = 0; i < t->n; i++) {
        const struct told_payment *p = &t->of[i];
        if (!told_comes(t, p) || p->twin)
            continue;
        n_unsaid -= p->class == TOLD_UNSAID;
        if (p->class != TOLD_AWAITED)
            continue;
        n_awaited++;
        want += p->netto.given ? p->netto.ore : 0;
    }
    assert_int_equal(n, n_awaited);
    assert_int_equal(awaited, want);
    assert_int_equal(n_unsaid, 0);
    assert_int_equal(dateless, told_dateless(t, &n).paid);
    assert_int_equal(n_dateless, n);
}

static void
test_all_forms_say_what_was_told(void **state)
{
    (void)state;
    unsigned turns = getenv("ENFRAGA_LONG") ? MANY : FEW;
    static struct told t;
    for (seed = 1; seed <= turns; seed++) {
        told_draw(&t, seed);
        struct answer *a = told_read(&t);
        const struct answer *one = a;
        struct overview *o = overview_new(&one, 1, shipped_rules(), today);
        struct rows_options options;
        struct lines want = {0};
        rows_options_init(&options, &one, 1);
        options.today = today;
        tell_lines(&want, &t);
        sums_equal(&t, o);
        json_equal(&t, a, o, &want);
        text_equal(&t, a, o, &options, &want);
        linear_equal(&t, a, o, &options, &want);
        rows_equal(&t, o, &options);
        drop(&want);
        overview_free(&o);
        answer_free(&a);
    }
}

static int
tell_seed(void **state)
{
    (void)state;
    print_message("last seed: %u\n", seed);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_all_forms_say_what_was_told, tell_seed),
    };
    i18n_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
