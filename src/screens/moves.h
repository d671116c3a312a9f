/* SPDX-License-Identifier: EUPL-1.2
 *
 * Keys that mean the same on every screen of an answer: tabs, the other
 * person, the basis, the next case, one more source, the address, how a wrong
 * piece of data is corrected (UX 2 and 8).
 */
#ifndef ENFRAGA_SCREENS_MOVES_H
#define ENFRAGA_SCREENS_MOVES_H

#include "screens/parts.h"

enum from { FROM_HOUSEHOLD, FROM_OVERVIEW, FROM_PANE, FROM_BASIS };

/* What the key is about: the person, and the source where there is one
 * (SOURCE_COUNT: none). ACT_IGNORED when it is no such key. */
enum act_result moves_act(struct app *app, struct gathered *g, enum from from,
                          int person, enum source_id s, const struct act *act);
bool moves_can(struct app *app, const struct gathered *g, int person,
               enum source_id s, enum action action);

/* The address goes with the next key; true: one was shown. */
bool moves_hide_address(struct gathered *g);

/* The asked person after this one; -1 after the last. */
int moves_next_person(const struct gathered *g, int person);

#endif
