/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "seal/hash.h"

#include "base/log.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* One context for each thread and one fetched algorithm: making and fetching
 * them costs more than hashing an entry. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t context_key;
static EVP_MD *algorithm;

static void
release(void *ctx)
{
    EVP_MD_CTX_free(ctx);
}

/* The main thread's context, and the algorithm; threads free their own. */
static void
finish(void)
{
    EVP_MD_CTX_free(pthread_getspecific(context_key));
    pthread_setspecific(context_key, NULL);
    EVP_MD_free(algorithm);
    algorithm = NULL;
}

static void
start(void)
{
    algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!algorithm || pthread_key_create(&context_key, release))
        abort();
    OPENSSL_atexit(finish);
}

static EVP_MD_CTX *
context(void)
{
    pthread_once(&once, start);
    EVP_MD_CTX *ctx = pthread_getspecific(context_key);
    if (!ctx) {
        ctx = EVP_MD_CTX_new();
        if (!ctx || pthread_setspecific(context_key, ctx))
            abort();
    }
    return ctx;
}

void
sha256_parts(uint8_t out[HASH_SIZE], const struct hash_part *parts,
             size_t count)
{
    EVP_MD_CTX *ctx = context();
    int ok = EVP_DigestInit_ex2(ctx, algorithm, NULL);
    for (size_t i = 0; i < count && ok; i++)
        if (parts[i].n)
            ok = EVP_DigestUpdate(ctx, parts[i].p, parts[i].n);
    if (!ok || !EVP_DigestFinal_ex(ctx, out, NULL))
        abort();
}

void
sha256(uint8_t out[HASH_SIZE], const void *p, size_t n)
{
    sha256_parts(out, &(struct hash_part){p, n}, 1);
}

/* Two hashes by the contexts at hand cost less than a fetched HMAC. */
void
hmac_sha256(uint8_t out[HASH_SIZE], const uint8_t key[HASH_SIZE],
            const struct hash_part *parts, size_t count)
{
    enum { BLOCK = 64, MOST = 8 };
    uint8_t pad[BLOCK], inner[HASH_SIZE];
    struct hash_part all[1 + MOST] = {{pad, BLOCK}};
    if (count > MOST)
        abort();
    memset(pad, 0x36, BLOCK);
    for (int i = 0; i < HASH_SIZE; i++)
        pad[i] ^= key[i];
    memcpy(all + 1, parts, count * sizeof *parts);
    sha256_parts(inner, all, 1 + count);
    for (int i = 0; i < BLOCK; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    SHA256_OF(out, {pad, BLOCK}, {inner, HASH_SIZE});
    OPENSSL_cleanse(pad, sizeof pad);
}

void
random_bytes(void *p, size_t n)
{
    while (n) {
        int now = n > 4096 ? 4096 : (int)n;
        if (RAND_priv_bytes(p, now) != 1) {
            log_error("the system gives no random bytes");
            abort();
        }
        p = (char *)p + now;
        n -= (size_t)now;
    }
}
