/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a witness or a collector can be told while it does not serve, and what
 * a collector can be asked while it does (its database is another process's).
 */
#include "config.h"

#include "daemon/role.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/tlv.h"
#include "proof/batch.h"
#ifdef HAVE_POSTGRESQL
#include "collect/collector.h"
#endif

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err_code
feed_one(struct role *r, const char *note, size_t n, struct err *e)
{
#ifdef HAVE_POSTGRESQL
    if (r->collector)
        return collector_feed(r->collector, note, n, e);
#endif
    return witness_feed(r->witness, note, n, e);
}

static enum err_code
feed(struct role *r, int argc, char **argv, struct err *e)
{
    enum err_code code = ERR_OK;
    if (argc < 2)
        return err_set(e, ERR_USAGE, "mata FILE...");
    for (int i = 1; !code && i < argc; i++) {
        char note[NOTE_MAX];
        FILE *f = fopen(argv[i], "re");
        if (!f)
            return err_errno(e, ERR_BAD_INPUT, "%s", argv[i]);
        size_t n = fread(note, 1, sizeof note, f);
        fclose(f);
        code = n < sizeof note ? feed_one(r, note, n, e)
                               : err_set(e, ERR_TOO_BIG, "a signed head");
        if (code)
            err_add(e, code, "%s", argv[i]);
        else
            printf(_("%s is taken: the witness goes on from there.\n"),
                   argv[i]);
    }
    return code;
}

static enum err_code
backup(struct role *r, int argc, char **argv, struct err *e)
{
    char path[700];
    if (argc != 2 || !r->witness)
        return err_set(e, ERR_USAGE, "sakerhetskopiera DIR (a witness's)");
    if (mkdir(argv[1], 0700) && errno != EEXIST)
        return err_errno(e, ERR_CONFIG, "%s", argv[1]);
    snprintf(path, sizeof path, "%s/vittne.db", argv[1]);
    enum err_code code = witness_backup(r->witness, path, e);
    if (!code)
        printf(_("%s is a copy that signs nothing until it has been fed the "
                 "newest heads (enfragad mata).\n"),
               path);
    return code;
}

#ifdef HAVE_POSTGRESQL
static const char *
reader(const struct role *r)
{
    const char *own = config_text(r->config, "insamling.granskning");
    return *own ? own : config_text(r->config, "insamling.databas");
}

static enum err_code
write_batches(const struct role *r, const char *origin, uint64_t from, FILE *f,
              int *count, struct err *e)
{
    for (*count = 0;; ++*count) {
        AUTO_BUF(out, BATCH_MAX);
        uint8_t len[4];
        struct batch b;
        enum err_code code = collector_read(reader(r), origin, from, &out, e);
        if (code == ERR_NOT_FOUND && *count)
            return ERR_OK;
        if (!code)
            code = batch_read(&b, out.data, out.len, e);
        if (code)
            return code;
        from = b.head.size;
        batch_done(&b);
        tlv_be32(len, (uint32_t)out.len);
        if (fwrite(len, 1, sizeof len, f) != sizeof len ||
            fwrite(out.data, 1, out.len, f) != out.len)
            return err_errno(e, ERR_IO, "%s", origin);
    }
}

/* `COMMAND ORIGIN [--fran N] --till FILE`: the file, new and its owner's. */
struct out {
    const char *origin, *path;
    uint64_t from;
    FILE *f;
};

static enum err_code
open_out(int argc, char **argv, struct out *o, struct err *e)
{
    static const struct option longs[] = {
        {"fran", 1, NULL, 'f'}, {"till", 1, NULL, 't'}, {0}};
    bool good = true;
    *o = (struct out){.from = 0};
    optind = 0;
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        if (c == 'f')
            o->from = strtoull(optarg, NULL, 10);
        else if (c == 't')
            o->path = optarg;
        else
            good = false;
    }
    if (!good || !o->path || optind + 1 != argc)
        return err_set(e, ERR_USAGE, "%s ORIGIN --till FILE", argv[0]);
    o->origin = argv[optind];
    int fd = open(o->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    o->f = fd >= 0 ? fdopen(fd, "w") : NULL;
    return o->f ? ERR_OK : err_errno(e, ERR_IO, "%s", o->path);
}

/* What could not be written whole is not left. */
static enum err_code
close_out(struct out *o, enum err_code code, struct err *e)
{
    if (fclose(o->f) && !code)
        code = err_errno(e, ERR_IO, "%s", o->path);
    if (code)
        unlink(o->path);
    return code;
}

/* Batches one after the other, each behind its length. */
static enum err_code
give_back(struct role *r, int argc, char **argv, struct err *e)
{
    struct out o;
    int count = 0;
    enum err_code code = open_out(argc, argv, &o, e);
    if (code)
        return code;
    code = close_out(&o, write_batches(r, o.origin, o.from, o.f, &count, e), e);
    if (!code)
        printf(_("%d batches are written to %s.\n"), count, o.path);
    return code;
}

/* The collector's own vkey, which its key's owner has left in the open. */
static enum err_code
own_vkey(const char *dir, struct vkey *out, struct err *e)
{
    char path[700], text[VKEY_TEXT_MAX + 2] = "";
    snprintf(path, sizeof path, "%s/vittne.vkey", dir);
    FILE *f = fopen(path, "re");
    bool got = f && fgets(text, sizeof text, f);
    if (f)
        fclose(f);
    if (!got)
        return err_errno(e, ERR_CONFIG, "%s", path);
    text[strcspn(text, "\n")] = '\0';
    return vkey_parse_cosigner(text, out, e);
}

static enum err_code
export_log(struct role *r, const char *dir, int argc, char **argv,
           struct err *e)
{
    char known[700];
    struct out o;
    struct vkey log, own;
    enum err_code code = open_out(argc, argv, &o, e);
    if (code)
        return code;
    snprintf(known, sizeof known, "%s/loggar", dir);
    code = known_log(known, o.origin, &log, e);
    if (!code)
        code = own_vkey(dir, &own, e);
    if (!code)
        code = collector_export(reader(r), &log, &own, o.f, e);
    code = close_out(&o, code, e);
    if (!code)
        printf(_("%s is exported to %s. Check it with enfraga-verifiera.\n"),
               o.origin, o.path);
    return code;
}

/* `verifiera ORIGIN...`, `gallra ORIGIN... [--prova]` */
static enum err_code
each_log(const struct role *r, const char *known, int argc, char **argv,
         struct err *e)
{
    bool erase = !strcmp(argv[0], "gallra"), dry = false;
    enum err_code code = ERR_OK;
    int logs = 0;
    for (int i = 1; erase && i < argc; i++)
        dry = dry || !strcmp(argv[i], "--prova");
    for (int i = 1; !code && i < argc; i++) {
        if (dry && !strcmp(argv[i], "--prova"))
            continue;
        logs++;
        code = erase ? role_erase(reader(r),
                                  config_text(r->config, "insamling.gallring"),
                                  known, argv[i], dry, e)
                     : role_verify(reader(r), known, argv[i], e);
    }
    return code || logs ? code
                        : err_set(e, ERR_USAGE, "%s",
                                  erase ? "gallra ORIGIN... [--prova]"
                                        : "verifiera ORIGIN...");
}
#endif

/* A collector's own questions need no lock: its store is PostgreSQL's. */
static enum err_code
collector_command(const char *dir, int argc, char **argv, struct err *e)
{
#ifdef HAVE_POSTGRESQL
    char path[700];
    struct role r = {.lock = -1, .config = config_new()};
    snprintf(path, sizeof path, "%s/enfragad.conf", dir);
    enum err_code code = config_load(r.config, path, e);
    snprintf(path, sizeof path, "%s/loggar", dir);
    if (!code && !strcmp(argv[0], "exportera"))
        code = export_log(&r, dir, argc, argv, e);
    else if (!code && !strcmp(argv[0], "aterlamna"))
        code = give_back(&r, argc, argv, e);
    else if (!code)
        code = each_log(&r, path, argc, argv, e);
    config_free(&r.config);
    return code;
#else
    (void)dir;
    (void)argc;
    (void)argv;
    return err_set(e, ERR_CONFIG, "%s",
                   _("this enfragad was built without PostgreSQL"));
#endif
}

enum err_code
role_command(const char *dir, int argc, char **argv, struct err *e)
{
    struct role r;
    if (role_of(dir) == ROLE_KIND_INSAMLING &&
        (!strcmp(argv[0], "aterlamna") || !strcmp(argv[0], "exportera") ||
         !strcmp(argv[0], "verifiera") || !strcmp(argv[0], "gallra")))
        return collector_command(dir, argc, argv, e);
    enum err_code code = role_open(&r, dir, e);
    if (!code && !strcmp(argv[0], "mata"))
        code = feed(&r, argc, argv, e);
    else if (!code && !strcmp(argv[0], "sakerhetskopiera"))
        code = backup(&r, argc, argv, e);
    else if (!code)
        code = err_set(e, ERR_USAGE, "%s", argv[0]);
    role_close(&r);
    return code;
}
