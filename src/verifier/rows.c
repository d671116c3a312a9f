/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "verifier/internal.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* What tells a file that stood still from one that was written. */
struct stamp {
    bool alone; /* no WAL, or an empty one */
    bool young; /* changed so lately that another change may look the same */
    int64_t inode, size, changed_ns;
};

/* A file system's clock may tick this seldom. */
enum { TICK_MS = 50, TRIES = 8 };

static struct stamp
stamp_take(const char *path)
{
    struct stat st = {0};
    struct stamp s = {.alone = true};
    struct timespec now;
    size_t n = strlen(path) + sizeof "-wal";
    char *wal = mem_alloc(n);
    snprintf(wal, n, "%s-wal", path);
    s.alone = stat(wal, &st) != 0 || st.st_size == 0;
    free(wal);
    if (stat(path, &st) != 0)
        return s;
    clock_gettime(CLOCK_REALTIME, &now);
    s.inode = (int64_t)st.st_ino;
    s.size = st.st_size;
    s.changed_ns = st.st_ctim.tv_sec * 1000000000ll + st.st_ctim.tv_nsec;
    int64_t age = now.tv_sec * 1000000000ll + now.tv_nsec - s.changed_ns;
    s.young = age < TICK_MS * 1000000ll && age > -TICK_MS * 1000000ll;
    return s;
}

static bool
same(const struct stamp *a, const struct stamp *b)
{
    return a->alone == b->alone && a->inode == b->inode && a->size == b->size &&
           a->changed_ns == b->changed_ns;
}

static enum err_code
open_as(const char *path, bool alone, struct rows **out, struct err *e)
{
    static const char magic[16] = "SQLite format 3";
    char head[16];
    FILE *f = fopen(path, "re");
    if (!f)
        return err_errno(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s",
                         path);
    size_t n = fread(head, 1, sizeof head, f);
    bool bad = ferror(f);
    fclose(f);
    if (bad)
        return err_errno(e, ERR_IO, "%s", path);
    struct rows *r = mem_alloc(sizeof *r);
    enum err_code code;
    if (n == sizeof head && memcmp(head, magic, sizeof head) == 0)
        code = sqlite_rows_open(path, alone, r, e);
    else if (n && strchr("{ \t\r\n", head[0]))
        code = json_rows_open(path, r, e);
    else
        code = err_set(e, ERR_LOG_BROKEN, _("%s: neither a log nor an export"),
                       path);
    if (code)
        free(r);
    else
        *out = r;
    return code;
}

enum err_code
rows_open(const char *path, struct rows **out, struct err *e)
{
    return open_as(path, stamp_take(path).alone, out, e);
}

const struct verify_source *
rows_source(const struct rows *r)
{
    return &r->source;
}

bool
rows_vkey(const struct rows *r, struct vkey *out)
{
    if (r->has_vkey)
        *out = r->vkey;
    return r->has_vkey;
}

void
rows_witnesses(const struct rows *r, struct verify_options *o)
{
    o->witness = r->witness;
    o->witnesses = r->witnesses;
    o->quorum = r->quorum;
}

void
rows_close(struct rows **r)
{
    if (!*r)
        return;
    (*r)->close((*r)->source.ctx);
    free(*r);
    *r = NULL;
}

/* One pass. Was it over one moment of the log? What holds does, whenever it
 * was read; of a young file the stamps tell too little to name a fault. */
static bool
verify_once(const char *path, const struct verify_options *o, struct vkey *key,
            struct verify_report *r, enum err_code *code, struct err *e)
{
    struct rows *rows = NULL;
    struct verify_options mine = *o;
    struct stamp before = stamp_take(path);
    *r = (struct verify_report){0};
    *code = open_as(path, before.alone, &rows, e);
    if (!*code && key && !o->log_key && rows_vkey(rows, key))
        mine.log_key = key;
    if (!*code && !o->witnesses)
        rows_witnesses(rows, &mine);
    if (!*code)
        *code = verify_run(rows_source(rows), &mine, r, e);
    rows_close(&rows);
    if (!before.alone)
        return true; /* one transaction */
    struct stamp after = stamp_take(path);
    return same(&before, &after) && (!before.young || (!*code && r->holds));
}

enum err_code
rows_verify(const char *path, const struct verify_options *o, struct vkey *key,
            struct verify_report *r, struct err *e)
{
    static const struct timespec pause = {.tv_nsec = TICK_MS * 1000000l};
    struct err own = {0};
    enum err_code code;
    if (!e)
        e = &own;
    for (int i = 0; i < TRIES; i++) {
        if (i)
            nanosleep(&pause, NULL);
        *e = (struct err){0};
        if (verify_once(path, o, key, r, &code, e))
            return code;
    }
    *r = (struct verify_report){0};
    *e = (struct err){0};
    return err_set(e, ERR_IO, _("%s: it was written all the while"), path);
}
