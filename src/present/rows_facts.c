/* SPDX-License-Identifier: EUPL-1.2
 *
 * A source's own fields as rows: all of them, those that its pane names, and
 * what nobody knew. Addresses and places are masked here.
 */
#include "config.h"

#include "present/rows.h"

#include "base/i18n.h"
#include "base/text.h"
#include "domain/places.h"
#include "present/rows_own.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct field {
    enum source_id source;
    const char *name;
    const char *words;
    bool pane;
} fields[] = {
#define FIELD(s, n, w, p)                                                      \
    {.source = SOURCE_##s, .name = n, .words = w, .pane = p},
#include "present/fields.def"
#undef FIELD
};

static const struct field *
find_field(enum source_id s, const char *name)
{
    enum source_id as = s == SOURCE_PM ? SOURCE_FK : s;
    for (size_t i = 0; name && i < sizeof fields / sizeof *fields; i++)
        if (fields[i].source == as && !strcmp(fields[i].name, name))
            return &fields[i];
    return NULL;
}

/* "SenasteAktivitetsRapportDatum" to "Senaste aktivitets rapport datum":
 * the contracts' names are Swedish without its letters. */
const char *
rows_field(struct arena *a, const char *name)
{
    size_t n = strlen(name), at = 0;
    char *out = arena_alloc(a, 2 * n + 1);
    if (!out)
        return name;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)name[i];
        bool begins = i && isupper(c) && islower((unsigned char)name[i - 1]);
        if (begins || c == '_') {
            out[at++] = ' ';
            if (c == '_')
                continue;
        }
        out[at++] = i == 0 ? (char)toupper(c)
                    : begins && islower((unsigned char)name[i + 1])
                        ? (char)tolower(c)
                        : (char)c;
    }
    return out;
}

const char *
rows_find(const struct fact *f, const char *name)
{
    for (const struct fact *c = f ? f->child : NULL; c; c = c->next) {
        if (c->kind == FACT_TEXT && c->name && !strcmp(c->name, name))
            return c->text;
        const char *below = rows_find(c, name);
        if (below)
            return below;
    }
    return NULL;
}

/* Values that stand for themselves in the contracts, in words. */
static const char *
value_words(const char *text)
{
    if (!strcasecmp(text, "true"))
        return _("yes");
    if (!strcasecmp(text, "false"))
        return _("no");
    return text;
}

static struct row *
add_fact(struct rows *r, const struct fact *f, const char *name,
         enum source_id s, int person, int indent)
{
    const struct field *known = find_field(s, name);
    struct row *row = rows_add(r, ROW_FACT, s, person);
    row->indent = indent;
    row->code = name ? name : "";
    row->label = name && !strcmp(name, "ovrigt") ? _("Other from the source")
                 : known                         ? known->words
                 : name                          ? rows_field(r->arena, name)
                                                 : "";
    row->fact = f;
    return row;
}

/* `name` is the list's for its items. */
static void
add_tree(struct rows *r, const struct fact *f, const char *name,
         enum source_id s, int person, int indent, const struct rows_options *o)
{
    if (!o->places && place_name(name)) {
        struct row *row = add_fact(r, f, name, s, person, indent);
        row->text = place_mask;
        row->masked = true;
        row->fact = NULL;
        return;
    }
    if (f->kind == FACT_TEXT) {
        add_fact(r, f, name, s, person, indent)->text = value_words(f->text);
        return;
    }
    if (f->kind == FACT_LIST) {
        for (const struct fact *c = f->child; c; c = c->next)
            add_tree(r, c, name, s, person, indent, o);
        return;
    }
    if (name) {
        add_fact(r, f, name, s, person, indent)->head = true;
        indent++;
    }
    for (const struct fact *c = f->child; c; c = c->next)
        add_tree(r, c, c->name ? c->name : "", s, person, indent, o);
}

void
rows_add_facts(struct rows *r, const struct fact *f, enum source_id s,
               int person, int indent, const struct rows_options *o)
{
    if (f)
        add_tree(r, f, NULL, s, person, indent, o);
}

