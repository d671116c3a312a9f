/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* Eight bytes at once; the order of them does not matter. */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static uint64_t
eight(const char *s)
{
    uint64_t x;
    memcpy(&x, s, sizeof x);
    return x;
}

bool
text_is_utf8(const char *s, size_t n)
{
    while (n > 0) {
        utf8proc_int32_t cp;
        if (n >= 8 && !(eight(s) & EACH(0x80))) { /* most of most text */
            s += 8;
            n -= 8;
            continue;
        }
        if ((unsigned char)*s < 0x80) {
            s++;
            n--;
            continue;
        }
        utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s,
                                              (utf8proc_ssize_t)n, &cp);
        if (k <= 0)
            return false;
        s += k;
        n -= (size_t)k;
    }
    return true;
}

char *
text_nfc(struct arena *a, const char *s, size_t n)
{
    utf8proc_uint8_t *out = NULL;
    utf8proc_ssize_t k =
        utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, &out,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (k < 0)
        return NULL;
    char *p = arena_strndup(a, (const char *)out, (size_t)k);
    mem_wipe(out, (size_t)k);
    free(out);
    return p;
}

/* Characters that steer a terminal or the reading order (UX 15). */
bool
text_cp_steers(uint32_t cp)
{
    if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
        return true;
    switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_CF: /* bidi marks, zero width, tags */
        return cp != 0x00ad;
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return false;
    }
}

/* Printable ASCII, and U+00A0 to U+00FF, which are what they are in NFC. A
 * byte below 0x20 borrows, 0x7f carries, and what is above has its high bit. */
bool
text_is_clean(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        while (n - i >= 8) {
            uint64_t x = eight(s + i);
            if (((x - EACH(0x20)) | (x + EACH(1)) | x) & EACH(0x80))
                break;
            i += 8;
        }
        unsigned char c = i < n ? (unsigned char)s[i] : ' ';
        if (c >= 0x20 && c < 0x7f)
            continue;
        unsigned char d = i + 1 < n ? (unsigned char)s[i + 1] : 0;
        if (c < 0xc2 || c > 0xc3 || d < (c == 0xc2 ? 0xa0 : 0x80) || d > 0xbf)
            return false;
        i++;
    }
    return true;
}

char *
text_clean(struct arena *a, const char *s, size_t n)
{
    AUTO_BUF(b, n > 64u << 20 ? 0 : n * 8 + 64);
    for (size_t i = 0; i < n;) {
        utf8proc_int32_t cp;
        utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s + i,
                                              (utf8proc_ssize_t)(n - i), &cp);
        if (k <= 0) {
            buf_addf(&b, "<0x%02X>", (unsigned char)s[i]);
            i++;
            continue;
        }
        if (cp == '\n' || cp == '\r' || cp == '\t') {
            if (b.len && b.data[b.len - 1] != ' ')
                buf_addc(&b, ' ');
        } else if (text_cp_steers((uint32_t)cp)) {
            buf_addf(&b, "<U+%04X>", (unsigned)cp);
        } else {
            buf_add(&b, s + i, (size_t)k);
        }
        i += (size_t)k;
    }
    if (b.full)
        return NULL;
    return text_nfc(a, buf_str(&b), b.len);
}

uint32_t
text_next(const char *s, int *len)
{
    if (!*s) {
        *len = 0;
        return 0;
    }
    utf8proc_int32_t cp;
    utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s,
                                          (utf8proc_ssize_t)strnlen(s, 4), &cp);
    *len = k > 0 ? (int)k : 1;
    return k > 0 ? (uint32_t)cp : 0xfffd;
}

int
text_cp_width(uint32_t cp)
{
    return utf8proc_charwidth((utf8proc_int32_t)cp);
}

int
text_width(const char *s)
{
    int w = 0, len;
    for (uint32_t cp; (cp = text_next(s, &len)) != 0; s += len)
        w += text_cp_width(cp);
    return w;
}

