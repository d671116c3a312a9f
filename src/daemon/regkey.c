/* SPDX-License-Identifier: EUPL-1.2
 *
 * The key that the register's personal columns are sealed with: a credential
 * of the service (systemd's LoadCredential=register.key:…), else the file that
 * register.nyckel names, else keys/register.key, made with the register.
 */
#include "config.h"

#include "daemon/instance.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIGITS = 2 * REGISTER_KEY };

enum register_key
instance_register_key(const struct instance *in, char *path, size_t n)
{
    const char *dir = getenv("CREDENTIALS_DIRECTORY");
    const char *set = config_text(in->config, "register.nyckel");
    if (dir && *dir) {
        snprintf(path, n, "%s/register.key", dir);
        if (access(path, F_OK) == 0)
            return REGISTER_KEY_CREDENTIAL;
    }
    if (*set) {
        snprintf(path, n, "%s%s%s", *set == '/' ? "" : in->dir,
                 *set == '/' ? "" : "/", set);
        return REGISTER_KEY_FILE;
    }
    snprintf(path, n, "%s", instance_path(in, "keys/register.key"));
    return REGISTER_KEY_BESIDE;
}

/* 64 hexadecimal digits and a newline. */
static enum err_code
read_key(const char *path, uint8_t key[REGISTER_KEY], struct err *e)
{
    char text[DIGITS + 2] = "";
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_CONFIG, "%s",
                         path);
    ssize_t n = read(fd, text, sizeof text - 1);
    bool open_to_all = fstat(fd, &st) || st.st_mode & 037;
    close(fd);
    if (n > 0 && text[n - 1] == '\n')
        text[n - 1] = '\0';
    bool ok = n >= DIGITS && strlen(text) == DIGITS &&
              text_unhex(text, key, REGISTER_KEY);
    mem_wipe(text, sizeof text);
    if (open_to_all)
        return err_set(e, ERR_CONFIG, _("%s may be read by others"), path);
    return ok ? ERR_OK
              : err_set(e, ERR_CONFIG, _("%s does not hold 64 digits of hex"),
                        path);
}

/* A new one, durable before anything is sealed with it. */
static enum err_code
make_key(const char *path, uint8_t key[REGISTER_KEY], struct err *e)
{
    char text[DIGITS + 2];
    random_bytes(key, REGISTER_KEY);
    text_hex(key, REGISTER_KEY, text);
    text[DIGITS] = '\n';
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok =
        fd >= 0 && write(fd, text, DIGITS + 1) == DIGITS + 1 && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    mem_wipe(text, sizeof text);
    errno = why;
    return ok ? ERR_OK : err_errno(e, ERR_CONFIG, "%s", path);
}

enum err_code
instance_open_register(struct instance *in, struct err *e)
{
    char path[700];
    uint8_t key[REGISTER_KEY];
    enum register_key where = instance_register_key(in, path, sizeof path);
    enum err_code code = read_key(path, key, e);
    bool made = code == ERR_NOT_FOUND && where == REGISTER_KEY_BESIDE;
    if (made)
        code = make_key(path, key, e);
    if (code == ERR_NOT_FOUND)
        code = err_set(e, ERR_CONFIG, _("%s: the register's key is missing"),
                       path);
    if (!code)
        code =
            register_open(&in->reg, instance_path(in, "register.db"), key, e);
    mem_wipe(key, sizeof key);
    if (made && code == ERR_CONFIG) {
        unlink(path); /* the register has one, and this is not it */
        code = err_set(e, ERR_CONFIG, _("%s: the register's key is missing"),
                       path);
    }
    return code;
}
