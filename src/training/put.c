/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "training/put.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* XML 1.0 section 2.2, Char */
static bool
xml_char(uint32_t cp)
{
    return cp == '\t' || cp == '\n' || (cp >= 0x20 && cp < 0xd800) ||
           (cp >= 0xe000 && cp < 0xfffe) || cp >= 0x10000;
}

void
put_escaped(struct buf *b, const char *text)
{
    int len;
    for (uint32_t cp; (cp = text_next(text, &len)) != 0; text += len) {
        if (cp == '<')
            buf_adds(b, "&lt;");
        else if (cp == '>')
            buf_adds(b, "&gt;");
        else if (cp == '&')
            buf_adds(b, "&amp;");
        else if (cp == '"')
            buf_adds(b, "&quot;");
        else if (!xml_char(cp) || (cp == 0xfffd && len == 1))
            buf_adds(b, "\xef\xbf\xbd");
        else
            buf_add(b, text, (size_t)len);
    }
}

void
put_open(struct buf *b, const char *name)
{
    buf_addf(b, "<%s>", name);
}

void
put_close(struct buf *b, const char *name)
{
    buf_addf(b, "</%s>", name);
}

void
put_text(struct buf *b, const char *name, const char *text)
{
    put_open(b, name);
    put_escaped(b, text == NULL ? "" : text);
    put_close(b, name);
}

void
put_date(struct buf *b, const char *name, struct date d)
{
    char text[11];
    date_text(d, text);
    put_text(b, name, text);
}

void
put_number(struct buf *b, const char *name, int64_t n)
{
    buf_addf(b, "<%s>%" PRId64 "</%s>", name, n, name);
}

void
put_bool(struct buf *b, const char *name, bool v)
{
    put_text(b, name, v ? "true" : "false");
}

static void
put_row(struct buf *b, const struct put_row *row, const void *at,
        struct month month)
{
    switch (row->kind) {
    case PUT_TEXT: {
        const char *text = *(const char *const *)at;
        if (!row->optional || (text != NULL && *text != '\0'))
            put_text(b, row->name, text);
        break;
    }
    case PUT_DATE: {
        struct date d = *(const struct date *)at;
        if (!row->optional || !date_none(d))
            put_date(b, row->name, d);
        break;
    }
    case PUT_REL: {
        struct rel r = *(const struct rel *)at;
        if (!row->optional || !rel_none(r))
            put_date(b, row->name, rel_date(month, r));
        break;
    }
    case PUT_INT: {
        int n = *(const int *)at;
        if (!row->optional || n >= 0)
            put_number(b, row->name, n);
        break;
    }
    case PUT_BOOL:
        put_bool(b, row->name, *(const bool *)at);
        break;
    }
}

void
put_rows(struct buf *b, const struct put_row *rows, size_t n,
         const void *object, struct month month)
{
    for (size_t i = 0; i < n; i++)
        put_row(b, &rows[i], (const char *)object + rows[i].at, month);
}

static void
put_string(struct buf *b, const char *text)
{
    buf_addc(b, '"');
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            buf_addf(b, "\\%c", c);
        else if (c < 0x20)
            buf_addf(b, "\\u%04x", c);
        else
            buf_addc(b, *text);
    }
    buf_addc(b, '"');
}

/* Comma and name, where they belong. */
static void
put_before(struct put_json *j, const char *name)
{
    if (j->depth > 0 && j->some[j->depth - 1])
        buf_addc(j->out, ',');
    if (j->depth > 0)
        j->some[j->depth - 1] = true;
    if (name != NULL) {
        put_string(j->out, name);
        buf_addc(j->out, ':');
    }
}

static void
put_begin(struct put_json *j, const char *name, bool list)
{
    put_before(j, name);
    buf_addc(j->out, list ? '[' : '{');
    j->list[j->depth] = list;
    j->some[j->depth++] = false;
}

void
put_object(struct put_json *j, const char *name)
{
    put_begin(j, name, false);
}

void
put_list(struct put_json *j, const char *name)
{
    put_begin(j, name, true);
}

void
put_end(struct put_json *j)
{
    buf_addc(j->out, j->list[--j->depth] ? ']' : '}');
}

void
put_word(struct put_json *j, const char *name, const char *text)
{
    put_before(j, name);
    if (text == NULL)
        buf_adds(j->out, "null");
    else
        put_string(j->out, text);
}

void
put_int(struct put_json *j, const char *name, int64_t n)
{
    put_before(j, name);
    buf_addf(j->out, "%" PRId64, n);
}

void
put_truth(struct put_json *j, const char *name, bool v)
{
    put_before(j, name);
    buf_adds(j->out, v ? "true" : "false");
}

void
put_day(struct put_json *j, const char *name, struct date d)
{
    char text[11];
    date_text(d, text);
    put_word(j, name, text);
}

void
put_name(char *out, size_t size, const struct cast_person *p)
{
    snprintf(out, size, "%s, %s", p->efternamn, p->fornamn);
}
