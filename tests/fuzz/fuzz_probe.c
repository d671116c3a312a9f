/* SPDX-License-Identifier: EUPL-1.2
 *
 * The answers to the calls that ask for no person: SSBTEK's test call (an even
 * first byte) and LEFI's list of what may be asked. Holds: what cannot be read
 * says of no source that it is there, and LEFI speaks of FK and PM alone.
 */
#include "config.h"

#include "wire/ssbtek.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum probe_state of[SOURCE_COUNT];
    struct err e;
    if (!size)
        return 0;
    bool lefi = data[0] & 1;
    for (int i = 0; i < SOURCE_COUNT; i++)
        of[i] = PROBE_OKAND;
    enum err_code code = lefi ? lefi_probe_read(of, data + 1, size - 1, &e)
                              : ssbtek_probe_read(of, data + 1, size - 1, &e);
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (of[i] != PROBE_OKAND &&
            (code || (lefi && i != SOURCE_FK && i != SOURCE_PM)))
            abort();
    return 0;
}
