/* SPDX-License-Identifier: EUPL-1.2
 *
 * What is collected, checked anew from its stored bytes, entry 0 first, by the
 * checks that it came in by; the first entry that does not hold is named. A
 * box or a day key may be missing where a gallring of the log covers it, and
 * by the same check it is erased here too. For every night.
 */
#include "config.h"

#include "daemon/role.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "proof/batch.h"
#ifdef HAVE_POSTGRESQL
#include "collect/collector.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct signer {
    uint8_t sha256[HASH_SIZE], kid[KID_SIZE];
    uint8_t person[HASH_SIZE]; /* SHA-256 of the account */
    struct batch_signer s;
};

struct past {
    uint8_t hash[HASH_SIZE];
    uint8_t box[HASH_SIZE]; /* zero: none */
    int64_t time_ms;
    uint8_t type;
    bool gone, key_gone; /* its box, the day key that it declares */
};

/* What the entries so far have said. */
struct stored {
    struct past *past;
    size_t pasts, past_room;
    struct signer *signer;
    size_t signers, signer_room;
    struct erasing *step; /* entries of type gallring */
    size_t steps, step_room;
    struct collector_range *range; /* covered */
    size_t ranges;
    bool real; /* skarp */
};

static int
find_signer(void *ctx, const uint8_t sha[HASH_SIZE],
            const uint8_t kid[KID_SIZE], struct batch_signer *out,
            struct err *e)
{
    const struct stored *st = ctx;
    (void)e;
    for (size_t i = 0; i < st->signers; i++) {
        const struct signer *s = &st->signer[i];
        if (memcmp(s->sha256, sha, HASH_SIZE) == 0 &&
            (!kid || memcmp(s->kid, kid, KID_SIZE) == 0)) {
            *out = s->s;
            return 1;
        }
    }
    return 0;
}

static int
find_entry(void *ctx, uint64_t seq, uint8_t hash[HASH_SIZE], uint64_t *type,
           struct err *e)
{
    const struct stored *st = ctx;
    (void)e;
    if (seq >= st->pasts)
        return 0;
    memcpy(hash, st->past[seq].hash, HASH_SIZE);
    *type = st->past[seq].type;
    return 1;
}

static void
keep_signer(struct stored *st, const struct batch_entry *it, const char *origin)
{
    if (st->signers == st->signer_room) {
        st->signer_room = st->signer_room ? 2 * st->signer_room : 16;
        st->signer = mem_grow(st->signer, st->signer_room, sizeof *st->signer);
    }
    struct signer *s = &st->signer[st->signers++];
    *s = (struct signer){.s = it->brought};
    if (it->has_forsakran) {
        memcpy(s->sha256, it->sha256, HASH_SIZE);
        memcpy(s->kid, it->kid, KID_SIZE);
        sha256(s->person, it->forsakran.account, strlen(it->forsakran.account));
        return;
    }
    struct vkey v;
    if (!entry_own_vkey(&v, origin, it->brought.pub, NULL))
        vkey_kid(&v, s->kid);
}

static void
keep_step(struct stored *st, const struct batch_entry *it,
          const struct entry_author *a)
{
    if (st->steps == st->step_room) {
        st->step_room = st->step_room ? 2 * st->step_room : 16;
        st->step = mem_grow(st->step, st->step_room, sizeof *st->step);
    }
    struct erasing *x = &st->step[st->steps++];
    *x = (struct erasing){.seq = it->seq,
                          .time_ms = (uint64_t)it->time_ms,
                          .has_ref = a->has_ref,
                          .ref_seq = a->ref_seq,
                          .e = a->erasure};
    for (size_t i = 0; i < st->signers; i++)
        if (memcmp(st->signer[i].sha256, it->sha256, HASH_SIZE) == 0)
            memcpy(x->person, st->signer[i].person, HASH_SIZE);
}

/* It has been checked: that it decodes is known. */
static void
keep_one(struct stored *st, const struct batch_entry *it)
{
    static const uint8_t none[HASH_SIZE];
    struct entry_leaf leaf;
    struct entry_author a;
    struct entry_host h;
    if (entry_leaf_split(it->leaf, it->leaf_len, &leaf, NULL) ||
        entry_author_decode(leaf.author, leaf.author_len, &a, NULL) ||
        entry_host_decode(leaf.host, leaf.host_len, &h, NULL))
        return;
    if (st->pasts == st->past_room) {
        st->past_room = st->past_room ? 2 * st->past_room : 1024;
        st->past = mem_grow(st->past, st->past_room, sizeof *st->past);
    }
    struct past *p = &st->past[st->pasts++];
    *p = (struct past){.time_ms = it->time_ms,
                       .type = (uint8_t)it->type,
                       .gone = !it->box.p &&
                               memcmp(h.box_sha256, none, HASH_SIZE) != 0,
                       .key_gone = a.has_day && !it->daykey.p};
    memcpy(p->hash, it->hash, HASH_SIZE);
    memcpy(p->box, h.box_sha256, HASH_SIZE);
    st->real = !strcmp(a.mode, "skarp");
    if (a.has_erasure)
        keep_step(st, it, &a);
}

