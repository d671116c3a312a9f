/* SPDX-License-Identifier: EUPL-1.2
 *
 * Boxes run beside the entries in the same order: each belongs to one.
 */
#include "config.h"

#include "proof/verify_run.h"

#include "base/i18n.h"
#include "proof/box.h"

#include <inttypes.h>
#include <string.h>

#define EDITED(v, seq, what)                                                   \
    finding_add(v, VERIFY_EDITED, seq, seq, _("entry %" PRIu64 ": %s"),        \
                (uint64_t)(seq), what)

enum err_code
box_next(struct run *v, struct err *e)
{
    int got = v->src->box ? v->src->box(v->src->ctx, &v->box, e) : 0;
    v->has_box = got == 1;
    return got < 0 ? source_failed(v, v->r->last, e) : ERR_OK;
}

static void
contents_check(struct run *v, uint64_t seq, const struct entry_author *a,
               const struct entry_host *h)
{
    uint8_t hash[HASH_SIZE];
    const struct verify_box *b = &v->box;
    v->r->boxes++;
    sha256(hash, b->data, b->len);
    if (memcmp(hash, h->box_sha256, HASH_SIZE) != 0) {
        EDITED(v, seq, _("its box has been changed"));
        return;
    }
    if (b->day != (int64_t)h->day)
        EDITED(v, seq, _("the column day of its box differs"));
    if (b->len && b->data[0] == BOX_SEALED) {
        if (b->len < BOX_SEALED_MIN || !h->day)
            EDITED(v, seq, _("its box is of no known kind"));
        if (v->src->daykey && !day_is_declared(v, b->day))
            EDITED(v, seq, _("no day key before it opens its box"));
        return;
    }
    v->r->clear_boxes++;
    /* before there is anyone to seal to, only enfragad writes, and of no
     * person */
    if (!strcmp(a->mode, "skarp") && (h->peer != PEER_NONE || v->takens))
        finding_add(v, VERIFY_CLEAR, seq, seq,
                    _("entry %" PRIu64 ": its payload is not sealed"), seq);
    if (b->len < 1 + ENTRY_SALT || b->data[0] != BOX_CLEAR || h->day) {
        EDITED(v, seq, _("its box is of no known kind"));
        return;
    }
    entry_commit(hash, b->data + 1, b->data + 1 + ENTRY_SALT,
                 b->len - 1 - ENTRY_SALT);
    if (memcmp(hash, a->commit, HASH_SIZE) != 0)
        EDITED(v, seq, _("its payload is not the one that was signed"));
}

enum err_code
box_check(struct run *v, uint64_t seq, const struct entry_author *a,
          const struct entry_host *h, struct err *e)
{
    static const uint8_t none[HASH_SIZE];
    bool named = memcmp(h->box_sha256, none, HASH_SIZE) != 0;
    enum err_code code = ERR_OK;
    if (named != a->has_commit || (h->day && !named))
        EDITED(v, seq,
               _("what was signed has a payload, or the box, not both"));
    if (!v->src->box)
        return ERR_OK;
    while (!code && v->has_box && v->box.seq < seq) {
        EDITED(v, v->box.seq, _("a box that belongs to no entry"));
        code = box_next(v, e);
    }
    bool here = v->has_box && v->box.seq == seq;
    if (named && !here && h->seq == seq) /* else another entry's words */
        missing_add(v, MISSING_BOX, seq);
    else if (here && !named)
        EDITED(v, seq, _("it has a box that it does not name"));
    else if (here)
        contents_check(v, seq, a, h);
    return here && !code ? box_next(v, e) : code;
}
