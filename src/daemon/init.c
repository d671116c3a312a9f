/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "daemon/instance.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cases/import.h"
#include "forsakran/ca.h"
#include "forsakran/file.h"
#include "forsakran/identity.h"
#include "forsakran/reviewer.h"
#include "seal/hash.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err_code
make_dir(const char *path, struct err *e)
{
    if (mkdir(path, 0700) && errno != EEXIST)
        return err_errno(e, ERR_CONFIG, "%s", path);
    return ERR_OK;
}

/* The directory must be empty, so that nothing is ever written over. */
static enum err_code
check_empty(const char *dir, struct err *e)
{
    DIR *d = opendir(dir);
    if (!d)
        return err_errno(e, ERR_CONFIG, "%s", dir);
    int n = 0;
    for (struct dirent *f; (f = readdir(d)) != NULL;)
        n += strcmp(f->d_name, ".") && strcmp(f->d_name, "..");
    closedir(d);
    return n ? err_set(e, ERR_CONFIG, "%s is not empty", dir) : ERR_OK;
}

/* Directories above it are made too; the instance's own are 0700. */
static enum err_code
make_dirs(const struct init_options *o, struct err *e)
{
    char path[600];
    snprintf(path, sizeof path, "%s", o->dir);
    for (char *p = path + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        enum err_code code = make_dir(path, e);
        *p = '/';
        if (code)
            return code;
    }
    enum err_code code = make_dir(o->dir, e);
    if (!code)
        code = check_empty(o->dir, e);
    static const char *const inside[] = {"keys", "run", "anvandare"};
    for (size_t i = 0; !code && i < 3; i++) {
        if (o->mode == MODE_SKARP && i == 2)
            break;
        snprintf(path, sizeof path, "%s/%s", o->dir, inside[i]);
        code = make_dir(path, e);
    }
    return code;
}

/* "Sundby kommun" -> "sundby"; letters outside a-z lose their marks. */
static void
slug(char *out, size_t size, const char *name)
{
    static const char *const from[] = {"å", "ä", "ö", "é", "Å", "Ä", "Ö"};
    static const char to[] = "aaoeaao";
    size_t n = 0;
    for (const char *p = name; *p && n + 1 < size;) {
        size_t k;
        for (k = 0; k < 7 && strncmp(p, from[k], 2); k++)
            ;
        if (!strcmp(p, " kommun"))
            break;
        char c = k < 7 ? to[k] : *p;
        p += k < 7 ? 2 : 1;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        out[n++] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
    }
    out[n] = '\0';
}

static void
make_origin(char out[160], const char *kommun)
{
    char host[65] = "", k[64], h[64];
    gethostname(host, sizeof host - 1);
    slug(k, sizeof k, kommun);
    slug(h, sizeof h, host[0] ? host : "localhost");
    snprintf(out, 160, "audit.%s.se/%s/1", k[0] ? k : "kommun", h);
}

/* bastjanster: each authority's address under the one given, BASE/af ... */
static enum err_code
set_addresses(struct config *c, const char *base, struct err *e)
{
    enum err_code code = ERR_OK;
    int n = (int)strlen(base);
    while (n && base[n - 1] == '/')
        n--;
    for (int s = 0; !code && s < SOURCE_COUNT; s++) {
        char name[32], url[1024], low[8];
        if (!(SOURCE_ASKABLE & SOURCE_BIT(s)))
            continue;
        slug(low, sizeof low, source_row(s)->code);
        snprintf(name, sizeof name, "%s.url", source_row(s)->code);
        if (snprintf(url, sizeof url, "%.*s/%s", n, base, low) >=
            (int)sizeof url)
            return err_set(e, ERR_USAGE, "--url is too long");
        code = config_set(c, name, url, e);
    }
    return code;
}

