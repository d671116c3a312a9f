/* SPDX-License-Identifier: EUPL-1.2
 *
 * FK's and PM's inner document. Holds: zero only where nothing came.
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
    struct part fk, pm;
    AUTO_BUF(text, 4 << 20);
    text_base64_encode(&text, data, size);
    struct xml_node svar = {.name = "lefiJsonSvar",
                            .ns = "",
                            .text = buf_str(&text),
                            .len = (uint32_t)text.len};
    struct xml_node node = {.child = &svar, .name = "data", .ns = ""};
    part_begin(&fk, a, SOURCE_FK);
    part_begin(&pm, a, SOURCE_PM);
    fk.seen |= SEEN_ELEMENT | SEEN_DATA;
    pm.seen |= SEEN_ELEMENT | SEEN_DATA;
    lefi_read(&fk, &pm, &node);
    part_end(&fk);
    part_end(&pm);
    answer_sort(a);
    for (int i = SOURCE_FK; i <= SOURCE_PM; i++)
        if (a->of[i].state == STATE_INGA_UPPGIFTER &&
            (a->of[i].payments || a->of[i].missing || a->of[i].decisions))
            abort();
    answer_free(&a);
    return 0;
}
