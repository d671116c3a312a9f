/* SPDX-License-Identifier: EUPL-1.2
 *
 * A client that does what enfraga never does: posts one question to an
 * enfragad with something wrong in it, and prints the HTTP status and the
 * problem's word. For test_refusals.py.
 *
 *   forge INSTANCE KONTO CASE PERSON VARIANT [N]
 *
 * payload N: byte N of the payload is changed after signing; what is wrong in
 * the other variants stands in the table. FORGE_TLS, an address, and
 * FORGE_CERTS, a directory with ca.crt, forge.crt and forge.key: by TLS.
 */
#include "config.h"

#include "base/clock.h"
#include "base/loop.h"
#include "base/mem.h"
#include "base/text.h"
#include "domain/legal.h"
#include "domain/question.h"
#include "forsakran/identity.h"
#include "local/message.h"
#include "net/fetch.h"
#include "proof/entry.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum variant {
    OK,          /* nothing: the control */
    PAYLOAD,     /* a byte of the payload after signing */
    SIGNATURE,   /* a bit of the signature */
    AUTHORITIES, /* the clear sources are not the question's */
    LEGAL,       /* the clear legal basis is not the question's */
    ORIGIN,      /* signed for another log */
    MODE,        /* signed for another mode */
    KEY,         /* another account's key signs */
    OTHER,       /* another account's key, with that account's försäkran */
    SEEN,        /* the client has seen a log that is not this one */
    NAMES,       /* the question names another handläggare */
    REPLAY,      /* the same entry twice: the second answer is printed */
    FORSAKRAN,   /* a försäkran that nobody has signed */
    NO_PAYLOAD,  /* committed to, and not sent */
    TYPE,        /* an entry of another type */
    RETRY,       /* says it repeats a question that is not there */
    SOAP,        /* says a system put it, which asks no GEPI of FK */
    COUNT
};

static const char *const words[COUNT] = {[OK] = "ok",
                                         [PAYLOAD] = "payload",
                                         [SIGNATURE] = "signature",
                                         [AUTHORITIES] = "authorities",
                                         [LEGAL] = "legal",
                                         [ORIGIN] = "origin",
                                         [MODE] = "mode",
                                         [KEY] = "key",
                                         [OTHER] = "other",
                                         [SEEN] = "seen",
                                         [NAMES] = "names",
                                         [REPLAY] = "replay",
                                         [FORSAKRAN] = "forsakran",
                                         [NO_PAYLOAD] = "no-payload",
                                         [TYPE] = "type",
                                         [RETRY] = "retry",
                                         [SOAP] = "soap"};

struct result {
    struct event_base *base;
    struct buf got;
    int status;
};

static enum err_code
on_data(void *arg, const void *p, size_t n, struct err *e)
{
    struct result *r = arg;
    (void)e;
    return buf_add(&r->got, p, n);
}

static void
on_done(void *arg, enum err_code code, int status, const char *type,
        const struct err *e)
{
    struct result *r = arg;
    (void)type;
    if (code)
        fprintf(stderr, "forge: %s\n", e->text);
    r->status = status;
    event_base_loopbreak(r->base);
}

static void
die(const struct err *e)
{
    fprintf(stderr, "forge: %s\n", e->text);
    exit(2);
}

static struct identity *
open_identity(const char *instance, const char *konto)
{
    char dir[600], path[700], pass[64] = "";
    snprintf(dir, sizeof dir, "%s/anvandare/%s", instance, konto);
    snprintf(path, sizeof path, "%s/losen", dir);
    FILE *f = fopen(path, "r");
    if (f && fgets(pass, sizeof pass, f))
        pass[strcspn(pass, "\n")] = '\0';
    if (f)
        fclose(f);
    struct err e = {0};
    struct identity *id = NULL;
    if (identity_open(&id, dir, pass, &e))
        die(&e);
    return id;
}

static void
fill_question(struct question *q, char **argv, enum variant v)
{
    question_new_id(q);
    snprintf(q->handlaggare, sizeof q->handlaggare, "%s",
             v == NAMES ? "chef07" : argv[2]);
    snprintf(q->arende, sizeof q->arende, "%s", argv[3]);
    snprintf(q->person.digits, sizeof q->person.digits, "%s", argv[4]);
    q->roll = ROLL_SOKANDE;
    q->syfte = SYFTE_FORTSATT;
    q->period.from = (struct date){2026, 1, 1};
    q->period.to = (struct date){2026, 6, 30};
    q->sources = SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_SO);
    snprintf(q->skal, sizeof q->skal, "%s", v == RETRY ? "" : "prov");
    q->retry_of = v == RETRY ? 1000001 : 0;
    q->asked_ms = clock_now_ms();
    if (v == SOAP) {
        q->has_soap = true;
        q->sources |= SOURCE_BIT(SOURCE_FK);
        snprintf(q->lefi, sizeof q->lefi, "FK:ABB");
    }
}

