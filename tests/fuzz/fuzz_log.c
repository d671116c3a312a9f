/* SPDX-License-Identifier: EUPL-1.2
 *
 * Bytes as a log in a file: a database or an export. Holds: it is refused in
 * words, or judged; an untrue one never comes with a log key that the caller
 * pinned and that is nobody's.
 */
#include "config.h"

#include "verifier/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct vkey nobody = {.name = "nobody"};
    static struct verify_report report;
    struct verify_options o = {
        .full = true, .log_key = &nobody, .threads = 1};
    struct rows *rows = NULL;
    struct err e = {0};
    char path[64];
    int fd = memfd_create("log", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    enum err_code code = rows_open(path, &rows, &e);
    if (code && !e.text[0])
        abort();
    if (!code && !verify_run(rows_source(rows), &o, &report, &e) &&
        report.holds && report.entries > 0)
        abort();
    rows_close(&rows);
    close(fd);
    return 0;
}
