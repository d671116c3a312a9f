/* SPDX-License-Identifier: EUPL-1.2
 *
 * `uppgifter`: every field that came, by the contract's names. What the
 * contract lets come several times is a list also when it came once; what no
 * row of fields.def knows stands under `ovrigt`, last, where it was found.
 */
#include "config.h"

#include "wire/part.h"

#include "base/text.h"
#include "domain/field.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { RAW_MAX = SSBTEK_INNER_MAX, RAW_XML_MAX = 256 << 10 };

/* An element's object being built, and where each name stands in it, so that
 * a name that comes again costs nothing to find, however many there are. */
struct slot {
    const char *name;
    struct fact *fact;
    bool list;
};

enum { FEW = 16 };

struct building {
    struct fact *object; /* NULL until something is put */
    struct slot few[FEW];
    struct slot *slots; /* hashed, once there are more than FEW names */
    size_t n, cap, children;
};

static void *
take(struct part *p, size_t n)
{
    void *m = NULL;
    if (!p->full && arena_used(p->arena) + n <= PART_MEMORY)
        m = arena_alloc(p->arena, n);
    if (!m)
        p->full = true;
    return m;
}

static struct fact *
new_fact(struct part *p, enum fact_kind k)
{
    struct fact *f = take(p, sizeof *f);
    if (f)
        f->kind = k;
    return f;
}

/* A fact and its text in one piece, where the text needs no cleaning. */
static struct fact *
text_fact(struct part *p, const char *s, size_t n)
{
    if (!text_is_clean(s, n)) {
        struct fact *f = new_fact(p, FACT_TEXT);
        if (f)
            f->text = part_text(p, s, n);
        return f;
    }
    struct fact *f = take(p, sizeof *f + n + 1);
    if (!f)
        return NULL;
    char *text = (char *)(f + 1);
    memcpy(text, s, n);
    f->text = text;
    f->kind = FACT_TEXT;
    return f;
}

/* The same of text that lives in the answer's arena already, and stays. */
static struct fact *
json_fact(struct part *p, const cJSON *j)
{
    const char *text = json_text(j);
    size_t n = !text ? 0 : cJSON_IsBool(j) ? strlen(text) : (size_t)j->valueint;
    if (!text)
        text = ""; /* null */
    struct fact *f = new_fact(p, FACT_TEXT);
    if (f)
        f->text = text_is_clean(text, n) ? text : part_text(p, text, n);
    return f;
}

