/* SPDX-License-Identifier: EUPL-1.2
 *
 * The question's own bytes, as enfragad gets them. Holds: what is taken has one
 * encoding, and becomes a message to SSBTEK or is refused in words.
 */
#include "config.h"

#include "base/buf.h"
#include "domain/question.h"
#include "wire/ssbtek.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ssbtek_asker by = {.orgnr = "162120000001",
                                           .namn = "Sundby kommun",
                                           .aktorsid = "999-01",
                                           .syfte = "prov",
                                           .lagtext = "prov"};
    struct question q;
    struct err e = {0};
    AUTO_BUF(again, 256 * 1024);
    AUTO_BUF(soap, 256 * 1024);
    if (question_decode(&q, data, size, &e)) {
        if (!e.text[0])
            abort();
        return 0;
    }
    if (question_encode(&again, &q) || again.len != size ||
        memcmp(again.data, data, size) != 0)
        abort();
    if (ssbtek_question(&soap, &q, q.sources, &by, &e) && !e.text[0])
        abort();
    question_wipe(&q);
    return 0;
}