static void
keep(struct stored *st, const struct batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct batch_entry *it = &b->entry[i];
        if (it->has_forsakran || it->has_key)
            keep_signer(st, it, b->head.origin);
        keep_one(st, it);
    }
}

static enum err_code
verify_batches(const char *conninfo, const struct vkey *log, struct stored *st,
               struct err *e)
{
    struct batch_known k = {.log = log,
                            .box_may_miss = true,
                            .ctx = st,
                            .signer = find_signer,
                            .entry = find_entry};
    for (;;) {
        AUTO_BUF(bytes, BATCH_MAX);
        struct batch b;
        enum err_code code =
            collector_read(conninfo, log->name, st->pasts, &bytes, e);
        if (code == ERR_NOT_FOUND)
            return st->pasts ? ERR_OK : code;
        if (!code)
            code = batch_read(&b, bytes.data, bytes.len, e);
        if (code)
            return code;
        code = batch_check(&b, &k, e);
        if (!code)
            keep(st, &b);
        batch_done(&b);
        if (code)
            return code;
    }
}

static bool
digest_holds(const struct stored *st, const struct entry_erasure *x)
{
    static const uint8_t none[HASH_SIZE];
    uint8_t sum[HASH_SIZE];
    erasure_digest_start(sum);
    for (uint64_t i = x->first; i < x->end; i++)
        if (memcmp(st->past[i].box, none, HASH_SIZE) != 0)
            erasure_digest_add(sum, i, st->past[i].box);
    return memcmp(sum, x->digest, HASH_SIZE) == 0;
}

/* The ranges that a gallring carried out in its time covers. */
static void
find_ranges(struct stored *st)
{
    st->range = mem_alloc((st->steps + 1) * sizeof *st->range);
    for (size_t i = 0; i < st->steps; i++) {
        const struct erasing *x = &st->step[i];
        if (x->e.step != ERASURE_DONE || x->e.end > x->seq ||
            (st->real && x->e.wait_days < ERASURE_WAIT_LEAST) ||
            erasure_judge(st->step, st->steps, x,
                          (uint64_t)st->past[x->e.end - 1].time_ms) ||
            !digest_holds(st, &x->e))
            continue;
        st->range[st->ranges++] =
            (struct collector_range){x->e.first, x->e.end};
    }
}

static enum err_code
judge_gone(const struct stored *st, struct err *e)
{
    for (size_t seq = 0; seq < st->pasts; seq++) {
        const struct past *p = &st->past[seq];
        bool covered = !p->gone && !p->key_gone;
        for (size_t i = 0; i < st->ranges && !covered; i++)
            covered = seq >= st->range[i].first && seq < st->range[i].end;
        if (!covered)
            return err_set(e, ERR_LOG_BROKEN,
                           p->gone ? _("entry %zu: its box is erased, and no "
                                       "decision covers it")
                                   : _("entry %zu: its day key is erased, and "
                                       "no decision covers it"),
                           seq);
    }
    return ERR_OK;
}

static void
stored_done(struct stored *st)
{
    free(st->past);
    free(st->signer);
    free(st->step);
    free(st->range);
}

/* All of it, and in order; then what is covered is known. */
static enum err_code
verify(const char *conninfo, const char *known, const char *origin,
       struct stored *st, struct err *e)
{
    struct vkey log;
    enum err_code code = known_log(known, origin, &log, e);
    if (!code)
        code = verify_batches(conninfo, &log, st, e);
    if (!code) {
        find_ranges(st);
        code = judge_gone(st, e);
    }
    if (code)
        err_add(e, code, "%s", origin);
    else
        printf(_("%s holds: %zu entries.\n"), origin, st->pasts);
    return code;
}

enum err_code
role_verify(const char *conninfo, const char *known, const char *origin,
            struct err *e)
{
    struct stored st = {0};
    enum err_code code = verify(conninfo, known, origin, &st, e);
    stored_done(&st);
    return code;
}

/* Is a stop of all, or of one that has been carried out, in force? */
static bool
is_stopped(const struct stored *st)
{
    for (size_t i = 0; i < st->steps; i++) {
        const struct erasing *x = &st->step[i];
        if (erasure_in_force(st->step, st->steps, x, UINT64_MAX) &&
            (!x->has_ref ||
             erasure_about(st->step, st->steps, x->ref_seq, ERASURE_DONE)))
            return true;
    }
    return false;
}

enum err_code
role_erase(const char *conninfo, const char *eraser, const char *known,
           const char *origin, bool dry, struct err *e)
{
    struct stored st = {0};
    uint64_t boxes, days;
    enum err_code code =
        *eraser ? verify(conninfo, known, origin, &st, e)
                : err_set(e, ERR_CONFIG, "insamling.gallring is not set");
    if (!code && is_stopped(&st))
        code = err_set(e, ERR_ERASE_STOPPED, "%s", origin);
    if (!code)
        code = collector_erase(eraser, origin, st.range, st.ranges, dry, &boxes,
                               &days, e);
    if (!code)
        printf(dry ? _("%s: %" PRIu64 " boxes and %" PRIu64
                       " day keys would be erased.\n")
                   : _("%s: %" PRIu64 " boxes and %" PRIu64
                       " day keys are erased.\n"),
               origin, boxes, days);
    stored_done(&st);
    return code;
}
#endif
