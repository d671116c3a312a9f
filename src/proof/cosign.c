/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/cosign.h"

#include "base/text.h"
#include "base/tlv.h"
#include "proof/note.h"

#include <inttypes.h>
#include <string.h>

enum { STAMP = 8, BYTES = STAMP + KEY_SIG, LINES_MAX = 64 << 10 };

static const char dash[] = "\xe2\x80\x94 "; /* em dash, space */

/* The header line and the timestamp line, then the note's text. */
static void
put_message(struct buf *out, const char *note, size_t text, uint64_t time_s)
{
    buf_addf(out, "cosignature/v1\ntime %" PRIu64 "\n", time_s);
    buf_add(out, note, text);
}

/* How much of a note is signed: up to the last empty line. */
static size_t
text_length(const char *note, size_t n)
{
    for (size_t i = n; i-- > 1;)
        if (note[i] == '\n' && note[i - 1] == '\n')
            return i;
    return 0;
}

enum err_code
cosign_make(struct buf *out, const char *note, size_t n, const struct vkey *v,
            const struct key *k, uint64_t time_s, struct err *e)
{
    AUTO_BUF(message, NOTE_MAX + 64);
    uint8_t blob[VKEY_ID + BYTES];
    struct checkpoint c;
    enum err_code code = note_parse(note, n, &c, e);
    if (code)
        return code;
    put_message(&message, note, text_length(note, n), time_s);
    memcpy(blob, v->id, VKEY_ID);
    tlv_be64(blob + VKEY_ID, time_s);
    code = key_sign(k, message.data, message.len, blob + VKEY_ID + STAMP, e);
    if (code)
        return code;
    buf_addf(out, "%s%s ", dash, v->name);
    text_base64_encode(out, blob, sizeof blob);
    return buf_addc(out, '\n') ? err_set(e, ERR_TOO_BIG, "note") : ERR_OK;
}

enum err_code
cosign_verify(const char *note, size_t n, const struct vkey *v,
              uint64_t *time_s, struct err *e)
{
    AUTO_BUF(message, NOTE_MAX + 64);
    AUTO_KEY struct key *k = NULL;
    uint8_t sig[BYTES];
    size_t text;
    if (v->type != VKEY_COSIGNER ||
        !note_find(note, n, v, sig, sizeof sig, &text))
        return err_set(e, ERR_NOT_FOUND, "%s has not cosigned it", v->name);
    uint64_t at = tlv_rd64(sig);
    put_message(&message, note, text, at);
    enum err_code code = key_from_public(v->pub, &k, e);
    if (code)
        return code;
    if (at == 0 || at > INT64_MAX ||
        !key_verify(k, message.data, message.len, sig + STAMP))
        return err_set(e, ERR_SIGNATURE, "the cosignature of %s does not hold",
                       v->name);
    if (time_s)
        *time_s = at;
    return ERR_OK;
}

/* Is this line (with its newline) by a key of that name and id? */
static bool
line_is_by(const char *line, size_t n, const struct vkey *v)
{
    size_t name = strlen(v->name), head = sizeof dash - 1 + name + 1;
    AUTO_BUF(blob, 4096);
    return n > head + 1 && memcmp(line, dash, sizeof dash - 1) == 0 &&
           memcmp(line + sizeof dash - 1, v->name, name) == 0 &&
           line[head - 1] == ' ' &&
           !text_base64_decode(&blob, line + head, n - head - 1) &&
           blob.len >= VKEY_ID && memcmp(blob.data, v->id, VKEY_ID) == 0;
}

/* The note without v's lines. */
static void
copy_without(struct buf *out, const struct buf *note, const struct vkey *v)
{
    size_t at = text_length(note->data, note->len) + 1;
    buf_add(out, note->data, at);
    while (at < note->len) {
        const char *nl = memchr(note->data + at, '\n', note->len - at);
        size_t n = nl ? (size_t)(nl - note->data) + 1 - at : note->len - at;
        if (!line_is_by(note->data + at, n, v))
            buf_add(out, note->data + at, n);
        at += n;
    }
}

enum err_code
cosign_take(struct buf *note, const char *lines, size_t n, const struct vkey *v,
            uint64_t *time_s, struct err *e)
{
    if (n > LINES_MAX)
        return err_set(e, ERR_TOO_BIG, "the witness's answer");
    for (const char *p = lines, *end = lines + n; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        if (!nl)
            break;
        size_t len = (size_t)(nl - p) + 1;
        if (line_is_by(p, len, v)) {
            AUTO_BUF(with, NOTE_MAX - 1);
            copy_without(&with, note, v);
            if (buf_add(&with, p, len))
                return err_set(e, ERR_TOO_BIG, "note");
            enum err_code code =
                cosign_verify(with.data, with.len, v, time_s, e);
            if (code)
                return code;
            buf_clear(note);
            return buf_add(note, with.data, with.len);
        }
        p = nl + 1;
    }
    return err_set(e, ERR_NOT_FOUND, "%s has not cosigned it", v->name);
}
