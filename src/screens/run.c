/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/loop.h"
#include "base/mem.h"
#include "base/text.h"
#include "screens/session.h"
#include "screens/sourcetext.h"
#include "tui/term.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- who and where ---- */

/* "Anna Ek" and "hl0142" to "A. Ek (hl0142)". */
static void
short_name(const struct client_me *me, char *out, size_t size)
{
    const char *last = strrchr(me->namn, ' ');
    int first = (int)text_fit(me->namn, 1);
    if (last && first > 0)
        snprintf(out, size, "%.*s. %s (%s)", first, me->namn, last + 1,
                 me->konto);
    else if (me->namn[0])
        snprintf(out, size, "%s (%s)", me->namn, me->konto);
    else
        snprintf(out, size, "%s", me->konto);
}

static void
short_kommun(const char *kommun, char *out, size_t size)
{
    const char *end = strstr(kommun, " kommun");
    int n = end && !end[7] ? (int)(end - kommun) : (int)strlen(kommun);
    snprintf(out, size, "%.*s", n, kommun);
}

static enum app_mode
mode_of(enum grant_mode m)
{
    return m == MODE_SKARP ? APP_SKARP : m == MODE_TEST ? APP_TEST : APP_OVNING;
}

/* Without a witness: a warning, and then a stop (AUDIT 6). */
static const char *
witness_alarm(const struct client_status *s)
{
    if (!strcmp(s->witness, "hard"))
        return _("No witness for too long: nothing can be asked before a chef "
                 "extends (enfraga logg forlang).");
    if (!strcmp(s->witness, "mjuk"))
        return _("The log's witness does not answer. Tell the "
                 "systemansvarig.");
    return NULL;
}

void
session_known(struct app *app)
{
    struct client *c = session_of(app)->client;
    const struct client_status *s = client_status(c);
    struct app_identity id = {.mode = mode_of(s->mode)};
    static bool timed;
    if (s->mode != MODE_SKARP && !timed) /* a test may fix the time */
        clock_from_env();
    timed = true;
    short_name(client_me(c), id.who, sizeof id.who);
    short_kommun(s->kommun, id.kommun, sizeof id.kommun);
    app_identity_set(app, &id);
    app_alarm(app, s->log_ok ? witness_alarm(s)
                   : s->log_text[0]
                       ? s->log_text
                       : _("The log does not hold. Change nothing. Call the "
                           "systemansvarig."));
}

bool
session_signed(const struct app *app)
{
    return client_me(session_of(app)->client)->forsakran == FORSAKRAN_GILTIG;
}

bool
session_knows_passphrase(const struct app *app)
{
    const struct client *c = session_of(app)->client;
    return client_me(c)->has_losen && client_status(c)->mode != MODE_SKARP;
}

/* ---- opening ---- */

static void
opened(void *arg, enum err_code code, const struct err *e)
{
    struct app *app = arg;
    struct session_own *own = session_own(app);
    own->state = code ? SESSION_FAILED : SESSION_SHUT;
    own->code = code;
    if (code) {
        own->err = *e;
        app_reload(app);
        return;
    }
    if (client_status(session_of(app)->client)->mode != MODE_SKARP)
        clock_from_env();
    session_known(app);
    if (!session_signed(app))
        app_push(app, &forsakran_screen, NULL);
    app_reload(app);
}

void
session_start(struct app *app)
{
    struct session *s = session_of(app);
    gathered_set_free(&s->gathered);
    client_free(&s->client);
    s->own->state = SESSION_OPENING;
    s->client = client_new(s->own->base, &s->own->args->client, opened, app);
    s->gathered = gathered_set_new(app, s->client);
}

/* ---- the passphrase ---- */

struct unlocking {
    struct app *app;
    void (*done)(struct app *app, enum err_code code);
};

static void
unlocked(void *arg, enum err_code code, const struct err *e)
{
    struct unlocking u = *(struct unlocking *)arg;
    struct session_own *own = session_own(u.app);
    free(arg);
    own->unlocking = false;
    own->wrong = code == ERR_PASSPHRASE ? own->wrong + 1 : 0;
    if (!code)
        own->state = SESSION_OPEN;
    else
        own->err = *e;
    if (own->wrong >= SESSION_TRIES)
        app_quit(u.app, err_row(ERR_PASSPHRASE)->exit);
    u.done(u.app, code);
}

