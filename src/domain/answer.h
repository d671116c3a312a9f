/* SPDX-License-Identifier: EUPL-1.2
 *
 * The answer: one value that feeds panes, overview, linear mode, text and
 * JSON (`enfraga.svar/1`, DESIGN 4). All it holds lives in its arena. Text in
 * it has been cleaned of control characters at the border where it came in;
 * the raw form is kept aside in `raw` for F11 alone.
 */
#ifndef ENFRAGA_DOMAIN_ANSWER_H
#define ENFRAGA_DOMAIN_ANSWER_H

#include "base/mem.h"
#include "domain/money.h"
#include "domain/period.h"
#include "domain/question.h"
#include "domain/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A tree of what a source said, by the contract's names: the JSON under
 * `uppgifter`. Order is the order it came in. */
enum fact_kind { FACT_TEXT, FACT_OBJECT, FACT_LIST };

struct fact {
    struct fact *next;  /* sibling */
    struct fact *child; /* first member or item */
    struct fact *last;  /* last member or item; kept by fact_add */
    const char *name;   /* NULL for the items of a list */
    const char *text;   /* FACT_TEXT; never NULL there */
    enum fact_kind kind;
};

enum payment_state {
    PAYMENT_UTBETALD,
    PAYMENT_PRELIMINAR,
    PAYMENT_PLANERAD,
    PAYMENT_OKAND,
    PAYMENT_STATE_COUNT
};

/* Marks of a payment (`marken`, UX 8); bits. */
enum payment_mark {
    MARK_KVITTNING = 1 << 0,       /* KVI, KVIKAN, KVIOVR, SKV */
    MARK_UTMATNING = 1 << 1,       /* INF, UTMATNING ... */
    MARK_SOCIALAVDRAG = 1 << 2,    /* SOC, SOCAVDRAG */
    MARK_RETRO = 1 << 3,           /* for an earlier period */
    MARK_LAN = 1 << 4,             /* a CSN loan is in the amount */
    MARK_NOLL = 1 << 5,            /* zero or negative after set-off */
    MARK_EFTER_SKATT = 1 << 6,     /* SO: netto is NettoEfterSkatt */
    MARK_DUBBEL_PM = 1 << 7,       /* FK row that PM reports too: summed once */
    MARK_BELOPP_OLASLIGT = 1 << 8, /* an amount came that is no amount */
    MARK_DATUM_OLASLIGT = 1 << 9,
    MARK_AVDRAG_OVRIGT = 1 << 10,
    MARK_LAST = 1 << 10
};

struct payment_row {
    struct payment_row *next;
    const char *forman, *kod; /* or NULL */
    const char *slag;         /* beloppstyp in words, or NULL */
    const char *slag_kod;
    struct money belopp;
    const char *fran, *till;        /* as given, or NULL */
    const char *omfattning, *dagar; /* as text, or NULL */
    bool avdrag;                    /* a deduction, not a benefit */
    bool lan;                       /* a loan */
};

struct payment {
    struct payment *next;
    enum source_id source;
    struct date date;     /* none where the contract gives none */
    const char *betalare; /* never NULL; FK with foretag 1003: PM's name, by
                             which answer_sort finds what PM reports too */
    const char *forman;   /* never NULL */
    const char *kod;      /* or NULL */
    enum payment_state state;
    struct money netto, brutto, skatt, avdrag, efter_skatt, lan;
    const char *fran, *till; /* "yyyy-MM-dd" or "yyyy-MM", or NULL */
    const char *dagar;       /* SO Ersattningsdagar, or NULL */
    unsigned marks;
    struct payment_row *rows;
};

/* A decision, matter, application, suspension or permit: a right, never
 * money (WIRE 8.4). */
struct decision {
    struct decision *next;
    enum source_id source;
    const char *slag;              /* "beslut" "arende" "ansokan" "avstangning"
                                      "tillstand" "anvisning" */
    const char *forman;            /* never NULL */
    const char *kod;               /* or NULL */
    struct date fran, till, datum; /* datum: decided or applied for */
    const char *omfattning;        /* "100" percent, or NULL */
    const char *dagar;             /* days with compensation, or NULL */
    const char *lage;              /* in words, or NULL */
    struct money belopp;           /* decided amount */
    const char *periodicitet;      /* "månad", "år" ...; with belopp */
    bool utan_beslut;              /* applied for, nothing decided */
};

