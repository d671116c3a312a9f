/* SPDX-License-Identifier: EUPL-1.2
 *
 * The addresses of the local protocol (doc/api/openapi.yaml) that read: who
 * am I, status, probing. Those that read the log are in routes_log.c, those
 * that write entries in entries.c; all stand in one table here.
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "forsakran/crl.h"
#include "daemon/backup.h"
#include "daemon/held.h"
#include "daemon/push.h"
#include "daemon/ssbtek.h"
#include "net/tls.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Takes the text of o into t->out. */
void
routes_put(struct task *t, cJSON *o)
{
    char *json = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    buf_adds(&t->out, json);
    mem_free_str(&json);
}

void
routes_time(cJSON *o, const char *name, int64_t ms)
{
    char iso[32];
    clock_iso(ms, iso);
    if (ms)
        cJSON_AddStringToObject(o, name, iso);
    else
        cJSON_AddNullToObject(o, name);
}

/* Days left of the client certificate that ends first: -1 where there is none
 * to judge. */
static int
cert_days(const struct instance *in)
{
    int known, least = tls_days_left(in->cert_file, &known);
    least = known ? least : -1;
    for (int s = 0; in->upstream.direct && s < SOURCE_COUNT; s++) {
        int days = tls_days_left(in->files[s].cert, &known);
        if (known && (least < 0 || days < least))
            least = days;
    }
    return least;
}

/* Only while there is something to say: failures in a row, and when one
 * question may try it. */
static void
add_breaker(cJSON *o, const struct breaker *b)
{
    if (!b->failures)
        return;
    int64_t wait = b->until_ms - clock_mono_us() / 1000;
    cJSON *k = cJSON_AddObjectToObject(o, "brytare");
    cJSON_AddStringToObject(k, "lage",
                            !b->open    ? "sluten"
                            : b->trying ? "provar"
                                        : "oppen");
    cJSON_AddNumberToObject(k, "fel", b->failures);
    routes_time(k, "provas",
                b->open ? clock_now_ms() + (wait > 0 ? wait : 0) : 0);
}

static void
add_available(cJSON *o, const struct daemon *d)
{
    static const char *const word[] = {[PROBE_KLAR] = "klar",
                                       [PROBE_FEL] = "fel",
                                       [PROBE_PROVAS_INTE] = "provas_inte",
                                       [PROBE_OKAND] = "okand"};
    cJSON *list = cJSON_AddArrayToObject(o, "kallor");
    for (int s = 0; s < SOURCE_COUNT; s++) {
        cJSON *k = cJSON_CreateObject();
        cJSON_AddStringToObject(k, "kod", source_row(s)->code);
        const struct breaker *b = &d->breakers[s == SOURCE_PM ? SOURCE_FK : s];
        cJSON_AddStringToObject(k, "driftlage",
                                word[b->open ? PROBE_FEL : d->available[s]]);
        add_breaker(k, b);
        cJSON_AddItemToArray(list, k);
    }
    routes_time(o, "provad", d->probed_ms);
}

static const char *
crl_word(const struct instance *in)
{
    static const char *const word[] = {[CRL_NONE] = "saknas",
                                       [CRL_CURRENT] = "giltig",
                                       [CRL_EXPIRED] = "utgangen"};
    enum crl_state state;
    struct err none = {0};
    return crl_state(in->user_ca, in->user_crl, clock_now_ms(), &state, &none)
               ? "olaslig"
               : word[state];
}

static void
status_act(struct task *t)
{
    const struct daemon *d = t->d;
    const struct instance *in = d->in;
    char vkey[VKEY_TEXT_MAX];
    vkey_text(&d->log_vkey, vkey);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "version", PACKAGE_VERSION);
    cJSON_AddStringToObject(o, "lage", mode_word(in->mode));
    cJSON_AddStringToObject(o, "kommun",
                            config_text(in->config, "kommun.namn"));
    cJSON_AddStringToObject(o, "upstream",
                            config_text(in->config, "upstream.typ"));
    cJSON_AddStringToObject(o, "kontrakt",
                            kontrakt_word(in->upstream.kontrakt));
    cJSON_AddStringToObject(o, "origin", d->log_vkey.name);
    cJSON_AddStringToObject(o, "log_vkey", vkey);
    cJSON *l = cJSON_AddObjectToObject(o, "logg");
    cJSON_AddNumberToObject(l, "storlek", (double)d->log_size);
    cJSON_AddBoolToObject(l, "hel", d->log_ok);
    cJSON_AddStringToObject(l, "text", d->log_text);
    push_describe(d->push, cJSON_AddObjectToObject(o, "vittne"));
    cJSON_AddNumberToObject(o, "certifikat_dagar", cert_days(in));
    cJSON_AddStringToObject(o, "sparrlista", crl_word(in));
    cJSON_AddNumberToObject(o, "grans_s", (double)in->upstream.total_s);
    add_available(o, d);
    routes_put(t, o);
    task_reply_json(t);
}

