/* SPDX-License-Identifier: EUPL-1.2
 *
 * The screens there are and what they are opened with. Each is one constant;
 * everything else in its file is static. What all of them stand on, the
 * session, is the app's arg.
 */
#ifndef ENFRAGA_SCREENS_SCREENS_H
#define ENFRAGA_SCREENS_SCREENS_H

#include "client/client.h"
#include "screens/gathered.h"
#include "tui/app.h"

/* One user's session; app_arg of the app. Owned by whoever runs the app. */
struct session {
    struct client *client;
    struct gathered_set *gathered; /* gathered_set_new, after app_new */
    struct session_own *own;       /* screens/session.h; NULL in tests */
};

static inline struct session *
session_of(const struct app *app)
{
    return app_arg(app);
}

/* What the program starts the screens with. */
struct screens_args {
    struct client_options client;
    struct term_options term;
    struct app_options app; /* lock, leave, status and arg are set here */
};

/* Fills term and app with the user's own settings (prefs.def): those of
 * enfraga.conf where there is one, else the presets. ERR_CONFIG names file,
 * line and what is allowed. */
enum err_code screens_prefs(struct screens_args *args, struct err *e);

/* Runs the screens on the terminal until the user ends them; the program's
 * exit status. e says why they could not start (ERR_USAGE: no terminal). */
int screens_run(const struct screens_args *args, struct err *e);

/* Ny fråga about client_case_now. arg: struct ask_arg. */
struct ask_arg {
    unsigned persons;          /* bit i: person i of the case is ticked */
    const struct question *as; /* "Samma upplägg": preset of it, or NULL */
};
extern const struct screen_ops ask_screen;

/* Opens what there is of the case's question: Väntar, or the answer. False
 * when nothing has been asked in this session. */
bool answer_open(struct app *app, const char *arende);

/* arg: struct gathered *, which they hold. answer_open chooses. */
extern const struct screen_ops wait_screen;
extern const struct screen_ops household_screen;

/* Hushållet when two adults were asked, else Översikt. */
void answer_show(struct app *app, struct gathered *g, bool replace);
/* The last question of g is over while Väntar is on top: opens the answer, or
 * goes back with the reason when nothing was sent. False: not its gathering. */
bool wait_over(struct app *app, struct gathered *g);

/* One person's view. arg: struct view_arg. */
struct view_arg {
    struct gathered *gathered;
    int person; /* index in gathered->of */
    int tab;    /* 0-9; answer_screen */
};
extern const struct screen_ops overview_screen; /* Översikt */
extern const struct screen_ops answer_screen;   /* tabs 2-9, 0 */
extern const struct screen_ops basis_screen;    /* Underlag; arg: gathered */

/* The rows behind a row. Copied by it. */
struct row;
struct rows_arg {
    struct gathered *gathered;
    int person;
    const struct row *check;       /* of a check, or */
    enum source_id source;         /* of a benefit: source, forman and payer */
    const char *forman, *betalare; /* NULL: all */
    const char *title;
};
extern const struct screen_ops rows_screen;

/* Text of a klarmarkering of ticked checks. arg: struct picture. */
extern const struct screen_ops mark_screen;

#endif
