/* SPDX-License-Identifier: EUPL-1.2
 *
 * The way out to the terminal, so that one which has stopped taking bytes (a
 * stalled line, a stopped reader) never holds the loop: ncurses writes into
 * memory, and what it wrote goes on as the terminal takes it. Internal to tui;
 * what is painted, and when, is tui/term's.
 */
#ifndef ENFRAGA_TUI_OUTLET_H
#define ENFRAGA_TUI_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct event_base;
struct outlet;

/* For newterm: stdout by a descriptor of its own. `empty` is called when what
 * had waited has gone out. NULL: no descriptor, or no loop. */
struct outlet *outlet_new(struct event_base *base, void (*empty)(void *arg),
                          void *arg);
FILE *outlet_file(const struct outlet *o);

/* From here on ncurses writes into memory. Its modes are set before. */
bool outlet_catch(struct outlet *o);

/* Sends what ncurses has written, then these bytes (NULL: none). */
void outlet_send(struct outlet *o, const void *p, size_t n);

/* Something waits: another paint would only make the queue longer. */
bool outlet_waits(const struct outlet *o);

/* Gives what waits a second, then drops it. After delscreen no more. */
void outlet_free(struct outlet **o, bool send);

#endif
