/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "training/fault.h"

#include "base/config.h"
#include "base/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LATENCY_MAX = 600000, COUNT_MAX = 1000000 };

static const struct {
    const char *word;
    int ms;
} faults[] = {
#define FAULT(id, w, m, text) [FAULT_##id] = {.word = (w), .ms = (m)},
#include "training/faults.def"
#undef FAULT
};

int
fault_latency(enum fault f)
{
    return faults[f].ms;
}

const char *
fault_word(enum fault f)
{
    return faults[f].word;
}

static bool
read_int(int *out, const char *s, int max)
{
    char *end;
    long v = strtol(s, &end, 10);
    if (*s < '0' || *s > '9' || *end != '\0' || v > max)
        return false;
    *out = (int)v;
    return true;
}

static bool
set(struct setup *s, const char *name, const char *value)
{
    if (strcmp(name, "fel") == 0) {
        int f = 0;
        while (f < FAULT_COUNT && strcmp(faults[f].word, value) != 0)
            f++;
        s->has_fault = f < FAULT_COUNT;
        s->fault = (enum fault)f;
        return s->has_fault;
    }
    if (strcmp(name, "del") == 0) {
        snprintf(s->part, sizeof(s->part), "%s", value);
        return strlen(value) < sizeof(s->part);
    }
    if (strcmp(name, "latens_ms") == 0)
        return read_int(&s->latency, value, LATENCY_MAX);
    if (strcmp(name, "antal") == 0)
        return read_int(&s->count, value, COUNT_MAX);
    if (strcmp(name, "person") == 0) {
        snprintf(s->person, sizeof(s->person), "%s", value);
        return strlen(value) == 12;
    }
    return false;
}

static bool
read_row(void *arg, const char *section, const char *name, const char *value,
         int line, struct err *e)
{
    struct setups *s = arg;
    bool all = strcmp(section, "alla") == 0, ok = true;
    enum source_id one = source_by_code(section);
    if (!all && (one == SOURCE_COUNT || one == SOURCE_PM)) {
        err_set(e, ERR_CONFIG,
                _("training.ini, line %d: [%s] is no source and not alla"),
                line, section);
        return false;
    }
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (all || i == (int)one)
            ok = set(&s->of[i], name, value) && ok;
    if (!ok) /* the value may be a number: it is not shown */
        err_set(e, ERR_CONFIG, _("training.ini, line %d: %s cannot be set so"),
                line, name);
    return ok;
}

enum err_code
setups_load(struct setups *s, const char *path, struct err *e)
{
    for (int i = 0; i < SOURCE_COUNT; i++)
        s->of[i] = (struct setup){.latency = -1, .count = -1};
    if (path == NULL || access(path, F_OK) != 0)
        return ERR_OK;
    return config_walk(path, read_row, s, e);
}

const struct setup *
setups_take(struct setups *s, enum source_id source, const char *person)
{
    struct setup *one = &s->of[source];
    if (one->count == 0 ||
        (one->person[0] != '\0' && strcmp(one->person, person) != 0))
        return NULL;
    if (one->count > 0)
        one->count--;
    return one;
}
