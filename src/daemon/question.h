/* SPDX-License-Identifier: EUPL-1.2
 *
 * The question's own road in enfragad: prepared before its intent is written,
 * begun after, closed by its outcome.
 */
#ifndef ENFRAGA_DAEMON_QUESTION_H
#define ENFRAGA_DAEMON_QUESTION_H

#include "daemon/daemon.h"

struct asking;

/* Makes every request of q ready, so that what cannot be strictly valid is
 * refused before anything is written. Pure; any thread. */
enum err_code question_prepare(struct daemon *d, const struct question *q,
                               struct asking **out, struct err *e);
void question_drop(struct asking **a);

/* The intent is committed: kvitto, send, stream. Ends the task. */
void question_begin(struct task *t);

/* An account with a question whose outcome could not be stored asks no more
 * until it is (AUDIT 9): ERR_LOG in t->code. */
void question_stored_check(struct task *t);

/* At a stop: interrupts what is under way, as if each client had left. */
void question_cancel_all(struct daemon *d);

/* After that: abandons what could not be written; the next start
 * says okand-utfall. */
void question_stop_all(struct daemon *d);

#endif
