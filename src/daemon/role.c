/* SPDX-License-Identifier: EUPL-1.2
 *
 * An instance with another role: made, opened, told.
 */
#include "config.h"

#include "daemon/role.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "forsakran/forsakran.h"
#include "proof/batch.h"
#ifdef HAVE_POSTGRESQL
#include "collect/collector.h"
#endif

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const words[] = {
    [ROLE_KIND_VITTNE] = "vittne", [ROLE_KIND_INSAMLING] = "insamling"};

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)
#define ZONE_MS                                                                \
    (INT64_C(2) * 60 * 60 * 1000) /* Swedish midnight is UTC's less            \
                                     one or two hours */

static enum role_kind
kind_of(const char *word)
{
    for (int k = ROLE_KIND_VITTNE; k <= ROLE_KIND_INSAMLING; k++)
        if (!strcmp(words[k], word))
            return (enum role_kind)k;
    return ROLE_KIND_NONE;
}

enum role_kind
role_of(const char *dir)
{
    char path[700];
    struct config *c = config_new();
    snprintf(path, sizeof path, "%s/enfragad.conf", dir);
    enum role_kind k = config_load(c, path, NULL)
                           ? ROLE_KIND_NONE
                           : kind_of(config_text(c, "instans.roll"));
    config_free(&c);
    return k;
}

#ifdef HAVE_POSTGRESQL
/* A new försäkran: its chain where the users' CA is known here, and its dates
 * as times, a whole Swedish day at each end. */
static enum err_code
judge(void *ctx, const struct binding *b, int64_t now_ms,
      struct batch_signer *out, struct err *e)
{
    const struct role *r = ctx;
    struct forsakran f;
    enum err_code code =
        r->ca[0] ? forsakran_verify(&f, b->cms, b->cms_len, b->text,
                                    b->text_len, r->ca, NULL, now_ms, e)
                 : forsakran_read(&f, b->text, b->text_len, e);
    if (code)
        return code;
    out->from_ms = date_days(f.from) * DAY_MS - ZONE_MS;
    out->till_ms = (date_days(f.till) + 1) * DAY_MS;
    return ERR_OK;
}

static enum err_code
open_collector(struct role *r, const char *known, struct err *e)
{
    struct collector_options o = {
        .conninfo = config_text(r->config, "insamling.databas"),
        .known = known,
        .name = config_text(r->config, "vittne.namn"),
        .key = r->key,
        .judge = judge,
        .ctx = r};
    const char *ca = config_text(r->config, "insamling.forsakran_ca");
    if (*ca)
        snprintf(r->ca, sizeof r->ca, "%s%s%s", *ca == '/' ? "" : r->dir,
                 *ca == '/' ? "" : "/", ca);
    if (!*o.conninfo)
        return err_set(e, ERR_CONFIG, "insamling.databas is not set");
    return collector_open(&o, &r->collector, e);
}
#else
static enum err_code
open_collector(struct role *r, const char *known, struct err *e)
{
    (void)r;
    (void)known;
    return err_set(e, ERR_CONFIG, "%s",
                   _("this enfragad was built without PostgreSQL"));
}
#endif

static enum err_code
open_parts(struct role *r, struct err *e)
{
    char path[700], known[700];
    snprintf(path, sizeof path, "%s/run/lock", r->dir);
    r->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (r->lock < 0)
        return err_errno(e, ERR_CONFIG, "%s", path);
    if (flock(r->lock, LOCK_EX | LOCK_NB))
        return err_set(e, ERR_IN_USE, "%s",
                       _("another enfragad has this instance open"));
    snprintf(path, sizeof path, "%s/keys/vittne.key", r->dir);
    enum err_code code = key_load(path, NULL, &r->key, e);
    if (code)
        return code;
    snprintf(known, sizeof known, "%s/loggar", r->dir);
    if (r->kind == ROLE_KIND_INSAMLING)
        return open_collector(r, known, e);
    snprintf(path, sizeof path, "%s/vittne.db", r->dir);
    return witness_open(path, known, config_text(r->config, "vittne.namn"),
                        r->key, &r->witness, e);
}

/* Keys are for the instance's own uid alone. */
static enum err_code
check_private(const struct role *r, struct err *e)
{
    static const char *const names[] = {"", "/keys", "/keys/vittne.key",
                                        "/enfragad.conf"};
    for (size_t i = 0; r->real && i < sizeof names / sizeof *names; i++) {
        char path[700];
        struct stat st;
        snprintf(path, sizeof path, "%s%s", r->dir, names[i]);
        if (!stat(path, &st) && (st.st_mode & 077))
            return err_set(e, ERR_CONFIG,
                           _("%s may be reached by others (mode %03o): chmod "
                             "go= it"),
                           path, (unsigned)st.st_mode & 0777);
    }
    return ERR_OK;
}

enum err_code
role_open(struct role *r, const char *dir, struct err *e)
{
    char path[700];
    *r = (struct role){.lock = -1};
    char *real = realpath(dir, NULL);
    if (!real || strlen(real) >= sizeof r->dir) {
        free(real);
        return err_errno(e, ERR_CONFIG, "%s", dir);
    }
    snprintf(r->dir, sizeof r->dir, "%s", real);
    free(real);
    r->config = config_new();
    snprintf(path, sizeof path, "%s/enfragad.conf", r->dir);
    enum err_code code = config_load(r->config, path, e);
    if (code)
        return code;
    r->kind = kind_of(config_text(r->config, "instans.roll"));
    r->real = !strcmp(config_text(r->config, "instans.lage"), "skarp");
    if (r->kind == ROLE_KIND_NONE)
        return err_set(e, ERR_CONFIG,
                       "instans.roll must be vittne or "
                       "insamling here");
    code = check_private(r, e);
    return code ? code : open_parts(r, e);
}

