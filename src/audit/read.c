/* SPDX-License-Identifier: EUPL-1.2
 *
 * Reading back: försäkringar, open intents, pages of entries, boxes.
 */
#include "config.h"

#include "audit/internal.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_MAX = 1000 };

static enum err_code
check_open(const struct ledger *l, struct err *e)
{
    return ledger_is_broken(l)
               ? err_set(e, ERR_IO, "%s", _("the log is closed after an error"))
               : ERR_OK;
}

void
ledger_forsakran_done(struct ledger_forsakran *f)
{
    free(f->cms);
    free(f->text);
    free(f->vkey);
    free(f->account);
    *f = (struct ledger_forsakran){0};
}

static void *
copy_blob(struct store *s, int statement, int col, size_t *n)
{
    const void *p = store_blob(s, statement, col, n);
    char *copy = mem_alloc(*n + 1);
    if (*n)
        memcpy(copy, p, *n);
    return copy;
}

void
ledger_forsakran_row(struct ledger *l, int statement,
                     struct ledger_forsakran *f)
{
    struct store *s = l->store;
    size_t n;
    *f = (struct ledger_forsakran){.id = store_int(s, statement, 0),
                                   .seq = (uint64_t)store_int(s, statement, 6)};
    const void *sha = store_blob(s, statement, 1, &n);
    if (n == HASH_SIZE)
        memcpy(f->sha256, sha, HASH_SIZE);
    f->cms = copy_blob(s, statement, 2, &f->cms_len);
    f->text = copy_blob(s, statement, 3, &f->text_len);
    f->vkey = mem_strdup(store_text(s, statement, 4));
    f->account = mem_strdup(store_text(s, statement, 5));
}

enum err_code
ledger_find_forsakran(struct ledger *l, const uint8_t sha256[HASH_SIZE],
                      struct ledger_forsakran *out, struct err *e)
{
    enum err_code code = check_open(l, e);
    if (!code)
        code = store_get(l->store, ST_FORSAKRAN_GET, e, "b", sha256,
                         (size_t)HASH_SIZE);
    if (code)
        return code;
    ledger_forsakran_row(l, ST_FORSAKRAN_GET, out);
    store_reset(l->store, ST_FORSAKRAN_GET);
    return ERR_OK;
}

enum err_code
ledger_account_forsakran(struct ledger *l, const char *account,
                         struct ledger_forsakran *out, struct err *e)
{
    enum err_code code = check_open(l, e);
    if (!code)
        code = store_get(l->store, ST_FORSAKRAN_ACCOUNT, e, "t", account);
    if (code)
        return code;
    ledger_forsakran_row(l, ST_FORSAKRAN_ACCOUNT, out);
    store_reset(l->store, ST_FORSAKRAN_ACCOUNT);
    return ERR_OK;
}

/* The row that the author's statement stands on, into *a. */
static enum err_code
take_author(struct ledger *l, struct author *a, struct err *e)
{
    struct vkey v;
    const char *text = store_text(l->store, ST_FORSAKRAN_GET, 4);
    int64_t id = store_int(l->store, ST_FORSAKRAN_GET, 0);
    enum err_code code = vkey_parse(text ? text : "", &v, e);
    store_reset(l->store, ST_FORSAKRAN_GET);
    if (!code)
        code = key_from_public(v.pub, &a->key, e);
    if (code)
        return err_add(e, ERR_LOG_BROKEN, "%s", _("a försäkran on file"));
    vkey_kid(&v, a->kid);
    a->id = id;
    return ERR_OK;
}

enum err_code
ledger_author(struct ledger *l, const uint8_t sha256[HASH_SIZE],
              const struct author **out, struct err *e)
{
    for (int i = 0; i < AUTHORS; i++) {
        struct author *a = &l->authors[i];
        if (a->id && memcmp(a->sha256, sha256, HASH_SIZE) == 0) {
            *out = a;
            return ERR_OK;
        }
    }
    enum err_code code = store_get(l->store, ST_FORSAKRAN_GET, e, "b", sha256,
                                   (size_t)HASH_SIZE);
    if (code)
        return code == ERR_NOT_FOUND
                   ? err_set(e, ERR_FORSAKRAN, "%s",
                             _("the försäkran is not in the log"))
                   : code;
    struct author *a = &l->authors[l->next_author++ % AUTHORS];
    key_free(&a->key);
    *a = (struct author){0};
    code = take_author(l, a, e);
    if (code)
        return code;
    memcpy(a->sha256, sha256, HASH_SIZE);
    *out = a;
    return ERR_OK;
}

