/* SPDX-License-Identifier: EUPL-1.2
 *
 * Transportstyrelsen, hamtaUppgifter 1 (WIRE 5.6): the vehicles. It names no
 * person, so whose they are cannot be confirmed; resultat FEL is a failure
 * although it stands in data.
 */
#include "config.h"

#include "wire/part.h"

#include <string.h>

static const char ns[] =
    "http://schema.transportstyrelsen.se/ssbtek/hamtauppgifterresponder/1";
static const char vehicle_ns[] =
    "http://schema.transportstyrelsen.se/ssbtek/fordon/1";
static const char *const spaces[] = {ns, vehicle_ns, NULL};

void
tns_read(struct part *p, const struct xml_node *data)
{
    const struct xml_node *result = xml_child_ns(data, ns, "resultat");
    const struct xml_node *held = xml_child_ns(data, ns, "fordonsinnehav");
    const struct xml_node *fault = xml_child_ns(data, ns, "felresultat");
    p->out->facts = part_facts_xml(p, data, spaces);
    if (!result && !held && !fault)
        return;
    p->seen |= SEEN_READ;
    const char *word = part_word(p, result ? result->text : NULL);
    if (word && !strcmp(word, "OK") && !fault && !xml_again(result))
        p->seen |= SEEN_OK;
    else if (word || fault)
        p->seen |= SEEN_NOT_OK;
    for (; fault; fault = xml_again(fault)) {
        const char *code = part_word(p, xml_text(fault, "felkod"));
        part_fault(p, "TNS", code ? code : word,
                   part_word(p, xml_text(fault, "feltext")));
    }
    if (p->seen & SEEN_NOT_OK)
        part_fault(p, "TNS", word, NULL);
    if (!held || xml_again(held))
        return;
    part_list(p, held);
    for (const struct xml_node *c = xml_first(held); c; c = c->next)
        if (!strcmp(c->name, "fordon"))
            p->rows++;
    if (!p->rows && xml_first(held)) /* not empty, and no vehicle we know */
        p->seen |= SEEN_UNSURE;
}
