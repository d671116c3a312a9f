/* SPDX-License-Identifier: EUPL-1.2
 *
 * The workstation's side of the local protocol (doc/api/openapi.yaml): one
 * session of one account with one enfragad, over its Unix socket. It holds
 * the user's entry key once unlocked, builds and signs author parts, checks
 * the socket owner and that each kvitto and klar is signed by the pinned log
 * key, and recomputes the answer's hash. Asynchronous on the program's loop;
 * commands run the loop until done (client_wait). It draws nothing.
 */
#ifndef ENFRAGA_CLIENT_CLIENT_H
#define ENFRAGA_CLIENT_CLIENT_H

#include "base/err.h"
#include "domain/answer.h"
#include "domain/grant.h"
#include "domain/legal.h"
#include "domain/rules.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct event_base;
struct client;

struct client_options {
    const char *instance;  /* directory; NULL: the system's socket, or (with
                              `ovning` or where there is none) the private
                              training instance, created and started */
    const char *konto;     /* NULL: by uid; in ovning elev or demo */
    const char *losen_fil; /* passphrase file; NULL: the account's own in test
                              and ovning */
    bool ovning;
};

/* These options lead to the private training instance. */
bool client_is_training(const struct client_options *o);

/* The instance's directory, without opening it. */
enum err_code client_instance_dir(const struct client_options *o, char out[600],
                                  struct err *e);

/* What `status` says. */
struct client_status {
    char version[16], kommun[96], upstream[32], origin[128];
    enum kontrakt kontrakt;
    enum grant_mode mode;
    uint64_t log_size;
    bool log_ok;
    char log_text[160];          /* why not */
    char crl[16];                /* saknas, giltig, utgangen, olaslig */
    int cert_days;               /* -1: no certificate needed or none */
    int64_t probed_ms;           /* 0: never */
    int available[SOURCE_COUNT]; /* enum probe_state's values: 0 klar, 1 fel,
                                    2 provas inte, 3 okand */
    int limit_s;                 /* a whole question, seconds */
    char witness[12];            /* inget, papper, farskt, mjuk, hard */
    uint64_t witness_size;       /* entries that the witnesses vouch for */
    uint64_t witness_behind;     /* and those that wait */
    int64_t witness_age_s;       /* the oldest of them */
    char witness_text[300];      /* what is wrong with a witness, or "" */
    bool lost; /* the last call was not answered: how it is now is unknown */
};

struct client_me {
    char konto[64], namn[96], kommun[96], ort[64];
    unsigned roles; /* enum account_role */
    enum forsakran_state forsakran;
    char forsakran_till[11]; /* date, or "" */
    char key_print[16];      /* "a3f0-77c1" */
    char key_since[11];
    char key_by[64];        /* who a changed key rests on; "": the first one */
    int64_t key_changed_ms; /* 0: never */
    char key_waits[16];     /* one that awaits a chef's attestation, or "" */
    char wording_id[32];    /* the wording to sign */
    char *wording;          /* its text, owned by the client */
    int64_t last_asked_ms;  /* 0: never */
    int asked_today;
    char imported[32]; /* ISO time of the newest import, or "" */
    bool has_losen;    /* test and ovning: the passphrase is in a file */
};

struct client_person {
    struct personnummer number;
    char namn[128];
    enum roll roll;
    bool shielded; /* known before: ask about the screen first */
    int age;
    int64_t asked_ms;              /* last question, 0: never */
    char states[SOURCE_COUNT + 1]; /* symbols of the last question's states */
    bool whole;
};

struct client_case {
    char arende[ARENDE_MAX + 1], enhet[64];
    bool prepared; /* slag ansokan_forbereds */
    bool open;
    int adults, children;
    bool opened; /* by this user in this session: the name may be shown */
    int open_checks;
    /* In a list: of all its persons. namn is "" where it may not be shown. */
    char namn[128];
    int64_t asked_ms;
    char states[SOURCE_COUNT + 1];
    bool whole;
    int n_persons; /* 0 in a list: persons come when the case is opened */
    struct client_person *persons;
};

struct client_access { /* taken efterhand, waits for a chef's approval */
    char arende[ARENDE_MAX + 1], konto[64], skal[256], before[32];
};

