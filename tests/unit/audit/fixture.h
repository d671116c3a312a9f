/* SPDX-License-Identifier: EUPL-1.2
 *
 * A log in a directory of its own, with one handläggare who has signed: what
 * tests of the ledger and the verifier have in common. The certificate is
 * made and the CMS signed here, so that nothing of the forsakran module is
 * needed.
 */
#ifndef ENFRAGA_TESTS_AUDIT_FIXTURE_H
#define ENFRAGA_TESTS_AUDIT_FIXTURE_H

#include "audit/ledger.h"

struct fixture {
    char dir[64], path[80];
    struct key *log_key, *own_key, *entry_key;
    struct ledger *l;
    struct ledger_forsakran f; /* "hl0142" */
    struct key *review_key;    /* of the recipient, if there is one */
    void *review_cert;         /* DER */
    size_t review_len;
    const char *mode; /* "test" */
};

/* Logs lie in memory from now on, where there is room for them and TMPDIR does
 * not say otherwise: for tests in which no disk is to be waited for. A killed
 * process' writes are kept by the kernel wherever they went. */
void fixture_in_memory(void);

/* Makes the log, opens it and stores the försäkran (entries 0 and 1); prints
 * and aborts on failure. done removes the directory. */
void fixture_init(struct fixture *x);
void fixture_done(struct fixture *x);

/* The same in another mode, and without the försäkran where `signs` is not. */
void fixture_init_as(struct fixture *x, const char *mode, bool signs);
/* The försäkran of fixture_init: entry of the handläggare. */
void fixture_put_forsakran(struct fixture *x);

/* Boxes are sealed from now on to a recipient "chef07", whose key and
 * certificate lie in *x. */
void fixture_recipient(struct fixture *x);

/* An intent by the handläggare with this payload (NULL: none) into *post; the
 * bytes live in *author, which the caller inits and frees. */
void fixture_intent(struct fixture *x, const char *payload,
                    struct ledger_post *post, struct buf *author);

/* Appends intents, each with a part-outcome and an outcome, until the log has
 * at least `size` entries; `group` questions to a transaction. */
void fixture_fill(struct fixture *x, uint64_t size, unsigned group);

/* The fields of an author part by the handläggare, at the present head. */
void fixture_part(struct fixture *x, enum entry_kind type,
                  struct entry_author *a);

/* An author part changed and signed anew. */
void fixture_sign(struct fixture *x, struct entry_author *a,
                  struct ledger_post *post, struct buf *author);

/* A försäkran of this account for this key, with CMS and text. */
void fixture_forsakran(struct ledger_forsakran *f, const char *account,
                       const struct key *entry_key);

#endif
