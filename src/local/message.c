/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "local/message.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "local/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    AUTHOR_MAX = 4096,     /* bytes, AUDIT 4 */
    PAYLOAD_MAX = 1 << 20, /* bytes */
    RECEIPT_MAX = 16384    /* bytes */
};

/* \u0000 would end a C string early; cJSON takes it. */
static bool
has_nul_escape(const char *s, size_t n)
{
    for (size_t i = 0; i + 5 < n; i++) {
        if (s[i] != '\\')
            continue;
        if (s[i + 1] == 'u' && !memcmp(s + i + 2, "0000", 4))
            return true;
        i++;
    }
    return false;
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
has_duplicates(const cJSON *o)
{
    size_t n = 0, i = 0;
    bool found = false;
    for (const cJSON *c = o->child; c; c = c->next, n++)
        if (c->child && has_duplicates(c))
            return true;
    if (!cJSON_IsObject(o) || n < 2)
        return false;
    const char **names = mem_alloc(n * sizeof *names);
    for (const cJSON *c = o->child; c; c = c->next)
        names[i++] = c->string;
    qsort(names, n, sizeof *names, compare_names);
    for (i = 1; i < n && !found; i++)
        found = !strcmp(names[i - 1], names[i]);
    free(names);
    return found;
}

cJSON *
message_parse(const void *p, size_t n, size_t max, struct err *e)
{
    if (n > max) {
        err_set(e, ERR_TOO_BIG, _("a message of %zu bytes, at most %zu"), n,
                max);
        return NULL;
    }
    if (!p)
        p = ""; /* an empty body */
    const char *end = NULL;
    cJSON *json =
        text_is_utf8(p, n) && !memchr(p, '\0', n) && !has_nul_escape(p, n)
            ? cJSON_ParseWithLengthOpts(p, n, &end, false)
            : NULL;
    const char *stop = (const char *)p + n;
    while (json && end < stop && strchr(" \t\r\n", *end))
        end++;
    if (!json || end != stop || has_duplicates(json)) {
        cJSON_Delete(json);
        err_set(e, ERR_PROTOCOL, "%s", _("the message is not proper JSON"));
        return NULL;
    }
    return json;
}

const char *
message_text(const cJSON *o, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));
}

bool
message_number(const cJSON *o, const char *name, int64_t *v)
{
    const cJSON *c = cJSON_GetObjectItemCaseSensitive(o, name);
    /* a double is exact for whole numbers up to 2^53 */
    if (!cJSON_IsNumber(c) || fabs(c->valuedouble) > 9007199254740992.0 ||
        c->valuedouble != floor(c->valuedouble))
        return false;
    *v = (int64_t)c->valuedouble;
    return true;
}

bool
message_bool(const cJSON *o, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, name));
}

bool
message_only(const cJSON *o, const char *const *names, struct err *e)
{
    if (!cJSON_IsObject(o)) {
        err_set(e, ERR_BAD_INPUT, "%s", _("the message is not an object"));
        return false;
    }
    for (const cJSON *c = o->child; c; c = c->next) {
        const char *const *n = names;
        while (*n && strcmp(*n, c->string) != 0)
            n++;
        if (!*n) {
            /* the name is the peer's: shown only as far as it is plain */
            char plain[33];
            size_t i = 0;
            for (; i < 32 && c->string[i]; i++)
                plain[i] =
                    (char)((c->string[i] >= 'a' && c->string[i] <= 'z') ||
                                   c->string[i] == '_'
                               ? c->string[i]
                               : '.');
            plain[i] = '\0';
            err_set(e, ERR_BAD_INPUT, _("unknown member %s"), plain);
            return false;
        }
    }
    return true;
}

static bool
read_base64(struct buf *out, const cJSON *o, const char *name, size_t max)
{
    const char *s = message_text(o, name);
    buf_init(out, max);
    return s && text_base64_decode(out, s, strlen(s)) == ERR_OK;
}

enum err_code
signed_entry_write(struct buf *out, const struct signed_entry *s)
{
    struct json j = {.out = out};
    json_open(&j, NULL, '{');
    json_base64(&j, "forfattardel", buf_str(&s->author), s->author.len);
    json_base64(&j, "signatur", s->sig, sizeof s->sig);
    if (s->has_payload) {
        json_base64(&j, "nyttolast", buf_str(&s->payload), s->payload.len);
        json_base64(&j, "salt", s->salt, sizeof s->salt);
    }
    json_close(&j, '}');
    return out->full ? ERR_TOO_BIG : ERR_OK;
}

static bool
read_fixed(uint8_t *to, size_t size, const cJSON *o, const char *name)
{
    AUTO_BUF(b, 256);
    bool ok = read_base64(&b, o, name, 256) && b.len == size;
    if (ok)
        memcpy(to, b.data, size);
    return ok;
}

enum err_code
signed_entry_read(struct signed_entry *s, const cJSON *json, struct err *e)
{
    static const char *const names[] = {"forfattardel", "signatur", "nyttolast",
                                        "salt", NULL};
    *s = (struct signed_entry){0};
    buf_init(&s->author, AUTHOR_MAX);
    buf_init(&s->payload, PAYLOAD_MAX);
    if (!message_only(json, names, e))
        return ERR_BAD_INPUT;
    bool payload = cJSON_HasObjectItem(json, "nyttolast");
    bool ok = read_base64(&s->author, json, "forfattardel", AUTHOR_MAX) &&
              s->author.len &&
              read_fixed(s->sig, sizeof s->sig, json, "signatur") &&
              payload == (bool)cJSON_HasObjectItem(json, "salt");
    if (ok && payload)
        ok = read_base64(&s->payload, json, "nyttolast", PAYLOAD_MAX) &&
             read_fixed(s->salt, sizeof s->salt, json, "salt");
    s->has_payload = ok && payload;
    if (ok)
        return ERR_OK;
    signed_entry_done(s);
    return err_set(e, ERR_BAD_INPUT, "%s",
                   _("the signed entry is not complete"));
}

