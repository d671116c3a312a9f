/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t shift_ms;

static int64_t
read_ms(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
clock_now_ms(void)
{
    return read_ms(CLOCK_REALTIME) + shift_ms;
}

int64_t
clock_boot_ms(void)
{
    return read_ms(CLOCK_BOOTTIME);
}

int64_t
clock_mono_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

const char *
clock_boot_id(void)
{
    static char id[40];
    if (id[0])
        return id;
    FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (f) {
        if (fgets(id, sizeof id, f))
            id[strcspn(id, "\n")] = '\0';
        fclose(f);
    }
    return id;
}

void
clock_fix(int64_t utc_ms)
{
    shift_ms = utc_ms ? utc_ms - read_ms(CLOCK_REALTIME) : 0;
}

bool
clock_is_fixed(void)
{
    return shift_ms != 0;
}

void
clock_from_env(void)
{
    const char *s = getenv("ENFRAGA_TID");
    int64_t t = s ? clock_parse(s) : -1;
    if (t >= 0)
        clock_fix(t);
}

/* Days since 1970-01-01 of a proleptic Gregorian date. */
static int64_t
days_of(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static int
last_sunday(int year, int month)
{
    int days = month == 3 || month == 10 ? 31 : 30;
    int64_t n = days_of(year, month, days);
    return days - (int)((n + 4) % 7); /* 1970-01-01 was a Thursday */
}

/* Sweden's offset in minutes: summer time from the last Sunday in March to
 * the last in October, both at 01:00 UTC (SFS 2001:127). */
static int
offset_min(int64_t utc_ms)
{
    time_t t = (time_t)(utc_ms / 1000);
    struct tm g;
    gmtime_r(&t, &g);
    int y = g.tm_year + 1900;
    int64_t from = days_of(y, 3, last_sunday(y, 3)) * 86400 + 3600;
    int64_t to = days_of(y, 10, last_sunday(y, 10)) * 86400 + 3600;
    return t >= from && t < to ? 120 : 60;
}

static int
swedish(int64_t utc_ms, struct tm *g)
{
    int off = offset_min(utc_ms);
    time_t t = (time_t)(utc_ms / 1000 + off * 60);
    gmtime_r(&t, g);
    return off;
}

void
clock_iso(int64_t utc_ms, char out[32])
{
    struct tm g;
    int off = swedish(utc_ms, &g);
    char s[24];
    strftime(s, sizeof s, "%Y-%m-%dT%H:%M:%S", &g);
    snprintf(out, 32, "%s+%02d:00", s, off == 120 ? 2 : 1);
}

void
clock_date(int64_t utc_ms, char out[11])
{
    struct tm g;
    swedish(utc_ms, &g);
    strftime(out, 11, "%Y-%m-%d", &g);
}

void
clock_hhmm(int64_t utc_ms, char out[6])
{
    struct tm g;
    swedish(utc_ms, &g);
    strftime(out, 6, "%H:%M", &g);
}

/* n digits at *s as a number; -1 if there are not. */
static int
digits(const char **s, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++, (*s)++) {
        if (**s < '0' || **s > '9')
            return -1;
        v = v * 10 + (**s - '0');
    }
    return v;
}

int64_t
clock_parse(const char *iso)
{
    const char *s = iso;
    int f[6];
    static const int width[6] = {4, 2, 2, 2, 2, 2};
    static const char after[6] = {'-', '-', 'T', ':', ':', '\0'};
    static const int top[6] = {9999, 12, 31, 23, 59, 60};
    for (int i = 0; i < 6; i++) {
        f[i] = digits(&s, width[i]);
        if (f[i] < 0 || f[i] > top[i] || (after[i] && *s++ != after[i]))
            return -1;
    }
    int off = 0;
    if (*s == '+' || *s == '-') {
        int sign = *s++ == '-' ? -1 : 1, h = digits(&s, 2);
        if (h < 0 || *s++ != ':')
            return -1;
        int m = digits(&s, 2);
        if (m < 0)
            return -1;
        off = sign * (h * 60 + m);
    } else if (*s++ != 'Z') {
        return -1;
    }
    if (*s || f[1] < 1 || f[2] < 1)
        return -1;
    int64_t t = days_of(f[0], f[1], f[2]) * 86400 + f[3] * 3600 + f[4] * 60 +
                f[5] - off * 60;
    return t * 1000;
}

/* Winter or summer time is the one that the clock itself shows then. */
int64_t
clock_midnight(const char *day)
{
    static const char *const zone[] = {"+01:00", "+02:00"};
    char iso[32], is[11], hhmm[6];
    for (int i = 0; i < 2; i++) {
        snprintf(iso, sizeof iso, "%.10sT00:00:00%s", day, zone[i]);
        int64_t ms = clock_parse(iso);
        clock_date(ms, is);
        clock_hhmm(ms, hhmm);
        if (ms >= 0 && !strcmp(is, day) && !strcmp(hhmm, "00:00"))
            return ms;
    }
    return -1;
}