void
session_unlock(struct app *app, const char *passphrase,
               void (*done)(struct app *app, enum err_code code))
{
    struct session_own *own = session_own(app);
    if (own->unlocking)
        return;
    struct unlocking *u = mem_alloc(sizeof *u);
    *u = (struct unlocking){app, done};
    own->unlocking = true;
    bool file = !*passphrase && session_knows_passphrase(app);
    client_unlock(session_of(app)->client, file ? NULL : passphrase, unlocked,
                  u);
}

void
session_wrong_text(const struct app *app, char *out, int size)
{
    int left = SESSION_TRIES - session_own(app)->wrong;
    snprintf(out, (size_t)size,
             left == 1 ? _("The passphrase is not right. One try left, then "
                           "the session ends.")
                       : _("The passphrase is not right. Two tries left, then "
                           "the session ends."));
}

/* ---- lock and end ---- */

void
session_lock(struct app *app, void *arg, bool lost)
{
    struct session *s = arg;
    if (lost) { /* nobody is left to open it */
        app_quit(app, 0);
        return;
    }
    if (s->own->state != SESSION_OPEN)
        return;
    s->own->locked_ms = clock_now_ms();
    s->own->dropped = false;
    client_lock(s->client);
    if (app_term(app))
        term_wipe(app_term(app));
    app_cover(app, &lock_screen, NULL);
}

static void
show_status(struct app *app, void *arg)
{
    struct session *s = arg;
    if (s->own->state != SESSION_OPENING && !app_find(app, &status_screen))
        app_push(app, &status_screen, NULL);
}

/* ---- small texts ---- */

void
session_when(int64_t ms, char *out, int size)
{
    char day[11], today[11], at[6];
    out[0] = '\0';
    if (ms <= 0)
        return;
    clock_date(ms, day);
    clock_date(clock_now_ms(), today);
    clock_hhmm(ms, at);
    if (!strcmp(day, today))
        snprintf(out, (size_t)size, _("%s today"), at);
    else
        snprintf(out, (size_t)size, "%s %s", day, at);
}

const char *
session_source(enum source_id s)
{
    return s == SOURCE_SKV  ? source_row(s)->authority
           : s == SOURCE_SO ? source_row(s)->tab
                            : source_row(s)->label;
}

const char *
session_available(int state)
{
    static const char *const words[] = {N_("ready"), N_("fault"),
                                        N_("not tested"), N_("not known")};
    return _(words[state >= 0 && state < 4 ? state : 3]);
}

/* ---- the program ---- */

static void
no_key(void *arg, const struct key *key)
{
    (void)arg, (void)key;
}

int
screens_run(const struct screens_args *args, struct err *e)
{
    static const struct term_calls none = {.key = no_key};
    struct event_base *base = loop_new();
    struct term *term = NULL;
    if (!base)
        return err_row(err_set(e, ERR_INTERNAL, "%s", "libevent"))->exit;
    enum err_code code = term_open(base, &args->term, &none, NULL, &term, e);
    if (code) {
        event_base_free(base);
        return err_row(code)->exit;
    }
    struct session_own own = {.args = args, .base = base};
    struct session session = {.own = &own};
    struct app_options options = args->app;
    options.lock = session_lock;
    options.status = show_status;
    options.arg = &session;
    struct app *app = app_new(base, term, 0, 0, &options);
    own.app = app;
    struct app_identity id = {.mode = args->client.ovning ? APP_OVNING
                                                          : APP_UNKNOWN};
    app_identity_set(app, &id);
    app_push(app, &start_screen, NULL);
    /* The first picture goes out before enfragad is looked for. */
    event_base_loop(base, EVLOOP_NONBLOCK);
    session_start(app);
    int status = app_run(app);
    app_clear(app);
    gathered_set_free(&session.gathered);
    app_free(&app);
    term_close(&term); /* before the child is waited for */
    client_free(&session.client);
    sourcetext_done();
    event_base_free(base);
    return status;
}
