/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "cli/unreviewed.h"

#include "base/clock.h"
#include "base/mem.h"
#include "local/message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asked {
    uint64_t seq;
    int64_t time_ms;
    char account[64];
};

struct unreviewed {
    struct asked *asked;
    size_t n_asked, asked_room;
    uint64_t *judged;
    size_t n_judged, judged_room;
    uint64_t closed;
};

struct unreviewed *
unreviewed_new(void)
{
    return mem_alloc(sizeof(struct unreviewed));
}

void
unreviewed_free(struct unreviewed **u)
{
    if (!*u)
        return;
    free((*u)->asked);
    free((*u)->judged);
    free(*u);
    *u = NULL;
}

static void
add_judged(struct unreviewed *u, uint64_t seq)
{
    if (u->n_judged == u->judged_room) {
        u->judged_room = u->judged_room ? 2 * u->judged_room : 256;
        u->judged = mem_grow(u->judged, u->judged_room, sizeof *u->judged);
    }
    u->judged[u->n_judged++] = seq;
}

static void
take_verdict(struct unreviewed *u, const struct review_entry *e)
{
    cJSON *o =
        e->payload ? cJSON_ParseWithLength(e->payload, e->payload_len) : NULL;
    const cJSON *seq;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "poster");
    u->closed += !cJSON_IsArray(list);
    cJSON_ArrayForEach(seq,
                       list) if (cJSON_IsNumber(seq) && seq->valuedouble >= 0)
        add_judged(u, (uint64_t)seq->valuedouble);
    cJSON_Delete(o);
}

void
unreviewed_take(struct unreviewed *u, const struct review_entry *e)
{
    if (e->author.type == KIND_GRANSKNING_UTFALL)
        take_verdict(u, e);
    if (e->author.type != KIND_INTENT)
        return;
    if (u->n_asked == u->asked_room) {
        u->asked_room = u->asked_room ? 2 * u->asked_room : 256;
        u->asked = mem_grow(u->asked, u->asked_room, sizeof *u->asked);
    }
    struct asked *a = &u->asked[u->n_asked++];
    *a = (struct asked){.seq = e->seq, .time_ms = e->time_ms};
    snprintf(a->account, sizeof a->account, "%s", e->account);
}

static int
by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

uint64_t
unreviewed_print(struct unreviewed *u, uint64_t *questions, uint64_t *closed)
{
    uint64_t n = 0;
    if (u->n_judged)
        qsort(u->judged, u->n_judged, sizeof *u->judged, by_number);
    for (size_t i = 0; i < u->n_asked; i++) {
        const struct asked *a = &u->asked[i];
        char iso[32];
        if (u->n_judged && bsearch(&a->seq, u->judged, u->n_judged,
                                   sizeof *u->judged, by_number))
            continue;
        clock_iso(a->time_ms, iso);
        printf("post=%" PRIu64 " tid=%s konto=%s\n", a->seq, iso, a->account);
        n++;
    }
    *questions = u->n_asked;
    *closed = u->closed;
    return n;
}
