/* SPDX-License-Identifier: EUPL-1.2
 *
 * The gathered picture of one or more answers: months by payment date, sums
 * to the öre with a known or unknown edge, and what to check (UX 8, INCOME
 * 2-5). It points; it never judges. Pure: same answers, same picture.
 */
#ifndef ENFRAGA_DOMAIN_OVERVIEW_H
#define ENFRAGA_DOMAIN_OVERVIEW_H

#include "domain/answer.h"
#include "domain/rules.h"

enum check_kind {
    CHECK_NYTT,
    CHECK_ANDRAT,
    CHECK_EJ_KVAR,
    CHECK_LUCKA,
    CHECK_DUBBELT,
    CHECK_ANSOKT,
    CHECK_AVSTANGD,
    CHECK_AVDRAG,
    CHECK_RETRO,
    CHECK_LAN,
    CHECK_NOLL,
    CHECK_FORDON,
    CHECK_KAPITAL,
    CHECK_TILLSTAND,
    CHECK_AVLIDEN,
    CHECK_NAMN,
    CHECK_COUNT
};

/* A cell of the months: a number, 0, "?" or "." (UX 1.2). */
enum cell_kind { CELL_AMOUNT, CELL_ZERO, CELL_UNKNOWN, CELL_NOT_ASKED };

struct month_cell {
    enum cell_kind kind;
    bool partial;     /* CELL_AMOUNT: what came, more may have been paid */
    struct money sum; /* CELL_AMOUNT: exact */
};

struct month_row { /* one benefit of one payer, in all months */
    enum source_id source;
    const char *forman; /* borrowed from an answer or the arena */
    const char *betalare;
    const char *name, *payer; /* folded; payer "" where not of SO */
    int person;               /* index of the answer it comes from */
    bool others;              /* of many benefits: overview_others */
    bool missing;             /* reported missing: every cell unknown */
    bool undated;             /* paid on a day not told: no cell is zero */
    struct month_cell cell[]; /* one per month, see months */
};

struct month_sum {
    struct money netto;  /* exact sum of the known; 0 given where none */
    bool known;          /* `kant` */
    struct money vantas; /* preliminary and planned of the month */
};

struct check {
    enum check_kind kind;
    int person;
    source_set sources;
    struct date from, to; /* or none */
    const char *text;     /* Swedish sentence, no verdict */
    const char *forman;   /* or NULL */
    uint64_t key;         /* same fact, same key: klarmarkering finds it */
};

/* How many of one kind about one person; of the many, whose. */
struct check_count {
    int n;
    source_set past;
};

struct overview {
    struct arena *arena; /* owned */
    int n_answers;
    const struct answer *const *answers; /* borrowed */
    const struct rules *rules;           /* borrowed; may be NULL */
    int n_months;
    struct month *months; /* oldest first: those of the period and those with
                             a payment */
    int n_rows;
    struct month_row **rows;   /* by source, forman, betalare, person */
    struct month_sum *sums;    /* one per month, all persons */
    struct month_sum *sums_of; /* [person * n_months + month] */
    int n_checks;
    struct check *checks;     /* ordered by kind, then person, date */
    struct check_count *n_of; /* [person * CHECK_COUNT + kind] */
    struct money dateless;    /* paid without a date, of all */
    int n_dateless;
    const char **benefits; /* folded names of LEFI's codes, once needed */
};

/* The picture of n answers (NULL for a person whose question failed whole is
 * not allowed: give an answer with states) by these rules (NULL: the presets
 * alone). `today` decides what is so far. */
struct overview *overview_new(const struct answer *const *answers, int n,
                              const struct rules *rules, struct date today);
void overview_free(struct overview **o);

/* Index of m among the months; -1. */
int overview_month(const struct overview *o, struct month m);

/* What a row is called that holds the benefits past the ceiling of rows: every
 * öre is in some row, also of an answer that has a name for each payment. */
extern const char overview_others[];

/* The row that a payment of that person's answer stands in; NULL where none of
 * its benefit was paid or reported missing. */
const struct month_row *overview_row(const struct overview *o, int person,
                                     const struct payment *p);

/* Two names of one benefit or payer: case and outer space aside. */
bool overview_same(const char *a, const char *b);

/* Change from M-2 to M-1: kronor exact, percent rounded half up; false where
 * a side is unknown or M-2 is not above zero (percent only). */
bool overview_change(const struct month_cell *before,
                     const struct month_cell *after, struct money *kronor,
                     int *percent, bool *has_percent);

const char *check_word(enum check_kind k);  /* "ANDRAT": JSON */
const char *check_label(enum check_kind k); /* "ÄNDRAT": screen */

#endif
