/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "cases/import.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "cases/reader.h"
#include "cases/reg.h"
#include "seal/hash.h"

#include <fcntl.h>
#include <unistd.h>

static enum err_code
put_staff(struct store *s, const char *arende, const char *const *of, int n,
          int64_t kind, struct err *e)
{
    enum err_code code = ERR_OK;
    for (int i = 0; i < n && code == ERR_OK; i++)
        code = store_run(s, REG_PART_ADD, e, "tti", arende, of[i], kind);
    return code;
}

static enum err_code
put_persons(struct reg *r, const struct file_case *c, int64_t import,
            struct err *e)
{
    struct store *s = r->store;
    enum err_code code = ERR_OK;
    uint8_t tag[HASH_SIZE];
    AUTO_BUF(data, REG_TEXT_MAX);
    for (int i = 0; i < c->n_persons && code == ERR_OK; i++) {
        const struct file_person *p = &c->persons[i];
        reg_tag(r, tag, "person", c->arende, p->number);
        buf_clear(&data);
        code = reg_put_person(r, &data, c->arende, p->number, p->namn);
        if (code == ERR_OK)
            code = store_run(s, REG_PERSON_PUT, e, "tbibiii", c->arende, tag,
                             sizeof tag, (int64_t)i, data.data, data.len,
                             (int64_t)p->roll, (int64_t)p->shielded, import);
    }
    /* those who are no longer of the household */
    return code == ERR_OK
               ? store_run(s, REG_PERSON_DROP, e, "ti", c->arende, import)
               : code;
}

static enum err_code
put_case(struct reg *r, const struct file_case *c, int64_t import,
         struct import_result *res, struct err *e)
{
    struct store *s = r->store;
    enum err_code code = store_get(s, REG_CASE_EXISTS, e, "t", c->arende);
    store_reset(s, REG_CASE_EXISTS);
    if (code == ERR_NOT_FOUND) {
        res->new_cases++;
        code = ERR_OK;
    }
    if (code == ERR_OK)
        code = store_run(s, REG_CASE_PUT, e, "ttiitt", c->arende, c->enhet,
                         (int64_t)c->prepared, (int64_t)c->open, c->opened,
                         c->closed);
    if (code == ERR_OK)
        code = store_run(s, REG_PART_CLEAR, e, "t", c->arende);
    if (code == ERR_OK)
        code = put_staff(s, c->arende, c->staff, c->n_staff, PART_TAKES, e);
    if (code == ERR_OK)
        code = put_staff(s, c->arende, c->jav, c->n_jav, PART_JAV, e);
    if (code == ERR_OK)
        code = put_persons(r, c, import, e);
    res->cases++;
    res->persons += c->n_persons;
    return code;
}

static enum err_code
put_all(struct reg *r, const struct file_cases *f, struct import_result *res,
        struct err *e)
{
    struct store *s = r->store;
    enum err_code code = store_get(s, REG_IMPORT_NEXT, e, "");
    if (code != ERR_OK)
        return code;
    int64_t import = store_int(s, REG_IMPORT_NEXT, 0);
    store_reset(s, REG_IMPORT_NEXT);
    for (int i = 0; i < f->n && code == ERR_OK; i++)
        code = put_case(r, f->of[i], import, res, e);
    if (code == ERR_OK)
        code = store_run(s, REG_IMPORT_ADD, e, "iibii", import, clock_now_ms(),
                         (const void *)res->sha256, (size_t)HASH_SIZE,
                         (int64_t)res->cases, (int64_t)res->persons);
    return code;
}

enum err_code
import_bytes(struct reg *r, const void *p, size_t n, enum grant_mode mode,
             struct import_result *res, struct err *e)
{
    AUTO_ARENA struct arena *arena = arena_new(0);
    struct file_cases f;
    *res = (struct import_result){0};
    enum err_code code = reader_read(&f, arena, p, n, mode, e);
    if (code != ERR_OK)
        return code;
    sha256(res->sha256, p, n);
    code = store_begin(r->store, e);
    if (code != ERR_OK)
        return code;
    code = put_all(r, &f, res, e);
    if (code == ERR_OK)
        return store_commit(r->store, e);
    store_rollback(r->store);
    return code;
}

enum err_code
import_file(struct reg *r, const char *path, enum grant_mode mode,
            struct import_result *res, struct err *e)
{
    AUTO_BUF(bytes, FILE_MAX);
    char block[65536];
    ssize_t n;
    *res = (struct import_result){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return err_errno(e, ERR_NOT_FOUND, "%s", path);
    while ((n = read(fd, block, sizeof(block))) > 0)
        if (buf_add(&bytes, block, (size_t)n) != ERR_OK)
            break;
    enum err_code code = ERR_OK;
    if (n < 0)
        code = err_errno(e, ERR_IO, "%s", path);
    else if (bytes.full)
        code = err_set(e, ERR_TOO_BIG, "%s", path);
    mem_wipe(block, sizeof(block));
    close(fd);
    if (code != ERR_OK)
        return code;
    code = import_bytes(r, bytes.data, bytes.len, mode, res, e);
    return code == ERR_OK ? ERR_OK : err_add(e, code, "%s", path);
}
