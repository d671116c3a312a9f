/* SPDX-License-Identifier: EUPL-1.2
 *
 * What must hold of a batch before it is stored. The verifier asks the same
 * and more, by code of its own; this asks what can be told without the whole
 * log at hand.
 */
#include "config.h"

#include "proof/batch.h"
#include "proof/box.h"

#include <inttypes.h>
#include <string.h>

/* The clock between a försäkran's check and its entry, or after its
 * withdrawal, for what was under way. */
enum { SLACK_MS = 5 * 60 * 1000 };

static const uint8_t nobody[HASH_SIZE];

struct one {
    struct batch *b;
    struct batch_known *k;
    struct batch_entry *it;
    struct entry_leaf leaf;
    struct entry_author a;
    struct entry_host h;
    const struct entry_kind_row *kind;
    bool own;   /* signed by enfragad */
    bool alone; /* and in nobody's name */
};

#define BROKEN(o, e, ...)                                                      \
    err_add((err_set(e, ERR_LOG_BROKEN, __VA_ARGS__), e), ERR_LOG_BROKEN,      \
            "entry %" PRIu64, (o)->it->seq)

static enum err_code
decode(struct one *o, struct err *e)
{
    const struct batch_entry *it = o->it;
    struct err why = {0};
    if (entry_leaf_split(it->leaf, it->leaf_len, &o->leaf, &why) ||
        entry_author_decode(o->leaf.author, o->leaf.author_len, &o->a, &why) ||
        entry_host_decode(o->leaf.host, o->leaf.host_len, &o->h, &why))
        return BROKEN(o, e, "%s", why.text);
    o->kind = entry_kind_row(o->a.type);
    o->own = memcmp(o->a.forsakran, nobody, HASH_SIZE) == 0;
    if (o->h.seq != it->seq)
        return BROKEN(o, e, "it was written with another number");
    if (strcmp(o->a.origin, o->k->log->name) != 0)
        return BROKEN(o, e, "it is of another log");
    if (it->seq == 0)
        memcpy(o->k->mode, o->a.mode, sizeof o->k->mode);
    if (strcmp(o->a.mode, o->k->mode) != 0)
        return BROKEN(o, e, "it is of another mode");
    o->alone = o->own && !o->a.has_named;
    if (!(o->kind->by & (o->alone ? BY_ENFRAGAD : BY_USER)) ||
        o->alone != (o->h.peer == PEER_NONE))
        return BROKEN(o, e, "its author may not write such an entry");
    return ERR_OK;
}

/* The derived fields. */
static void
derive(struct one *o)
{
    struct batch_entry *it = o->it;
    entry_leaf_hash(it->hash, it->leaf, it->leaf_len);
    it->type = o->a.type;
    it->time_ms = (int64_t)o->h.log_time_ms;
    it->ref = o->a.has_ref ? (int64_t)o->a.ref_seq : -1;
    memcpy(it->nonce, o->a.nonce, ENTRY_NONCE);
    memcpy(it->sha256, o->a.forsakran, HASH_SIZE);
    memcpy(it->kid, o->a.kid, KID_SIZE);
}

/* A försäkran that the entry brings: the CMS holds, and names this key. */
static enum err_code
new_forsakran(struct one *o, struct err *e)
{
    struct batch_entry *it = o->it;
    uint8_t sha[HASH_SIZE], kid[KID_SIZE];
    struct vkey v;
    struct err why = {0};
    if (!it->has_forsakran)
        return BROKEN(o, e, "its försäkran is missing");
    if (binding_check(&it->forsakran, &v, sha, &why))
        return BROKEN(o, e, "its försäkran does not hold: %s", why.text);
    vkey_kid(&v, kid);
    if (memcmp(sha, o->a.forsakran, HASH_SIZE) != 0 ||
        memcmp(kid, o->a.kid, KID_SIZE) != 0)
        return BROKEN(o, e, "it names another försäkran or key");
    it->brought = (struct batch_signer){.id = ++o->k->forsakringar};
    memcpy(it->brought.pub, v.pub, KEY_RAW);
    if (o->k->judge &&
        o->k->judge(o->k->ctx, &it->forsakran, it->time_ms, &it->brought, &why))
        return BROKEN(o, e, "its försäkran does not hold: %s", why.text);
    return ERR_OK;
}

/* A key of enfragad's own; at entry 0 the one that signs it. */
static enum err_code
new_key(struct one *o, struct err *e)
{
    struct vkey v;
    struct batch_entry *it = o->it;
    if (it->seq == 0 && (!o->a.has_key || !o->a.has_log_key ||
                         memcmp(o->a.log_key, o->k->log->pub, KEY_RAW) != 0))
        return BROKEN(o, e, "it does not declare the keys of the log");
    if (!o->own || !o->a.has_key)
        return ERR_OK;
    if (entry_own_vkey(&v, o->a.origin, o->a.key, e))
        return BROKEN(o, e, "the key that it declares");
    it->has_key = true;
    it->brought = (struct batch_signer){.id = 0};
    memcpy(it->brought.pub, v.pub, KEY_RAW);
    if (it->seq == 0)
        vkey_kid(&v, it->kid);
    return ERR_OK;
}

