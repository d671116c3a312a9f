/* SPDX-License-Identifier: EUPL-1.2
 *
 * One instance: its directory (DESIGN 7), settings, keys and stores. Opening
 * takes a lock, so that only one process has the log at a time.
 */
#ifndef ENFRAGA_DAEMON_INSTANCE_H
#define ENFRAGA_DAEMON_INSTANCE_H

#include "ask/plan.h"
#include "audit/ledger.h"
#include "base/config.h"
#include "cases/register.h"
#include "domain/legal.h"
#include "domain/rules.h"
#include "forsakran/forsakran.h"
#include "seal/key.h"

struct instance {
    char dir[512];
    char data[512]; /* shared data files */
    struct config *config;
    enum grant_mode mode;
    struct legal *legal;
    struct rules *rules;
    struct wording wording;
    struct key *log_key, *own_key;
    struct ledger *ledger;
    struct reg *reg;
    struct upstream upstream; /* borrows from config and paths below */
    char ca_file[600], cert_file[600], key_file[600], simulering[600];
    struct {
        char ca[600], cert[600], key[600], url[64]; /* url: simulering's own */
    } files[SOURCE_COUNT]; /* of authorities asked by themselves */
    char user_ca[600];     /* CA of the users' certificates */
    char user_crl[600];    /* its revocation list, where there is one */
    int lock;
};

/* dir/name; the result is good for 4 calls. */
const char *instance_path(const struct instance *in, const char *name);

/* A setting of type PATH: relative to the instance; "" stays "". */
void instance_file(const struct instance *in, const char *setting, char *out,
                   size_t n);

/* in->upstream from the settings (upstream.c). ERR_CONFIG. */
enum err_code instance_upstream(struct instance *in, struct err *e);

/* Where shared data lies: ENFRAGA_DATA, or beside the build, or installed. */
void instance_data_dir(char out[512]);

/* Reads settings and tables only; no store, no lock. */
enum err_code instance_read(struct instance *in, const char *dir,
                            struct err *e);
/* And opens keys, log and register. ERR_CONFIG when another process has it. */
enum err_code instance_open(struct instance *in, const char *dir,
                            struct err *e);
/* Keys, stores and directory are for the instance's own uid alone; ERR_CONFIG
 * names the first that is not. Demanded in skarp, said by --kontrollera. */
enum err_code instance_private(const struct instance *in, struct err *e);

/* Where the register's key is looked for, and into path which file that is. */
enum register_key {
    REGISTER_KEY_CREDENTIAL, /* given by the service manager */
    REGISTER_KEY_FILE,       /* register.nyckel */
    REGISTER_KEY_BESIDE      /* keys/register.key, on the register's own disk */
};
enum register_key instance_register_key(const struct instance *in, char *path,
                                        size_t n);
/* Opens in->reg with it. ERR_CONFIG where the key is missing, may be read by
 * others, or is another one. */
enum err_code instance_open_register(struct instance *in, struct err *e);

/* Closes all; leaves no WAL behind. */
void instance_close(struct instance *in);

/* SHA-256 over what rules behaviour: settings, legal tables, wording, build
 * (AUDIT 4). */
void instance_config_hash(const struct instance *in, uint8_t out[32]);

/* `enfragad init` */
struct init_user {
    char konto[64], namn[96], own[16];
    unsigned roles;
    bool signs; /* training's demo: has signed */
};
struct init_recipient {      /* who can open the log's boxes */
    const char *name, *file; /* konto or "arkiv"; certificate (PEM) */
};
struct init_options {
    const char *dir, *kommun, *orgnr, *aktorsid, *upstream, *url, *kontrakt;
    const char *ort, *ca, *cert, *key;
    const char *user_ca;    /* skarp: CAs of the users' certificates (PEM) */
    const char *cases_json; /* cases to begin with, or NULL */
    enum grant_mode mode;
    int n_users;
    struct init_user users[32];
    int n_recipients; /* outside skarp they are made, for each chef */
    struct init_recipient recipients[8];
};
/* Makes an instance in a directory that is empty or not there. On failure
 * what was made is named and left for the user to remove. */
enum err_code instance_init(const struct init_options *o, struct err *e);

/* One account's keys (test and ovning) and register row. */
enum err_code instance_add_user(struct instance *in, const struct init_user *u,
                                struct err *e);

/* Appends one own entry at once (before the loop runs). */
enum err_code instance_note(struct instance *in, enum entry_kind type,
                            const char *payload_json, struct err *e);

/* `--kontrollera`: prints what is right and wrong, and what to do. 0 when
 * nothing is wrong, else an exit status. */
int instance_check(const char *dir);

#endif
