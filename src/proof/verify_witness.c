/* SPDX-License-Identifier: EUPL-1.2
 *
 * Cosignatures on the heads that the log keeps: how much of it others vouch
 * for. A log need not have any; one that is there and does not hold was
 * changed.
 */
#include "config.h"

#include "proof/verify_run.h"

#include "base/i18n.h"
#include "proof/cosign.h"

#include <inttypes.h>

void
witness_lines(struct run *v, uint64_t from, uint64_t size)
{
    for (unsigned i = 0; i < v->o->witnesses; i++) {
        const struct vkey *w = &v->o->witness[i];
        enum err_code code = cosign_verify(v->note, v->note_len, w, NULL, NULL);
        if (!code)
            v->cosigned[i] = size;
        else if (code != ERR_NOT_FOUND)
            finding_add(v, VERIFY_EDITED, from < size ? from : size - 1,
                        size - 1,
                        _("the cosignature by %s of the head of %" PRIu64
                          " entries does not hold"),
                        w->name, size);
    }
}

/* Who cosigns a head vouches for all before it: the largest that as many as
 * the quorum reach. */
void
witness_finish(struct run *v)
{
    struct verify_report *r = v->r;
    r->witnesses = v->o->witnesses;
    r->quorum = v->o->quorum;
    for (unsigned i = 0; r->quorum && i < r->witnesses; i++) {
        unsigned reach = 0;
        for (unsigned j = 0; j < r->witnesses; j++)
            reach += v->cosigned[j] >= v->cosigned[i];
        if (reach >= r->quorum && v->cosigned[i] > r->witnessed)
            r->witnessed = v->cosigned[i];
    }
}
