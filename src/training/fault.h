/* SPDX-License-Identifier: EUPL-1.2
 *
 * What can go wrong (faults.def), and training.ini, which may say so.
 */
#ifndef ENFRAGA_TRAINING_FAULT_H
#define ENFRAGA_TRAINING_FAULT_H

#include "base/err.h"
#include "domain/source.h"

#include <stdbool.h>

enum fault {
#define FAULT(id, word, ms, text) FAULT_##id,
#include "training/faults.def"
#undef FAULT
    FAULT_COUNT
};

int fault_latency(enum fault f); /* ms on top of the authority's */
const char *fault_word(enum fault f);

/* What training.ini says of one source. */
struct setup {
    bool has_fault;
    enum fault fault;
    char part[40];
    int latency; /* ms; -1: the authority's own */
    int count;   /* questions it holds for; -1: all */
    char person[13];
};

struct setups {
    struct setup of[SOURCE_COUNT];
};

/* Reads the file; all as usual where there is none. ERR_CONFIG. */
enum err_code setups_load(struct setups *s, const char *path, struct err *e);

/* The setup that holds for a question now asked about a person, counted;
 * NULL: none. */
const struct setup *setups_take(struct setups *s, enum source_id source,
                                const char *person);

#endif
