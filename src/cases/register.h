/* SPDX-License-Identifier: EUPL-1.2
 *
 * The register of one instance (register.db): accounts and roles, cases and
 * households, access given, and per case and person the time of the last
 * question, its sources' states and the count of open checks. Nothing of an
 * answer. Synchronous: the daemon calls it on a worker.
 */
#ifndef ENFRAGA_CASES_REGISTER_H
#define ENFRAGA_CASES_REGISTER_H

#include "base/err.h"
#include "domain/grant.h"
#include "domain/personnummer.h"
#include "domain/question.h"

#include <stdint.h>
#include <sys/types.h>

struct reg;

enum err_code register_open(struct reg **r, const char *path, struct err *e);
void register_close(struct reg **r);

struct account {
    char konto[64], namn[96], enhet[64];
    unsigned roles;
    struct personnummer own; /* or "" */
    bool blocked;
    char vkey[160]; /* entry key */
    int64_t key_since_ms;
    bool has_uid;
    uid_t uid; /* of the system account, when known */
    int64_t last_asked_ms;
};
enum err_code register_account(struct reg *r, const char *konto,
                               struct account *a, struct err *e);
/* The account of a uid through getpwnam of each registered konto; ERR_IDENTITY
 * when none or (outside skarp) several share it: then `konto` must be named. */
enum err_code register_account_by_uid(struct reg *r, uid_t uid,
                                      struct account *a, struct err *e);
enum err_code register_put_account(struct reg *r, const struct account *a,
                                   struct err *e);
enum err_code register_asked(struct reg *r, const char *konto, int64_t now_ms,
                             int *last_minute, int *today, struct err *e);

struct reg_person {
    struct personnummer number;
    char namn[128];
    enum roll roll;
    bool shielded;
    int64_t asked_ms; /* 0 never */
    char states[SOURCE_COUNT + 1];
    int open_checks;
};
struct reg_case {
    char arende[ARENDE_MAX + 1], enhet[64];
    bool prepared, open;
    struct date opened, closed;
    bool takes_part, access_given, jav; /* for the konto asked about */
    int n_persons;
    struct reg_person *persons; /* owned */
};
void reg_case_done(struct reg_case *c); /* wipes */

/* ERR_CASE when there is none. */
enum err_code register_case(struct reg *r, const char *arende,
                            const char *konto, int64_t now_ms,
                            struct reg_case *c, struct err *e);
/* Own open cases (takes part or access given), latest question first. *out is
 * malloc'ed, each to be reg_case_done. Persons included. */
enum err_code register_cases(struct reg *r, const char *konto, int64_t now_ms,
                             struct reg_case **out, int *n, struct err *e);
/* Among own open cases: whole number, last digits, personnummer, or three
 * letters of a name (UX 5). Takes the same time whatever it finds. */
enum err_code register_search(struct reg *r, const char *konto,
                              const char *typed, struct date today,
                              int64_t now_ms, struct reg_case **out, int *n,
                              struct err *e);

/* A question was asked / has ended: time, count for the rate, states. */
enum err_code register_note_asked(struct reg *r, const char *konto,
                                  const char *arende,
                                  const struct personnummer *p, int64_t now_ms,
                                  struct err *e);
enum err_code register_note_outcome(struct reg *r, const char *arende,
                                    const struct personnummer *p,
                                    const char *states, int open_checks,
                                    bool shielded, struct err *e);
/* A question is on its way: its sources' states are not known. */
enum err_code register_set_states(struct reg *r, const char *arende,
                                  const struct personnummer *p,
                                  const char *states, struct err *e);
enum err_code register_set_checks(struct reg *r, const char *arende,
                                  const struct personnummer *p, int open_checks,
                                  struct err *e);
/* Access for 24 h by a second person. */
enum err_code register_give_access(struct reg *r, const char *arende,
                                   const char *konto, const char *by,
                                   int64_t until_ms, struct err *e);

/* Time of the newest import, ms; 0 never. */
int64_t register_imported_ms(struct reg *r);

#endif
