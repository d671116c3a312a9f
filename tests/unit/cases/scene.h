/* SPDX-License-Identifier: EUPL-1.2
 *
 * A register in a directory of its own, and a few invented cases.
 */
#ifndef ENFRAGA_TESTS_CASES_SCENE_H
#define ENFRAGA_TESTS_CASES_SCENE_H

#include "cases/import.h"
#include "cases/register.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAJBRITT "198503129804"
#define LARS "198307049810"
#define ELSA "201411039801"
#define TURE "201702199819"
#define ANNA "199001019802"
#define BO "199001019810"

#define PERSON(number, name, role)                                             \
    "{\"personnummer\":\"" number "\",\"namn\":\"" name "\",\"roll\":\"" role  \
    "\",\"sekretess\":false}"
#define CASE(arende, lage, avslutat, staff, jav, persons)                      \
    "{\"arende\":\"" arende                                                    \
    "\",\"slag\":\"ekonomiskt_bistand\",\"lage\":\"" lage                      \
    "\",\"enhet\":\"Norr\",\"oppnat\":\"2026-01-10\",\"avslutat\":" avslutat   \
    ",\"handlaggare\":[" staff "],\"jav\":[" jav "],\"personer\":[" persons    \
    "]}"
#define FILE_OF(rows)                                                          \
    "{\"schema\":\"enfraga.arenden/1\",\"arenden\":[" rows "]}"
#define OPEN(arende, staff, persons)                                           \
    CASE(arende, "pagaende", "null", staff, "", persons)

static const uint8_t scene_key[REGISTER_KEY] = "en nyckel som ingen annan ser nu";

struct scene {
    char dir[64], db[96];
    struct reg *reg;
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
    struct err e = {0};
    snprintf(s->dir, sizeof(s->dir), "/tmp/enfraga-cases-XXXXXX");
    if (mkdtemp(s->dir) == NULL)
        abort();
    snprintf(s->db, sizeof(s->db), "%s/register.db", s->dir);
    if (register_open(&s->reg, s->db, scene_key, &e) != ERR_OK) {
        fprintf(stderr, "%s\n", e.text);
        abort();
    }
}

static inline void
scene_done(struct scene *s)
{
    register_close(&s->reg);
    nftw(s->dir, scene_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static inline enum err_code
take(struct scene *s, const char *json, enum grant_mode mode, struct err *e)
{
    struct import_result res;
    return import_bytes(s->reg, json, strlen(json), mode, &res, e);
}

#endif