/* On the register's worker: what only it knows; the rest in mig_act. */
static enum err_code
mig_check(struct task *t)
{
    enum err_code code =
        register_key_asked(t->d->in->reg, t->account.konto, &t->key, &t->err);
    return code ? code
                : register_asked(t->d->in->reg, t->account.konto,
                                 clock_now_ms(), &t->facts.asked_last_minute,
                                 &t->facts.asked_today, &t->err);
}

static void
add_roles(cJSON *o, unsigned roles)
{
    cJSON *list = cJSON_AddArrayToObject(o, "roller");
    for (unsigned r = 1; r <= ROLE_SYSTEM; r <<= 1)
        if (roles & r)
            cJSON_AddItemToArray(list, cJSON_CreateString(role_word(r)));
}

static void
mig_act(struct task *t)
{
    const struct daemon *d = t->d;
    const struct account *a = &t->account;
    const struct held *h = held_find(t->d, a->konto);
    char till[11] = "", sha[65] = "", since[11], path[700], vkey[VKEY_TEXT_MAX];
    if (h && h->exists) {
        date_text(h->head.till, till);
        text_hex(h->sha256, 32, sha);
    }
    clock_date(a->key_since_ms, since);
    vkey_text(&d->log_vkey, vkey);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "konto", a->konto);
    cJSON_AddStringToObject(o, "namn", a->namn);
    cJSON_AddStringToObject(o, "kommun",
                            config_text(d->in->config, "kommun.namn"));
    cJSON_AddStringToObject(o, "ort", config_text(d->in->config, "kommun.ort"));
    add_roles(o, a->roles);
    cJSON *f = cJSON_AddObjectToObject(o, "forsakran");
    cJSON_AddStringToObject(f, "lage", forsakran_word(t->facts.forsakran));
    cJSON_AddStringToObject(f, "till", till);
    cJSON_AddStringToObject(f, "sha256", sha);
    cJSON *n = cJSON_AddObjectToObject(o, "nyckel");
    cJSON_AddStringToObject(n, "vkey", a->vkey);
    cJSON_AddStringToObject(n, "sedan", a->key_since_ms ? since : "");
    cJSON_AddStringToObject(n, "bytt_av", a->key_by);
    routes_time(n, "bytt", a->key_by[0] ? a->key_since_ms : 0);
    cJSON_AddStringToObject(n, "vantar", t->key.vkey);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(o, "wording"), "id",
                            d->in->wording.id);
    routes_time(o, "senaste_fraga", a->last_asked_ms);
    cJSON_AddNumberToObject(o, "fragor_idag", t->facts.asked_today);
    routes_time(o, "importerat", t->imported_ms);
    cJSON *l = cJSON_AddObjectToObject(o, "logg");
    cJSON_AddNumberToObject(l, "storlek", (double)d->log_size);
    AUTO_BUF(root, 64);
    text_base64_encode(&root, d->log_root, sizeof d->log_root);
    cJSON_AddStringToObject(l, "rot", buf_str(&root));
    cJSON_AddStringToObject(l, "huvud", d->log_note);
    snprintf(path, sizeof path, "%s/anvandare/%s/losen", d->in->dir, a->konto);
    struct stat st;
    cJSON_AddBoolToObject(o, "losen",
                          d->in->mode != MODE_SKARP && !stat(path, &st));
    routes_put(t, o);
    task_reply_json(t);
}

static enum err_code
mig_read(struct task *t)
{
    t->imported_ms = register_imported_ms(t->d->in->reg);
    return mig_check(t);
}

static void
probed(void *arg, enum err_code code, const enum probe_state of[SOURCE_COUNT],
       const struct err *e)
{
    struct task *t = arg;
    struct daemon *d = t->d;
    if (code) {
        task_problem(t, code, e);
        return;
    }
    memcpy(d->available, of, sizeof d->available);
    d->probed_ms = clock_now_ms();
    cJSON *o = cJSON_CreateObject();
    add_available(o, d);
    routes_put(t, o);
    task_reply_json(t);
}

static void
prov_act(struct task *t)
{
    enum err_code code =
        probe_start(t->d->fetcher, &t->d->in->upstream, probed, t, &t->err);
    if (code)
        task_problem(t, code, &t->err);
}

#define GET(p, r, c, a)                                                        \
    {                                                                          \
        .method = "GET", .path = p, .roles = r, .check = c, .act = a           \
    }
#define POST(p, k, r, o, c, a)                                                 \
    {                                                                          \
        .method = "POST", .path = p, .kind = k, .roles = r, .open = o,         \
        .check = c, .act = a                                                   \
    }

