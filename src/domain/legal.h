/* SPDX-License-Identifier: EUPL-1.2
 *
 * The dated legal tables: which syfte may ask which source, on what ground,
 * and the text sent as syfte and lagtext (DOMAIN 5, DESIGN 6). Kept by the
 * municipality as INI files; the shipped ones are the basis.
 */
#ifndef ENFRAGA_DOMAIN_LEGAL_H
#define ENFRAGA_DOMAIN_LEGAL_H

#include "base/err.h"
#include "domain/period.h"
#include "domain/question.h"

struct legal;

struct legal_ground {
    bool allowed;
    const char *paragraf;   /* "15 kap. 10 § SoL (2025:400), 3 § ..." */
    const char *godkand_av; /* who confirmed it, or "" */
    const char *varfor;     /* why it may not, or why it is asked; Swedish */
    struct date galler_fran;
};

/* Reads data/syften.ini and data/lagstod-YYYY-MM.ini (own file instead where
 * `own` is not NULL or ""). With `all_on` (test and ovning) every source that
 * the table knows is allowed. ERR_CONFIG names file and line. */
enum err_code legal_load(struct legal **l, const char *datadir, const char *own,
                         bool all_on, struct err *e);
void legal_free(struct legal **l);

/* The ground for asking; never NULL. */
const struct legal_ground *legal_ground(const struct legal *l, enum syfte s,
                                        enum source_id id);
/* The ground for one of the parts of SKV that v11 asks for; never NULL. They
 * stand by themselves: that SKV may be asked opens no part. */
const struct legal_ground *legal_skv_ground(const struct legal *l, enum syfte s,
                                            enum skv_part part);
skv_set legal_skv(const struct legal *l, enum syfte s);

/* In v11 SKV cannot be asked for nothing: where no part may be asked for a
 * syfte, SKV may not either. Once, after legal_load. */
void legal_use(struct legal *l, enum kontrakt kontrakt);

source_set legal_sources(const struct legal *l, enum syfte s);
bool legal_syfte(const struct legal *l, enum syfte s); /* in use at all */
const char *legal_wire_syfte(const struct legal *l, enum syfte s);
const char *legal_wire_lagtext(const struct legal *l, enum syfte s);
const char *legal_code(const struct legal *l, enum syfte s); /* clear field of
                                                                the entry */

#endif
