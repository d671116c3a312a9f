/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "collect/witness.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "proof/cosign.h"
#include "proof/submission.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BODY = 64 << 10 };

static const char schema_1[] =
#include "src/collect/witness.inc"
    ;
static const char *const migrations[] = {schema_1};

enum statement {
#define STATEMENT(id, sql) ST_##id,
#include "collect/statements.def"
#undef STATEMENT
    ST_COUNT
};

static const struct store_statement statements[] = {
#define STATEMENT(id, text) {.name = #id, .sql = text},
#include "collect/statements.def"
#undef STATEMENT
};

static const struct store_spec spec = {
    .application_id = 0x454e4657, /* "ENFW" */
    .migrations = migrations,
    .version = 1,
    .statements = statements,
    .statement_count = ST_COUNT,
};

struct witness {
    struct store *store;
    char *path, *known;
    const struct key *key;
    struct vkey vkey;
};

/* What the file says of one log. */
struct row {
    struct witnessed last;
    int64_t claimed;
};

enum err_code
witness_open(const char *path, const char *known, const char *name,
             const struct key *key, struct witness **out, struct err *e)
{
    uint8_t raw[KEY_RAW];
    struct witness *w = mem_alloc(sizeof *w);
    w->path = mem_strdup(path);
    w->known = mem_strdup(known);
    w->key = key;
    enum err_code code =
        key_public_raw(key, raw)
            ? vkey_make_cosigner(&w->vkey, name, raw, e)
            : err_set(e, ERR_CONFIG, "the witness's key is not Ed25519");
    if (!code)
        code = store_open(path, &spec, STORE_OR_CREATE, &w->store, e);
    if (code)
        witness_close(&w);
    *out = w;
    return code;
}

void
witness_close(struct witness **wp)
{
    struct witness *w = *wp;
    if (!w)
        return;
    store_close(&w->store);
    free(w->path);
    free(w->known);
    free(w);
    *wp = NULL;
}

const struct vkey *
witness_vkey(const struct witness *w)
{
    return &w->vkey;
}

static enum err_code
read_row(struct witness *w, const char *origin, struct row *r, struct err *e)
{
    size_t n;
    uint8_t hash[HASH_SIZE];
    char hex[2 * HASH_SIZE + 1];
    sha256(hash, origin, strlen(origin));
    text_hex(hash, HASH_SIZE, hex);
    *r = (struct row){.claimed = 0};
    enum err_code code = store_run(w->store, ST_LOG_NEW, e, "tt", origin, hex);
    if (!code)
        code = store_get(w->store, ST_LOG_GET, e, "t", origin);
    if (code)
        return code;
    r->last.size = (uint64_t)store_int(w->store, ST_LOG_GET, 0);
    const void *root = store_blob(w->store, ST_LOG_GET, 1, &n);
    if (n == HASH_SIZE)
        memcpy(r->last.root, root, n);
    r->claimed = store_int(w->store, ST_LOG_GET, 2);
    store_reset(w->store, ST_LOG_GET);
    return n == HASH_SIZE || r->last.size == 0
               ? ERR_OK
               : err_set(e, ERR_LOG_BROKEN, "a root of another length");
}

/* From r->last to the head of that note, by compare and set. */
static enum err_code
move(struct witness *w, struct row *r, const struct checkpoint *c,
     const char *note, struct err *e)
{
    enum err_code code = store_run(
        w->store, ST_LOG_MOVE, e, "tiibti", c->origin, (int64_t)r->last.size,
        (int64_t)c->size, c->root, (size_t)HASH_SIZE, note, r->claimed);
    if (!code && store_changes(w->store) != 1)
        code = err_set(e, ERR_SEEN, "another request came before");
    if (code)
        return code;
    r->last.size = c->size;
    memcpy(r->last.root, c->root, HASH_SIZE);
    return ERR_OK;
}

/* Our own signature on a larger head than the one on file: the file is older
 * than we are. */
static enum err_code
take_own(struct witness *w, struct row *r, const struct checkpoint *c,
         const char *note, size_t n, bool *own, struct err *e)
{
    *own = !cosign_verify(note, n, &w->vkey, NULL, NULL);
    if (!*own)
        return ERR_OK;
    if (r->claimed > 0 && c->size >= (uint64_t)r->claimed)
        r->claimed = 0;
    return c->size > r->last.size ? move(w, r, c, note, e) : ERR_OK;
}

/* What a log's key has signed and we may not sign is kept: it may be proof. */
static enum err_code
keep_evidence(struct witness *w, const struct submission *s, int status,
              const void *body, size_t n, struct err *e)
{
    uint8_t hash[HASH_SIZE];
    sha256(hash, body, n);
    return store_run(w->store, ST_EVIDENCE_PUT, e, "tiibb", s->c.origin,
                     clock_now_ms(), (int64_t)status, body, n, hash,
                     (size_t)HASH_SIZE);
}

static bool
is_fork(const struct submission *s, const struct witnessed *last, int status)
{
    return status == 422 ||
           (status == 409 && last->size && s->c.size == last->size &&
            memcmp(s->c.root, last->root, HASH_SIZE) != 0);
}

