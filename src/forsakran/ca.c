/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "forsakran/ca.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "forsakran/cert.h"
#include "forsakran/file.h"
#include "forsakran/identity.h"
#include "forsakran/request.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    INDEX_MAX = 16 << 20,
    FIELDS = 6, /* of a row: state, till, revoked, serial, file, subject */
    ZULU = 14,  /* YYMMDDHHMMSSZ and its NUL */
    CRL_DAYS = 90
};

/* One writer of the folder at a time; closing lets go. */
static enum err_code
hold(int *fd, const char *dir, struct err *e)
{
    *fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *fd < 0 || flock(*fd, LOCK_EX) ? err_errno(e, ERR_IO, "%s", dir)
                                          : ERR_OK;
}

static void
let_go(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void
zulu(char out[ZULU], time_t t)
{
    struct tm tm;
    char text[ZULU + 2] = "";
    gmtime_r(&t, &tm);
    strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm);
    memcpy(out, text + 2, ZULU); /* UTCTime, to 2049 */
}

static void
zulu_date(char out[11], const char *z)
{
    snprintf(out, 11, "20%.2s-%.2s-%.2s", z, z + 2, z + 4);
}

enum err_code
ca_guard(const char *dir, struct err *e)
{
    char path[PATH_MAX];
    struct stat d, k;
    snprintf(path, sizeof path, "%s/ca.key", dir);
    if (stat(dir, &d))
        return err_errno(e, ERR_CONFIG, "%s", dir);
    if (stat(path, &k))
        return err_errno(e, ERR_CONFIG, "%s", path);
    if (d.st_mode & 022)
        return err_set(e, ERR_CONFIG, _("%s: others may write there"), dir);
    if (k.st_mode & 077)
        return err_set(e, ERR_CONFIG, _("%s: others may read it"), path);
    return ERR_OK;
}

/* A name that can stand in a subject on one row of the index. */
static bool
name_ok(const char *s, size_t max)
{
    return *s && strlen(s) <= max && text_is_clean(s, strlen(s)) &&
           !strpbrk(s, "/\\");
}

static bool
konto_ok(const char *s)
{
    static const char let[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                              "WXYZ0123456789-_.@";
    size_t n = strlen(s);
    return n > 0 && n < 64 && strspn(s, let) == n;
}

/* The index */

static enum err_code
index_read(const char *dir, struct buf *out, struct err *e)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/index.txt", dir);
    return file_read(path, out, e);
}

static enum err_code
index_write(const char *dir, const struct buf *b, struct err *e)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/index.txt", dir);
    return b->full ? err_set(e, ERR_TOO_BIG, "%s", path)
                   : file_write(path, 0600, b->data, b->len, e);
}

/* Cuts one row off, in place; false at the end. A row that does not read is
 * ERR_CONFIG: a certificate must not drop out of the list. */
static bool
row_next(char **rest, char *f[FIELDS], enum err_code *code, struct err *e)
{
    char *line = *rest, *end = strchr(line, '\n');
    if (!*line || *code)
        return false;
    *rest = end ? end + 1 : line + strlen(line);
    if (end)
        *end = '\0';
    int n = 0;
    for (char *s = line; s && n < FIELDS; n++) {
        f[n] = s;
        s = strchr(s, '\t');
        if (s)
            *s++ = '\0';
    }
    if (n == FIELDS && end && strlen(f[1]) == ZULU - 1 &&
        strlen(f[3]) < CA_SERIAL_TEXT &&
        (!strcmp(f[0], "V") ||
         (!strcmp(f[0], "R") && strlen(f[2]) >= ZULU - 1)))
        return true;
    *code = err_set(e, ERR_CONFIG, _("index.txt: a row cannot be read"));
    return false;
}

/* "Eva \xC3\x85berg" as X509_NAME_oneline has it, up to the next '/'. */
static void
name_plain(char out[128], const char *s)
{
    size_t n = 0;
    while (*s && *s != '/' && n < 127) {
        uint8_t c;
        char hex[3] = {0};
        if (s[0] == '\\' && s[1] == 'x' && s[2] && s[3]) {
            memcpy(hex, s + 2, 2);
            if (text_unhex(hex, &c, 1)) {
                out[n++] = (char)c;
                s += 4;
                continue;
            }
        }
        out[n++] = *s++;
    }
    out[n] = '\0';
}

