/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/unit/screens/bench.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/loop.h"
#include "base/text.h"
#include "screens/sourcetext.h"
#include "tests/lib/answers.h"

#include <event2/event.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void client_double_reset(void);

static void *
start_open(struct app *app, void *arg)
{
    (void)app;
    return arg;
}

static void
start_close(struct app *app, void *self)
{
    (void)app;
    (void)self;
}

static void
start_draw(struct app *app, void *self, const struct pane *body)
{
    (void)app;
    (void)self;
    pane_put(body, 0, 1, ROLE_TEXT, "START");
}

static enum act_result
start_act(struct app *app, void *self, const struct act *act)
{
    (void)app;
    (void)self;
    (void)act;
    return ACT_IGNORED;
}

static const struct keymap none;
static const struct screen_ops start = {.name = "Start",
                                        .keymap = &none,
                                        .open = start_open,
                                        .close = start_close,
                                        .draw = start_draw,
                                        .act = start_act};

void
bench_open(struct bench *b, int rows, int cols)
{
    static const struct app_identity id = {"A. Ek (hl0142)", "Sundby",
                                           APP_SKARP};
    i18n_init();
    clock_fix(clock_parse("2026-11-24T14:32:07+01:00"));
    memset(b, 0, sizeof(*b));
    b->base = loop_new();
    struct app_options o = {.arg = &b->session};
    b->app = app_new(b->base, NULL, rows, cols, &o);
    app_identity_set(b->app, &id);
    b->session.gathered = gathered_set_new(b->app, NULL);
    app_push(b->app, &start, b);
}

void
bench_close(struct bench *b)
{
    app_free(&b->app);
    gathered_set_free(&b->session.gathered);
    event_base_free(b->base);
    sourcetext_done();
    client_double_reset();
    clock_fix(0);
}

void
bench_keys(struct bench *b, const char *keys)
{
    char name[16];
    while (*keys) {
        int n = (int)strcspn(keys, " ");
        snprintf(name, sizeof(name), "%.*s", n, keys);
        struct key k = {.code = key_by_name(name)};
        if (k.code == K_NONE)
            fail_msg("no key is called %s", name);
        app_key(b->app, &k);
        event_base_loop(b->base, EVLOOP_NONBLOCK);
        keys += n + (keys[n] == ' ');
    }
}

void
bench_text(struct bench *b, struct buf *out)
{
    event_base_loop(b->base, EVLOOP_NONBLOCK);
    grid_to_text(app_grid(b->app), out);
}

int
bench_find(struct bench *b, const char *text)
{
    AUTO_BUF(all, 1u << 20);
    bench_text(b, &all);
    char *line = all.data;
    for (int row = 0; line && *line; row++) {
        char *end = strchr(line, '\n');
        if (end)
            *end = '\0';
        if (strstr(line, text))
            return row;
        line = end ? end + 1 : NULL;
    }
    return -1;
}

static void
no_row_is_too_wide(const char *text, int cols)
{
    AUTO_BUF(line, 1u << 16);
    for (; *text; text++) {
        if (*text != '\n') {
            buf_addc(&line, *text);
            continue;
        }
        if (text_width(buf_str(&line)) > cols)
            fail_msg("over %d columns: %s", cols, buf_str(&line));
        buf_clear(&line);
    }
}

void
bench_golden(struct bench *b, const char *name)
{
    char path[512];
    const char *dir = getenv("srcdir");
    AUTO_BUF(got, 1u << 20);
    AUTO_BUF(want, 1u << 20);
    bench_text(b, &got);
    no_row_is_too_wide(buf_str(&got), app_cols(b->app));
    snprintf(path, sizeof(path), "%s/tests/unit/screens/%s.screen",
             dir ? dir : ".", name);
    bool update = getenv("ENFRAGA_UPDATE_SCREENS") != NULL;
    FILE *f = fopen(path, update ? "w" : "r");
    if (!f)
        fail_msg("%s is missing; make update-screens writes it", path);
    if (update) {
        fputs(buf_str(&got), f);
        fclose(f);
        return;
    }
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
        buf_add(&want, chunk, n);
    fclose(f);
    assert_string_equal(buf_str(&got), buf_str(&want));
}

