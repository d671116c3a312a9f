/* SPDX-License-Identifier: EUPL-1.2
 *
 * Room on disk. An intent is refused while there is still room for the
 * outcomes of those that are under way: below a floor, and behind that a
 * ballast file is given up (AUDIT 9).
 */
#include "config.h"

#include "audit/internal.h"

#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

bool
space_is_low(const struct ledger *l)
{
    return store_free_space(l->path) < SPACE_FLOOR;
}

bool
space_release(struct ledger *l)
{
    l->no_ballast = true;
    return unlink(l->ballast) == 0;
}

/* The ballast at its full size, and one block of it written and synced: that
 * is the probe that the disk takes writes again. `beyond` is to be had above
 * it, for what statvfs does not tell of is a quota. */
static enum err_code
reserve(struct ledger *l, off_t beyond, struct err *e)
{
    static const char block[4096];
    int fd = open(l->ballast, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_errno(e, ERR_LOG, "%s", l->ballast);
    int why = posix_fallocate(fd, 0, BALLAST + beyond);
    if (!why &&
        (ftruncate(fd, BALLAST) ||
         pwrite(fd, block, sizeof block, 0) != sizeof block || fdatasync(fd)))
        why = errno;
    close(fd);
    l->no_ballast = why != 0;
    if (!why)
        return ERR_OK;
    unlink(l->ballast);
    errno = why;
    return err_errno(e, ERR_LOG, "%s", l->ballast);
}

void
space_keep(struct ledger *l)
{
    if (l->no_ballast && !space_is_low(l))
        reserve(l, 0, NULL);
}

enum err_code
ledger_probe(struct ledger *l, struct err *e)
{
    enum err_code code = ERR_OK;
    if (ledger_is_broken(l))
        code = ledger_reopen(l, e);
    if (code)
        return code;
    if (l->blocked[0])
        return err_set(e, ERR_LOG_BROKEN, "%s", l->blocked);
    if (space_is_low(l))
        return err_set(e, ERR_LOG, "%s", _("the disk of the log is full"));
    return reserve(l, SPACE_FLOOR, e);
}
