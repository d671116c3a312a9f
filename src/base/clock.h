/* SPDX-License-Identifier: EUPL-1.2
 *
 * Time. Order in the log is a sequence number, never time (AUDIT 10); time is
 * for people. A test may fix the clock.
 */
#ifndef ENFRAGA_BASE_CLOCK_H
#define ENFRAGA_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t clock_now_ms(void);  /* UTC, ms since 1970 */
int64_t clock_boot_ms(void); /* CLOCK_BOOTTIME, ms */
int64_t clock_mono_us(void); /* for measuring durations, us */

/* The kernel's boot id, 36 characters; "" where there is none. */
const char *clock_boot_id(void);

/* Fixes the clock's reading at `utc_ms` (it goes on from there at the normal
 * rate); 0 gives the real clock back. clock_from_env does so from
 * ENFRAGA_TID=YYYY-MM-DDTHH:MM:SSZ; programs call it in test and ovning only. */
void clock_fix(int64_t utc_ms);
void clock_from_env(void);
bool clock_is_fixed(void);

/* "2026-11-24T14:32:07+01:00", Swedish time whatever TZ says; out >= 32. */
void clock_iso(int64_t utc_ms, char out[32]);

/* "2026-11-24" and "14:32" in Swedish time. */
void clock_date(int64_t utc_ms, char out[11]);
void clock_hhmm(int64_t utc_ms, char out[6]);

/* The first moment of a day ("2026-11-24"), Swedish time; -1 if it is none. */
int64_t clock_midnight(const char *day);

/* ms of "YYYY-MM-DDTHH:MM:SS" with "Z" or "+hh:mm"; -1 if it is not that. */
int64_t clock_parse(const char *iso);

#endif
