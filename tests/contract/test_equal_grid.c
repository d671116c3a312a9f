/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: the cells of the screens hold what was told. Answers are drawn as
 * in test_equal, shown on a terminal in memory tall enough for all of it, and
 * each payment is a line of its pane, with its date and its kronor; the sums
 * of M-2, M-1 and M stand in Översikt. 100 answers in `make check`, 1 000
 * with ENFRAGA_LONG. Leaves out: amounts wider than a column.
 */
#include "config.h"

#include "tests/contract/told.h"

#include "base/i18n.h"
#include "base/text.h"
#include "tests/unit/screens/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FEW = 100, MANY = 1000, ROWS = 120, COLS = 100, MAX = 8 << 20 };

static unsigned seed; /* of the answer at hand */

/* Amounts that a column of the months has room for. */
static void
make_narrow(struct told *t)
{
    for (int i = 0; i < t->n; i++)
        t->of[i].netto.ore %=
            t->of[i].source == SOURCE_PM || t->of[i].source == SOURCE_CSN
                ? 100000
                : 99999;
    for (int i = 0; i < t->n; i++) /* they would no longer be pairs */
        t->of[i].pm = t->of[i].twin = false;
}

/* --- lines of the grid --- */

struct screen {
    char *line[ROWS];
    bool used[ROWS];
    int n;
};

static void
take_screen(struct screen *s, struct bench *b, struct buf *text)
{
    text->len = 0;
    bench_text(b, text);
    buf_str(text);
    *s = (struct screen){0};
    for (char *at = text->data; *at && s->n < ROWS;) {
        char *end = strchr(at, '\n');
        s->line[s->n++] = at;
        if (!end)
            break;
        *end = '\0';
        at = end + 1;
    }
    for (int i = 0; i < s->n; i++) {
        size_t n = strlen(s->line[i]);
        while (n && s->line[i][n - 1] == ' ')
            s->line[i][--n] = '\0';
    }
}

static bool
ends_with(const char *s, size_t n, const char *tail)
{
    size_t k = strlen(tail);
    return n > k && !memcmp(s + n - k, tail, k) && s[n - k - 1] == ' ';
}

/* Bytes of the first `cols` columns; all letters here are one wide. */
static size_t
bytes_of(const char *s, int cols)
{
    size_t n = 0;
    for (; s[n] && cols > 0; cols--)
        for (n++; ((unsigned char)s[n] & 0xc0) == 0x80;)
            n++;
    return n;
}

static bool
is_payment(const char *line)
{
    const char *none = _("no date");
    struct date d;
    char day[11];
    if (strlen(line) < 13)
        return false;
    snprintf(day, sizeof day, "%.10s", line + 3);
    return (strspn(day, "0123456789-") == 10 && date_read(&d, day)) ||
           !strncmp(line + 3, none, strlen(none));
}

static void
find_payment(struct screen *s, const struct told_payment *p)
{
    char day[11], sum[32];
    date_text(p->date, day);
    money_kronor_text(p->netto, sum);
    const char *first = day[0] ? day : _("no date");
    for (int i = 0; i < s->n; i++)
        if (!s->used[i] && is_payment(s->line[i]) &&
            !strncmp(s->line[i] + 3, first, strlen(first)) &&
            ends_with(s->line[i], strlen(s->line[i]), sum)) {
            s->used[i] = true;
            return;
        }
    for (int i = 0; i < s->n; i++)
        print_message("%s\n", s->line[i]);
    fail_msg("no %s %s", first, sum);
}

static void
pane_equal(struct bench *b, const struct told *t, enum source_id id,
           const char *key)
{
    AUTO_BUF(text, 1u << 20);
    struct screen s;
    bench_keys(b, key);
    take_screen(&s, b, &text);
    for (int i = 0; i < t->n; i++)
        if (t->of[i].source == id && told_comes(t, &t->of[i]))
            find_payment(&s, &t->of[i]);
    for (int i = 0; i < s.n; i++)
        if (is_payment(s.line[i]) && !s.used[i])
            fail_msg("nobody told: %s", s.line[i]);
}

/* The cell of a month ends at its column. */
static void
cell_equal(const char *line, int end, const struct told *t, struct month m)
{
    int64_t paid = 0;
    char sum[32];
    for (int i = 0; i < t->n; i++) {
        const struct told_payment *p = &t->of[i];
        if (told_comes(t, p) && p->class == TOLD_PAID && p->netto.given &&
            p->date.year == m.year && p->date.month == m.month)
            paid += p->netto.ore;
    }
    money_kronor_text((struct money){paid, true}, sum);
    size_t n = bytes_of(line, end);
    if (!strcmp(sum, "0") && ends_with(line, n, "?")) /* not zero */
        return;
    if (!ends_with(line, n, sum))
        fail_msg("no %s at %d: %s", sum, end, line);
}

static void
overview_equal(struct bench *b, const struct told *t)
{
    AUTO_BUF(text, 1u << 20);
    struct screen s;
    take_screen(&s, b, &text);
    for (int i = 0; i < s.n; i++) {
        const char *line = s.line[i];
        if (!strstr(line, _("Sum from the sources")))
            continue;
        cell_equal(line, 30, t, (struct month){2026, 9});
        cell_equal(line, 39, t, (struct month){2026, 10});
        cell_equal(line, 62, t, (struct month){2026, 11});
        return;
    }
    fail_msg("no sum");
}

static void
test_the_grid_shows_what_was_told(void **state)
{
    (void)state;
    unsigned turns = getenv("ENFRAGA_LONG") ? MANY : FEW;
    static struct told t;
    for (seed = 1; seed <= turns; seed++) {
        struct bench b;
        told_draw(&t, seed);
        make_narrow(&t);
        bench_open(&b, ROWS, COLS);
        struct answer *a[] = {told_read(&t)};
        answer_show(b.app, bench_with(&b, a, 1), false);
        overview_equal(&b, &t);
        pane_equal(&b, &t, SOURCE_CSN, "3");
        pane_equal(&b, &t, SOURCE_FK, "4");
        pane_equal(&b, &t, SOURCE_PM, "5");
        pane_equal(&b, &t, SOURCE_SO, "7");
        bench_close(&b);
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
        cmocka_unit_test_teardown(test_the_grid_shows_what_was_told, tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
