/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "screens/sourcetext.h"

#include "base/config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum text_kind { TEXT_PHONE, TEXT_CORRECT, TEXT_INSTEAD, TEXT_KINDS };

static struct {
    bool read;
    struct arena *arena;
    const char *reasons[DIALOG_REASONS], *marks[DIALOG_REASONS];
    const char *of[SOURCE_COUNT][TEXT_KINDS];
} all;

void
sourcetext_path(const char *name, char *out, int size)
{
    const char *env = getenv("ENFRAGA_DATA");
    snprintf(out, size, "%s/%s", env && *env ? env : DATADIR, name);
}

static bool
reason_row(void *arg, const char *section, const char *name, const char *value,
           int line, struct err *e)
{
    bool mark = strcmp(section, "klar") == 0;
    (void)arg;
    (void)line;
    (void)e;
    if (name[0] < '1' || name[0] > '9' || name[1])
        return true;
    const char *text = text_clean(all.arena, value, strlen(value));
    if (mark)
        all.marks[name[0] - '1'] = text;
    else
        all.reasons[name[0] - '1'] = text;
    return true;
}

static bool
source_line(void *arg, const char *section, const char *name, const char *value,
            int line, struct err *e)
{
    static const char *const names[] = {"telefon", "ratta", "annars"};
    enum source_id s = source_by_code(section);
    (void)arg;
    (void)line;
    (void)e;
    for (int k = 0; s < SOURCE_COUNT && k < TEXT_KINDS; k++)
        if (strcmp(name, names[k]) == 0)
            all.of[s][k] = text_clean(all.arena, value, strlen(value));
    return true;
}

/* Numbers run from 1 without a gap: the first missing one ends them. */
static void
read_all(void)
{
    char path[512];
    struct err e = {0};
    if (all.read)
        return;
    all.read = true;
    all.arena = arena_new(1u << 20);
    sourcetext_path("skal.ini", path, sizeof(path));
    config_walk(path, reason_row, NULL, &e);
    sourcetext_path("kallor.ini", path, sizeof(path));
    config_walk(path, source_line, NULL, &e);
}

void
sourcetext_done(void)
{
    if (all.arena)
        arena_free(&all.arena);
    memset(&all, 0, sizeof(all));
}

void
sourcetext_reasons(const char *out[DIALOG_REASONS])
{
    read_all();
    memcpy(out, all.reasons, sizeof(all.reasons));
}

void
sourcetext_marks(const char *out[DIALOG_REASONS])
{
    read_all();
    memcpy(out, all.marks, sizeof(all.marks));
}

static const char *
text_of(enum source_id s, enum text_kind k)
{
    read_all();
    return s < SOURCE_COUNT && all.of[s][k] ? all.of[s][k] : "";
}

const char *
sourcetext_phone(enum source_id s)
{
    return text_of(s, TEXT_PHONE);
}

const char *
sourcetext_instead(enum source_id s)
{
    return text_of(s, TEXT_INSTEAD);
}

void
sourcetext_correct(enum source_id s, struct buf *out)
{
    const char *how = text_of(s, TEXT_CORRECT);
    buf_adds(out, *how ? how
                       : _("The municipality has not written how this source "
                           "is corrected."));
    if (*sourcetext_phone(s))
        buf_addf(out, _("\nPhone: %s"), sourcetext_phone(s));
    buf_adds(out, _("\nenfraga cannot change anything at the source. When it "
                    "is corrected there, ask again: the answer is then new."));
}
