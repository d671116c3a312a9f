/* SPDX-License-Identifier: EUPL-1.2
 *
 * Migrationsverket, findByPersonnummer 1 (WIRE 5.7), children without a
 * namespace: matters and permits. That none is there says only that, never
 * that a permit is missing.
 */
#include "config.h"

#include "wire/part.h"

#include <string.h>

static const char *const spaces[] = {
    "", "http://schema.migrationsverket.se/ssbtek/1/", NULL};

static void
read_matter(struct part *p, const struct xml_node *s)
{
    const char *type = part_either(p, xml_text(s, "beslutsTypNamn"),
                                   xml_text(s, "beslutsTyp"));
    const char *matter =
        part_either(p, xml_text(s, "arendeTypNamn"), xml_text(s, "arendeTyp"));
    const char *result = part_either(p, xml_text(s, "beslutsKodNamn"),
                                     xml_text(s, "beslutsKod"));
    const char *valid = part_word(p, xml_text(s, "giltighetstid"));
    struct date decided = part_date(NULL, xml_text(s, "beslutsdatum"));
    bool open = !type && !result && date_none(decided);
    struct decision *d = part_decision(
        p, open ? "ansokan" : "tillstand", type ? type : matter,
        part_either(p, xml_text(s, "beslutsTyp"), xml_text(s, "arendeTyp")));
    if (!d)
        return;
    d->utan_beslut = open;
    d->datum = open ? part_date(NULL, xml_text(s, "ansokningsdatum")) : decided;
    d->fran = part_date(NULL, xml_text(s, "fromDatum"));
    d->till = part_date(NULL, xml_text(s, "tomDatum"));
    if (valid && !strcmp(valid, "PERMANENT"))
        valid = "permanent";
    else if (valid && !strcmp(valid, "TIDBEGRANSAT"))
        valid = "tidsbegränsat";
    d->lage = result && valid ? arena_printf(p->arena, "%s, %s", result, valid)
              : result        ? result
                              : valid;
}

void
miv_read(struct part *p, const struct xml_node *data)
{
    const struct xml_node *r = xml_child(data, "response");
    p->out->facts = part_facts_xml(p, data, spaces);
    for (const struct xml_node *s = r; s; s = xml_again(s))
        part_persons(p, s, "personnummer");
    if (!r || xml_again(r) || part_nil(r))
        return;
    p->seen |= SEEN_READ;
    const struct xml_node *list = xml_child(r, "svarCollection");
    if (!list || xml_again(list))
        return;
    part_list(p, list);
    for (const struct xml_node *s = list->child; s; s = s->next) {
        if (s->attr)
            continue;
        if (strcmp(s->name, "svar") != 0 || part_nil(s))
            p->seen |= SEEN_UNSURE; /* a matter that says nothing */
        else
            read_matter(p, s);
    }
}