static struct slot *
slot_hashed(struct building *b, const char *name)
{
    unsigned h = 2166136261u;
    for (const char *s = name; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    size_t at = (h ^ h >> 15) & (b->cap - 1);
    while (b->slots[at].name && strcmp(b->slots[at].name, name) != 0)
        at = (at + 1) & (b->cap - 1);
    return &b->slots[at];
}

/* The slot of a name, or the one that it gets (its name is NULL). */
static struct slot *
slot_of(struct building *b, const char *name)
{
    if (!b->slots) {
        for (size_t i = 0; i < b->n; i++)
            if (!strcmp(b->few[i].name, name))
                return &b->few[i];
        if (b->n < FEW) {
            b->few[b->n] = (struct slot){0};
            return &b->few[b->n];
        }
        for (b->cap = 4 * FEW; b->cap < b->children * 2;)
            b->cap *= 2;
        b->slots = mem_alloc(b->cap * sizeof *b->slots);
        for (size_t i = 0; i < b->n; i++)
            *slot_hashed(b, b->few[i].name) = b->few[i];
    }
    return slot_hashed(b, name);
}

/* Puts `item` under `name`: alone, or as an item of a list. `known` is the
 * name's row, whose own name need not be copied. */
static void
put(struct part *p, struct building *b, const char *name, struct fact *item,
    const struct field *known)
{
    if (!b->object)
        b->object = new_fact(p, FACT_OBJECT);
    if (!item || !b->object)
        return;
    struct slot *s = slot_of(b, name);
    if (!s->name) {
        bool many = known && known->many;
        struct fact *f = many ? new_fact(p, FACT_LIST) : item;
        if (!f)
            return;
        f->name = known ? known->name : part_text(p, name, strlen(name));
        fact_add(b->object, f);
        if (many)
            fact_add(f, item);
        *s = (struct slot){name, f, many};
        b->n++;
        return;
    }
    if (!s->list) { /* once more than the contract says: a list after all */
        struct fact *first = new_fact(p, s->fact->kind);
        if (!first)
            return;
        first->text = s->fact->text;
        first->child = s->fact->child;
        first->last = s->fact->last;
        s->fact->kind = FACT_LIST;
        s->fact->text = NULL;
        s->fact->child = s->fact->last = NULL;
        fact_add(s->fact, first);
        s->list = true;
    }
    item->name = NULL;
    fact_add(s->fact, item);
}

static bool
ns_known(const char *const *ns, const char *have)
{
    if (!ns)
        return true;
    for (; *ns; ns++)
        if (!strcmp(*ns, have))
            return true;
    return false;
}

static bool
is_xsi(const struct xml_node *n)
{
    return n->attr &&
           !strcmp(n->ns, "http://www.w3.org/2001/XMLSchema-instance");
}

static struct fact *fact_of_node(struct part *p, const struct xml_node *n,
                                 const char *const *ns);

static void
put_members(struct part *p, const struct xml_node *n, const char *const *ns,
            struct fact *object)
{
    struct building b, others;
    struct field_scope scope = field_scope(p->source, n->name);
    size_t count = 1;
    for (const struct xml_node *c = n->child; c; c = c->next)
        count++;
    b.object = object;
    others.object = NULL;
    b.slots = others.slots = NULL;
    b.n = others.n = 0;
    b.children = others.children = count;
    if (n->text)
        put(p, &others, "text", text_fact(p, n->text, n->len), NULL);
    for (const struct xml_node *c = n->child; c && !p->full; c = c->next) {
        if (is_xsi(c))
            continue;
        const struct field *f = ns_known(ns, c->attr ? n->ns : c->ns)
                                    ? field_in(&scope, c->name)
                                    : NULL;
        put(p, f ? &b : &others, *c->name ? c->name : "text",
            fact_of_node(p, c, ns), f);
    }
    if (others.object) { /* what nobody knew, last */
        others.object->name = "ovrigt";
        fact_add(object, others.object);
    }
    free(others.slots);
    free(b.slots);
}

static struct fact *
fact_of_node(struct part *p, const struct xml_node *n, const char *const *ns)
{
    const struct xml_node *c = n->child;
    while (c && is_xsi(c))
        c = c->next;
    const struct field *f = NULL;
    if (!c && !n->text && !n->attr) /* an empty element: group or text? */
        f = field_row(p->source, NULL, n->name);
    if (!c && !(f && f->kind == FIELD_GROUP))
        return text_fact(p, n->text ? n->text : "", n->len);
    struct fact *object = new_fact(p, FACT_OBJECT);
    if (object)
        put_members(p, n, ns, object);
    return object;
}

struct fact *
part_facts_xml(struct part *p, const struct xml_node *n, const char *const *ns)
{
    struct fact *object = new_fact(p, FACT_OBJECT);
    if (object)
        put_members(p, n, ns, object);
    return object;
}

/* `name` is the member that j stands under; a list's items stand under its. */
static struct fact *
fact_of_json(struct part *p, const char *name, const cJSON *j)
{
    if (cJSON_IsObject(j)) {
        struct fact *object = new_fact(p, FACT_OBJECT);
        if (object)
            part_facts_json(p, object, name, j, NULL);
        return object;
    }
    if (!cJSON_IsArray(j))
        return json_fact(p, j);
    struct fact *list = new_fact(p, FACT_LIST);
    for (const cJSON *c = j->child; c && list && !p->full; c = c->next) {
        struct fact *item = fact_of_json(p, name, c);
        if (item)
            fact_add(list, item);
    }
    return list;
}

/* Members of a JSON object stand once each (wire/json), and lists are lists
 * already: no slots are needed. */
void
part_facts_json(struct part *p, struct fact *to, const char *name,
                const cJSON *j, bool (*mine)(const struct part *, const char *))
{
    struct fact *others = NULL;
    struct field_scope scope = field_scope(p->source, name);
    for (const cJSON *c = j->child; c && !p->full; c = c->next) {
        if (mine && !mine(p, c->string))
            continue;
        const struct field *f = field_in(&scope, c->string);
        struct fact *item = fact_of_json(p, c->string, c);
        if (f && f->many && item && item->kind == FACT_OBJECT) {
            struct fact *list = new_fact(p, FACT_LIST);
            if (list)
                fact_add(list, item);
            item = list;
        }
        if (!f && !others)
            others = new_fact(p, FACT_OBJECT);
        struct fact *in = f ? to : others;
        if (!item || !in)
            return;
        item->name = f ? f->name : part_text(p, c->string, strlen(c->string));
        fact_add(in, item);
    }
    if (others) {
        others->name = "ovrigt";
        fact_add(to, others);
    }
}

struct fact *
part_tree_json(struct part *p, const cJSON *j)
{
    bool object = cJSON_IsObject(j);
    if (!object && !cJSON_IsArray(j))
        return json_fact(p, j);
    struct fact *f = new_fact(p, object ? FACT_OBJECT : FACT_LIST);
    for (const cJSON *c = j->child; c && f && !p->full; c = c->next) {
        struct fact *item = part_tree_json(p, c);
        if (!item)
            return f;
        if (object)
            item->name = part_text(p, c->string, strlen(c->string));
        fact_add(f, item);
    }
    return f;
}

void
part_raw(struct part *p, const char *s, size_t n)
{
    /* UTF-16 holds NULs: the length counts, not the end of a string. */
    char *raw = n <= RAW_MAX ? take(p, n + 1) : NULL;
    if (!raw)
        return;
    memcpy(raw, s, n);
    p->out->raw = raw;
    p->out->raw_len = n;
}

static void
escape(struct buf *b, const char *s, size_t n)
{
    for (size_t from = 0, i = 0; i <= n; i++) {
        const char *to = i == n        ? ""
                         : s[i] == '<' ? "&lt;"
                         : s[i] == '&' ? "&amp;"
                         : s[i] == '>' ? "&gt;"
                         : s[i] == '"' ? "&quot;"
                                       : NULL;
        if (!to)
            continue;
        buf_add(b, s + from, i - from);
        buf_adds(b, to);
        from = i + 1;
    }
}

static void
write_node(struct buf *b, const struct xml_node *n)
{
    const struct xml_node *c = n->child;
    if (b->full)
        return;
    if (!*n->name) {
        escape(b, n->text ? n->text : "", n->len);
        return;
    }
    buf_addc(b, '<');
    buf_adds(b, n->name);
    for (; c && c->attr; c = c->next) {
        buf_addc(b, ' ');
        buf_adds(b, c->name);
        buf_adds(b, "=\"");
        escape(b, c->text ? c->text : "", c->len);
        buf_addc(b, '"');
    }
    if (!c && !n->text) {
        buf_adds(b, "/>");
        return;
    }
    buf_addc(b, '>');
    if (n->text)
        escape(b, n->text, n->len);
    for (; c; c = c->next)
        write_node(b, c);
    buf_adds(b, "</");
    buf_adds(b, n->name);
    buf_addc(b, '>');
}

void
part_raw_xml(struct part *p, const struct xml_node *n)
{
    AUTO_BUF(b, RAW_XML_MAX);
    write_node(&b, n);
    part_raw(p, buf_str(&b), b.len);
}