enum err_code
ca_rows(const char *dir, void (*row)(void *arg, const struct ca_row *r),
        void *arg, struct err *e)
{
    AUTO_BUF(b, INDEX_MAX);
    enum err_code code = index_read(dir, &b, e);
    if (code)
        return code;
    buf_str(&b);
    char *f[FIELDS], *rest = b.data;
    while (rest && row_next(&rest, f, &code, e)) {
        struct ca_row r = {0};
        const char *cn = strstr(f[5], "/CN="), *uid = strstr(f[5], "/UID=");
        snprintf(r.serial, sizeof r.serial, "%s", f[3]);
        snprintf(r.konto, sizeof r.konto, "%s", uid ? uid + 5 : "");
        name_plain(r.namn, cn ? cn + 4 : "");
        zulu_date(r.till, f[1]);
        if (f[0][0] == 'R')
            zulu_date(r.revoked, f[2]);
        row(arg, &r);
    }
    return code;
}

/* The revocation list */

static bool
crl_add(X509_CRL *crl, const char *serial, const char *when)
{
    BIGNUM *n = NULL;
    X509_REVOKED *r = X509_REVOKED_new();
    ASN1_UTCTIME *t = ASN1_UTCTIME_new();
    bool ok = r && t && BN_hex2bn(&n, serial) > 0;
    ASN1_INTEGER *a = ok ? BN_to_ASN1_INTEGER(n, NULL) : NULL;
    char at[ZULU];
    snprintf(at, sizeof at, "%.13s", when);
    ok = a && ASN1_UTCTIME_set_string(t, at) == 1 &&
         X509_REVOKED_set_serialNumber(r, a) == 1 &&
         X509_REVOKED_set_revocationDate(r, t) == 1 &&
         X509_CRL_add0_revoked(crl, r) == 1;
    if (!ok)
        X509_REVOKED_free(r);
    ASN1_INTEGER_free(a);
    ASN1_UTCTIME_free(t);
    BN_free(n);
    return ok;
}

/* One more than that of the list there is; 1 where there is none. */
static ASN1_INTEGER *
next_number(const char *path)
{
    ASN1_INTEGER *last = NULL, *next = NULL;
    FILE *f = fopen(path, "re");
    X509_CRL *old = f ? PEM_read_X509_CRL(f, NULL, NULL, NULL) : NULL;
    if (f)
        fclose(f);
    if (old)
        last = X509_CRL_get_ext_d2i(old, NID_crl_number, NULL, NULL);
    BIGNUM *n = last ? ASN1_INTEGER_to_BN(last, NULL) : BN_new();
    if (n && BN_add_word(n, 1))
        next = BN_to_ASN1_INTEGER(n, NULL);
    BN_free(n);
    ASN1_INTEGER_free(last);
    X509_CRL_free(old);
    return next;
}

static bool
crl_finish(X509_CRL *crl, const struct cert_ca *ca, const char *path)
{
    time_t now = (time_t)(clock_now_ms() / 1000);
    ASN1_TIME *from = ASN1_TIME_set(NULL, now);
    ASN1_TIME *till = ASN1_TIME_adj(NULL, now, CRL_DAYS, 0);
    ASN1_INTEGER *number = next_number(path);
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, ca->cert, NULL, NULL, crl, 0);
    X509_EXTENSION *x = X509V3_EXT_conf_nid(
        NULL, &ctx, NID_authority_key_identifier, "keyid:always");
    bool ok =
        from && till && number && x && X509_CRL_add_ext(crl, x, -1) &&
        X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) == 1 &&
        X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
        X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca->cert)) == 1 &&
        X509_CRL_set1_lastUpdate(crl, from) == 1 &&
        X509_CRL_set1_nextUpdate(crl, till) == 1 && X509_CRL_sort(crl) == 1 &&
        X509_CRL_sign(crl, key_evp(ca->key), EVP_sha256()) > 0;
    X509_EXTENSION_free(x);
    ASN1_INTEGER_free(number);
    ASN1_TIME_free(from);
    ASN1_TIME_free(till);
    return ok;
}

