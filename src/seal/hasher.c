/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "seal/hash.h"

#include "base/mem.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct hasher {
    EVP_MD_CTX *ctx;
};

struct hasher *
hasher_new(void)
{
    struct hasher *h = mem_alloc(sizeof *h);
    h->ctx = EVP_MD_CTX_new();
    if (!h->ctx || EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) != 1)
        abort();
    return h;
}

void
hasher_add(struct hasher *h, const void *p, size_t n)
{
    if (EVP_DigestUpdate(h->ctx, p, n) != 1)
        abort();
}

void
hasher_end(struct hasher **hp, uint8_t out[HASH_SIZE])
{
    struct hasher *h = *hp;
    if (!h)
        return;
    if (out && EVP_DigestFinal_ex(h->ctx, out, NULL) != 1)
        abort();
    EVP_MD_CTX_free(h->ctx);
    free(h);
    *hp = NULL;
}
