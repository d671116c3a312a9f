/* SPDX-License-Identifier: EUPL-1.2
 *
 * A SOAP question that is to come back in `fraga`: any bytes from a caller.
 * Holds: what is composed around it is a whole answer with the question in it
 * and nothing else changed, or it is refused.
 */
#include "config.h"

#include "tests/unit/wire/fixture.h"

#include "wire/compile.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct buf none[SOURCE_COUNT];
    for (enum kontrakt k = 0; k < KONTRAKT_COUNT; k++) {
        const struct compile_head head = {.kontrakt = k,
                                          .request = (const char *)data,
                                          .request_len = size,
                                          .korrelationsid = "k-1"};
        struct question q =
            k == KONTRAKT_V11 ? fixture_question_v11() : fixture_question();
        enum err_code code;
        struct err e;
        AUTO_BUF(b, 4 << 20);
        if (compile_answer(&b, &head, none, &e))
            continue;
        struct answer *a =
            fixture_read(&q, b.data, b.len, b.len, 200, "text/xml", &code);
        if (code)
            abort();
        for (int i = 0; i < SOURCE_COUNT; i++)
            if (a->of[i].state != STATE_SAKNAS || a->of[i].remarks)
                abort();
        answer_free(&a);
    }
    return 0;
}
