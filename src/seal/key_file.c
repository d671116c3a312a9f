/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "seal/key.h"

#include "base/buf.h"
#include "seal/ssl.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* scrypt at about 16 MiB and 50 ms: each guess costs as much. */
enum { SCRYPT_N = 16384, SCRYPT_R = 8, SCRYPT_P = 1, SALT = 16 };

struct ask {
    const char *passphrase;
    bool asked;
};

static int
give_passphrase(char *buf, int size, int writing, void *arg)
{
    (void)writing;
    struct ask *a = arg;
    a->asked = true;
    size_t n = a->passphrase ? strlen(a->passphrase) : 0;
    if (n == 0 || n > (size_t)size)
        return -1;
    memcpy(buf, a->passphrase, n);
    return (int)n;
}

enum err_code
key_load(const char *path, const char *passphrase, struct key **out,
         struct err *e)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return err_errno(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s",
                         path);
    struct ask a = {.passphrase = passphrase};
    EVP_PKEY *p = PEM_read_PrivateKey(f, NULL, give_passphrase, &a);
    fclose(f);
    if (!p)
        return ssl_err(e, a.asked ? ERR_PASSPHRASE : ERR_BAD_INPUT, path);
    if (!EVP_PKEY_is_a(p, "ED25519") && !EVP_PKEY_is_a(p, "EC")) {
        EVP_PKEY_free(p);
        return err_set(e, ERR_BAD_INPUT, "%s: not Ed25519 or EC", path);
    }
    *out = key_of_evp(p);
    return ERR_OK;
}

static bool
write_encrypted(BIO *bio, PKCS8_PRIV_KEY_INFO *info, const char *passphrase)
{
    unsigned char salt[SALT];
    if (RAND_bytes(salt, SALT) != 1)
        return false;
    X509_ALGOR *algor = PKCS5_pbe2_set_scrypt(
        EVP_aes_256_cbc(), salt, SALT, NULL, SCRYPT_N, SCRYPT_R, SCRYPT_P);
    if (!algor)
        return false;
    X509_SIG *sealed =
        PKCS8_set0_pbe(passphrase, (int)strlen(passphrase), info, algor);
    if (!sealed) {
        X509_ALGOR_free(algor);
        return false;
    }
    bool ok = PEM_write_bio_PKCS8(bio, sealed) == 1;
    X509_SIG_free(sealed); /* owns algor by now */
    return ok;
}

/* The key as PEM into *pem. */
static enum err_code
encode(const struct key *k, const char *passphrase, struct buf *pem,
       struct err *e)
{
    BIO *bio = BIO_new(BIO_s_secmem());
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key_evp(k));
    bool ok = bio && info;
    if (ok && passphrase)
        ok = write_encrypted(bio, info, passphrase);
    else if (ok)
        ok = PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, info) == 1;
    char *p;
    long n = ok ? BIO_get_mem_data(bio, &p) : 0;
    ok = n > 0 && !buf_add(pem, p, (size_t)n);
    PKCS8_PRIV_KEY_INFO_free(info);
    BIO_free(bio);
    return ok ? ERR_OK : ssl_err(e, ERR_INTERNAL, "PKCS#8");
}

static bool
write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t got = write(fd, p, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

/* The name in the directory must be as durable as the file. */
static bool
sync_directory(const char *path)
{
    AUTO_BUF(dir, 4096);
    const char *slash = strrchr(path, '/');
    buf_add(&dir, slash ? path : ".", slash ? (size_t)(slash - path) + 1 : 1);
    int fd = open(buf_str(&dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

enum err_code
key_save(const struct key *k, const char *path, const char *passphrase,
         struct err *e)
{
    AUTO_BUF(pem, 16 * 1024);
    AUTO_BUF(temp, 4096);
    enum err_code code = encode(k, passphrase, &pem, e);
    if (code)
        return code;
    if (buf_addf(&temp, "%s.XXXXXX", path))
        return err_set(e, ERR_TOO_BIG, "%s", path);
    int fd = mkostemp(temp.data, O_CLOEXEC);
    if (fd < 0)
        return err_errno(e, ERR_IO, "%s", path);
    bool ok = fchmod(fd, 0600) == 0 && write_all(fd, pem.data, pem.len) &&
              fsync(fd) == 0;
    int why = errno;
    close(fd);
    if (ok && rename(temp.data, path) == 0 && sync_directory(path))
        return ERR_OK;
    if (ok)
        why = errno;
    unlink(temp.data);
    errno = why;
    return err_errno(e, ERR_IO, "%s", path);
}
