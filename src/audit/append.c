/* SPDX-License-Identifier: EUPL-1.2
 *
 * Appending. Passes over each post: judge it (nothing written), take its nonce
 * (the last thing that may refuse it), write it. Then the frontier, one signed
 * checkpoint, and COMMIT; the head in memory moves only after that.
 */
#include "config.h"

#include "audit/batch.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Subtrees of the log that is to be: the batch's own leaves, and the nodes of
 * the frontier before it, which is all that paths of new leaves touch. */
static bool
batch_node(void *ctx, uint64_t index, unsigned level, uint8_t out[HASH_SIZE])
{
    const struct batch *b = ctx;
    const struct merkle *before = &b->l->tree;
    if (level == 0 && index >= before->size) {
        if (index - before->size >= b->count)
            return false;
        memcpy(out, b->hash[index - before->size], HASH_SIZE);
        return true;
    }
    uint64_t at = 0;
    unsigned i = 0;
    for (unsigned k = MERKLE_LEVELS; k-- > 0;) {
        if (!(before->size >> k & 1))
            continue;
        if (k == level && at == index << level) {
            memcpy(out, before->node[i], HASH_SIZE);
            return true;
        }
        at += 1ull << k;
        i++;
    }
    return false;
}

static enum err_code
put_box(struct batch *b, const struct item *it, struct entry_host *h,
        struct err *e)
{
    struct ledger *l = b->l;
    const struct ledger_post *p = it->post;
    enum err_code code = ERR_OK;
    if (!it->a.has_commit)
        return ERR_OK;
    buf_clear(&l->box);
    /* before there is anyone, only enfragad writes, and of no person */
    if (!it->day && (p->author || l->recipients) && !strcmp(l->mode, "skarp"))
        return err_set(e, ERR_REVIEWER, "%s",
                       _("there is no reviewer to seal it to"));
    if (it->day) {
        if (!b->aead)
            b->aead = aead_new();
        h->day = (uint64_t)it->day->number;
        code = box_seal(&l->box, b->aead, it->day->key, l->origin, it->a.commit,
                        it->salt, p->payload, p->payload_len, e);
    } else {
        entry_box_clear(&l->box, it->salt, p->payload, p->payload_len);
    }
    if (code || l->box.full)
        return err_set(e, ERR_TOO_BIG, "%s", _("the payload is too large"));
    sha256(h->box_sha256, l->box.data, l->box.len);
    return ERR_OK;
}

static void
fill_host(const struct item *it, uint64_t seq, struct entry_host *h)
{
    const char *boot = clock_boot_id();
    *h = (struct entry_host){.seq = seq,
                             .log_time_ms = (uint64_t)clock_now_ms(),
                             .boot_ms = (uint64_t)clock_boot_ms(),
                             .peer_uid = it->post->peer_uid};
    if (it->post->author || it->a.has_named)
        h->peer = it->post->peer;
    memcpy(h->peer_cert, it->post->peer_cert, HASH_SIZE);
    if (strlen(boot) < sizeof h->boot_id)
        memcpy(h->boot_id, boot, strlen(boot) + 1);
}

/* The rows of an entry beside its own. */
static enum err_code
put_beside(struct batch *b, const struct item *it, int64_t seq, struct err *e)
{
    struct store *s = b->l->store;
    enum err_code code = ERR_OK;
    if (it->a.has_commit)
        code = store_run(s, ST_BOX_PUT, e, "iib", seq,
                         it->day ? it->day->number : 0, b->l->box.data,
                         b->l->box.len);
    if (!code && it->row->open == OPEN_OPENS)
        code = store_run(s, ST_PENDING_PUT, e, "i", seq);
    if (!code && it->row->open == OPEN_CLOSES)
        code = store_run(s, ST_PENDING_GONE, e, "i", (int64_t)it->a.ref_seq);
    return code ? code : day_put(b, it, seq, e);
}

static enum err_code
put_forsakran(struct batch *b, const struct item *it, int64_t seq,
              struct err *e)
{
    const struct ledger_forsakran *f = it->post->forsakran;
    if (it->a.type != KIND_FORSAKRAN || !f)
        return ERR_OK;
    return store_run(b->l->store, ST_FORSAKRAN_PUT, e, "ibbbtti", it->author,
                     it->a.forsakran, (size_t)HASH_SIZE, f->cms, f->cms_len,
                     f->text, f->text_len, f->vkey, f->account, seq);
}