struct client_row { /* Min logg, Tidigare frågor */
    uint64_t seq;
    int64_t time_ms;
    char type[24];               /* "fråga", "läsning" ... */
    char arende[ARENDE_MAX + 1]; /* "" where hidden */
    char system[64]; /* a system asked it in one's name; else "" */
    source_set sources;
};

/* Called once with the outcome; `e` says why not. */
typedef void client_done(void *arg, enum err_code code, const struct err *e);

/* Opens (starts the private training enfragad where that is asked for) and
 * fetches status and me; done is called when both are known. */
struct client *client_new(struct event_base *base,
                          const struct client_options *o, client_done *done,
                          void *arg);
void client_free(struct client **c); /* stops a private enfragad too */

/* Runs the loop until the pending call is done; for commands. */
enum err_code client_wait(struct client *c, struct err *e);

const struct client_status *client_status(const struct client *c);
const struct client_me *client_me(const struct client *c);
const struct legal *client_legal(const struct client *c);
const struct rules *client_rules(const struct client *c);

/* Opens the session: decrypts the entry key. ERR_PASSPHRASE. The passphrase
 * is wiped by the caller; NULL takes it from the file (test, ovning). Scrypt
 * runs beside the loop. */
void client_unlock(struct client *c, const char *passphrase, client_done *done,
                   void *arg);
/* What client_unlock takes: `given`, or where that is NULL what the file has.
 * *out is the caller's to wipe and free (mem_free_str). ERR_PASSPHRASE. */
enum err_code client_passphrase(const struct client *c, const char *given,
                                char **out, struct err *e);
void client_lock(struct client *c); /* wipes the key; answers stay */
bool client_unlocked(const struct client *c);
/* In skarp a person types the passphrase: no file has it. */
bool client_types_passphrase(const struct client *c);

void client_refresh(struct client *c, client_done *done, void *arg);

/* Signs and posts the försäkran: four ticks, place, today. */
void client_sign_forsakran(struct client *c, const bool ticks[4],
                           const char *ort, const char *namn,
                           const char *passphrase, client_done *done,
                           void *arg);
void client_withdraw_forsakran(struct client *c, client_done *done, void *arg);

/* Own cases; the list is borrowed until the next call of either. */
void client_cases(struct client *c, client_done *done, void *arg);
void client_search(struct client *c, const char *typed, client_done *done,
                   void *arg);
const struct client_case *client_case_list(const struct client *c, int *n);

/* Opens a case (an entry läsning); the case is borrowed until the next. */
void client_open_case(struct client *c, const char *arende, client_done *done,
                      void *arg);
const struct client_case *client_case_now(const struct client *c);
void client_leave_case(struct client *c); /* forgets it */

/* Access to a case for 24 h (an entry atkomst): a chef gives it to `konto` or
 * approves what `konto` took; ACCESS_EFTERHAND takes it oneself, `konto` NULL.
 * When done client_access_until says when it ends (ISO time). */
void client_give_access(struct client *c, enum access_kind kind,
                        const char *arende, const char *konto, const char *skal,
                        client_done *done, void *arg);
const char *client_access_until(const struct client *c);
/* Those that wait for approval, for a chef; borrowed until the next call. */
void client_accesses(struct client *c, client_done *done, void *arg);
const struct client_access *client_access_list(const struct client *c, int *n);

/* A certificate (DER) that the log's secret part is to be sealed to, for a
 * unit ("": every one); a chef's entry nyckel. `of` NULL proposes it, else it
 * takes in what another chef has proposed. */
struct recipient_row {
    uint64_t seq;
    uint8_t hash[32], cert[32]; /* of its entry; SHA-256 of the certificate */
    char konto[64], name[64], unit[64];
    bool here;     /* the log is sealed to it; else it is proposed */
    bool blocked;  /* here, and the account is */
    bool has_away; /* it is proposed that it is taken away, */
    uint64_t away; /* whom this entry took in */
};
void client_put_recipient(struct client *c, const char *name, const char *unit,
                          const void *cert, size_t n,
                          const struct recipient_row *of, client_done *done,
                          void *arg);
/* Proposes that `of` (here) is taken away, or does it (of: the proposal). */
void client_drop_recipient(struct client *c, const struct recipient_row *of,
                           client_done *done, void *arg);
