/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "client/review.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "client/own.h"
#include "local/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The answer to any of them: a receipt, and which review it is. */
static enum err_code
take_review(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    int64_t seq;
    const char *hex = message_text(o, "hash");
    enum err_code code = take_receipt(c, o, extra, e);
    if (code)
        return code;
    c->review = (struct review_head){.open = message_bool(o, "oppen")};
    if (!hex || !message_number(o, "granskning", &seq) || seq < 0 ||
        !text_unhex(hex, c->review.hash, sizeof c->review.hash))
        return err_set(e, ERR_PROTOCOL, "%s", _("no review came"));
    c->review.seq = (uint64_t)seq;
    return ERR_OK;
}

static void
post(struct client *c, const char *path, enum entry_kind kind,
     const struct review_head *of, const struct buf *payload, call_take *take,
     client_done *done, void *arg)
{
    struct entry_author author = {.has_ref = of != NULL};
    struct mine *mine;
    struct err e = {0};
    AUTO_BUF(body, 64 << 10);
    if (of) {
        author.ref_seq = of->seq;
        memcpy(author.ref_hash, of->hash, sizeof author.ref_hash);
    }
    enum err_code code =
        entry_make(c, c->identity, &author, kind, buf_str(payload),
                   payload->len, &body, &mine, &e);
    if (code)
        call_later(c, code, &e, done, arg);
    else
        call_keep(call_start(c, path, &body, take, mine, done, arg), mine);
}

static void
put_seqs(struct json *j, const uint64_t *seqs, size_t n)
{
    json_open(j, "poster", '[');
    for (size_t i = 0; i < n; i++)
        json_int(j, NULL, (int64_t)seqs[i]);
    json_close(j, ']');
}

void
client_review_period(struct client *c, const char *from, const char *to,
                     const char *person, const char *why, client_done *done,
                     void *arg)
{
    AUTO_BUF(payload, 8192);
    struct json j = {.out = &payload};
    json_open(&j, NULL, '{');
    json_str(&j, "slag", "sok");
    json_str(&j, "fran", from);
    json_str(&j, "till", to);
    json_str(&j, "person", person);
    json_str(&j, "skal", why);
    json_close(&j, '}');
    post(c, "/v1/granskning", KIND_GRANSKNING, NULL, &payload, take_review,
         done, arg);
}

void
client_review_entries(struct client *c, const uint64_t *seqs, size_t n,
                      const char *why, client_done *done, void *arg)
{
    AUTO_BUF(payload, 8192);
    struct json j = {.out = &payload};
    json_open(&j, NULL, '{');
    json_str(&j, "slag", "visa");
    put_seqs(&j, seqs, n);
    json_str(&j, "skal", why);
    json_close(&j, '}');
    post(c, "/v1/granskning", KIND_GRANSKNING, NULL, &payload, take_review,
         done, arg);
}

void
client_review_approve(struct client *c, const struct review_head *of,
                      const char *why, client_done *done, void *arg)
{
    AUTO_BUF(payload, 8192);
    struct json j = {.out = &payload};
    json_open(&j, NULL, '{');
    json_str(&j, "slag", "godkann");
    json_str(&j, "skal", why);
    json_close(&j, '}');
    post(c, "/v1/granskning", KIND_GRANSKNING, of, &payload, take_review, done,
         arg);
}

void
client_review_verdict(struct client *c, const struct review_head *of,
                      const char *verdict, const uint64_t *seqs, size_t n,
                      const char *text, client_done *done, void *arg)
{
    AUTO_BUF(payload, 16384);
    struct json j = {.out = &payload};
    json_open(&j, NULL, '{');
    json_str(&j, "bedomning", verdict);
    put_seqs(&j, seqs, n);
    json_str(&j, "text", text ? text : "");
    json_close(&j, '}');
    post(c, "/v1/granskning/utfall", KIND_GRANSKNING_UTFALL, of, &payload,
         take_receipt, done, arg);
}

const struct review_head *
client_review(const struct client *c)
{
    return &c->review;
}

static void
copy(char *to, size_t size, const cJSON *o, const char *name)
{
    const char *s = message_text(o, name);
    snprintf(to, size, "%s", s ? s : "");
}

static enum err_code
take_reviews(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "granskningar"), *p;
    (void)extra;
    if (!cJSON_IsArray(list))
        return err_set(e, ERR_PROTOCOL, "%s", _("no review came"));
    free(c->reviews);
    c->reviews = mem_alloc(((size_t)cJSON_GetArraySize(list) + 1) *
                           sizeof *c->reviews);
    c->n_reviews = 0;
    cJSON_ArrayForEach(p, list)
    {
        struct review_row *r = &c->reviews[c->n_reviews];
        const char *hex = message_text(p, "hash");
        int64_t seq, entries = 0;
        if (!hex || !message_number(p, "granskning", &seq) || seq < 0 ||
            !text_unhex(hex, r->head.hash, sizeof r->head.hash))
            return err_set(e, ERR_PROTOCOL, "%s", _("no review came"));
        r->head.seq = (uint64_t)seq;
        copy(r->konto, sizeof r->konto, p, "konto");
        copy(r->second, sizeof r->second, p, "godkand_av");
        copy(r->from, sizeof r->from, p, "fran");
        copy(r->to, sizeof r->to, p, "till");
        copy(r->person, sizeof r->person, p, "person");
        copy(r->why, sizeof r->why, p, "skal");
        message_number(p, "poster", &entries);
        r->entries = (int)entries;
        r->head.open = r->entries || r->second[0];
        c->n_reviews++;
    }
    return ERR_OK;
}

void
client_reviews(struct client *c, client_done *done, void *arg)
{
    call_start(c, "/v1/granskning", NULL, take_reviews, NULL, done, arg);
}

const struct review_row *
client_review_list(const struct client *c, int *n)
{
    *n = c->n_reviews;
    return c->reviews;
}

void
client_review_page(struct client *c, uint64_t review, int64_t after_ms,
                   uint64_t after, client_done *done, void *arg)
{
    AUTO_BUF(body, 256);
    struct json j = {.out = &body};
    json_open(&j, NULL, '{');
    json_int(&j, "granskning", (int64_t)review);
    json_int(&j, "efter_ms", after_ms);
    json_int(&j, "efter", (int64_t)after);
    json_close(&j, '}');
    buf_done(&c->page);
    buf_init(&c->page, CALL_MAX);
    call_raw(call_start(c, "/v1/granskning/rader", &body, NULL, NULL, done,
                        arg),
             &c->page);
}

const struct buf *
client_review_bytes(const struct client *c)
{
    return &c->page;
}

struct opener *
client_opener(struct client *c, const char *passphrase, struct err *e)
{
    AUTO_STR char *taken = NULL;
    if (client_passphrase(c, passphrase, &taken, e))
        return NULL;
    return opener_new(c->user_dir, taken, c->status.origin, e);
}