static enum err_code
write_config(const struct init_options *o, const char *origin, struct err *e)
{
    bool direct = !strcmp(o->upstream, "bastjanster");
    const char *const rows[][2] = {
        {"instans.lage", mode_word(o->mode)},
        {"instans.origin", origin},
        {"kommun.namn", o->kommun},
        {"kommun.orgnr", o->orgnr},
        {"kommun.ort", o->ort},
        {"upstream.typ", o->upstream},
        {"upstream.url", direct ? NULL : o->url},
        {"upstream.kontrakt", o->kontrakt},
        {"upstream.aktorsid", o->aktorsid},
        {"upstream.ca", o->ca},
        {"upstream.certifikat", o->cert},
        {"upstream.nyckel", o->key},
    };
    struct config *c = config_new();
    enum err_code code = ERR_OK;
    for (size_t i = 0; !code && i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i][1] && *rows[i][1])
            code = config_set(c, rows[i][0], rows[i][1], e);
    if (!code && direct)
        code = set_addresses(c, o->url, e);
    char path[600];
    snprintf(path, sizeof path, "%s/enfragad.conf", o->dir);
    FILE *f = code ? NULL : fopen(path, "wxe");
    if (!code && !f)
        code = err_errno(e, ERR_CONFIG, "%s", path);
    if (f) {
        fchmod(fileno(f), 0600); /* a proxy's address may hold a password */
        code = config_write(c, f, e);
        if (fclose(f) && !code)
            code = err_errno(e, ERR_IO, "%s", path);
    }
    config_free(&c);
    return code;
}

static enum err_code
write_text(const char *path, const char *text, struct err *e)
{
    FILE *f = fopen(path, "wxe");
    if (!f)
        return err_errno(e, ERR_CONFIG, "%s", path);
    fprintf(f, "%s\n", text);
    return fclose(f) ? err_errno(e, ERR_IO, "%s", path) : ERR_OK;
}

/* The log's two keys, and the log itself with entry 0. */
static enum err_code
make_log(const struct init_options *o, const char *origin, struct err *e)
{
    char path[600];
    AUTO_KEY struct key *log = NULL;
    AUTO_KEY struct key *own = NULL;
    enum err_code code = key_new_ed25519(&log, e);
    if (!code)
        code = key_new_ed25519(&own, e);
    snprintf(path, sizeof path, "%s/keys/log.key", o->dir);
    if (!code)
        code = key_save(log, path, NULL, e);
    snprintf(path, sizeof path, "%s/keys/enfragad.key", o->dir);
    if (!code)
        code = key_save(own, path, NULL, e);
    snprintf(path, sizeof path, "%s/audit.db", o->dir);
    if (!code)
        code = ledger_create(path, origin, mode_word(o->mode), log, own, e);
    uint8_t raw[KEY_RAW];
    struct vkey v;
    char text[VKEY_TEXT_MAX];
    if (!code && key_public_raw(log, raw))
        code = vkey_make(&v, origin, raw, e);
    if (code)
        return code;
    vkey_text(&v, text);
    snprintf(path, sizeof path, "%s/log.vkey", o->dir);
    return write_text(path, text, e);
}

