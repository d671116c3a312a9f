/* SPDX-License-Identifier: EUPL-1.2
 *
 * The log as JSON (DESIGN 7), in pieces. Every part is read up to the size
 * that the first call saw, so that the whole is one moment of the log.
 */
#include "config.h"

#include "audit/internal.h"
#include "audit/policy.h"

#include "base/i18n.h"
#include "proof/export.h"

#include <string.h>

enum { PIECE = 256 << 10, ROWS = 256 };
enum part { HEAD, FORSAKRINGAR, ENTRIES, CHECKPOINTS };

static void
put_head(struct ledger *l, const struct policy *p, struct buf *out)
{
    struct vkey w[POLICY_MAX];
    unsigned n = p ? (unsigned)p->witnesses : 0;
    for (unsigned i = 0; i < n; i++)
        w[i] = p->witness[i].vkey;
    export_head(out, &l->log_vkey, w, n, n ? (unsigned)policy_least(p) : 0);
}

static void
put_forsakran(struct ledger *l, struct ledger_export *x, struct buf *out)
{
    struct ledger_forsakran f;
    ledger_forsakran_row(l, ST_FORSAKRAN_FROM, &f);
    export_forsakran(out, x->next == 0,
                     &(struct binding){.cms = f.cms,
                                       .cms_len = f.cms_len,
                                       .text = f.text,
                                       .text_len = f.text_len,
                                       .vkey = f.vkey,
                                       .account = f.account},
                     f.id, f.seq);
    x->next = (uint64_t)f.id;
    ledger_forsakran_done(&f);
}

static void
put_entry(struct ledger *l, struct ledger_export *x, struct buf *out)
{
    size_t n, hash_len;
    const void *leaf = store_blob(l->store, ST_ENTRY_RANGE, 2, &n);
    const void *hash = store_blob(l->store, ST_ENTRY_RANGE, 1, &hash_len);
    uint64_t seq = (uint64_t)store_int(l->store, ST_ENTRY_RANGE, 0);
    export_entry(out, x->next == 0, seq, leaf, n, hash, hash_len);
    x->next = seq + 1;
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
    export_note(out, x->next == 0, kept ? kept : x->note);
    export_end(out);
    store_reset(l->store, ST_CHECKPOINT_AT);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

static void
put_checkpoint(struct ledger *l, struct ledger_export *x, struct buf *out)
{
    const char *note = store_text(l->store, ST_CHECKPOINT_RANGE, 1);
    export_note(out, x->next == 0, note ? note : "");
    x->next = (uint64_t)store_int(l->store, ST_CHECKPOINT_RANGE, 0) + 1;
}

/* How each part is read, and what ends it; the heads end with the last one. */
static const struct {
    int statement;
    void (*put)(struct ledger *, struct ledger_export *, struct buf *);
    void (*end)(struct buf *);
} parts[] = {
    [FORSAKRINGAR] = {ST_FORSAKRAN_FROM, put_forsakran, export_entries},
    [ENTRIES] = {ST_ENTRY_RANGE, put_entry, export_notes},
    [CHECKPOINTS] = {ST_CHECKPOINT_RANGE, put_checkpoint, NULL},
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
        if (!code && end && parts[x->part].end)
            parts[x->part].end(out);
        else if (!code && end) {
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
