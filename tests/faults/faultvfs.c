/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/faults/faultvfs.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { UNDO_MAX = 4096 };

struct file {
    sqlite3_file base;
    sqlite3_file *real;
};

/* A write that no sync has made durable: what stood there before. */
struct undo {
    struct file *file;
    sqlite3_int64 at, size; /* size: of the file before */
    int n;
    unsigned char *old;
};

static sqlite3_vfs vfs, *system_vfs;
static struct fault armed;
static long count;
static bool came;
static struct undo undo[UNDO_MAX];
static int undos;

void
fault_arm(const struct fault *f)
{
    armed = f ? *f : (struct fault){0};
    count = 0;
    came = false;
}

long
fault_count(void)
{
    return count;
}

bool
fault_came(void)
{
    return came;
}

/* Newest first: undo, tear (half of it undone) or keep. */
static void
lose_power(void)
{
    while (undos-- > 0) {
        struct undo *u = &undo[undos];
        sqlite3_file *r = u->file->real;
        int luck = rand_r(&armed.seed) % 3;
        int n = luck == 0 ? u->n : luck == 1 ? u->n / 2 : 0;
        if (n)
            r->pMethods->xWrite(r, u->old + (u->n - n), n, u->at + (u->n - n));
        if (luck == 0) {
            sqlite3_int64 size;
            r->pMethods->xFileSize(r, &size);
            if (size > u->size)
                r->pMethods->xTruncate(r, u->size);
        }
    }
    _exit(9);
}

/* Counts; the result code where this one is to fail. */
static int
strike(void)
{
    count++;
    if (!armed.at || count < armed.at || (came && !armed.dead))
        return SQLITE_OK;
    came = true;
    if (armed.code == 0)
        lose_power();
    return armed.code;
}

static void
remember(struct file *f, sqlite3_int64 at, int n)
{
    if (armed.code != 0 || !armed.at || undos == UNDO_MAX)
        return;
    struct undo *u = &undo[undos++];
    *u = (struct undo){.file = f, .at = at, .n = n, .old = calloc(1, n)};
    f->real->pMethods->xFileSize(f->real, &u->size);
    f->real->pMethods->xRead(f->real, u->old, n, at); /* short: zeros */
}

static void
forget(const struct file *f)
{
    int kept = 0;
    for (int i = 0; i < undos; i++)
        if (undo[i].file == f)
            free(undo[i].old);
        else
            undo[kept++] = undo[i];
    undos = kept;
}

static int
f_write(sqlite3_file *p, const void *b, int n, sqlite3_int64 at)
{
    struct file *f = (struct file *)p;
    int rc = strike();
    if (rc) {
        /* a write that fails may have left a part */
        f->real->pMethods->xWrite(f->real, b, n / 2, at);
        return rc == SQLITE_IOERR_FSYNC ? SQLITE_IOERR_WRITE : rc;
    }
    remember(f, at, n);
    return f->real->pMethods->xWrite(f->real, b, n, at);
}

static int
f_truncate(sqlite3_file *p, sqlite3_int64 size)
{
    struct file *f = (struct file *)p;
    int rc = strike();
    if (rc)
        return rc == SQLITE_FULL ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
    return f->real->pMethods->xTruncate(f->real, size);
}

static int
f_sync(sqlite3_file *p, int flags)
{
    struct file *f = (struct file *)p;
    int rc = strike();
    if (rc)
        return rc == SQLITE_FULL ? SQLITE_OK : SQLITE_IOERR_FSYNC;
    forget(f);
    return f->real->pMethods->xSync(f->real, flags);
}

static int
f_close(sqlite3_file *p)
{
    struct file *f = (struct file *)p;
    forget(f);
    return f->real->pMethods->xClose(f->real);
}

#define REAL(p) (((struct file *)(p))->real)

static int
f_read(sqlite3_file *p, void *b, int n, sqlite3_int64 at)
{
    return REAL(p)->pMethods->xRead(REAL(p), b, n, at);
}

static int
f_size(sqlite3_file *p, sqlite3_int64 *size)
{
    return REAL(p)->pMethods->xFileSize(REAL(p), size);
}

static int
f_lock(sqlite3_file *p, int level)
{
    return REAL(p)->pMethods->xLock(REAL(p), level);
}

static int
f_unlock(sqlite3_file *p, int level)
{
    return REAL(p)->pMethods->xUnlock(REAL(p), level);
}

static int
f_reserved(sqlite3_file *p, int *out)
{
    return REAL(p)->pMethods->xCheckReservedLock(REAL(p), out);
}

static int
f_control(sqlite3_file *p, int op, void *arg)
{
    return REAL(p)->pMethods->xFileControl(REAL(p), op, arg);
}

static int
f_sector(sqlite3_file *p)
{
    return REAL(p)->pMethods->xSectorSize(REAL(p));
}

static int
f_device(sqlite3_file *p)
{
    return REAL(p)->pMethods->xDeviceCharacteristics(REAL(p));
}

static int
f_shm_map(sqlite3_file *p, int page, int size, int extend, void volatile **out)
{
    return REAL(p)->pMethods->xShmMap(REAL(p), page, size, extend, out);
}

static int
f_shm_lock(sqlite3_file *p, int at, int n, int flags)
{
    return REAL(p)->pMethods->xShmLock(REAL(p), at, n, flags);
}

static void
f_shm_barrier(sqlite3_file *p)
{
    REAL(p)->pMethods->xShmBarrier(REAL(p));
}

static int
f_shm_unmap(sqlite3_file *p, int gone)
{
    return REAL(p)->pMethods->xShmUnmap(REAL(p), gone);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = f_close,
    .xRead = f_read,
    .xWrite = f_write,
    .xTruncate = f_truncate,
    .xSync = f_sync,
    .xFileSize = f_size,
    .xLock = f_lock,
    .xUnlock = f_unlock,
    .xCheckReservedLock = f_reserved,
    .xFileControl = f_control,
    .xSectorSize = f_sector,
    .xDeviceCharacteristics = f_device,
    .xShmMap = f_shm_map,
    .xShmLock = f_shm_lock,
    .xShmBarrier = f_shm_barrier,
    .xShmUnmap = f_shm_unmap,
};

static int
v_open(sqlite3_vfs *v, const char *name, sqlite3_file *p, int flags, int *out)
{
    (void)v;
    struct file *f = (struct file *)p;
    f->real = (sqlite3_file *)(f + 1);
    int rc = system_vfs->xOpen(system_vfs, name, f->real, flags, out);
    f->base.pMethods = f->real->pMethods ? &methods : NULL;
    return rc;
}

void
fault_register(void)
{
    system_vfs = sqlite3_vfs_find(NULL);
    vfs = *system_vfs;
    vfs.zName = "fault";
    vfs.szOsFile = (int)sizeof(struct file) + system_vfs->szOsFile;
    vfs.xOpen = v_open;
    vfs.pNext = NULL;
    sqlite3_vfs_register(&vfs, 0);
}
