/* SPDX-License-Identifier: EUPL-1.2
 *
 * What must hold of a post before it may be an entry. The rules are those of
 * the verifier, so that what is accepted also verifies.
 */
#include "config.h"

#include "audit/batch.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "proof/binding.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The entry that is referred to; an own entry takes its hash from here. */
static enum err_code
judge_ref(struct batch *b, struct item *it, struct err *e)
{
    struct store *s = b->l->store;
    if (!it->a.has_ref)
        return it->row->ref == REF_MUST
                   ? err_set(e, ERR_BAD_INPUT, "%s",
                             _("the entry must name an intent"))
                   : ERR_OK;
    if (it->a.ref_seq >= b->tree.size)
        return err_set(e, ERR_BAD_INPUT,
                       _("there is no entry %" PRIu64 " to refer to"),
                       it->a.ref_seq);
    enum err_code code =
        store_get(s, ST_ENTRY_REF, e, "i", (int64_t)it->a.ref_seq);
    if (code)
        return code;
    size_t n;
    const void *hash = store_blob(s, ST_ENTRY_REF, 0, &n);
    int64_t type = store_int(s, ST_ENTRY_REF, 1);
    bool ok = n == HASH_SIZE;
    if (ok && !it->post->author)
        memcpy(it->a.ref_hash, hash, HASH_SIZE);
    ok = ok && memcmp(it->a.ref_hash, hash, HASH_SIZE) == 0 &&
         (it->row->ref != REF_MUST || type == KIND_INTENT);
    store_reset(s, ST_ENTRY_REF);
    return ok ? ERR_OK
              : err_set(e, ERR_BAD_INPUT,
                        _("entry %" PRIu64 " is not what is referred to"),
                        it->a.ref_seq);
}

/* An outcome closes an intent that is open. */
static enum err_code
judge_open(struct batch *b, struct item *it, struct err *e)
{
    bool opens = it->row->open == OPEN_OPENS;
    /* the ballast is for what enfragad has to say of what is under way */
    if ((opens && b->low) || (b->spare && (opens || it->post->author))) {
        b->refused = true;
        return err_set(e, ERR_LOG, "%s", _("the disk of the log is full"));
    }
    if (it->row->open != OPEN_CLOSES)
        return ERR_OK;
    enum err_code code =
        store_get(b->l->store, ST_PENDING_GET, e, "i", (int64_t)it->a.ref_seq);
    store_reset(b->l->store, ST_PENDING_GET);
    if (code != ERR_NOT_FOUND)
        return code;
    return err_set(e, ERR_BAD_INPUT,
                   _("intent %" PRIu64 " has its outcome already"),
                   it->a.ref_seq);
}

/* The head that the client has seen must be one of ours. */
static enum err_code
judge_seen(struct batch *b, struct item *it, struct err *e)
{
    struct ledger *l = b->l;
    uint8_t root[HASH_SIZE];
    uint64_t size = it->a.seen_size;
    if (size == 0)
        return ERR_OK;
    struct head *h = &l->heads[size % HEADS];
    if (size <= l->tree.size && h->size != size) {
        struct merkle_source src = ledger_source(l);
        if (!merkle_range_root(&src, size, root))
            return err_set(e, ERR_IO, "%s", _("the tree cannot be read"));
        h->size = size;
        memcpy(h->root, root, HASH_SIZE);
    }
    if (size > l->tree.size || memcmp(h->root, it->a.seen_root, HASH_SIZE) != 0)
        return err_set(
            e, ERR_SEEN,
            _("the client has seen another log (%" PRIu64 " entries)"), size);
    return ERR_OK;
}

