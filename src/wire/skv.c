/* SPDX-License-Identifier: EUPL-1.2
 *
 * Skatteverket in v10 (WIRE 5.4): one string that is a whole XML document,
 * as CDATA or escaped, or the document's element itself. It has been decoded
 * with the envelope, so an encoding that its own declaration names no longer
 * holds. There is no schema: members are matched by local name.
 */
#include "config.h"

#include "wire/part.h"

#include "base/i18n.h"

#include <string.h>

static const struct xml_limits limits = {
    .bytes = SSBTEK_INNER_MAX + (512 << 10),
    .tag = SSBTEK_TAG_MAX,
    .text = SSBTEK_INNER_MAX,
    .memory = 8 << 20,
    .nodes = SSBTEK_NODES_MAX,
    .depth = 64,
    .cpu_ms = 2000,
};

/* Skips white space, a byte order mark and the XML declaration. */
static const char *
skip_declaration(const char *s)
{
    s += strspn(s, " \t\r\n");
    if (!strncmp(s, "\xef\xbb\xbf", 3))
        s += 3;
    if (strncmp(s, "<?xml", 5) != 0 || !strchr(" \t\r\n", s[5]) || !s[5])
        return s;
    const char *end = strstr(s, "?>");
    if (!end)
        return s;
    s = end + 2;
    return s + strspn(s, " \t\r\n");
}

static void
read_document(struct part *p, const struct xml_node *root)
{
    const struct xml_node *list = xml_child(root, "PersonuppgiftLista");
    p->out->facts = part_facts_xml(p, root, NULL);
    if (strncmp(root->name, "SvarBeskattningsuppgifter", 25) != 0)
        return;
    p->seen |= SEEN_READ;
    if (!list || xml_again(list))
        return;
    part_list(p, list);
    for (const struct xml_node *u = xml_first(list); u; u = u->next) {
        if (strcmp(u->name, "Personuppgift") != 0) {
            p->seen |= SEEN_UNREAD;
            continue;
        }
        p->seen |= SEEN_KNOWN;
        part_persons(p, u, "IdentitetsbeteckningFysiskPerson");
        int rows = 0;
        for (const struct xml_node *k = xml_child(u, "Kapitaluppgift"); k;
             k = xml_again(k))
            rows++;
        p->rows += rows ? rows : 1;
    }
    if (!p->rows && xml_first(root)->next) /* a list of nothing, and more */
        p->seen |= SEEN_UNSURE;
}

void
skv_read(struct part *p, const struct xml_node *data)
{
    const struct xml_node *svar = xml_child(data, "svar");
    const struct xml_node *inner = xml_first(svar);
    struct err e;
    if (!svar || xml_again(svar))
        return;
    if (inner) {
        part_raw_xml(p, inner);
        read_document(p, inner);
        return;
    }
    if (!svar->text)
        return;
    part_raw(p, svar->text, svar->len);
    const char *s = skip_declaration(svar->text);
    struct xml_reader *r = xml_new(&limits);
    const struct xml_node *root = NULL;
    enum err_code code = xml_feed(r, s, strlen(s), &e);
    if (!code)
        code = xml_finish(r, &root, &e);
    if (!code)
        read_document(p, root);
    else if (code == ERR_TOO_BIG)
        part_discard(p, STATE_FEL, "for_stort",
                     _("The source's answer is larger than allowed."));
    else
        part_discard(p, STATE_OLASLIGT, "xml",
                     _("The inner document is not readable XML."));
    xml_free(&r);
}
