/* SPDX-License-Identifier: EUPL-1.2
 *
 * The sources and their states, as tables (sources.def, states.def).
 */
#ifndef ENFRAGA_DOMAIN_SOURCE_H
#define ENFRAGA_DOMAIN_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

enum source_id {
#define SOURCE(id, number, ...) SOURCE_##id = number,
#include "domain/sources.def"
#undef SOURCE
    SOURCE_COUNT
};

enum source_state {
#define STATE(id, ...) STATE_##id,
#include "domain/states.def"
#undef STATE
    STATE_COUNT
};

struct source {
    const char *code;      /* "SO" */
    const char *label;     /* short, "SO" */
    const char *authority; /* full name */
    const char *wire;      /* element of SSBTEK that carries it */
    const char *tab;       /* tab label, "A-kassor" */
    bool period;           /* takes a period */
    bool money;            /* carries payments: marks a sum's edge */
    const char *flag;      /* flag of protected identity, or "" */
};

struct state {
    const char *word; /* "inga_uppgifter" */
    char symbol;
    const char *label; /* msgid */
    bool came;         /* an answer came */
    bool whole;        /* and all that was asked is known */
};

typedef uint32_t source_set; /* bits 1u << source_id */
#define SOURCE_BIT(id) (1u << (id))

/* The seven that can be asked; PM is carried by FK. */
#define SOURCE_ASKABLE                                                         \
    (((1u << SOURCE_COUNT) - 1) & ~SOURCE_BIT(SOURCE_PM))

const struct source *source_row(enum source_id id);
const struct state *state_row(enum source_state s);

/* By code; SOURCE_COUNT / STATE_COUNT if there is none. */
enum source_id source_by_code(const char *code);
enum source_state state_by_word(const char *word);

/* "AF,CSN" or "AF CSN" to a set; false names the bad code in `bad` (16). */
bool source_set_read(source_set *set, const char *list, char bad[16]);
void source_set_text(source_set set, char sep, char out[64]);

#endif
