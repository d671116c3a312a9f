/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "local/json.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* RFC 8259 section 7: quotation mark, reverse solidus and U+0000..U+001F.
 * DEL is escaped too, since a terminal may act on it. */
static bool
plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

/* The same of eight bytes at once, whatever their order; false also where the
 * bytes behind one that is not plain only look so. */
static bool
plain_eight(const char *s)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t x;
    memcpy(&x, s, sizeof x);
    uint64_t quote = x ^ each * '"', back = x ^ each * '\\';
    uint64_t del = x ^ each * 0x7f, low = (x - each * 0x20) & ~x;
    return !((low | ((quote - each) & ~quote) | ((back - each) & ~back) |
              ((del - each) & ~del)) &
             each * 0x80);
}

/* Bytes from the start of s that stand for themselves. */
static size_t
plain_run(const char *s, size_t n)
{
    size_t i = 0;
    while (n - i >= 8 && plain_eight(s + i))
        i += 8;
    while (i < n && plain(s[i]))
        i++;
    return i;
}

static void
escape(struct buf *b, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char six[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    char two[2] = {'\\', (char)c};
    if (c == '\n')
        buf_add(b, "\\n", 2);
    else if (c == '"' || c == '\\')
        buf_add(b, two, 2);
    else
        buf_add(b, six, 6);
}

static void
quote(struct buf *b, const char *s, size_t n)
{
    buf_addc(b, '"');
    for (size_t k; n; s += k, n -= k) {
        k = plain_run(s, n);
        buf_add(b, s, k);
        if (k == n)
            break;
        escape(b, (unsigned char)s[k++]);
    }
    buf_addc(b, '"');
}

static void
begin(struct json *j, const char *name)
{
    if (j->more)
        buf_addc(j->out, ',');
    j->more = true;
    if (name) {
        quote(j->out, name, strlen(name));
        buf_addc(j->out, ':');
    }
}

void
json_open(struct json *j, const char *name, char bracket)
{
    begin(j, name);
    buf_addc(j->out, bracket);
    j->more = false;
}

void
json_close(struct json *j, char bracket)
{
    buf_addc(j->out, bracket);
    j->more = true;
}

void
json_text_n(struct json *j, const char *name, const char *s, size_t n)
{
    begin(j, name);
    quote(j->out, s, n);
}

void
json_str(struct json *j, const char *name, const char *s)
{
    json_text_n(j, name, s, strlen(s));
}

void
json_null(struct json *j, const char *name)
{
    begin(j, name);
    buf_add(j->out, "null", 4);
}

void
json_bool(struct json *j, const char *name, bool v)
{
    begin(j, name);
    buf_adds(j->out, v ? "true" : "false");
}

void
json_int(struct json *j, const char *name, int64_t v)
{
    begin(j, name);
    buf_addf(j->out, "%" PRId64, v);
}

void
json_text_null(struct json *j, const char *name, const char *s)
{
    if (s)
        json_str(j, name, s);
    else
        json_null(j, name);
}

void
json_text_if(struct json *j, const char *name, const char *s)
{
    if (s)
        json_str(j, name, s);
}

void
json_money(struct json *j, const char *name, struct money m)
{
    char text[24];
    if (!m.given) {
        json_null(j, name);
        return;
    }
    money_text(m, text);
    json_str(j, name, text);
}

void
json_money_if(struct json *j, const char *name, struct money m)
{
    if (m.given)
        json_money(j, name, m);
}

void
json_date(struct json *j, const char *name, struct date d)
{
    char text[11];
    date_text(d, text);
    json_text_null(j, name, text[0] ? text : NULL);
}

void
json_seconds(struct json *j, const char *name, int ms)
{
    if (ms < 0) {
        json_null(j, name);
        return;
    }
    begin(j, name);
    buf_addf(j->out, "%d.%d", ms / 1000, ms / 100 % 10);
    if (ms % 100)
        buf_addf(j->out, ms % 10 ? "%02d" : "%d",
                 ms % 10 ? ms % 100 : ms / 10 % 10);
}

void
json_base64(struct json *j, const char *name, const void *p, size_t n)
{
    begin(j, name);
    buf_addc(j->out, '"');
    text_base64_encode(j->out, p, n);
    buf_addc(j->out, '"');
}

void
json_hex(struct json *j, const char *name, const void *p, size_t n)
{
    static const char hex[] = "0123456789abcdef";
    const unsigned char *s = p;
    begin(j, name);
    buf_addc(j->out, '"');
    for (size_t i = 0; i < n; i++) {
        char two[2] = {hex[s[i] >> 4], hex[s[i] & 15]};
        buf_add(j->out, two, 2);
    }
    buf_addc(j->out, '"');
}

void
json_time(struct json *j, const char *name, int64_t ms)
{
    char text[32];
    clock_iso(ms, text);
    json_str(j, name, text);
}
