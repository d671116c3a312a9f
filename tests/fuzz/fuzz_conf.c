/* SPDX-License-Identifier: EUPL-1.2
 *
 * Bytes as enfragad.conf. Holds: refused in words, or every setting can be
 * read.
 */
#include "config.h"

#include "base/config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config *c = config_new();
    struct err e = {0};
    char path[64];
    int fd = memfd_create("conf", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (config_load(c, path, &e) && !e.text[0])
        abort();
    for (const struct setting *s = config_settings(); s->name; s++)
        if (!config_text(c, s->name))
            abort();
    config_free(&c);
    close(fd);
    return 0;
}
