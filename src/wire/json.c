/* SPDX-License-Identifier: EUPL-1.2
 *
 * One pass over the bytes checks them and builds the tree. The text is copied
 * once, into the arena; strings are unescaped and ended where they stand in
 * it, and a value points there.
 */
#include "config.h"

#include "wire/json.h"

#include "base/text.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A number's text is ended by writing over the byte behind it, which must be
 * read first: `number` is where, until that has been done. */
struct reading {
    char *at; /* the text ends with NULs, which no token holds */
    char *number;
    struct arena *arena;
    const struct json_limits *limits;
    unsigned values, depth;
    enum err_code code;
    const char *why;
};

enum { BEHIND = 8, NUMBER_MAX = 60, FEW_NAMES = 24, EXACT_DIGITS = 15 };

static bool
refuse(struct reading *x, enum err_code code, const char *why)
{
    x->code = code;
    x->why = why;
    return false;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Stands on the next byte that is no white space, and gives it. */
static char
look(struct reading *x)
{
    while (*x->at == ' ' || *x->at == '\n' || *x->at == '\r' || *x->at == '\t')
        x->at++;
    return *x->at;
}

/* Takes the byte that look() gave. */
static void
step(struct reading *x)
{
    x->at++;
    if (x->number)
        *x->number = '\0';
    x->number = NULL;
}

/* As a double: exact where the digits fit in one, which amounts do. */
static double
number_value(const char *s, const char *end)
{
    static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool minus = *s == '-';
    const char *point = NULL, *p = s + minus;
    int64_t n = 0;
    if (end - p > EXACT_DIGITS)
        return strtod(s, NULL);
    for (; p < end; p++) {
        if (*p == '.')
            point = p;
        else if (!is_digit(*p))
            return strtod(s, NULL); /* an exponent */
        else
            n = n * 10 + (*p - '0');
    }
    double d = (double)n / tens[point ? end - point - 1 : 0];
    return minus ? -d : d;
}

/* RFC 8259 section 6. */
static bool
read_number(struct reading *x, cJSON *v)
{
    char *s = x->at;
    bool ok = is_digit(s[*s == '-']);
    s += *s == '-';
    if (*s == '0')
        ok = ok && !is_digit(s[1]);
    while (is_digit(*s))
        s++;
    if (*s == '.') {
        s++;
        ok = ok && is_digit(*s);
        while (is_digit(*s))
            s++;
    }
    if (*s == 'e' || *s == 'E') {
        s++;
        s += *s == '+' || *s == '-';
        ok = ok && is_digit(*s);
        while (is_digit(*s))
            s++;
    }
    if (!ok || s - x->at > NUMBER_MAX)
        return refuse(x, ERR_PROTOCOL, "a number is not JSON");
    v->type = cJSON_Number;
    v->valuestring = x->at;
    v->valueint = (int)(s - x->at);
    v->valuedouble = number_value(x->at, s);
    x->at = x->number = s;
    return true;
}

/* Four hexadecimal digits at s; -1. */
static int32_t
read_hex(const char *s)
{
    int32_t u = 0;
    for (int i = 0; i < 4; i++) {
        char c = s[i];
        int d = is_digit(c)            ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
        if (d < 0)
            return -1;
        u = u << 4 | d;
    }
    return u;
}

/* The code point of the escape at s ("uXXXX", or two for one beyond U+FFFF),
 * and where it ends; -1. */
static int32_t
read_escape(const char *s, const char **end)
{
    int32_t u = read_hex(s + 1);
    *end = s + 5;
    if (u < 0xd800 || u > 0xdfff)
        return u;
    if (u > 0xdbff || s[5] != '\\' || s[6] != 'u')
        return -1;
    int32_t low = read_hex(s + 7);
    *end = s + 11;
    if (low < 0xdc00 || low > 0xdfff)
        return -1;
    return 0x10000 + ((u - 0xd800) << 10) + (low - 0xdc00);
}

static char *
put_utf8(char *to, int32_t u)
{
    if (u < 0x80) {
        *to++ = (char)u;
        return to;
    }
    int more = u < 0x800 ? 1 : u < 0x10000 ? 2 : 3;
    static const int32_t lead[] = {0, 0xc0, 0xe0, 0xf0};
    *to++ = (char)(lead[more] | u >> 6 * more);
    while (more--)
        *to++ = (char)(0x80 | (u >> 6 * more & 0x3f));
    return to;
}

/* One escape at `*from` (behind the backslash), written to `to`. */
static char *
unescape(struct reading *x, char *to, const char **from)
{
    static const char letters[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    const char *at = **from ? strchr(letters, **from) : NULL;
    if (at) {
        (*from)++;
        *to++ = means[at - letters];
        return to;
    }
    int32_t u = **from == 'u' ? read_escape(*from, from) : -1;
    if (u <= 0) {
        refuse(x, ERR_PROTOCOL,
               u ? "an escape is not JSON" : "a NUL in a string");
        return NULL;
    }
    return put_utf8(to, u);
}

/* A bit in each of the eight bytes at s, up to the first that is a control
 * character, a quote or a backslash: that one is marked, those before are not.
 */
static uint64_t
string_ends(const char *s)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t x;
    memcpy(&x, s, sizeof x);
    x = le64toh(x);
    uint64_t quote = x ^ each * '"', back = x ^ each * '\\';
    uint64_t low = (x - each * 0x20) & ~x;
    return (low | ((quote - each) & ~quote) | ((back - each) & ~back)) &
           each * 0x80;
}

/* RFC 8259 section 7; at stands on the opening quote. The text grows shorter
 * by unescaping, never longer. */
static char *
read_string(struct reading *x, int *len)
{
    char *start = x->at + 1;
    const char *from = start;
    uint64_t ends;
    while (!(ends = string_ends(from)))
        from += sizeof ends;
    from += (unsigned)__builtin_ctzll(ends) / 8;
    char *to = start + (from - start);
    while (*from != '"') {
        if ((unsigned char)*from < 0x20) {
            refuse(x, ERR_PROTOCOL, "a string does not end");
            return NULL;
        }
        if (*from == '\\') {
            from++;
            to = unescape(x, to, &from);
            if (!to)
                return NULL;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    x->at = start + (from + 1 - start);
    *len = (int)(to - start);
    return start;
}

static bool
read_word(struct reading *x, cJSON *v)
{
    static const struct {
        const char *word;
        int len, type;
    } words[] = {{"true", 4, cJSON_True},
                 {"false", 5, cJSON_False},
                 {"null", 4, cJSON_NULL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strncmp(x->at, words[i].word, (size_t)words[i].len)) {
            x->at += words[i].len;
            v->type = words[i].type;
            return true;
        }
    return refuse(x, ERR_PROTOCOL, "a word is not JSON");
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* No name twice in one object; sorted, so a hostile one costs n log n. */
static bool
names_differ(struct reading *x, const cJSON *first, size_t n)
{
    bool differ = true;
    if (n <= FEW_NAMES) {
        for (const cJSON *a = first; a; a = a->next)
            for (const cJSON *b = first; b != a; b = b->next)
                differ = differ && !text_same(a->string, b->string);
    } else {
        const char **names = mem_grow(NULL, n, sizeof *names);
        size_t i = 0;
        for (const cJSON *c = first; c; c = c->next)
            names[i++] = c->string;
        qsort(names, n, sizeof *names, compare_names);
        for (i = 1; i < n; i++)
            differ = differ && strcmp(names[i - 1], names[i]) != 0;
        free(names);
    }
    return differ || refuse(x, ERR_PROTOCOL, "a JSON name stands twice");
}

/* A member's name counts too: a value more or less. */
static bool
count(struct reading *x)
{
    return ++x->values <= x->limits->values ||
           refuse(x, ERR_TOO_BIG, "too many JSON values");
}

static bool read_value(struct reading *x, cJSON *v);

static bool
read_name(struct reading *x, cJSON *v)
{
    int len;
    if (look(x) != '"')
        return refuse(x, ERR_PROTOCOL, "a member has no name");
    if (!count(x) || !(v->string = read_string(x, &len)))
        return false;
    if (look(x) != ':')
        return refuse(x, ERR_PROTOCOL, "a member has no value");
    step(x);
    return true;
}

/* What stands between brackets or braces; at stands on the opening one. */
static bool
read_items(struct reading *x, cJSON *of)
{
    bool object = *x->at == '{';
    char end = object ? '}' : ']';
    cJSON *last = NULL;
    size_t n = 0;
    of->type = object ? cJSON_Object : cJSON_Array;
    if (++x->depth > x->limits->depth)
        return refuse(x, ERR_TOO_BIG, "JSON nested too deep");
    step(x);
    while (look(x) != end) {
        if (n && *x->at != ',')
            return refuse(x, ERR_PROTOCOL, "a list is not JSON");
        if (n++)
            step(x);
        cJSON *v = arena_alloc(x->arena, sizeof *v);
        if (!v)
            return refuse(x, ERR_TOO_BIG, "too much JSON");
        if (last)
            last->next = v;
        else
            of->child = v;
        v->prev = last;
        last = v;
        if ((object && !read_name(x, v)) || !read_value(x, v))
            return false;
    }
    step(x);
    x->depth--;
    if (last) /* as cJSON has it */
        of->child->prev = last;
    return !object || names_differ(x, of->child, n);
}

/* Its depth is that of read_items, which has a ceiling. */
static bool
read_value(struct reading *x, cJSON *v)
{
    char c = look(x);
    if (!count(x))
        return false;
    if (c == '{' || c == '[')
        return read_items(x, v);
    if (c == '-' || is_digit(c))
        return read_number(x, v);
    if (c != '"')
        return read_word(x, v);
    v->type = cJSON_String;
    v->valuestring = read_string(x, &v->valueint);
    return v->valuestring != NULL;
}

enum err_code
json_read(const cJSON **out, struct arena *a, const char *p, size_t n,
          const struct json_limits *limits, struct err *e)
{
    *out = NULL;
    if (n > limits->bytes || n > INT32_MAX)
        return err_set(e, ERR_TOO_BIG, "the JSON document is too long");
    if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
        p += 3;
        n -= 3;
    }
    if (!text_is_utf8(p, n))
        return err_set(e, ERR_PROTOCOL, "the JSON document is not UTF-8");
    struct reading x = {.arena = a, .limits = limits};
    char *text = arena_alloc(a, n + 1 + BEHIND);
    cJSON *root = arena_alloc(a, sizeof *root);
    if (!text || !root)
        return err_set(e, ERR_TOO_BIG, "the JSON document is too long");
    x.at = memcpy(text, p, n);
    if (read_value(&x, root) && (look(&x) || x.at != text + n))
        refuse(&x, ERR_PROTOCOL, "the document is not JSON");
    if (x.code)
        return err_set(e, x.code, "%s", x.why);
    step(&x);
    *out = root;
    return ERR_OK;
}

const cJSON *
json_get(const cJSON *object, const char *name)
{
    if (!cJSON_IsObject(object))
        return NULL;
    const cJSON *c = object->child;
    while (c && !text_same(c->string, name))
        c = c->next;
    return c;
}

const char *
json_text(const cJSON *value)
{
    if (cJSON_IsString(value) || cJSON_IsNumber(value))
        return value->valuestring;
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value) ? "true" : "false";
    return NULL;
}

const char *
json_member(const cJSON *object, const char *name)
{
    return json_text(json_get(object, name));
}
