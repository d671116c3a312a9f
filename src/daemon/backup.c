/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "daemon/backup.h"

#include "audit/witness.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/tlv.h"
#include "daemon/instance.h"
#include "local/message.h"
#include "net/fetch.h"
#include "proof/batch.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The head beside the copy: what the copy must end in at least. */
static enum err_code
write_head(struct ledger *l, const char *dir, struct err *e)
{
    char path[4200];
    const char *note = ledger_note(l);
    snprintf(path, sizeof path, "%s/checkpoint", dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 &&
              write(fd, note, strlen(note)) == (ssize_t)strlen(note) &&
              !fsync(fd);
    enum err_code code = ok ? ERR_OK : err_errno(e, ERR_IO, "%s", path);
    if (fd >= 0)
        close(fd);
    return code;
}

static enum err_code
backup_to(struct ledger *l, const char *dir, struct err *e)
{
    char path[4200];
    if (mkdir(dir, 0700))
        return err_errno(e, ERR_BAD_INPUT, "%s", dir);
    snprintf(path, sizeof path, "%s/audit.db", dir);
    enum err_code code = ledger_backup(l, path, e);
    return code ? code : write_head(l, dir, e);
}

/* In a running enfragad. */

static void
backup_run(void *arg)
{
    struct task *t = arg;
    const char *dir = message_text(t->body, "till");
    if (t->peer.by_cert) /* a path is this machine's */
        t->code = err_set(&t->err, ERR_ROLE, "a copy is made locally");
    else if (!dir || *dir != '/' || strlen(dir) > 4000)
        t->code = err_set(&t->err, ERR_BAD_INPUT, "till must be a whole path");
    else
        t->code = backup_to(t->d->in->ledger, dir, &t->err);
}

static void
backup_done(void *arg)
{
    struct task *t = arg;
    if (t->code) {
        task_problem(t, t->code, &t->err);
        return;
    }
    buf_addf(&t->out, "{\"storlek\":%" PRIu64 "}", t->d->log_size);
    task_reply_json(t);
}

void
backup_act(struct task *t)
{
    worker_run(t->d->log_worker, backup_run, backup_done, t);
}

/* The command. */

struct posted {
    struct event_base *base;
    struct buf got;
    enum err_code code;
    int status;
    struct err err;
};

static enum err_code
on_data(void *arg, const void *p, size_t n, struct err *e)
{
    struct posted *s = arg;
    return buf_add(&s->got, p, n) ? err_set(e, ERR_TOO_BIG, "the answer")
                                  : ERR_OK;
}

static void
on_done(void *arg, enum err_code code, int status, const char *type,
        const struct err *e)
{
    struct posted *s = arg;
    (void)type;
    s->code = code;
    s->status = status;
    s->err = *e;
    event_base_loopbreak(s->base);
}

static enum err_code
backup_running(const char *socket, const char *dir, struct err *e)
{
    static const struct fetch_ops ops = {.data = on_data, .done = on_done};
    struct posted s = {.base = loop_new(), .got = BUF_INIT(1 << 16)};
    struct fetcher *f = s.base ? fetcher_new(s.base) : NULL;
    cJSON *o = cJSON_CreateObject(), *said = NULL;
    cJSON_AddStringToObject(o, "till", dir);
    char *json = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    struct fetch_options request = {.url = "http://enfragad/v1/logg/kopia",
                                    .unix_socket = socket,
                                    .body = json,
                                    .body_len = strlen(json),
                                    .max = 1 << 16,
                                    .connect_s = 5,
                                    .total_s = 600};
    s.code = f && fetch_start(f, &request, &ops, &s, e) ? ERR_OK : ERR_NET;
    if (!s.code) {
        event_base_dispatch(s.base);
        *e = s.err;
    }
    if (!s.code && s.status != 200) {
        said = message_parse(buf_str(&s.got), s.got.len, s.got.max, e);
        s.code = said ? ERR_OK : e->code;
        if (said)
            problem_read(&s.code, e, said);
    }
    cJSON_Delete(said);
    cJSON_free(json);
    buf_done(&s.got);
    fetcher_free(&f);
    if (s.base)
        event_base_free(s.base);
    return s.code;
}

static enum err_code
backup_stopped(const char *instance, const char *dir, struct err *e)
{
    struct instance in;
    enum err_code code = instance_open(&in, instance, e);
    if (!code)
        code = backup_to(in.ledger, dir, e);
    instance_close(&in);
    return code;
}

enum err_code
command_backup(const char *instance, int argc, char **argv, struct err *e)
{
    char socket[600], dir[4096], here[2048];
    struct stat st;
    if (argc != 2)
        return err_set(e, ERR_USAGE, "sakerhetskopiera takes one directory");
    if (argv[1][0] != '/' && !getcwd(here, sizeof here))
        return err_errno(e, ERR_BAD_INPUT, "%s", argv[1]);
    snprintf(dir, sizeof dir, "%s%s%s", argv[1][0] == '/' ? "" : here,
             argv[1][0] == '/' ? "" : "/", argv[1]);
    snprintf(socket, sizeof socket, "%s/run/enfraga.sock", instance);
    bool running = !stat(socket, &st);
    enum err_code code = running ? backup_running(socket, dir, e) : ERR_NET;
    if (code == ERR_NET) /* none, or a socket left by a killed one */
        code = backup_stopped(instance, dir, e);
    if (!code)
        printf(_("The log is copied to %s, with its signed head.\n"), dir);
    return code;
}

/* Restore. */

static enum err_code
restore_one(struct ledger *l, FILE *f, bool *end, struct err *e)
{
    uint8_t len[4];
    size_t got = fread(len, 1, sizeof len, f), n;
    *end = got == 0 && feof(f);
    if (*end)
        return ERR_OK;
    n = got == sizeof len ? tlv_rd32(len) : 0;
    if (n == 0 || n > BATCH_MAX)
        return err_set(e, ERR_BAD_INPUT, "the file is cut short");
    char *p = mem_alloc(n);
    enum err_code code =
        fread(p, 1, n, f) == n
            ? ledger_restore(l, p, n, e)
            : err_set(e, ERR_BAD_INPUT, "the file is cut short");
    mem_wipe(p, n);
    free(p);
    return code;
}

enum err_code
command_restore(const char *instance, int argc, char **argv, struct err *e)
{
    struct instance in;
    char note[160];
    bool end = false;
    if (argc != 2)
        return err_set(e, ERR_USAGE, "aterlas takes one file");
    FILE *f = fopen(argv[1], "re");
    if (!f)
        return err_errno(e, ERR_BAD_INPUT, "%s", argv[1]);
    enum err_code code = instance_open(&in, instance, e);
    uint64_t from = code ? 0 : ledger_size(in.ledger);
    while (!code && !end)
        code = restore_one(in.ledger, f, &end, e);
    uint64_t to = in.ledger ? ledger_size(in.ledger) : 0;
    fclose(f);
    if (code)
        err_add(e, code, "%s", argv[1]);
    if (to > from) { /* whatever came, stands, and is said */
        struct err why = {0};
        snprintf(note, sizeof note,
                 "{\"slag\":\"insamling\",\"fran\":%" PRIu64
                 ",\"till\":%" PRIu64 "}",
                 from, to - 1);
        enum err_code noted = instance_note(&in, KIND_ATERLASNING, note, &why);
        if (noted && !code) {
            code = noted;
            *e = why;
        }
    }
    instance_close(&in);
    if (!code)
        printf(_("%" PRIu64 " entries are put back, and that is logged.\n"),
               to - from);
    return code;
}
