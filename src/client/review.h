/* SPDX-License-Identifier: EUPL-1.2
 *
 * A review (AUDIT 13): asking for it, its pages, and opening them with the
 * reviewer's own key. enfragad hands out sealed rows alone; they are opened
 * and compared here.
 */
#ifndef ENFRAGA_CLIENT_REVIEW_H
#define ENFRAGA_CLIENT_REVIEW_H

#include "client/client.h"
#include "proof/entry.h"

/* One entry of a page. All is borrowed until the next one. */
struct review_entry {
    uint64_t seq;
    int64_t time_ms;
    const char *account;        /* "" for enfragad */
    bool own;                   /* the reviewer's own: not opened */
    bool erased;                /* no leaf: then author is empty */
    bool gone;                  /* no payload any more, or no key that opens */
    struct entry_author author; /* the clear part */
    const char *payload;        /* NUL-terminated; NULL: none, or not opened */
    size_t payload_len;
    enum err_code code; /* why it did not open; ERR_OK where it did */
};
typedef void review_entry_fn(void *arg, const struct review_entry *r);

/* Opens pages: keeps day keys that it has opened. NULL and *e where the key
 * (review.key in dir, under the passphrase) does not open. free wipes. */
struct opener;
struct opener *opener_new(const char *dir, const char *passphrase,
                          const char *origin, struct err *e);
void opener_free(struct opener **o);

/* Each entry of a page in turn, then where the next page begins; *more: there
 * is one. ERR_PROTOCOL for what is no page. */
enum err_code opener_page(struct opener *o, const void *page, size_t n,
                          review_entry_fn *entry, void *arg, int64_t *after_ms,
                          uint64_t *after, bool *more, struct err *e);

/* The session's user as opener; the passphrase as for client_unlock. */
struct opener *client_opener(struct client *c, const char *passphrase,
                             struct err *e);

/* Begins a review of a period (person: 12 digits or ""), or of named entries;
 * approves another's; gives a verdict on entries shown. When done,
 * client_review says which one, and whether it may be read. */
struct review_head {
    uint64_t seq;
    uint8_t hash[32];
    bool open;
};
void client_review_period(struct client *c, const char *from, const char *to,
                          const char *person, const char *why,
                          client_done *done, void *arg);
void client_review_entries(struct client *c, const uint64_t *seqs, size_t n,
                           const char *why, client_done *done, void *arg);
void client_review_approve(struct client *c, const struct review_head *of,
                           const char *why, client_done *done, void *arg);
void client_review_verdict(struct client *c, const struct review_head *of,
                           const char *verdict, const uint64_t *seqs, size_t n,
                           const char *text, client_done *done, void *arg);
const struct review_head *client_review(const struct client *c);

/* Those under way; borrowed until the next call. */
struct review_row {
    struct review_head head;
    char konto[64], second[64], from[11], to[11], person[13], why[256];
    int entries;
};
void client_reviews(struct client *c, client_done *done, void *arg);
const struct review_row *client_review_list(const struct client *c, int *n);

/* A page; its bytes are borrowed until the next call. */
void client_review_page(struct client *c, uint64_t review, int64_t after_ms,
                        uint64_t after, client_done *done, void *arg);
const struct buf *client_review_bytes(const struct client *c);

#endif
