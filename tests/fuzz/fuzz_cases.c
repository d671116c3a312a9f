/* SPDX-License-Identifier: EUPL-1.2
 *
 * A case file. Holds: refused in words that name the row, or every row has a
 * case number and every person a number of twelve digits.
 */
#include "config.h"

#include "cases/reader.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(8 << 20);
    struct file_cases cases = {0};
    struct err e = {0};
    enum err_code code =
        reader_read(&cases, arena, data, size, MODE_TEST, &e);
    if (code && !e.text[0])
        abort();
    for (int i = 0; !code && i < cases.n; i++) {
        if (!cases.of[i]->arende[0] || cases.of[i]->n_persons < 1)
            abort();
        for (int k = 0; k < cases.of[i]->n_persons; k++)
            if (strlen(cases.of[i]->persons[k].number) != 12)
                abort();
    }
    arena_free(&arena);
    return 0;
}