/* The försäkran that the entry itself brings. */
static enum err_code
judge_new_forsakran(struct batch *b, struct item *it, struct key **key,
                    struct err *e)
{
    const struct ledger_forsakran *f = it->post->forsakran;
    struct store *s = b->l->store;
    struct vkey v;
    uint8_t sha[HASH_SIZE], kid[KID_SIZE];
    if (!f)
        return err_set(e, ERR_FORSAKRAN, "%s", _("the försäkran is missing"));
    struct binding bind = {.cms = f->cms,
                           .cms_len = f->cms_len,
                           .text = f->text,
                           .text_len = f->text_len,
                           .vkey = f->vkey,
                           .account = f->account};
    enum err_code code = binding_check(&bind, &v, sha, e);
    if (code)
        return code;
    vkey_kid(&v, kid);
    if (memcmp(sha, it->a.forsakran, HASH_SIZE) != 0 ||
        memcmp(kid, it->a.kid, KID_SIZE) != 0)
        return err_set(e, ERR_FORSAKRAN, "%s",
                       _("the entry names another försäkran or key"));
    code = store_get(s, ST_FORSAKRAN_GET, e, "b", it->a.forsakran,
                     (size_t)HASH_SIZE);
    store_reset(s, ST_FORSAKRAN_GET);
    if (code != ERR_NOT_FOUND)
        return code ? code
                    : err_set(e, ERR_BAD_INPUT, "%s",
                              _("the försäkran is on file already"));
    code = store_get(s, ST_FORSAKRAN_NEXT, e, NULL);
    if (code)
        return code;
    it->author = store_int(s, ST_FORSAKRAN_NEXT, 0);
    store_reset(s, ST_FORSAKRAN_NEXT);
    return key_from_public(v.pub, key, e);
}

/* The key that must have signed. */
static enum err_code
judge_author(struct batch *b, struct item *it, struct err *e)
{
    const struct author *known;
    AUTO_KEY struct key *own = NULL;
    const struct key *key;
    enum err_code code;
    if (it->a.type == KIND_FORSAKRAN) {
        code = judge_new_forsakran(b, it, &own, e);
        key = own;
    } else {
        code = ledger_author(b->l, it->a.forsakran, &known, e);
        if (!code && memcmp(known->kid, it->a.kid, KID_SIZE) != 0)
            code = err_set(e, ERR_FORSAKRAN, "%s",
                           _("the entry names another försäkran or key"));
        key = code ? NULL : known->key;
        it->author = code ? 0 : known->id;
    }
    if (code)
        return code;
    if (!it->post->sig_checked &&
        !entry_verify(key, it->author_bytes, it->author_len, it->sig))
        return err_set(e, ERR_SIGNATURE, "%s",
                       _("the entry's signature does not hold"));
    return ERR_OK;
}

static enum err_code
judge_commit(const struct item *it, struct err *e)
{
    uint8_t commit[HASH_SIZE];
    const struct ledger_post *p = it->post;
    bool ok = it->a.has_commit == (p->payload != NULL);
    if (ok && it->a.has_commit) {
        entry_commit(commit, it->salt, p->payload, p->payload_len);
        ok = memcmp(commit, it->a.commit, HASH_SIZE) == 0;
    }
    return ok ? ERR_OK
              : err_set(e, ERR_COMMIT, "%s",
                        _("the payload is not the one that was signed"));
}

/* A new one: its certificate comes along, and was never one before. */
static enum err_code
judge_new(struct batch *b, struct item *it, struct err *e)
{
    const struct ledger_post *p = it->post;
    uint8_t sha[HASH_SIZE];
    if (p->n_recipients == 1)
        sha256(sha, p->recipients->cert, p->recipients->cert_len);
    if (p->n_recipients != 1 || it->a.n_recipients != 1 ||
        memcmp(sha, it->a.recipient[0].cert, HASH_SIZE) != 0 ||
        strcmp(p->recipients->name, it->a.recipient[0].name) != 0)
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("the certificate is not the one that is named"));
    enum err_code code = store_get(b->l->store, ST_RECIPIENT_KNOWN, e, "b", sha,
                                   (size_t)HASH_SIZE);
    store_reset(b->l->store, ST_RECIPIENT_KNOWN);
    return code == ERR_NOT_FOUND ? ERR_OK
           : code                ? code
                                 : err_set(e, ERR_BAD_INPUT, "%s",
                                           _("the log is or was sealed to that certificate"));
}

/* One to be taken away: it is there, and another stays that opens all that it
 * does; the archive likewise. */
