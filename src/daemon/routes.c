/* SPDX-License-Identifier: EUPL-1.2
 *
 * The addresses of the local protocol (doc/api/openapi.yaml) that read: who
 * am I, status, cases, own rows, the checkpoint, export, probing. Those that
 * write entries are in entries.c; both stand in one table here.
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/held.h"
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
    cJSON_AddNumberToObject(o, "certifikat_dagar", cert_days(in));
    cJSON_AddNumberToObject(o, "grans_s", (double)in->upstream.total_s);
    add_available(o, d);
    routes_put(t, o);
    task_reply_json(t);
}

/* On the register's worker: what only it knows; the rest in mig_act. */
static enum err_code
mig_check(struct task *t)
{
    return register_asked(t->d->in->reg, t->account.konto, clock_now_ms(),
                          &t->facts.asked_last_minute, &t->facts.asked_today,
                          &t->err);
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
    static const char *const state[] = {[FORSAKRAN_SAKNAS] = "saknas",
                                        [FORSAKRAN_GILTIG] = "giltig",
                                        [FORSAKRAN_NY_TEXT] = "ny_text",
                                        [FORSAKRAN_UTGANGEN] = "utgangen",
                                        [FORSAKRAN_ATERKALLAD] = "aterkallad",
                                        [FORSAKRAN_ANNAN_NYCKEL] =
                                            "annan_nyckel"};
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
    cJSON_AddStringToObject(f, "lage", state[t->facts.forsakran]);
    cJSON_AddStringToObject(f, "till", till);
    cJSON_AddStringToObject(f, "sha256", sha);
    cJSON *n = cJSON_AddObjectToObject(o, "nyckel");
    cJSON_AddStringToObject(n, "vkey", a->vkey);
    cJSON_AddStringToObject(n, "sedan", a->key_since_ms ? since : "");
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

/* Own rows: the open part of the user's own log (AUDIT, decided questions). */
struct rows {
    struct task *t;
    cJSON *list;
};

static void
take_row(void *ctx, const struct ledger_row *r)
{
    struct rows *rows = ctx;
    const struct entry_kind_row *k = entry_kind_row(r->author.type);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "seq", (double)r->seq);
    routes_time(o, "tid", (int64_t)r->time_ms);
    cJSON_AddStringToObject(o, "typ", k ? k->word : "");
    cJSON_AddStringToObject(o, "arende", "");
    cJSON *list = cJSON_AddArrayToObject(o, "kallor");
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (r->author.authorities & SOURCE_BIT(s))
            cJSON_AddItemToArray(list, cJSON_CreateString(source_row(s)->code));
    cJSON_AddItemToArray(rows->list, o);
}

static void
rows_run(void *arg)
{
    struct task *t = arg;
    cJSON *o = cJSON_CreateObject();
    struct rows rows = {.t = t, .list = cJSON_AddArrayToObject(o, "poster")};
    struct ledger_query q = {.account = t->account.konto, .limit = 500};
    t->code = ledger_rows(t->d->in->ledger, &q, take_row, &rows, &t->err);
    t->payload = o;
}

static void
read_done(void *arg)
{
    struct task *t = arg;
    if (t->code)
        task_problem(t, t->code, &t->err);
    else
        task_reply_json(t);
}

/* The case of a question asked since enfragad started; the log itself has it
 * only in the secret part. */
static void
rows_done(void *arg)
{
    struct task *t = arg;
    cJSON *row, *list = cJSON_GetObjectItemCaseSensitive(t->payload, "poster");
    cJSON_ArrayForEach(row, list)
    {
        int64_t seq;
        const char *arende =
            message_number(row, "seq", &seq)
                ? recent_case(t->d, (uint64_t)seq, t->account.konto)
                : NULL;
        if (arende)
            cJSON_ReplaceItemInObjectCaseSensitive(row, "arende",
                                                   cJSON_CreateString(arende));
    }
    routes_put(t, t->payload);
    t->payload = NULL;
    read_done(t);
}

static void
rows_act(struct task *t)
{
    worker_run(t->d->log_worker, rows_run, rows_done, t);
}

static void
checkpoint_run(void *arg)
{
    struct task *t = arg;
    buf_adds(&t->out, ledger_note(t->d->in->ledger));
}

static void
checkpoint_done(void *arg)
{
    struct task *t = arg;
    task_reply(t, 200, "text/plain; charset=utf-8", t->out.data, t->out.len);
}

static void
checkpoint_act(struct task *t)
{
    worker_run(t->d->log_worker, checkpoint_run, checkpoint_done, t);
}