/* enfragad's part of the leaf just made goes with the receipt. */
static void
keep_host(const struct ledger *l, struct receipt *r)
{
    struct entry_leaf leaf;
    r->host_len = 0;
    if (entry_leaf_split(l->leaf.data, l->leaf.len, &leaf, NULL) ||
        leaf.host_len > sizeof r->host)
        return;
    memcpy(r->host, leaf.host, leaf.host_len);
    r->host_len = leaf.host_len;
}

/* Writes one judged post. ERR_NONCE and ERR_TOO_BIG leave nothing behind;
 * every other failure is the transaction's. */
static enum err_code
put(struct batch *b, const struct item *it, struct receipt *r, struct err *e)
{
    struct ledger *l = b->l;
    struct entry_host h;
    uint8_t hash[HASH_SIZE];
    int64_t seq = (int64_t)b->tree.size;
    fill_host(it, b->tree.size, &h);
    enum err_code code = put_box(b, it, &h, e);
    buf_clear(&l->leaf);
    if (!code)
        code = entry_leaf_encode(&l->leaf, it->author_bytes, it->author_len,
                                 it->sig, &h, e);
    if (code)
        return code;
    code = store_run(l->store, ST_NONCE_PUT, e, "bi", it->a.nonce,
                     (size_t)ENTRY_NONCE, seq);
    if (code == ERR_BAD_INPUT && store_not_unique(l->store))
        return err_set(e, ERR_NONCE, "%s",
                       _("an entry with this nonce is in the log"));
    entry_leaf_hash(hash, l->leaf.data, l->leaf.len);
    b->fatal = true;
    if (!code)
        code = put_forsakran(b, it, seq, e);
    if (!code && it->a.has_ref)
        code = store_run(l->store, ST_ENTRY_PUT, e, "ibbiiii", seq, hash,
                         (size_t)HASH_SIZE, l->leaf.data, l->leaf.len,
                         (int64_t)it->a.type, it->author,
                         (int64_t)h.log_time_ms, (int64_t)it->a.ref_seq);
    else if (!code)
        code =
            store_run(l->store, ST_ENTRY_PUT, e, "ibbiiin", seq, hash,
                      (size_t)HASH_SIZE, l->leaf.data, l->leaf.len,
                      (int64_t)it->a.type, it->author, (int64_t)h.log_time_ms);
    if (!code)
        code = put_beside(b, it, seq, e);
    if (code)
        return code;
    b->fatal = false;
    merkle_append(&b->tree, hash);
    memcpy(b->hash[b->count++], hash, HASH_SIZE);
    r->seq = (uint64_t)seq;
    keep_host(l, r);
    return ERR_OK;
}

/* One post: the code goes to its result; returned only when the transaction
 * cannot go on. */
static enum err_code
add(struct batch *b, const struct ledger_post *post,
    struct ledger_result *result)
{
    struct item it = {.post = post};
    result->err = (struct err){0};
    enum err_code code = day_for(b, post, &it.day, &result->err);
    if (!code)
        code = item_judge(b, &it, &result->err);
    if (!code)
        code = put(b, &it, &result->receipt, &result->err);
    if (code == ERR_LOG || code == ERR_IO || code == ERR_INTERNAL)
        b->fatal = b->fatal || !b->refused;
    b->refused = false;
    result->code = code;
    return b->fatal ? code : ERR_OK;
}

enum err_code
batch_add_own(struct batch *b, const struct ledger_post *post, struct err *e)
{
    struct ledger_result r;
    enum err_code code = add(b, post, &r);
    if (r.code && e)
        *e = r.err;
    return code ? code : r.code;
}

/* The head of the batch: frontier and one signed checkpoint. */
static enum err_code
seal(struct batch *b, struct err *e)
{
    struct ledger *l = b->l;
    struct checkpoint c = {.size = b->tree.size};
    uint8_t packed[MERKLE_LEVELS * HASH_SIZE];
    AUTO_BUF(note, NOTE_MAX - 1);
    memcpy(c.origin, l->origin, sizeof c.origin);
    merkle_root(&b->tree, c.root);
    enum err_code code = note_sign(&note, &c, &l->log_vkey, l->log_key, e);
    if (code)
        return code;
    memcpy(b->note, note.data, note.len + 1);
    size_t n = merkle_pack(&b->tree, packed);
    code = store_run(l->store, ST_STATE_PUT, e, "ib", (int64_t)b->tree.size,
                     packed, n);
    if (!code)
        code = store_run(l->store, ST_CHECKPOINT_PUT, e, "it",
                         (int64_t)b->tree.size, b->note);
    uint64_t old = l->tree.size;
    if (!code && old && (old - 1) / THIN == (b->tree.size - 1) / THIN)
        code = store_run(l->store, ST_CHECKPOINT_THIN, e, "i", (int64_t)old);
    return code;
}

