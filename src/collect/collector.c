/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "collect/collector.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "collect/pg.h"
#include "proof/cosign.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BODY = 64 << 10 };

struct collector {
    struct collector_options o;
    char *conninfo, *known;
    struct vkey vkey;
    PGconn *pg;
};

/* One batch under way. */
struct taking {
    struct collector *c;
    struct batch b;
    struct batch_known k;
    struct vkey log;
    int64_t origin; /* its row */
    uint64_t size;  /* collected so far */
    /* More has been cosigned here than is on file: the database is older than
     * the key. Up to there entries are taken and nothing is signed. */
    uint64_t claimed; /* 0: no */
    uint64_t own;     /* our own signature has said this much, with this root */
    uint8_t own_root[HASH_SIZE];
};

enum err_code
collector_open(const struct collector_options *o, struct collector **out,
               struct err *e)
{
    uint8_t raw[KEY_RAW];
    struct collector *c = mem_alloc(sizeof *c);
    c->o = *o;
    c->conninfo = mem_strdup(o->conninfo);
    c->known = mem_strdup(o->known);
    enum err_code code =
        key_public_raw(o->key, raw)
            ? vkey_make_cosigner(&c->vkey, o->name, raw, e)
            : err_set(e, ERR_CONFIG, "the collector's key is not Ed25519");
    if (code)
        collector_close(&c);
    *out = c;
    return code;
}

void
collector_close(struct collector **cp)
{
    struct collector *c = *cp;
    if (!c)
        return;
    PQfinish(c->pg);
    mem_free_str(&c->conninfo); /* it may hold a password */
    free(c->known);
    free(c);
    *cp = NULL;
}

const struct vkey *
collector_vkey(const struct collector *c)
{
    return &c->vkey;
}

enum err_code
collector_probe(struct collector *c, struct err *e)
{
    enum err_code code = pg_connect(&c->pg, c->conninfo, e);
    return code ? code : pg_run(c->pg, NULL, e, PG_PROBE);
}

/* What is known of the log, out of the database. */

static int
known_signer(void *ctx, const uint8_t sha[HASH_SIZE],
             const uint8_t kid[KID_SIZE], struct batch_signer *out,
             struct err *e)
{
    static const uint8_t own[HASH_SIZE];
    struct taking *t = ctx;
    bool ours = memcmp(sha, own, HASH_SIZE) == 0;
    struct vkey v;
    uint8_t have[KID_SIZE];
    size_t n;
    PGresult *r = NULL;
    enum err_code code =
        ours ? pg_run(t->c->pg, &r, e, PG_OWN_KEY_GET, t->origin, kid,
                      (size_t)KID_SIZE)
             : pg_run(t->c->pg, &r, e, PG_FORSAKRAN_GET, t->origin, sha,
                      (size_t)HASH_SIZE, (int64_t)KIND_ATERKALLELSE);
    if (code)
        return -1;
    *out = (struct batch_signer){0};
    int got = PQntuples(r) == 1;
    if (got && ours) {
        const void *p = pg_bytes(r, 0, 0, &n);
        got = n == KEY_RAW;
        if (got)
            memcpy(out->pub, p, n);
    } else if (got) {
        got = !vkey_parse(pg_text(r, 0, 0), &v, NULL);
        vkey_kid(&v, have);
        got = got && (!kid || memcmp(have, kid, KID_SIZE) == 0);
        memcpy(out->pub, v.pub, KEY_RAW);
        out->id = pg_int(r, 0, 1);
        out->from_ms = pg_int(r, 0, 2);
        out->till_ms = pg_int(r, 0, 3);
        out->withdrawn_ms = pg_null(r, 0, 4) ? 0 : pg_int(r, 0, 4);
    }
    PQclear(r);
    return got;
}

static int
known_entry(void *ctx, uint64_t seq, uint8_t hash[HASH_SIZE], uint64_t *type,
            struct err *e)
{
    struct taking *t = ctx;
    size_t n = 0;
    PGresult *r;
    if (pg_run(t->c->pg, &r, e, PG_ENTRY_REF, t->origin, (int64_t)seq))
        return -1;
    int got = PQntuples(r) == 1;
    const void *p = got ? pg_bytes(r, 0, 0, &n) : NULL;
    got = got && n == HASH_SIZE;
    if (got) {
        memcpy(hash, p, n);
        *type = (uint64_t)pg_int(r, 0, 1);
    }
    PQclear(r);
    return got;
}

