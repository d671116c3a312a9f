/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/rules.h"

#include "base/config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "domain/lefi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { RULES_MAX = 500, ARENA_MAX = 1 << 20 };

struct rules {
    struct arena *arena;
    int limit[RULE_LIMITS];
    struct rule *rule;
    size_t n, room;
};

static const struct limit {
    const char *name;
    int low, high, preset;
} limits[RULE_LIMITS] = {
#define LIMIT(id, name, low, high, preset)                                     \
    [RULE_##id] = {name, low, high, preset},
#include "domain/checks.def"
#undef LIMIT
};

static const char general[] = "kontroller";

static bool
refuse(struct err *e, int line, const char *fmt, const char *what)
{
    err_set(e, ERR_CONFIG, fmt, what);
    err_add(e, ERR_CONFIG, _("line %d"), line);
    return false;
}

/* A whole number in [low, high]. */
static bool
read_number(int *to, int low, int high, const char *name, const char *value,
            int line, struct err *e)
{
    char *end;
    errno = 0;
    long v = strtol(value, &end, 10);
    if (!*value || *end || errno || v < low || v > high) {
        err_set(e, ERR_CONFIG, _("%s must be %d to %d, not \"%s\""), name, low,
                high, value);
        err_add(e, ERR_CONFIG, _("line %d"), line);
        return false;
    }
    *to = (int)v;
    return true;
}

/* The benefit's row, made where it is not there; NULL past the ceiling. */
static struct rule *
row_of(struct rules *r, const char *section)
{
    const char *folded = text_fold(r->arena, section);
    if (!folded)
        return NULL;
    for (size_t i = 0; i < r->n; i++)
        if (!strcmp(r->rule[i].forman, folded))
            return &r->rule[i];
    const char *name = text_clean(r->arena, section, strlen(section));
    if (r->n == RULES_MAX || !name)
        return NULL;
    if (r->n == r->room) {
        r->room = r->room ? r->room * 2 : 32;
        r->rule = mem_grow(r->rule, r->room, sizeof *r->rule);
    }
    struct rule *new = &r->rule[r->n++];
    *new = (struct rule){.name = name,
                         .forman = folded,
                         .percent = -1,
                         .support = true,
                         .koder = "",
                         .fraga = ""};
    return new;
}

static bool
codes_known(const char *value)
{
    const char *at = value;
    while (*(at += strspn(at, " ")))
        if (!lefi_next(&at, NULL))
            return false;
    return true;
}

static bool
take_text(struct rules *r, const char **to, const char *value)
{
    *to = text_clean(r->arena, value, strlen(value));
    return *to != NULL;
}

static bool
benefit_row(struct rules *r, const char *section, const char *name,
            const char *value, int line, struct err *e)
{
    struct rule *f = row_of(r, section);
    if (!f)
        return refuse(e, line, _("too many benefits: %s"), section);
    if (!strcmp(name, "forsorjning")) {
        f->support = !strcmp(value, "ja");
        return f->support || !strcmp(value, "nej") ||
               refuse(e, line, _("forsorjning must be ja or nej, not \"%s\""),
                      value);
    }
    if (!strcmp(name, "koder"))
        return (codes_known(value) ||
                refuse(e, line, _("not LEFI codes: \"%s\""), value)) &&
               take_text(r, &f->koder, value);
    if (!strcmp(name, "fraga"))
        return take_text(r, &f->fraga, value);
    const struct limit *l = &limits[RULE_PERCENT];
    if (!strcmp(name, l->name))
        return read_number(&f->percent, l->low, l->high, name, value, line, e);
    int *month = !strcmp(name, "manad")       ? &f->month
                 : !strcmp(name, "betald")    ? &f->paid
                 : !strcmp(name, "utebliven") ? &f->due
                                              : NULL;
    return month ? read_number(month, 0, 12, name, value, line, e)
                 : refuse(e, line, _("there is no setting %s here"), name);
}

static bool
take_row(void *arg, const char *section, const char *name, const char *value,
         int line, struct err *e)
{
    struct rules *r = arg;
    if (strcmp(section, general) != 0)
        return benefit_row(r, section, name, value, line, e);
    for (int i = 0; i < RULE_LIMITS; i++)
        if (!strcmp(name, limits[i].name))
            return read_number(&r->limit[i], limits[i].low, limits[i].high,
                               name, value, line, e);
    return refuse(e, line, _("there is no setting %s here"), name);
}

/* All three months, or none. */
static enum err_code
check_seasons(const struct rules *r, struct err *e)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct rule *f = &r->rule[i];
        int given = (f->month != 0) + (f->paid != 0) + (f->due != 0);
        if (given != 0 && given != 3)
            return err_set(e, ERR_CONFIG,
                           _("[%s] needs manad, betald and utebliven"),
                           f->name);
    }
    return ERR_OK;
}

static int
by_forman(const void *a, const void *b)
{
    return strcmp(((const struct rule *)a)->forman,
                  ((const struct rule *)b)->forman);
}

enum err_code
rules_load(struct rules **out, const char *datadir, const char *own,
           struct err *e)
{
    struct rules *r = mem_alloc(sizeof *r);
    r->arena = arena_new(ARENA_MAX);
    for (int i = 0; i < RULE_LIMITS; i++)
        r->limit[i] = limits[i].preset;
    const char *shipped = arena_printf(r->arena, "%s/kontroller.ini", datadir);
    enum err_code code = config_walk(shipped, take_row, r, e);
    if (!code && own && *own)
        code = config_walk(own, take_row, r, e);
    if (!code)
        code = check_seasons(r, e);
    if (r->n)
        qsort(r->rule, r->n, sizeof *r->rule, by_forman);
    if (code)
        rules_free(&r);
    *out = r;
    return code;
}

void
rules_free(struct rules **r)
{
    if (!*r)
        return;
    arena_free(&(*r)->arena);
    free((*r)->rule);
    free(*r);
    *r = NULL;
}

int
rules_limit(const struct rules *r, enum rule_limit which)
{
    return r ? r->limit[which] : limits[which].preset;
}

const struct rule *
rules_forman(const struct rules *r, const char *folded)
{
    struct rule key = {.forman = folded};
    return r && r->n ? bsearch(&key, r->rule, r->n, sizeof *r->rule, by_forman)
                     : NULL;
}

int
rules_percent(const struct rules *r, const char *folded)
{
    const struct rule *f = rules_forman(r, folded);
    return f && f->percent >= 0 ? f->percent : rules_limit(r, RULE_PERCENT);
}

bool
rules_support(const struct rules *r, const char *folded)
{
    const struct rule *f = rules_forman(r, folded);
    return !f || f->support;
}

const struct rule *
rules_all(const struct rules *r, size_t *n)
{
    *n = r ? r->n : 0;
    return r ? r->rule : NULL;
}

void
rules_text(struct buf *out, const struct rules *r)
{
    for (int i = 0; i < RULE_LIMITS; i++)
        buf_addf(out, "%s=%d\n", limits[i].name, r->limit[i]);
    for (size_t i = 0; i < r->n; i++) {
        const struct rule *f = &r->rule[i];
        buf_addf(out, "%s=%d %d %s %d %d %d %s\n", f->forman, f->percent,
                 f->support, f->koder, f->month, f->paid, f->due, f->fraga);
    }
}
