/* SPDX-License-Identifier: EUPL-1.2
 *
 * Answers for tests: one that holds most of what can stand in an answer, with
 * invented persons, and generated ones that hold anything.
 */
#ifndef ENFRAGA_TESTS_LIB_ANSWERS_H
#define ENFRAGA_TESTS_LIB_ANSWERS_H

#include "domain/answer.h"

/* The person of the designs' pictures, asked 2026-11-24: FK in part, SKV
 * past the time limit, the others whole. `places` says whether AF, CSN and
 * FK let places be shown. Sorted. */
struct answer *answers_rich(void);

/* Any answer: lists, texts with quotes, controls and wide letters, amounts
 * that are missing, every state. The same seed gives the same. Sorted. */
struct answer *answers_any(unsigned seed);

#endif
