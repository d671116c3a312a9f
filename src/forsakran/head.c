/* SPDX-License-Identifier: EUPL-1.2
 *
 * What is signed: the canonical head and the wording's bytes. The head is
 * lines that a person can read in the output of `openssl cms -verify`, and
 * one value has one form: reading back writes anew and compares.
 *
 *     enfraga/forsakran/1
 *     konto: hl0142
 *     ...one line a field, in the order of the table below...
 *     (an empty line)
 *     the wording, byte for byte
 */
#include "config.h"

#include "forsakran/forsakran.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "seal/hash.h"

#include <stddef.h>
#include <string.h>

#define FIRST_LINE "enfraga/forsakran/1\n"

enum kind { TEXT, DATE, TICK, HASH };

static const struct field {
    const char *name;
    enum kind kind;
    size_t at, size;
} fields[] = {
#define FIELD(n, k, m)                                                         \
    {                                                                          \
        n, k, offsetof(struct forsakran, m),                                   \
            sizeof(((struct forsakran *)0)->m)                                 \
    }
    FIELD("konto", TEXT, konto),
    FIELD("namn", TEXT, namn),
    FIELD("kommun", TEXT, kommun),
    FIELD("ort", TEXT, ort),
    FIELD("datum", DATE, datum),
    FIELD("från", DATE, from),
    FIELD("till", DATE, till),
    FIELD("1 behov", TICK, ticks[0]),
    FIELD("2 intrång", TICK, ticks[1]),
    FIELD("3 tystnad", TICK, ticks[2]),
    FIELD("4 loggning", TICK, ticks[3]),
    FIELD("text", TEXT, wording_id),
    FIELD("text-sha256", HASH, wording_sha256),
    FIELD("nyckel", TEXT, vkey),
#undef FIELD
};

