/* SPDX-License-Identifier: EUPL-1.2
 *
 * Search (UX 5): a case number or its last digits, a personnummer, or three
 * letters of a name, among own open cases alone. Whatever else there is in
 * the register is never looked at, and every own case is judged in full, so
 * the reply to "no such case" and to "another's" is the same and takes as
 * long.
 */
#include "config.h"

#include "cases/reg.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { TYPED_MAX = 200, WORDS_MAX = 8, LETTERS_MIN = 3, NUMBER_DIGITS = 12 };

struct query {
    struct arena *arena;
    const char *plain;            /* whole, folded, trimmed */
    const char *words[WORDS_MAX]; /* of a name */
    int n_words;
    bool by_case, by_name;
    char ten[11];               /* last ten of a personnummer, or "" */
    struct personnummer number; /* all twelve, or "" */
};

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
separates(char c)
{
    return c == ' ' || c == ',' || c == '-' || c == '.' || c == '\'';
}

/* Splits into words; the longest one's letters in *longest. */
static int
split(struct arena *a, const char *s, const char *words[], int max,
      int *longest)
{
    int n = 0;
    *longest = 0;
    while (*s != '\0') {
        while (separates(*s))
            s++;
        size_t len = 0;
        while (s[len] != '\0' && !separates(s[len]))
            len++;
        if (len == 0)
            break;
        if (n == max)
            return max + 1;
        int letters = 0, k;
        for (size_t i = 0; i < len; i += (size_t)k, letters++)
            if (text_next(s + i, &k) == 0 || k == 0)
                break;
        if (letters > *longest)
            *longest = letters;
        words[n] = arena_strndup(a, s, len);
        if (words[n++] == NULL)
            return max + 1;
        s += len;
    }
    return n;
}

static void
read_number(struct query *q, const char *typed, struct date today)
{
    char digits[NUMBER_DIGITS + 1];
    int n = 0;
    for (const char *p = typed; *p != '\0'; p++) {
        if (is_digit(*p) && n < NUMBER_DIGITS)
            digits[n++] = *p;
        else if (strchr(" -+", *p) == NULL)
            return;
    }
    digits[n] = '\0';
    if (personnummer_read(&q->number, typed, today, NULL) == ERR_OK)
        return;
    q->number = (struct personnummer){0};
    if (n == 10) /* both centuries are looked for: nothing is guessed */
        memcpy(q->ten, digits, 11);
}

/* False where nothing can fit. */
static bool
read_query(struct query *q, const char *typed, struct date today)
{
    size_t n = strlen(typed);
    int longest;
    if (n > TYPED_MAX || !text_is_utf8(typed, n))
        return false;
    const char *plain = text_plain(q->arena, typed);
    while (plain != NULL && *plain == ' ')
        plain++;
    char *own = arena_strdup(q->arena, plain);
    if (own == NULL)
        return false;
    for (n = strlen(own); n > 0 && own[n - 1] == ' '; n--)
        own[n - 1] = '\0';
    q->plain = own;
    bool has_digit = strpbrk(own, "0123456789") != NULL;
    q->by_case = has_digit && n <= ARENDE_MAX;
    read_number(q, own, today);
    q->n_words = split(q->arena, own, q->words, WORDS_MAX, &longest);
    q->by_name = !has_digit && q->n_words >= 1 && q->n_words <= WORDS_MAX &&
                 longest >= LETTERS_MIN;
    return n > 0;
}

/* Whole number, or its end; "417" of "EK-2026-00417". */
static bool
fits_case(const struct query *q, const char *arende, struct arena *a)
{
    const char *plain = text_plain(a, arende);
    if (!q->by_case || plain == NULL)
        return false;
    size_t n = strlen(plain), k = strlen(q->plain);
    return k <= n && strcmp(plain + (n - k), q->plain) == 0;
}

static bool
fits_number(const struct query *q, const struct personnummer *p)
{
    return (q->number.digits[0] != '\0' && personnummer_same(&q->number, p)) ||
           (q->ten[0] != '\0' && strcmp(q->ten, p->digits + 2) == 0);
}

/* Every word typed begins a word of the name. */
static bool
fits_name(const struct query *q, const char *namn, struct arena *a)
{
    const char *words[2 * WORDS_MAX];
    int longest, all = 0;
    const char *plain = text_plain(a, namn);
    if (plain == NULL)
        return false;
    int n = split(a, plain, words, 2 * WORDS_MAX, &longest);
    if (n > 2 * WORDS_MAX)
        n = 2 * WORDS_MAX;
    for (int i = 0; i < q->n_words; i++) {
        bool one = false;
        for (int j = 0; j < n; j++)
            one |= strncmp(words[j], q->words[i], strlen(q->words[i])) == 0;
        all += one;
    }
    return q->by_name && all == q->n_words;
}

static bool
fits(const struct query *q, const struct reg_case *c)
{
    AUTO_ARENA struct arena *a = arena_new(0);
    bool hit = fits_case(q, c->arende, a);
    for (int i = 0; i < c->n_persons; i++) {
        hit |= fits_number(q, &c->persons[i].number);
        hit |= fits_name(q, c->persons[i].namn, a);
    }
    return hit;
}

enum err_code
register_search(struct reg *r, const char *konto, const char *typed,
                struct date today, int64_t now_ms, struct reg_case **out,
                int *n, struct err *e)
{
    AUTO_ARENA struct arena *arena = arena_new(0);
    struct query q = {.arena = arena};
    struct reg_case *all;
    int count, kept = 0;
    *out = NULL;
    *n = 0;
    if (!read_query(&q, typed, today))
        q = (struct query){.arena = arena, .plain = ""};
    enum err_code code = register_cases(r, konto, now_ms, &all, &count, e);
    if (code != ERR_OK)
        return code;
    for (int i = 0; i < count; i++)
        if (fits(&q, &all[i]))
            all[kept++] = all[i];
        else
            reg_case_done(&all[i]);
    if (kept == 0) {
        free(all);
        all = NULL;
    }
    *out = all;
    *n = kept;
    return ERR_OK;
}
