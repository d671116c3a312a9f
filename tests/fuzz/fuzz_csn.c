/* SPDX-License-Identifier: EUPL-1.2
 *
 * CSN's inner document. Holds: zero only where nothing came, and only about
 * the person asked.
 */
#include "config.h"

#include "tests/unit/wire/fixture.h"

#include "wire/part.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct question q = fixture_question();
    struct answer *a = answer_new(&q);
    struct part p;
    AUTO_BUF(text, 4 << 20);
    text_base64_encode(&text, data, size);
    struct xml_node svar = {.name = "svar",
                            .ns = "",
                            .text = buf_str(&text),
                            .len = (uint32_t)text.len};
    struct xml_node node = {.child = &svar, .name = "data", .ns = ""};
    part_begin(&p, a, SOURCE_CSN);
    p.seen |= SEEN_ELEMENT | SEEN_DATA;
    csn_read(&p, &node);
    part_end(&p);
    const struct source_answer *s = &a->of[SOURCE_CSN];
    if (s->state == STATE_INGA_UPPGIFTER &&
        (s->payments || s->decisions || s->confirmed != CONFIRMED_JA))
        abort();
    answer_free(&a);
    return 0;
}
