/* SPDX-License-Identifier: EUPL-1.2
 *
 * The shipped rules, read once; the test ends where they cannot be read.
 */
#ifndef ENFRAGA_TESTS_LIB_RULES_H
#define ENFRAGA_TESTS_LIB_RULES_H

#include "domain/rules.h"

#include <stdio.h>
#include <stdlib.h>

static inline const struct rules *
shipped_rules(void)
{
    static struct rules *rules;
    const char *data = getenv("ENFRAGA_DATA");
    struct err e = {0};
    if (!rules && rules_load(&rules, data ? data : "data", NULL, &e)) {
        fprintf(stderr, "kontroller.ini: %s\n", e.text);
        exit(1);
    }
    return rules;
}

#endif
