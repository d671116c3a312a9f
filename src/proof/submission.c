/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/submission.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

/* The line at *p without its end, *p moved behind it; NULL at the end. */
static const char *
take_line(const char **p, const char *end, size_t *n)
{
    const char *from = *p;
    const char *nl =
        from < end ? memchr(from, '\n', (size_t)(end - from)) : NULL;
    if (!nl)
        return NULL;
    *n = (size_t)(nl - from);
    *p = nl + 1;
    return from;
}

/* "old N": decimal, no sign, no leading zero. */
static bool
read_old(const char *s, size_t n, uint64_t *v)
{
    *v = 0;
    if (n < 5 || n > 4 + 19 || memcmp(s, "old ", 4) != 0 ||
        (n > 5 && s[4] == '0'))
        return false;
    for (size_t i = 4; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        *v = *v * 10 + (uint64_t)(s[i] - '0');
    }
    return *v <= INT64_MAX;
}

static bool
read_hash(const char *s, size_t n, uint8_t out[HASH_SIZE])
{
    AUTO_BUF(b, HASH_SIZE + 3);
    if (n != 44 || memchr(s, ' ', n) || memchr(s, '\t', n) ||
        memchr(s, '\r', n) || text_base64_decode(&b, s, n) ||
        b.len != HASH_SIZE)
        return false;
    memcpy(out, b.data, HASH_SIZE);
    return true;
}

enum err_code
submission_read(struct submission *s, const void *body, size_t n, struct err *e)
{
    const char *p = body, *end = p + n, *line;
    size_t len;
    memset(s, 0, sizeof *s);
    if (n > SUBMISSION_MAX || !(line = take_line(&p, end, &len)) ||
        !read_old(line, len, &s->old))
        return err_set(e, ERR_BAD_INPUT, "the first line is not an old size");
    while ((line = take_line(&p, end, &len)) && len) {
        if (s->proof.count == SUBMISSION_PROOF ||
            !read_hash(line, len, s->proof.hash[s->proof.count++]))
            return err_set(e, ERR_BAD_INPUT, "a line of the proof");
    }
    if (!line)
        return err_set(e, ERR_BAD_INPUT, "there is no checkpoint");
    s->note = p;
    s->note_len = (size_t)(end - p);
    return note_parse(s->note, s->note_len, &s->c, e);
}

enum err_code
submission_write(struct buf *out, uint64_t old,
                 const struct merkle_proof *proof, const char *note, size_t n,
                 struct err *e)
{
    buf_addf(out, "old %" PRIu64 "\n", old);
    for (unsigned i = 0; i < proof->count; i++) {
        text_base64_encode(out, proof->hash[i], HASH_SIZE);
        buf_addc(out, '\n');
    }
    buf_addc(out, '\n');
    return buf_add(out, note, n) ? err_set(e, ERR_TOO_BIG, "submission")
                                 : ERR_OK;
}

int
submission_judge(const struct submission *s, const struct vkey *log,
                 const struct witnessed *last, struct err *e)
{
    static const struct merkle empty;
    uint8_t root[HASH_SIZE];
    struct checkpoint c;
    const uint8_t *old_root = last->root;
    if (note_verify(s->note, s->note_len, log, &c, e))
        return 403;
    if (s->old > c.size) {
        err_set(e, ERR_BAD_INPUT, "the old size is past the checkpoint's");
        return 400;
    }
    if (s->old != last->size) {
        err_set(e, ERR_SEEN, "%" PRIu64 " entries have been cosigned",
                last->size);
        return 409;
    }
    merkle_root(&empty, root);
    if (c.size == 0 && memcmp(c.root, root, HASH_SIZE) != 0) {
        err_set(e, ERR_LOG_BROKEN, "not the root of an empty log");
        return 422;
    }
    if (last->size == 0)
        old_root = root;
    if (!merkle_consistency_holds(s->old, c.size, old_root, c.root,
                                  &s->proof)) {
        err_set(e, ERR_LOG_BROKEN, "the proof does not hold");
        return 422;
    }
    return 200;
}