enum { N_FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* One line of NFC, nothing in it that moves or hides other text. */
static bool
value_ok(const char *s)
{
    AUTO_ARENA struct arena *a = arena_new(0);
    size_t n = strlen(s);
    const char *clean = n == 0 ? NULL : text_clean(a, s, n);
    return clean != NULL && strcmp(clean, s) == 0 && s[0] != ' ' &&
           s[n - 1] != ' ';
}

struct date
forsakran_till(struct date from)
{
    struct date d = from;
    d.year++;
    if (!date_ok(d)) /* 29 February */
        d.day--;
    return d;
}

static enum err_code
check(const struct forsakran *f, struct err *e)
{
    for (int i = 0; i < N_FIELDS; i++) {
        const void *at = (const char *)f + fields[i].at;
        if (fields[i].kind == TEXT && !value_ok(at))
            return err_set(e, ERR_BAD_INPUT,
                           _("%s is missing or holds what cannot be signed"),
                           fields[i].name);
        if (fields[i].kind == DATE && !date_ok(*(const struct date *)at))
            return err_set(e, ERR_BAD_INPUT, _("%s is not a date"),
                           fields[i].name);
        if (fields[i].kind == TICK && !*(const bool *)at)
            return err_set(e, ERR_BAD_INPUT, _("the point %s is not ticked"),
                           fields[i].name);
    }
    if (date_compare(f->from, f->till) > 0 ||
        date_compare(f->till, forsakran_till(f->from)) > 0)
        return err_set(e, ERR_BAD_INPUT, _("it may last at most 12 months"));
    if (date_compare(f->from, f->datum) < 0)
        return err_set(e, ERR_BAD_INPUT, _("it begins before it was signed"));
    return ERR_OK;
}

static void
add_value(struct buf *out, const struct forsakran *f, const struct field *d)
{
    const void *at = (const char *)f + d->at;
    char date[11], hex[65];
    switch (d->kind) {
    case TEXT:
        buf_adds(out, at);
        break;
    case DATE:
        date_text(*(const struct date *)at, date);
        buf_adds(out, date);
        break;
    case TICK:
        buf_adds(out, *(const bool *)at ? "ja" : "nej");
        break;
    case HASH:
        text_hex(at, d->size, hex);
        buf_adds(out, hex);
        break;
    }
}

static void
add_head(struct buf *out, const struct forsakran *f)
{
    buf_adds(out, FIRST_LINE);
    for (int i = 0; i < N_FIELDS; i++) {
        buf_addf(out, "%s: ", fields[i].name);
        add_value(out, f, &fields[i]);
        buf_addc(out, '\n');
    }
    buf_addc(out, '\n');
}

enum err_code
forsakran_content(struct buf *out, const struct forsakran *f,
                  const struct wording *w, struct err *e)
{
    enum err_code code = check(f, e);
    if (code != ERR_OK)
        return err_add(e, code, _("the försäkran"));
    if (strcmp(f->wording_id, w->id) != 0 ||
        memcmp(f->wording_sha256, w->sha256, HASH_SIZE) != 0)
        return err_set(e, ERR_BAD_INPUT,
                       _("the försäkran names another wording than %s"), w->id);
    add_head(out, f);
    buf_adds(out, w->text);
    return out->full ? err_set(e, ERR_TOO_BIG, _("the försäkran")) : ERR_OK;
}

/* "name: value\n" at *p into the field; *p moves behind it. */
static bool
read_field(struct forsakran *f, const struct field *d, const char **p)
{
    size_t n = strlen(d->name);
    if (strncmp(*p, d->name, n) != 0 || strncmp(*p + n, ": ", 2) != 0)
        return false;
    const char *v = *p + n + 2;
    size_t len = strcspn(v, "\n");
    char value[256];
    if (v[len] != '\n' || len >= sizeof(value))
        return false;
    memcpy(value, v, len);
    value[len] = '\0';
    *p = v + len + 1;

    void *at = (char *)f + d->at;
    switch (d->kind) {
    case TEXT:
        if (len >= d->size)
            return false;
        memcpy(at, value, len + 1);
        return true;
    case DATE:
        return len == 10 && date_read(at, value);
    case TICK:
        *(bool *)at = strcmp(value, "ja") == 0;
        return true;
    case HASH:
        return text_unhex(value, at, d->size);
    }
    return false;
}

enum err_code
forsakran_read(struct forsakran *f, const void *content, size_t n,
               struct err *e)
{
    *f = (struct forsakran){0};
    AUTO_BUF(text, FORSAKRAN_MAX);
    AUTO_BUF(again, FORSAKRAN_MAX);
    if (buf_add(&text, content, n) != ERR_OK)
        return err_set(e, ERR_TOO_BIG, _("the försäkran"));
    const char *p = buf_str(&text);
    if (strlen(p) != n || strncmp(p, FIRST_LINE, strlen(FIRST_LINE)) != 0)
        return err_set(e, ERR_BAD_INPUT, _("that is not a försäkran"));
    p += strlen(FIRST_LINE);
    for (int i = 0; i < N_FIELDS; i++)
        if (!read_field(f, &fields[i], &p))
            return err_set(e, ERR_BAD_INPUT,
                           _("the försäkran: %s cannot be read"),
                           fields[i].name);
    enum err_code code = check(f, e);
    if (code != ERR_OK)
        return err_add(e, code, _("the försäkran"));
    add_head(&again, f);
    if (again.full || again.len >= n ||
        memcmp(again.data, text.data, again.len) != 0)
        return err_set(e, ERR_BAD_INPUT,
                       _("the försäkran: the head is not in its one form"));
    uint8_t sha[HASH_SIZE];
    sha256(sha, text.data + again.len, n - again.len);
    if (memcmp(sha, f->wording_sha256, HASH_SIZE) != 0)
        return err_set(
            e, ERR_BAD_INPUT,
            _("the försäkran: the text is not the one the head names"));
    return ERR_OK;
}

int
forsakran_days_left(const struct forsakran *f, struct date today)
{
    if (date_compare(today, f->from) < 0 || date_compare(today, f->till) > 0)
        return -1;
    return (int)(date_days(f->till) - date_days(today));
}
