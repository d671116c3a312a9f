/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfragad as SSBTEK for other systems (DESIGN 5): a SOAP question by an
 * account with the role system, in the name of a handläggare, by the same road
 * (request.c), the same grant and the same log as any other; its answer is
 * each authority's bytes, compiled and not interpreted.
 */
#ifndef ENFRAGA_DAEMON_SSBTEK_H
#define ENFRAGA_DAEMON_SSBTEK_H

#include "daemon/daemon.h"
#include "wire/compile.h"
#include "wire/served.h"

struct ssbtek_call {
    struct served asked;
    struct account system; /* who calls, once a handläggare is named */
    bool named;
    enum err_code unread; /* not a call that SSBTEK takes */
};
void ssbtek_call_free(struct ssbtek_call **s);

/* Reads the call. On the loop; never fails without t->soap. */
enum err_code ssbtek_read(struct task *t);

/* The handläggare whom the question names becomes t->account. On the
 * register's worker, the caller known. */
enum err_code ssbtek_name(struct task *t);

/* Is it a question, that needs an intent? */
bool ssbtek_asks(const struct task *t);

/* Makes our own question of it and judges it by the grant. */
enum err_code ssbtek_check(struct task *t);

/* The intent, by enfragad's own key. */
void ssbtek_record(struct task *t, log_done *done);

/* The intent stands, or it is the test call. Ends the task. */
void ssbtek_act(struct task *t);

/* Answers with a fault, and ends the task. */
void ssbtek_refuse(struct task *t, enum err_code code, const struct err *e);

/* The same for a question under way. */
void ssbtek_fault(struct exchange *x, const struct ssbtek_call *s,
                  enum err_code code);

/* The whole answer; ends the exchange. */
void ssbtek_reply(struct exchange *x, int status, const struct buf *body);

/* The answer's bytes: each asked source is final. Returns the HTTP status. */
int ssbtek_compile(struct buf *out, const struct ssbtek_call *s,
                   struct run *run, const struct upstream *up,
                   const void *question, size_t n);

/* A fault's bytes; e may be NULL. */
void ssbtek_put_fault(struct buf *out, const struct ssbtek_call *s,
                      enum err_code code, const struct err *e);

#endif