static enum err_code
write_all(struct batch *b, const struct ledger_post *posts, size_t n,
          struct ledger_result *results, struct err *e)
{
    struct store *s = b->l->store;
    b->tree = b->l->tree;
    b->count = 0;
    b->fatal = false;
    if (!b->spare)
        space_keep(b->l);
    b->low = b->l->tree.size && (b->l->no_ballast || space_is_low(b->l));
    enum err_code code =
        b->l->stale && b->l->tree.size ? recipients_load(b->l, e) : ERR_OK;
    if (!code)
        code = store_begin(s, e);
    for (size_t i = 0; i < n && !code; i++) {
        code = add(b, &posts[i], &results[i]);
        if (code && e)
            *e = results[i].err;
    }
    if (!code && b->count)
        code = seal(b, e);
    if (code || !b->count)
        store_rollback(s);
    else
        code = store_commit(s, e);
    days_settle(b, !code && b->count);
    return code;
}

/* The head moves, and each new entry gets its receipt. */
static void
done(struct batch *b, size_t n, struct ledger_result *results)
{
    struct merkle_source src = {.node = batch_node, .ctx = b};
    for (size_t i = 0; i < n; i++)
        if (!results[i].code)
            results[i].code =
                receipt_make(&results[i].receipt, results[i].receipt.seq,
                             b->note, &src, &results[i].err);
    ledger_head_set(b->l, &b->tree, b->note);
}

static enum err_code
fail_all(enum err_code code, const struct err *why, size_t n,
         struct ledger_result *results)
{
    for (size_t i = 0; i < n; i++) {
        results[i].code = code;
        results[i].err = *why;
    }
    return code;
}

enum err_code
ledger_append(struct ledger *l, const struct ledger_post *posts, size_t n,
              struct ledger_result *results, struct err *e)
{
    struct err why = {0};
    struct batch b = {.l = l};
    if (n == 0)
        return ERR_OK;
    if (ledger_is_broken(l)) {
        err_set(&why, ERR_IO, "%s", _("the log is closed after an error"));
        if (e)
            *e = why;
        return fail_all(ERR_IO, &why, n, results);
    }
    if (l->blocked[0]) {
        err_set(&why, ERR_LOG_BROKEN, "%s", l->blocked);
        if (e)
            *e = why;
        return fail_all(ERR_LOG_BROKEN, &why, n, results);
    }
    b.hash = mem_alloc(2 * n * sizeof *b.hash); /* each may need a day key */
    enum err_code code = write_all(&b, posts, n, results, &why);
    /* Full: outcomes may have the ballast's room, and intents none. */
    if (code == ERR_LOG && l->tree.size && store_is_full(l->store) &&
        space_release(l)) {
        b.spare = true;
        code = write_all(&b, posts, n, results, &why);
    }
    if (code)
        fail_all(code, &why, n, results);
    else if (b.count)
        done(&b, n, results);
    free(b.hash);
    aead_free(&b.aead);
    buf_clear(&l->box);
    if (code && e)
        *e = why;
    return code;
}

void
ledger_queue(struct ledger *l, const struct ledger_post *post,
             struct ledger_result *result)
{
    if (l->queued == l->queue_room) {
        l->queue_room = l->queue_room ? 2 * l->queue_room : 64;
        l->queue = mem_grow(l->queue, l->queue_room, sizeof *l->queue);
    }
    l->queue[l->queued++] = (struct queued){post, result};
}

void
ledger_flush(void *ledger)
{
    struct ledger *l = ledger;
    size_t n = l->queued;
    if (n == 0)
        return;
    struct ledger_post *posts = mem_alloc(n * sizeof *posts);
    struct ledger_result *results = mem_alloc(n * sizeof *results);
    for (size_t i = 0; i < n; i++)
        posts[i] = *l->queue[i].post;
    ledger_append(l, posts, n, results, NULL);
    for (size_t i = 0; i < n; i++)
        *l->queue[i].result = results[i];
    l->queued = 0;
    free(posts);
    free(results);
}

enum err_code
ledger_put_forsakran(struct ledger *l, const struct ledger_post *post,
                     const struct ledger_forsakran *f,
                     struct ledger_result *result)
{
    struct ledger_post p = *post;
    p.forsakran = f;
    enum err_code code = ledger_append(l, &p, 1, result, NULL);
    return code ? code : result->code;
}
