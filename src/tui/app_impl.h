/* SPDX-License-Identifier: EUPL-1.2
 *
 * What app's three files share: app.c has the stack and the messages,
 * app_keys.c what keys do, app_run.c painting and the loop. Internal.
 */
#ifndef ENFRAGA_TUI_APP_IMPL_H
#define ENFRAGA_TUI_APP_IMPL_H

#include "tui/app.h"
#include "tui/form.h"

#include <stdint.h>

struct event;

/* One screen on the stack. */
struct entry {
    const struct screen_ops *ops;
    void *self;
};

#define DEPTH 32

struct message {
    enum message_kind kind;
    char text[320];
    char more[1024];
};

struct prompt {
    void (*done)(struct app *app, void *arg, const char *text);
    void *arg;
    char label[80];
    struct field field;
    struct form form;
};

struct app {
    struct event_base *base;
    struct term *term; /* NULL: tests */
    struct app_options options;
    struct app_identity id;
    struct entry stack[DEPTH], cover;
    int depth;
    struct entry dead[DEPTH]; /* popped; closed when no callback runs */
    int dead_count;
    struct message message, asked; /* shown; shown when F1 was pressed */
    struct prompt prompt;
    char *alarm;
    struct grid *grid;
    int rows, cols;
    bool details, reload;
    int64_t last_key_us, swallow_until_us;
    struct event *paint, *tick, *idle;
    int status;
    bool quit;
};

/* The screen that gets the keys: the cover, else the top; NULL: none. */
struct entry *app_entry(struct app *app);
/* Closes what has been popped; when no callback of a screen runs. */
void app_bury(struct app *app);
/* A key while row 23 asks for a line, and that line's end. */
void app_prompt_key(struct app *app, const struct key *key);
void app_prompt_end(struct app *app, bool taken);

bool app_too_small(const struct app *app);
bool app_typing(struct app *app, const struct entry *e);
bool app_can(struct app *app, const struct entry *e, enum action a);

/* Arms the second's timer where the top screen wants it. */
void app_arm_tick(struct app *app);
/* The topmost screen that is no overlay; -1: none. */
int app_lowest_drawn(const struct app *app);

#endif
