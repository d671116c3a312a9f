/* SPDX-License-Identifier: EUPL-1.2
 *
 * An answer as labelled rows: the one place that decides which facts there
 * are, in which order and in which words (UX principle 10). Panes, overview,
 * linear mode and --format text lay the same rows out; none of them looks
 * into the answer for facts of its own. Addresses and places are masked here
 * (UX 8), so no form can show them by mistake. Widths, columns, cursor and
 * keys are for those who lay out. All text is Swedish and clean, and lives
 * as long as the rows.
 */
#ifndef ENFRAGA_PRESENT_ROWS_H
#define ENFRAGA_PRESENT_ROWS_H

#include "domain/answer.h"
#include "domain/overview.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum row_kind {
    ROW_STATE,      /* a source's state line: label = authority, status = the
                       state's label, code = its word, text = the whole line:
                       label, time, period, what did not come, what it means */
    ROW_MISSING,    /* did not come: label = source or benefit, status = why,
                       text = what it means */
    ROW_CONCLUSION, /* the pane's one line */
    ROW_FLAG,       /* protected identity: code = "skyddad:FK" */
    ROW_HEADING,    /* label = "Beslut och ärenden", "Utbetalningar" ... */
    ROW_DECISION,
    ROW_PAYMENT,
    ROW_DETAIL,  /* of the payment above: a part, or a deduction in words */
    ROW_FACT,    /* label = field in words, text = value */
    ROW_REMARK,  /* anmärkning by the program about the answer */
    ROW_CONTACT, /* the pane's last line */
    /* the overview */
    ROW_CHECK,    /* label = "ÄNDRAT", text = the sentence */
    ROW_MONTH,    /* label = benefit, cells per month */
    ROW_SUM,      /* cells per month, "?" in front where not known whole */
    ROW_EXPECTED, /* Väntas: as ROW_PAYMENT */
    ROW_OUTSIDE,  /* outside the sum: dateless payments, tax refunds */
    ROW_NOTE,     /* what holds for all: wages are not in SSBTEK ... */
    ROW_KIND_COUNT
};

struct row {
    enum row_kind kind;
    int indent;            /* 0, 1 under a row, 2 ... deeper facts */
    bool folded;           /* ended matter: hidden until unfolded */
    bool masked;           /* an address or place that is not shown */
    bool head;             /* a fact whose value is the rows below it */
    enum source_id source; /* SOURCE_COUNT: none */
    int person;            /* index among the answers */
    const char *label;     /* never NULL */
    const char *text;      /* never NULL; a whole sentence, or a value */
    const char *status;    /* "väntas", "beslutat", "tidsgräns"; never NULL */
    const char *code; /* raw code or the contract's name, F11; never NULL */
    struct date date; /* paid, decided, applied for; or none */
    const char *fran, *till; /* period as given, or NULL */
    const char *percent;     /* extent, "100"; or NULL */
    const char *dagar;       /* days, or NULL */
    /* ROW_PAYMENT, ROW_EXPECTED, ROW_OUTSIDE, ROW_DETAIL (netto = its amount),
     * ROW_DECISION (netto = decided amount). Not given is not zero. */
    struct money netto, brutto, skatt, efter_skatt, lan;
    struct money avdrag; /* other deductions: tax taken away from the total */
    unsigned marks;      /* enum payment_mark */
    const char *marks_text; /* "kvittning, retro"; never NULL */
    /* ROW_MONTH and ROW_SUM: one text per month, "8 620", "0", "?", "."; and
     * the change from M-2 to M-1 where months were compared. */
    const char *const *cells;
    int n_cells;
    /* What the row is made of, where it is made of one thing. Borrowed. */
    const struct payment *payment;
    const struct decision *decision;
    const struct check *check;
    const struct month_row *month;
    const struct fact *fact;
    const struct missing *missing;
};

struct rows {
    struct arena *arena; /* owned */
    struct row *row;
    int n, cap;
};

struct rows_options {
    /* Addresses and places are shown (UX 8): all of the household that was
     * asked about. rows_places() says so; with `V Visa adress` the screen
     * sets it itself. */
    bool places;
    struct date today;
    int limit_s;            /* of a whole question; 0: 30 */
    int64_t probed_ms;      /* last ping, 0: never */
    bool ore;               /* amounts in words with öre */
    bool keys;              /* sentences may name keys ("F5 frågar igen") */
    const char *const *who; /* person's name per answer ("Sökande"), or NULL */
};

/* Sensible options for these answers today. */
void rows_options_init(struct rows_options *o, const struct answer *const *a,
                       int n);

/* AF, CSN and FK have answered about every one and none is protected. */
bool rows_places(const struct answer *const *a, int n);

/* One authority's pane, whole, in the order of UX 9: state, what did not
 * come, conclusion, flags, current decisions, payments newest first with
 * their details, ended matters folded, remaining facts under "Övrigt från
 * källan", remarks. Never NULL. */
struct rows *rows_pane(const struct answer *a, enum source_id s,
                       const struct rows_options *o);

/* All of the source's own record, every field that came (F11, 'Detaljer'). */
struct rows *rows_facts(const struct answer *a, enum source_id s,
                        const struct rows_options *o);

/* The overview of one or more persons (UX 8): states that are not whole and
 * what did not come, checks, months with sums, expected, outside the sum,
 * notes. */
struct rows *rows_overview(const struct overview *v,
                           const struct rows_options *o);

/* The payments behind a row of the months, newest first, with details. */
struct rows *rows_behind(const struct overview *v, const struct month_row *m,
                         const struct rows_options *o);

/* Everything of one answer in the order of JSON: each source's state, missing
 * parts and remarks, all payments, decisions, facts, flags, months, checks.
 * What --format text and linear mode print. */
struct rows *rows_all(const struct answer *a, const struct overview *v,
                      const struct rows_options *o);

void rows_free(struct rows **r);

/* Words (Swedish, through gettext; borrowed). */
const char *rows_state_label(enum source_state s); /* "Inga uppgifter" */
/* UX 9's sentence for a state: what it is, what it means, what to do. */
const char *rows_state_text(struct arena *a, const struct answer *ans,
                            enum source_id s, const struct rows_options *o);
const char *rows_payment_state(enum payment_state s); /* "väntas", "" paid */
const char *rows_mark_label(unsigned one);            /* "Kvittning" */
const char *rows_mark_letter(unsigned marks);         /* "R", "A" ...; "" */
/* Full name as the screens say it: "A-kassorna", "Försäkringskassan". */
const char *rows_authority(enum source_id s);
/* "Okt", "oktober 2026". */
const char *rows_month_short(struct month m);
void rows_month_long(struct month m, char out[24]);
/* "FK Barnbidrag", "A-kassa Exempel": the benefit as months name it. */
const char *rows_benefit(struct arena *a, enum source_id s, const char *forman,
                         const char *betalare);
/* "11-02 - 11-06" inside the year of the period asked, else whole dates. */
const char *rows_span(struct arena *a, const char *fran, const char *till);

#endif
