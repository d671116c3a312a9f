/* SPDX-License-Identifier: EUPL-1.2
 *
 * A desk to test the answer's screens on: an app over a grid in memory, a
 * household, and a client whose daemon is the test: it says when a kvitto,
 * a source or the end of a question comes. Time stands still at
 * 2026-11-24 14:32.
 */
#ifndef ENFRAGA_TESTS_SCREENS_BENCH_H
#define ENFRAGA_TESTS_SCREENS_BENCH_H

#include "screens/screens.h"

struct event_base;

struct bench {
    struct event_base *base;
    struct app *app;
    struct session session;
};

/* Swedish texts, mode SKARP, a Start screen at the bottom. */
void bench_open(struct bench *b, int rows, int cols);
void bench_close(struct bench *b);

/* Keys by name, parted by spaces. */
void bench_keys(struct bench *b, const char *keys);
/* The screen as text equals tests/unit/screens/NAME.screen (which
 * ENFRAGA_UPDATE_SCREENS writes anew), and no row passes the right edge. */
void bench_golden(struct bench *b, const char *name);
/* The screen holds the text; the row it first stands on, or -1. */
int bench_find(struct bench *b, const char *text);
void bench_text(struct bench *b, struct buf *out);
/* The cursor stands on the row of ">", a field, or row 23's first word. */
void bench_cursor_holds(struct bench *b);

/* The household of the design's pictures: two adults, two children. */
const struct client_case *bench_case(void);
/* The co-applicant's answer of the design's picture, whole. */
struct answer *bench_partner(void);
/* A partner for whom nothing came. */
struct answer *bench_partner_failed(void);
/* The picture's gathering: both adults, answered. Or: with these answers. */
struct gathered *bench_gathered(struct bench *b);
struct gathered *bench_with(struct bench *b, struct answer **a, int n);

/* The daemon's side of the n-th question asked so far, from 0. */
int bench_asked(void);
const struct question *bench_question(int n);
void bench_kvitto(int n, uint64_t loggpost);
/* The state, time and count of one source of `from`; then its content. */
void bench_state(int n, const struct answer *from, enum source_id s);
void bench_content(int n, const struct answer *from, enum source_id s);
void bench_end(int n, enum err_code code);
int bench_cancelled(void); /* questions cancelled */
int bench_marked(void);    /* klarmarkeringar posted */
const char *bench_mark_text(void);
int bench_addresses(void); /* readings of an address posted */

#endif
