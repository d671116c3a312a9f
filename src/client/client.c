/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "client/client.h"

#include "base/clock.h"
#include "base/config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "client/own.h"

#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct opening { /* client_new until its done */
    struct client *client;
    client_done *done;
    void *arg;
    enum err_code code;
    struct err err;
};

static void
copy(char *to, size_t size, const cJSON *o, const char *name)
{
    const char *s = message_text(o, name);
    to[0] = '\0';
    if (s && strlen(s) < size)
        memcpy(to, s, strlen(s) + 1);
}

static int64_t
time_of(const cJSON *o, const char *name)
{
    const char *s = message_text(o, name);
    int64_t ms = s ? clock_parse(s) : -1;
    return ms > 0 ? ms : 0;
}

static enum err_code
incomplete(struct err *e)
{
    return err_set(e, ERR_PROTOCOL, "%s",
                   _("enfragad's answer is not complete"));
}

static void
take_available(struct client *c, const cJSON *o)
{
    static const char *const words[] = {"klar", "fel", "provas_inte", "okand"};
    const cJSON *k;
    for (int s = 0; s < SOURCE_COUNT; s++)
        c->status.available[s] = 3;
    cJSON_ArrayForEach(k, cJSON_GetObjectItemCaseSensitive(o, "kallor"))
    {
        const char *code = message_text(k, "kod");
        const char *word = message_text(k, "driftlage");
        enum source_id s = code ? source_by_code(code) : SOURCE_COUNT;
        for (int i = 0; s < SOURCE_COUNT && word && i < 4; i++)
            if (!strcmp(word, words[i]))
                c->status.available[s] = i;
    }
    c->status.probed_ms = time_of(o, "provad");
}

/* The key that enfragad shows must be the one pinned at installation. */
static enum err_code
check_pinned(struct client *c, const cJSON *o, struct err *e)
{
    char path[600], text[VKEY_TEXT_MAX + 2] = "";
    const char *shown = message_text(o, "log_vkey");
    snprintf(path, sizeof path, "%s/log.vkey", c->dir);
    FILE *f = fopen(path, "re");
    if (!f)
        return err_errno(e, ERR_CONFIG, "%s", path);
    bool read = fgets(text, sizeof text, f) != NULL;
    fclose(f);
    text[strcspn(text, "\r\n")] = '\0';
    enum err_code code = read ? vkey_parse(text, &c->log_vkey, e)
                              : err_set(e, ERR_CONFIG, "%s", path);
    if (!code && (!shown || strcmp(shown, text) != 0 ||
                  strcmp(c->log_vkey.name, c->status.origin) != 0))
        code = err_set(e, ERR_IDENTITY,
                       _("enfragad's log key is not the one in %s"), path);
    return code;
}

enum err_code
take_status(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    struct client_status *s = &c->status;
    const cJSON *log = cJSON_GetObjectItemCaseSensitive(o, "logg");
    const char *mode = message_text(o, "lage");
    int64_t n;
    (void)extra;
    if (!mode || !mode_by_word(&s->mode, mode))
        return incomplete(e);
    copy(s->version, sizeof s->version, o, "version");
    copy(s->kommun, sizeof s->kommun, o, "kommun");
    copy(s->upstream, sizeof s->upstream, o, "upstream");
    const char *kontrakt = message_text(o, "kontrakt");
    s->kontrakt = kontrakt ? kontrakt_by_word(kontrakt) : KONTRAKT_COUNT;
    if (s->kontrakt == KONTRAKT_COUNT)
        return incomplete(e);
    copy(s->origin, sizeof s->origin, o, "origin");
    copy(s->log_text, sizeof s->log_text, log, "text");
    s->log_ok = message_bool(log, "hel");
    s->log_size =
        message_number(log, "storlek", &n) && n >= 0 ? (uint64_t)n : 0;
    copy(s->crl, sizeof s->crl, o, "sparrlista");
    s->cert_days =
        message_number(o, "certifikat_dagar", &n) && n >= 0 ? (int)n : -1;
    s->limit_s = message_number(o, "grans_s", &n) && n > 0 ? (int)n : 30;
    take_witness(c, cJSON_GetObjectItemCaseSensitive(o, "vittne"));
    take_available(c, o);
    if (c->training && s->mode != MODE_OVNING)
        return err_set(e, ERR_CONFIG, "%s",
                       _("the private instance is not one for training"));
    return check_pinned(c, o, e);
}

