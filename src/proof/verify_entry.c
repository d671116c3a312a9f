/* SPDX-License-Identifier: EUPL-1.2
 *
 * One entry by itself and among the others: who signed it, what it refers to,
 * what its box holds, and whether its columns say what it says.
 */
#include "config.h"

#include "proof/verify_run.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "proof/binding.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A finding about one entry: "entry 7: WHAT". */
#define EDITED(v, seq, what)                                                   \
    finding_add(v, VERIFY_EDITED, seq, seq, _("entry %" PRIu64 ": %s"),        \
                (uint64_t)(seq), what)

struct signer *
signer_add(struct run *v)
{
    if (v->signers == v->signer_room) {
        v->signer_room = v->signer_room ? 2 * v->signer_room : 16;
        v->signer = mem_grow(v->signer, v->signer_room, sizeof *v->signer);
    }
    struct signer *s = &v->signer[v->signers++];
    *s = (struct signer){0};
    return s;
}

struct signer *
signer_find(struct run *v, const uint8_t sha256[HASH_SIZE],
            const uint8_t kid[KID_SIZE])
{
    for (size_t i = 0; i < v->signers; i++)
        if (memcmp(v->signer[i].sha256, sha256, HASH_SIZE) == 0 &&
            (!kid || memcmp(v->signer[i].kid, kid, KID_SIZE) == 0))
            return &v->signer[i];
    return NULL;
}

/* One försäkran on file. Its key is taken even if the rest does not hold, so
 * that one fault is one finding. */
static void
take_forsakran(struct run *v, const struct verify_forsakran *f)
{
    struct err e = {0};
    struct vkey key;
    uint8_t sha[HASH_SIZE];
    struct binding b = {.cms = f->cms,
                        .cms_len = f->cms_len,
                        .text = f->text,
                        .text_len = f->text_len,
                        .vkey = f->vkey,
                        .account = f->account};
    sha256(sha, f->cms, f->cms_len);
    if (binding_check(&b, NULL, NULL, &e))
        finding_add(v, VERIFY_EDITED, f->seq, f->seq,
                    _("entry %" PRIu64 ": its försäkran does not hold: %s"),
                    f->seq, e.text);
    if (f->sha256 && memcmp(sha, f->sha256, HASH_SIZE) != 0)
        EDITED(v, f->seq, _("its försäkran is not the one that is named"));
    if (vkey_parse(f->vkey, &key, NULL))
        return;
    struct signer *s = signer_add(v);
    s->id = f->id;
    s->seq = f->seq;
    memcpy(s->sha256, f->sha256 ? f->sha256 : sha, HASH_SIZE);
    snprintf(s->account, sizeof s->account, "%s", f->account);
    vkey_kid(&key, s->kid);
    sha256(s->person, f->account, strlen(f->account));
    if (key_from_public(key.pub, &s->key, NULL))
        v->signers--;
}

enum err_code
signers_load(struct run *v, struct err *e)
{
    struct verify_forsakran f;
    int got = 0;
    while (v->src->forsakran &&
           (got = v->src->forsakran(v->src->ctx, &f, e)) == 1)
        take_forsakran(v, &f);
    return got < 0 ? source_failed(v, 0, e) : ERR_OK;
}

void
signers_finish(struct run *v)
{
    for (size_t i = 0; i < v->signers; i++)
        if (v->signer[i].id && !v->signer[i].confirmed)
            EDITED(v, v->signer[i].seq,
                   _("it does not bring the försäkran that is on file"));
}

/* enfragad's own key, declared by an entry that one of its keys signs. */
static void
declare(struct run *v, const struct entry_author *a)
{
    struct vkey own;
    struct key *k = NULL;
    if (entry_own_vkey(&own, a->origin, a->key, NULL) ||
        key_from_public(a->key, &k, NULL))
        return;
    struct signer *s = signer_add(v);
    vkey_kid(&own, s->kid);
    s->key = k;
}

void
log_key_make(struct run *v)
{
    if (v->has_log_key && !v->log_key &&
        key_from_public(v->r->log_key.pub, &v->log_key, NULL))
        v->has_log_key = false;
}

void
first_check(struct run *v, const struct verify_row *row)
{
    struct entry_leaf leaf;
    struct entry_author a;
    struct vkey log;
    if (!row->leaf || entry_leaf_split(row->leaf, row->leaf_len, &leaf, NULL) ||
        entry_author_decode(leaf.author, leaf.author_len, &a, NULL) ||
        a.type != KIND_NYCKEL || !a.has_key || !a.has_log_key) {
        EDITED(v, row->seq, _("it does not declare the keys of the log"));
    } else {
        snprintf(v->r->origin, sizeof v->r->origin, "%s", a.origin);
        snprintf(v->r->mode, sizeof v->r->mode, "%s", a.mode);
        declare(v, &a);
        if (!v->has_log_key && !vkey_make(&log, a.origin, a.log_key, NULL)) {
            v->r->log_key = log;
            v->has_log_key = true;
        }
        if (v->has_log_key &&
            (strcmp(v->r->log_key.name, a.origin) != 0 ||
             memcmp(v->r->log_key.pub, a.log_key, KEY_RAW) != 0))
            EDITED(v, row->seq, _("it declares another log key"));
    }
    log_key_make(v);
}

