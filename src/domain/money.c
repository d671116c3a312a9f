/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/money.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool
digit(char c)
{
    return c >= '0' && c <= '9';
}

bool
money_read(struct money *m, const char *s)
{
    static const char space[] = " \t\r\n";
    s += strspn(s, space);
    bool minus = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    int64_t ore = 0;
    int seen = 0, decimals = 0;
    for (; digit(*s); s++, seen++) {
        ore = ore * 10 + (*s - '0');
        if (ore > MONEY_MAX_ORE / 100)
            return false;
    }
    ore *= 100;
    if (*s == '.' || *s == ',') {
        for (s++; digit(*s); s++, decimals++) {
            if (decimals < 2)
                ore += (*s - '0') * (decimals == 0 ? 10 : 1);
            else if (*s != '0')
                return false;
        }
    }
    if (seen + decimals == 0 || s[strspn(s, space)] || ore > MONEY_MAX_ORE)
        return false;
    *m = (struct money){.ore = minus ? -ore : ore, .given = true};
    return true;
}

bool
money_of_double(struct money *m, double v)
{
    if (!isfinite(v) || fabs(v) > (double)MONEY_MAX_ORE / 100)
        return false;
    int64_t ore = (int64_t)(v * 100 + (v < 0 ? -0.5 : 0.5));
    /* Division is correctly rounded, so this is the double that a text with
     * those two decimals reads as. */
    if ((double)ore / 100 < v || (double)ore / 100 > v)
        return false;
    *m = (struct money){.ore = ore, .given = true};
    return true;
}

struct money
money_kronor(int64_t kronor)
{
    return (struct money){.ore = kronor * 100, .given = true};
}

struct money
money_add(struct money a, struct money b)
{
    struct money sum = {.given = a.given && b.given};
    if (!sum.given || __builtin_add_overflow(a.ore, b.ore, &sum.ore))
        return MONEY_NONE;
    return sum;
}

struct money
money_sub(struct money a, struct money b)
{
    b.ore = -b.ore;
    return money_add(a, b);
}

void
money_text(struct money m, char out[24])
{
    out[0] = '\0';
    if (!m.given)
        return;
    uint64_t abs = m.ore < 0 ? -(uint64_t)m.ore : (uint64_t)m.ore;
    char digits[24], *at = digits + sizeof digits;
    *--at = '\0';
    for (int n = 0; n < 3 || abs; n++, abs /= 10) {
        if (n == 2)
            *--at = '.';
        *--at = (char)('0' + abs % 10);
    }
    if (m.ore < 0)
        *--at = '-';
    memcpy(out, at, (size_t)(digits + sizeof digits - at));
}

void
money_kronor_text(struct money m, char out[32])
{
    if (!m.given) {
        snprintf(out, 32, "?");
        return;
    }
    uint64_t abs = m.ore < 0 ? -(uint64_t)m.ore : (uint64_t)m.ore;
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, (abs + 50) / 100);
    size_t at = 0;
    if (m.ore < 0 && abs >= 50)
        out[at++] = '-';
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            out[at++] = ' ';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}