enum err_code
ledger_pending(struct ledger *l, uint64_t **seqs, size_t *n, struct err *e)
{
    size_t room = 0;
    bool row;
    *seqs = NULL;
    *n = 0;
    enum err_code code = check_open(l, e);
    if (code)
        return code;
    store_bind(l->store, ST_PENDING_ALL, NULL);
    while (!(code = store_next(l->store, ST_PENDING_ALL, &row, e)) && row) {
        if (*n == room) {
            room = room ? 2 * room : 16;
            *seqs = mem_grow(*seqs, room, sizeof **seqs);
        }
        (*seqs)[(*n)++] = (uint64_t)store_int(l->store, ST_PENDING_ALL, 0);
    }
    if (!code)
        return ERR_OK;
    free(*seqs);
    *seqs = NULL;
    *n = 0;
    return code;
}

/* One row of a page; a leaf that cannot be read ends the page. */
static enum err_code
take_row(struct ledger *l, int st, struct ledger_row *r, struct err *e)
{
    struct store *s = l->store;
    struct entry_leaf leaf;
    size_t n;
    const char *account = store_text(s, st, 3);
    *r = (struct ledger_row){.seq = (uint64_t)store_int(s, st, 0),
                             .time_ms = (uint64_t)store_int(s, st, 2),
                             .account = account ? account : "",
                             .has_box = store_int(s, st, 4) != 0};
    const void *p = store_blob(s, st, 1, &n);
    r->erased = !p;
    if (!p)
        return ERR_OK;
    enum err_code code = entry_leaf_split(p, n, &leaf, e);
    if (!code)
        code = entry_author_decode(leaf.author, leaf.author_len, &r->author, e);
    return code ? err_add(e, ERR_LOG_BROKEN, _("entry %" PRIu64), r->seq)
                : ERR_OK;
}

enum err_code
ledger_rows(struct ledger *l, const struct ledger_query *q,
            void (*row)(void *ctx, const struct ledger_row *r), void *ctx,
            struct err *e)
{
    int st = q->account ? ST_ROWS_ACCOUNT : ST_ROWS_ALL;
    int64_t before = q->before ? (int64_t)q->before : INT64_MAX;
    int64_t limit = q->limit && q->limit < PAGE_MAX ? q->limit : PAGE_MAX;
    bool more;
    enum err_code code = check_open(l, e);
    if (code)
        return code;
    if (q->account)
        store_bind(l->store, st, "iiit", before, (int64_t)q->type, limit,
                   q->account);
    else
        store_bind(l->store, st, "iii", before, (int64_t)q->type, limit);
    while (!(code = store_next(l->store, st, &more, e)) && more) {
        struct ledger_row r;
        code = take_row(l, st, &r, e);
        if (code)
            break;
        row(ctx, &r);
    }
    store_reset(l->store, st);
    return code;
}

static enum err_code
get_blob(struct ledger *l, int st, uint64_t seq, struct buf *out, struct err *e)
{
    size_t n;
    enum err_code code = check_open(l, e);
    if (!code)
        code = store_get(l->store, st, e, "i", (int64_t)seq);
    if (code)
        return code;
    const void *p = store_blob(l->store, st, 0, &n);
    if (!p)
        code = err_set(e, ERR_NOT_FOUND, _("entry %" PRIu64 " is erased"), seq);
    else if (buf_add(out, p, n))
        code = err_set(e, ERR_TOO_BIG, _("entry %" PRIu64), seq);
    store_reset(l->store, st);
    return code;
}

enum err_code
ledger_leaf(struct ledger *l, uint64_t seq, struct buf *out, struct err *e)
{
    return get_blob(l, ST_ENTRY_GET, seq, out, e);
}

enum err_code
ledger_last(struct ledger *l, struct entry_host *h, struct err *e)
{
    struct entry_leaf leaf;
    AUTO_BUF(bytes, ENTRY_LEAF_MAX);
    enum err_code code = ledger_leaf(l, l->tree.size - 1, &bytes, e);
    if (!code)
        code = entry_leaf_split(bytes.data, bytes.len, &leaf, e);
    return code ? code : entry_host_decode(leaf.host, leaf.host_len, h, e);
}

enum err_code
ledger_box(struct ledger *l, uint64_t seq, struct buf *out, struct err *e)
{
    return get_blob(l, ST_BOX_GET, seq, out, e);
}

enum err_code
ledger_box_day(struct ledger *l, uint64_t seq, int64_t *day, struct err *e)
{
    enum err_code code = check_open(l, e);
    if (!code)
        code = store_get(l->store, ST_BOX_DAY, e, "i", (int64_t)seq);
    if (code)
        return code;
    *day = store_int(l->store, ST_BOX_DAY, 0);
    store_reset(l->store, ST_BOX_DAY);
    return ERR_OK;
}

enum err_code
ledger_day(struct ledger *l, int64_t day, struct buf *out, struct err *e)
{
    return get_blob(l, ST_DAY_GET, (uint64_t)day, out, e);
}
