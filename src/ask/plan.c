/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "ask/plan.h"

#include "base/i18n.h"
#include "wire/bastjanst.h"

#include <string.h>

enum { REQUEST_MAX = 64 * 1024 };

static const char *const soap_headers[] = {
    "Content-Type: text/xml; charset=UTF-8", "SOAPAction: \"\"",
    "Accept: text/xml", NULL};

static struct request *
new_request(struct plan *p, source_set sources)
{
    struct request *r = &p->request[p->n++];
    *r = (struct request){.sources = sources,
                          .url = BUF_INIT(REQUEST_URL_MAX),
                          .body = BUF_INIT(REQUEST_MAX)};
    return r;
}

static enum err_code
add_ssbtek(struct plan *p, const struct question *q, source_set sources,
           const struct upstream *u, struct err *e)
{
    struct request *r = new_request(p, sources);
    r->headers = soap_headers;
    if (buf_adds(&r->url, u->url))
        return err_set(e, ERR_CONFIG, "upstream.url");
    return ssbtek_question(&r->body, q, sources, &u->asker, e);
}

const char *
endpoint_refusal(const struct endpoint *o, bool agreement, struct date today)
{
    bool named =
        *o->avtal || !date_none(o->in_force.from) || !date_none(o->in_force.to);
    if (!*o->url)
        return "adress_saknas";
    if (!named && !agreement)
        return NULL;
    if (!*o->avtal || !period_ok(o->in_force))
        return "avtal_saknas";
    return period_covers(o->in_force, today) ? NULL : "avtal_ej_i_kraft";
}

static void
refuse(struct request *r, const char *word)
{
    r->refused = word;
    r->state = STATE_EJ_BEHORIG;
    if (!strcmp(word, "adress_saknas")) {
        r->state = STATE_OTILLGANGLIG;
        r->text = _("The authority's own service has no address in the "
                    "configuration. Nothing was sent.");
    } else if (!strcmp(word, "avtal_saknas")) {
        r->text = _("There is no agreement with the authority in the "
                    "configuration. Nothing was sent.");
    } else {
        r->text = _("The agreement with the authority is not in force today. "
                    "Nothing was sent.");
    }
}

static enum err_code
add_direct(struct plan *p, const struct question *q, enum source_id source,
           const struct upstream *u, struct date today, struct err *e)
{
    struct request *r = new_request(p, SOURCE_BIT(source));
    const struct endpoint *o = &u->of[source];
    const char *word = endpoint_refusal(o, u->agreements, today);
    if (word) {
        refuse(r, word);
        return ERR_OK;
    }
    r->headers = bastjanst_headers(source);
    buf_adds(&r->url, o->url);
    enum err_code code = bastjanst_path(&r->url, source, &u->asker, e);
    if (!code && r->url.full)
        code = err_set(e, ERR_CONFIG, "%s.url", source_row(source)->code);
    return code ? code : bastjanst_question(&r->body, source, q, &u->asker, e);
}

enum err_code
plan_make(struct plan *p, const struct question *q, const struct upstream *u,
          struct date today, struct err *e)
{
    p->n = 0;
    enum err_code code = ERR_OK;
    if (q->kontrakt != u->kontrakt)
        return err_set(e, ERR_BAD_INPUT,
                       _("the question is put in %s and the service is asked "
                         "in %s: start enfraga again"),
                       kontrakt_word(q->kontrakt), kontrakt_word(u->kontrakt));
    if (!u->split)
        code = add_ssbtek(p, q, q->sources, u, e);
    for (int i = 0; u->split && !code && i < SOURCE_COUNT; i++) {
        if (!(q->sources & SOURCE_BIT(i)))
            continue;
        code = u->direct ? add_direct(p, q, i, u, today, e)
                         : add_ssbtek(p, q, SOURCE_BIT(i), u, e);
    }
    if (code)
        plan_done(p);
    return code;
}

void
plan_done(struct plan *p)
{
    for (int i = 0; i < p->n; i++) {
        buf_done(&p->request[i].url);
        buf_done(&p->request[i].body);
    }
    p->n = 0;
}
