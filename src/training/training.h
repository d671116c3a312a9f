/* SPDX-License-Identifier: EUPL-1.2
 *
 * The upstream of training: seven simulated authorities behind a private Unix
 * socket, each in its own contract at a path of its own (/af /csn /skv /so /tns
 * /miv, and LEFI's paths under /fk), and together as SSBTEK v10 and v11 at
 * /ssbtek, about one source at a time, with its test call. Persons and
 * households are invented (cast.def). What is answered follows from the person,
 * the period asked about and today's date alone; each authority has its
 * latency, and may fail in the ways of faults.def. Which program starts it, and
 * what is done with an answer, is for others.
 */
#ifndef ENFRAGA_TRAINING_TRAINING_H
#define ENFRAGA_TRAINING_TRAINING_H

#include "base/err.h"

struct event_base;
struct training;

/* Serves on socket_path (0600) by the loop of base. `dir` is the instance's
 * directory; a file training.ini in it sets faults for tests and lessons, a
 * section for each source (AF CSN FK SKV SO TNS MIV, or `alla`):
 *     fel = WORD of faults.def     del = what a partial answer lacks
 *     latens_ms = 0..600000        antal = only the first so many questions
 *     person = only about this number
 * dir may be NULL. ERR_CONFIG names file and line. NULL with e set. */
struct training *training_start(struct event_base *base,
                                const char *socket_path, const char *dir,
                                struct err *e);

/* Ends; questions that wait get no answer. Clears the caller's pointer. */
void training_stop(struct training **t);

/* The invented cases as enfraga.arenden/1, for import: every open case is
 * handled by each of the accounts in `konton` (ended by NULL). To be freed. */
char *training_cases_json(const char *const *konton);

#endif
