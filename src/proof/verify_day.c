/* SPDX-License-Identifier: EUPL-1.2
 *
 * Day keys and those they are sealed to: every key on file is declared by one
 * of enfragad's entries, sealed to recipients whom the log has taken in, and
 * declared before the first box under it.
 */
#include "config.h"

#include "proof/verify_run.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
#include <string.h>

#define EDITED(v, seq, what)                                                   \
    finding_add(v, VERIFY_EDITED, seq, seq, _("entry %" PRIu64 ": %s"),        \
                (uint64_t)(seq), what)

enum err_code
days_load(struct run *v, struct err *e)
{
    struct verify_daykey k;
    size_t room = 0;
    int got = 0;
    while (v->src->daykey && (got = v->src->daykey(v->src->ctx, &k, e)) == 1) {
        if (v->days == room) {
            room = room ? 2 * room : 64;
            v->day = mem_grow(v->day, room, sizeof *v->day);
        }
        struct day_key *d = &v->day[v->days++];
        *d = (struct day_key){.day = k.day, .seq = k.seq};
        sha256(d->cms, k.cms, k.len);
        sha256(d->unit, k.unit, strlen(k.unit));
    }
    return got < 0 ? source_failed(v, 0, e) : ERR_OK;
}

/* They come in rising order of their number. */
static struct day_key *
find(struct run *v, int64_t day)
{
    size_t low = 0, high = v->days;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (v->day[mid].day < day)
            low = mid + 1;
        else
            high = mid;
    }
    return low < v->days && v->day[low].day == day ? &v->day[low] : NULL;
}

bool
day_is_declared(struct run *v, int64_t day)
{
    const struct day_key *d = find(v, day);
    return d && d->declared;
}

struct taken *
recipient_find(struct run *v, const uint8_t cert[HASH_SIZE])
{
    for (size_t i = 0; i < v->takens; i++)
        if (memcmp(v->taken[i].cert, cert, HASH_SIZE) == 0)
            return &v->taken[i];
    return NULL;
}

/* A day key is sealed to exactly those taken in for its unit. */
static bool
sealed_rightly(struct run *v, const struct entry_author *a)
{
    size_t expected = 0;
    for (size_t i = 0; i < v->takens; i++)
        expected +=
            !v->taken[i].is_gone &&
            (!v->taken[i].unit[0] || !strcmp(v->taken[i].unit, a->unit));
    for (unsigned i = 0; i < a->n_recipients; i++) {
        const struct taken *t = recipient_find(v, a->recipient[i].cert);
        if (!t || t->is_gone || (t->unit[0] && strcmp(t->unit, a->unit) != 0))
            return false;
    }
    return expected == a->n_recipients;
}

static void
take_in(struct run *v, uint64_t seq, const struct entry_author *a)
{
    for (unsigned i = 0; i < a->n_recipients; i++) {
        if (recipient_find(v, a->recipient[i].cert)) {
            EDITED(v, seq, _("it takes in a recipient a second time"));
            continue;
        }
        if (v->takens == v->taken_room) {
            v->taken_room = v->taken_room ? 2 * v->taken_room : 16;
            v->taken = mem_grow(v->taken, v->taken_room, sizeof *v->taken);
        }
        struct taken *t = &v->taken[v->takens++];
        memcpy(t->cert, a->recipient[i].cert, HASH_SIZE);
        memcpy(t->unit, a->unit, sizeof t->unit);
        memcpy(t->name, a->recipient[i].name, sizeof t->name);
        t->seq = seq;
        t->is_gone = t->filed = false;
    }
}

/* Later day keys are not sealed to it. */
static void
take_away(struct run *v, uint64_t seq, const struct entry_author *a)
{
    struct taken *t = recipient_find(v, a->recipient[0].cert);
    if (!t || t->is_gone || t->seq != a->away ||
        strcmp(t->unit, a->unit) != 0) {
        EDITED(v, seq, _("it takes away one who is no recipient"));
        return;
    }
    t->is_gone = true;
    t->gone = seq;
}

/* A user's: the first proposes, and another account's that refers to it takes
 * in, or away. */
static void
user_decides(struct run *v, uint64_t seq, const struct entry_author *a)
{
    const struct signer *s = signer_find(v, a->forsakran, a->kid);
    if (!s || a->has_day || a->n_recipients != 1) {
        EDITED(v, seq, _("its author alone may not decide who can review"));
        return;
    }
    if (a->has_ref) {
        for (size_t i = 0; i < v->proposals; i++) {
            const struct proposed *p = &v->proposed[i];
            if (p->seq != a->ref_seq || !strcmp(p->account, s->account) ||
                p->has_away != a->has_away || p->away != a->away ||
                strcmp(p->what.unit, a->unit) != 0 ||
                memcmp(p->what.cert, a->recipient[0].cert, HASH_SIZE) != 0)
                continue;
            if (a->has_away)
                take_away(v, seq, a);
            else
                take_in(v, seq, a);
            return;
        }
        EDITED(v, seq, _("its author alone may not decide who can review"));
        return;
    }
    if (v->proposals == v->proposal_room) {
        v->proposal_room = v->proposal_room ? 2 * v->proposal_room : 8;
        v->proposed =
            mem_grow(v->proposed, v->proposal_room, sizeof *v->proposed);
    }
    struct proposed *p = &v->proposed[v->proposals++];
    *p =
        (struct proposed){.seq = seq, .has_away = a->has_away, .away = a->away};
    memcpy(p->what.cert, a->recipient[0].cert, HASH_SIZE);
    memcpy(p->what.unit, a->unit, sizeof p->what.unit);
    memcpy(p->account, s->account, sizeof p->account);
}

void
days_check(struct run *v, uint64_t seq, const struct entry_author *a,
           const struct entry_host *h)
{
    bool own = h->peer == PEER_NONE;
    v->user_seen = v->user_seen || !own;
    if (!a->has_recipients)
        return;
    if (!own) {
        user_decides(v, seq, a);
        return;
    }
    if (a->has_away ||
        (!a->has_day && v->user_seen && !strcmp(a->mode, "skarp"))) {
        EDITED(v, seq, _("its author alone may not decide who can review"));
        return;
    }
    if (!a->has_day) {
        take_in(v, seq, a);
        return;
    }
    uint8_t unit[HASH_SIZE];
    if (!sealed_rightly(v, a))
        EDITED(v, seq, _("its day key is not sealed to those taken in"));
    struct day_key *d = find(v, (int64_t)a->day);
    if (!v->src->daykey)
        return;
    sha256(unit, a->unit, strlen(a->unit));
    if (!d)
        missing_add(v, MISSING_DAY, seq);
    else if (d->declared || d->seq != seq ||
             memcmp(d->unit, unit, HASH_SIZE) != 0 ||
             memcmp(d->cms, a->day_cms, HASH_SIZE) != 0)
        EDITED(v, seq, _("the day key on file is not the one it declares"));
    if (d)
        d->declared = true;
}

void
days_finish(struct run *v)
{
    for (size_t i = 0; i < v->days; i++)
        if (!v->day[i].declared && !v->cut)
            EDITED(v, v->day[i].seq,
                   _("it does not declare the day key that is on file"));
}