/* Signs the försäkran for a training account that is to have signed. */
static enum err_code
sign_for(struct instance *in, const struct init_user *u, const char *dir,
         const char *passphrase, struct err *e)
{
    struct identity *id = NULL;
    enum err_code code = identity_open(&id, dir, passphrase, e);
    if (code)
        return code;
    struct forsakran f = {.ticks = {true, true, true, true}};
    f.datum = f.from = date_today();
    f.till = f.from;
    f.till.year++;
    if (!date_ok(f.till)) /* the 29th of February */
        f.till.day--;
    snprintf(f.konto, sizeof f.konto, "%s", u->konto);
    snprintf(f.namn, sizeof f.namn, "%s", u->namn);
    snprintf(f.kommun, sizeof f.kommun, "%s",
             config_text(in->config, "kommun.namn"));
    const char *ort = config_text(in->config, "kommun.ort");
    snprintf(f.ort, sizeof f.ort, "%s", *ort ? ort : "Sundby");
    snprintf(f.wording_id, sizeof f.wording_id, "%s", in->wording.id);
    memcpy(f.wording_sha256, in->wording.sha256, 32);
    snprintf(f.vkey, sizeof f.vkey, "%s", identity_vkey(id));
    AUTO_BUF(content, 64 * 1024);
    AUTO_BUF(cms, 64 * 1024);
    code = forsakran_content(&content, &f, &in->wording, e);
    if (!code)
        code = forsakran_sign(&cms, content.data, content.len, id, e);
    struct entry_author a = {.type = KIND_FORSAKRAN};
    struct vkey v;
    if (!code)
        code = vkey_parse(f.vkey, &v, e);
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    struct ledger_post post = {.peer = PEER_UID, .peer_uid = getuid()};
    struct ledger_forsakran lf = {0};
    if (!code) {
        snprintf(a.origin, sizeof a.origin, "%s", ledger_origin(in->ledger));
        snprintf(a.mode, sizeof a.mode, "%s", mode_word(in->mode));
        vkey_kid(&v, a.kid);
        sha256(a.forsakran, cms.data, cms.len);
        random_bytes(a.nonce, sizeof a.nonce);
        a.client_time_ms = (uint64_t)clock_now_ms();
        a.client_boot_ms = (uint64_t)clock_boot_ms();
        code = entry_author_encode(&author, &a, e);
    }
    if (!code)
        code = entry_sign(identity_entry_key(id), author.data, author.len,
                          post.sig, e);
    if (!code) {
        post.author = author.data;
        post.author_len = author.len;
        memcpy(lf.sha256, a.forsakran, sizeof lf.sha256);
        lf.cms = cms.data;
        lf.cms_len = cms.len;
        lf.text = content.data;
        lf.text_len = content.len;
        lf.vkey = f.vkey;
        lf.account = f.konto;
        struct ledger_result r = {0};
        code = ledger_put_forsakran(in->ledger, &post, &lf, &r);
        if (code && e)
            *e = r.err;
    }
    identity_free(&id);
    return code;
}

/* From now on boxes are sealed to this certificate too. */
static enum err_code
take_recipient(struct instance *in, const char *name, const char *file,
               struct err *e)
{
    AUTO_BUF(der, REVIEWER_CERT_MAX);
    enum err_code code = reviewer_cert(&der, file, e);
    if (code)
        return code;
    struct ledger_recipient r = {name, der.data, der.len};
    struct ledger_post post = {
        .type = KIND_NYCKEL, .recipients = &r, .n_recipients = 1};
    struct ledger_result res = {0};
    code = ledger_append(in->ledger, &post, 1, &res, e);
    if (!code && res.code) {
        *e = res.err;
        code = res.code;
    }
    return code;
}

/* Outside skarp a chef's key for reviewing is made here, under the same
 * passphrase as the others. */
static enum err_code
make_reviewer(struct instance *in, const struct init_user *u, const char *dir,
              const char *passphrase, struct err *e)
{
    char crt[720];
    snprintf(crt, sizeof crt, "%s/review.crt", dir);
    enum err_code code = reviewer_create(
        dir, "review", instance_path(in, "keys"), u->konto, u->namn,
        config_text(in->config, "kommun.namn"), passphrase, e);
    return code ? code : take_recipient(in, u->konto, crt, e);
}

/* Those named, and outside skarp an archive key, so that boxes are sealed from
 * the first one on. */
static enum err_code
first_recipients(struct instance *in, const struct init_options *o,
                 struct err *e)
{
    enum err_code code = ERR_OK;
    if (in->mode != MODE_SKARP) {
        code = reviewer_create(instance_path(in, "keys"), "arkiv",
                               instance_path(in, "keys"), "arkiv", "Arkiv",
                               config_text(in->config, "kommun.namn"), NULL, e);
        if (!code)
            code = take_recipient(in, "arkiv",
                                  instance_path(in, "keys/arkiv.crt"), e);
    }
    for (int i = 0; !code && i < o->n_recipients; i++)
        code =
            take_recipient(in, o->recipients[i].name, o->recipients[i].file, e);
    return code;
}

