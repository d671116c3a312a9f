/* SPDX-License-Identifier: EUPL-1.2
 *
 * What is collected, checked anew from its stored bytes, entry 0 first, by the
 * checks that it came in by; the first entry that does not hold is named. For
 * every night.
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
    struct batch_signer s;
};

struct past {
    uint8_t hash[HASH_SIZE];
    uint8_t type;
};

/* What the entries so far have said. */
struct stored {
    struct past *past;
    size_t pasts, past_room;
    struct signer *signer;
    size_t signers, signer_room;
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
        return;
    }
    struct vkey v;
    if (!entry_own_vkey(&v, origin, it->brought.pub, NULL))
        vkey_kid(&v, s->kid);
}

static void
keep(struct stored *st, const struct batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct batch_entry *it = &b->entry[i];
        if (st->pasts == st->past_room) {
            st->past_room = st->past_room ? 2 * st->past_room : 1024;
            st->past = mem_grow(st->past, st->past_room, sizeof *st->past);
        }
        struct past *p = &st->past[st->pasts++];
        memcpy(p->hash, it->hash, HASH_SIZE);
        p->type = (uint8_t)it->type;
        if (it->has_forsakran || it->has_key)
            keep_signer(st, it, b->head.origin);
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

enum err_code
role_verify(const char *conninfo, const char *known, const char *origin,
            struct err *e)
{
    struct vkey log;
    struct stored st = {0};
    enum err_code code = known_log(known, origin, &log, e);
    if (!code)
        code = verify_batches(conninfo, &log, &st, e);
    if (code)
        err_add(e, code, "%s", origin);
    else
        printf(_("%s holds: %zu entries.\n"), origin, st.pasts);
    free(st.past);
    free(st.signer);
    return code;
}
#endif
