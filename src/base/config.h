/* SPDX-License-Identifier: EUPL-1.2
 *
 * Settings from an INI file (libinih). What settings there are stands in
 * settings.def; an unknown name, a wrong type or a number out of range is an
 * error that names file, line and what is allowed.
 */
#ifndef ENFRAGA_BASE_CONFIG_H
#define ENFRAGA_BASE_CONFIG_H

#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>

struct config;

enum setting_type { SETTING_TEXT, SETTING_NUMBER, SETTING_BOOL, SETTING_PATH };

struct setting {
    const char *name; /* "section.name" */
    enum setting_type type;
    long low, high;
    const char *preset;   /* default */
    const char *sentence; /* msgid */
};

/* The table, ended by a row whose name is NULL. */
const struct setting *config_settings(void);

/* A config of presets only, then settings from the file at path. */
struct config *config_new(void);
enum err_code config_load(struct config *c, const char *path, struct err *e);
void config_free(struct config **c);

/* Sets one by hand, checked as one in a file. */
enum err_code config_set(struct config *c, const char *name, const char *value,
                         struct err *e);

/* Values; asking for a name that is not in the table is a programming error. */
const char *config_text(const struct config *c, const char *name); /* borrowed */
long config_number(const struct config *c, const char *name);
bool config_bool(const struct config *c, const char *name);

/* Writes what differs from the presets, as INI. */
enum err_code config_write(const struct config *c, FILE *f, struct err *e);

/* Any INI file: calls `row` for each value; stops at the first refusal, whose
 * reason row has put in e. */
enum err_code config_walk(const char *path,
                          bool (*row)(void *arg, const char *section,
                                      const char *name, const char *value,
                                      int line, struct err *e),
                          void *arg, struct err *e);

#endif
