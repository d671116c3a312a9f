/* SPDX-License-Identifier: EUPL-1.2
 *
 * Bytes as a batch on its way to a collector: no crash; a batch that is taken
 * counts what its head counts or is refused, and never holds for a log that
 * nobody has the key of.
 */
#include "config.h"

#include "proof/batch.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
no_signer(void *ctx, const uint8_t sha[HASH_SIZE], const uint8_t kid[KID_SIZE],
          struct batch_signer *out, struct err *e)
{
    (void)ctx, (void)sha, (void)kid, (void)out, (void)e;
    return 0;
}

static int
no_entry(void *ctx, uint64_t seq, uint8_t hash[HASH_SIZE], uint64_t *type,
         struct err *e)
{
    (void)ctx, (void)seq, (void)hash, (void)type, (void)e;
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct vkey nobody = {.type = VKEY_ED25519, .name = "nobody"};
    struct batch_known k = {
        .log = &nobody, .signer = no_signer, .entry = no_entry};
    struct batch b;
    if (batch_read(&b, data, size, NULL))
        return 0;
    if (b.count > BATCH_ENTRIES || !batch_check(&b, &k, NULL))
        abort();
    batch_done(&b);
    return 0;
}
