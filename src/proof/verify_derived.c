/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a database holds beside the log and enfragad works from: the frontier,
 * the open intents, the recipients' certificates, the indexes. All of it is
 * made of the entries, so it is judged last, and only where the entries hold:
 * else one change would be told twice, the second time of another entry.
 */
#include "config.h"

#include "proof/verify_run.h"

#include "base/i18n.h"

#include <inttypes.h>
#include <string.h>

#define EDITED(v, seq, what)                                                   \
    finding_add(v, VERIFY_EDITED, seq, seq, _("entry %" PRIu64 ": %s"),        \
                (uint64_t)(seq), what)

static enum err_code
state_check(struct run *v, struct err *e)
{
    uint8_t packed[MERKLE_LEVELS * HASH_SIZE];
    const uint8_t *frontier;
    uint64_t size;
    size_t len;
    if (!v->src->state)
        return ERR_OK;
    int got = v->src->state(v->src->ctx, &size, &frontier, &len, e);
    if (got < 0)
        return source_failed(v, v->r->last, e);
    size_t n = merkle_pack(&v->tree, packed);
    if (got == 0 || size != v->tree.size || len != n ||
        memcmp(frontier, packed, n) != 0)
        finding_add(v, VERIFY_EDITED, v->r->last, v->r->last, "%s",
                    _("the stored frontier is not that of the entries"));
    return ERR_OK;
}

static bool
is_open(const struct past *p)
{
    return p->type == KIND_INTENT && !p->erased && !p->closed;
}

/* A closing whose bytes were erased cannot be seen: behind the last intent
 * before it, only what is listed is judged. */
static enum err_code
pending_check(struct run *v, struct err *e)
{
    uint64_t seq;
    int got = 0;
    if (!v->src->pending)
        return ERR_OK;
    while ((got = v->src->pending(v->src->ctx, &seq, e)) == 1) {
        if (seq < v->pasts && is_open(&v->past[seq]))
            v->past[seq].pending = true;
        else
            EDITED(v, seq, _("it is listed as an intent without outcome"));
    }
    for (size_t i = v->pasts; i-- > 0 && !v->past[i].erased;)
        if (is_open(&v->past[i]) && !v->past[i].pending)
            EDITED(v, i, _("it is not listed as an intent without outcome"));
    return got < 0 ? source_failed(v, v->r->last, e) : ERR_OK;
}

static enum err_code
recipient_check(struct run *v, struct err *e)
{
    struct verify_recipient r;
    uint8_t sha[HASH_SIZE];
    int got = 0;
    if (!v->src->recipient)
        return ERR_OK;
    while ((got = v->src->recipient(v->src->ctx, &r, e)) == 1) {
        struct taken *t = recipient_find(v, r.sha256);
        sha256(sha, r.cert, r.cert_len);
        if (!t || r.has_gone != t->is_gone ||
            (t->is_gone && r.gone != t->gone) || t->seq != r.seq ||
            strcmp(t->name, r.name) != 0 || strcmp(t->unit, r.unit) != 0 ||
            memcmp(sha, r.sha256, HASH_SIZE) != 0)
            EDITED(v, t ? t->seq : r.seq,
                   _("the recipient on file is not the one it takes in"));
        if (t)
            t->filed = true;
    }
    for (size_t i = 0; i < v->takens; i++)
        if (!v->taken[i].filed)
            EDITED(v, v->taken[i].seq,
                   _("the certificate of the recipient it takes in is gone"));
    return got < 0 ? source_failed(v, v->r->last, e) : ERR_OK;
}

static enum err_code
sound_check(struct run *v, struct err *e)
{
    if (!v->src->sound || v->src->sound(v->src->ctx, e) == 1)
        return ERR_OK;
    if (e->code != ERR_LOG_BROKEN)
        return e->code ? e->code : ERR_IO;
    finding_add(v, VERIFY_EDITED, 0, v->r->last,
                _("what stands beside the entries is not made of them: %s"),
                e->text);
    return ERR_OK;
}

enum err_code
derived_check(struct run *v, struct err *e)
{
    if (v->gap || v->diverged || v->r->total)
        return ERR_OK;
    enum err_code code = state_check(v, e);
    if (!code && v->o->full)
        code = pending_check(v, e);
    if (!code && v->o->full)
        code = recipient_check(v, e);
    return !code && v->o->full && !v->r->total ? sound_check(v, e) : code;
}