static enum err_code
crl_write(const char *dir, const struct cert_ca *ca, struct err *e)
{
    char path[PATH_MAX], *f[FIELDS];
    AUTO_BUF(b, INDEX_MAX);
    enum err_code code = index_read(dir, &b, e);
    if (code)
        return code;
    snprintf(path, sizeof path, "%s/ca.crl", dir);
    X509_CRL *crl = X509_CRL_new();
    BIO *out = BIO_new(BIO_s_mem());
    buf_str(&b);
    bool ok = crl && out;
    for (char *rest = b.data; rest && row_next(&rest, f, &code, e);)
        ok = ok && (f[0][0] != 'R' || crl_add(crl, f[3], f[2]));
    ok = ok && !code && crl_finish(crl, ca, path) &&
         PEM_write_bio_X509_CRL(out, crl) == 1;
    if (!ok && !code)
        code = cert_error(e, ERR_INTERNAL, path);
    char *p = NULL;
    long n = ok ? BIO_get_mem_data(out, &p) : 0;
    if (!code)
        code = file_write(path, 0644, p, (size_t)n, e);
    BIO_free(out);
    X509_CRL_free(crl);
    return code;
}

/* What the commands do */

enum err_code
ca_init(const char *dir, const char *kommun, const char *passphrase,
        struct err *e)
{
    AUTO_BUF(empty, 16);
    struct cert_ca ca = {0};
    if (!name_ok(kommun, 64))
        return err_set(e, ERR_BAD_INPUT,
                       _("a name is at most 64 bytes, without / and \\"));
    enum err_code code = ca_create(dir, kommun, passphrase, e);
    if (code)
        return code;
    code = ca_guard(dir, e);
    if (!code)
        code = index_write(dir, &empty, e);
    if (!code)
        code = cert_ca_open(&ca, dir, passphrase, e);
    if (!code)
        code = crl_write(dir, &ca, e);
    cert_ca_done(&ca);
    return code;
}

static enum err_code
add_row(const char *dir, X509 *cert, char serial[CA_SERIAL_TEXT], struct err *e)
{
    AUTO_BUF(b, INDEX_MAX);
    struct tm tm = {0};
    char till[ZULU];
    enum err_code code = index_read(dir, &b, e);
    BIGNUM *n = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), NULL);
    char *hex = n ? BN_bn2hex(n) : NULL;
    char *subject = X509_NAME_oneline(X509_get_subject_name(cert), NULL, 0);
    if (!code && (!hex || !subject || strlen(hex) >= CA_SERIAL_TEXT ||
                  ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) != 1))
        code = cert_error(e, ERR_INTERNAL, "index.txt");
    if (!code) {
        snprintf(serial, CA_SERIAL_TEXT, "%s", hex);
        zulu(till, timegm(&tm));
        buf_addf(&b, "V\t%s\t\t%s\tunknown\t%s\n", till, serial, subject);
        code = index_write(dir, &b, e);
    }
    OPENSSL_free(subject);
    OPENSSL_free(hex);
    BN_free(n);
    return code;
}

static enum err_code
add_pem(struct buf *out, X509 *cert, struct err *e)
{
    char *p = NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    bool ok = bio && PEM_write_bio_X509(bio, cert) == 1;
    long n = ok ? BIO_get_mem_data(bio, &p) : 0;
    ok = n > 0 && !buf_add(out, p, (size_t)n);
    BIO_free(bio);
    return ok ? ERR_OK : cert_error(e, ERR_INTERNAL, "PEM");
}

/* The municipality of the CA's own certificate. */
static bool
ca_kommun(const struct cert_ca *ca, char out[128])
{
    return X509_NAME_get_text_by_NID(X509_get_subject_name(ca->cert),
                                     NID_organizationName, out, 128) > 0;
}