void
bench_cursor_holds(struct bench *b)
{
    const struct grid *g = app_grid(b->app);
    if (g->cursor_row < 0)
        fail_msg("the cursor has no place");
    if (g->cursor_row == g->rows - 2 && g->cursor_col == 0)
        return;
    const struct cell *c = grid_cell(g, g->cursor_row, g->cursor_col);
    assert_non_null(c);
    if (c->role == ROLE_FALT)
        return;
    for (int col = 0; col < g->cols; col++) {
        const struct cell *at = grid_cell(g, g->cursor_row, col);
        if (col <= 2 && strcmp(at->text, ">") == 0)
            return;
    }
    fail_msg("the cursor stands on row %d, which has no mark", g->cursor_row);
}

static struct client_person
person(const char *number, const char *namn, enum roll roll, int age)
{
    struct client_person p = {.roll = roll, .age = age};
    snprintf(p.number.digits, sizeof(p.number.digits), "%s", number);
    snprintf(p.namn, sizeof(p.namn), "%s", namn);
    return p;
}

const struct client_case *
bench_case(void)
{
    static struct client_person persons[4];
    static struct client_case k;
    persons[0] =
        person("198503129804", "Lindqvist, Maj-Britt", ROLL_SOKANDE, 41);
    persons[1] =
        person("198307049810", "Persson, Lars Olof", ROLL_MEDSOKANDE, 43);
    persons[2] = person("201411039801", "Persson, Elsa", ROLL_BARN, 12);
    persons[3] = person("201702199819", "Persson, Ture", ROLL_BARN, 9);
    persons[0].asked_ms = persons[1].asked_ms =
        clock_parse("2026-10-20T09:00:00+02:00");
    k = (struct client_case){.open = true,
                             .adults = 2,
                             .children = 2,
                             .opened = true,
                             .n_persons = 4,
                             .persons = persons};
    snprintf(k.arende, sizeof(k.arende), "EK-2026-00417");
    return &k;
}

static struct answer *
partner(void)
{
    struct answer *rich = answers_rich();
    struct question q = rich->question;
    answer_free(&rich);
    snprintf(q.person.digits, sizeof(q.person.digits), "198307049810");
    q.roll = ROLL_MEDSOKANDE;
    struct answer *a = answer_new(&q);
    a->lage = "test";
    a->kontrakt = "v10";
    a->loggpost = 20419;
    return a;
}

static void
add_payment(struct answer *a, const char *date, const char *forman, int kronor,
            enum payment_state st)
{
    struct payment *p = arena_alloc(a->arena, sizeof(*p));
    p->source = SOURCE_FK;
    date_read(&p->date, date);
    p->betalare = "Försäkringskassan";
    p->forman = forman;
    p->state = st;
    p->netto = money_kronor(kronor);
    p->next = a->of[SOURCE_FK].payments;
    a->of[SOURCE_FK].payments = p;
}

struct answer *
bench_partner(void)
{
    static const enum source_state states[SOURCE_COUNT] = {
        [SOURCE_AF] = STATE_SVAR,
        [SOURCE_CSN] = STATE_INGA_UPPGIFTER,
        [SOURCE_FK] = STATE_SVAR,
        [SOURCE_PM] = STATE_INGA_UPPGIFTER,
        [SOURCE_SKV] = STATE_INGA_UPPGIFTER,
        [SOURCE_SO] = STATE_INGA_UPPGIFTER};
    struct answer *a = partner();
    for (int s = SOURCE_AF; s <= SOURCE_SO; s++) {
        a->of[s].state = states[s];
        a->of[s].time_ms = 900 + 200 * s;
        a->of[s].count = states[s] == STATE_SVAR ? 5 : 0;
    }
    add_payment(a, "2026-09-25", "Sjukpenning", 6150, PAYMENT_UTBETALD);
    add_payment(a, "2026-10-23", "Sjukpenning", 4920, PAYMENT_UTBETALD);
    add_payment(a, "2026-11-25", "Sjukpenning", 4920, PAYMENT_PRELIMINAR);
    answer_sort(a);
    return a;
}

struct answer *
bench_partner_failed(void)
{
    struct answer *a = partner();
    source_set asked = answer_asked(&a->question);
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (asked & SOURCE_BIT(s)) {
            a->of[s].state = STATE_TIDSGRANS;
            a->of[s].time_ms = 30000;
        }
    return a;
}

struct gathered *
bench_with(struct bench *b, struct answer **a, int n)
{
    return gathered_with(b->session.gathered, bench_case(), a, n);
}

struct gathered *
bench_gathered(struct bench *b)
{
    struct answer *a[] = {answers_rich(), bench_partner()};
    return bench_with(b, a, 2);
}
