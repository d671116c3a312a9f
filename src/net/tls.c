/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "net/tls.h"

#include "base/i18n.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>

int
tls_days_left(const char *pem, int *known)
{
    FILE *f = *pem ? fopen(pem, "re") : NULL;
    X509 *x = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
    int days = 0, secs;
    *known =
        x && ASN1_TIME_diff(&days, &secs, NULL, X509_get0_notAfter(x)) == 1;
    X509_free(x);
    if (f)
        fclose(f);
    return *known ? days : 0;
}

enum err_code
tls_certificate_hash(const char *pem, uint8_t out[TLS_HASH], struct err *e)
{
    FILE *f = fopen(pem, "re");
    if (!f)
        return err_errno(e, ERR_BAD_INPUT, "%s", pem);
    X509 *x = PEM_read_X509(f, NULL, NULL, NULL);
    fclose(f);
    int ok = x && X509_digest(x, EVP_sha256(), out, NULL) == 1;
    X509_free(x);
    ERR_clear_error();
    return ok ? ERR_OK
              : err_set(e, ERR_BAD_INPUT, _("%s holds no certificate (PEM)"),
                        pem);
}

/* A key that asks for a passphrase has nobody to ask. */
static int
no_passphrase(char *buf, int size, int rw, void *arg)
{
    (void)buf, (void)size, (void)rw, (void)arg;
    return -1;
}

static enum err_code
bad_file(const char *path, struct err *e)
{
    const char *why = ERR_reason_error_string(ERR_peek_last_error());
    err_set(e, ERR_CONFIG, "%s: %s", path, why ? why : _("cannot be used"));
    ERR_clear_error();
    return ERR_CONFIG;
}

static enum err_code
load(SSL_CTX *c, const struct serve_tls *o, struct err *e)
{
    STACK_OF(X509_NAME) *names = NULL;
    if (SSL_CTX_use_certificate_chain_file(c, o->cert) != 1)
        return bad_file(o->cert, e);
    if (SSL_CTX_use_PrivateKey_file(c, o->key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(c) != 1)
        return bad_file(o->key, e);
    if (SSL_CTX_load_verify_file(c, o->ca) != 1 ||
        !(names = SSL_load_client_CA_file(o->ca)))
        return bad_file(o->ca, e);
    SSL_CTX_set_client_CA_list(c, names);
    return ERR_OK;
}

/* TLS 1.3 alone; no tickets and no early data, so nothing that has been said
 * can be said again; a certificate from the given CAs or no handshake. */
struct ssl_ctx_st *
tls_server_context(const struct serve_tls *o, struct err *e)
{
    SSL_CTX *c = SSL_CTX_new(TLS_server_method());
    if (!c || SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_num_tickets(c, 0) != 1 ||
        SSL_CTX_set_max_early_data(c, 0) != 1) {
        SSL_CTX_free(c);
        err_set(e, ERR_INTERNAL, "TLS 1.3 cannot be had");
        return NULL;
    }
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(c, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_default_passwd_cb(c, no_passphrase);
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       NULL);
    if (load(c, o, e)) {
        SSL_CTX_free(c);
        return NULL;
    }
    return c;
}

void
tls_context_free(struct ssl_ctx_st *c)
{
    SSL_CTX_free(c);
}

struct ssl_st *
tls_session(struct ssl_ctx_st *c)
{
    return SSL_new(c);
}

bool
tls_peer_hash(struct ssl_st *s, uint8_t out[TLS_HASH])
{
    X509 *x = SSL_is_init_finished(s) && SSL_get_verify_result(s) == X509_V_OK
                  ? SSL_get1_peer_certificate(s)
                  : NULL;
    bool ok = x && X509_digest(x, EVP_sha256(), out, NULL) == 1;
    X509_free(x);
    return ok;
}
