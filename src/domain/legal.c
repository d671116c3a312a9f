/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/legal.h"

#include "base/config.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct purpose {
    char *syfte, *lagtext;
    bool used;
};

/* The rows of a table: the sources, then the parts of SKV. */
enum { ROW_SKV = SOURCE_COUNT, ROWS = SOURCE_COUNT + SKV_COUNT };

struct legal {
    struct purpose purpose[SYFTE_COUNT];
    struct legal_ground ground[SYFTE_COUNT][ROWS];
    char *kod;
    struct date galler_fran;
    struct arena *arena;
};

static const struct legal_ground none = {
    .paragraf = "", .godkand_av = "", .varfor = "finns inte i tabellen"};

/* --- syften.ini --- */

static bool
refuse(struct err *e, int line, const char *fmt, const char *what)
{
    err_set(e, ERR_CONFIG, fmt, what);
    err_add(e, ERR_CONFIG, _("line %d"), line);
    return false;
}

/* Sets a text that must not be there already. */
static bool
take_text(char **field, const char *name, const char *value, int line,
          struct err *e)
{
    if (*field)
        return refuse(e, line, _("%s stands twice"), name);
    *field = mem_strdup(value);
    return true;
}

static bool
purpose_row(void *arg, const char *section, const char *name, const char *value,
            int line, struct err *e)
{
    struct legal *l = arg;
    enum syfte s = syfte_by_word(section);
    if (s == SYFTE_COUNT)
        return refuse(e, line, _("there is no syfte \"%s\""), section);
    struct purpose *p = &l->purpose[s];
    if (!strcmp(name, "anvands")) {
        p->used = !strcmp(value, "ja");
        return p->used || !strcmp(value, "nej") ||
               refuse(e, line, _("anvands must be ja or nej, not \"%s\""),
                      value);
    }
    if (strcmp(name, "syfte") != 0 && strcmp(name, "lagtext") != 0)
        return refuse(e, line, _("there is no setting %s here"), name);
    if (!*value)
        return refuse(e, line, _("%s is empty"), name);
    return take_text(name[0] == 's' ? &p->syfte : &p->lagtext, name, value,
                     line, e);
}

/* --- lagstod-YYYY-MM.ini --- */

/* A ground while it is read, before the syften are known. */
struct draft {
    bool there;
    char *syften, *paragraf, *varfor, *godkand_av;
    struct date galler_fran;
};

struct table {
    struct legal *l;
    struct draft row[ROWS][SYFTE_COUNT + 1]; /* the last: its general row */
};

/* "SO", or a part, "SKV/skattekonto"; ROWS if there is none. */
static int
row_of(const char *code)
{
    const char *part = strchr(code, '/');
    enum skv_part p = part ? skv_by_word(part + 1) : SKV_COUNT;
    enum source_id id = part ? SOURCE_COUNT : source_by_code(code);
    if (part)
        return strncmp(code, "SKV/", 4) == 0 && p < SKV_COUNT ? ROW_SKV + (int)p
                                                              : ROWS;
    return id < SOURCE_COUNT ? (int)id : ROWS;
}

static struct draft *
draft_of(struct table *t, const char *section)
{
    char code[32];
    size_t n = strcspn(section, " ");
    enum syfte s = SYFTE_COUNT;
    if (section[n]) {
        s = syfte_by_word(section + n + 1);
        if (s == SYFTE_COUNT)
            return NULL;
    }
    snprintf(code, sizeof code, "%.*s", n < 31 ? (int)n : 31, section);
    int row = row_of(code);
    return row == ROWS ? NULL : &t->row[row][s];
}

static bool
head_row(struct legal *l, const char *name, const char *value, int line,
         struct err *e)
{
    if (!strcmp(name, "kod")) {
        if (!*value || strlen(value) > 64)
            return refuse(e, line, _("%s is empty or too long"), name);
        return take_text(&l->kod, name, value, line, e);
    }
    if (strcmp(name, "galler_fran") != 0)
        return refuse(e, line, _("there is no setting %s here"), name);
    return date_read(&l->galler_fran, value) ||
           refuse(e, line, _("%s is no date"), name);
}

/* Each word of the list is a syfte. */
static bool
syften_ok(const char *list, int line, struct err *e)
{
    while (*(list += strspn(list, ", "))) {
        char word[16];
        size_t n = strcspn(list, ", ");
        snprintf(word, sizeof word, "%.*s", n < 15 ? (int)n : 15, list);
        if (syfte_by_word(word) == SYFTE_COUNT)
            return refuse(e, line, _("there is no syfte \"%s\""), word);
        list += n;
    }
    return true;
}