/* The place of a nonce in the table: where it stands, or a free slot. */
static uint32_t *
nonce_at(struct run *v, const uint8_t nonce[ENTRY_NONCE])
{
    size_t h;
    memcpy(&h, nonce, sizeof h);
    for (h &= v->nonce_slots - 1;; h = (h + 1) & (v->nonce_slots - 1)) {
        uint32_t *slot = &v->nonce_slot[h];
        if (!*slot || memcmp(v->past[*slot - 1].nonce, nonce, ENTRY_NONCE) == 0)
            return slot;
    }
}

static void
grow_nonces(struct run *v)
{
    uint32_t *old = v->nonce_slot;
    v->nonce_slots = v->nonce_slots ? 2 * v->nonce_slots : 1024;
    v->nonce_slot = mem_alloc(v->nonce_slots * sizeof *v->nonce_slot);
    for (size_t i = 0; i < v->pasts; i++) {
        if (v->past[i].erased)
            continue;
        uint32_t *slot = nonce_at(v, v->past[i].nonce);
        if (!*slot)
            *slot = (uint32_t)i + 1;
    }
    free(old);
}

static enum err_code
nonce_check(struct run *v, uint64_t seq, const struct entry_author *a,
            struct err *e)
{
    uint64_t stored = 0;
    if (2 * (v->pasts + 1) > v->nonce_slots)
        grow_nonces(v);
    uint32_t *slot = nonce_at(v, a->nonce);
    if (*slot && *slot != v->pasts)
        EDITED(v, seq, _("its nonce has been used before"));
    else
        *slot = (uint32_t)v->pasts; /* index + 1; this one is the last */
    if (!v->src->nonce)
        return ERR_OK;
    int got = v->src->nonce(v->src->ctx, a->nonce, &stored, e);
    if (got < 0)
        return source_failed(v, seq, e);
    if (got == 0 || stored != seq)
        EDITED(v, seq, _("its nonce is not on the list"));
    return ERR_OK;
}

/* In whose name a system asked: someone who had signed by then, and whose
 * search it is by the column. */
static const struct signer *
named_check(struct run *v, uint64_t seq, const struct entry_author *a)
{
    const struct signer *s = signer_find(v, a->named_forsakran, NULL);
    if (s && s->id && s->seq < seq)
        return s;
    EDITED(v, seq, _("no försäkran of the handläggare whom the system named"));
    return NULL;
}

static void
author_check(struct run *v, uint64_t seq, const struct entry_author *a,
             const struct entry_leaf *leaf, const struct verify_row *row)
{
    static const uint8_t nobody[HASH_SIZE];
    bool own = memcmp(a->forsakran, nobody, HASH_SIZE) == 0;
    const struct entry_kind_row *kind = entry_kind_row(a->type);
    struct signer *s = signer_find(v, a->forsakran, a->kid);
    const struct signer *whose = a->has_named ? named_check(v, seq, a) : s;
    if (!(kind->by & (own && !a->has_named ? BY_ENFRAGAD : BY_USER)))
        EDITED(v, seq, _("its author may not write such an entry"));
    if (!s) {
        EDITED(v, seq, _("no försäkran vouches for its key"));
        return;
    }
    if (seq < v->o->done.size && !v->o->done.again)
        v->r->resumed++;
    else
        signatures_check(v->sigs, s->key, seq, leaf);
    if (row->has_columns && whose && row->author != whose->id)
        EDITED(v, seq, _("the column author differs"));
    if (a->type == KIND_FORSAKRAN && s->seq == seq)
        s->confirmed = true;
    if (!own && (seq < s->seq || (a->type == KIND_FORSAKRAN && s->seq != seq)))
        EDITED(v, seq, _("it is not where its försäkran was signed"));
    if (own && a->has_key && seq > 0)
        declare(v, a);
}

static void
ref_check(struct run *v, uint64_t seq, const struct entry_author *a)
{
    const struct entry_kind_row *kind = entry_kind_row(a->type);
    if (!a->has_ref) {
        if (kind->ref == REF_MUST)
            EDITED(v, seq, _("it names no intent"));
        return;
    }
    if (v->gap)
        return; /* what stands where is not known */
    if (a->ref_seq >= seq || a->ref_seq >= v->pasts ||
        memcmp(v->past[a->ref_seq].hash, a->ref_hash, HASH_SIZE) != 0) {
        EDITED(v, seq, _("it refers to an entry that is not there"));
        return;
    }
    struct past *p = &v->past[a->ref_seq];
    if (kind->ref == REF_MUST && !p->erased && p->type != KIND_INTENT)
        EDITED(v, seq, _("it refers to what is no intent"));
    if (kind->open == OPEN_CLOSES && p->closed)
        EDITED(v, seq, _("the intent had its outcome already"));
    p->closed = p->closed || kind->open == OPEN_CLOSES;
}