/* Has this entry of the batch brought that key? `kid` NULL: any key of the
 * försäkran. */
static bool
brings(const struct one *o, const struct batch_entry *p,
       const uint8_t sha[HASH_SIZE], const uint8_t *kid)
{
    uint8_t own[KID_SIZE];
    struct vkey v;
    if (p->has_forsakran)
        return memcmp(p->sha256, sha, HASH_SIZE) == 0 &&
               (!kid || memcmp(p->kid, kid, KID_SIZE) == 0);
    if (!p->has_key || !kid || memcmp(sha, nobody, HASH_SIZE) != 0 ||
        entry_own_vkey(&v, o->a.origin, p->brought.pub, NULL))
        return false;
    vkey_kid(&v, own);
    return memcmp(own, kid, KID_SIZE) == 0;
}

/* Whose key it is: an entry of this batch brought it, or it was known. */
static enum err_code
find_signer(struct one *o, const uint8_t sha[HASH_SIZE], const uint8_t *kid,
            struct batch_signer *out, struct err *e)
{
    for (struct batch_entry *p = o->b->entry; p <= o->it; p++) {
        if (p == o->it && p->seq > 0 && !p->has_forsakran)
            break;
        if (brings(o, p, sha, kid)) {
            *out = p->brought;
            return ERR_OK;
        }
    }
    int got = o->k->signer(o->k->ctx, sha, kid, out, e);
    if (got < 0)
        return e->code ? e->code : ERR_IO;
    return got ? ERR_OK : BROKEN(o, e, "no försäkran vouches for its key");
}

/* Withdrawn within this batch, as derived from the entries so far. */
static int64_t
withdrawn(const struct one *o, const struct batch_signer *s)
{
    for (const struct batch_entry *p = o->b->entry; p < o->it; p++)
        if (p->type == KIND_ATERKALLELSE && p->author == s->id)
            return p->time_ms;
    return s->withdrawn_ms;
}

static enum err_code
check_dates(const struct one *o, const struct batch_signer *s, struct err *e)
{
    int64_t gone = withdrawn(o, s), at = o->it->time_ms;
    if ((s->from_ms && at < s->from_ms - SLACK_MS) ||
        (s->till_ms && at > s->till_ms + SLACK_MS))
        return BROKEN(o, e, "its försäkran was not valid then");
    if (gone && at > gone + SLACK_MS && o->a.type != KIND_ATERKALLELSE)
        return BROKEN(o, e, "its försäkran had been withdrawn");
    return ERR_OK;
}

/* Whose entry it is: who signed it, or in whose name a system asked. */
static enum err_code
check_person(struct one *o, struct batch_signer *s, struct err *e)
{
    enum err_code code = ERR_OK;
    if (o->a.has_named && !memcmp(o->a.named_forsakran, nobody, HASH_SIZE))
        return BROKEN(o, e, "the system named nobody");
    if (o->a.has_named)
        code = find_signer(o, o->a.named_forsakran, NULL, s, e);
    o->it->author = s->id;
    return code ? code : check_dates(o, s, e);
}

static enum err_code
check_signature(struct one *o, struct err *e)
{
    struct batch_signer s = {0};
    AUTO_KEY struct key *key = NULL;
    enum err_code code = new_key(o, e);
    if (!code && o->a.type == KIND_FORSAKRAN)
        code = new_forsakran(o, e);
    else if (!code && o->it->has_forsakran)
        code = BROKEN(o, e, "it brings a försäkran and is no such entry");
    if (!code)
        code = find_signer(o, o->a.forsakran, o->a.kid, &s, e);
    if (!code)
        code = key_from_public(s.pub, &key, e);
    if (code)
        return code;
    if (!entry_verify(key, o->leaf.author, o->leaf.author_len, o->leaf.sig))
        return BROKEN(o, e, "the signature does not hold");
    return check_person(o, &s, e);
}

static enum err_code
check_ref(struct one *o, struct err *e)
{
    uint8_t hash[HASH_SIZE];
    uint64_t type;
    if (!o->a.has_ref)
        return o->kind->ref == REF_MUST ? BROKEN(o, e, "it names no intent")
                                        : ERR_OK;
    if (o->a.ref_seq >= o->it->seq)
        return BROKEN(o, e, "it refers to an entry that is not there");
    if (o->a.ref_seq >= o->b->old) {
        const struct batch_entry *p = &o->b->entry[o->a.ref_seq - o->b->old];
        memcpy(hash, p->hash, HASH_SIZE);
        type = p->type;
    } else {
        int got = o->k->entry(o->k->ctx, o->a.ref_seq, hash, &type, e);
        if (got < 0)
            return e->code ? e->code : ERR_IO;
        if (!got)
            return BROKEN(o, e, "it refers to an entry that is not there");
    }
    if (memcmp(hash, o->a.ref_hash, HASH_SIZE) != 0 ||
        (o->kind->ref == REF_MUST && type != KIND_INTENT))
        return BROKEN(o, e, "it refers to another entry than it says");
    return ERR_OK;
}