static enum err_code
cosign(struct witness *w, struct row *r, const struct submission *s,
       struct collect_answer *a, struct err *e)
{
    AUTO_BUF(note, NOTE_MAX - 1);
    AUTO_BUF(line, 1024);
    uint64_t now = (uint64_t)(clock_now_ms() / 1000);
    buf_add(&note, s->note, s->note_len);
    enum err_code code =
        cosign_make(&line, s->note, s->note_len, &w->vkey, w->key, now, e);
    if (!code)
        code = cosign_take(&note, line.data, line.len, &w->vkey, NULL, e);
    if (!code)
        code = move(w, r, &s->c, buf_str(&note), e);
    if (!code)
        collect_say(a, 200, COLLECT_TEXT, "%s", buf_str(&line));
    return code;
}

/* All that is between BEGIN and COMMIT. */
static enum err_code
judge(struct witness *w, const struct submission *s, const struct vkey *log,
      const void *body, size_t n, struct collect_answer *a, struct err *e)
{
    struct row r;
    bool own;
    AUTO_BUF(note, NOTE_MAX - 1);
    buf_add(&note, s->note, s->note_len);
    enum err_code code = read_row(w, s->c.origin, &r, e);
    if (!code)
        code = take_own(w, &r, &s->c, buf_str(&note), note.len, &own, e);
    if (!code && s->old > r.last.size)
        code = store_run(w->store, ST_LOG_CLAIMED, e, "ti", s->c.origin,
                         (int64_t)s->old);
    if (code)
        return code;
    int status = submission_judge(s, log, &r.last, e);
    if (is_fork(s, &r.last, status))
        code = keep_evidence(w, s, status, body, n, e);
    if (code)
        return code;
    if (status == 409 || (status == 200 && r.claimed))
        collect_say(a, 409, COLLECT_SIZE, "%" PRIu64 "\n", r.last.size);
    else if (status == 200)
        return cosign(w, &r, s, a, e);
    else
        collect_say(a, status, COLLECT_TEXT, "%s\n", e->text);
    return ERR_OK;
}

static enum err_code
in_transaction(struct witness *w, const struct submission *s,
               const struct vkey *log, const void *body, size_t n,
               struct collect_answer *a, struct err *e)
{
    if (!w->store || store_is_broken(w->store)) {
        store_close(&w->store);
        enum err_code code = store_open(w->path, &spec, 0, &w->store, e);
        if (code)
            return code;
    }
    enum err_code code = store_begin(w->store, e);
    if (!code)
        code = judge(w, s, log, body, n, a, e);
    if (!code)
        return store_commit(w->store, e);
    store_rollback(w->store);
    return code;
}

void
witness_take(struct witness *w, const void *body, size_t n,
             struct collect_answer *a)
{
    struct submission s;
    struct checkpoint c;
    struct vkey log;
    struct err e = {0};
    a->body = BUF_INIT(BODY);
    if (submission_read(&s, body, n, &e)) {
        collect_say(a, 400, COLLECT_TEXT, "%s\n", e.text);
        return;
    }
    enum err_code code = known_log(w->known, s.c.origin, &log, &e);
    if (code)
        collect_say(a, code == ERR_NOT_FOUND ? 404 : 500, COLLECT_TEXT, "%s\n",
                    e.text);
    else if (note_verify(s.note, s.note_len, &log, &c, &e))
        collect_say(a, 403, COLLECT_TEXT, "%s\n", e.text);
    else if ((code = in_transaction(w, &s, &log, body, n, a, &e)))
        collect_say(a, code == ERR_SEEN ? 409 : 503, COLLECT_TEXT, "%s\n",
                    e.text);
}

void
witness_show(struct witness *w, const char *hash, struct collect_answer *a)
{
    struct err e = {0};
    a->body = BUF_INIT(BODY);
    enum err_code code = store_get(w->store, ST_LOG_SHOW, &e, "t", hash);
    if (code) {
        collect_say(a, code == ERR_NOT_FOUND ? 404 : 503, COLLECT_TEXT,
                    "nothing has been cosigned\n");
        return;
    }
    const char *note = store_text(w->store, ST_LOG_SHOW, 0);
    a->status = 200;
    a->type = COLLECT_TEXT;
    buf_adds(&a->body, note ? note : "");
    store_reset(w->store, ST_LOG_SHOW);
}

enum err_code
witness_backup(struct witness *w, const char *path, struct err *e)
{
    struct store *copy = NULL;
    enum err_code code = store_backup(w->store, path, e);
    if (!code)
        code = store_open(path, &spec, 0, &copy, e);
    if (!code)
        code = store_run(copy, ST_LOG_HALT, e, NULL);
    store_close(&copy);
    return code;
}

enum err_code
witness_feed(struct witness *w, const char *note, size_t n, struct err *e)
{
    struct checkpoint c;
    struct vkey log;
    struct row r;
    bool own = false;
    enum err_code code = note_parse(note, n, &c, e);
    if (!code)
        code = known_log(w->known, c.origin, &log, e);
    if (!code)
        code = note_verify(note, n, &log, &c, e);
    if (!code)
        code = store_begin(w->store, e);
    if (code)
        return code;
    code = read_row(w, c.origin, &r, e);
    if (!code)
        code = take_own(w, &r, &c, note, n, &own, e);
    if (!code && !own)
        code =
            err_set(e, ERR_SIGNATURE, "%s has not cosigned it", w->vkey.name);
    if (!code)
        code = store_run(w->store, ST_LOG_FED, e, "t", c.origin);
    if (!code)
        return store_commit(w->store, e);
    store_rollback(w->store);
    return code;
}
