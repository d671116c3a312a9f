/* SPDX-License-Identifier: EUPL-1.2
 *
 * An exported log (DESIGN 7, doc/FORMATS.md "Export"). Checkpoints are put in
 * order of size; members that are not known are passed over.
 */
#include "config.h"

#include "verifier/internal.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "proof/note.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD_MAX = 1 << 20 };
static const size_t file_max = (size_t)1 << 30;

struct head {
    const char *note;
    uint64_t size;
};

struct export
{
    cJSON *root;
    const cJSON *entry, *forsakran; /* the next ones */
    struct head *head;
    size_t heads, next_head;
    struct buf leaf, cms, text;
};

static int
damaged(struct err *e, const char *what)
{
    err_set(e, ERR_LOG_BROKEN, "%s", what);
    return -1;
}

static bool
get_base64(const cJSON *o, const char *name, struct buf *out)
{
    const char *s =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));
    buf_clear(out);
    return s && !text_base64_decode(out, s, strlen(s));
}

static bool
get_number(const cJSON *o, const char *name, uint64_t *out)
{
    const cJSON *n = cJSON_GetObjectItemCaseSensitive(o, name);
    if (!cJSON_IsNumber(n) || n->valuedouble < 0 ||
        n->valuedouble > 9007199254740992.0)
        return false;
    *out = (uint64_t)n->valuedouble;
    return (double)*out == n->valuedouble;
}

static int
next_entry(void *ctx, struct verify_row *out, struct err *e)
{
    struct export *x = ctx;
    const cJSON *o = x->entry;
    if (!o)
        return 0;
    x->entry = o->next;
    *out = (struct verify_row){.ref = -1};
    if (!get_number(o, "seq", &out->seq))
        return damaged(e, _("an entry without a number"));
    if (get_base64(o, "leaf_b64", &x->leaf)) {
        out->leaf = (const uint8_t *)buf_str(&x->leaf);
        out->leaf_len = x->leaf.len;
        return 1;
    }
    if (cJSON_HasObjectItem(o, "leaf_b64") ||
        !get_base64(o, "leaf_hash_b64", &x->leaf) || x->leaf.len != HASH_SIZE)
        return damaged(e, _("an entry that is not base64"));
    out->leaf_hash = (const uint8_t *)x->leaf.data;
    return 1;
}

static int
next_checkpoint(void *ctx, const char **note, size_t *len, uint64_t *size,
                struct err *e)
{
    struct export *x = ctx;
    (void)e;
    if (x->next_head == x->heads)
        return 0;
    const struct head *h = &x->head[x->next_head++];
    *note = h->note;
    *len = strlen(h->note);
    *size = h->size;
    return 1;
}

static int
next_forsakran(void *ctx, struct verify_forsakran *out, struct err *e)
{
    struct export *x = ctx;
    const cJSON *o = x->forsakran;
    uint64_t id;
    if (!o)
        return 0;
    x->forsakran = o->next;
    const char *vkey =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "vkey"));
    const char *account =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "konto"));
    *out = (struct verify_forsakran){.vkey = vkey, .account = account};
    if (!vkey || !account || !get_number(o, "seq", &out->seq) ||
        !get_number(o, "id", &id) || !get_base64(o, "cms_b64", &x->cms) ||
        !get_base64(o, "text_b64", &x->text))
        return damaged(e, _("a försäkran that cannot be read"));
    out->id = (int64_t)id;
    out->cms = buf_str(&x->cms);
    out->cms_len = x->cms.len;
    out->text = buf_str(&x->text);
    out->text_len = x->text.len;
    return 1;
}

static int
by_size(const void *a, const void *b)
{
    const struct head *x = a, *y = b;
    return x->size < y->size ? -1 : x->size > y->size;
}

/* A note that cannot be read gets size 0, where it will be a finding. */
static bool
take_heads(struct export *x)
{
    const cJSON *list =
        cJSON_GetObjectItemCaseSensitive(x->root, "checkpoints");
    const cJSON *o;
    if (!cJSON_IsArray(list))
        return false;
    x->head =
        mem_alloc(((size_t)cJSON_GetArraySize(list) + 1) * sizeof *x->head);
    cJSON_ArrayForEach(o, list)
    {
        struct checkpoint c = {.size = 0};
        const char *note = cJSON_GetStringValue(o);
        if (!note)
            return false;
        if (note_parse(note, strlen(note), &c, NULL))
            c.size = 0;
        x->head[x->heads++] = (struct head){.note = note, .size = c.size};
    }
    qsort(x->head, x->heads, sizeof *x->head, by_size);
    return true;
}

