/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "seal/aead.h"

#include "base/mem.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* Room for some hundred keys; the smallest piece is one key. */
enum { HEAP = 64 << 10, PIECE = 32 };

struct aead {
    EVP_CIPHER *gcm, *wrap, *ecb;
    EVP_CIPHER_CTX *ctx, *wrap_ctx, *ecb_ctx;
    uint8_t kek[AEAD_KEY]; /* that ecb_ctx is set to */
    bool has_kek;
};

struct aead *
aead_new(void)
{
    struct aead *a = secret_new(sizeof *a);
    *a = (struct aead){.gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL),
                       .wrap = EVP_CIPHER_fetch(NULL, "AES-256-WRAP", NULL),
                       .ecb = EVP_CIPHER_fetch(NULL, "AES-256-ECB", NULL),
                       .ctx = EVP_CIPHER_CTX_new(),
                       .wrap_ctx = EVP_CIPHER_CTX_new(),
                       .ecb_ctx = EVP_CIPHER_CTX_new()};
    if (!a->gcm || !a->wrap || !a->ecb || !a->ctx || !a->wrap_ctx ||
        !a->ecb_ctx ||
        EVP_CipherInit_ex2(a->ctx, a->gcm, NULL, NULL, 1, NULL) != 1)
        abort();
    EVP_CIPHER_CTX_set_flags(a->wrap_ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    return a;
}

void
aead_free(struct aead **ap)
{
    struct aead *a = *ap;
    if (!a)
        return;
    EVP_CIPHER_CTX_free(a->ctx);
    EVP_CIPHER_CTX_free(a->wrap_ctx);
    EVP_CIPHER_CTX_free(a->ecb_ctx);
    EVP_CIPHER_free(a->gcm);
    EVP_CIPHER_free(a->ecb);
    EVP_CIPHER_free(a->wrap);
    secret_free(a, sizeof *a);
    *ap = NULL;
}

/* Key, nonce and associated data; way 1 seals and 0 opens. */
static void
start(struct aead *a, int way, const uint8_t *key, const uint8_t *nonce,
      const struct hash_part *aad, size_t aads, size_t n)
{
    int len, ok = n <= INT_MAX && EVP_CipherInit_ex2(a->ctx, NULL, key, nonce,
                                                     way, NULL) == 1;
    for (size_t i = 0; i < aads && ok; i++)
        ok = aad[i].n <= INT_MAX &&
             EVP_CipherUpdate(a->ctx, NULL, &len, aad[i].p, (int)aad[i].n) == 1;
    if (!ok)
        abort();
}

void
aead_seal(struct aead *a, const uint8_t key[AEAD_KEY],
          const uint8_t nonce[AEAD_NONCE], const struct hash_part *aad,
          size_t aads, const void *p, size_t n, uint8_t *out,
          uint8_t tag[AEAD_TAG])
{
    int len = 0, end;
    start(a, 1, key, nonce, aad, aads, n);
    if (EVP_CipherUpdate(a->ctx, out, &len, p, (int)n) != 1 ||
        EVP_CipherFinal_ex(a->ctx, out + len, &end) != 1 ||
        EVP_CIPHER_CTX_ctrl(a->ctx, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG, tag) != 1)
        abort();
}

bool
aead_open(struct aead *a, const uint8_t key[AEAD_KEY],
          const uint8_t nonce[AEAD_NONCE], const struct hash_part *aad,
          size_t aads, const void *p, size_t n, const uint8_t tag[AEAD_TAG],
          uint8_t *out)
{
    int len = 0, end;
    uint8_t given[AEAD_TAG];
    memcpy(given, tag, AEAD_TAG);
    start(a, 0, key, nonce, aad, aads, n);
    if (EVP_CIPHER_CTX_ctrl(a->ctx, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG, given) !=
            1 ||
        EVP_CipherUpdate(a->ctx, out, &len, p, (int)n) != 1)
        abort();
    if (EVP_CipherFinal_ex(a->ctx, out + len, &end) == 1)
        return true;
    mem_wipe(out, n);
    return false;
}

void
aead_wrap(struct aead *a, const uint8_t kek[AEAD_KEY],
          const uint8_t key[AEAD_KEY], uint8_t out[AEAD_WRAPPED])
{
    int n;
    if (EVP_CipherInit_ex2(a->wrap_ctx, a->wrap, kek, NULL, 1, NULL) != 1 ||
        EVP_CipherUpdate(a->wrap_ctx, out, &n, key, AEAD_KEY) != 1 ||
        n != AEAD_WRAPPED)
        abort();
}

/* A run of boxes is under one day key, so its schedule is kept. */
static void
set_kek(struct aead *a, const uint8_t *kek)
{
    if (a->has_kek && !CRYPTO_memcmp(a->kek, kek, AEAD_KEY))
        return;
    if (EVP_CipherInit_ex2(a->ecb_ctx, a->ecb, kek, NULL, 0, NULL) != 1 ||
        EVP_CIPHER_CTX_set_padding(a->ecb_ctx, 0) != 1)
        abort();
    memcpy(a->kek, kek, AEAD_KEY);
    a->has_kek = true;
}

/* RFC 3394 2.2.2, index based. OpenSSL's own unwrapping goes round the
 * processor's AES and takes half of the time of opening a box. */
bool
aead_unwrap(struct aead *a, const uint8_t kek[AEAD_KEY],
            const uint8_t in[AEAD_WRAPPED], uint8_t key[AEAD_KEY])
{
    enum { N = AEAD_KEY / 8 };
    static const uint8_t initial[8] = {0xa6, 0xa6, 0xa6, 0xa6,
                                       0xa6, 0xa6, 0xa6, 0xa6};
    uint8_t b[16], r[AEAD_KEY];
    int n;
    set_kek(a, kek);
    memcpy(b, in, 8);
    memcpy(r, in + 8, AEAD_KEY);
    for (int t = 6 * N; t > 0; t--) {
        uint8_t *block = r + 8 * ((t - 1) % N);
        b[7] ^= (uint8_t)t;
        memcpy(b + 8, block, 8);
        if (EVP_CipherUpdate(a->ecb_ctx, b, &n, b, sizeof b) != 1 || n != 16)
            abort();
        memcpy(block, b + 8, 8);
    }
    bool ok = CRYPTO_memcmp(b, initial, sizeof initial) == 0;
    if (ok)
        memcpy(key, r, AEAD_KEY);
    mem_wipe(r, sizeof r);
    mem_wipe(b, sizeof b);
    return ok;
}

bool
secret_init(void)
{
    return CRYPTO_secure_malloc_initialized() ||
           CRYPTO_secure_malloc_init(HEAP, PIECE) == 1;
}

void *
secret_new(size_t n)
{
    void *p = OPENSSL_secure_zalloc(n);
    if (!p)
        abort();
    return p;
}

void
secret_free(void *p, size_t n)
{
    OPENSSL_secure_clear_free(p, n);
}