/* The number that the address ends with. */
static bool
word_number(const struct task *t, uint64_t *out)
{
    const char *word = task_word(t);
    size_t n = strlen(word);
    *out = strtoull(word, NULL, 10);
    return n > 0 && n < 20 && strspn(word, "0123456789") == n;
}

/* That the present head extends the one of a size that the client has seen:
 * the head, signed, and the proof (AUDIT 6). */
static void
consistency_run(void *arg)
{
    struct task *t = arg;
    struct ledger *l = t->d->in->ledger;
    struct merkle_proof p;
    uint64_t old;
    if (!word_number(t, &old))
        t->code = err_set(&t->err, ERR_BAD_INPUT, "not a size of a log");
    else
        t->code = ledger_consistency(l, old, &p, &t->err);
    if (t->code)
        return;
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "huvud", ledger_note(l));
    cJSON *list = cJSON_AddArrayToObject(o, "bevis");
    for (unsigned i = 0; i < p.count; i++) {
        AUTO_BUF(b, 64);
        text_base64_encode(&b, p.hash[i], HASH_SIZE);
        cJSON_AddItemToArray(list, cJSON_CreateString(buf_str(&b)));
    }
    routes_put(t, o);
}

static void
consistency_act(struct task *t)
{
    worker_run(t->d->log_worker, consistency_run, read_done, t);
}

/* One entry's proof; no payload is in it. */
static void
bevis_run(void *arg)
{
    struct task *t = arg;
    uint64_t seq;
    if (!word_number(t, &seq))
        t->code = err_set(&t->err, ERR_BAD_INPUT, "not an entry's number");
    else
        t->code =
            ledger_bevis(t->d->in->ledger, seq, NULL, 0, &t->out, &t->err);
}

static void
bevis_read(void *arg)
{
    struct task *t = arg;
    if (t->code)
        task_problem(t, t->code, &t->err);
    else
        task_reply(t, 200, "application/octet-stream", t->out.data, t->out.len);
}

static void
bevis_act(struct task *t)
{
    worker_run(t->d->log_worker, bevis_run, bevis_read, t);
}

/* The export streams: one piece on the log's worker, one chunk, and the next
 * piece when that has left, so that a reader who does not read holds one. */

static void export_done(void *arg);

static void
export_run(void *arg)
{
    struct task *t = arg;
    t->code = ledger_export(t->d->in->ledger, &t->export, &t->out, &t->err);
}

static void
export_next(void *arg)
{
    struct task *t = arg;
    t->export_runs = true;
    worker_run(t->d->log_worker, export_run, export_done, t);
}

static void
export_end(struct task *t)
{
    exchange_end(t->x);
    task_free(t);
}

/* What the worker is at, it ends first. */
static void
export_gone(void *arg)
{
    struct task *t = arg;
    t->export_left = true;
    if (!t->export_runs)
        export_end(t);
}

static void
export_done(void *arg)
{
    struct task *t = arg;
    t->export_runs = false;
    /* The JSON ends unfinished, so no reader takes it for whole. */
    if (t->code || t->export_left || t->d->stopping) {
        export_end(t);
        return;
    }
    if (t->export.done) {
        exchange_chunk(t->x, t->out.data, t->out.len);
        export_end(t);
        return;
    }
    exchange_chunk_then(t->x, t->out.data, t->out.len, export_next, t);
    buf_done(&t->out);
}

static void
export_act(struct task *t)
{
    exchange_stream(t->x, 200, "application/json");
    export_next(t);
    exchange_on_gone(t->x, export_gone, t); /* may be called at once */
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

enum {
    ASKERS = ROLE_HANDLAGGARE | ROLE_KONTAKTCENTER | ROLE_SYSTEM,
    AUDITORS = ROLE_CHEF | ROLE_SYSTEMANSVARIG,
};

const struct route routes[] = {
    GET("/v1/status", 0, NULL, status_act),
    GET("/v1/mig", 0, mig_read, mig_act),
    GET("/v1/arenden", 0, entries_cases, entries_cases_act),
    GET("/v1/logg/mina", 0, NULL, rows_act),
    GET("/v1/logg/checkpoint", 0, NULL, checkpoint_act),
    GET("/v1/logg/konsistens/", 0, NULL, consistency_act),
    GET("/v1/logg/bevis/", AUDITORS, NULL, bevis_act),
    GET("/v1/logg/export", AUDITORS, NULL, export_act),
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
    GET("/v1/atkomst", ROLE_CHEF, access_list, NULL),
    POST("/v1/atkomst", KIND_ATKOMST, ROLE_CHEF | ROLE_HANDLAGGARE, false,
         access_check, access_act),
    {.path = NULL}};
