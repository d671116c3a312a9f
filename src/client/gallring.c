/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "client/gallring.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "client/own.h"
#include "local/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err_code
take_answer(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    (void)extra;
    cJSON_Delete(c->erasures);
    c->erasures = cJSON_Duplicate(o, true);
    return cJSON_IsObject(c->erasures)
               ? ERR_OK
               : err_set(e, ERR_PROTOCOL, "%s", _("no gallring came"));
}

const cJSON *
client_erasure_answer(const struct client *c)
{
    return c->erasures;
}

void
client_erasure_plan(struct client *c, const struct erasure_wish *w,
                    client_done *done, void *arg)
{
    AUTO_BUF(body, 1024);
    struct json j = {.out = &body};
    json_open(&j, NULL, '{');
    if (w->till) {
        json_text_if(&j, "fran", w->from);
        json_str(&j, "till", w->till);
    } else {
        json_open(&j, "poster", '[');
        json_int(&j, NULL, (int64_t)w->first);
        json_int(&j, NULL, (int64_t)w->last);
        json_close(&j, ']');
    }
    json_bool(&j, "hela_poster", w->leaves);
    json_close(&j, '}');
    call_start(c, "/v1/gallring/prova", &body, take_answer, NULL, done, arg);
}

void
client_erasures(struct client *c, client_done *done, void *arg)
{
    call_start(c, "/v1/gallring", NULL, take_answer, NULL, done, arg);
}

static bool
number(const cJSON *o, const char *name, uint64_t *out)
{
    int64_t v;
    if (!message_number(o, name, &v) || v < 0)
        return false;
    *out = (uint64_t)v;
    return true;
}

bool
client_erasure_amount(const cJSON *o, struct erasure_amount *a)
{
    return number(o, "lador", &a->boxes) && number(o, "dagnycklar", &a->days) &&
           number(o, "hela_poster", &a->leaves) && number(o, "byte", &a->bytes);
}

bool
client_erasure_terms(const cJSON *o, struct entry_erasure *x)
{
    const char *what = message_text(o, "omfattning");
    const char *digest = message_text(o, "digest");
    uint64_t last;
    *x = (struct entry_erasure){0};
    if (!what || !digest || !number(o, "fran", &x->first) ||
        !number(o, "till", &last) || !number(o, "vanta_dagar", &x->wait_days) ||
        !number(o, "alder_dagar", &x->age_days) ||
        !text_unhex(digest, x->digest, sizeof x->digest))
        return false;
    x->end = last + 1;
    x->leaves = !strcmp(what, "hela_poster");
    return x->leaves || !strcmp(what, "innehall");
}

static bool
refer(struct entry_author *a, const cJSON *of)
{
    const char *hash = message_text(of, "hash");
    a->has_ref = of != NULL;
    return !of || (hash && number(of, "loggpost", &a->ref_seq) &&
                   text_unhex(hash, a->ref_hash, sizeof a->ref_hash));
}

void
client_put_erasure(struct client *c, const struct entry_erasure *x,
                   const cJSON *of, const char *legal, const char *why,
                   client_done *done, void *arg)
{
    struct entry_author author = {.has_erasure = true, .erasure = *x};
    struct mine *mine = NULL;
    struct err e = {0};
    AUTO_BUF(payload, 8192);
    AUTO_BUF(post, 64 << 10);
    struct json j = {.out = &payload};
    snprintf(author.legal, sizeof author.legal, "%s", legal ? legal : "");
    if (why) {
        json_open(&j, NULL, '{');
        json_str(&j, "skal", why);
        json_close(&j, '}');
    }
    enum err_code code =
        refer(&author, of)
            ? entry_make(c, c->identity, &author, KIND_GALLRING,
                         why ? buf_str(&payload) : NULL, payload.len, &post,
                         &mine, &e)
            : err_set(&e, ERR_PROTOCOL, "%s", _("no gallring came"));
    if (code)
        call_later(c, code, &e, done, arg);
    else
        call_keep(
            call_start(c, "/v1/gallring", &post, take_receipt, mine, done, arg),
            mine);
}

/* DATE ORIGIN SIZE ROOT, one space between. */
enum err_code
client_erasure_line(const struct client *c, const char *line,
                    struct entry_erasure *x, struct err *e)
{
    char *end = NULL;
    AUTO_BUF(root, HASH_SIZE);
    const char *origin = strchr(line, ' ');
    size_t n = strlen(c->log_vkey.name);
    *x = (struct entry_erasure){.step = ERASURE_REGISTERED};
    bool ok = origin && !strncmp(origin + 1, c->log_vkey.name, n) &&
              origin[1 + n] == ' ' && origin[2 + n] >= '1' &&
              origin[2 + n] <= '9';
    if (ok)
        x->size = strtoull(origin + 2 + n, &end, 10);
    ok = ok && *end == ' ' &&
         !text_base64_decode(&root, end + 1, strlen(end + 1)) &&
         root.len == HASH_SIZE;
    if (!ok)
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("not a line of this log, as enfraga logg dagsrad "
                         "prints it"));
    memcpy(x->root, root.data, HASH_SIZE);
    return ERR_OK;
}
