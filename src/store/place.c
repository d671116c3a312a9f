/* SPDX-License-Identifier: EUPL-1.2
 *
 * Where a database lies: only a disk of this machine's own keeps what it says
 * about locks and syncs.
 */
#include "config.h"

#include "store/store.h"

#include <stdint.h>
#include <sys/vfs.h>

const char *
store_remote_name(unsigned long magic)
{
    static const struct {
        uint32_t magic;
        const char *name;
    } rows[] = {
#define PLACE(magic, name) {magic, name},
#include "store/place.def"
#undef PLACE
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].magic == (uint32_t)magic)
            return rows[i].name;
    return NULL;
}

enum err_code
store_check_place(const char *path, struct err *e)
{
    struct statfs fs;
    if (statfs(path, &fs))
        return err_errno(e, ERR_IO, "%s", path);
    const char *name = store_remote_name((unsigned long)fs.f_type);
    return name ? err_set(e, ERR_CONFIG,
                          "%s lies on %s, a file system of another machine; "
                          "put the instance on a disk of this one",
                          path, name)
                : ERR_OK;
}
