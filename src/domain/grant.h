/* SPDX-License-Identifier: EUPL-1.2
 *
 * Who may ask this, about whom, on what ground: the checks of DESIGN 2.3 that
 * a single host can make, each with its own refusal in errors.def. Pure: the
 * daemon gathers the facts, this decides. Closed case, jäv and own number are
 * never overridable.
 */
#ifndef ENFRAGA_DOMAIN_GRANT_H
#define ENFRAGA_DOMAIN_GRANT_H

#include "base/err.h"
#include "domain/legal.h"
#include "domain/question.h"

#include <stdbool.h>

enum account_role { /* bits */
    ROLE_HANDLAGGARE = 1 << 0,
    ROLE_KONTAKTCENTER = 1 << 1,
    ROLE_CHEF = 1 << 2,
    ROLE_HANDLEDARE = 1 << 3,
    ROLE_SYSTEMANSVARIG = 1 << 4,
    ROLE_SYSTEM = 1 << 5,
};

unsigned role_by_word(const char *word);  /* 0 if none */
const char *role_word(unsigned one_role); /* "handlaggare" */

/* Access to a case: given by a second person; taken by oneself, efterhand; and
 * that one approved. The words stand in the payload of an entry atkomst. */
enum access_kind { ACCESS_GIVEN, ACCESS_EFTERHAND, ACCESS_GODKAND };
const char *access_word(enum access_kind k); /* "efterhand" */
bool access_by_word(enum access_kind *k, const char *word);

enum grant_mode { MODE_OVNING, MODE_TEST, MODE_SKARP };
const char *mode_word(enum grant_mode m);
bool mode_by_word(enum grant_mode *m, const char *word);

enum forsakran_state {
    FORSAKRAN_SAKNAS,
    FORSAKRAN_GILTIG,
    FORSAKRAN_NY_TEXT, /* signed in an older wording */
    FORSAKRAN_UTGANGEN,
    FORSAKRAN_ATERKALLAD,
    FORSAKRAN_ANNAN_NYCKEL,
    FORSAKRAN_CERT_SPARRAT /* the certificate it is signed with is revoked */
};
const char *forsakran_word(enum forsakran_state s);
enum forsakran_state forsakran_by_word(const char *word); /* else SAKNAS */

struct grant_facts {
    enum grant_mode mode;
    bool account_known, account_blocked;
    unsigned roles;
    enum forsakran_state forsakran;
    int asked_last_minute, asked_today, burst, ceiling;
    bool case_exists, case_open, case_prepared; /* prepared: slag
                                                   ansokan_forbereds */
    bool takes_part, access_given, jav;
    bool in_household;      /* the person asked about */
    enum roll roll;         /* the person's role in the household */
    bool own_number, own_list;
    bool asked_within_3_days, shielded;
    struct date today;
};

/* ERR_OK, or the first refusal in the order of DESIGN 2.3. `legal` gives the
 * table of syfte and source. ERR_REASON where UX 6 demands a reason and the
 * question has none. */
enum err_code grant_check(const struct grant_facts *f,
                          const struct question *q, const struct legal *l,
                          struct err *e);

/* Why a reason is demanded, as a msgid; NULL when none is (UX 6). */
const char *grant_reason(const struct grant_facts *f, const struct question *q);

#endif
