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
#include "seal/hash.h"

#include <stdint.h>
#include <sys/types.h>

struct reg;

/* What says who a person is lies sealed under this key, which is not to lie
 * with the file. A register from before is sealed with it; ERR_CONFIG where
 * the register was sealed with another. */
enum { REGISTER_KEY = 32 };
enum err_code register_open(struct reg **r, const char *path,
                            const uint8_t key[REGISTER_KEY], struct err *e);
void register_close(struct reg **r);

/* The way back after an I/O error, which closes the database: opens it anew
 * where that is so, and logs a failure. Of a void pointer, for a worker. */
void register_mend(void *reg);

struct account {
    char konto[64], namn[96], enhet[64];
    unsigned roles;
    struct personnummer own; /* or "" */
    bool blocked;
    char vkey[160]; /* entry key */
    int64_t key_since_ms;
    char key_by[64]; /* a changed one: the own konto (signed by the one before)
                        or the chef's who attested it; "": the first */
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
/* The account whose client certificate this is the SHA-256 of (its DER);
 * ERR_IDENTITY when none. */
enum err_code register_account_by_cert(struct reg *r,
                                       const uint8_t sha256[HASH_SIZE],
                                       struct account *a, struct err *e);
/* The account's certificate from now on, in place of any earlier.
 * ERR_BAD_INPUT where it is another account's. */
enum err_code register_put_cert(struct reg *r, const char *konto,
                                const uint8_t sha256[HASH_SIZE], struct err *e);
enum err_code register_put_account(struct reg *r, const struct account *a,
                                   struct err *e);

/* A changed entry key. set: it is the account's from now on, on whose word
 * (key_by); what waited is dropped. ask: it waits for a chef. get: the one that
 * waits for an account, vkey "" where none does. */
struct key_request {
    char konto[64], vkey[160];
    int64_t at_ms;
};
enum err_code register_set_key(struct reg *r, const char *konto,
                               const char *vkey, const char *by, int64_t now_ms,
                               struct err *e);
enum err_code register_ask_key(struct reg *r, const struct key_request *k,
                               struct err *e);
enum err_code register_key_asked(struct reg *r, const char *konto,
                                 struct key_request *k, struct err *e);
/* All that wait, oldest first; *out is malloc'ed. */
enum err_code register_keys_asked(struct reg *r, struct key_request **out,
                                  int *n, struct err *e);

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

/* Whether a commit waits for the disk. Where it does not, it is whole or not
 * there after a power failure, and the next that does takes it along. */
enum err_code register_sync(struct reg *r, bool each, struct err *e);

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
/* Access to a case for 24 h (DESIGN 2.3): given by a second person, or taken
 * by oneself and approved by a second person before it ends (efterhand). */
struct access {
    enum access_kind kind;
    char arende[ARENDE_MAX + 1];
    char konto[64]; /* whose access */
    char by[64];    /* who gives, takes or approves it */
    char skal[256];
    uint64_t post;    /* its entry in the log; of ACCESS_GODKAND's not used */
    int64_t until_ms; /* set by register_put_access */
};
/* May it be? No role is judged but that of who gets it. Never a closed case,
 * one with jäv or with the own number in it, never by oneself but efterhand;
 * whoever takes it efterhand is told ERR_CASE alone. ERR_NOT_FOUND where
 * there is nothing to approve. */
enum err_code register_may_access(struct reg *r, const struct access *a,
                                  int64_t now_ms, struct err *e);
/* Judges again and does it; a->until_ms is when it ends. */
enum err_code register_put_access(struct reg *r, struct access *a,
                                  int64_t now_ms, struct err *e);
/* Those taken efterhand that wait for approval; or (overdue) that have ended
 * without. *out is malloc'ed. */
enum err_code register_access_waiting(struct reg *r, int64_t now_ms,
                                      bool overdue, struct access **out, int *n,
                                      struct err *e);
/* Forgets one that has ended without approval. */
enum err_code register_drop_access(struct reg *r, const struct access *a,
                                   struct err *e);

/* Own list: persons that an account may not ask about. The file has one
 * personnummer a line, # begins a comment; ERR_PERSONNUMMER names the line by
 * its number, never by its content. *out is malloc'ed, to be wiped. */
enum err_code own_list_read(const char *text, size_t len, struct date today,
                            struct personnummer **out, int *n, struct err *e);
/* The whole list anew. ERR_IDENTITY where there is no such account. */
enum err_code register_put_own_list(struct reg *r, const char *konto,
                                    const struct personnummer *list, int n,
                                    struct err *e);
enum err_code register_on_own_list(struct reg *r, const char *konto,
                                   const struct personnummer *p, bool *is,
                                   struct err *e);

/* Time of the newest import, ms; 0 never. */
int64_t register_imported_ms(struct reg *r);

#endif