/* Whom the log is sealed to, and what waits; borrowed until the next. */
void client_recipients(struct client *c, client_done *done, void *arg);
const struct recipient_row *client_recipient_list(const struct client *c,
                                                  int *n);

/* The account's entry key (DESIGN 6): as a sentence or two for people, in out;
 * and whether it has changed since the last question: then it is told apart. */
void client_key_text(const struct client_me *me, struct buf *out);
bool client_key_is_new(const struct client_me *me);

/* Where the account's keys lie, and the vkey registered ("": none yet). */
const char *client_user_dir(const struct client *c);
const char *client_vkey(const struct client *c);
/* The log's own, as it is pinned; borrowed until the next call. */
const char *client_log_vkey(struct client *c);
/* The CA of users' certificates as enfragad has it (PEM), "" where it has
 * none; borrowed, when client_user_ca is done. */
void client_user_ca(struct client *c, client_done *done, void *arg);
const char *client_user_ca_text(const struct client *c);
/* A changed key: signed by the session's (an entry nyckel); or asked for, to
 * be attested by a chef (an entry nyckel too). */
void client_change_key(struct client *c, const char *vkey, client_done *done,
                       void *arg);
void client_ask_key(struct client *c, const char *vkey, client_done *done,
                    void *arg);
void client_attest_key(struct client *c, const char *konto, const char *vkey,
                       client_done *done, void *arg);
/* Those that wait, for a chef; borrowed until the next call. */
struct client_key {
    char konto[64], namn[96], vkey[160], print[16], asked[32];
};
void client_keys_asked(struct client *c, client_done *done, void *arg);
const struct client_key *client_key_list(const struct client *c, int *n);

/* One question. Events come as they happen; after `klar` or failure no more.
 * The answer is the ask's until taken. */
enum ask_event {
    ASK_KVITTO, /* logged and sent: loggpost is known */
    ASK_KALLA,  /* a source's state, time and count changed (no content yet) */
    ASK_SVAR,   /* a source's content is in the answer */
    ASK_KLAR,   /* all is in, sorted, hash and head checked */
    ASK_FAILED  /* refused or lost; code and err say why. What came stays in
                   the answer, the rest is marked */
};
struct ask;
typedef void ask_event_fn(void *arg, struct ask *ask, enum ask_event what,
                          enum source_id source);

/* Signs and posts. q->id, handlaggare and asked_ms are filled in here; lefi
 * and csn are the caller's (question_preset_*). */
struct ask *client_ask(struct client *c, const struct question *q,
                       ask_event_fn *event, void *arg);
struct answer *ask_answer(struct ask *a); /* borrowed; never NULL */
struct answer *ask_take(struct ask *a);   /* caller owns */
enum err_code ask_code(const struct ask *a, struct err *e);
uint64_t ask_loggpost(const struct ask *a);
/* "öppnas": the state is here, the content waits for its part-outcome. */
bool ask_opening(const struct ask *a, enum source_id s);
void ask_cancel(struct ask *a); /* keeps what came; the rest is avbruten */
void ask_free(struct ask **a);

/* testaBastjanstInformation; the outcome is in client_status. */
void client_probe(struct client *c, client_done *done, void *arg);

/* Klarmarkering (an entry); address shown (an entry läsning). */
void client_mark_done(struct client *c, const struct answer *a, int open_checks,
                      const char *text, client_done *done, void *arg);
void client_show_address(struct client *c, const struct answer *a,
                         const char *skal, client_done *done, void *arg);

/* Own rows of the log, newest first. */
/* A chef extends the time without a witness; logged with the reason. */
void client_extend(struct client *c, const char *skal, client_done *done,
                   void *arg);

/* "DATE ORIGIN SIZE ROOT" of the newest head, signed and proven to go on from
 * what was seen: the line a day that is registered by hand. */
void client_day_line(const struct client *c, struct buf *out);

void client_rows(struct client *c, client_done *done, void *arg);
const struct client_row *client_row_list(const struct client *c, int *n);

/* Writes what a GET answers to fd as it comes (the exported log). What was
 * written before a failure is the caller's to drop. */
void client_download(struct client *c, const char *path, int fd,
                     client_done *done, void *arg);

#endif
