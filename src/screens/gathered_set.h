/* SPDX-License-Identifier: EUPL-1.2
 *
 * The gatherings of a session, one per case, and who is told when one of them
 * changes: the screen that shows it, or the message line when none does. For
 * gathered.c and Ny fråga.
 */
#ifndef ENFRAGA_SCREENS_GATHERED_SET_H
#define ENFRAGA_SCREENS_GATHERED_SET_H

#include "screens/gathered.h"

struct client *gathered_set_client(const struct gathered_set *s);
/* Takes it in; an older one of the same case is let go. */
void gathered_set_put(struct gathered_set *s, struct gathered *g);
/* An event of one person's ask: draws, opens the answer, or says so. */
void gathered_set_event(struct gathered *g, struct gathered_person *p,
                        enum ask_event what, enum source_id source);
/* The reason that holds for a case during the session (UX 6); NULL: none. */
const char *gathered_reason(const struct gathered_set *s, const char *arende);
void gathered_reason_set(struct gathered_set *s, const char *arende,
                         const char *reason);
/* A client_done that tells the user when the entry was refused. arg: the
 * set. */
void gathered_set_posted(void *arg, enum err_code code, const struct err *e);

#endif
