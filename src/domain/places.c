/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/places.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum match { WHOLE, PART };

static const struct place {
    const char *text;
    enum match match;
} places[] = {
#define PLACE(t, m) {.text = t, .match = m},
#include "domain/places.def"
#undef PLACE
};

const char place_mask[] = "(dold tills AF, CSN och FK har svarat)";

bool
place_name(const char *name)
{
    if (!name)
        return false;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i].match == WHOLE ? !strcasecmp(name, places[i].text)
                                     : strcasestr(name, places[i].text) != NULL)
            return true;
    return false;
}