/* The head that the writer had seen must be one of this log. */
static void
seen_check(struct run *v, uint64_t seq, const struct entry_author *a)
{
    if (a->seen_size == 0 || v->gap)
        return;
    if (a->seen_size <= seq &&
        memcmp(v->past[a->seen_size - 1].root, a->seen_root, HASH_SIZE) == 0)
        return;
    if (v->mismatches == v->mismatch_room) {
        v->mismatch_room = v->mismatch_room ? 2 * v->mismatch_room : 64;
        v->mismatch =
            mem_grow(v->mismatch, v->mismatch_room, sizeof *v->mismatch);
    }
    v->mismatch[v->mismatches++] = (struct mismatch){seq, a->seen_size};
}

void
seen_finish(struct run *v)
{
    for (size_t i = 0; i < v->mismatches; i++) {
        const struct mismatch *m = &v->mismatch[i];
        if (finding_in(v, m->seq, m->seq))
            continue; /* what is not whole is not its author's word */
        if (m->size > m->seq || !finding_in(v, 0, m->size - 1))
            finding_add(v, VERIFY_FORKED, m->seq, m->seq,
                        _("entry %" PRIu64
                          ": its author had seen another log of %" PRIu64
                          " entries"),
                        m->seq, m->size);
    }
}

static void
columns_check(struct run *v, const struct verify_row *row,
              const struct entry_author *a, const struct entry_host *h)
{
    uint64_t seq = row->seq;
    if (h->seq != seq)
        EDITED(v, seq, _("it was written with another number"));
    if (strcmp(a->origin, v->r->origin) != 0)
        EDITED(v, seq, _("it is of another log"));
    if (strcmp(a->mode, v->r->mode) != 0)
        EDITED(v, seq, _("it is of another mode"));
    if (!row->has_columns)
        return;
    if (row->type != (int64_t)a->type)
        EDITED(v, seq, _("the column type differs"));
    if (row->time_ms != (int64_t)h->log_time_ms)
        EDITED(v, seq, _("the column time_ms differs"));
    if (row->ref != (a->has_ref ? (int64_t)a->ref_seq : -1))
        EDITED(v, seq, _("the column ref differs"));
}

enum err_code
entry_check(struct run *v, const struct verify_row *row,
            const uint8_t hash[HASH_SIZE], struct err *e)
{
    static const uint8_t nobody[HASH_SIZE];
    struct entry_leaf leaf;
    struct entry_author a;
    struct entry_host h;
    struct err why = {0};
    if (v->pasts == v->past_room) {
        v->past_room = v->past_room ? 2 * v->past_room : 4096;
        v->past = mem_grow(v->past, v->past_room, sizeof *v->past);
    }
    struct past *p = &v->past[v->pasts++];
    *p = (struct past){.erased = !row->leaf};
    memcpy(p->hash, hash, HASH_SIZE);
    merkle_root(&v->tree, p->root);
    if (row->has_columns && row->time_ms > 0)
        p->time_ms = (uint64_t)row->time_ms;
    if (!row->leaf)
        return ERR_OK;
    if (entry_leaf_split(row->leaf, row->leaf_len, &leaf, &why) ||
        entry_author_decode(leaf.author, leaf.author_len, &a, &why) ||
        entry_host_decode(leaf.host, leaf.host_len, &h, &why)) {
        EDITED(v, row->seq, why.text);
        p->erased = true;
        return ERR_OK;
    }
    p->type = (uint8_t)a.type;
    p->time_ms = h.log_time_ms;
    memcpy(p->box, h.box_sha256, HASH_SIZE);
    memcpy(p->nonce, a.nonce, ENTRY_NONCE);
    bool own = memcmp(a.forsakran, nobody, HASH_SIZE) == 0;
    if ((own && !a.has_named) != (h.peer == PEER_NONE))
        EDITED(v, row->seq, _("its caller does not fit its author"));
    columns_check(v, row, &a, &h);
    author_check(v, row->seq, &a, &leaf, row);
    ref_check(v, row->seq, &a);
    seen_check(v, row->seq, &a);
    days_check(v, row->seq, &a, &h);
    struct signer *s = signer_find(v, a.forsakran, a.kid);
    if (s)
        erasing_add(v, row->seq, &a, &h, s->person);
    enum err_code code = nonce_check(v, row->seq, &a, e);
    return code ? code : box_check(v, row->seq, &a, &h, e);
}