struct missing { /* a benefit or part that was asked for and did not come */
    struct missing *next;
    const char *kod;   /* "FK:BOB" or a fund's or part's name */
    const char *namn;  /* "Bostadsbidrag" */
    const char *orsak; /* "INTERNT_FEL", "OBEHORIG", words */
};

struct texts {
    struct texts *next;
    const char *text;
};

enum confirmed { CONFIRMED_JA, CONFIRMED_NEJ, CONFIRMED_KAN_INTE_VISAS };

struct source_fault {
    const char *kalla;  /* SSBT, BT, ENFRAGA or the source's own code */
    const char *felkod; /* never NULL */
    struct texts *texts;
};

struct source_answer {
    enum source_state state;
    int time_ms; /* from the question; -1 where there is none */
    int count;   /* facts that count as data (payments, decisions, rows) */
    enum confirmed confirmed;
    struct source_fault *fault; /* or NULL */
    struct texts *remarks;      /* `anmarkningar` */
    struct missing *missing;
    struct payment *payments; /* in the order of DESIGN 4 once sorted */
    struct decision *decisions;
    struct fact *facts;   /* FACT_OBJECT, or NULL */
    bool shielded;        /* the source says: protected identity */
    bool unshielded;      /* it says: not; neither is not told, never no */
    const char *flag;     /* flag in words as it came, or NULL */
    const char *kontrakt; /* the version it answered in, by its
                             namespace; NULL: no answer came */
    uint64_t loggpost;    /* the intent that this part comes from */
    int64_t asked_ms;
    const char *raw; /* raw text, or NULL; memory only */
    size_t raw_len;
};

struct answer {
    struct arena *arena;
    struct question question;
    const char *lage;     /* "skarp", "test", "ovning" */
    const char *kontrakt; /* the version asked with, "v10" */
    uint64_t loggpost;
    struct source_answer of[SOURCE_COUNT];
};

/* An empty answer to q: asked sources wait, the others are not asked. */
struct answer *answer_new(const struct question *q);
void answer_free(struct answer **a);

/* What was asked: q's sources, and PM where a PM code is in q->lefi. */
source_set answer_asked(const struct question *q);

/* Every asked source is svar or inga_uppgifter. */
bool answer_whole(const struct answer *a);
bool answer_any(const struct answer *a); /* at least one answer came */

/* Any source says: protected identity. */
bool answer_shielded(const struct answer *a);

#define PROTECTION_UNTOLD "okant" /* a source's `skydd` */

/* AF, CSN or FK answered and did not say whether the person is protected. */
bool answer_untold(const struct answer *a, enum source_id s);

/* AF, CSN and FK have all answered about this person (confirmed `ja`: the
 * sign stands beside the number) and each says not protected: only then may
 * addresses and places be shown (UX 8). */
bool answer_places_open(const struct answer *a);

/* Exit status of UX 14: 0 whole, 10 partial, 11 no source answered. */
int answer_exit(const struct answer *a);

/* Sorts payments (date, none last; source; forman; state; netto; betalare)
 * and sets MARK_DUBBEL_PM. Call when all has come. */
void answer_sort(struct answer *a);

/* Merges `from` (a retry, or added sources) into a: sources that `from` asked
 * are replaced whole, so a retry asks a source all it was asked before. The
 * arena of `from` is taken over; *from is cleared; a is sorted. */
void answer_merge(struct answer *a, struct answer **from);

/* Building helpers; all memory from the arena, NULL past its ceiling. */
struct fact *fact_new(struct arena *a, enum fact_kind k, const char *name,
                      const char *text);
void fact_add(struct fact *parent, struct fact *child); /* at the end */
const struct fact *fact_get(const struct fact *f, const char *name);
const char *fact_text(const struct fact *f, const char *name); /* or NULL */
struct texts *texts_add(struct arena *a, struct texts **list, const char *s);

const char *payment_state_word(enum payment_state s); /* "utbetald" */
enum payment_state payment_state_by_word(const char *w);
const char *payment_mark_word(unsigned mark); /* one bit: "kvittning" */
const char *confirmed_word(enum confirmed c); /* "ja" ... */

#endif
