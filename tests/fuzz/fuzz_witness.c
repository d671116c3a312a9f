/* SPDX-License-Identifier: EUPL-1.2
 *
 * Bytes as an add-checkpoint body and as a witness's answer: no crash; a body
 * that is taken has one form, and is never one to cosign for a key that nobody
 * has; no answer makes a cosignature.
 */
#include "config.h"

#include "proof/cosign.h"
#include "proof/submission.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct vkey nobody = {.type = VKEY_ED25519, .name = "nobody"};
    static const struct vkey cosigner = {.type = VKEY_COSIGNER,
                                         .name = "nobody"};
    static const struct witnessed nothing;
    static const char head[] = "nobody\n0\n"
                               "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
                               "\n\n\xe2\x80\x94 nobody AAAAAAECAwQ=\n";
    struct submission s;
    AUTO_BUF(again, SUBMISSION_MAX);
    AUTO_BUF(note, NOTE_MAX - 1);
    if (!submission_read(&s, data, size, NULL)) {
        if (submission_write(&again, s.old, &s.proof, s.note, s.note_len,
                             NULL) ||
            again.len != size || memcmp(again.data, data, size) != 0)
            abort();
        if (submission_judge(&s, &nobody, &nothing, NULL) == 200)
            abort();
    }
    buf_adds(&note, head);
    if (!cosign_take(&note, (const char *)data, size, &cosigner, NULL, NULL))
        abort();
    return 0;
}