enum err_code
instance_add_user(struct instance *in, const struct init_user *u, struct err *e)
{
    struct account a = {.roles = u->roles};
    snprintf(a.konto, sizeof a.konto, "%s", u->konto);
    snprintf(a.namn, sizeof a.namn, "%s", u->namn);
    a.key_since_ms = clock_now_ms();
    enum err_code code = ERR_OK;
    if (u->own[0])
        code = personnummer_read(&a.own, u->own, date_today(), e);
    if (code)
        return err_add(e, code, "--anvandare %s", u->konto);
    if (in->mode != MODE_SKARP) {
        char dir[700], pass[25];
        snprintf(dir, sizeof dir, "%s/anvandare/%s", in->dir, u->konto);
        identity_passphrase(pass);
        code = identity_create(dir, instance_path(in, "keys"), u->konto,
                               u->namn, config_text(in->config, "kommun.namn"),
                               ledger_origin(in->ledger), pass, true, e);
        if (!code)
            code = identity_read_vkey(a.vkey, dir, e);
        if (!code && u->roles & ROLE_CHEF)
            code = make_reviewer(in, u, dir, pass, e);
        if (!code && u->signs)
            code = sign_for(in, u, dir, pass, e);
        mem_wipe(pass, sizeof pass);
    }
    if (!code)
        code = register_put_account(in->reg, &a, e);
    if (code)
        return err_add(e, code, "--anvandare %s", u->konto);
    char note[256];
    snprintf(note, sizeof note,
             "{\"slag\":\"anvandare\",\"konto\":\"%s\",\"roller\":%u}",
             u->konto, u->roles);
    return instance_note(in, KIND_REGISTER, note, e);
}

static enum err_code
import_cases(struct instance *in, const char *json, struct err *e)
{
    struct import_result r;
    enum err_code code =
        import_bytes(in->reg, json, strlen(json), in->mode, &r, e);
    char hex[65], note[160];
    text_hex(r.sha256, 32, hex);
    snprintf(note, sizeof note,
             "{\"slag\":\"import\",\"arenden\":%d,\"sha256\":\"%s\"}", r.cases,
             hex);
    return code ? code : instance_note(in, KIND_REGISTER, note, e);
}

/* Everything behind the log: who can review it, accounts, training's cases. */
static enum err_code
fill(struct instance *in, const struct init_options *o, struct err *e)
{
    enum err_code code = first_recipients(in, o, e);
    for (int i = 0; !code && i < o->n_users; i++)
        code = instance_add_user(in, &o->users[i], e);
    if (!code && o->cases_json)
        code = import_cases(in, o->cases_json, e);
    return code;
}

/* Users' certificates are judged by it from the first försäkran on. */
static enum err_code
put_user_ca(const char *keys, const char *file, struct err *e)
{
    char path[700];
    AUTO_BUF(pem, CA_PEM_MAX);
    enum err_code code = file_read(file, &pem, e);
    snprintf(path, sizeof path, "%s/ca.crt", keys);
    return code ? code : file_write(path, 0644, pem.data, pem.len, e);
}

enum err_code
instance_init(const struct init_options *o, struct err *e)
{
    char origin[160], keys[600], orgnr[13];
    int count, days;
    make_origin(origin, o->kommun);
    enum err_code code = orgnr_read(orgnr, o->orgnr, e);
    if (!code && o->user_ca && ca_trusted(o->user_ca, &count, &days, e))
        code = err_add(e, ERR_CONFIG, "--anvandar-ca");
    if (!code)
        code = make_dirs(o, e);
    if (!code)
        code = write_config(o, origin, e);
    if (!code)
        code = make_log(o, origin, e);
    snprintf(keys, sizeof keys, "%s/keys", o->dir);
    if (!code && o->mode != MODE_SKARP)
        code = ca_create(keys, o->kommun, NULL, e);
    if (!code && o->user_ca)
        code = put_user_ca(keys, o->user_ca, e);
    if (code)
        return code;
    struct instance in;
    code = instance_open(&in, o->dir, e);
    if (!code)
        code = fill(&in, o, e);
    instance_close(&in);
    return code;
}
