/* SPDX-License-Identifier: EUPL-1.2
 *
 * Feeds files to a fuzz target without a fuzzer: each file named, each file
 * in each directory named, or by default the target's own corpus. Fails if
 * there was nothing to feed. What the target finds ends the process.
 */
#include "config.h"

#include "tests/lib/files.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
feed(const char *path)
{
    char inner[2048];
    DIR *d = opendir(path);
    int n = 0;
    if (d) {
        for (struct dirent *f; (f = readdir(d)) != NULL;) {
            if (f->d_name[0] == '.')
                continue;
            snprintf(inner, sizeof inner, "%s/%s", path, f->d_name);
            n += feed(inner);
        }
        closedir(d);
        return n;
    }
    size_t size;
    char *s = file_read(path, &size);
    if (!s) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    /* A copy of exactly this size, so that reading past it is seen. */
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact)
        abort();
    memcpy(exact, s, size);
    free(s);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

int
main(int argc, char **argv)
{
    char corpus[2048];
    const char *base = strrchr(argv[0], '/');
    const char *src = getenv("srcdir");
    int n = 0;
    base = base ? base + 1 : argv[0];
    base = strncmp(base, "replay_", 7) == 0 ? base + 7 : base;
    for (int i = 1; i < argc; i++)
        n += feed(argv[i]);
    if (argc < 2) {
        snprintf(corpus, sizeof corpus, "%s/tests/fuzz/corpus/%s",
                 src ? src : ".", base);
        n = feed(corpus);
    }
    printf("%s: %d inputs\n", base, n);
    return n ? 0 : 1;
}
