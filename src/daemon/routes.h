/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the addresses share: handlers that write entries (entries.c, access.c),
 * and small JSON helpers.
 */
#ifndef ENFRAGA_DAEMON_ROUTES_H
#define ENFRAGA_DAEMON_ROUTES_H

#include "daemon/daemon.h"
#include "daemon/question.h"

/* Takes o's text into t->out and frees o. */
void routes_put(struct task *t, cJSON *o);
/* An ISO time, or null for 0. */
void routes_time(cJSON *o, const char *name, int64_t ms);

/* Adds `loggpost` and `kvitto` of the task's entry. */
void routes_receipt(cJSON *o, const struct task *t);

/* Checks, on the register's worker. */
enum err_code entries_cases(struct task *t);
enum err_code entries_search(struct task *t);
enum err_code entries_open(struct task *t);
enum err_code entries_ask(struct task *t);
enum err_code entries_grant(struct task *t); /* t->question, by the grant */
enum err_code entries_forsakran(struct task *t);
enum err_code entries_mark(struct task *t);
enum err_code entries_reading(struct task *t);
enum err_code entries_extend(struct task *t);

/* Recipients of the log's boxes (recipient.c). */
enum err_code recipient_check(struct task *t);
void recipient_act(struct task *t);
void recipient_list_act(struct task *t);

/* Users' entry keys (keychange.c): signed by the one before, asked for,
 * attested by a chef, those that wait, and the CA of users' certificates. */
enum err_code keychange_check(struct task *t);
void keychange_act(struct task *t);
enum err_code keychange_ask_check(struct task *t);
void keychange_ask_act(struct task *t);
enum err_code keychange_attest_check(struct task *t);
enum err_code keychange_list(struct task *t);
enum err_code keychange_ca(struct task *t);

/* Gallring (gallring.c). */
enum err_code gallring_check(struct task *t);
void gallring_act(struct task *t);
void gallring_plan_act(struct task *t);
void gallring_list_act(struct task *t);

/* Reviews (review.c). */
enum err_code review_check(struct task *t);
enum err_code review_verdict_check(struct task *t);
void review_act(struct task *t);
void review_list_act(struct task *t);
void review_page_act(struct task *t);

/* Acts, on the loop, the entry committed. */
void entries_cases_act(struct task *t);
void entries_open_act(struct task *t);
void entries_forsakran_act(struct task *t);
void entries_withdrawn_act(struct task *t);
void entries_seq_act(struct task *t); /* {"loggpost":N} */
void entries_mark_act(struct task *t);
void entries_extend_act(struct task *t);
void entries_import_act(struct task *t);

/* What reads the log (routes_log.c), on the loop. */
void log_rows_act(struct task *t);
void log_checkpoint_act(struct task *t);
void log_consistency_act(struct task *t);
void log_bevis_act(struct task *t);
void log_export_act(struct task *t);

/* Access to a case (access.c). */
enum err_code access_check(struct task *t);
void access_act(struct task *t);
enum err_code access_list(struct task *t);

#endif
