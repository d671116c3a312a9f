/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "audit/internal.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char schema_1[] =
#include "src/audit/schema.inc"
    ;
static const char schema_2[] =
#include "src/audit/schema-2.inc"
    ;
static const char schema_3[] =
#include "src/audit/schema-3.inc"
    ;
static const char *const migrations[] = {schema_1, schema_2, schema_3};

static const struct store_statement statements[] = {
#define STATEMENT(id, text) {.name = #id, .sql = text},
#include "audit/statements.def"
#undef STATEMENT
};

const struct store_spec ledger_spec = {
    .application_id = 0x454e4647, /* "ENFG" */
    .migrations = migrations,
    .version = sizeof migrations / sizeof *migrations,
    .statements = statements,
    .statement_count = ST_COUNT,
};

static struct ledger *
new_ledger(const char *path, const struct key *log_key,
           const struct key *own_key)
{
    struct ledger *l = mem_alloc(sizeof *l);
    size_t n = strlen(path) + sizeof "-ballast";
    l->path = mem_strdup(path);
    l->ballast = mem_alloc(n);
    snprintf(l->ballast, n, "%s-ballast", path);
    l->log_key = log_key;
    l->own_key = own_key;
    buf_init(&l->author, ENTRY_AUTHOR_MAX);
    buf_init(&l->leaf, ENTRY_LEAF_MAX);
    buf_init(&l->box, BOX_MAX);
    l->stale = true;
    return l;
}

static void
forget(struct ledger *l)
{
    l->tiles = 0;
    memset(l->heads, 0, sizeof l->heads);
    for (int i = 0; i < AUTHORS; i++)
        key_free(&l->authors[i].key);
    memset(l->authors, 0, sizeof l->authors);
    days_forget(l);
    l->stale = true;
}

static void
free_ledger(struct ledger **lp)
{
    struct ledger *l = *lp;
    forget(l);
    recipients_free(l);
    free(l->day);
    store_close(&l->store);
    buf_done(&l->author);
    buf_done(&l->leaf);
    buf_done(&l->box);
    free(l->tile);
    free(l->queue);
    free(l->path);
    free(l->ballast);
    free(l);
    *lp = NULL;
}

/* The names of both keys in this log. */
static enum err_code
name_keys(struct ledger *l, struct err *e)
{
    uint8_t log_pub[KEY_RAW], own_pub[KEY_RAW];
    if (!key_public_raw(l->log_key, log_pub) ||
        !key_public_raw(l->own_key, own_pub))
        return err_set(e, ERR_CONFIG, _("the keys of the log are not Ed25519"));
    enum err_code code = vkey_make(&l->log_vkey, l->origin, log_pub, e);
    if (!code)
        code = entry_own_vkey(&l->own_vkey, l->origin, own_pub, e);
    if (!code)
        vkey_kid(&l->own_vkey, l->own_kid);
    return code;
}

enum err_code
ledger_create(const char *path, const char *origin, const char *mode,
              const struct key *log_key, const struct key *own_key,
              struct err *e)
{
    if (strlen(origin) > ENTRY_ORIGIN_MAX || strlen(mode) >= 16)
        return err_set(e, ERR_BAD_INPUT, _("not an origin and a mode"));
    struct ledger *l = new_ledger(path, log_key, own_key);
    snprintf(l->origin, sizeof l->origin, "%s", origin);
    snprintf(l->mode, sizeof l->mode, "%s", mode);
    enum err_code code = name_keys(l, e);
    if (!code)
        code = store_open(path, &ledger_spec, STORE_CREATE, &l->store, e);
    bool made = !code;
    if (!code) {
        /* the append knows an empty log and declares the keys */
        struct ledger_post first = {.type = KIND_NYCKEL};
        struct ledger_result result;
        code = ledger_append(l, &first, 1, &result, e);
        if (!code && result.code)
            code = err_set(e, result.code, "%s", result.err.text);
    }
    free_ledger(&l);
    if (code && made)
        unlink(path);
    return code;
}

/* Entry 0 says whose log this is; what it says must be signed by the key it
 * declares, and the keys given must be those. */
static enum err_code
read_first(struct ledger *l, struct err *e)
{
    struct entry_leaf leaf;
    struct entry_author a;
    AUTO_KEY struct key *declared = NULL;
    uint8_t own[KEY_RAW], log[KEY_RAW];
    size_t n;
    enum err_code code = store_get(l->store, ST_ENTRY_GET, e, "i", (int64_t)0);
    if (code)
        return code == ERR_NOT_FOUND
                   ? err_set(e, ERR_LOG_BROKEN, _("entry 0 is missing"))
                   : code;
    const void *p = store_blob(l->store, ST_ENTRY_GET, 0, &n);
    bool ok = p && !entry_leaf_split(p, n, &leaf, e) &&
              !entry_author_decode(leaf.author, leaf.author_len, &a, e) &&
              a.type == KIND_NYCKEL && a.has_key && a.has_log_key &&
              !key_from_public(a.key, &declared, e) &&
              entry_verify(declared, leaf.author, leaf.author_len, leaf.sig);
    store_reset(l->store, ST_ENTRY_GET);
    if (!ok)
        return err_set(e, ERR_LOG_BROKEN,
                       _("entry 0 does not declare the keys"));
    if (!key_public_raw(l->own_key, own) || !key_public_raw(l->log_key, log) ||
        memcmp(own, a.key, KEY_RAW) != 0 ||
        memcmp(log, a.log_key, KEY_RAW) != 0)
        return err_set(e, ERR_CONFIG, _("the keys are not those of this log"));
    memcpy(l->origin, a.origin, sizeof l->origin);
    memcpy(l->mode, a.mode, sizeof l->mode);
    return name_keys(l, e);
}

enum err_code
ledger_load(struct ledger *l, struct err *e)
{
    enum err_code code =
        l->store ? store_mend(l->store, e)
                 : store_open(l->path, &ledger_spec, 0, &l->store, e);
    if (!code)
        code = read_first(l, e);
    if (!code)
        code = ledger_tail(l, e);
    if (!code)
        code = recipients_load(l, e);
    if (code && l->store) /* kept, and broken: whoever reads is told so */
        store_break(l->store);
    return code;
}

enum err_code
ledger_open(const char *path, const struct key *log_key,
            const struct key *own_key, struct ledger **out, struct err *e)
{
    struct ledger *l = new_ledger(path, log_key, own_key);
    enum err_code code = ledger_load(l, e);
    if (code) {
        free_ledger(&l);
        return code;
    }
    /* Too full for the ballast is no reason not to open: intents are refused,
     * and that is what the probe tells. */
    l->no_ballast = true;
    space_keep(l);
    *out = l;
    return ERR_OK;
}

enum err_code
ledger_reopen(struct ledger *l, struct err *e)
{
    store_break(l->store);
    forget(l);
    return ledger_load(l, e);
}

void
ledger_close(struct ledger **l)
{
    if (!*l)
        return;
    for (size_t i = 0; i < (*l)->queued; i++) {
        struct ledger_result *r = (*l)->queue[i].result;
        r->code = err_set(&r->err, ERR_CANCELLED, "%s", _("the log is closed"));
    }
    free_ledger(l);
}
