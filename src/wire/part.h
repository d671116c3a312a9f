/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the readers of the authorities share: one authority's part of the
 * answer while it is being read. A reader says what it saw as evidence, adds
 * payments, decisions and what is missing; part_end lets the zero rule give
 * the state. Text is cleaned here, where it comes in.
 */
#ifndef ENFRAGA_WIRE_PART_H
#define ENFRAGA_WIRE_PART_H

#include "domain/answer.h"
#include "domain/zero.h"
#include "wire/json.h"
#include "wire/ssbtek.h"
#include "wire/xml.h"

/* Ceilings of an answer of SSBTEK's. */
extern const struct xml_limits ssbtek_limits;

/* All that is kept of one answer: what no true answer reaches, and what keeps
 * the process under its bound. */
enum { PART_MEMORY = 20 << 20 };

/* Parts that did not come; the last one of so many stands for the rest. */
enum { MISSING_MAX = 200 };

struct part {
    struct answer *answer;
    struct source_answer *out;
    struct arena *arena;
    enum source_id source;
    uint32_t seen; /* enum evidence */
    int rows;      /* data that is neither payment nor decision */
    struct payment **payment_end;
    struct decision **decision_end;
    struct missing **missing_end;
    int n_missing;
    struct texts **remark_end;
    bool full;    /* the answer's memory ceiling was passed */
    bool decided; /* the state was set aside from the evidence */
};

/* A part of a, emptied. */
void part_begin(struct part *p, struct answer *a, enum source_id source);

/* Sets the state from the evidence, and count and confirmed. */
void part_end(struct part *p);

/* Nothing of what the source said is kept; state and fault instead. */
void part_discard(struct part *p, enum source_state s, const char *felkod,
                  const char *text);

/* Adds, all from the answer's arena; NULL past its ceiling. */
struct payment *part_payment(struct part *p, const char *betalare,
                             const char *forman, const char *kod);
struct payment_row *part_row(struct part *p, struct payment_row ***end);
struct decision *part_decision(struct part *p, const char *slag,
                               const char *forman, const char *kod);
void part_missing(struct part *p, const char *kod, const char *namn,
                  const char *orsak);
void part_remark(struct part *p, const char *text);

/* A fault and its texts; the first felkod stays, texts are added. */
void part_fault(struct part *p, const char *kalla, const char *felkod,
                const char *text);

/* An `error` element's felkod and texts as the fault; `kalla`: where it names
 * none. */
void part_error(struct part *p, const struct xml_node *error,
                const char *kalla);

/* Cleaned copies: of s as it came; of s trimmed, NULL where nothing is left;
 * of whichever of a and b has something, trimmed, NULL for neither. */
const char *part_text(struct part *p, const char *s, size_t n);
const char *part_word(struct part *p, const char *s);
const char *part_either(struct part *p, const char *a, const char *b);

/* An amount that may be missing; one that came and is none marks the payment
 * (NULL: no payment) and is evidence that something is unread. */
struct money part_money(struct part *p, struct payment *pay, const char *s);

/* A date as text to a date, and a payment's period's end to the form it is
 * shown in ("yyyy-MM-dd" or "yyyy-MM", NULL for none). */
struct date part_date(struct payment *pay, const char *s);
const char *part_period(struct part *p, struct payment *pay, const char *s);

/* First day that "yyyy-MM-dd" or "yyyy-MM" stands for, or the last. */
struct date part_day(const char *s, bool last);

/* Marks that follow from the amounts: zero or below, a loan. */
void part_marks(struct payment *pay);

/* The payment's period as the span of its rows, if it has none itself. */
void part_span(struct payment *pay);

/* twelve digits, or ten, of the person the source says it answers about. */
void part_person(struct part *p, const char *digits);

/* The same of each child so named, whatever its namespace: where two are told,
 * the one that suits is not believed. */
void part_persons(struct part *p, const struct xml_node *of, const char *name);

/* The word of the children so named, whatever their namespace: one that is
 * not `well` before one that is; NULL where none says anything. */
const char *part_status(struct part *p, const struct xml_node *of,
                        const char *name, const char *well);

/* xs:boolean that is true. */
bool part_true(const char *s);

/* A sign of protection: whatever came that does not say no. */
bool part_flag(const char *s);

/* It says no in so many words; nothing, or a blank, says neither. */
bool part_flag_no(const char *s);

/* An element that says by xsi:nil that it holds nothing at all. */
bool part_nil(const struct xml_node *n);

/* The list whose emptiness would be proof: SEEN_LIST. One that is nil is none;
 * one that holds text is not known to be empty. */
void part_list(struct part *p, const struct xml_node *n);

/* `uppgifter` of an element's or object's members, by fields.def. `ns` ends
 * with NULL: the namespaces the contract has; NULL: any. `name`: the member
 * that j stands under; `mine`: which of its members are p's, NULL: all. What
 * is made of JSON points into its text, which lives in the answer's arena. */
struct fact *part_facts_xml(struct part *p, const struct xml_node *n,
                            const char *const *ns);
void part_facts_json(struct part *p, struct fact *to, const char *name,
                     const cJSON *j,
                     bool (*mine)(const struct part *p, const char *member));

/* A document whose members no contract names: all of it as it came. */
struct fact *part_tree_json(struct part *p, const cJSON *j);

/* The source's text as it came, for F11 (bounded). */
void part_raw(struct part *p, const char *s, size_t n);
void part_raw_xml(struct part *p, const struct xml_node *n);

/* The readers: `data` is what stands in the authority's data element. */
void af_read(struct part *p, const struct xml_node *data);
void csn_read(struct part *p, const struct xml_node *data);
void skv_read(struct part *p, const struct xml_node *data);
bool skv_has_parts(const struct xml_node *skv, const char *ns); /* v11's form */
void skv_read_parts(struct part *p, const struct xml_node *skv, const char *ns);
void so_read(struct part *p, const struct xml_node *data);
void tns_read(struct part *p, const struct xml_node *data);
void miv_read(struct part *p, const struct xml_node *data);

/* FK's data serves two sources; pm is NULL where none of its codes was asked.
 */
void lefi_read(struct part *fk, struct part *pm, const struct xml_node *data);

/* The inner documents, where they come by themselves: CSNSvar, LEFI's JSON. */
void csn_read_document(struct part *p, const struct xml_node *root);
void lefi_read_document(struct part *fk, struct part *pm, const char *s,
                        size_t n);

/* What stands in an authority's data, by its reader (FK's has its own). */
void part_read(struct part *p, const struct xml_node *data);
void lefi_fk_read(struct part *p, const cJSON *lefi);
void lefi_pm_read(struct part *p, const cJSON *lefi);

/* Bytes of base64 text in an element; false: not base64, or too long. */
bool part_base64(struct part *p, const struct xml_node *n, struct buf *out);

/* The settings of ssbtek_codes_set, never NULL members. */
const struct ssbtek_codes *part_codes(void);
bool part_code_in(const char *list, const char *code);

#endif
