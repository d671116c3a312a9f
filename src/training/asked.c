/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "training/asked.h"

#include "wire/served.h"

#include <string.h>

/* The only source of a set; SOURCE_COUNT where it is none or several. */
static enum source_id
only(source_set set)
{
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (set == SOURCE_BIT(i))
            return (enum source_id)i;
    return SOURCE_COUNT;
}

static enum err_code
take(struct asked *a, const struct served *s, struct err *e)
{
    a->source = only(s->sources);
    a->tidpunkt = s->tidpunkt;
    a->korrelationsid = s->korrelationsid;
    a->orgnr = s->orgnr;
    a->namn = s->namn;
    a->handlaggare = s->handlaggare;
    a->person = s->person;
    a->arende = s->arende;
    a->bitrade_orgnr = s->bitrade_orgnr;
    a->bitrade_namn = s->bitrade_namn;
    a->syfte = s->syfte;
    a->lagtext = s->lagtext;
    a->from = s->period.from;
    a->to = s->period.to;
    a->skv = s->skv;
    memcpy(a->years, s->years, sizeof a->years);
    a->version = s->version;
    a->aktorsid = s->aktorsid;
    a->lefi = s->lefi;
    a->lefi_len = s->lefi_len;
    if (a->source == SOURCE_COUNT)
        return err_set(e, ERR_BAD_INPUT, "inkludera: en källa i taget");
    const struct period *own = &s->own[a->source];
    bool general = date_none(own->from);
    a->own_from = general ? a->from : own->from;
    a->own_to = general ? a->to : own->to;
    return s->n_years <= 2 ? ERR_OK : err_set(e, ERR_BAD_INPUT, "SKV ar");
}

enum err_code
asked_read(struct asked *a, const void *p, size_t n, struct err *e)
{
    struct served s;
    *a = (struct asked){0};
    enum err_code code = served_read(&s, KONTRAKT_COUNT, p, n, e);
    a->arena = s.arena; /* the texts lie there */
    a->kontrakt = s.kontrakt;
    a->call = s.call == SERVED_TEST ? ASKED_TEST : ASKED_SOURCE;
    return !code && s.call == SERVED_ASK ? take(a, &s, e) : code;
}

void
asked_done(struct asked *a)
{
    arena_free(&a->arena);
    *a = (struct asked){0};
}