static enum err_code
judge_away(struct batch *b, struct item *it, struct err *e)
{
    const struct ledger *l = b->l;
    const struct recipient *of = NULL;
    bool stays = false;
    for (unsigned i = 0; i < l->recipients; i++)
        if (l->recipient[i].seq == it->a.away &&
            !memcmp(l->recipient[i].sha256, it->a.recipient[0].cert, HASH_SIZE))
            of = &l->recipient[i];
    if (!of || strcmp(of->unit, it->a.unit) != 0 ||
        strcmp(of->name, it->a.recipient[0].name) != 0)
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("the log is not sealed to that recipient"));
    for (unsigned i = 0; i < l->recipients; i++) {
        const struct recipient *r = &l->recipient[i];
        stays |= r != of && (!r->unit[0] || !strcmp(r->unit, of->unit)) &&
                 !strcmp(r->name, "arkiv") == !strcmp(of->name, "arkiv");
    }
    return stays ? ERR_OK
                 : err_set(e, ERR_BAD_INPUT, "%s",
                           _("nobody would be left to open what it opens; take "
                             "in another first"));
}

/* Who is to open boxes. An entry without a reference proposes; one that refers
 * to that, by another account, takes in or away. */
static enum err_code
judge_recipient(struct batch *b, struct item *it, struct err *e)
{
    struct entry_leaf leaf;
    struct entry_author first;
    size_t n;
    if (b->l->stale) /* by another entry of this transaction */
        return err_set(e, ERR_LOG, "%s", _("the recipients change just now"));
    enum err_code code =
        it->a.has_away ? judge_away(b, it, e) : judge_new(b, it, e);
    if (code || !it->a.has_ref)
        return code;
    code = store_get(b->l->store, ST_ENTRY_AUTHOR, e, "ii",
                     (int64_t)it->a.ref_seq, it->author);
    if (code)
        return code;
    const void *data = store_blob(b->l->store, ST_ENTRY_AUTHOR, 0, &n);
    const char *by = store_text(b->l->store, ST_ENTRY_AUTHOR, 1);
    const char *me = store_text(b->l->store, ST_ENTRY_AUTHOR, 2);
    bool same = data && by && me && !strcmp(by, me);
    bool ok =
        data && by && me && !same && !entry_leaf_split(data, n, &leaf, NULL) &&
        !entry_author_decode(leaf.author, leaf.author_len, &first, NULL) &&
        first.has_recipients && !first.has_day && !first.has_ref &&
        first.n_recipients == 1 && !strcmp(first.unit, it->a.unit) &&
        first.has_away == it->a.has_away && first.away == it->a.away &&
        !memcmp(&first.recipient[0], &it->a.recipient[0],
                sizeof first.recipient[0]);
    store_reset(b->l->store, ST_ENTRY_AUTHOR);
    if (same)
        return err_set(e, ERR_ROLE, "%s",
                       _("a second person approves, not oneself"));
    return ok ? ERR_OK
              : err_set(e, ERR_BAD_INPUT, "%s",
                        _("the entry does not propose this certificate"));
}

static enum err_code
judge_user(struct batch *b, struct item *it, struct err *e)
{
    const struct ledger_post *p = it->post;
    it->author_bytes = p->author;
    it->author_len = p->author_len;
    memcpy(it->sig, p->sig, KEY_SIG);
    memcpy(it->salt, p->salt, ENTRY_SALT);
    enum err_code code =
        entry_author_decode(p->author, p->author_len, &it->a, e);
    if (code)
        return code;
    it->row = entry_kind_row(it->a.type);
    /* A key alone is one of a user's, which the entry vouches for. */
    if (!(it->row->by & BY_USER) || it->a.has_log_key || it->a.has_day ||
        (it->a.has_key && it->a.has_recipients))
        return err_set(e, ERR_BAD_INPUT, _("no user may write `%s'"),
                       it->row->word);
    if (strcmp(it->a.origin, b->l->origin) != 0 ||
        strcmp(it->a.mode, b->l->mode) != 0)
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("the entry is for another log"));
    if (p->peer == PEER_NONE)
        return err_set(e, ERR_BAD_INPUT, "%s", _("the caller is not known"));
    code = judge_author(b, it, e);
    if (!code)
        code = judge_commit(it, e);
    if (!code)
        code = judge_seen(b, it, e);
    if (!code)
        code = judge_ref(b, it, e);
    if (!code && it->a.has_recipients)
        code = judge_recipient(b, it, e);
    if (!code)
        code = judge_erasure(b, it, e);
    return code ? code : judge_open(b, it, e);
}

static int
by_cert(const void *a, const void *b)
{
    const struct entry_recipient *x = a, *y = b;
    return memcmp(x->cert, y->cert, HASH_SIZE);
}

/* What a nyckel says in clear: a day key and whom it is sealed to, or new
 * recipients. */