static bool
table_row(void *arg, const char *section, const char *name, const char *value,
          int line, struct err *e)
{
    struct table *t = arg;
    if (!strcmp(section, "tabell"))
        return head_row(t->l, name, value, line, e);
    struct draft *d = draft_of(t, section);
    if (!d)
        return refuse(e, line, _("there is no source or syfte \"%s\""),
                      section);
    d->there = true;
    if (!strcmp(name, "syften"))
        return syften_ok(value, line, e) &&
               take_text(&d->syften, name, value, line, e);
    if (!strcmp(name, "paragraf"))
        return take_text(&d->paragraf, name, value, line, e);
    if (!strcmp(name, "varfor"))
        return take_text(&d->varfor, name, value, line, e);
    if (!strcmp(name, "godkand_av"))
        return take_text(&d->godkand_av, name, value, line, e);
    if (!strcmp(name, "galler_fran"))
        return date_read(&d->galler_fran, value) ||
               refuse(e, line, _("%s is no date"), name);
    return refuse(e, line, _("there is no setting %s here"), name);
}

static bool
lists(const char *list, const char *word)
{
    size_t len = strlen(word);
    while (list && *(list += strspn(list, ", "))) {
        size_t n = strcspn(list, ", ");
        if (n == len && !memcmp(list, word, n))
            return true;
        list += n;
    }
    return false;
}

static const char *
keep(struct legal *l, const char *s)
{
    return arena_strdup(l->arena, s ? s : "");
}

/* One cell of the table: the row of source and syfte, else the source's. */
static void
settle(struct table *t, int id, enum syfte s, bool all_on)
{
    const struct draft *d = &t->row[id][s];
    if (!d->there)
        d = &t->row[id][SYFTE_COUNT];
    if (!d->there) {
        t->l->ground[s][id] = none;
        return;
    }
    struct legal_ground *g = &t->l->ground[s][id];
    g->allowed = all_on || lists(d->syften, syfte_word(s));
    g->paragraf = keep(t->l, d->paragraf);
    g->godkand_av = keep(t->l, d->godkand_av);
    g->varfor = keep(t->l, d->varfor);
    g->galler_fran =
        date_none(d->galler_fran) ? t->l->galler_fran : d->galler_fran;
}

static void
drop(struct draft *d)
{
    mem_free_str(&d->syften);
    mem_free_str(&d->paragraf);
    mem_free_str(&d->varfor);
    mem_free_str(&d->godkand_av);
}

static enum err_code
load_table(struct legal *l, const char *path, bool all_on, struct err *e)
{
    struct table *t = mem_alloc(sizeof *t);
    t->l = l;
    enum err_code code = config_walk(path, table_row, t, e);
    if (code == ERR_OK && (!l->kod || date_none(l->galler_fran)))
        code = err_set(e, ERR_CONFIG,
                       _("%s: [tabell] lacks kod or "
                         "galler_fran"),
                       path);
    for (int id = 0; id < ROWS; id++)
        for (int s = 0; s <= SYFTE_COUNT; s++)
            if (code == ERR_OK && s < SYFTE_COUNT)
                settle(t, id, (enum syfte)s, all_on);
    for (int id = 0; id < ROWS; id++)
        for (int s = 0; s <= SYFTE_COUNT; s++)
            drop(&t->row[id][s]);
    free(t);
    return code;
}

/* The name of the newest table in datadir that is not of a coming month. */
static enum err_code
newest(const char *datadir, char name[32], struct err *e)
{
    char now[8];
    DIR *d = opendir(datadir);
    if (!d)
        return err_errno(e, ERR_CONFIG, "%s", datadir);
    month_text(month_of(date_today()), now);
    name[0] = '\0';
    for (struct dirent *f; (f = readdir(d)) != NULL;) {
        struct month m;
        char month[8];
        if (strlen(f->d_name) != 19 || strncmp(f->d_name, "lagstod-", 8) ||
            strcmp(f->d_name + 15, ".ini") != 0)
            continue;
        snprintf(month, sizeof month, "%.7s", f->d_name + 8);
        if (month_read(&m, month) && strcmp(month, now) <= 0 &&
            strcmp(f->d_name, name) > 0)
            snprintf(name, 32, "%.19s", f->d_name);
    }
    closedir(d);
    if (!name[0])
        return err_set(e, ERR_CONFIG,
                       _("%s: there is no lagstod-YYYY-MM.ini that is in "
                         "force"),
                       datadir);
    return ERR_OK;
}

