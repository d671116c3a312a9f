/* SPDX-License-Identifier: EUPL-1.2
 *
 * Signs questions for bench_gateway and readings for bench_entries, so that
 * the driver need not while it measures: N bodies of POST /v1/fragor or
 * /v1/lasningar, each with its length before it as a line. There is no way in
 * that is not signed, for a bench either.
 *
 *   gateway_posts INSTANCE KONTO CASE PERSON ORIGIN FORSAKRAN N [lasning]
 */
#include "config.h"

#include "base/clock.h"
#include "base/text.h"
#include "domain/legal.h"
#include "domain/question.h"
#include "forsakran/identity.h"
#include "local/message.h"
#include "proof/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct signer {
    struct identity *id;
    struct question q;
    struct entry_author a;
    bool reading; /* one entry, and nothing is sent */
};

static void
die(const struct err *e)
{
    fprintf(stderr, "gateway_posts: %s\n", e->text);
    exit(2);
}

static struct identity *
open_identity(const char *instance, const char *konto)
{
    char dir[600], path[700], pass[64] = "";
    struct err e = {0};
    struct identity *id = NULL;
    snprintf(dir, sizeof dir, "%s/anvandare/%s", instance, konto);
    snprintf(path, sizeof path, "%s/losen", dir);
    FILE *f = fopen(path, "r");
    if (f && fgets(pass, sizeof pass, f))
        pass[strcspn(pass, "\n")] = '\0';
    if (f)
        fclose(f);
    if (identity_open(&id, dir, pass, &e))
        die(&e);
    return id;
}

/* What all of them say; the person is asked about again and again. */
static void
set_up(struct signer *s, char **argv)
{
    struct legal *legal = NULL;
    struct vkey k;
    struct err e = {0};
    s->id = open_identity(argv[1], argv[2]);
    struct question *q = &s->q;
    snprintf(q->handlaggare, sizeof q->handlaggare, "%s", argv[2]);
    snprintf(q->arende, sizeof q->arende, "%s", argv[3]);
    snprintf(q->person.digits, sizeof q->person.digits, "%s", argv[4]);
    snprintf(q->skal, sizeof q->skal, "matning");
    q->roll = ROLL_SOKANDE;
    q->syfte = SYFTE_FORTSATT;
    q->period = (struct period){{2026, 9, 1}, {2026, 11, 30}};
    q->sources = SOURCE_ASKABLE;
    question_preset_lefi(q);
    if (legal_load(&legal, getenv("ENFRAGA_DATA"), NULL, true, &e) ||
        vkey_parse(identity_vkey(s->id), &k, &e))
        die(&e);
    s->a = (struct entry_author){.type = KIND_LASNING, .has_commit = true};
    snprintf(s->a.origin, sizeof s->a.origin, "%s", argv[5]);
    snprintf(s->a.mode, sizeof s->a.mode, "test");
    if (!s->reading) {
        s->a.type = KIND_INTENT;
        s->a.kind = 1;
        s->a.authorities = q->sources;
        snprintf(s->a.legal, sizeof s->a.legal, "%s",
                 legal_code(legal, q->syfte));
    }
    vkey_kid(&k, s->a.kid);
    if (!text_unhex(argv[6], s->a.forsakran, sizeof s->a.forsakran))
        exit(64);
    legal_free(&legal);
}

/* What the handläggare reads: a person of a case. */
static void
reading_encode(struct buf *out, const struct question *q)
{
    buf_addf(out, "{\"arende\":\"%s\",\"person\":\"%s\"}", q->arende,
             q->person.digits);
}

static void
sign_one(struct signer *s)
{
    struct err e = {0};
    struct signed_entry out = {.author = BUF_INIT(ENTRY_AUTHOR_MAX),
                               .payload = BUF_INIT(1 << 16),
                               .has_payload = true};
    AUTO_BUF(body, 1 << 20);
    question_new_id(&s->q);
    s->q.asked_ms = clock_now_ms();
    random_bytes(s->a.nonce, sizeof s->a.nonce);
    random_bytes(out.salt, sizeof out.salt);
    s->a.client_time_ms = (uint64_t)clock_now_ms();
    s->a.client_boot_ms = (uint64_t)clock_boot_ms();
    if (s->reading)
        reading_encode(&out.payload, &s->q);
    else if (question_encode(&out.payload, &s->q))
        exit(2);
    entry_commit(s->a.commit, out.salt, out.payload.data, out.payload.len);
    if (entry_author_encode(&out.author, &s->a, &e) ||
        entry_sign(identity_entry_key(s->id), out.author.data, out.author.len,
                   out.sig, &e))
        die(&e);
    signed_entry_write(&body, &out);
    printf("%zu\n", body.len);
    fwrite(body.data, 1, body.len, stdout);
    signed_entry_done(&out);
}

int
main(int argc, char **argv)
{
    struct signer s = {0};
    s.reading = argc == 9 && !strcmp(argv[8], "lasning");
    if (argc != 8 && !s.reading)
        return 64;
    set_up(&s, argv);
    for (long n = strtol(argv[7], NULL, 10); n > 0; n--)
        sign_one(&s);
    identity_free(&s.id);
    question_wipe(&s.q);
    return ferror(stdout) != 0;
}
