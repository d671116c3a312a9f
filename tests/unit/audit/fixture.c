/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/unit/audit/fixture.h"

#include "base/mem.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MUST(what)                                                             \
    do {                                                                       \
        if (!(what)) {                                                         \
            fprintf(stderr, "fixture: %s:%d: %s: %s\n", __FILE__, __LINE__,    \
                    #what, e.text);                                            \
            abort();                                                           \
        }                                                                      \
    } while (0)

static X509 *
self_signed(EVP_PKEY *pkey)
{
    X509 *c = X509_new();
    X509_set_version(c, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
    X509_gmtime_adj(X509_getm_notBefore(c), -60);
    X509_gmtime_adj(X509_getm_notAfter(c), 86400);
    X509_set_pubkey(c, pkey);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_UTF8,
                               (const unsigned char *)"prov", -1, -1, 0);
    X509_set_issuer_name(c, X509_get_subject_name(c));
    X509_sign(c, pkey, EVP_sha256());
    return c;
}

void
fixture_forsakran(struct ledger_forsakran *f, const char *account,
                  const struct key *entry_key)
{
    struct err e = {0};
    AUTO_KEY struct key *cert_key = NULL;
    uint8_t pub[KEY_RAW];
    struct vkey v;
    char text[VKEY_TEXT_MAX];
    AUTO_BUF(head, 4096);
    MUST(!key_new_p256(&cert_key, &e));
    MUST(key_public_raw(entry_key, pub));
    MUST(!vkey_make(&v, account, pub, &e));
    vkey_text(&v, text);
    buf_addf(&head, "enfraga/forsakran/1\nkonto: %s\nnyckel: %s\n\nText.\n",
             account, text);
    X509 *cert = self_signed(key_evp(cert_key));
    BIO *in = BIO_new_mem_buf(head.data, (int)head.len);
    CMS_ContentInfo *cms = CMS_sign(cert, key_evp(cert_key), NULL, in,
                                    CMS_DETACHED | CMS_BINARY | CMS_CADES);
    MUST(cms);
    unsigned char *der = NULL;
    int n = i2d_CMS_ContentInfo(cms, &der);
    MUST(n > 0);
    *f = (struct ledger_forsakran){.cms_len = (size_t)n,
                                   .text_len = head.len,
                                   .vkey = mem_strdup(text),
                                   .account = mem_strdup(account)};
    f->cms = mem_alloc((size_t)n);
    memcpy(f->cms, der, (size_t)n);
    f->text = mem_strdup(buf_str(&head));
    sha256(f->sha256, f->cms, f->cms_len);
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    X509_free(cert);
}

void
fixture_sign(struct fixture *x, struct entry_author *a,
             struct ledger_post *post, struct buf *author)
{
    struct err e = {0};
    buf_clear(author);
    MUST(!entry_author_encode(author, a, &e));
    MUST(!entry_sign(x->entry_key, author->data, author->len, post->sig, &e));
    post->author = author->data;
    post->author_len = author->len;
    post->peer = PEER_UID;
    post->peer_uid = 1000;
}

void
fixture_part(struct fixture *x, enum entry_kind type, struct entry_author *a)
{
    struct vkey v;
    *a = (struct entry_author){.type = type};
    snprintf(a->mode, sizeof a->mode, "%s", x->mode);
    snprintf(a->origin, sizeof a->origin, "%s", ledger_origin(x->l));
    vkey_parse(x->f.vkey, &v, NULL);
    vkey_kid(&v, a->kid);
    memcpy(a->forsakran, x->f.sha256, HASH_SIZE);
    random_bytes(a->nonce, ENTRY_NONCE);
    a->client_time_ms = 1795527127000;
    a->seen_size = ledger_size(x->l);
    memcpy(a->seen_root, ledger_root(x->l), HASH_SIZE);
}

void
fixture_intent(struct fixture *x, const char *payload, struct ledger_post *post,
               struct buf *author)
{
    struct entry_author a;
    fixture_part(x, KIND_INTENT, &a);
    a.authorities = 0x7;
    snprintf(a.legal, sizeof a.legal, "sol-11-11");
    *post = (struct ledger_post){0};
    if (payload) {
        random_bytes(post->salt, ENTRY_SALT);
        post->payload = payload;
        post->payload_len = strlen(payload);
        a.has_commit = true;
        entry_commit(a.commit, post->salt, payload, post->payload_len);
    }
    fixture_sign(x, &a, post, author);
}

void
fixture_put_forsakran(struct fixture *x)
{
    struct err e = {0};
    struct entry_author a;
    struct ledger_post post = {0};
    struct ledger_result r;
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    fixture_part(x, KIND_FORSAKRAN, &a);
    fixture_sign(x, &a, &post, &author);
    MUST(!ledger_put_forsakran(x->l, &post, &x->f, &r));
}

void
fixture_recipient(struct fixture *x)
{
    struct err e = {0};
    struct ledger_result r;
    unsigned char *der = NULL;
    MUST(!key_new_p256(&x->review_key, &e));
    X509 *cert = self_signed(key_evp(x->review_key));
    int n = i2d_X509(cert, &der);
    MUST(n > 0);
    x->review_cert = mem_alloc((size_t)n);
    x->review_len = (size_t)n;
    memcpy(x->review_cert, der, (size_t)n);
    OPENSSL_free(der);
    X509_free(cert);
    struct ledger_recipient to = {"chef07", x->review_cert, x->review_len};
    struct ledger_post post = {
        .type = KIND_NYCKEL, .recipients = &to, .n_recipients = 1};
    MUST(!ledger_append(x->l, &post, 1, &r, &e));
    e = r.err;
    MUST(!r.code);
}

void
fixture_in_memory(void)
{
    struct statvfs v;
    bool room = !statvfs("/dev/shm", &v) &&
                (uint64_t)v.f_bavail * v.f_frsize > 256 << 20;
    if (room && access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0);
}

void
fixture_init(struct fixture *x)
{
    fixture_init_as(x, "test", true);
}

void
fixture_init_as(struct fixture *x, const char *mode, bool signs)
{
    struct err e = {0};
    const char *tmp = getenv("TMPDIR");
    *x = (struct fixture){.mode = mode};
    snprintf(x->dir, sizeof x->dir, "%s/enfraga-log-XXXXXX",
             tmp && strlen(tmp) < 32 ? tmp : "/tmp");
    MUST(mkdtemp(x->dir));
    snprintf(x->path, sizeof x->path, "%s/audit.db", x->dir);
    MUST(!key_new_ed25519(&x->log_key, &e));
    MUST(!key_new_ed25519(&x->own_key, &e));
    MUST(!key_new_ed25519(&x->entry_key, &e));
    fixture_forsakran(&x->f, "hl0142", x->entry_key);
    MUST(!ledger_create(x->path, "audit.sundby.se/prov/1", mode, x->log_key,
                        x->own_key, &e));
    MUST(!ledger_open(x->path, x->log_key, x->own_key, &x->l, &e));
    if (signs)
        fixture_put_forsakran(x);
}

void
fixture_done(struct fixture *x)
{
    static const char *const names[] = {"",         "-wal",  "-shm",
                                        "-ballast", "-copy", ".json"};
    char path[128];
    ledger_close(&x->l);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s%s", x->path, names[i]);
        unlink(path);
    }
    rmdir(x->dir);
    key_free(&x->log_key);
    key_free(&x->own_key);
    key_free(&x->entry_key);
    key_free(&x->review_key);
    free(x->review_cert);
    ledger_forsakran_done(&x->f);
}