/* The log's row, locked until the transaction ends. */
static enum err_code
lock_origin(struct taking *t, struct err *e)
{
    char vkey[VKEY_TEXT_MAX], hex[2 * HASH_SIZE + 1];
    uint8_t hash[HASH_SIZE];
    size_t n, root_len;
    PGconn *pg = t->c->pg;
    PGresult *r = NULL;
    vkey_text(&t->log, vkey);
    sha256(hash, t->log.name, strlen(t->log.name));
    text_hex(hash, HASH_SIZE, hex);
    enum err_code code =
        pg_run(pg, NULL, e, PG_ORIGIN_NEW, t->log.name, hex, vkey);
    if (!code)
        code = pg_run(pg, &r, e, PG_ORIGIN_LOCK, t->log.name);
    if (code)
        return code;
    if (PQntuples(r) != 1) {
        PQclear(r);
        return err_set(e, ERR_IO, "the log's row is not there");
    }
    t->origin = pg_int(r, 0, 0);
    t->size = (uint64_t)pg_int(r, 0, 1);
    const void *frontier = pg_bytes(r, 0, 2, &n);
    snprintf(t->k.mode, sizeof t->k.mode, "%s", pg_text(r, 0, 3));
    t->k.forsakringar = pg_int(r, 0, 5);
    t->claimed = (uint64_t)pg_int(r, 0, 6);
    t->own = (uint64_t)pg_int(r, 0, 7);
    const void *root = pg_bytes(r, 0, 8, &root_len);
    if (root_len == HASH_SIZE)
        memcpy(t->own_root, root, HASH_SIZE);
    if (!merkle_load(&t->k.tree, t->size, frontier, n))
        code = err_set(e, ERR_IO, "the stored frontier is not one");
    else if (strcmp(pg_text(r, 0, 4), vkey) != 0)
        code = err_set(e, ERR_SIGNATURE, "the log's key was another before");
    PQclear(r);
    return code;
}

static enum err_code
put_beside(struct taking *t, const struct batch_entry *it, struct err *e)
{
    PGconn *pg = t->c->pg;
    const struct binding *f = &it->forsakran;
    int64_t seq = (int64_t)it->seq;
    enum err_code code = ERR_OK;
    if (it->has_forsakran)
        code = pg_run(pg, NULL, e, PG_FORSAKRAN_PUT, t->origin, it->brought.id,
                      it->sha256, (size_t)HASH_SIZE, f->cms, f->cms_len,
                      f->text, f->text_len, f->vkey, f->account, seq,
                      it->brought.from_ms, it->brought.till_ms);
    if (!code && it->has_key) {
        struct vkey v;
        uint8_t kid[KID_SIZE];
        code = entry_own_vkey(&v, t->log.name, it->brought.pub, e);
        vkey_kid(&v, kid);
        if (!code)
            code =
                pg_run(pg, NULL, e, PG_OWN_KEY_PUT, t->origin, kid,
                       (size_t)KID_SIZE, it->brought.pub, (size_t)KEY_RAW, seq);
    }
    if (!code && it->box.p)
        code = pg_run(pg, NULL, e, PG_BOX_PUT, t->origin, seq, it->box.day,
                      it->box.p, it->box.n);
    if (!code && it->daykey.p)
        code = pg_run(pg, NULL, e, PG_DAYKEY_PUT, t->origin, it->daykey.day,
                      it->daykey.p, it->daykey.n, seq);
    for (unsigned i = 0; !code && i < it->certs; i++) {
        uint8_t sha[HASH_SIZE];
        sha256(sha, it->cert[i].p, it->cert[i].n);
        code = pg_run(pg, NULL, e, PG_CERT_PUT, t->origin, sha,
                      (size_t)HASH_SIZE, it->cert[i].p, it->cert[i].n, seq);
    }
    return code;
}

static enum err_code
put_entry(struct taking *t, const struct batch_entry *it, struct err *e)
{
    PGconn *pg = t->c->pg;
    int64_t seq = (int64_t)it->seq;
    enum err_code code = pg_run(pg, NULL, e, PG_NONCE_PUT, t->origin, it->nonce,
                                (size_t)ENTRY_NONCE, seq);
    if (code == ERR_BAD_INPUT)
        return err_set(e, ERR_LOG_BROKEN,
                       "entry %" PRIu64 ": its nonce has been used before",
                       it->seq);
    if (!code && it->ref >= 0)
        code = pg_run(pg, NULL, e, PG_ENTRY_PUT, t->origin, seq, it->hash,
                      (size_t)HASH_SIZE, it->leaf, it->leaf_len,
                      (int64_t)it->type, it->author, it->time_ms, it->ref);
    else if (!code)
        code = pg_run(pg, NULL, e, PG_ENTRY_PUT_PLAIN, t->origin, seq, it->hash,
                      (size_t)HASH_SIZE, it->leaf, it->leaf_len,
                      (int64_t)it->type, it->author, it->time_ms);
    return code ? code : put_beside(t, it, e);
}

