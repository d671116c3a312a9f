/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/batch.h"

#include "base/mem.h"
#include "base/tlv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char head[] = "enfraga/insamling/1\n";
enum { HEAD = sizeof head - 1, DAY = 8 };
enum record {
    R_OLD = 1,
    R_FORSAKRAN,
    R_ENTRY,
    R_BOX,
    R_DAYKEY,
    R_NOTE,
    R_CERT
};
enum { F_CMS = 1, F_TEXT, F_VKEY, F_ACCOUNT };

static void
record(struct buf *out, enum record type, size_t n)
{
    uint8_t len[4];
    buf_addc(out, (char)type);
    tlv_be32(len, (uint32_t)n);
    buf_add(out, len, sizeof len);
}

void
batch_begin(struct buf *out, uint64_t old)
{
    uint8_t size[8];
    tlv_be64(size, old);
    buf_add(out, head, HEAD);
    record(out, R_OLD, sizeof size);
    buf_add(out, size, sizeof size);
}

void
batch_put_forsakran(struct buf *out, const struct binding *f)
{
    AUTO_BUF(b, BATCH_MAX);
    tlv_put(&b, F_CMS, f->cms, f->cms_len);
    tlv_put(&b, F_TEXT, f->text, f->text_len);
    tlv_put_str(&b, F_VKEY, f->vkey);
    tlv_put_str(&b, F_ACCOUNT, f->account);
    record(out, R_FORSAKRAN, b.len);
    buf_add(out, b.data, b.len);
}

void
batch_put_entry(struct buf *out, const void *leaf, size_t n)
{
    record(out, R_ENTRY, n);
    buf_add(out, leaf, n);
}

static void
put_blob(struct buf *out, enum record type, int64_t day, const void *p,
         size_t n)
{
    uint8_t at[DAY];
    tlv_be64(at, (uint64_t)day);
    record(out, type, DAY + n);
    buf_add(out, at, DAY);
    buf_add(out, p, n);
}

void
batch_put_box(struct buf *out, int64_t day, const void *p, size_t n)
{
    put_blob(out, R_BOX, day, p, n);
}

void
batch_put_daykey(struct buf *out, int64_t day, const void *p, size_t n)
{
    put_blob(out, R_DAYKEY, day, p, n);
}

void
batch_put_cert(struct buf *out, const void *p, size_t n)
{
    record(out, R_CERT, n);
    buf_add(out, p, n);
}

enum err_code
batch_end(struct buf *out, const char *note, struct err *e)
{
    record(out, R_NOTE, strlen(note));
    return buf_adds(out, note) ? err_set(e, ERR_TOO_BIG, "the batch") : ERR_OK;
}

struct reader {
    const uint8_t *p;
    size_t left;
    size_t names; /* bytes used of b->names */
};

static bool
next(struct reader *r, uint8_t *type, const uint8_t **value, size_t *n)
{
    if (r->left < 5 || tlv_rd32(r->p + 1) > r->left - 5)
        return false;
    *type = r->p[0];
    *n = tlv_rd32(r->p + 1);
    *value = r->p + 5;
    r->p += 5 + *n;
    r->left -= 5 + *n;
    return true;
}

/* A text of the batch, ended: its bytes stand in b->names. */
static const char *
keep_text(struct batch *b, struct reader *r, const struct tlv *t)
{
    char *out = b->names + r->names;
    if (t->len == 0 || t->len > VKEY_TEXT_MAX || memchr(t->value, 0, t->len))
        return NULL;
    memcpy(out, t->value, t->len);
    out[t->len] = '\0';
    r->names += t->len + 1;
    return out;
}

static bool
read_forsakran(struct batch *b, struct reader *r, const uint8_t *p, size_t n,
               struct binding *f)
{
    struct tlv_reader in = {.p = p, .left = n};
    struct tlv t[4];
    for (int i = 0; i < 4; i++)
        if (tlv_next(&in, &t[i]) != 1 || t[i].tag != i + 1)
            return false;
    *f = (struct binding){.cms = t[0].value,
                          .cms_len = t[0].len,
                          .text = t[1].value,
                          .text_len = t[1].len,
                          .vkey = keep_text(b, r, &t[2]),
                          .account = keep_text(b, r, &t[3])};
    return in.left == 0 && f->vkey && f->account;
}

static bool
read_blob(const uint8_t *p, size_t n, struct batch_blob *out)
{
    if (n < DAY || out->p)
        return false;
    *out = (struct batch_blob){
        .p = p + DAY, .n = n - DAY, .day = (int64_t)tlv_rd64(p)};
    return true;
}

/* One record between the old size and the note. `brought` is a försäkran that
 * waits for its entry. */
static bool
take(struct batch *b, struct reader *r, uint8_t type, const uint8_t *p,
     size_t n, struct binding *brought, bool *waits)
{
    struct batch_entry *last = b->count ? &b->entry[b->count - 1] : NULL;
    switch (type) {
    case R_FORSAKRAN:
        if (*waits || !read_forsakran(b, r, p, n, brought))
            return false;
        *waits = true;
        return true;
    case R_ENTRY:
        if (b->count == BATCH_ENTRIES || n == 0)
            return false;
        b->entry[b->count++] = (struct batch_entry){.leaf = p,
                                                    .leaf_len = n,
                                                    .has_forsakran = *waits,
                                                    .forsakran = *brought};
        *waits = false;
        return true;
    case R_BOX:
        return last && !*waits && read_blob(p, n, &last->box);
    case R_DAYKEY:
        return last && !*waits && read_blob(p, n, &last->daykey);
    case R_CERT:
        if (!last || *waits || n == 0 || last->certs == ENTRY_RECIPIENTS)
            return false;
        last->cert[last->certs++] = (struct batch_blob){.p = p, .n = n};
        return true;
    default:
        return false;
    }
}

static bool
read_all(struct batch *b, struct reader *r)
{
    struct binding brought = {0};
    bool waits = false;
    const uint8_t *p;
    uint8_t type;
    size_t n;
    if (!next(r, &type, &p, &n) || type != R_OLD || n != 8)
        return false;
    b->old = tlv_rd64(p);
    if (b->old > INT64_MAX)
        return false;
    while (next(r, &type, &p, &n) && type != R_NOTE)
        if (!take(b, r, type, p, n, &brought, &waits))
            return false;
    if (type != R_NOTE || r->left || waits || n >= sizeof b->note)
        return false;
    memcpy(b->note, p, n);
    b->note[n] = '\0';
    return !note_parse(b->note, n, &b->head, NULL);
}

enum err_code
batch_read(struct batch *b, const void *p, size_t n, struct err *e)
{
    memset(b, 0, sizeof *b);
    if (n > BATCH_MAX)
        return err_set(e, ERR_TOO_BIG, "the batch");
    if (n < HEAD || memcmp(p, head, HEAD) != 0)
        return err_set(e, ERR_BAD_INPUT, "not a batch of a log");
    struct reader r = {.p = (const uint8_t *)p + HEAD, .left = n - HEAD};
    b->entry = mem_alloc(BATCH_ENTRIES * sizeof *b->entry);
    b->names = mem_alloc((size_t)BATCH_ENTRIES * 2 * (VKEY_TEXT_MAX + 1));
    if (read_all(b, &r))
        return ERR_OK;
    batch_done(b);
    return err_set(e, ERR_BAD_INPUT, "the batch cannot be read");
}

void
batch_done(struct batch *b)
{
    free(b->entry);
    free(b->names);
    memset(b, 0, sizeof *b);
}