enum err_code
ca_issue(const char *dir, const char *passphrase, const struct ca_wish *w,
         struct buf *out, char serial[CA_SERIAL_TEXT], struct err *e)
{
    struct cert_ca ca = {0};
    EVP_PKEY *key = NULL;
    X509 *cert = NULL;
    char kommun[128];
    int fd = -1;
    if (!konto_ok(w->konto))
        return err_set(e, ERR_BAD_INPUT,
                       _("an account is letters, digits and -_.@"));
    if (!name_ok(w->namn, 64))
        return err_set(e, ERR_BAD_INPUT,
                       _("a name is at most 64 bytes, without / and \\"));
    enum err_code code = ca_guard(dir, e);
    if (!code)
        code = hold(&fd, dir, e);
    if (!code)
        code = request_key(&key, w->request, e);
    if (!code)
        code = cert_ca_open(&ca, dir, passphrase, e);
    if (!code && !ca_kommun(&ca, kommun))
        code = cert_error(e, ERR_CONFIG, "ca.crt");
    if (!code)
        code = cert_sign(&cert, key, w->review ? CERT_REVIEW : CERT_SIGN, &ca,
                         w->konto, w->namn, kommun, e);
    if (!code)
        code = add_row(dir, cert, serial, e);
    if (!code)
        code = add_pem(out, cert, e);
    X509_free(cert);
    EVP_PKEY_free(key);
    cert_ca_done(&ca);
    let_go(fd);
    return code;
}

static enum err_code
mark_revoked(const char *dir, const char *serial, struct err *e)
{
    AUTO_BUF(old, INDEX_MAX);
    AUTO_BUF(new, INDEX_MAX);
    char now[ZULU], *f[FIELDS];
    bool found = false;
    enum err_code code = index_read(dir, &old, e);
    if (code)
        return code;
    zulu(now, (time_t)(clock_now_ms() / 1000));
    buf_str(&old);
    for (char *rest = old.data; rest && row_next(&rest, f, &code, e);) {
        bool it = !strcmp(f[3], serial);
        if (it && f[0][0] == 'R')
            return err_set(e, ERR_BAD_INPUT, "%s",
                           _("the certificate is revoked already"));
        found |= it;
        buf_addf(&new, "%s\t%s\t%s\t%s\t%s\t%s\n", it ? "R" : f[0], f[1],
                 it ? now : f[2], f[3], f[4], f[5]);
    }
    if (!code && !found)
        code = err_set(e, ERR_NOT_FOUND, "%s",
                       _("the CA has no certificate of that number"));
    return code ? code : index_write(dir, &new, e);
}

enum err_code
ca_revoke(const char *dir, const char *passphrase, const char *serial,
          struct err *e)
{
    struct cert_ca ca = {0};
    int fd = -1;
    enum err_code code = ca_guard(dir, e);
    if (!code)
        code = hold(&fd, dir, e);
    if (!code)
        code = cert_ca_open(&ca, dir, passphrase, e);
    if (!code && serial)
        code = mark_revoked(dir, serial, e);
    if (!code)
        code = crl_write(dir, &ca, e);
    cert_ca_done(&ca);
    let_go(fd);
    return code;
}

enum err_code
ca_trusted(const char *file, int *count, int *days, struct err *e)
{
    AUTO_BUF(pem, INDEX_MAX);
    time_t now = (time_t)(clock_now_ms() / 1000);
    enum err_code code = file_read(file, &pem, e);
    BIO *in = code ? NULL : BIO_new_mem_buf(buf_str(&pem), (int)pem.len);
    *count = 0;
    for (X509 *x; in && !code &&
                  (x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL;) {
        ASN1_TIME *at = ASN1_TIME_set(NULL, now);
        int left = 0, seconds = 0;
        if (!X509_check_ca(x) ||
            ASN1_TIME_diff(&left, &seconds, at, X509_get0_notAfter(x)) != 1)
            code =
                err_set(e, ERR_CONFIG, _("%s: a certificate is no CA's"), file);
        left -= seconds < 0;
        if (!*count || left < *days)
            *days = left;
        ++*count;
        ASN1_TIME_free(at);
        X509_free(x);
    }
    BIO_free(in);
    ERR_clear_error(); /* the end of the file is an error to PEM_read */
    return code || *count
               ? code
               : err_set(e, ERR_CONFIG, _("%s: holds no certificate"), file);
}