/* The batch passes the size that we have signed before: with that root? */
static enum err_code
check_claim(const struct taking *t, const struct merkle *before, struct err *e)
{
    struct merkle m = *before;
    uint8_t root[HASH_SIZE];
    if (t->own <= t->b.old || t->own > t->b.head.size)
        return ERR_OK;
    for (size_t i = 0; m.size < t->own; i++)
        merkle_append(&m, t->b.entry[i].hash);
    merkle_root(&m, root);
    return memcmp(root, t->own_root, HASH_SIZE) == 0
               ? ERR_OK
               : err_set(e, ERR_SEEN,
                         "we have cosigned another head of %" PRIu64 " entries",
                         t->own);
}

/* The log goes on from more than we have. It has our signature or it lies; by
 * its own signed head it counts as many. */
static enum err_code
take_claim(struct taking *t, struct err *e)
{
    struct checkpoint c;
    enum err_code code =
        note_verify(t->b.note, strlen(t->b.note), &t->log, &c, e);
    if (!code && t->b.old <= c.size)
        code = pg_run(t->c->pg, NULL, e, PG_ORIGIN_CLAIM, t->origin,
                      (int64_t)t->b.old);
    return code ? code : pg_run(t->c->pg, NULL, e, PG_COMMIT);
}

/* Our line into *line and *note, unless the database is older than we are. */
static enum err_code
sign_head(struct taking *t, struct buf *note, struct buf *line, struct err *e)
{
    if (t->b.head.size < t->claimed)
        return ERR_OK;
    t->claimed = t->own = 0;
    enum err_code code =
        cosign_make(line, note->data, note->len, &t->c->vkey, t->c->o.key,
                    (uint64_t)(clock_now_ms() / 1000), e);
    return code
               ? code
               : cosign_take(note, line->data, line->len, &t->c->vkey, NULL, e);
}

/* The rows, and the head by compare and set: the atomic rule of tlog-witness
 * with the entries in the same transaction. */
static enum err_code
put_all(struct taking *t, struct buf *line, struct err *e)
{
    AUTO_BUF(note, NOTE_MAX - 1);
    uint8_t packed[MERKLE_LEVELS * HASH_SIZE];
    size_t n = merkle_pack(&t->k.tree, packed);
    PGconn *pg = t->c->pg;
    PGresult *r = NULL;
    enum err_code code = ERR_OK;
    for (size_t i = 0; !code && i < t->b.count; i++)
        code = put_entry(t, &t->b.entry[i], e);
    buf_adds(&note, t->b.note);
    if (!code)
        code = sign_head(t, &note, line, e);
    if (!code)
        code = pg_run(pg, NULL, e, PG_CHECKPOINT_PUT, t->origin,
                      (int64_t)t->b.head.size, buf_str(&note));
    if (!code)
        code = pg_run(pg, &r, e, PG_ORIGIN_MOVE, t->origin, (int64_t)t->b.old,
                      (int64_t)t->b.head.size, packed, n, t->k.mode,
                      buf_str(&note), (int64_t)t->claimed, (int64_t)t->own);
    if (code)
        return code;
    int moved = pg_rows(r);
    PQclear(r);
    return moved == 1 ? ERR_OK
                      : err_set(e, ERR_IO, "another request came before");
}

/* A refused batch whose head the log's key has signed: it may be proof. */
static void
keep_refused(struct taking *t, const void *body, size_t n, const char *why)
{
    struct err e = {0};
    uint8_t hash[HASH_SIZE];
    struct checkpoint c;
    if (note_verify(t->b.note, strlen(t->b.note), &t->log, &c, &e))
        return;
    sha256(hash, body, n);
    pg_run(t->c->pg, NULL, &e, PG_REFUSED_PUT, t->log.name, clock_now_ms(), why,
           t->b.note, body, n, hash, (size_t)HASH_SIZE);
}

static enum err_code
in_transaction(struct taking *t, struct buf *line, struct err *e)
{
    PGconn *pg = t->c->pg;
    enum err_code code = pg_run(pg, NULL, e, PG_BEGIN);
    if (!code)
        code = lock_origin(t, e);
    if (!code && t->b.old > t->size && !take_claim(t, e))
        return err_set(e, ERR_NONCE, "fewer are collected"); /* 409 */
    if (!code && t->b.old != t->size)
        code = err_set(e, ERR_NONCE, "%" PRIu64 " entries are collected",
                       t->size); /* come before, or not yet: 409 */
    const struct merkle before = t->k.tree;
    if (!code)
        code = batch_check(&t->b, &t->k, e);
    if (!code)
        code = check_claim(t, &before, e);
    if (!code)
        code = put_all(t, line, e);
    if (!code)
        return pg_run(pg, NULL, e, PG_COMMIT);
    pg_run(pg, NULL, NULL, PG_ROLLBACK);
    return code;
}

