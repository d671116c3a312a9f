/* SPDX-License-Identifier: EUPL-1.2
 *
 * LEFI v9 inside FK's answer (WIRE 7): base64 of one JSON document in which
 * two deliverers, FK and PM, answer in a model each. What holds for both is
 * here: who delivered, what did not come, and which facts are whose.
 */
#include "config.h"

#include "wire/part.h"

#include "base/i18n.h"
#include "domain/lefi.h"

#include <string.h>

static const struct json_limits limits = {
    .bytes = SSBTEK_INNER_MAX,
    .values = SSBTEK_NODES_MAX,
    .depth = 64,
};

/* utlamnare: the deliverer's own word on how it went. One that is not OK has
 * no avvikelser, so nothing else tells. */
static void
read_deliverer(struct part *p, const cJSON *lefi, const char *kod)
{
    const cJSON *u = NULL;
    cJSON_ArrayForEach(u, json_get(lefi, "utlamnare"))
    {
        const char *who = json_member(json_get(u, "utlamnare"), "kod");
        const cJSON *t = json_get(u, "tillstand");
        const char *how = part_word(p, json_member(t, "kod"));
        if (!who || strcmp(who, kod) != 0)
            continue;
        if (how && !strcmp(how, "OK")) {
            p->seen |= SEEN_OK;
            continue;
        }
        p->seen |= SEEN_NOT_OK;
        part_fault(p, kod, how ? how : "",
                   part_word(p, json_member(t, "beskrivning")));
    }
    if (!(p->seen & (SEEN_OK | SEEN_NOT_OK)))
        part_fault(p, kod, "utlamnare_saknas",
                   _("The answer does not say how the delivery went."));
}

static bool
asked(const struct part *p, const char *kod)
{
    const struct lefi_code *c;
    for (const char *at = p->answer->question.lefi;
         (c = lefi_next(&at, NULL)) != NULL;)
        if (!strcmp(c->kod, kod))
            return true;
    return false;
}

static int
asked_count(const struct part *p)
{
    const struct lefi_code *c;
    int n = 0;
    for (const char *at = p->answer->question.lefi;
         (c = lefi_next(&at, NULL)) != NULL;)
        n += c->source == p->source;
    return n;
}

static bool
is_missing(const struct part *p, const char *kod)
{
    for (const struct missing *m = p->out->missing; m; m = m->next)
        if (!strcmp(m->kod, kod))
            return true;
    return false;
}

/* One avvikelse; true if it is OBEHORIG for a code that was asked. */
static bool
read_gap(struct part *p, const cJSON *item)
{
    const cJSON *what = json_get(item, "formansgrupp");
    const cJSON *why = json_get(item, "avvikelse");
    if (!what)
        what = json_get(item, "ovrigInformationstyp");
    const char *kod = json_member(what, "kod");
    /* One that does not say what it is about may be about anything. */
    const struct lefi_code *c = kod ? lefi_code(kod) : NULL;
    if (c ? c->source != p->source
          : kod && (strncmp(kod, "PM:", 3) == 0) != (p->source == SOURCE_PM))
        return false;
    p->seen |= SEEN_GAP;
    if (kod && is_missing(p, kod))
        return false;
    const char *reason = part_word(p, json_member(why, "kod"));
    const char *name = part_word(p, json_member(what, "beskrivning"));
    part_missing(p, part_word(p, kod),
                 name ? name
                 : c  ? c->namn
                      : NULL,
                 reason ? reason
                        : part_word(p, json_member(why, "beskrivning")));
    return kod && reason && !strcmp(reason, "OBEHORIG") && asked(p, kod);
}

