/* SPDX-License-Identifier: EUPL-1.2
 *
 * Arbetsförmedlingen, ersattningsstod v2 (WIRE 5.1): no money, decisions and
 * where the person stands. Elements of the contract's Fraga echo the question
 * and are shown, never read.
 */
#include "config.h"

#include "wire/part.h"

#include <string.h>

static const char ns[] =
    "http://api.arbetsformedlingen.se/arbetssokande/ersattningsstod/v2";
static const char *const spaces[] = {ns, NULL};

static void
read_decisions(struct part *p, const struct xml_node *info)
{
    const struct xml_node *list = xml_child_ns(info, ns, "EkonomiskaBeslut");
    const struct xml_node *other = xml_first(list ? list : info);
    for (; other; other = other->next) /* not empty, and not what we know */
        if (strcmp(other->name, "Beslut") != 0 || strcmp(other->ns, ns) != 0)
            p->seen |= SEEN_UNSURE;
    for (const struct xml_node *b = xml_child_ns(list, ns, "Beslut"); b;
         b = xml_again(b)) {
        struct decision *d = part_decision(
            p, "beslut", part_word(p, xml_text(b, "ErsattningTyp")), NULL);
        if (!d)
            return;
        d->omfattning = part_word(p, xml_text(b, "Omfattning"));
        d->fran = part_date(NULL, xml_text(b, "BeslutFrom"));
        d->till = part_date(NULL, xml_text(b, "BeslutTom"));
    }
}

static void
read_status(struct part *p, const struct xml_node *svar)
{
    const char *code = part_status(p, svar, "StatusSokandeinformationKod", "0");
    if (!code)
        return;
    if (!strcmp(code, "0")) {
        p->seen |= SEEN_OK;
        return;
    }
    p->seen |= part_code_in(part_codes()->af_unknown, code) ? SEEN_UNKNOWN
                                                            : SEEN_NOT_OK;
    part_fault(p, "AF", code,
               part_word(p, xml_text(svar, "StatusSokandeinformationKodText")));
}

void
af_read(struct part *p, const struct xml_node *data)
{
    const struct xml_node *svar = xml_child_ns(data, ns, "Svar");
    p->out->facts = part_facts_xml(p, data, spaces);
    for (const struct xml_node *s = svar; s; s = xml_again(s))
        part_persons(p, s, "IdentitetsbeteckningFysiskPerson");
    if (!svar || xml_again(svar))
        return;
    p->seen |= SEEN_READ;
    read_status(p, svar);
    const char *flag = xml_text(svar, "Sekretessmarkering");
    p->out->shielded = part_flag(flag);
    p->out->unshielded = part_flag_no(flag);
    if (p->out->shielded)
        p->out->flag = part_word(p, flag);
    if (part_either(p, xml_text(svar, "Fornamn"), xml_text(svar, "Efternamn")))
        p->seen |= SEEN_KNOWN;
    if (xml_child_ns(svar, ns, "ArbetssokandeInfo"))
        p->rows++;
    read_decisions(p, xml_child_ns(svar, ns, "BeslutInfo"));
}
