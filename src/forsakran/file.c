/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "forsakran/file.h"

#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum err_code
file_read(const char *path, struct buf *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return err_errno(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s",
                         path);
    enum err_code code = ERR_OK;
    char block[4096];
    ssize_t n;
    while ((n = read(fd, block, sizeof(block))) > 0)
        if (buf_add(out, block, (size_t)n) != ERR_OK)
            break;
    if (n < 0)
        code = err_errno(e, ERR_IO, "%s", path);
    else if (out->full)
        code = err_set(e, ERR_TOO_BIG, _("%s: over %zu bytes"), path, out->max);
    close(fd);
    return code;
}

static enum err_code
write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t k = write(fd, p, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return ERR_IO;
        p += k;
        n -= (size_t)k;
    }
    return fsync(fd) == 0 ? ERR_OK : ERR_IO;
}

enum err_code
file_write(const char *path, mode_t mode, const void *p, size_t n,
           struct err *e)
{
    char tmp[600];
    int len = snprintf(tmp, sizeof(tmp), "%s.ny", path);
    if (len < 0 || (size_t)len >= sizeof(tmp))
        return err_set(e, ERR_BAD_INPUT, _("the path is too long"));
    unlink(tmp);
    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return err_errno(e, ERR_IO, "%s", tmp);
    enum err_code code = write_all(fd, p, n);
    if (code != ERR_OK)
        code = err_errno(e, ERR_IO, "%s", tmp);
    if (close(fd) != 0 && code == ERR_OK)
        code = err_errno(e, ERR_IO, "%s", tmp);
    if (code == ERR_OK && rename(tmp, path) != 0)
        code = err_errno(e, ERR_IO, "%s", path);
    if (code != ERR_OK)
        unlink(tmp);
    return code;
}

enum err_code
file_make_parents(const char *path, struct err *e)
{
    char part[PATH_MAX];
    snprintf(part, sizeof(part), "%s", path);
    for (char *p = strchr(part + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
        *p = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return err_errno(e, ERR_IO, "%s", part);
        *p = '/';
    }
    return ERR_OK;
}