size_t
text_fit(const char *s, int cells)
{
    const char *p = s;
    int w = 0, len;
    for (uint32_t cp; (cp = text_next(p, &len)) != 0; p += len) {
        w += text_cp_width(cp);
        if (w > cells)
            break;
    }
    return (size_t)(p - s);
}

void
text_cut(struct buf *out, const char *s, int cells)
{
    if (cells <= 0)
        return;
    if (text_width(s) <= cells) {
        buf_adds(out, s);
        return;
    }
    buf_add(out, s, text_fit(s, cells - 1));
    buf_addc(out, '~');
}

static char *
fold(struct arena *a, const char *s, int more)
{
    utf8proc_uint8_t *out = NULL;
    utf8proc_ssize_t k =
        utf8proc_map((const utf8proc_uint8_t *)s, 0, &out,
                     UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                         UTF8PROC_CASEFOLD | more);
    if (k < 0)
        return arena_strdup(a, s);
    char *p = arena_strndup(a, (const char *)out, (size_t)k);
    free(out);
    return p;
}

char *
text_fold(struct arena *a, const char *s)
{
    return fold(a, s, 0);
}

char *
text_plain(struct arena *a, const char *s)
{
    return fold(a, s, UTF8PROC_STRIPMARK);
}

void
text_personnummer(const char *twelve, char out[14])
{
    snprintf(out, 14, "%.8s-%.4s", twelve,
             strlen(twelve) > 8 ? twelve + 8 : "");
}

void
text_mask(const char *twelve, char out[14])
{
    snprintf(out, 14, "%.8s-****", twelve);
}

