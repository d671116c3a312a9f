/* SPDX-License-Identifier: EUPL-1.2
 *
 * What is not there any more: each missing box, leaf and day key must be
 * covered by a gallring that two persons decided and that came in time. An
 * erasure is judged at the end, since its decision comes later in the log.
 */
#include "config.h"

#include "proof/verify_run.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
missing_add(struct run *v, enum missing_kind kind, uint64_t seq)
{
    struct missing *m = v->missings ? &v->missing[v->missings - 1] : NULL;
    if (m && m->kind == kind && m->last + 1 == seq) {
        m->last = seq;
        return;
    }
    if (v->missings == v->missing_room) {
        v->missing_room = v->missing_room ? 2 * v->missing_room : 64;
        v->missing = mem_grow(v->missing, v->missing_room, sizeof *v->missing);
    }
    v->missing[v->missings++] = (struct missing){kind, seq, seq};
}

void
erasing_add(struct run *v, uint64_t seq, const struct entry_author *a,
            const struct entry_host *h, const uint8_t person[HASH_SIZE])
{
    if (!a->has_erasure)
        return;
    if (v->erasings == v->erasing_room) {
        v->erasing_room = v->erasing_room ? 2 * v->erasing_room : 16;
        v->erasing = mem_grow(v->erasing, v->erasing_room, sizeof *v->erasing);
    }
    struct erasing *x = &v->erasing[v->erasings++];
    *x = (struct erasing){.seq = seq,
                          .time_ms = h->log_time_ms,
                          .has_ref = a->has_ref,
                          .ref_seq = a->ref_seq,
                          .e = a->erasure};
    memcpy(x->person, person, HASH_SIZE);
}

/* The digest over the range, where every leaf of it is there to be asked. */
static bool
digest_holds(const struct run *v, const struct entry_erasure *x)
{
    static const uint8_t none[HASH_SIZE];
    uint8_t sum[HASH_SIZE];
    erasure_digest_start(sum);
    for (uint64_t i = x->first; i < x->end && i < v->pasts; i++) {
        if (v->past[i].erased)
            return true;
        if (memcmp(v->past[i].box, none, HASH_SIZE) != 0)
            erasure_digest_add(sum, i, v->past[i].box);
    }
    return memcmp(sum, x->digest, HASH_SIZE) == 0;
}

/* Was this carrying out allowed? One that came too early covers, and is a
 * finding by itself. */
static bool
covers(struct run *v, const struct erasing *x)
{
    if (x->e.step != ERASURE_DONE)
        return false;
    uint64_t newest =
        v->o->full && x->e.end <= v->pasts ? v->past[x->e.end - 1].time_ms : 0;
    enum erasure_verdict how =
        erasure_judge(v->erasing, v->erasings, x, newest);
    bool fits = !v->o->full || v->gap || digest_holds(v, &x->e);
    if (how == ERASURE_EARLY ||
        (how == ERASURE_ALLOWED && !strcmp(v->r->mode, "skarp") &&
         x->e.wait_days < ERASURE_WAIT_LEAST))
        finding_add(v, VERIFY_EARLY, x->seq, x->seq,
                    _("entry %" PRIu64 ": it erases too early"), x->seq);
    return fits && (how == ERASURE_ALLOWED || how == ERASURE_EARLY);
}

static bool
is_covered(const struct run *v, const bool *allowed, enum missing_kind kind,
           uint64_t seq)
{
    for (size_t i = 0; i < v->erasings; i++) {
        const struct entry_erasure *x = &v->erasing[i].e;
        if (allowed[i] && seq >= x->first && seq < x->end &&
            (x->leaves || kind != MISSING_LEAF))
            return true;
    }
    return false;
}

static void
tell(struct run *v, enum missing_kind kind, uint64_t seq)
{
    static const char *const text[] = {
        [MISSING_BOX] = N_("entry %" PRIu64
                           ": its box is erased, and no decision covers it"),
        [MISSING_LEAF] =
            N_("entry %" PRIu64 " is erased, and no decision covers it"),
        [MISSING_DAY] =
            N_("entry %" PRIu64
               ": its day key is erased, and no decision covers it")};
    char line[160];
    snprintf(line, sizeof line, _(text[kind]), seq);
    finding_add(v, VERIFY_ERASED, seq, seq, "%s", line);
}

void
erase_finish(struct run *v)
{
    bool *allowed = mem_alloc(v->erasings + 1);
    for (size_t i = 0; i < v->erasings; i++)
        allowed[i] = covers(v, &v->erasing[i]);
    for (size_t i = 0; i < v->missings; i++) {
        const struct missing *m = &v->missing[i];
        for (uint64_t seq = m->first; seq <= m->last; seq++)
            if (!is_covered(v, allowed, m->kind, seq))
                tell(v, m->kind, seq);
            else
                v->r->erased[m->kind]++;
    }
    free(allowed);
}
