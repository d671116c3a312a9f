/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/export.h"

#include "base/text.h"

#include <inttypes.h>

/* A JSON string: what JSON does not take raw is escaped. */
static void
put_string(struct buf *out, const char *s)
{
    buf_addc(out, '"');
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", c);
        else if (c == '\n')
            buf_adds(out, "\\n");
        else if (c < ' ' || c == 0x7f)
            buf_addf(out, "\\u%04x", c);
        else
            buf_addc(out, (char)c);
    }
    buf_addc(out, '"');
}

static void
put_vkey(struct buf *out, const struct vkey *v)
{
    char text[VKEY_TEXT_MAX];
    vkey_text(v, text);
    put_string(out, text);
}

static void
put_base64(struct buf *out, const char *name, const void *p, size_t n)
{
    buf_addf(out, "\"%s\":\"", name);
    text_base64_encode(out, p, n);
    buf_addc(out, '"');
}

void
export_head(struct buf *out, const struct vkey *log, const struct vkey *witness,
            unsigned witnesses, unsigned quorum)
{
    buf_adds(out, "{\"origin\":");
    put_string(out, log->name);
    buf_adds(out, ",\"log_vkey\":");
    put_vkey(out, log);
    buf_adds(out, ",\n\"witness_vkeys\":[");
    for (unsigned i = 0; i < witnesses; i++) {
        buf_adds(out, i ? ",\n" : "");
        put_vkey(out, &witness[i]);
    }
    buf_addf(out, "],\"quorum\":%u,\n\"forsakringar\":[", quorum);
}

void
export_forsakran(struct buf *out, bool first, const struct binding *f,
                 int64_t id, uint64_t seq)
{
    buf_addf(out, "%s\n{\"id\":%" PRId64 ",\"seq\":%" PRIu64 ",\"konto\":",
             first ? "" : ",", id, seq);
    put_string(out, f->account);
    buf_adds(out, ",\"vkey\":");
    put_string(out, f->vkey);
    buf_addc(out, ',');
    put_base64(out, "cms_b64", f->cms, f->cms_len);
    buf_addc(out, ',');
    put_base64(out, "text_b64", f->text, f->text_len);
    buf_addc(out, '}');
}

void
export_entry(struct buf *out, bool first, uint64_t seq, const void *leaf,
             size_t n, const void *hash, size_t hash_len)
{
    buf_addf(out, "%s\n{\"seq\":%" PRIu64 ",", first ? "" : ",", seq);
    if (leaf)
        put_base64(out, "leaf_b64", leaf, n);
    else
        put_base64(out, "leaf_hash_b64", hash, hash_len);
    buf_addc(out, '}');
}

void
export_note(struct buf *out, bool first, const char *note)
{
    buf_adds(out, first ? "\n" : ",\n");
    put_string(out, note);
}

void
export_entries(struct buf *out)
{
    buf_adds(out, "],\n\"entries\":[");
}

void
export_notes(struct buf *out)
{
    buf_adds(out, "],\n\"checkpoints\":[");
}

void
export_end(struct buf *out)
{
    buf_adds(out, "]}\n");
}
