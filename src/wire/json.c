/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "wire/json.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct span {
    uint32_t at, len;
};

struct scan {
    const char *s;
    size_t n, i;
    const struct json_limits *limits;
    unsigned values, depth;
    struct span *numbers; /* in the order they stand */
    size_t n_numbers, cap;
    enum err_code code;
    const char *why;
};

static bool
refuse(struct scan *x, enum err_code code, const char *why)
{
    x->code = code;
    x->why = why;
    return false;
}

static bool
digit(const struct scan *x)
{
    return x->i < x->n && x->s[x->i] >= '0' && x->s[x->i] <= '9';
}

/* RFC 8259 section 6. */
static bool
scan_number(struct scan *x)
{
    size_t from = x->i;
    if (x->s[x->i] == '-')
        x->i++;
    if (!digit(x))
        return refuse(x, ERR_PROTOCOL, "a number is not JSON");
    if (x->s[x->i++] == '0' && digit(x))
        return refuse(x, ERR_PROTOCOL, "a number is not JSON");
    while (digit(x))
        x->i++;
    if (x->i < x->n && x->s[x->i] == '.') {
        x->i++;
        if (!digit(x))
            return refuse(x, ERR_PROTOCOL, "a number is not JSON");
        while (digit(x))
            x->i++;
    }
    if (x->i < x->n && (x->s[x->i] == 'e' || x->s[x->i] == 'E')) {
        x->i++;
        if (x->i < x->n && (x->s[x->i] == '+' || x->s[x->i] == '-'))
            x->i++;
        if (!digit(x))
            return refuse(x, ERR_PROTOCOL, "a number is not JSON");
        while (digit(x))
            x->i++;
    }
    /* cJSON copies a number into 64 bytes of its own. */
    if (x->i - from > 60)
        return refuse(x, ERR_PROTOCOL, "a number is too long");
    if (x->n_numbers == x->cap) {
        x->cap = x->cap ? x->cap * 2 : 256;
        x->numbers = mem_grow(x->numbers, x->cap, sizeof *x->numbers);
    }
    x->numbers[x->n_numbers++] =
        (struct span){(uint32_t)from, (uint32_t)(x->i - from)};
    return true;
}

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* RFC 8259 section 7; i stands on the opening quote. */
static bool
scan_string(struct scan *x)
{
    for (x->i++; x->i < x->n; x->i++) {
        unsigned char c = (unsigned char)x->s[x->i];
        if (c == '"') {
            x->i++;
            return true;
        }
        if (c < 0x20)
            return refuse(x, ERR_PROTOCOL, "a control character in a string");
        if (c != '\\')
            continue;
        if (++x->i >= x->n)
            break;
        c = (unsigned char)x->s[x->i];
        if (c != 'u') {
            if (!c || !strchr("\"\\/bfnrt", c))
                return refuse(x, ERR_PROTOCOL, "an escape is not JSON");
            continue;
        }
        if (x->n - x->i < 5)
            break;
        unsigned u = 0;
        for (int k = 1; k <= 4; k++) {
            int d = hex_digit(x->s[x->i + (size_t)k]);
            if (d < 0)
                return refuse(x, ERR_PROTOCOL, "an escape is not JSON");
            u = u << 4 | (unsigned)d;
        }
        if (!u)
            return refuse(x, ERR_PROTOCOL, "a NUL in a string");
        x->i += 4;
    }
    return refuse(x, ERR_PROTOCOL, "a string does not end");
}

static bool
scan_word(struct scan *x)
{
    static const char *const words[] = {"true", "false", "null"};
    for (int k = 0; k < 3; k++) {
        size_t len = strlen(words[k]);
        if (x->n - x->i >= len && !memcmp(x->s + x->i, words[k], len)) {
            x->i += len;
            return true;
        }
    }
    return refuse(x, ERR_PROTOCOL, "a word is not JSON");
}

/* One pass over the tokens before anything is allocated for them: cJSON takes
 * up to 38 bytes of heap for a byte of input. */