static enum err_code
load(struct legal *l, const char *datadir, const char *own, bool all_on,
     struct err *e)
{
    char path[4096], name[32];
    snprintf(path, sizeof path, "%s/syften.ini", datadir);
    enum err_code code = config_walk(path, purpose_row, l, e);
    for (int s = 0; s < SYFTE_COUNT && code == ERR_OK; s++) {
        struct purpose *p = &l->purpose[s];
        bool there = p->syfte && p->lagtext;
        if ((p->syfte || p->lagtext || p->used) && !there)
            code = err_set(e, ERR_CONFIG, _("%s: [%s] lacks syfte or lagtext"),
                           path, syfte_word((enum syfte)s));
        p->used = there && (p->used || all_on);
    }
    if (code != ERR_OK)
        return code;
    if (own && *own)
        return load_table(l, own, all_on, e);
    code = newest(datadir, name, e);
    if (code != ERR_OK)
        return code;
    snprintf(path, sizeof path, "%s/%s", datadir, name);
    return load_table(l, path, all_on, e);
}

enum err_code
legal_load(struct legal **l, const char *datadir, const char *own, bool all_on,
           struct err *e)
{
    *l = mem_alloc(sizeof **l);
    (*l)->arena = arena_new(0);
    enum err_code code = load(*l, datadir, own, all_on, e);
    if (code != ERR_OK)
        legal_free(l);
    return code;
}

void
legal_free(struct legal **l)
{
    if (!*l)
        return;
    for (int s = 0; s < SYFTE_COUNT; s++) {
        mem_free_str(&(*l)->purpose[s].syfte);
        mem_free_str(&(*l)->purpose[s].lagtext);
    }
    mem_free_str(&(*l)->kod);
    arena_free(&(*l)->arena);
    free(*l);
    *l = NULL;
}

/* --- asking the table --- */

const struct legal_ground *
legal_ground(const struct legal *l, enum syfte s, enum source_id id)
{
    return s < SYFTE_COUNT && id < SOURCE_COUNT ? &l->ground[s][id] : &none;
}

const struct legal_ground *
legal_skv_ground(const struct legal *l, enum syfte s, enum skv_part part)
{
    return s < SYFTE_COUNT && part < SKV_COUNT ? &l->ground[s][ROW_SKV + part]
                                               : &none;
}

skv_set
legal_skv(const struct legal *l, enum syfte s)
{
    skv_set set = 0;
    for (enum skv_part p = 0; legal_syfte(l, s) && p < SKV_COUNT; p++)
        if (legal_skv_ground(l, s, p)->allowed)
            set |= SKV_BIT(p);
    return set;
}

void
legal_use(struct legal *l, enum kontrakt kontrakt)
{
    for (enum syfte s = 0; kontrakt == KONTRAKT_V11 && s < SYFTE_COUNT; s++) {
        struct legal_ground *g = &l->ground[s][SOURCE_SKV];
        if (!g->allowed || legal_skv(l, s))
            continue;
        g->allowed = false;
        g->varfor = "ingen av Skatteverkets delar har en bekräftad grund";
    }
}

source_set
legal_sources(const struct legal *l, enum syfte s)
{
    source_set set = 0;
    if (!legal_syfte(l, s))
        return 0;
    for (enum source_id id = 0; id < SOURCE_COUNT; id++)
        if (l->ground[s][id].allowed)
            set |= SOURCE_BIT(id);
    return set & SOURCE_ASKABLE;
}

bool
legal_syfte(const struct legal *l, enum syfte s)
{
    return s < SYFTE_COUNT && l->purpose[s].used;
}

const char *
legal_wire_syfte(const struct legal *l, enum syfte s)
{
    return legal_syfte(l, s) ? l->purpose[s].syfte : "";
}

const char *
legal_wire_lagtext(const struct legal *l, enum syfte s)
{
    return legal_syfte(l, s) ? l->purpose[s].lagtext : "";
}

const char *
legal_code(const struct legal *l, enum syfte s)
{
    return legal_syfte(l, s) ? l->kod : "";
}