/* avvikelser: an object of six lists by the contract, [] in its own example. */
static void
read_gaps(struct part *p, const cJSON *lefi)
{
    const cJSON *gaps = json_get(lefi, "avvikelser"), *list, *item;
    int barred = 0;
    if (!gaps || cJSON_IsNull(gaps))
        return;
    if (cJSON_IsArray(gaps)) {
        cJSON_ArrayForEach(item, gaps) barred += read_gap(p, item);
    } else if (cJSON_IsObject(gaps)) {
        cJSON_ArrayForEach(list, gaps)
        {
            if (!cJSON_IsArray(list) && !cJSON_IsNull(list))
                p->seen |= SEEN_UNSURE;
            cJSON_ArrayForEach(item, list) barred += read_gap(p, item);
        }
    } else {
        p->seen |= SEEN_UNSURE;
    }
    if (barred && barred == asked_count(p))
        p->seen |= SEEN_BARRED;
}

/* Both get who delivered and what did not come; of the rest, these members
 * are PM's model and the others FK's. */
static bool
is_mine(const struct part *p, const char *member)
{
    static const char *const pm[] = {"ansprak", "beslut", "utbetalningar",
                                     "preliminaraUtbetalningar",
                                     "ovrigInformation"};
    bool is_pm = false;
    if (!strcmp(member, "utlamnare") || !strcmp(member, "avvikelser"))
        return true;
    for (size_t i = 0; i < sizeof pm / sizeof *pm; i++)
        is_pm = is_pm || !strcmp(pm[i], member);
    return is_pm == (p->source == SOURCE_PM);
}

static void
share_facts(struct part *fk, struct part *pm, const cJSON *lefi)
{
    struct part *parts[] = {fk, pm};
    for (int i = 0; i < 2 && parts[i]; i++) {
        struct fact *f = fact_new(fk->arena, FACT_OBJECT, NULL, NULL);
        parts[i]->out->facts = f;
        if (f)
            part_facts_json(parts[i], f, "data", lefi, pm ? is_mine : NULL);
    }
}

static void
read_both(struct part *fk, struct part *pm, const cJSON *lefi)
{
    if (!cJSON_IsObject(lefi))
        return;
    fk->seen |= SEEN_READ;
    read_deliverer(fk, lefi, "FK");
    read_gaps(fk, lefi);
    share_facts(fk, pm, lefi);
    lefi_fk_read(fk, lefi);
    if (!pm)
        return;
    pm->seen |= SEEN_READ;
    read_deliverer(pm, lefi, "PM");
    read_gaps(pm, lefi);
    lefi_pm_read(pm, lefi);
    /* One document about one person: FK's GEPI speaks for both. */
    pm->seen |= fk->seen & (SEEN_PERSON | SEEN_OTHER);
}

void
lefi_read_document(struct part *fk, struct part *pm, const char *s, size_t n)
{
    struct err e;
    const cJSON *lefi = NULL;
    part_raw(fk, s, n);
    enum err_code code = json_read(&lefi, fk->arena, s, n, &limits, &e);
    struct part *parts[] = {fk, pm};
    for (int i = 0; code && i < 2; i++)
        if (parts[i])
            part_discard(parts[i],
                         code == ERR_TOO_BIG ? STATE_FEL : STATE_OLASLIGT,
                         code == ERR_TOO_BIG ? "for_stort" : "json",
                         code == ERR_TOO_BIG
                             ? _("The source's answer is larger than allowed.")
                             : _("The inner document is not readable JSON."));
    if (!code)
        read_both(fk, pm, lefi);
    if (pm) { /* the same document: not kept twice */
        pm->out->raw = fk->out->raw;
        pm->out->raw_len = fk->out->raw_len;
    }
}

void
lefi_read(struct part *fk, struct part *pm, const struct xml_node *data)
{
    const struct xml_node *svar = xml_child(data, "lefiJsonSvar");
    AUTO_BUF(doc, SSBTEK_INNER_MAX);
    if (!svar || xml_again(svar))
        return;
    if (part_base64(fk, svar, &doc))
        lefi_read_document(fk, pm, buf_str(&doc), doc.len);
    else if (pm)
        part_discard(pm, fk->out->state, fk->out->fault->felkod,
                     fk->out->fault->texts->text);
}
