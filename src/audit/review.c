/* SPDX-License-Identifier: EUPL-1.2
 *
 * Pages for a review: rows with their boxes as they lie, and the sealed day
 * keys that open them (doc/FORMATS.md "Review"). Nothing is opened here. What
 * the reviewer has written, or had done, comes without its box.
 */
#include "config.h"

#include "audit/internal.h"

#include "base/i18n.h"
#include "base/tlv.h"
#include "seal/envelope.h"

#include <string.h>

enum { PAGE_BYTES = 1 << 20, DAYS_MAX = 64 };
enum record { DAY_KEY = 1, ROW = 2, END = 3 };

struct page {
    struct ledger *l;
    const struct review_query *q;
    struct buf *out;
    int64_t day[DAYS_MAX]; /* whose keys are in the page */
    int days;
};

static void
put64(struct buf *out, uint64_t v)
{
    uint8_t b[8];
    tlv_be64(b, v);
    buf_add(out, b, sizeof b);
}

static void
put_bytes(struct buf *out, const void *p, size_t n)
{
    uint8_t b[4];
    tlv_be32(b, (uint32_t)n);
    buf_add(out, b, sizeof b);
    buf_add(out, p, n);
}

/* A key that gallring has erased is left out: then nothing opens. */
static enum err_code
put_day(struct page *p, int64_t day, struct err *e)
{
    AUTO_BUF(cms, ENVELOPE_MAX);
    for (int i = 0; i < p->days; i++)
        if (p->day[i] == day)
            return ERR_OK;
    enum err_code code = ledger_day(p->l, day, &cms, e);
    if (code == ERR_NOT_FOUND)
        return ERR_OK;
    if (code)
        return code;
    p->day[p->days++] = day;
    buf_addc(p->out, DAY_KEY);
    put64(p->out, (uint64_t)day);
    put_bytes(p->out, cms.data, cms.len);
    return ERR_OK;
}

static enum err_code
put_row(struct page *p, int st, struct review_row *r, struct err *e)
{
    struct store *s = p->l->store;
    size_t leaf_len, box_len;
    const char *author = store_text(s, st, 5), *asked = store_text(s, st, 6);
    *r = (struct review_row){.seq = (uint64_t)store_int(s, st, 0),
                             .time_ms = store_int(s, st, 1)};
    const char *who = author ? author : "";
    bool own = !strcmp(who, p->q->reviewer) ||
               (asked && !strcmp(asked, p->q->reviewer));
    const void *leaf = store_blob(s, st, 2, &leaf_len);
    const void *box = store_blob(s, st, 4, &box_len);
    int64_t day = box ? store_int(s, st, 3) : 0;
    enum err_code code = day && !own ? put_day(p, day, e) : ERR_OK;
    if (code)
        return code;
    r->shown = !own;
    size_t n = strnlen(who, 255);
    buf_addc(p->out, ROW);
    put64(p->out, r->seq);
    put64(p->out, (uint64_t)r->time_ms);
    put64(p->out, (uint64_t)day);
    buf_addc(p->out, (char)own);
    buf_addc(p->out, (char)n);
    buf_add(p->out, who, n);
    put_bytes(p->out, leaf ? leaf : "", leaf ? leaf_len : 0);
    put_bytes(p->out, box && !own ? box : "", box && !own ? box_len : 0);
    return ERR_OK;
}

static enum err_code
put_rows(struct page *p, int st, uint64_t *after, int64_t *after_ms, bool *more,
         void (*row)(void *ctx, const struct review_row *r), void *ctx,
         struct err *e)
{
    enum err_code code;
    struct review_row r;
    while (!(code = store_next(p->l->store, st, more, e)) && *more) {
        code = put_row(p, st, &r, e);
        if (code)
            break;
        row(ctx, &r);
        *after = r.seq;
        *after_ms = r.time_ms;
        if (p->out->len >= PAGE_BYTES || p->days == DAYS_MAX)
            break;
    }
    store_reset(p->l->store, st);
    return code;
}

enum err_code
ledger_review(struct ledger *l, const struct review_query *q, struct buf *out,
              void (*row)(void *ctx, const struct review_row *r), void *ctx,
              struct err *e)
{
    struct page p = {.l = l, .q = q, .out = out};
    uint64_t after = q->after;
    int64_t after_ms = q->after_ms;
    bool more = false;
    enum err_code code = ERR_OK;
    if (ledger_is_broken(l))
        return err_set(e, ERR_IO, "%s", _("the log is closed after an error"));
    for (size_t i = 0; i < q->n_seqs && !code; i++) {
        store_bind(l->store, ST_REVIEW_ONE, "i", (int64_t)q->seqs[i]);
        code = put_rows(&p, ST_REVIEW_ONE, &after, &after_ms, &more, row, ctx,
                        e);
    }
    if (!q->n_seqs) {
        store_bind(l->store, ST_REVIEW_TIME, "iii", after_ms, (int64_t)after,
                   q->to_ms);
        code = put_rows(&p, ST_REVIEW_TIME, &after, &after_ms, &more, row, ctx,
                        e);
    }
    buf_addc(out, END);
    put64(out, (uint64_t)after_ms);
    put64(out, after);
    buf_addc(out, (char)(more && !q->n_seqs));
    if (!code && out->full)
        code = err_set(e, ERR_TOO_BIG, "%s", _("the page"));
    return code;
}