struct rows *
rows_facts(const struct answer *a, enum source_id s,
           const struct rows_options *o)
{
    struct rows *r = rows_new();
    rows_add_facts(r, a->of[s].facts, s, 0, 0, o);
    return r;
}

/* TNS: "ABC001 Volvo V70, 2012". */
static void
add_vehicle(struct rows *r, const struct fact *f, enum source_id s)
{
    static const char *const parts[] = {"regnr", "fabrikat",
                                        "handelsbeteckning"};
    const char *text = "";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *t = fact_text(f, parts[i]);
        if (t && *t)
            text = *text ? rows_printf(r, "%s %s", text, t) : t;
    }
    const char *year = fact_text(f, "fordonsar");
    const char *kind = fact_text(f, "fordonsslag");
    if (year && *year)
        text = rows_join(r->arena, text, year);
    if (kind && *kind)
        text = rows_join(r->arena, text, kind);
    struct row *row = add_fact(r, f, "fordon", s, 0, 0);
    row->text = text;
}

/* SKV: always the year before the amount. */
static void
add_capital(struct rows *r, const struct fact *f, enum source_id s)
{
    const char *year = fact_text(f, "Taxeringsar");
    for (const struct fact *c = f->child; c; c = c->next) {
        if (c->kind != FACT_TEXT || !c->name || !strcmp(c->name, "Taxeringsar"))
            continue;
        struct row *row = add_fact(r, c, c->name, s, 0, 0);
        row->text = rows_printf(r, _("%s: %s kr"),
                                year ? year : _("unknown year"), c->text);
    }
}

static void
add_named_tree(struct rows *r, const struct fact *f, const char *name,
               enum source_id s, const struct rows_options *o)
{
    if (name && !strcmp(name, "ovrigt"))
        return;
    if (!o->places && place_name(name))
        return;
    if (f->kind == FACT_OBJECT && name && !strcmp(name, "fordon")) {
        add_vehicle(r, f, s);
        return;
    }
    if (f->kind == FACT_OBJECT && name && !strcmp(name, "Kapitaluppgift")) {
        add_capital(r, f, s);
        return;
    }
    /* v11: what is in a part is not documented, so all of it is shown. */
    if (s == SOURCE_SKV && name && skv_by_word(name) < SKV_COUNT) {
        if (f->child || (f->kind == FACT_TEXT && *f->text))
            add_tree(r, f, skv_label(skv_by_word(name)), s, 0, 0, o);
        return;
    }
    if (f->kind == FACT_TEXT) {
        const struct field *known = find_field(s, name);
        if (known && known->pane)
            add_fact(r, f, name, s, 0, 0)->text = value_words(f->text);
        return;
    }
    for (const struct fact *c = f->child; c; c = c->next)
        add_named_tree(r, c, f->kind == FACT_LIST ? name : c->name, s, o);
}

static const struct fact *
find_other(const struct fact *f)
{
    for (const struct fact *c = f ? f->child : NULL; c; c = c->next) {
        if (c->name && !strcmp(c->name, "ovrigt"))
            return c;
        const struct fact *below = find_other(c);
        if (below)
            return below;
    }
    return NULL;
}

void
rows_add_named(struct rows *r, const struct answer *a, enum source_id s,
               const struct rows_options *o)
{
    const struct fact *facts = a->of[s].facts;
    int before = r->n;
    if (!facts)
        return;
    rows_heading(r, s, _("Data"));
    add_named_tree(r, facts, NULL, s, o);
    if (r->n == before + 1)
        r->n = before;
    const struct fact *other = find_other(facts);
    if (other) {
        rows_heading(r, s, _("Other from the source"));
        if (other->kind == FACT_TEXT)
            add_tree(r, other, other->name, s, 0, 0, o);
        else
            rows_add_facts(r, other, s, 0, 0, o);
    }
    rows_heading(r, s, _("All fields of the source"));
    r->row[r->n - 1].folded = true;
    before = r->n;
    rows_add_facts(r, facts, s, 0, 0, o);
    for (int i = before; i < r->n; i++)
        r->row[i].folded = true;
}