/* The newest head, signed by the pinned key: without that whoever answers
 * has shown nothing, and no mode is believed. */
static enum err_code
take_head(struct client *c, const cJSON *log, struct err *e)
{
    const char *note = message_text(log, "huvud");
    if (!note || strlen(note) >= sizeof c->head_note)
        return incomplete(e);
    enum err_code code =
        note_verify(note, strlen(note), &c->log_vkey, &c->head, e);
    if (code)
        return err_add(e, code, "%s", _("the log's head does not hold"));
    snprintf(c->head_note, sizeof c->head_note, "%s", note);
    return ERR_OK;
}

static void
take_roles(struct client *c, const cJSON *o)
{
    const cJSON *r;
    c->me.roles = 0;
    cJSON_ArrayForEach(
        r, cJSON_GetObjectItemCaseSensitive(o, "roller")) if (cJSON_IsString(r))
        c->me.roles |= role_by_word(r->valuestring);
}

enum err_code
take_me(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    struct client_me *m = &c->me;
    const cJSON *f = cJSON_GetObjectItemCaseSensitive(o, "forsakran");
    const cJSON *key = cJSON_GetObjectItemCaseSensitive(o, "nyckel");
    const char *sha = message_text(f, "sha256");
    int64_t n;
    (void)extra;
    copy(m->konto, sizeof m->konto, o, "konto");
    if (!m->konto[0] || strchr(m->konto, '/'))
        return incomplete(e);
    copy(m->namn, sizeof m->namn, o, "namn");
    copy(m->kommun, sizeof m->kommun, o, "kommun");
    copy(m->ort, sizeof m->ort, o, "ort");
    take_roles(c, o);
    m->forsakran = forsakran_by_word(message_text(f, "lage"));
    copy(m->forsakran_till, sizeof m->forsakran_till, f, "till");
    memset(c->forsakran, 0, sizeof c->forsakran);
    if (sha && *sha && !text_unhex(sha, c->forsakran, sizeof c->forsakran))
        return incomplete(e);
    copy(c->vkey, sizeof c->vkey, key, "vkey");
    copy(m->key_since, sizeof m->key_since, key, "sedan");
    m->key_print[0] = '\0';
    if (c->vkey[0])
        identity_print(c->vkey, m->key_print);
    copy(m->key_by, sizeof m->key_by, key, "bytt_av");
    m->key_changed_ms = time_of(key, "bytt");
    const char *waits = message_text(key, "vantar");
    m->key_waits[0] = '\0';
    if (waits && *waits)
        identity_print(waits, m->key_waits);
    copy(m->wording_id, sizeof m->wording_id,
         cJSON_GetObjectItemCaseSensitive(o, "wording"), "id");
    m->last_asked_ms = time_of(o, "senaste_fraga");
    m->asked_today = message_number(o, "fragor_idag", &n) ? (int)n : 0;
    copy(m->imported, sizeof m->imported, o, "importerat");
    m->has_losen = message_bool(o, "losen");
    return take_head(c, cJSON_GetObjectItemCaseSensitive(o, "logg"), e);
}

