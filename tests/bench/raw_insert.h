/* SPDX-License-Identifier: EUPL-1.2
 *
 * The yardstick of AUDIT 18: how fast SQLite stores a row of 500 bytes with
 * nothing about it, synced as the log is.
 */
#ifndef ENFRAGA_TESTS_RAW_INSERT_H
#define ENFRAGA_TESTS_RAW_INSERT_H

/* Rows a second, `group` to a synced transaction, in a file of its own in
 * `dir` that is gone afterwards. Stops the program where it cannot. */
double raw_inserts(const char *dir, int n, int group);

#endif