void
role_close(struct role *r)
{
    witness_close(&r->witness);
#ifdef HAVE_POSTGRESQL
    collector_close(&r->collector);
#endif
    key_free(&r->key);
    config_free(&r->config);
    if (r->lock >= 0)
        close(r->lock);
    r->lock = -1;
}

bool
role_is_init(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strncmp(argv[i], "--roll", 6))
            return true;
    return false;
}

struct init {
    const char *dir, *roll, *namn, *lage, *databas;
};

static enum err_code
read_init(struct init *o, int argc, char **argv, struct err *e)
{
    static const struct option longs[] = {{"roll", 1, NULL, 'r'},
                                          {"namn", 1, NULL, 'n'},
                                          {"lage", 1, NULL, 'l'},
                                          {"databas", 1, NULL, 'd'},
                                          {0}};
    optind = 0;
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        const char **to = c == 'r'   ? &o->roll
                          : c == 'n' ? &o->namn
                          : c == 'l' ? &o->lage
                          : c == 'd' ? &o->databas
                                     : NULL;
        if (!to)
            return err_set(e, ERR_USAGE, "init: an option was not understood");
        *to = optarg;
    }
    o->dir = optind + 1 == argc ? argv[optind] : NULL;
    if (!o->dir || !o->roll || kind_of(o->roll) == ROLE_KIND_NONE || !o->namn ||
        (strcmp(o->lage, "test") && strcmp(o->lage, "skarp")))
        return err_set(e, ERR_USAGE,
                       "init DIR --roll vittne|insamling --namn NAME "
                       "[--lage test|skarp] [--databas CONNINFO]");
    return vkey_name_ok(o->namn) ? ERR_OK
                                 : err_set(e, ERR_USAGE, "%s",
                                           _("--namn is a name as in a vkey: "
                                             "vittne.sundby.se/1"));
}

static enum err_code
write_file(const char *dir, const char *name, const char *text, struct err *e)
{
    char path[700];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    size_t n = strlen(text);
    bool ok = fd >= 0 && write(fd, text, n) == (ssize_t)n && !fsync(fd);
    enum err_code code = ok ? ERR_OK : err_errno(e, ERR_CONFIG, "%s", path);
    if (fd >= 0)
        close(fd);
    return code;
}

static enum err_code
write_config(const struct init *o, struct err *e)
{
    const char *const rows[][2] = {{"instans.lage", o->lage},
                                   {"instans.roll", o->roll},
                                   {"vittne.namn", o->namn},
                                   {"insamling.databas", o->databas}};
    char path[700];
    struct config *c = config_new();
    enum err_code code = ERR_OK;
    for (size_t i = 0; !code && i < sizeof rows / sizeof *rows; i++)
        if (rows[i][1])
            code = config_set(c, rows[i][0], rows[i][1], e);
    snprintf(path, sizeof path, "%s/enfragad.conf", o->dir);
    mode_t mask = umask(077);
    FILE *f = code ? NULL : fopen(path, "wxe");
    umask(mask);
    if (!code && !f)
        code = err_errno(e, ERR_CONFIG, "%s", path);
    if (f) {
        code = config_write(c, f, e);
        if (fclose(f) && !code)
            code = err_errno(e, ERR_IO, "%s", path);
    }
    config_free(&c);
    return code;
}

enum err_code
role_init(int argc, char **argv, struct err *e)
{
    struct init o = {.lage = "skarp"};
    char path[700], text[VKEY_TEXT_MAX + 1];
    uint8_t raw[KEY_RAW];
    struct vkey v;
    AUTO_KEY struct key *key = NULL;
    static const char *const dirs[] = {"", "/keys", "/run"};
    enum err_code code = read_init(&o, argc, argv, e);
    for (size_t i = 0; !code && i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", o.dir, dirs[i]);
        if (mkdir(path, 0700) && (i || errno != EEXIST))
            code = err_errno(e, ERR_CONFIG, "%s", path);
    }
    if (!code)
        code = write_config(&o, e);
    if (!code)
        code = key_new_ed25519(&key, e);
    snprintf(path, sizeof path, "%s/keys/vittne.key", o.dir ? o.dir : "");
    if (!code)
        code = key_save(key, path, NULL, e);
    if (!code && key_public_raw(key, raw))
        code = vkey_make_cosigner(&v, o.namn, raw, e);
    if (code)
        return code;
    vkey_text(&v, text);
    printf(_("The instance %s is made. Its key, for the policies of the logs:"
             "\n"),
           o.dir);
    printf("%s\n", text);
    AUTO_BUF(line, sizeof text + 1);
    buf_addf(&line, "%s\n", text);
    code = write_file(o.dir, "vittne.vkey", buf_str(&line), e);
    return code ? code
                : write_file(o.dir, "loggar",
                             "# the vkey of each log that is known, a line "
                             "each\n",
                             e);
}