static void
fill_author(struct entry_author *a, const struct question *q,
            const struct identity *id, const char *origin, const char *sha_hex,
            const char *legal, enum variant v)
{
    struct vkey k;
    struct err e = {0};
    if (vkey_parse(identity_vkey(id), &k, &e))
        die(&e);
    *a = (struct entry_author){.type = v == TYPE ? KIND_LASNING : KIND_INTENT,
                               .kind = 1,
                               .authorities = q->sources};
    snprintf(a->origin, sizeof a->origin, "%s%s", origin,
             v == ORIGIN ? "2" : "");
    snprintf(a->mode, sizeof a->mode, "%s", v == MODE ? "skarp" : "test");
    snprintf(a->legal, sizeof a->legal, "%s", v == LEGAL ? "x" : legal);
    if (v == AUTHORITIES)
        a->authorities = SOURCE_BIT(SOURCE_AF);
    vkey_kid(&k, a->kid);
    if (!text_unhex(sha_hex, a->forsakran, sizeof a->forsakran))
        memset(a->forsakran, 0, sizeof a->forsakran);
    if (v == FORSAKRAN)
        a->forsakran[0] ^= 1;
    random_bytes(a->nonce, sizeof a->nonce);
    a->client_time_ms = (uint64_t)clock_now_ms();
    a->client_boot_ms = (uint64_t)clock_boot_ms();
    a->has_commit = true;
    if (v == SEEN) {
        a->seen_size = 1;
        memset(a->seen_root, 7, sizeof a->seen_root);
    }
}

/* One HTTP exchange with the instance. */
static void
exchange(struct result *r, const char *instance, const char *konto,
         const char *path, const struct buf *body)
{
    static const struct fetch_ops ops = {.data = on_data, .done = on_done};
    char socket[600], header[128], url[128];
    snprintf(socket, sizeof socket, "%s/run/enfraga.sock", instance);
    snprintf(header, sizeof header, "Enfraga-Konto: %s", konto);
    snprintf(url, sizeof url, "http://enfragad%s", path);
    const char *const headers[] = {header, NULL};
    struct fetch_options o = {.url = url,
                              .unix_socket = socket,
                              .headers = headers,
                              .body = body ? body->data : NULL,
                              .body_len = body ? body->len : 0,
                              .connect_s = 5,
                              .total_s = 30};
    const char *tls = getenv("FORGE_TLS"), *dir = getenv("FORGE_CERTS");
    char at[3][256];
    if (tls && dir) {
        static const char *const name[] = {"ca.crt", "forge.crt", "forge.key"};
        for (int i = 0; i < 3; i++)
            snprintf(at[i], sizeof at[i], "%s/%s", dir, name[i]);
        snprintf(url, sizeof url, "%s%s", tls, path);
        o.unix_socket = NULL;
        o.ca = at[0];
        o.cert = at[1];
        o.key = at[2];
    }
    buf_clear(&r->got);
    struct err e = {0};
    struct fetcher *f = fetcher_new(r->base);
    if (!fetch_start(f, &o, &ops, r, &e))
        die(&e);
    event_base_dispatch(r->base);
    fetcher_free(&f);
}

static void
print_result(const struct result *r)
{
    struct err e = {0};
    const char *line = buf_str(&r->got);
    size_t n = strcspn(line, "\n");
    cJSON *o = message_parse(line, n, 1 << 20, &e);
    const char *kod = message_text(o, "kod");
    printf("%d %s\n", r->status, kod ? kod : "-");
    cJSON_Delete(o);
}

int
main(int argc, char **argv)
{
    int v = 0;
    while (argc >= 6 && v < COUNT && strcmp(argv[5], words[v]))
        v++;
    if (argc < 6 || v == COUNT)
        return 64;
    struct result r = {.base = loop_new(), .got = BUF_INIT(8 << 20)};
    struct err e = {0};
    const char *signer = v == KEY || v == OTHER ? "chef07" : argv[2];
    exchange(&r, argv[1], v == OTHER ? signer : argv[2], "/v1/mig", NULL);
    cJSON *me = message_parse(buf_str(&r.got), r.got.len, 1 << 20, &e);
    exchange(&r, argv[1], argv[2], "/v1/status", NULL);
    cJSON *status = message_parse(buf_str(&r.got), r.got.len, 1 << 20, &e);
    if (!me || !status)
        die(&e);
    struct question q = {0};
    fill_question(&q, argv, v);
    const char *sha = message_text(
        cJSON_GetObjectItemCaseSensitive(me, "forsakran"), "sha256");
    struct identity *id = open_identity(argv[1], signer);
    struct entry_author a;
    struct legal *legal = NULL;
    if (legal_load(&legal, getenv("ENFRAGA_DATA"), NULL, true, &e))
        die(&e);
    fill_author(&a, &q, id, message_text(status, "origin"), sha ? sha : "",
                legal_code(legal, q.syfte), v);
    legal_free(&legal);
    struct signed_entry s = {.author = BUF_INIT(ENTRY_AUTHOR_MAX),
                             .payload = BUF_INIT(1 << 16),
                             .has_payload = v != NO_PAYLOAD};
    random_bytes(s.salt, sizeof s.salt);
    if (question_encode(&s.payload, &q))
        return 2;
    entry_commit(a.commit, s.salt, s.payload.data, s.payload.len);
    if (entry_author_encode(&s.author, &a, &e) ||
        entry_sign(identity_entry_key(id), s.author.data, s.author.len, s.sig,
                   &e))
        die(&e);
    if (v == PAYLOAD)
        s.payload.data[strtoul(argv[6], NULL, 10) % s.payload.len] ^= 1;
    if (v == SIGNATURE)
        s.sig[10] ^= 4;
    struct buf body = BUF_INIT(1 << 20);
    signed_entry_write(&body, &s);
    for (int i = 0; i < (v == REPLAY ? 2 : 1); i++)
        exchange(&r, argv[1], argv[2], "/v1/fragor", &body);
    print_result(&r);
    cJSON_Delete(me);
    cJSON_Delete(status);
    signed_entry_done(&s);
    buf_done(&body);
    buf_done(&r.got);
    identity_free(&id);
    question_wipe(&q);
    event_base_free(r.base);
    return 0;
}
