/* SPDX-License-Identifier: EUPL-1.2
 *
 * The log as JSON (DESIGN 7), in pieces. Every part is read up to the size
 * that the first call saw, so that the whole is one moment of the log.
 */
#include "config.h"

#include "audit/internal.h"
#include "audit/policy.h"

#include "base/i18n.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum { PIECE = 256 << 10, ROWS = 256 };
enum part { HEAD, FORSAKRINGAR, ENTRIES, CHECKPOINTS };

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
put_base64(struct buf *out, const char *name, const void *p, size_t n)
{
    buf_addf(out, "\"%s\":\"", name);
    text_base64_encode(out, p, n);
    buf_addc(out, '"');
}

static void
put_witnesses(const struct policy *p, struct buf *out)
{
    char vkey[VKEY_TEXT_MAX];
    buf_adds(out, ",\n\"witness_vkeys\":[");
    for (int i = 0; p && i < p->witnesses; i++) {
        vkey_text(&p->witness[i].vkey, vkey);
        buf_adds(out, i ? ",\n" : "");
        put_string(out, vkey);
    }
    buf_addf(out, "],\"quorum\":%d", p ? policy_least(p) : 0);
}

static void
put_head(struct ledger *l, const struct policy *p, struct buf *out)
{
    char vkey[VKEY_TEXT_MAX];
    vkey_text(&l->log_vkey, vkey);
    buf_adds(out, "{\"origin\":");
    put_string(out, l->origin);
    buf_adds(out, ",\"log_vkey\":");
    put_string(out, vkey);
    put_witnesses(p, out);
    buf_adds(out, ",\n\"forsakringar\":[");
}

static void
put_forsakran(struct ledger *l, struct ledger_export *x, struct buf *out)
{
    struct ledger_forsakran f;
    ledger_forsakran_row(l, ST_FORSAKRAN_FROM, &f);
    buf_addf(out, "%s\n{\"id\":%" PRId64 ",\"seq\":%" PRIu64 ",\"konto\":",
             x->next ? "," : "", f.id, f.seq);
    put_string(out, f.account);
    buf_adds(out, ",\"vkey\":");
    put_string(out, f.vkey);
    buf_addc(out, ',');
    put_base64(out, "cms_b64", f.cms, f.cms_len);
    buf_addc(out, ',');
    put_base64(out, "text_b64", f.text, f.text_len);
    buf_addc(out, '}');
    x->next = (uint64_t)f.id;
    ledger_forsakran_done(&f);
}

static void
put_entry(struct ledger *l, struct ledger_export *x, struct buf *out)
{
    size_t n;
    const void *leaf = store_blob(l->store, ST_ENTRY_RANGE, 2, &n);
    buf_addf(out, "%s\n{\"seq\":%" PRId64 ",", x->next ? "," : "",
             store_int(l->store, ST_ENTRY_RANGE, 0));
    if (leaf) {
        put_base64(out, "leaf_b64", leaf, n);
    } else {
        leaf = store_blob(l->store, ST_ENTRY_RANGE, 1, &n);
        put_base64(out, "leaf_hash_b64", leaf, n);
    }
    buf_addc(out, '}');
    x->next = (uint64_t)store_int(l->store, ST_ENTRY_RANGE, 0) + 1;
}

/* The head of the first call's size closes the list, with the cosignatures that
 * have come; it was signed, though it may be thinned away on disk by now. */
static enum err_code
put_last_checkpoint(struct ledger *l, const struct ledger_export *x,
                    struct buf *out, struct err *e)
{
    enum err_code code =
        store_get(l->store, ST_CHECKPOINT_AT, e, "i", (int64_t)x->size);
    const char *kept = code ? NULL : store_text(l->store, ST_CHECKPOINT_AT, 0);
    buf_adds(out, x->next ? ",\n" : "\n");
    put_string(out, kept ? kept : x->note);
    buf_adds(out, "]}\n");
    store_reset(l->store, ST_CHECKPOINT_AT);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

static void
put_checkpoint(struct ledger *l, struct ledger_export *x, struct buf *out)
{
    const char *note = store_text(l->store, ST_CHECKPOINT_RANGE, 1);
    buf_adds(out, x->next ? ",\n" : "\n");
    put_string(out, note ? note : "");
    x->next = (uint64_t)store_int(l->store, ST_CHECKPOINT_RANGE, 0) + 1;
}

/* How each part is read, and what stands before the next one. */
static const struct {
    int statement;
    void (*put)(struct ledger *, struct ledger_export *, struct buf *);
    const char *end;
} parts[] = {
    [FORSAKRINGAR] = {ST_FORSAKRAN_FROM, put_forsakran, "],\n\"entries\":["},
    [ENTRIES] = {ST_ENTRY_RANGE, put_entry, "],\n\"checkpoints\":["},
    [CHECKPOINTS] = {ST_CHECKPOINT_RANGE, put_checkpoint, ""},
};

/* Rows until the piece is full; *end when there are no more. */
static enum err_code
put_rows(struct ledger *l, struct ledger_export *x, struct buf *out, bool *end,
         struct err *e)
{
    int st = parts[x->part].statement;
    size_t from = out->len;
    bool row = true;
    enum err_code code = ERR_OK;
    store_bind(l->store, st, "ii", (int64_t)x->next, (int64_t)x->size);
    while (!code && out->len - from < PIECE) {
        code = store_next(l->store, st, &row, e);
        if (code || !row)
            break;
        parts[x->part].put(l, x, out);
    }
    store_reset(l->store, st);
    *end = !row;
    return code;
}

enum err_code
ledger_export(struct ledger *l, struct ledger_export *x, struct buf *out,
              struct err *e)
{
    bool end = true;
    enum err_code code = ERR_OK;
    if (ledger_is_broken(l))
        return err_set(e, ERR_IO, "%s", _("the log is closed after an error"));
    if (x->part == HEAD) {
        x->size = l->tree.size;
        memcpy(x->note, l->note, sizeof x->note);
        put_head(l, x->policy, out);
    } else {
        code = put_rows(l, x, out, &end, e);
        if (!code && end)
            buf_adds(out, parts[x->part].end);
        if (!code && end && x->part == CHECKPOINTS) {
            code = put_last_checkpoint(l, x, out, e);
            x->done = !code;
        }
    }
    if (!code && end) {
        x->part++;
        x->next = 0;
    }
    if (!code && out->full)
        code = err_set(e, ERR_TOO_BIG, "%s", _("the export's buffer is full"));
    return code;
}
