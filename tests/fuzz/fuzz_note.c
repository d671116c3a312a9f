/* SPDX-License-Identifier: EUPL-1.2
 *
 * Bytes as a signed checkpoint, as a vkey and as a receipt: no crash; a vkey
 * that is taken has one text; a receipt that is taken has one encoding and
 * does not verify by a key that nobody has.
 */
#include "config.h"

#include "proof/receipt.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_vkey(const uint8_t *data, size_t size)
{
    char text[VKEY_TEXT_MAX], back[VKEY_TEXT_MAX];
    struct vkey v;
    if (size >= sizeof text || memchr(data, 0, size))
        return;
    memcpy(text, data, size);
    text[size] = '\0';
    if (vkey_parse(text, &v, NULL))
        return;
    vkey_text(&v, back);
    if (strcmp(text, back) != 0)
        abort();
}

static void
try_receipt(const uint8_t *data, size_t size)
{
    static const struct vkey nobody = {.name = "nobody"};
    static struct receipt r;
    AUTO_BUF(again, 64 * 1024);
    if (receipt_decode(&r, data, size, NULL))
        return;
    if (receipt_encode(&again, &r) || again.len != size ||
        memcmp(again.data, data, size) != 0)
        abort();
    if (!receipt_verify(&r, &nobody, NULL))
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct vkey nobody = {.name = "nobody"};
    struct checkpoint c;
    AUTO_BUF(text, NOTE_MAX);
    buf_add(&text, data, size);
    if (!note_parse(buf_str(&text), text.len, &c, NULL) &&
        note_signatures(buf_str(&text), text.len) == 0)
        abort();
    if (!note_verify(buf_str(&text), text.len, &nobody, &c, NULL))
        abort();
    try_vkey(data, size);
    try_receipt(data, size);
    return 0;
}
