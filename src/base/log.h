/* SPDX-License-Identifier: EUPL-1.2
 *
 * The program's own messages for those who run it: one line on stderr (which
 * the journal keeps), level first. Not the audit log. No personnummer, name
 * or answer is ever written here; text from outside is shown cleaned.
 */
#ifndef ENFRAGA_BASE_LOG_H
#define ENFRAGA_BASE_LOG_H

enum log_level { LOG_FEL, LOG_OBS, LOG_INFO, LOG_STEG };

/* Lines above this level are not written; LOG_OBS until set. */
void log_level_set(enum log_level level);

void log_write(enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#define log_error(...) log_write(LOG_FEL, __VA_ARGS__)
#define log_warn(...) log_write(LOG_OBS, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFO, __VA_ARGS__)
#define log_step(...) log_write(LOG_STEG, __VA_ARGS__)

#endif
