/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "daemon/instance.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "seal/hash.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

const char *
instance_path(const struct instance *in, const char *name)
{
    static char ring[4][1100];
    static unsigned turn;
    char *out = ring[turn++ % 4];
    snprintf(out, sizeof ring[0], "%s/%s", in->dir, name);
    return out;
}

void
instance_data_dir(char out[512])
{
    const char *env = getenv("ENFRAGA_DATA");
    snprintf(out, 512, "%s", env && *env ? env : DATADIR);
}

void
instance_file(const struct instance *in, const char *name, char *out, size_t n)
{
    const char *v = config_text(in->config, name);
    snprintf(out, n, "%s%s%s", *v && *v != '/' ? in->dir : "",
             *v && *v != '/' ? "/" : "", v);
}

enum err_code
instance_read(struct instance *in, const char *dir, struct err *e)
{
    *in = (struct instance){.lock = -1};
    char *real = realpath(dir, NULL);
    if (!real)
        return err_errno(e, ERR_CONFIG, "%s", dir);
    snprintf(in->dir, sizeof in->dir, "%s", real);
    free(real);
    instance_data_dir(in->data);
    in->config = config_new();
    enum err_code code =
        config_load(in->config, instance_path(in, "enfragad.conf"), e);
    if (code)
        return code;
    if (!mode_by_word(&in->mode, config_text(in->config, "instans.lage")))
        return err_set(e, ERR_CONFIG,
                       "instans.lage must be skarp, test or ovning");
    const char *access = config_text(in->config, "arende.atkomst");
    if (strcmp(access, "chef") && strcmp(access, "efterhand"))
        return err_set(e, ERR_CONFIG,
                       "arende.atkomst must be chef or efterhand");
    if (in->mode != MODE_SKARP)
        clock_from_env(); /* a fixed clock is for tests */
    char own[600], own_rules[600];
    instance_file(in, "lagstod.fil", own, sizeof own);
    snprintf(in->user_ca, sizeof in->user_ca, "%s",
             instance_path(in, "keys/ca.crt"));
    snprintf(in->user_crl, sizeof in->user_crl, "%s",
             instance_path(in, "keys/ca.crl"));
    code = legal_load(&in->legal, in->data, own, in->mode != MODE_SKARP, e);
    instance_file(in, "kontroller.fil", own_rules, sizeof own_rules);
    if (!code)
        code = rules_load(&in->rules, in->data, own_rules, e);
    if (!code)
        code = wording_load(&in->wording, in->data, mode_word(in->mode), e);
    return code ? code : instance_upstream(in, e);
}

static enum err_code
take_lock(struct instance *in, struct err *e)
{
    in->lock =
        open(instance_path(in, "run/lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (in->lock < 0)
        return err_errno(
            e, errno == EACCES || errno == ENOENT ? ERR_CONFIG : ERR_IO, "%s",
            instance_path(in, "run/lock"));
    if (flock(in->lock, LOCK_EX | LOCK_NB))
        return err_set(e, ERR_IN_USE, "%s",
                       _("another enfragad has this instance open"));
    return ERR_OK;
}

enum err_code
instance_private(const struct instance *in, struct err *e)
{
    static const char *const names[] = {"",
                                        "keys",
                                        "keys/log.key",
                                        "keys/enfragad.key",
                                        "keys/ca.key",
                                        "keys/arkiv.key",
                                        "keys/register.key",
                                        "audit.db",
                                        "register.db"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct stat st;
        const char *path = instance_path(in, names[i]);
        if (stat(path, &st))
            continue;
        if (st.st_mode & 077)
            return err_set(e, ERR_CONFIG,
                           _("%s may be reached by others (mode %03o): chmod "
                             "go= it"),
                           path, (unsigned)st.st_mode & 0777);
        if (st.st_uid != geteuid() && st.st_uid != 0)
            return err_set(e, ERR_CONFIG, _("%s belongs to another account"),
                           path);
    }
    return ERR_OK;
}

/* The settings must be this log's: an emptied file must not make another
 * mode of an instance. */
static enum err_code
check_log_is_ours(const struct instance *in, struct err *e)
{
    const char *origin = config_text(in->config, "instans.origin");
    if (strcmp(ledger_mode(in->ledger), mode_word(in->mode)) ||
        (*origin && strcmp(ledger_origin(in->ledger), origin)))
        return err_set(e, ERR_CONFIG,
                       _("enfragad.conf says %s, and the log is of %s (%s)"),
                       mode_word(in->mode), ledger_mode(in->ledger),
                       ledger_origin(in->ledger));
    return ERR_OK;
}

enum err_code
instance_open(struct instance *in, const char *dir, struct err *e)
{
    enum err_code code = instance_read(in, dir, e);
    if (!code && in->mode == MODE_SKARP)
        code = instance_private(in, e);
    if (!code && in->mode != MODE_OVNING) /* lessons may lie in any home */
        code = store_check_place(in->dir, e);
    if (!code)
        code = take_lock(in, e);
    if (!code)
        code =
            key_load(instance_path(in, "keys/log.key"), NULL, &in->log_key, e);
    if (!code)
        code = key_load(instance_path(in, "keys/enfragad.key"), NULL,
                        &in->own_key, e);
    if (!code)
        code = ledger_open(instance_path(in, "audit.db"), in->log_key,
                           in->own_key, &in->ledger, e);
    if (!code)
        code = check_log_is_ours(in, e);
    if (!code)
        code = instance_open_register(in, e);
    return code;
}

void
instance_close(struct instance *in)
{
    register_close(&in->reg);
    ledger_close(&in->ledger);
    key_free(&in->log_key);
    key_free(&in->own_key);
    legal_free(&in->legal);
    rules_free(&in->rules);
    wording_done(&in->wording);
    config_free(&in->config);
    if (in->lock >= 0)
        close(in->lock);
    in->lock = -1;
}

void
instance_config_hash(const struct instance *in, uint8_t out[32])
{
    AUTO_BUF(b, 256 * 1024);
    for (const struct setting *s = config_settings(); s->name; s++)
        buf_addf(&b, "%s=%s\n", s->name, config_text(in->config, s->name));
    for (int s = 0; s < SYFTE_COUNT; s++) {
        buf_addf(&b, "%s %s %s\n", legal_code(in->legal, s),
                 legal_wire_syfte(in->legal, s),
                 legal_wire_lagtext(in->legal, s));
        for (int i = 0; i < SOURCE_COUNT; i++)
            buf_addf(&b, "%d%s", legal_ground(in->legal, s, i)->allowed,
                     legal_ground(in->legal, s, i)->paragraf);
        for (int i = 0; i < SKV_COUNT; i++)
            buf_addf(&b, " %d%s", legal_skv_ground(in->legal, s, i)->allowed,
                     legal_skv_ground(in->legal, s, i)->paragraf);
    }
    rules_text(&b, in->rules);
    buf_add(&b, in->wording.sha256, sizeof in->wording.sha256);
    buf_adds(&b, PACKAGE_VERSION);
    sha256(out, b.data, b.len);
}

enum err_code
instance_note(struct instance *in, enum entry_kind type,
              const char *payload_json, struct err *e)
{
    struct ledger_post post = {.type = type,
                               .payload = payload_json,
                               .payload_len = strlen(payload_json)};
    struct ledger_result res = {0};
    enum err_code code = ledger_append(in->ledger, &post, 1, &res, e);
    if (!code && res.code) {
        *e = res.err;
        code = res.code;
    }
    return code;
}
