/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "daemon/commands.h"

#include "base/i18n.h"
#include "base/loop.h"
#include "base/mem.h"
#include "base/text.h"
#include "cases/import.h"
#include "daemon/instance.h"
#include "local/message.h"
#include "net/fetch.h"
#include "net/tls.h"

#include <event2/event.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

unsigned
command_roles(const char *s)
{
    char word[32];
    unsigned roles = 0;
    while (*s) {
        size_t n = strcspn(s, "+,");
        if (n == 0 || n >= sizeof word)
            return 0;
        memcpy(word, s, n);
        word[n] = '\0';
        unsigned r = role_by_word(word);
        if (!r)
            return 0;
        roles |= r;
        s += n + (s[n] != '\0');
    }
    return roles;
}

/* An account's name is part of paths and JSON, so it is plain. */
static bool
konto_ok(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789_-.");
    return n > 0 && n < 33 && !s[n] && s[0] != '.' && s[0] != '-';
}

enum err_code
command_read_user(struct init_user *u, const char *spec, struct err *e)
{
    char part[4][96] = {{0}};
    int n = 0;
    for (const char *s = spec; n < 4; n++) {
        size_t len = n < 3 ? strcspn(s, ":") : strlen(s);
        if (len >= sizeof part[0])
            break;
        memcpy(part[n], s, len);
        s += len;
        if (!*s++) {
            n++;
            break;
        }
    }
    *u = (struct init_user){.roles = command_roles(part[2])};
    if (n < 3 || !konto_ok(part[0]) || !part[1][0] || !u->roles ||
        strlen(part[0]) >= sizeof u->konto || strlen(part[3]) > 13)
        return err_set(e, ERR_USAGE,
                       "--anvandare takes KONTO:NAME:ROLE[+ROLE]"
                       "[:PERSONNUMMER], and the roles are handlaggare "
                       "kontaktcenter chef handledare systemansvarig system");
    snprintf(u->konto, sizeof u->konto, "%.63s", part[0]);
    snprintf(u->namn, sizeof u->namn, "%s", part[1]);
    snprintf(u->own, sizeof u->own, "%.15s", part[3]);
    return ERR_OK;
}

/* KONTO:FILE, or a FILE alone for the archive. The text is argv's own. */
static enum err_code
read_recipient(struct init_options *o, bool archive, char *spec, struct err *e)
{
    char *colon = archive ? NULL : strchr(spec, ':');
    if (colon)
        *colon = '\0';
    if (!archive && (!colon || !konto_ok(spec)))
        return err_set(e, ERR_USAGE,
                       "--granskare takes KONTO:FILE, a certificate (PEM)");
    if (o->n_recipients ==
        (int)(sizeof o->recipients / sizeof o->recipients[0]))
        return err_set(e, ERR_USAGE, "at most %d --granskare and --arkiv",
                       o->n_recipients);
    o->recipients[o->n_recipients++] = (struct init_recipient){
        archive ? "arkiv" : spec, archive ? spec : colon + 1};
    return ERR_OK;
}

enum {
    LAGE = 1,
    KOMMUN,
    ORGNR,
    AKTOR,
    UP,
    URL,
    KONTRAKT,
    ORT,
    CA,
    CERT,
    KEY,
    REVIEWER,
    ARCHIVE,
    USER_CA,
    USER
};

static const struct option init_options[] = {{"lage", 1, NULL, LAGE},
                                             {"kommun", 1, NULL, KOMMUN},
                                             {"orgnr", 1, NULL, ORGNR},
                                             {"aktorsid", 1, NULL, AKTOR},
                                             {"upstream", 1, NULL, UP},
                                             {"url", 1, NULL, URL},
                                             {"kontrakt", 1, NULL, KONTRAKT},
                                             {"ort", 1, NULL, ORT},
                                             {"ca", 1, NULL, CA},
                                             {"certifikat", 1, NULL, CERT},
                                             {"granskare", 1, NULL, REVIEWER},
                                             {"arkiv", 1, NULL, ARCHIVE},
                                             {"nyckel", 1, NULL, KEY},
                                             {"anvandar-ca", 1, NULL, USER_CA},
                                             {"anvandare", 1, NULL, USER},
                                             {0}};

