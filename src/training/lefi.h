/* SPDX-License-Identifier: EUPL-1.2
 *
 * LEFI's question inside FK's (WIRE 7), as the simulated FK reads it.
 */
#ifndef ENFRAGA_TRAINING_LEFI_H
#define ENFRAGA_TRAINING_LEFI_H

#include "domain/lefi.h"
#include "domain/period.h"
#include "training/asked.h"
#include "wire/json.h"

#include <stdbool.h>

struct lefi_asked {
    struct arena *arena; /* of json */
    const cJSON *json;
    struct period period;
};

/* NULL, or why LEFI refuses: the felkod of FK's error, its text in *text. */
const char *lefi_asked_read(struct lefi_asked *q, const struct asked *a,
                            const char **text);
void lefi_asked_done(struct lefi_asked *q);

/* Is the code asked for in the list? NULL: is any code of the source? */
bool lefi_wants(const struct lefi_asked *q, enum lefi_list list,
                const char *kod);
bool lefi_wants_any(const struct lefi_asked *q, enum lefi_list list,
                    enum source_id source);

#endif
