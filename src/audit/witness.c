/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "audit/witness.h"

#include "audit/internal.h"

#include "base/i18n.h"
#include "proof/batch.h"
#include "proof/cosign.h"
#include "proof/submission.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum err_code
check_open(const struct ledger *l, struct err *e)
{
    return ledger_is_broken(l)
               ? err_set(e, ERR_IO, "%s", _("the log is closed after an error"))
               : ERR_OK;
}

enum err_code
ledger_submission(struct ledger *l, uint64_t old, struct buf *out,
                  char note[NOTE_MAX], struct err *e)
{
    struct merkle_proof p;
    enum err_code code = ledger_consistency(l, old, &p, e);
    if (code)
        return code;
    snprintf(note, NOTE_MAX, "%s", l->note);
    return submission_write(out, old, &p, note, strlen(note), e);
}

/* The largest signed head that a batch from `old` can end in. */
static enum err_code
batch_head(struct ledger *l, uint64_t old, struct checkpoint *c,
           char note[NOTE_MAX], struct err *e)
{
    snprintf(note, NOTE_MAX, "%s", l->note);
    if (l->tree.size - old > BATCH_ENTRIES) {
        enum err_code code =
            store_get(l->store, ST_CHECKPOINT_WITHIN, e, "ii", (int64_t)old,
                      (int64_t)(old + BATCH_ENTRIES));
        if (code)
            return code;
        const char *text = store_text(l->store, ST_CHECKPOINT_WITHIN, 0);
        snprintf(note, NOTE_MAX, "%s", text ? text : "");
        store_reset(l->store, ST_CHECKPOINT_WITHIN);
    }
    return note_verify(note, strlen(note), &l->log_vkey, c, e);
}

static enum err_code
put_brought(struct ledger *l, int64_t seq, struct buf *out, struct err *e)
{
    enum err_code code = store_get(l->store, ST_FORSAKRAN_SEQ, e, "i", seq);
    if (code)
        return code;
    struct ledger_forsakran f;
    ledger_forsakran_row(l, ST_FORSAKRAN_SEQ, &f);
    store_reset(l->store, ST_FORSAKRAN_SEQ);
    batch_put_forsakran(out, &(struct binding){.cms = f.cms,
                                               .cms_len = f.cms_len,
                                               .text = f.text,
                                               .text_len = f.text_len,
                                               .vkey = f.vkey,
                                               .account = f.account});
    ledger_forsakran_done(&f);
    return ERR_OK;
}

static enum err_code
put_daykeys(struct ledger *l, int64_t seq, struct buf *out, struct err *e)
{
    size_t n;
    enum err_code code = store_get(l->store, ST_DAYKEY_SEQ, e, "i", seq);
    if (code)
        return code == ERR_NOT_FOUND ? ERR_OK : code;
    int64_t day = store_int(l->store, ST_DAYKEY_SEQ, 0);
    const void *p = store_blob(l->store, ST_DAYKEY_SEQ, 1, &n);
    batch_put_daykey(out, day, p, n);
    store_reset(l->store, ST_DAYKEY_SEQ);
    return ERR_OK;
}

static enum err_code
put_certs(struct ledger *l, int64_t seq, struct buf *out, struct err *e)
{
    size_t n;
    bool row;
    enum err_code code;
    store_bind(l->store, ST_RECIPIENT_SEQ, "i", seq);
    while (!(code = store_next(l->store, ST_RECIPIENT_SEQ, &row, e)) && row) {
        const void *p = store_blob(l->store, ST_RECIPIENT_SEQ, 0, &n);
        batch_put_cert(out, p, n);
    }
    return code;
}

/* The row that BATCH_ROWS stands on. */
static enum err_code
put_row(struct ledger *l, struct buf *out, struct err *e)
{
    struct store *s = l->store;
    size_t n;
    int64_t seq = store_int(s, ST_BATCH_ROWS, 0);
    int64_t type = store_int(s, ST_BATCH_ROWS, 2);
    enum err_code code = ERR_OK;
    if (store_null(s, ST_BATCH_ROWS, 1))
        return err_set(e, ERR_NOT_FOUND, _("entry %" PRId64 " is erased"), seq);
    if (type == KIND_FORSAKRAN)
        code = put_brought(l, seq, out, e);
    if (code)
        return code;
    const void *p = store_blob(s, ST_BATCH_ROWS, 1, &n);
    batch_put_entry(out, p, n);
    if (!store_null(s, ST_BATCH_ROWS, 4)) {
        p = store_blob(s, ST_BATCH_ROWS, 4, &n);
        batch_put_box(out, store_int(s, ST_BATCH_ROWS, 3), p, n);
    }
    if (type == KIND_NYCKEL)
        code = put_daykeys(l, seq, out, e);
    return code || type != KIND_NYCKEL ? code : put_certs(l, seq, out, e);
}

