/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "forsakran/crl.h"

#include "base/i18n.h"
#include "forsakran/cert.h"
#include "forsakran/file.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <sys/stat.h>

enum { CRL_MAX = 4 << 20, CA_MAX = 256 << 10 };

/* Each list of the file; `take` owns none of them. */
static enum err_code
each(const char *path, bool (*take)(void *ctx, X509_CRL *crl), void *ctx,
     int *n, struct err *e)
{
    struct stat st;
    *n = 0;
    if (!path || stat(path, &st))
        return ERR_OK;
    AUTO_BUF(pem, CRL_MAX);
    enum err_code code = file_read(path, &pem, e);
    if (code)
        return err_add(e, ERR_CONFIG, _("the revocation list"));
    BIO *in = BIO_new_mem_buf(buf_str(&pem), (int)pem.len);
    bool ok = in != NULL;
    for (X509_CRL *x; ok && (x = PEM_read_bio_X509_CRL(in, NULL, NULL, NULL));
         ++*n) {
        ok = take(ctx, x);
        X509_CRL_free(x);
    }
    ERR_clear_error(); /* the end of the file is an error to PEM_read */
    BIO_free(in);
    return ok && *n ? ERR_OK
                    : err_set(e, ERR_CONFIG, _("%s: holds no revocation list"),
                              path);
}

static bool
add(void *store, X509_CRL *crl)
{
    return X509_STORE_add_crl(store, crl) == 1;
}

/* A list that is past its day still names those that were revoked before it,
 * and aid does not stop; that is said elsewhere. A CA without a list of its own
 * revokes nothing. */
static int
on_verify(int ok, X509_STORE_CTX *ctx)
{
    int fault = X509_STORE_CTX_get_error(ctx);
    bool *revoked = X509_STORE_get_ex_data(X509_STORE_CTX_get0_store(ctx), 0);
    if (ok)
        return 1;
    *revoked |= fault == X509_V_ERR_CERT_REVOKED;
    if (fault != X509_V_ERR_CRL_HAS_EXPIRED &&
        fault != X509_V_ERR_UNABLE_TO_GET_CRL)
        return 0;
    X509_STORE_CTX_set_error(ctx, X509_V_OK);
    return 1;
}

enum err_code
crl_use(X509_STORE *trust, const char *path, bool *revoked, struct err *e)
{
    int n;
    enum err_code code = each(path, add, trust, &n, e);
    *revoked = false;
    if (code || n == 0)
        return code;
    X509_STORE_set_ex_data(trust, 0, revoked);
    X509_STORE_set_verify_cb(trust, on_verify);
    X509_STORE_set_flags(trust, X509_V_FLAG_CRL_CHECK);
    return ERR_OK;
}

struct look {
    STACK_OF(X509) * cas;
    time_t now;
    bool current;
};

/* Is it the list of one of them, and within its days? */
static bool
look_at(void *ctx, X509_CRL *crl)
{
    struct look *l = ctx;
    const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);
    bool own = false;
    for (int i = 0; i < sk_X509_num(l->cas); i++)
        own |= X509_CRL_verify(crl,
                               X509_get0_pubkey(sk_X509_value(l->cas, i))) == 1;
    ERR_clear_error();
    l->current |= own && next && X509_cmp_time(next, &l->now) > 0;
    return true;
}

static enum err_code
load_cas(STACK_OF(X509) * cas, const char *path, struct err *e)
{
    AUTO_BUF(pem, CA_MAX);
    enum err_code code = file_read(path, &pem, e);
    BIO *in = code ? NULL : BIO_new_mem_buf(buf_str(&pem), (int)pem.len);
    for (X509 *x; in && (x = PEM_read_bio_X509(in, NULL, NULL, NULL));)
        if (sk_X509_push(cas, x) <= 0)
            X509_free(x);
    ERR_clear_error(); /* the end of the file is an error to PEM_read */
    BIO_free(in);
    return code;
}

enum err_code
crl_state(const char *ca, const char *path, int64_t now_ms,
          enum crl_state *state, struct err *e)
{
    struct look l = {.cas = sk_X509_new_null(), .now = (time_t)(now_ms / 1000)};
    int n;
    *state = CRL_NONE;
    enum err_code code = load_cas(l.cas, ca, e);
    if (!code)
        code = each(path, look_at, &l, &n, e);
    sk_X509_pop_free(l.cas, X509_free);
    if (!code && n)
        *state = l.current ? CRL_CURRENT : CRL_EXPIRED;
    return code;
}

uint64_t
crl_mark(const char *path)
{
    struct stat st;
    if (stat(path, &st))
        return 0;
    return ((uint64_t)st.st_mtim.tv_sec * 1000000007u +
            (uint64_t)st.st_mtim.tv_nsec) ^
           (uint64_t)st.st_ino << 20 ^ (uint64_t)st.st_size << 40;
}
