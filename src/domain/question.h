/* SPDX-License-Identifier: EUPL-1.2
 *
 * A question about one person in one case. Its encoding (FORMATS.md,
 * Question) is the secret payload of the intent entry and the only form from
 * which enfragad sends: there is no second copy (DESIGN 2.2).
 */
#ifndef ENFRAGA_DOMAIN_QUESTION_H
#define ENFRAGA_DOMAIN_QUESTION_H

#include "base/buf.h"
#include "base/err.h"
#include "domain/kontrakt.h"
#include "domain/period.h"
#include "domain/personnummer.h"
#include "domain/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum roll { ROLL_SOKANDE, ROLL_MEDSOKANDE, ROLL_BARN, ROLL_COUNT };

enum syfte {
    SYFTE_NYANSOKAN,
    SYFTE_FORTSATT,
    SYFTE_KONTROLL,
    SYFTE_ATERKRAV,
    SYFTE_FORBEREDS,
    SYFTE_COUNT
};

enum { ARENDE_MAX = 31 }; /* CSN refuses longer (WIRE 2.1) */

struct question {
    char id[37]; /* UUID: korrelationsid */
    char arende[ARENDE_MAX + 1];
    struct personnummer person;
    enum roll roll;
    enum syfte syfte;
    struct month month;   /* application month; none where a period was given */
    struct period period; /* the main period */
    struct period csn;    /* CSN's own period; none: the main one */
    source_set sources;   /* of SOURCE_ASKABLE; never 0 */
    enum kontrakt kontrakt; /* the version of SSBTEK it is put in */
    skv_set skv;            /* v11: the parts asked of SKV; else 0 */
    char lefi[512];         /* codes asked of FK, "FK:ABB FK:AS PM:AP/25" or "" */
    char skal[256];         /* reason in own words, or "" */
    uint64_t retry_of;      /* seq + 1 of the intent whose failures are asked
                               again; 0: not a retry */
    char handlaggare[64];   /* account, as the authorities log it */
    int64_t asked_ms;       /* client's UTC ms */
    /* A question that a system put as to SSBTEK: SHA-256 of its bytes. It may
     * ask no source at all, and is then answered so. */
    bool has_soap;
    uint8_t soap_sha256[32];
};

const char *roll_word(enum roll r);      /* "sokande" */
const char *syfte_word(enum syfte s);    /* "fortsatt" */
const char *syfte_label(enum syfte s);   /* msgid, "Continued application" */
enum roll roll_by_word(const char *w);   /* ROLL_COUNT if none */
enum syfte syfte_by_word(const char *w); /* SYFTE_COUNT if none */

/* Fills id with a new random UUID (version 4). */
void question_new_id(struct question *q);

/* The LEFI codes that the syfte needs (lefi_codes.def), into q->lefi; "" when
 * FK is not among the sources. GEPI is always asked with FK. */
void question_preset_lefi(struct question *q);

/* The codes of a list instead ("FK:SJP,FK:SGI", parted by comma or space); the
 * word `forval` is those that the syfte needs. GEPI is always among them.
 * ERR_USAGE names a word that is no code, ERR_SOURCE says that FK is not
 * asked. */
enum err_code question_choose_lefi(struct question *q, const char *list,
                                   struct err *e);

/* What CSN is asked about: the whole term(s) (UX 6). With October as the month
 * of application and a person of at most 20 that year from 1 June, so that
 * studiehjälp can be compared with June (INCOME 5). */
struct period question_csn_period(const struct question *q);

/* CSN's own period; none when CSN is not asked or it is the main one. The
 * person is set first. */
void question_preset_csn(struct question *q);

/* v11: the parts that may be asked of SKV; none where SKV is not asked, or in
 * v10, which has no parts. */
void question_preset_skv(struct question *q, skv_set allowed);

/* Checks what the question says by itself (lengths, period, sources). */
enum err_code question_check(const struct question *q, struct err *e);

enum err_code question_encode(struct buf *out, const struct question *q);
enum err_code question_decode(struct question *q, const void *p, size_t n,
                              struct err *e);
void question_wipe(struct question *q);

#endif
