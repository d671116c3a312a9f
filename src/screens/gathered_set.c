/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "screens/gathered_set.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "screens/parts.h"
#include "screens/screens.h"
#include "tui/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROBE_EVERY_MS = 300000 };

struct reason {
    char arende[ARENDE_MAX + 1];
    char text[256];
};

struct gathered_set {
    struct app *app;
    struct client *client;
    int n;
    struct gathered **of;
    int n_reasons;
    struct reason *reasons;
    int64_t probed_ms;
    bool probing;
};

struct gathered_set *
gathered_set_new(struct app *app, struct client *client)
{
    struct gathered_set *s = mem_alloc(sizeof(*s));
    s->app = app;
    s->client = client;
    return s;
}

void
gathered_drop(struct gathered_set *s)
{
    for (int i = 0; i < s->n; i++)
        gathered_release(&s->of[i]);
    s->n = 0;
    if (s->reasons)
        mem_wipe(s->reasons, s->n_reasons * sizeof(*s->reasons));
    free(s->reasons);
    s->reasons = NULL;
    s->n_reasons = 0;
}

const char *
gathered_reason(const struct gathered_set *s, const char *arende)
{
    for (int i = 0; i < s->n_reasons; i++)
        if (strcmp(s->reasons[i].arende, arende) == 0)
            return s->reasons[i].text;
    return NULL;
}

void
gathered_reason_set(struct gathered_set *s, const char *arende,
                    const char *reason)
{
    struct reason *r = NULL;
    for (int i = 0; i < s->n_reasons; i++)
        if (strcmp(s->reasons[i].arende, arende) == 0)
            r = &s->reasons[i];
    if (!r) {
        s->reasons =
            mem_grow(s->reasons, s->n_reasons + 1, sizeof(*s->reasons));
        r = &s->reasons[s->n_reasons++];
        snprintf(r->arende, sizeof(r->arende), "%s", arende);
    }
    snprintf(r->text, sizeof(r->text), "%s", reason);
}

void
gathered_set_free(struct gathered_set **s)
{
    if (!*s)
        return;
    gathered_drop(*s);
    free((*s)->of);
    free(*s);
    *s = NULL;
}

struct client *
gathered_set_client(const struct gathered_set *s)
{
    return s->client;
}

struct app *
gathered_app(const struct gathered *g)
{
    return g->set->app;
}

struct gathered *
gathered_find(const struct gathered_set *s, const char *arende)
{
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->of[i]->arende, arende) == 0)
            return s->of[i];
    return NULL;
}

void
gathered_set_put(struct gathered_set *s, struct gathered *g)
{
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->of[i]->arende, g->arende) == 0) {
            gathered_cancel(s->of[i]);
            gathered_release(&s->of[i]);
            s->of[i] = g;
            return;
        }
    s->of = mem_grow(s->of, s->n + 1, sizeof(*s->of));
    s->of[s->n++] = g;
}

enum gathered_state
gathered_state(const struct gathered_set *s, const char *arende)
{
    const struct gathered *g = gathered_find(s, arende);
    if (!g)
        return GATHERED_NONE;
    if (gathered_running(g) && !g->seen)
        return GATHERED_ASKING;
    return g->seen ? GATHERED_SEEN : GATHERED_READY;
}

/* Said on row 23 while Väntar is on top: what did not come, at once. */
static void
say_source(struct app *app, const struct gathered_person *p, enum source_id s)
{
    const struct answer *a = ask_answer(p->ask);
    enum source_state st = a->of[s].state;
    char text[160], role[40];
    AUTO_BUF(label, 64);
    if (st == STATE_VANTAR || state_row(st)->whole)
        return;
    parts_who(p->owner, (int)(p - p->owner->of), WHO_LOWER, role, sizeof(role));
    parts_small(&label, rows_state_label(st));
    snprintf(text, sizeof(text), _("%s, %s: %s. Unknown, not zero."),
             source_row(s)->authority, role, buf_str(&label));
    app_message(app, MSG_OBS, text, NULL);
}

static void
say_ready(struct app *app, const struct gathered *g)
{
    char text[120], at[6];
    if (!client_unlocked(g->set->client))
        return;
    clock_hhmm(g->done_ms, at);
    snprintf(text, sizeof(text), _("Answer ready in %s, %s."), g->arende, at);
    app_message(app, MSG_KLART, text, NULL);
}

/* A retry is over: what it changed, in one sentence. */
static void
say_retry(struct app *app, const struct gathered *g)
{
    int missing = gathered_missing(g);
    char text[120];
    for (int i = 0; i < g->n; i++)
        if (g->of[i].code != ERR_OK) {
            app_error(app, g->of[i].code, &g->of[i].err);
            return;
        }
    if (missing == 0) {
        app_message(app, MSG_KLART, _("All sources have answered now."), NULL);
        return;
    }
    snprintf(text, sizeof(text),
             ngettext("%d piece is still missing: unknown, not zero.",
                      "%d pieces are still missing: unknown, not zero.",
                      missing),
             missing);
    app_message(app, MSG_OBS, text, NULL);
}

void
gathered_set_event(struct gathered *g, struct gathered_person *p,
                   enum ask_event what, enum source_id source)
{
    struct app *app = g->set->app;
    bool end = what == ASK_KLAR || what == ASK_FAILED;
    bool over = end && !gathered_running(g);
    if (app_top(app) == &wait_screen) {
        if (what == ASK_KALLA && p->ask && source < SOURCE_COUNT)
            say_source(app, p, source);
        if (over && wait_over(app, g))
            return;
    } else if (over && g->seen) {
        say_retry(app, g);
    } else if (over) {
        say_ready(app, g);
    }
    app_redraw(app);
}

void
gathered_watch(struct gathered *g, enum source_id s)
{
    g->watched |= SOURCE_BIT(s);
    gathered_touch(g);
}

void
gathered_set_posted(void *arg, enum err_code code, const struct err *e)
{
    struct gathered_set *s = arg;
    if (code != ERR_OK)
        app_error(s->app, code, e);
    app_redraw(s->app);
}

static void
probed(void *arg, enum err_code code, const struct err *e)
{
    struct gathered_set *s = arg;
    (void)e;
    s->probing = false;
    if (code != ERR_OK)
        return;
    const struct client_status *st = client_status(s->client);
    for (int i = 0; i < s->n; i++)
        for (int k = 0; k < SOURCE_COUNT; k++) {
            struct gathered *g = s->of[i];
            char text[120];
            if (!(g->watched & SOURCE_BIT(k)) || st->available[k] != 0)
                continue;
            g->watched &= ~SOURCE_BIT(k);
            snprintf(text, sizeof(text), _("%s answers again. Case %s."),
                     source_row(k)->authority, g->arende);
            app_message(s->app, MSG_KLART, text, NULL);
        }
    app_redraw(s->app);
}

void
gathered_tick(struct gathered_set *s)
{
    source_set any = 0;
    for (int i = 0; i < s->n; i++)
        any |= s->of[i]->watched;
    int64_t now = clock_boot_ms();
    if (!any || s->probing || now - s->probed_ms < PROBE_EVERY_MS)
        return;
    s->probed_ms = now;
    s->probing = true;
    client_probe(s->client, probed, s);
}
