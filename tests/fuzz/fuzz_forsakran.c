/* SPDX-License-Identifier: EUPL-1.2
 *
 * A försäkran's content, and bytes as its CMS. Holds: content that is taken
 * bears four ticks and an order of its dates, and no CMS of bytes by chance is
 * ever believed.
 */
#include "config.h"

#include "forsakran/forsakran.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct forsakran f;
    struct err e = {0};
    if (!forsakran_read(&f, data, size, &e)) {
        for (int i = 0; i < 4; i++)
            if (!f.ticks[i])
                abort();
        if (date_compare(f.from, f.till) > 0)
            abort();
    }
    if (!forsakran_verify(&f, data, size, "x", 1, "/dev/null", NULL, 0, &e))
        abort();
    return 0;
}
