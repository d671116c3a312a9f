/* SPDX-License-Identifier: EUPL-1.2
 *
 * A source's own fields as rows: all of them, those that its pane names, and
 * what nobody knew. Addresses and places are masked here.
 */
#include "config.h"

#include "present/rows.h"

#include "base/i18n.h"
#include "base/text.h"
#include "domain/code.h"
#include "domain/field.h"
#include "domain/places.h"
#include "present/rows_own.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct shown {
    enum source_id source;
    const char *name;
} shown[] = {
#define PANE(s, n) {.source = SOURCE_##s, .name = n},
#include "present/fields.def"
#undef PANE
};

/* Those that the pane names are few. */
static bool
in_pane(enum source_id s, const char *name)
{
    enum source_id as = s == SOURCE_PM ? SOURCE_FK : s;
    for (size_t i = 0; name && i < sizeof shown / sizeof *shown; i++)
        if (shown[i].source == as && !strcmp(shown[i].name, name))
            return true;
    return false;
}

/* The facts of one source on their way to rows. */
struct walk {
    struct rows *r;
    enum source_id s;
    int person;
    const struct rows_options *o;
    const char *member; /* LEFI: of formansinformation, or NULL */
};

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

/* A code without the source's own words: "avslag (5)". `said`: they stand
 * beside it. */
static const char *
code_in_words(const struct walk *w, const char *parent, const char *name,
              const char *text, bool said)
{
    bool id = !strcmp(name, "id") || !strcmp(name, "kod");
    if (said || (w->s != SOURCE_FK && w->s != SOURCE_PM))
        return text;
    const char *words = code_words(w->member, id ? parent : name, text);
    return words ? rows_printf(w->r, "%s (%s)", words, text) : text;
}

/* What the contract does not know stands below `ovrigt`; all else is known,
 * also where an answer nests it in its own way. */
static const char *
label_of(const struct walk *w, const char *parent, const char *name)
{
    const struct field *f = field_row(w->s, parent, name);
    if (!strcmp(name, "ovrigt"))
        return _("Other from the source");
    if (!f && strcmp(parent, "ovrigt") != 0)
        f = field_row(w->s, NULL, name);
    return f ? f->label : rows_field(w->r->arena, name);
}

static struct row *
add_fact(struct walk *w, const struct fact *f, const char *parent,
         const char *name, int indent)
{
    struct row *row = rows_add(w->r, ROW_FACT, w->s, w->person);
    row->indent = indent;
    row->code = name;
    row->label = *name ? label_of(w, parent, name) : "";
    row->fact = f;
    return row;
}

/* `name` is the list's for its items; `parent` is what it stands in. */
static void
add_tree(struct walk *w, const struct fact *f, const char *parent,
         const char *name, int indent, bool said)
{
    if (!w->o->places && place_name(name)) {
        struct row *row = add_fact(w, f, parent, name, indent);
        row->text = place_mask;
        row->masked = true;
        row->fact = NULL;
        return;
    }
    if (f->kind == FACT_TEXT) {
        const char *text = code_in_words(w, parent, name, f->text, said);
        add_fact(w, f, parent, name, indent)->text = value_words(text);
        return;
    }
    if (f->kind == FACT_LIST) {
        for (const struct fact *c = f->child; c; c = c->next)
            add_tree(w, c, parent, name, indent, said);
        return;
    }
    if (*name) {
        add_fact(w, f, parent, name, indent)->head = true;
        indent++;
    }
    if (!strcmp(parent, "formansinformation"))
        w->member = name;
    bool words = fact_text(f, "beskrivning") || fact_text(f, "namn");
    for (const struct fact *c = f->child; c; c = c->next)
        add_tree(w, c, *name ? name : "data", c->name ? c->name : "", indent,
                 words);
    if (!strcmp(parent, "formansinformation"))
        w->member = NULL;
}

void
rows_add_facts(struct rows *r, const struct fact *f, enum source_id s,
               int person, int indent, const struct rows_options *o)
{
    struct walk w = {r, s, person, o, NULL};
    if (f)
        add_tree(&w, f, "", "", indent, false);
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
add_vehicle(struct walk *w, const struct fact *f)
{
    struct rows *r = w->r;
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
    add_fact(w, f, "fordonsinnehav", "fordon", 0)->text = text;
}

/* SKV: always the year before the amount. */
static void
add_capital(struct walk *w, const struct fact *f)
{
    const char *year = fact_text(f, "Taxeringsar");
    for (const struct fact *c = f->child; c; c = c->next) {
        if (c->kind != FACT_TEXT || !c->name || !strcmp(c->name, "Taxeringsar"))
            continue;
        struct row *row = add_fact(w, c, "Kapitaluppgift", c->name, 0);
        row->text = rows_printf(w->r, _("%s: %s kr"),
                                year ? year : _("unknown year"), c->text);
    }
}

static void
add_named_tree(struct walk *w, const struct fact *f, const char *parent,
               const char *name)
{
    if (!strcmp(name, "ovrigt"))
        return;
    if (!w->o->places && place_name(name))
        return;
    if (f->kind == FACT_OBJECT && !strcmp(name, "fordon")) {
        add_vehicle(w, f);
        return;
    }
    if (f->kind == FACT_OBJECT && !strcmp(name, "Kapitaluppgift")) {
        add_capital(w, f);
        return;
    }
    /* v11: what is in a part is not documented, so all of it is shown. */
    if (w->s == SOURCE_SKV && skv_by_word(name) < SKV_COUNT) {
        if (f->child || (f->kind == FACT_TEXT && *f->text))
            add_tree(w, f, "", skv_label(skv_by_word(name)), 0, false);
        return;
    }
    if (f->kind == FACT_TEXT) {
        if (in_pane(w->s, name))
            add_fact(w, f, parent, name, 0)->text = value_words(f->text);
        return;
    }
    for (const struct fact *c = f->child; c; c = c->next)
        if (f->kind == FACT_LIST)
            add_named_tree(w, c, parent, name);
        else
            add_named_tree(w, c, *name ? name : "data", c->name ? c->name : "");
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
    struct walk w = {r, s, 0, o, NULL};
    add_named_tree(&w, facts, "", "");
    if (r->n == before + 1)
        r->n = before;
    const struct fact *other = find_other(facts);
    if (other) {
        rows_heading(r, s, _("Other from the source"));
        if (other->kind == FACT_TEXT)
            add_tree(&w, other, "", other->name, 0, false);
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