enum err_code
ledger_batch(struct ledger *l, uint64_t old, struct buf *out,
             char note[NOTE_MAX], struct err *e)
{
    struct checkpoint c;
    bool row;
    enum err_code code = check_open(l, e);
    if (!code && old > l->tree.size)
        code = err_set(e, ERR_NOT_FOUND,
                       _("the log has %" PRIu64 " entries only"), l->tree.size);
    if (!code)
        code = batch_head(l, old, &c, note, e);
    if (code)
        return code;
    batch_begin(out, old);
    store_bind(l->store, ST_BATCH_ROWS, "ii", (int64_t)old, (int64_t)c.size);
    while (!(code = store_next(l->store, ST_BATCH_ROWS, &row, e)) && row)
        if ((code = put_row(l, out, e)))
            break;
    store_reset(l->store, ST_BATCH_ROWS);
    return code ? code : batch_end(out, note, e);
}

enum err_code
ledger_cosigned(struct ledger *l, const char *note, const char *lines, size_t n,
                const struct vkey *v, uint64_t *time_s, struct err *e)
{
    AUTO_BUF(with, NOTE_MAX - 1);
    struct checkpoint c, stored;
    enum err_code code = check_open(l, e);
    if (!code)
        code = note_verify(note, strlen(note), &l->log_vkey, &c, e);
    if (!code) {
        code = store_get(l->store, ST_CHECKPOINT_AT, e, "i", (int64_t)c.size);
        const char *kept =
            code ? NULL : store_text(l->store, ST_CHECKPOINT_AT, 0);
        buf_adds(&with, kept ? kept : note);
        store_reset(l->store, ST_CHECKPOINT_AT);
        code = code == ERR_NOT_FOUND ? ERR_OK : code;
    }
    if (!code)
        code = note_parse(with.data, with.len, &stored, e);
    if (!code && memcmp(stored.root, c.root, HASH_SIZE) != 0)
        code = err_set(e, ERR_SEEN, "two heads of %" PRIu64 " entries", c.size);
    if (!code)
        code = cosign_take(&with, lines, n, v, time_s, e);
    if (code)
        return code;
    code = store_begin(l->store, e);
    if (!code)
        code = store_run(l->store, ST_CHECKPOINT_KEEP, e, "it", (int64_t)c.size,
                         buf_str(&with));
    if (!code)
        return store_commit(l->store, e);
    store_rollback(l->store);
    return code;
}

enum err_code
ledger_witnessed(struct ledger *l, const struct vkey *v, uint64_t *size,
                 char note[NOTE_MAX], struct err *e)
{
    bool row;
    *size = 0;
    enum err_code code = check_open(l, e);
    if (code)
        return code;
    store_bind(l->store, ST_CHECKPOINT_WITNESSED, NULL);
    while (!(code = store_next(l->store, ST_CHECKPOINT_WITNESSED, &row, e)) &&
           row) {
        const char *text = store_text(l->store, ST_CHECKPOINT_WITNESSED, 1);
        size_t n = text ? strlen(text) : 0;
        if (n == 0 || n >= NOTE_MAX || cosign_verify(text, n, v, NULL, NULL))
            continue;
        *size = (uint64_t)store_int(l->store, ST_CHECKPOINT_WITNESSED, 0);
        memcpy(note, text, n + 1);
        break;
    }
    store_reset(l->store, ST_CHECKPOINT_WITNESSED);
    return code;
}

enum err_code
ledger_faces(struct ledger *l, const char *note, size_t n, struct checkpoint *c,
             struct err *e)
{
    uint8_t root[HASH_SIZE];
    struct merkle_source src = ledger_source(l);
    enum err_code code = check_open(l, e);
    if (!code)
        code = note_verify(note, n, &l->log_vkey, c, e);
    if (code)
        return code;
    if (c->size > l->tree.size)
        return err_set(e, ERR_SEEN,
                       _("the log has %" PRIu64
                         " entries, and its key has signed %" PRIu64),
                       l->tree.size, c->size);
    if (!merkle_range_root(&src, c->size, root))
        return err_set(e, ERR_IO, "%s", _("the tree cannot be read"));
    if (memcmp(root, c->root, HASH_SIZE) != 0)
        return err_set(e, ERR_SEEN,
                       _("two signed heads of %" PRIu64 " entries differ"),
                       c->size);
    return ERR_OK;
}

int64_t
ledger_time(struct ledger *l, uint64_t seq)
{
    if (ledger_is_broken(l) ||
        store_get(l->store, ST_ENTRY_TIME, NULL, "i", (int64_t)seq))
        return 0;
    int64_t ms = store_int(l->store, ST_ENTRY_TIME, 0);
    store_reset(l->store, ST_ENTRY_TIME);
    return ms;
}

void
ledger_block(struct ledger *l, const char *text)
{
    snprintf(l->blocked, sizeof l->blocked, "%s", text ? text : "");
}

enum err_code
ledger_backup(struct ledger *l, const char *path, struct err *e)
{
    enum err_code code = check_open(l, e);
    return code ? code : store_backup(l->store, path, e);
}