static enum err_code
read_init(struct init_options *o, int argc, char **argv, struct err *e)
{
    const char **const text[] = {
        [KOMMUN] = &o->kommun,  [ORGNR] = &o->orgnr,
        [AKTOR] = &o->aktorsid, [UP] = &o->upstream,
        [URL] = &o->url,        [KONTRAKT] = &o->kontrakt,
        [ORT] = &o->ort,        [CA] = &o->ca,
        [CERT] = &o->cert,      [KEY] = &o->key,
        [USER_CA] = &o->user_ca};
    optind = 0;
    for (int c; (c = getopt_long(argc, argv, "", init_options, NULL)) != -1;) {
        if (c == '?')
            return err_set(e, ERR_USAGE, "init: an option was not understood");
        if (c == LAGE && !mode_by_word(&o->mode, optarg))
            return err_set(e, ERR_USAGE,
                           "--lage takes skarp, test or ovning, not \"%s\"",
                           optarg);
        if (c == REVIEWER || c == ARCHIVE) {
            enum err_code code = read_recipient(o, c == ARCHIVE, optarg, e);
            if (code)
                return code;
        } else if (c == USER) {
            if (o->n_users == sizeof o->users / sizeof o->users[0])
                return err_set(e, ERR_USAGE, "at most %d --anvandare at once",
                               o->n_users);
            enum err_code code = command_read_user(&o->users[o->n_users++], optarg, e);
            if (code)
                return code;
        } else if (c != LAGE) {
            *text[c] = optarg;
        }
    }
    if (optind >= argc || optind + 1 < argc)
        return err_set(e, ERR_USAGE, "init takes one directory");
    o->dir = argv[optind];
    return ERR_OK;
}

/* Training's two accounts: one that has not signed, one that has. */
static void
training_defaults(struct init_options *o)
{
    o->kommun = o->kommun ? o->kommun : "Sundby kommun";
    o->orgnr = o->orgnr ? o->orgnr : "162120000001";
    o->ort = o->ort ? o->ort : "Sundby";
    o->aktorsid = o->aktorsid ? o->aktorsid : "999-01";
    o->upstream = "simulering";
    if (o->n_users)
        return;
    o->users[0] = (struct init_user){
        .konto = "elev", .namn = "Elin Lev", .roles = ROLE_HANDLAGGARE};
    o->users[1] = (struct init_user){.konto = "demo",
                                     .namn = "Dea Mo",
                                     .roles = ROLE_HANDLAGGARE,
                                     .signs = true};
    o->n_users = 2;
}

enum err_code
command_init(int argc, char **argv, char *(*cases)(const char *const *konton),
             struct err *e)
{
    const char *konton[sizeof(((struct init_options *)0)->users) /
                           sizeof(struct init_user) +
                       1] = {NULL};
    AUTO_STR char *json = NULL;
    struct init_options o = {.mode = MODE_OVNING};
    enum err_code code = read_init(&o, argc, argv, e);
    if (code)
        return code;
    if (o.mode == MODE_OVNING) {
        training_defaults(&o);
        for (int i = 0; i < o.n_users; i++)
            konton[i] = o.users[i].konto;
        json = cases(konton);
        o.cases_json = json;
    }
    if (!o.kommun || !o.orgnr || !o.aktorsid || !o.upstream)
        return err_set(e, ERR_USAGE,
                       "init needs --kommun, --orgnr, --aktorsid and "
                       "--upstream");
    if (o.user_ca && o.mode != MODE_SKARP)
        return err_set(e, ERR_USAGE,
                       "--anvandar-ca is for skarp; elsewhere init makes the "
                       "users' CA and keys");
    if (strcmp(o.upstream, "simulering") && !o.url)
        return err_set(e, ERR_USAGE, "--upstream %s needs --url", o.upstream);
    code = instance_init(&o, e);
    if (!code)
        printf(_("The instance %s is made. Start it with: enfragad --instans "
                 "%s\n"),
               o.dir, o.dir);
    return code;
}

/* importera */

struct posted {
    struct event_base *base;
    struct buf got;
    enum err_code code;
    int status;
    struct err err;
};

static enum err_code
posted_data(void *arg, const void *p, size_t n, struct err *e)
{
    struct posted *s = arg;
    return buf_add(&s->got, p, n) ? err_set(e, ERR_TOO_BIG, "the answer")
                                  : ERR_OK;
}

