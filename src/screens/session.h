/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the general screens share: the session's own state, how it opens,
 * locks and ends, and small texts. Not for others; screens.h is.
 */
#ifndef ENFRAGA_SCREENS_SESSION_H
#define ENFRAGA_SCREENS_SESSION_H

#include "screens/screens.h"

#include <stdint.h>

enum session_state {
    SESSION_OPENING, /* enfragad is being reached, or started */
    SESSION_FAILED,  /* it was not: err says why */
    SESSION_SHUT,    /* waits for the passphrase or the försäkran */
    SESSION_OPEN
};

enum { SESSION_TRIES = 3, SESSION_KEEP_MIN = 30 };

struct session_own {
    const struct screens_args *args;
    struct event_base *base;
    struct app *app;
    enum session_state state;
    enum err_code code; /* SESSION_FAILED */
    struct err err;
    bool unlocking;
    int wrong;         /* passphrases in a row that were not right */
    int64_t locked_ms; /* 0: not locked */
    bool dropped;      /* the lock's time passed: answers are gone */
};

static inline struct session_own *
session_own(const struct app *app)
{
    return session_of(app)->own;
}

/* Reaches enfragad (again); Start shows how it goes. */
void session_start(struct app *app);

/* Opens with the passphrase; "" takes it from the file where there is one.
 * `done` is told; counts wrong ones and ends the program at the third. */
void session_unlock(struct app *app, const char *passphrase,
                    void (*done)(struct app *app, enum err_code code));

/* Status and me are known anew: row 1, the log's alarm. */
void session_known(struct app *app);

/* The försäkran holds: questions can be asked. */
bool session_signed(const struct app *app);

/* Training and test: the passphrase is in a file, Enter is enough. */
bool session_knows_passphrase(const struct app *app);

/* "Two tries left, then the session ends." and so on, for a wrong one. */
void session_wrong_text(const struct app *app, char *out, int size);

void session_lock(struct app *app, void *arg, bool lost);

/* "06:00 idag", "2026-11-20", for people; "" for 0. */
void session_when(int64_t ms, char *out, int size);

/* A source as it is called in short rows: "AF", "Skatteverket", "A-kassor". */
const char *session_source(enum source_id s);

/* One line for each source of the last ping: "klar", "fel", "provas inte". */
const char *session_available(int state);

/* Opens a case (an entry läsning); `ask`: Ny fråga on top of it at once. */
void case_open(struct app *app, const char *arende, bool ask);

extern const struct screen_ops start_screen, case_screen, forsakran_screen,
    own_log_screen, support_screen, status_screen, lock_screen;

/* arg of own_log_screen. */
struct own_log_arg {
    bool questions_only; /* Tidigare frågor */
    const char *arende;  /* of one case, or NULL */
};

#endif
