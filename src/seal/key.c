/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "seal/key.h"

#include "base/mem.h"
#include "seal/ssl.h"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <stdlib.h>

struct key {
    EVP_PKEY *pkey;
    bool ed25519;
};

struct key *
key_of_evp(EVP_PKEY *pkey)
{
    struct key *k = mem_alloc(sizeof *k);
    k->pkey = pkey;
    k->ed25519 = EVP_PKEY_is_a(pkey, "ED25519");
    return k;
}

enum err_code
key_new_ed25519(struct key **out, struct err *e)
{
    EVP_PKEY *p = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    if (!p)
        return ssl_err(e, ERR_INTERNAL, "Ed25519");
    *out = key_of_evp(p);
    return ERR_OK;
}

enum err_code
key_new_p256(struct key **out, struct err *e)
{
    EVP_PKEY *p = EVP_EC_gen("P-256");
    if (!p)
        return ssl_err(e, ERR_INTERNAL, "P-256");
    *out = key_of_evp(p);
    return ERR_OK;
}

enum err_code
key_from_public(const uint8_t raw[KEY_RAW], struct key **out, struct err *e)
{
    EVP_PKEY *p =
        EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, raw, KEY_RAW);
    if (!p)
        return ssl_err(e, ERR_BAD_INPUT, "Ed25519");
    *out = key_of_evp(p);
    return ERR_OK;
}

bool
key_public_raw(const struct key *k, uint8_t raw[KEY_RAW])
{
    size_t n = KEY_RAW;
    return k->ed25519 && EVP_PKEY_get_raw_public_key(k->pkey, raw, &n) == 1 &&
           n == KEY_RAW;
}

enum err_code
key_sign(const struct key *k, const void *p, size_t n, uint8_t sig[KEY_SIG],
         struct err *e)
{
    size_t len = KEY_SIG;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = k->ed25519 && ctx &&
              EVP_DigestSignInit_ex(ctx, NULL, NULL, NULL, NULL, k->pkey,
                                    NULL) == 1 &&
              EVP_DigestSign(ctx, sig, &len, p, n) == 1 && len == KEY_SIG;
    EVP_MD_CTX_free(ctx);
    return ok ? ERR_OK : ssl_err(e, ERR_INTERNAL, "Ed25519");
}

bool
key_verify(const struct key *k, const void *p, size_t n,
           const uint8_t sig[KEY_SIG])
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = k->ed25519 && ctx &&
              EVP_DigestVerifyInit_ex(ctx, NULL, NULL, NULL, NULL, k->pkey,
                                      NULL) == 1 &&
              EVP_DigestVerify(ctx, sig, KEY_SIG, p, n) == 1;
    EVP_MD_CTX_free(ctx);
    if (!ok)
        ssl_clear();
    return ok;
}

EVP_PKEY *
key_evp(const struct key *k)
{
    return k->pkey;
}

void
key_free(struct key **kp)
{
    if (!*kp)
        return;
    EVP_PKEY_free((*kp)->pkey);
    free(*kp);
    *kp = NULL;
}