static void
answer(struct taking *t, enum err_code code, const struct buf *line,
       const struct err *e, const void *body, size_t n,
       struct collect_answer *a)
{
    switch (code) {
    case ERR_OK:
        collect_say(a, 200, COLLECT_TEXT, "%s", buf_str(line));
        break;
    case ERR_NONCE:
        collect_say(a, 409, COLLECT_SIZE, "%" PRIu64 "\n", t->size);
        break;
    case ERR_SIGNATURE:
        collect_say(a, 403, COLLECT_TEXT, "%s\n", e->text);
        break;
    case ERR_BAD_INPUT:
        collect_say(a, 400, COLLECT_TEXT, "%s\n", e->text);
        break;
    case ERR_LOG_BROKEN:
    case ERR_SEEN:
        keep_refused(t, body, n, e->text);
        collect_say(a, 422, COLLECT_TEXT, "%s\n", e->text);
        break;
    default:
        collect_say(a, 503, COLLECT_TEXT, "%s\n", e->text);
    }
}

void
collector_take(struct collector *c, const void *body, size_t n,
               struct collect_answer *a)
{
    struct err e = {0};
    AUTO_BUF(line, 1024);
    struct taking *t = mem_alloc(sizeof *t);
    t->c = c;
    a->body = BUF_INIT(BODY);
    enum err_code code = batch_read(&t->b, body, n, &e);
    if (code) {
        collect_say(a, code == ERR_TOO_BIG ? 413 : 400, COLLECT_TEXT, "%s\n",
                    e.text);
        free(t);
        return;
    }
    t->k = (struct batch_known){
        .log = &t->log, .ctx = t, .signer = known_signer, .entry = known_entry};
    code = known_log(c->known, t->b.head.origin, &t->log, &e);
    if (code) {
        collect_say(a, code == ERR_NOT_FOUND ? 404 : 500, COLLECT_TEXT, "%s\n",
                    e.text);
    } else {
        code = pg_connect(&c->pg, c->conninfo, &e);
        if (!code)
            code = in_transaction(t, &line, &e);
        answer(t, code, &line, &e, body, n, a);
    }
    batch_done(&t->b);
    free(t);
}

/* The log's row, and what we have signed of it. */
static enum err_code
feed_row(struct taking *t, const struct checkpoint *c, struct err *e)
{
    enum err_code code = lock_origin(t, e);
    if (!code && t->size < c->size)
        code = pg_run(t->c->pg, NULL, e, PG_ORIGIN_OWN, t->origin,
                      (int64_t)c->size, c->root, (size_t)HASH_SIZE);
    return code ? code : pg_run(t->c->pg, NULL, e, PG_COMMIT);
}

enum err_code
collector_feed(struct collector *c, const char *note, size_t n, struct err *e)
{
    struct checkpoint head;
    struct taking *t = mem_alloc(sizeof *t);
    t->c = c;
    enum err_code code = note_parse(note, n, &head, e);
    if (!code)
        code = known_log(c->known, head.origin, &t->log, e);
    if (!code)
        code = note_verify(note, n, &t->log, &head, e);
    if (!code && cosign_verify(note, n, &c->vkey, NULL, NULL))
        code =
            err_set(e, ERR_SIGNATURE, "%s has not cosigned it", c->vkey.name);
    if (!code)
        code = pg_connect(&c->pg, c->conninfo, e);
    if (!code)
        code = pg_run(c->pg, NULL, e, PG_BEGIN);
    if (!code && (code = feed_row(t, &head, e)))
        pg_run(c->pg, NULL, NULL, PG_ROLLBACK);
    free(t);
    return code;
}

void
collector_show(struct collector *c, const char *hash, struct collect_answer *a)
{
    struct err e = {0};
    PGresult *r = NULL;
    a->body = BUF_INIT(BODY);
    enum err_code code = pg_connect(&c->pg, c->conninfo, &e);
    if (!code)
        code = pg_run(c->pg, &r, &e, PG_ORIGIN_NOTE, hash);
    if (code)
        collect_say(a, 503, COLLECT_TEXT, "%s\n", e.text);
    else if (PQntuples(r) != 1)
        collect_say(a, 404, COLLECT_TEXT, "nothing has been cosigned\n");
    else {
        a->status = 200;
        a->type = COLLECT_TEXT;
        buf_adds(&a->body, pg_text(r, 0, 0));
    }
    PQclear(r);
}