void
signed_entry_done(struct signed_entry *s)
{
    buf_done(&s->author);
    buf_done(&s->payload);
    mem_wipe(s->salt, sizeof s->salt);
    s->has_payload = false;
}

enum err_code
kvitto_write(struct buf *out, const struct kvitto *k)
{
    struct json j = {.out = out};
    json_open(&j, NULL, '{');
    json_str(&j, "typ", "kvitto");
    json_int(&j, "loggpost", (int64_t)k->loggpost);
    json_time(&j, "tid", k->time_ms);
    json_base64(&j, "kvitto", buf_str(&k->receipt), k->receipt.len);
    json_close(&j, '}');
    return out->full ? ERR_TOO_BIG : ERR_OK;
}

enum err_code
kvitto_read(struct kvitto *k, const cJSON *json, struct err *e)
{
    int64_t seq;
    const char *time = message_text(json, "tid");
    *k = (struct kvitto){0};
    if (!message_number(json, "loggpost", &seq) || seq < 0 || !time ||
        (k->time_ms = clock_parse(time)) < 0 ||
        !read_base64(&k->receipt, json, "kvitto", RECEIPT_MAX)) {
        buf_done(&k->receipt);
        return err_set(e, ERR_PROTOCOL, "%s", _("the receipt is not complete"));
    }
    k->loggpost = (uint64_t)seq;
    return ERR_OK;
}

enum err_code
klar_write(struct buf *out, const struct klar *k)
{
    struct json j = {.out = out};
    json_open(&j, NULL, '{');
    json_str(&j, "typ", "klar");
    json_str(&j, "utfall", k->utfall);
    json_int(&j, "loggpost", (int64_t)k->loggpost);
    json_base64(&j, "kvitto", buf_str(&k->receipt), k->receipt.len);
    json_hex(&j, "salt", k->salt, sizeof k->salt);
    json_hex(&j, "svarshash", k->hash, sizeof k->hash);
    json_close(&j, '}');
    return out->full ? ERR_TOO_BIG : ERR_OK;
}

enum err_code
klar_read(struct klar *k, const cJSON *json, struct err *e)
{
    int64_t seq;
    const char *outcome = message_text(json, "utfall");
    const char *salt = message_text(json, "salt");
    const char *hash = message_text(json, "svarshash");
    *k = (struct klar){0};
    if (!outcome || strlen(outcome) >= sizeof k->utfall || !salt || !hash ||
        !message_number(json, "loggpost", &seq) || seq < 0 ||
        !text_unhex(salt, k->salt, sizeof k->salt) ||
        !text_unhex(hash, k->hash, sizeof k->hash) ||
        !read_base64(&k->receipt, json, "kvitto", RECEIPT_MAX)) {
        buf_done(&k->receipt);
        return err_set(e, ERR_PROTOCOL, "%s", _("the end is not complete"));
    }
    memcpy(k->utfall, outcome, strlen(outcome));
    k->loggpost = (uint64_t)seq;
    return ERR_OK;
}

int
problem_status(enum err_code code)
{
    switch (code) {
    case ERR_OK:
        return 200;
    case ERR_BAD_INPUT:
    case ERR_USAGE:
    case ERR_PERIOD:
    case ERR_PERSONNUMMER:
    case ERR_ARENDEIDENTITET:
    case ERR_COMMIT:
    case ERR_SIGNATURE:
        return 400;
    case ERR_TOO_BIG:
        return 413;
    case ERR_NOT_FOUND:
        return 404;
    case ERR_NONCE:
        return 409;
    case ERR_RATE:
    case ERR_CEILING:
        return 429;
    case ERR_NET:
    case ERR_TLS:
    case ERR_PROTOCOL:
        return 502;
    case ERR_TIMEOUT:
        return 504;
    case ERR_LOG:
    case ERR_LOG_BROKEN:
    case ERR_IO:
        return 503;
    case ERR_INTERNAL:
    case ERR_CONFIG:
        return 500;
    default:
        return 403; /* the refusals of grant and försäkran */
    }
}

enum err_code
problem_write(struct buf *out, enum err_code code, const struct err *e,
              bool stream)
{
    const struct err_row *row = err_row(code);
    struct json j = {.out = out};
    json_open(&j, NULL, '{');
    if (stream)
        json_str(&j, "typ", "problem");
    json_str(&j, "type", "about:blank");
    json_str(&j, "title", row->message);
    json_int(&j, "status", problem_status(code));
    json_str(&j, "kod", row->word);
    json_int(&j, "utgang", row->exit);
    json_str(&j, "titel", gettext(row->message));
    json_str(&j, "atgard",
             row->retry ? _("Try again.") : _("Trying again does not help."));
    if (e && e->text[0])
        json_str(&j, "detail", e->text);
    json_close(&j, '}');
    return out->full ? ERR_TOO_BIG : ERR_OK;
}

enum err_code
problem_read(enum err_code *code, struct err *e, const cJSON *json)
{
    const char *word = message_text(json, "kod");
    if (!word)
        return err_set(e, ERR_PROTOCOL, "%s",
                       _("the other side answered without a reason"));
    *code = err_by_word(word);
    if (*code == ERR_OK)
        *code = ERR_INTERNAL;
    const char *detail = message_text(json, "detail");
    if (!detail)
        detail = "";
    AUTO_ARENA struct arena *a = arena_new(0);
    const char *clean = text_clean(a, detail, strlen(detail));
    err_set(e, *code, "%s", clean ? clean : "");
    return ERR_OK;
}