static enum err_code
check_box(struct one *o, struct err *e)
{
    const struct batch_blob *box = &o->it->box;
    bool named = memcmp(o->h.box_sha256, nobody, HASH_SIZE) != 0;
    uint8_t hash[HASH_SIZE];
    if (named != o->a.has_commit || (o->h.day && !named))
        return BROKEN(o, e, "what was signed has a payload, or the box");
    if (!box->p)
        return named && !o->k->box_may_miss ? BROKEN(o, e, "its box is missing")
                                            : ERR_OK;
    const uint8_t *p = box->p;
    sha256(hash, p, box->n);
    if (!named || memcmp(hash, o->h.box_sha256, HASH_SIZE) != 0)
        return BROKEN(o, e, "its box has been changed");
    if (box->day != (int64_t)o->h.day)
        return BROKEN(o, e, "its box lies under another day key than it says");
    if (box->n >= BOX_SEALED_MIN && p[0] == BOX_SEALED && o->h.day)
        return ERR_OK; /* only its reader can say more */
    if (box->n < 1 + ENTRY_SALT || p[0] != BOX_CLEAR || o->h.day)
        return BROKEN(o, e, "its box is of no known kind");
    entry_commit(hash, p + 1, p + 1 + ENTRY_SALT, box->n - 1 - ENTRY_SALT);
    if (memcmp(hash, o->a.commit, HASH_SIZE) != 0)
        return BROKEN(o, e, "its payload is not the one that was signed");
    return ERR_OK;
}

/* The sealed day key that the entry declares, or the certificates of those it
 * takes in: those and no others (AUDIT 8). */
static enum err_code
check_keys(struct one *o, struct err *e)
{
    const struct batch_entry *it = o->it;
    const struct entry_author *a = &o->a;
    uint8_t hash[HASH_SIZE];
    bool day = it->daykey.p != NULL;
    /* a user's without a reference only proposes: nobody is taken in yet */
    bool takes = a->has_recipients && !a->has_day && !a->has_away &&
                 (o->own || a->has_ref);
    unsigned want = takes ? a->n_recipients : 0;
    if (day != a->has_day && !(a->has_day && o->k->box_may_miss))
        return BROKEN(o, e, "a day key is declared, or there, not both");
    if (day)
        sha256(hash, it->daykey.p, it->daykey.n);
    if (day && (it->daykey.day != (int64_t)a->day ||
                memcmp(hash, a->day_cms, HASH_SIZE) != 0))
        return BROKEN(o, e, "its day key has been changed");
    if (it->certs != want)
        return BROKEN(o, e, "the recipients' certificates are not there");
    for (unsigned i = 0; i < want; i++) {
        sha256(hash, it->cert[i].p, it->cert[i].n);
        if (memcmp(hash, a->recipient[i].cert, HASH_SIZE) != 0)
            return BROKEN(o, e, "a recipient's certificate is another");
    }
    return ERR_OK;
}

static enum err_code
check_one(struct batch *b, struct batch_known *k, size_t i, struct err *e)
{
    struct one o = {.b = b, .k = k, .it = &b->entry[i]};
    o.it->seq = b->old + i;
    enum err_code code = decode(&o, e);
    if (code)
        return code;
    derive(&o);
    code = check_signature(&o, e);
    if (!code)
        code = check_ref(&o, e);
    if (!code)
        code = check_box(&o, e);
    if (!code)
        code = check_keys(&o, e);
    for (size_t j = 0; !code && j < i; j++)
        if (!memcmp(b->entry[j].nonce, o.it->nonce, ENTRY_NONCE))
            code = BROKEN(&o, e, "its nonce has been used before");
    if (!code)
        merkle_append(&k->tree, o.it->hash);
    return code;
}

enum err_code
batch_check(struct batch *b, struct batch_known *k, struct err *e)
{
    struct err own = {0};
    struct checkpoint c;
    uint8_t root[HASH_SIZE];
    if (!e)
        e = &own;
    enum err_code code = note_verify(b->note, strlen(b->note), k->log, &c, e);
    if (code)
        return code;
    if (b->old != k->tree.size || c.size != b->old + b->count)
        return err_set(e, ERR_BAD_INPUT,
                       "the head counts %" PRIu64 " entries, the batch %" PRIu64
                       " and %zu",
                       c.size, b->old, b->count);
    for (size_t i = 0; !code && i < b->count; i++)
        code = check_one(b, k, i, e);
    if (code)
        return code;
    merkle_root(&k->tree, root);
    return memcmp(root, c.root, HASH_SIZE) == 0
               ? ERR_OK
               : err_set(e, ERR_SEEN,
                         "the entries do not lead to the root of the head of "
                         "%" PRIu64 " entries",
                         c.size);
}