/* Entries that close what *r opened, into posts[0] and posts[1]. */
static void
closing(const struct ledger_result *r, struct ledger_post posts[2])
{
    posts[0] = (struct ledger_post){.type = KIND_DELUTFALL,
                                    .has_ref = true,
                                    .ref_seq = r->receipt.seq,
                                    .authorities = 1,
                                    .payload = "svar",
                                    .payload_len = 4};
    posts[1] = posts[0];
    posts[1].type = KIND_OUTCOME;
    posts[1].authorities = 7;
}

void
fixture_fill(struct fixture *x, uint64_t size, unsigned group)
{
    struct err e = {0};
    struct ledger_post *posts = mem_alloc(2 * group * sizeof *posts);
    struct ledger_result *r = mem_alloc(2 * group * sizeof *r);
    struct buf *author = mem_alloc(group * sizeof *author);
    for (unsigned i = 0; i < group; i++)
        buf_init(&author[i], ENTRY_AUTHOR_MAX);
    while (ledger_size(x->l) < size) {
        for (unsigned i = 0; i < group; i++)
            fixture_intent(x, "frågan", &posts[i], &author[i]);
        MUST(!ledger_append(x->l, posts, group, r, &e));
        struct ledger_result *first = mem_alloc(group * sizeof *first);
        memcpy(first, r, group * sizeof *first);
        for (unsigned i = 0; i < group; i++) {
            e = first[i].err;
            MUST(!first[i].code);
            closing(&first[i], posts + 2 * i);
        }
        free(first);
        MUST(!ledger_append(x->l, posts, 2 * group, r, &e));
        e = r[0].err;
        MUST(!r[0].code);
    }
    for (unsigned i = 0; i < group; i++)
        buf_done(&author[i]);
    free(author);
    free(posts);
    free(r);
}