static void
close_export(void *ctx)
{
    struct export *x = ctx;
    cJSON_Delete(x->root);
    free(x->head);
    buf_done(&x->leaf);
    buf_done(&x->cms);
    buf_done(&x->text);
    free(x);
}

static enum err_code
read_file(const char *path, struct buf *out, struct err *e)
{
    char block[65536];
    FILE *f = fopen(path, "re");
    if (!f)
        return err_errno(e, ERR_IO, "%s", path);
    enum err_code code = ERR_OK;
    for (size_t n; !code && (n = fread(block, 1, sizeof block, f)) > 0;)
        code = buf_add(out, block, n);
    if (code)
        err_set(e, code, _("%s: too large an export"), path);
    else if (ferror(f))
        code = err_errno(e, ERR_IO, "%s", path);
    fclose(f);
    return code;
}

/* The text into x->root; nothing may stand behind it. */
static enum err_code
parse(struct export *x, const char *path, struct err *e)
{
    AUTO_BUF(text, file_max);
    const char *end = NULL;
    enum err_code code = read_file(path, &text, e);
    if (code)
        return code;
    if (text.len == 0 || strlen(text.data) != text.len)
        return err_set(e, ERR_LOG_BROKEN, _("%s: not JSON"), path);
    x->root = cJSON_ParseWithLengthOpts(text.data, text.len + 1, &end, 1);
    if (!x->root)
        return err_set(e, ERR_LOG_BROKEN, _("%s: not JSON"), path);
    return ERR_OK;
}

/* Witnesses and quorum are always there, if only none and 0. */
static bool
take_witnesses(struct export *x, struct rows *r)
{
    const cJSON *list =
        cJSON_GetObjectItemCaseSensitive(x->root, "witness_vkeys");
    const cJSON *o;
    uint64_t quorum;
    if (!cJSON_IsArray(list) || !get_number(x->root, "quorum", &quorum) ||
        cJSON_GetArraySize(list) > VERIFY_WITNESSES ||
        quorum > (uint64_t)cJSON_GetArraySize(list))
        return false;
    r->quorum = (unsigned)quorum;
    cJSON_ArrayForEach(o, list)
    {
        const char *text = cJSON_GetStringValue(o);
        if (!text ||
            vkey_parse_cosigner(text, &r->witness[r->witnesses++], NULL))
            return false;
    }
    return true;
}

enum err_code
json_rows_open(const char *path, struct rows *r, struct err *e)
{
    struct export *x = mem_alloc(sizeof *x);
    buf_init(&x->leaf, FIELD_MAX);
    buf_init(&x->cms, FIELD_MAX);
    buf_init(&x->text, FIELD_MAX);
    enum err_code code = parse(x, path, e);
    const cJSON *entries = cJSON_GetObjectItemCaseSensitive(x->root, "entries");
    const cJSON *forsakringar =
        cJSON_GetObjectItemCaseSensitive(x->root, "forsakringar");
    const char *vkey = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(x->root, "log_vkey"));
    const char *origin = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(x->root, "origin"));
    r->has_vkey = vkey && !vkey_parse(vkey, &r->vkey, NULL);
    if (!code && (!cJSON_IsArray(entries) || !r->has_vkey || !origin ||
                  strcmp(origin, r->vkey.name) != 0 || !take_heads(x) ||
                  !take_witnesses(x, r)))
        code = err_set(e, ERR_LOG_BROKEN, _("%s: not an exported log"), path);
    if (code) {
        close_export(x);
        return code;
    }
    x->entry = entries->child;
    x->forsakran = forsakringar ? forsakringar->child : NULL;
    r->source = (struct verify_source){.ctx = x,
                                       .entry = next_entry,
                                       .checkpoint = next_checkpoint,
                                       .forsakran = next_forsakran};
    r->close = close_export;
    return ERR_OK;
}