/* The account's own keys: in the instance (test, ovning) or in its home. */
static void
find_user_dir(struct client *c)
{
    const char *conf = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    struct stat st;
    snprintf(c->user_dir, sizeof c->user_dir, "%s/anvandare/%s", c->dir,
             c->me.konto);
    if (c->status.mode != MODE_SKARP && stat(c->user_dir, &st) == 0)
        return;
    if (conf && *conf == '/')
        snprintf(c->user_dir, sizeof c->user_dir, "%.600s/enfraga/%s", conf,
                 c->me.konto);
    else
        snprintf(c->user_dir, sizeof c->user_dir, "%.600s/.config/enfraga/%s",
                 home ? home : "", c->me.konto);
}

/* A setting's file, "" where there is none. */
static void
own_file(const struct client *c, const struct config *conf, const char *name,
         char out[1200])
{
    const char *file = config_text(conf, name);
    bool near = *file && *file != '/';
    snprintf(out, 1200, "%s%s%s", near ? c->dir : "", near ? "/" : "", file);
}

/* The legal table and the thresholds; the municipality's own, where their
 * names can be read. */
static enum err_code
load_legal(struct client *c, struct err *e)
{
    char path[600], own[1200] = "", own_rules[1200] = "";
    struct err ignored = {0};
    struct config *conf = config_new();
    snprintf(path, sizeof path, "%s/enfragad.conf", c->dir);
    if (config_load(conf, path, &ignored) == ERR_OK) {
        own_file(c, conf, "lagstod.fil", own);
        own_file(c, conf, "kontroller.fil", own_rules);
    }
    config_free(&conf);
    legal_free(&c->legal);
    rules_free(&c->rules);
    enum err_code code =
        legal_load(&c->legal, c->data, own, c->status.mode != MODE_SKARP, e);
    if (!code)
        legal_use(c->legal, c->status.kontrakt);
    return code ? code : rules_load(&c->rules, c->data, own_rules, e);
}

static enum err_code
load_tables(struct client *c, struct err *e)
{
    struct err ignored = {0};
    enum err_code code = load_legal(c, e);
    if (code)
        return code;
    if (c->has_wording)
        wording_done(&c->wording);
    c->has_wording =
        wording_load(&c->wording, c->data, mode_word(c->status.mode),
                     &ignored) == ERR_OK;
    c->me.wording = c->has_wording ? c->wording.text : NULL;
    find_user_dir(c);
    return ERR_OK;
}

static void
opening_end(struct opening *o, enum err_code code, const struct err *e)
{
    client_done *done = o->done;
    void *arg = o->arg;
    struct err held = e ? *e : (struct err){0};
    client_ended(o->client, code, &held);
    bool tell = done && !o->client->freed;
    free(o);
    if (tell)
        done(arg, code, &held);
}

static void
on_seen(void *arg, enum err_code code, const struct err *e)
{
    opening_end(arg, code, e);
}

static void
on_me(void *arg, enum err_code code, const struct err *e)
{
    struct opening *o = arg;
    struct err err = *e;
    if (!code)
        code = client_check_losen(o->client, &err);
    if (!code)
        code = load_tables(o->client, &err);
    if (code || o->client->freed)
        opening_end(o, code, &err);
    else
        seen_check(o->client, on_seen, o);
}

static void
on_status(void *arg, enum err_code code, const struct err *e)
{
    struct opening *o = arg;
    if (code)
        opening_end(o, code, e);
    else
        call_own(
            call_start(o->client, "/v1/mig", NULL, take_me, NULL, on_me, o));
}

static void
ask_status(struct opening *o)
{
    struct err e = {0};
    enum err_code code = start_check_socket(o->client, &e);
    if (code)
        opening_end(o, code, &e);
    else
        call_own(call_start(o->client, "/v1/status", NULL, take_status, NULL,
                            on_status, o));
}

static void
start_run(void *arg)
{
    struct opening *o = arg;
    o->code = start_private(o->client, &o->err);
}

static void
start_done(void *arg)
{
    struct opening *o = arg;
    if (o->code || o->client->freed)
        opening_end(o, o->code, &o->err);
    else
        ask_status(o);
}