#define SOAP(p, k)                                                             \
    {                                                                          \
        .method = "POST", .path = p, .soap = true, .kontrakt = k,              \
        .roles = ROLE_SYSTEM, .check = ssbtek_check, .act = ssbtek_act         \
    }

enum {
    ASKERS = ROLE_HANDLAGGARE | ROLE_KONTAKTCENTER | ROLE_SYSTEM,
    AUDITORS = ROLE_CHEF | ROLE_SYSTEMANSVARIG,
};

const struct route routes[] = {
    GET("/v1/status", 0, NULL, status_act),
    GET("/v1/mig", 0, mig_read, mig_act),
    GET("/v1/arenden", 0, entries_cases, entries_cases_act),
    GET("/v1/logg/mina", 0, NULL, log_rows_act),
    GET("/v1/logg/checkpoint", 0, NULL, log_checkpoint_act),
    GET("/v1/logg/konsistens/", 0, NULL, log_consistency_act),
    GET("/v1/logg/bevis/", AUDITORS, NULL, log_bevis_act),
    GET("/v1/logg/export", AUDITORS, NULL, log_export_act),
    POST("/v1/prov", 0, 0, true, NULL, prov_act),
    {.method = "POST",
     .path = "/v1/arenden/import",
     .roles = ROLE_SYSTEMANSVARIG,
     .max_body = 8 << 20,
     .own_uid = true,
     .act = entries_import_act},
    POST("/v1/arenden/sok", KIND_ARENDESOKNING, 0, false, entries_search,
         entries_cases_act),
    POST("/v1/arenden/lasning", KIND_LASNING, 0, false, entries_open,
         entries_open_act),
    POST("/v1/fragor", KIND_INTENT, ASKERS | ROLE_CHEF, false, entries_ask,
         question_begin),
    {.method = "POST",
     .path = "/v1/forsakringar",
     .kind = KIND_FORSAKRAN,
     .max_body = 1 << 20,
     .open = true,
     .check = entries_forsakran,
     .act = entries_forsakran_act},
    POST("/v1/forsakringar/aterkalla", KIND_ATERKALLELSE, 0, true, NULL,
         entries_withdrawn_act),
    POST("/v1/klarmarkeringar", KIND_KLARMARKERING, 0, false, entries_mark,
         entries_mark_act),
    POST("/v1/lasningar", KIND_LASNING, 0, false, entries_reading,
         entries_seq_act),
    POST("/v1/exporter", KIND_EXPORT, 0, false, entries_reading,
         entries_seq_act),
    GET("/v1/nycklar/mottagare", ROLE_CHEF, NULL, recipient_list_act),
    POST("/v1/nycklar/mottagare", KIND_NYCKEL, ROLE_CHEF, false,
         recipient_check, recipient_act),
    GET("/v1/nycklar/ca", 0, keychange_ca, NULL),
    POST("/v1/nycklar/byt", KIND_NYCKEL, 0, false, keychange_check,
         keychange_act),
    POST("/v1/nycklar/begaran", 0, 0, false, keychange_ask_check,
         keychange_ask_act),
    GET("/v1/nycklar/begaran", ROLE_CHEF, keychange_list, NULL),
    POST("/v1/nycklar/intyg", KIND_NYCKEL, ROLE_CHEF, false,
         keychange_attest_check, keychange_act),
    GET("/v1/granskning", ROLE_CHEF, NULL, review_list_act),
    POST("/v1/granskning", KIND_GRANSKNING, ROLE_CHEF, false, review_check,
         review_act),
    POST("/v1/granskning/rader", 0, ROLE_CHEF, false, NULL, review_page_act),
    POST("/v1/granskning/utfall", KIND_GRANSKNING_UTFALL, ROLE_CHEF, false,
         review_verdict_check, entries_seq_act),
    {.method = "POST",
     .path = "/v1/logg/kopia",
     .roles = ROLE_SYSTEMANSVARIG,
     .own_uid = true,
     .act = backup_act},
    POST("/v1/logg/forlangning", KIND_FORLANGNING, ROLE_CHEF, false,
         entries_extend, entries_extend_act),
    GET("/v1/gallring", AUDITORS, NULL, gallring_list_act),
    POST("/v1/gallring", KIND_GALLRING, AUDITORS, false, gallring_check,
         gallring_act),
    POST("/v1/gallring/prova", 0, AUDITORS, false, NULL, gallring_plan_act),
    GET("/v1/atkomst", ROLE_CHEF, access_list, NULL),
    POST("/v1/atkomst", KIND_ATKOMST, ROLE_CHEF | ROLE_HANDLAGGARE, false,
         access_check, access_act),
    SOAP("/ssbtek/v10", KONTRAKT_V10),
    SOAP("/ssbtek/v11", KONTRAKT_V11),
    {.path = NULL}};