static bool
scan_tokens(struct scan *x)
{
    while (x->i < x->n) {
        char c = x->s[x->i];
        bool value = true, ok = true;
        switch (c) {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
        case ':':
        case ',':
            value = false;
            x->i++;
            break;
        case '{':
        case '[':
            if (++x->depth > x->limits->depth)
                return refuse(x, ERR_TOO_BIG, "JSON nested too deep");
            x->i++;
            break;
        case '}':
        case ']':
            value = false;
            if (x->depth)
                x->depth--;
            x->i++;
            break;
        case '"':
            ok = scan_string(x);
            break;
        default:
            ok = c == '-' || (c >= '0' && c <= '9') ? scan_number(x)
                                                    : scan_word(x);
        }
        if (!ok)
            return false;
        /* A member's name counts too: it takes as much as a value. */
        if (value && ++x->values > x->limits->values)
            return refuse(x, ERR_TOO_BIG, "too many JSON values");
    }
    return true;
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* No name twice in one object; sorted, so a hostile one costs n log n. */
static bool
names_differ(const cJSON *object)
{
    const char *few[16], **names = few;
    size_t n = 0;
    for (const cJSON *c = object->child; c; c = c->next)
        n++;
    if (n < 2)
        return true;
    if (n > sizeof few / sizeof *few)
        names = mem_alloc(n * sizeof *names);
    size_t i = 0;
    for (const cJSON *c = object->child; c; c = c->next)
        names[i++] = c->string;
    bool differ = true;
    if (n <= 8) {
        for (i = 1; i < n; i++)
            for (size_t k = 0; k < i; k++)
                differ = differ && strcmp(names[i], names[k]) != 0;
    } else {
        qsort(names, n, sizeof *names, compare_names);
        for (i = 1; i < n && differ; i++)
            differ = strcmp(names[i - 1], names[i]) != 0;
    }
    if (names != few)
        free(names);
    return differ;
}

/* Gives each number the text it came as, all in one block: a reference is
 * what cJSON does not free. The walk meets numbers in the order they stand. */
static bool
walk(struct scan *x, cJSON *j, size_t *number, char **block)
{
    for (; j; j = j->next) {
        if (cJSON_IsNumber(j)) {
            if (*number >= x->n_numbers)
                return refuse(x, ERR_PROTOCOL, "JSON numbers differ");
            struct span at = x->numbers[(*number)++];
            j->type |= cJSON_IsReference;
            j->valuestring = *block;
            memcpy(*block, x->s + at.at, at.len);
            *block += at.len + 1; /* the block is zeroed */
        }
        if (cJSON_IsObject(j) && !names_differ(j))
            return refuse(x, ERR_PROTOCOL, "a JSON name stands twice");
        /* depth is bounded */
        if (j->child && !walk(x, j->child, number, block))
            return false;
    }
    return true;
}

/* The block's owner is the root, whose name nobody needs: cJSON frees it. */
static bool
keep_numbers(struct scan *x, cJSON *root)
{
    size_t size = 1, number = 0;
    for (size_t i = 0; i < x->n_numbers; i++)
        size += x->numbers[i].len + 1;
    char *block = cJSON_malloc(size);
    if (!block)
        abort();
    memset(block, 0, size);
    root->string = block;
    return walk(x, root, &number, &block) &&
           (number == x->n_numbers ||
            refuse(x, ERR_PROTOCOL, "JSON numbers differ"));
}

enum err_code
json_read(cJSON **out, const char *p, size_t n,
          const struct json_limits *limits, struct err *e)
{
    *out = NULL;
    if (n > limits->bytes || n > UINT32_MAX)
        return err_set(e, ERR_TOO_BIG, "the JSON document is too long");
    if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
        p += 3;
        n -= 3;
    }
    if (!text_is_utf8(p, n))
        return err_set(e, ERR_PROTOCOL, "the JSON document is not UTF-8");
    struct scan x = {.s = p, .n = n, .limits = limits};
    const char *end = NULL;
    cJSON *j = NULL;
    if (scan_tokens(&x)) {
        j = cJSON_ParseWithLengthOpts(p, n, &end, 0);
        while (j && end < p + n && strchr(" \t\r\n", *end) && *end)
            end++;
        if (!j || end != p + n)
            refuse(&x, ERR_PROTOCOL, "the document is not JSON");
        else
            keep_numbers(&x, j);
    }
    free(x.numbers);
    if (x.code) {
        cJSON_Delete(j);
        return err_set(e, x.code, "%s", x.why);
    }
    *out = j;
    return ERR_OK;
}

void
json_free(cJSON **j)
{
    cJSON_Delete(*j);
    *j = NULL;
}

const cJSON *
json_get(const cJSON *object, const char *name)
{
    return cJSON_IsObject(object)
               ? cJSON_GetObjectItemCaseSensitive(object, name)
               : NULL;
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