enum err_code
text_base64_encode(struct buf *out, const void *p, size_t n)
{
    static const char abc[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *s = p;
    char run[1024]; /* whole groups, added together */
    size_t k = 0;
    for (size_t i = 0; i < n; i += 3) {
        unsigned v = (unsigned)s[i] << 16;
        v |= i + 1 < n ? (unsigned)s[i + 1] << 8 : 0;
        v |= i + 2 < n ? s[i + 2] : 0;
        run[k++] = abc[v >> 18];
        run[k++] = abc[v >> 12 & 63];
        run[k++] = i + 1 < n ? abc[v >> 6 & 63] : '=';
        run[k++] = i + 2 < n ? abc[v & 63] : '=';
        if (k == sizeof run) {
            buf_add(out, run, k);
            k = 0;
        }
    }
    buf_add(out, run, k);
    mem_wipe(run, sizeof run);
    return out->full ? ERR_TOO_BIG : ERR_OK;
}

/* Value + 1 of a base64 letter, 0 for what is none. */
static const unsigned char base64_letters[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,
    ['G'] = 7,  ['H'] = 8,  ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12,
    ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18,
    ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30,
    ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
    ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
    ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54,
    ['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60,
    ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

static int
base64_value(unsigned char c)
{
    return base64_letters[c] - 1;
}

/* Whole groups of four letters from the start of s, as long as they are
 * letters, three bytes each at `to`; how many groups that were. */
static size_t
base64_run(const unsigned char *s, size_t groups, char *to)
{
    size_t k = 0;
    for (; k < groups; k++, s += 4, to += 3) {
        unsigned a = base64_letters[s[0]] - 1u, b = base64_letters[s[1]] - 1u;
        unsigned c = base64_letters[s[2]] - 1u, d = base64_letters[s[3]] - 1u;
        if ((a | b | c | d) > 63)
            break;
        unsigned v = a << 18 | b << 12 | c << 6 | d;
        to[0] = (char)(v >> 16);
        to[1] = (char)(v >> 8);
        to[2] = (char)v;
    }
    return k;
}

/* The same into the buffer, as far as its ceiling lets it. */
static size_t
base64_groups(struct buf *out, const char *s, size_t n)
{
    size_t room = (out->max - out->len) / 3, groups = n / 4;
    if (groups > room)
        groups = room;
    char *to = groups ? buf_room(out, groups * 3) : NULL;
    if (!to)
        return 0;
    groups = base64_run((const unsigned char *)s, groups, to);
    buf_filled(out, groups * 3);
    return groups;
}

enum err_code
text_base64_decode(struct buf *out, const char *s, size_t n)
{
    unsigned v = 0;
    int have = 0, pad = 0;
    for (size_t i = 0; i < n; i++) {
        size_t groups = have || pad ? 0 : base64_groups(out, s + i, n - i);
        if (groups) {
            i += groups * 4 - 1;
            continue;
        }
        unsigned char c = (unsigned char)s[i];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
            continue;
        int d = c == '=' ? 0 : base64_value(c);
        if (d < 0 || (pad && c != '=') || pad > 2)
            return ERR_BAD_INPUT;
        if (c == '=' && (++pad > 2 || have < 2))
            return ERR_BAD_INPUT;
        v = v << 6 | (unsigned)d;
        if (++have < 4)
            continue;
        char b[3] = {(char)(v >> 16), (char)(v >> 8), (char)v};
        /* Bits behind the padding must be zero, or two texts mean one. */
        if ((pad == 1 && (v & 0xff)) || (pad == 2 && (v & 0xffff)))
            return ERR_BAD_INPUT;
        if (buf_add(out, b, 3 - (size_t)pad))
            return ERR_TOO_BIG;
        v = 0;
        have = 0;
        if (pad)
            pad = 3; /* nothing but white space may follow */
    }
    return have ? ERR_BAD_INPUT : ERR_OK;
}

void
text_hex(const void *p, size_t n, char *out)
{
    const unsigned char *s = p;
    for (size_t i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02x", s[i]);
    out[2 * n] = '\0';
}

bool
text_unhex(const char *s, void *p, size_t n)
{
    unsigned char *out = p;
    for (size_t i = 0; i < 2 * n; i++) {
        char c = s[i];
        int d = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
        if (d < 0)
            return false;
        out[i / 2] = (unsigned char)(i % 2 ? out[i / 2] | d : d << 4);
    }
    return s[2 * n] == '\0';
}

/* Letters that Unicode does not decompose, and marks with a plain form. */
static int
plain(uint32_t cp)
{
    static const struct {
        uint16_t cp;
        char base;
    } t[] = {{0x110, 'D'},  {0x111, 'd'},   {0x126, 'H'},   {0x127, 'h'},
             {0x131, 'i'},  {0x138, 'k'},   {0x141, 'L'},   {0x142, 'l'},
             {0x14a, 'N'},  {0x14b, 'n'},   {0x152, 'O'},   {0x153, 'o'},
             {0x166, 'T'},  {0x167, 't'},   {0x18f, 'A'},   {0x259, 'a'},
             {0x1e9e, 'S'}, {0x2010, '-'},  {0x2011, '-'},  {0x2013, '-'},
             {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201c, '"'},
             {0x201d, '"'}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        if (t[i].cp == cp)
            return t[i].base;
    return 0;
}

void
text_latin1(struct buf *out, const char *s)
{
    bool marked = false;
    int len;
    for (uint32_t cp; (cp = text_next(s, &len)) != 0; s += len) {
        if (marked && (cp == ' ' || cp == '-')) {
            buf_addc(out, (char)0xa4);
            marked = false;
        }
        if (cp < 0x100) {
            buf_addc(out, (char)cp);
            continue;
        }
        if (text_cp_width(cp) == 0)
            continue;
        utf8proc_int32_t d[4];
        utf8proc_ssize_t k = utf8proc_decompose_char((utf8proc_int32_t)cp, d, 4,
                                                     UTF8PROC_DECOMPOSE, NULL);
        int base = plain(cp);
        buf_addc(out, base                    ? (char)base
                      : k > 0 && d[0] < 0x100 ? (char)d[0]
                                              : '?');
        marked = true;
    }
    if (marked)
        buf_addc(out, (char)0xa4);
}
