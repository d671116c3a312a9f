/* SPDX-License-Identifier: EUPL-1.2
 *
 * A directory with a CA and one user's keys, for the tests of this module.
 */
#ifndef ENFRAGA_TESTS_FORSAKRAN_SCENE_H
#define ENFRAGA_TESTS_FORSAKRAN_SCENE_H

#include "forsakran/forsakran.h"
#include "forsakran/identity.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN "audit.sundby.example/host/1"
#define PASSPHRASE "korrekt häst batteri"

struct scene {
    char dir[64];
    char ca[96], ca_crt[112], user[96];
};

static inline int
scene_remove(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static inline void
scene_init(struct scene *s)
{
    snprintf(s->dir, sizeof(s->dir), "/tmp/enfraga-forsakran-XXXXXX");
    if (mkdtemp(s->dir) == NULL)
        abort();
    snprintf(s->ca, sizeof(s->ca), "%s/ca", s->dir);
    snprintf(s->ca_crt, sizeof(s->ca_crt), "%s/ca.crt", s->ca);
    snprintf(s->user, sizeof(s->user), "%s/hl0142", s->dir);
}

static inline void
scene_done(struct scene *s)
{
    nftw(s->dir, scene_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static inline const char *
data_dir(void)
{
    const char *d = getenv("ENFRAGA_DATA");
    return d == NULL ? "data" : d;
}

#endif