static void
posted_done(void *arg, enum err_code code, int status, const char *type,
            const struct err *e)
{
    (void)type;
    struct posted *s = arg;
    s->code = code;
    s->status = status;
    s->err = *e;
    event_base_loopbreak(s->base);
}

enum err_code
command_file(struct buf *out, const char *path, struct err *e)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return err_errno(e, ERR_BAD_INPUT, "%s", path);
    char part[16384];
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(out, part, n);
    bool bad = ferror(f);
    fclose(f);
    mem_wipe(part, sizeof part);
    if (bad)
        return err_errno(e, ERR_BAD_INPUT, "%s", path);
    return out->full ? err_set(e, ERR_TOO_BIG, _("%s is larger than %d MiB"),
                               path, COMMAND_FILE_MAX >> 20)
                     : ERR_OK;
}

/* Through the running enfragad, which has the log. */
static enum err_code
import_running(const char *socket, const struct buf *file,
               struct import_result *r, struct err *e)
{
    static const struct fetch_ops ops = {.data = posted_data,
                                         .done = posted_done};
    struct posted s = {.base = loop_new(), .got = BUF_INIT(1 << 20)};
    struct fetcher *f = s.base ? fetcher_new(s.base) : NULL;
    struct fetch_options o = {.url = "http://enfragad/v1/arenden/import",
                              .unix_socket = socket,
                              .body = buf_str(file),
                              .body_len = file->len,
                              .connect_s = 5,
                              .total_s = 120};
    s.code = f && fetch_start(f, &o, &ops, &s, e) ? ERR_OK : ERR_NET;
    if (!s.code) {
        event_base_dispatch(s.base);
        *e = s.err;
    }
    cJSON *o_json =
        s.code ? NULL : message_parse(buf_str(&s.got), s.got.len, s.got.max, e);
    if (!s.code && !o_json)
        s.code = e->code;
    if (o_json && s.status != 200)
        problem_read(&s.code, e, o_json);
    int64_t v;
    if (!s.code && message_number(o_json, "arenden", &v))
        r->cases = (int)v;
    if (!s.code && message_number(o_json, "personer", &v))
        r->persons = (int)v;
    if (!s.code && message_number(o_json, "nya", &v))
        r->new_cases = (int)v;
    cJSON_Delete(o_json);
    buf_done(&s.got);
    fetcher_free(&f);
    if (s.base)
        event_base_free(s.base);
    return s.code;
}

/* In place, where no enfragad runs: the entry first, then the register. */
static enum err_code
import_stopped(const char *dir, const struct buf *file, struct import_result *r,
               struct err *e)
{
    struct instance in;
    uint8_t sha[32];
    char hex[65], note[160];
    sha256(sha, buf_str(file), file->len);
    text_hex(sha, sizeof sha, hex);
    snprintf(note, sizeof note, "{\"slag\":\"import\",\"sha256\":\"%s\"}", hex);
    enum err_code code = instance_open(&in, dir, e);
    if (!code)
        code = instance_note(&in, KIND_REGISTER, note, e);
    if (!code)
        code = import_bytes(in.reg, buf_str(file), file->len, in.mode, r, e);
    instance_close(&in);
    return code;
}

enum err_code
command_import(const char *instance, int argc, char **argv, struct err *e)
{
    if (argc != 2)
        return err_set(e, ERR_USAGE, "importera takes one file");
    AUTO_BUF(file, COMMAND_FILE_MAX);
    struct import_result r = {0};
    char socket[600];
    struct stat st;
    snprintf(socket, sizeof socket, "%s/run/enfraga.sock", instance);
    enum err_code code = command_file(&file, argv[1], e);
    if (code)
        return code;
    bool running = !stat(socket, &st);
    if (running)
        code = import_running(socket, &file, &r, e);
    if (!running || code == ERR_NET) /* a socket left by a killed one */
        code = import_stopped(instance, &file, &r, e);
    if (code)
        return err_add(e, code, "%s", argv[1]);
    printf(_("%d cases taken, %d of them new, with %d persons.\n"), r.cases,
           r.new_cases, r.persons);
    return ERR_OK;
}