static void
day_fields(const struct ledger_post *p, struct entry_author *a)
{
    if (p->n_recipients == 0)
        return;
    a->has_recipients = true;
    a->n_recipients = p->n_recipients;
    snprintf(a->unit, sizeof a->unit, "%s", p->unit ? p->unit : "");
    for (unsigned i = 0; i < p->n_recipients; i++) {
        const struct ledger_recipient *from = &p->recipients[i];
        sha256(a->recipient[i].cert, from->cert, from->cert_len);
        snprintf(a->recipient[i].name, sizeof a->recipient[i].name, "%s",
                 from->name);
    }
    qsort(a->recipient, a->n_recipients, sizeof a->recipient[0], by_cert);
    if (!p->day)
        return;
    a->has_day = true;
    a->day = (uint64_t)p->day->number;
    sha256(a->day_cms, p->day->cms.data, p->day->cms.len);
}

/* enfragad's own: filled in, judged by the same rules, signed. */
static enum err_code
make_own(struct batch *b, struct item *it, struct err *e)
{
    struct ledger *l = b->l;
    const struct ledger_post *p = it->post;
    struct entry_author *a = &it->a;
    a->type = p->type;
    memcpy(a->origin, l->origin, sizeof a->origin);
    memcpy(a->mode, l->mode, sizeof a->mode);
    memcpy(a->kid, l->own_kid, KID_SIZE);
    random_bytes(a->nonce, ENTRY_NONCE);
    a->client_time_ms = (uint64_t)clock_now_ms();
    a->client_boot_ms = (uint64_t)clock_boot_ms();
    a->seen_size = l->tree.size;
    if (a->seen_size)
        memcpy(a->seen_root, l->root, HASH_SIZE);
    a->has_ref = p->has_ref;
    a->ref_seq = p->has_ref ? p->ref_seq : 0;
    a->authorities = p->authorities;
    a->kind = p->kind;
    snprintf(a->legal, sizeof a->legal, "%s", p->legal ? p->legal : "");
    if (p->payload) {
        random_bytes(it->salt, ENTRY_SALT);
        a->has_commit = true;
        entry_commit(a->commit, it->salt, p->payload, p->payload_len);
    }
    day_fields(p, a);
    if (p->named_forsakran) {
        a->has_named = true;
        memcpy(a->named_forsakran, p->named_forsakran, HASH_SIZE);
        snprintf(a->named_by, sizeof a->named_by, "%s", p->named_by);
    }
    if (l->tree.size == 0) {
        a->has_key = a->has_log_key = true;
        memcpy(a->key, l->own_vkey.pub, KEY_RAW);
        memcpy(a->log_key, l->log_vkey.pub, KEY_RAW);
    }
    enum err_code code = judge_ref(b, it, e);
    return code ? code : judge_open(b, it, e);
}

static enum err_code
judge_own(struct batch *b, struct item *it, struct err *e)
{
    struct ledger *l = b->l;
    const uint8_t *named = it->post->named_forsakran;
    const struct author *known;
    it->row = entry_kind_row(it->post->type);
    if (!it->row || !(it->row->by & (named ? BY_USER : BY_ENFRAGAD)) ||
        (named && it->post->type != KIND_INTENT))
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("enfragad may not write such an entry"));
    if (named && it->post->peer == PEER_NONE)
        return err_set(e, ERR_BAD_INPUT, "%s", _("the caller is not known"));
    if (it->post->n_recipients > ENTRY_RECIPIENTS)
        return err_set(e, ERR_TOO_BIG, _("at most %d recipients"),
                       ENTRY_RECIPIENTS);
    enum err_code code = named ? ledger_author(l, named, &known, e) : ERR_OK;
    if (named && !code)
        it->author = known->id; /* whose search it is */
    if (!code)
        code = make_own(b, it, e);
    buf_clear(&l->author);
    if (!code)
        code = entry_author_encode(&l->author, &it->a, e);
    if (code)
        return code;
    it->author_bytes = l->author.data;
    it->author_len = l->author.len;
    return entry_sign(l->own_key, it->author_bytes, it->author_len, it->sig, e);
}

enum err_code
item_judge(struct batch *b, struct item *it, struct err *e)
{
    return it->post->author ? judge_user(b, it, e) : judge_own(b, it, e);
}
