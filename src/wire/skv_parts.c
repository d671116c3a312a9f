/* SPDX-License-Identifier: EUPL-1.2
 *
 * Skatteverket in v11 (WIRE 5.4): one element for each part asked for, with
 * `data` (base64 of JSON) or an `error` of its own. What the JSON holds is
 * not documented: it becomes facts by the names it came with, and nothing is
 * made of it but whether there is anything. 404 from the authority says that
 * a part has nothing; so does an empty list. A part that did not come, or
 * cannot be read, is named as missing.
 */
#include "config.h"

#include "wire/part.h"

#include "base/i18n.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

static const struct json_limits limits = {SSBTEK_INNER_MAX, SSBTEK_NODES_MAX,
                                          64};

/* How the parts that were looked for came. */
struct tally {
    int parts, read, nothing, errors;
    const struct xml_node *error; /* the first that is no 404 */
    bool documents;               /* some part came as data */
};

bool
skv_has_parts(const struct xml_node *skv, const char *ns)
{
    for (enum skv_part i = 0; i < SKV_COUNT; i++)
        if (xml_child_ns(skv, ns, skv_word(i)))
            return true;
    return false;
}

static void
gap(struct part *p, enum skv_part i, const char *why)
{
    p->seen |= SEEN_GAP;
    part_missing(p, skv_word(i), skv_label(i), why);
}

/* Is there any value in it? Containers alone say nothing. */
static bool
has_value(const cJSON *j)
{
    if (!cJSON_IsObject(j) && !cJSON_IsArray(j))
        return !cJSON_IsNull(j);
    for (const cJSON *c = j->child; c; c = c->next)
        if (has_value(c))
            return true;
    return false;
}

/* Whom the part is about, where its outermost object says so. Deeper down
 * others are named: employers, representatives. */
static void
read_person(struct part *p, const cJSON *j)
{
    static const char *const names[] = {"personnummer", "personidentitet",
                                        "identitetsbeteckningFysiskPerson"};
    if (!cJSON_IsObject(j))
        return;
    for (const cJSON *c = j->child; c; c = c->next)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (!strcasecmp(c->string, names[i]) && json_text(c)) {
                part_person(p, json_text(c));
                p->seen |= SEEN_KNOWN;
            }
}

static void
read_content(struct part *p, enum skv_part i, const cJSON *j, struct tally *t)
{
    t->read++;
    read_person(p, j);
    struct fact *tree = part_tree_json(p, j);
    if (tree && p->out->facts) {
        tree->name = skv_word(i);
        fact_add(p->out->facts, tree);
    }
    if (has_value(j)) {
        p->rows++;
        p->seen |= SEEN_KNOWN;
    } else if (cJSON_IsArray(j) && !j->child) {
        t->nothing++;
    } else { /* what an empty object or null means is not documented */
        p->seen |= SEEN_UNSURE;
        part_remark(p, arena_printf(p->arena,
                                    _("%s came without any value in it."),
                                    skv_label(i)));
    }
}

static void
read_data(struct part *p, enum skv_part i, const struct xml_node *data,
          struct buf *raw, struct tally *t)
{
    AUTO_BUF(doc, SSBTEK_INNER_MAX);
    struct err e;
    const cJSON *j = NULL;
    enum err_code code =
        data->too_big ? ERR_TOO_BIG
                      : text_base64_decode(&doc, data->text ? data->text : "",
                                           data->text ? data->len : 0);
    t->documents = true;
    if (code == ERR_TOO_BIG) {
        gap(p, i, _("larger than allowed"));
        return;
    }
    if (code || !doc.len) {
        gap(p, i, _("cannot be read"));
        return;
    }
    buf_addf(raw, "%s\n", skv_word(i));
    buf_add(raw, doc.data, doc.len);
    buf_adds(raw, "\n");
    code = json_read(&j, p->arena, buf_str(&doc), doc.len, &limits, &e);
    if (code)
        gap(p, i,
            code == ERR_TOO_BIG ? _("larger than allowed")
                                : _("cannot be read"));
    else
        read_content(p, i, j, t);
}

/* 404 proves nothing unless the authority itself says it: from SSBT it may
 * be the road to Skatteverket that was not found. */
static void
read_error(struct part *p, enum skv_part i, const struct xml_node *error,
           struct tally *t)
{
    const char *kalla = part_word(p, xml_text(error, "kalla"));
    const char *felkod = part_word(p, xml_text(error, "felkod"));
    const char *text = part_word(p, xml_text(error, "felmeddelande"));
    if (kalla && felkod && !strcmp(kalla, "BT") && !strcmp(felkod, "404")) {
        t->read++;
        t->nothing++;
        return;
    }
    t->errors++;
    if (!t->error)
        t->error = error;
    gap(p, i,
        arena_printf(p->arena, "%s %s%s%s", kalla ? kalla : "SSBT",
                     felkod ? felkod : "okand", text ? ": " : "",
                     text ? text : ""));
}

static void
read_part(struct part *p, enum skv_part i, const struct xml_node *n,
          const char *ns, struct buf *raw, struct tally *t)
{
    const struct xml_node *data = xml_child_ns(n, ns, "data");
    const struct xml_node *error = xml_child_ns(n, ns, "error");
    t->parts++;
    if (!n)
        gap(p, i, _("missing in the answer"));
    else if (xml_again(n) || (data && (error || xml_again(data))) ||
             (error && xml_again(error)))
        gap(p, i, _("cannot be read")); /* two answers: neither is the one */
    else if (error)
        read_error(p, i, error, t);
    else if (data)
        read_data(p, i, data, raw, t);
    else
        gap(p, i, _("missing in the answer"));
}

void
skv_read_parts(struct part *p, const struct xml_node *skv, const char *ns)
{
    /* Asked in v10 there is no choice of parts: what comes was asked for. */
    skv_set asked = p->answer->question.kontrakt == KONTRAKT_V11
                        ? p->answer->question.skv
                        : 0;
    struct tally t = {0};
    AUTO_BUF(raw, SSBTEK_INNER_MAX);
    p->seen |= SEEN_DATA;
    p->out->facts = fact_new(p->arena, FACT_OBJECT, NULL, NULL);
    for (enum skv_part i = 0; i < SKV_COUNT; i++) {
        const struct xml_node *n = xml_child_ns(skv, ns, skv_word(i));
        if (asked ? asked & SKV_BIT(i) : n != NULL)
            read_part(p, i, n, ns, &raw, &t);
        else if (n) /* no ground for having it: it is not kept */
            part_remark(p, arena_printf(p->arena,
                                        _("%s came without being asked for "
                                          "and is not kept."),
                                        skv_label(i)));
    }
    if (raw.len && !raw.full)
        part_raw(p, raw.data, raw.len);
    if (t.read)
        p->seen |= SEEN_READ;
    if (t.parts && t.nothing == t.parts)
        p->seen |= SEEN_LIST;
    if (t.errors && t.errors == t.parts) { /* as if SKV had said one */
        p->seen |= SEEN_ERROR;
        part_error(p, t.error, "SSBT");
    }
}