static void
on_located(void *arg, enum err_code code, const struct err *e)
{
    struct opening *o = arg;
    if (code)
        opening_end(o, code, e);
    else if (o->client->training)
        worker_run(client_worker(o->client), start_run, start_done, o);
    else
        ask_status(o);
}

struct worker *
client_worker(struct client *c)
{
    if (!c->worker)
        c->worker = worker_new(c->base, 0, NULL, NULL);
    return c->worker;
}

struct client *
client_new(struct event_base *base, const struct client_options *o,
           client_done *done, void *arg)
{
    struct client *c = mem_alloc(sizeof *c);
    struct opening *open = mem_alloc(sizeof *open);
    struct err e = {0};
    c->base = base;
    c->fetcher = fetcher_new(base);
    c->child_out = -1;
    c->use_fd = -1;
    snprintf(c->konto, sizeof c->konto, "%s", o->konto ? o->konto : "");
    snprintf(c->losen_fil, sizeof c->losen_fil, "%s",
             o->losen_fil ? o->losen_fil : "");
    *open = (struct opening){.client = c, .done = done, .arg = arg};
    c->pending++;
    enum err_code code = start_locate(c, o, &e);
    if (!code && c->training && !c->konto[0])
        snprintf(c->konto, sizeof c->konto, "elev");
    call_own(call_later(c, code, &e, on_located, open));
    return c;
}

void
case_done(struct client_case *k)
{
    mem_wipe(k->persons, (size_t)k->n_persons * sizeof *k->persons);
    free(k->persons);
    mem_wipe(k, sizeof *k);
}

void
client_free(struct client **cp)
{
    struct client *c = *cp;
    if (!c)
        return;
    c->freed = true;
    asks_free(c);
    downloads_free(c);
    calls_free(c);
    worker_free(&c->worker);
    fetcher_free(&c->fetcher);
    start_stop(c);
    identity_free(&c->identity);
    for (int i = 0; i < c->n_cases; i++)
        case_done(&c->cases[i]);
    free(c->cases);
    case_done(&c->now);
    free(c->rows);
    if (c->reviews)
        mem_wipe(c->reviews, (size_t)c->n_reviews * sizeof *c->reviews);
    free(c->reviews);
    free(c->recipients);
    free(c->keys);
    mem_free_str(&c->user_ca);
    buf_done(&c->page);
    cJSON_Delete(c->erasures);
    free(c->accesses);
    if (c->has_wording)
        wording_done(&c->wording);
    legal_free(&c->legal);
    rules_free(&c->rules);
    mem_wipe(c, sizeof *c);
    free(c);
    *cp = NULL;
}

enum err_code
client_wait(struct client *c, struct err *e)
{
    while (c->pending > 0)
        if (event_base_loop(c->base, EVLOOP_ONCE) != 0)
            return err_set(e, ERR_INTERNAL, "%s", _("the loop stopped"));
    if (e)
        *e = c->last_err;
    return c->last;
}

const struct client_status *
client_status(const struct client *c)
{
    return &c->status;
}

const struct client_me *
client_me(const struct client *c)
{
    return &c->me;
}

const struct rules *
client_rules(const struct client *c)
{
    return c->rules;
}

const struct legal *
client_legal(const struct client *c)
{
    return c->legal;
}

void
client_refresh(struct client *c, client_done *done, void *arg)
{
    struct opening *o = mem_alloc(sizeof *o);
    *o = (struct opening){.client = c, .done = done, .arg = arg};
    c->pending++;
    call_own(
        call_start(c, "/v1/status", NULL, take_status, NULL, on_status, o));
}

static enum err_code
take_probe(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    (void)extra;
    (void)e;
    take_available(c, o);
    return ERR_OK;
}

void
client_probe(struct client *c, client_done *done, void *arg)
{
    AUTO_BUF(body, 16);
    buf_adds(&body, "{}");
    call_start(c, "/v1/prov", &body, take_probe, NULL, done, arg);
}
