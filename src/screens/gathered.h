/* SPDX-License-Identifier: EUPL-1.2
 *
 * The questions of this session and what came back. A gathering is one
 * case's question to one or more persons, asked side by side; it lives in
 * memory only, goes on while other screens are shown, and takes retries into
 * the same answers (UX 7). It draws nothing: screens read it, and are told by
 * the app to redraw when it changes.
 */
#ifndef ENFRAGA_SCREENS_GATHERED_H
#define ENFRAGA_SCREENS_GATHERED_H

#include "client/client.h"
#include "domain/overview.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;
struct gathered_set;

enum { GATHERED_PERSONS = 16, GATHERED_REASONS = 4 };

/* One person of the household. */
struct gathered_person {
    struct gathered *owner;
    struct client_person person; /* as when the question was put */
    bool asked;
    struct question question; /* the first one */
    struct ask *ask;          /* running, or NULL */
    struct ask *spent[4];     /* done with; freed outside of their events */
    bool retry;               /* the running one asks again or adds */
    struct answer *answer;    /* NULL while the first one runs */
    enum err_code code;       /* of the last ask */
    struct err err;
    bool shown[SOURCE_COUNT];           /* content is here (else: opens) */
    int failed[SOURCE_COUNT];           /* how many times in a row */
    int64_t failed_ms[SOURCE_COUNT][2]; /* first and last time it failed */
    int done_posted;                    /* checks marked and sent to the log */
    bool address;                       /* shown until the next key */
};

struct gathered {
    struct gathered_set *set;
    int refs;
    char arende[ARENDE_MAX + 1];
    int n;
    struct gathered_person of[GATHERED_PERSONS];
    int64_t asked_ms, done_ms; /* done_ms 0: not all have answered */
    bool seen;                 /* an answer screen has shown it */
    bool slow_said;            /* the 7 s message has been given */
    source_set watched;
    /* The picture; who[i] is the index in `of` of overview's person i. */
    unsigned version;          /* counts what has come */
    struct overview *overview; /* gathered_overview makes it; may be NULL */
    const struct answer *answers[GATHERED_PERSONS];
    int n_who, who[GATHERED_PERSONS];
    int n_done;
    uint64_t *done_keys; /* klarmarkerade: check keys mixed with the person */
};

/* What Start and the case say of a case. */
enum gathered_state {
    GATHERED_NONE,
    GATHERED_ASKING, /* "frågar" */
    GATHERED_READY,  /* "svar klart": not looked at yet */
    GATHERED_SEEN
};

/* One per session, kept in struct session. The app must outlive it. */
struct gathered_set *gathered_set_new(struct app *app, struct client *client);
/* Cancels what runs and drops all; clears. */
void gathered_set_free(struct gathered_set **s);
/* Drops every answer (the lock's 30 minutes); screens must be gone. What runs
 * is cancelled. */
void gathered_drop(struct gathered_set *s);

enum gathered_state gathered_state(const struct gathered_set *s,
                                   const char *arende);
/* The case's gathering or NULL; borrowed. */
struct gathered *gathered_find(const struct gathered_set *s,
                               const char *arende);
/* Open checks, all persons; -1: no answer yet. */
int gathered_checks(struct gathered *g);
/* Sources without a whole answer, all asked persons. */
int gathered_missing(const struct gathered *g);

/* Asks: one question per person in `qs` (n of them, each about another
 * person of k). An older gathering of the case is let go. */
struct gathered *gathered_ask(struct gathered_set *s,
                              const struct client_case *k,
                              const struct question *qs, int n);
/* A gathering of answers that are there (tests, training). Takes answers. */
struct gathered *gathered_with(struct gathered_set *s,
                               const struct client_case *k,
                               struct answer **answers, int n);
/* Asks again what failed, for every asked person, only that; the number of
 * questions sent. */
int gathered_again(struct gathered *g);
/* Adds sources to one person's answer: an ordinary question (UX 7, `t`). */
void gathered_add(struct gathered *g, int person, source_set sources,
                  const char *skal);
void gathered_cancel(struct gathered *g); /* keeps what came */
bool gathered_running(const struct gathered *g);

/* Any source about anyone of the household says protected. */
bool gathered_shielded(const struct gathered *g);
/* Addresses and places may be shown: AF, CSN and FK have answered for every
 * asked person and no one is protected (UX 8). */
bool gathered_places_open(const struct gathered *g);

/* A check about a person (index in `of`): dealt with, in this session. */
bool gathered_is_done(const struct gathered *g, int person,
                      const struct check *c);
void gathered_mark(struct gathered *g, int person, const struct check *c);
/* Writes the entry for one person after marks (client_mark_done). */
void gathered_post_done(struct gathered *g, int person, const char *text);

/* Lets Start say when the source answers again (UX 7, Bevaka): Start calls
 * gathered_tick each second, which asks the test call every fifth minute. */
void gathered_watch(struct gathered *g, enum source_id s);
void gathered_tick(struct gathered_set *s);

/* The picture of all asked persons, made anew when something has come; never
 * NULL once someone was asked. Borrowed until the next event. */
const struct overview *gathered_overview(struct gathered *g);

/* Something of it is shown in another way: the pictures are made anew. */
void gathered_touch(struct gathered *g);
struct app *gathered_app(const struct gathered *g);

/* Holds it while a screen shows it. */
struct gathered *gathered_hold(struct gathered *g);
void gathered_release(struct gathered **g);

/* The answer to show for a person: taken, or the running ask's own; NULL
 * when not asked. */
const struct answer *gathered_answer(const struct gathered *g, int person);
/* A source's state as shown: while a retry runs its sources wait. */
enum source_state gathered_source(const struct gathered *g, int person,
                                  enum source_id s);
/* The strip's symbol: ":" waiting, "+" all, "%" something, "!" none, ".". */
char gathered_symbol(const struct gathered *g, int person);
int gathered_adults(const struct gathered *g); /* asked ones */
int gathered_first(const struct gathered *g);  /* first asked person */

#endif
