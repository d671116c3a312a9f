/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "ask/plan.h"

#include "base/i18n.h"

enum { REQUEST_MAX = 64 * 1024 };

static enum err_code
add(struct plan *p, const struct question *q, source_set sources,
    const struct upstream *u, struct err *e)
{
    struct request *r = &p->request[p->n++];
    r->sources = sources;
    buf_init(&r->body, REQUEST_MAX);
    return ssbtek_question(&r->body, q, sources, &u->asker, e);
}

enum err_code
plan_make(struct plan *p, const struct question *q, const struct upstream *u,
          struct err *e)
{
    p->n = 0;
    enum err_code code = ERR_OK;
    if (q->kontrakt != u->kontrakt)
        return err_set(e, ERR_BAD_INPUT,
                       _("the question is put in %s and the service is asked "
                         "in %s: start enfraga again"),
                       kontrakt_word(q->kontrakt), kontrakt_word(u->kontrakt));
    if (!u->split)
        code = add(p, q, q->sources, u, e);
    for (int i = 0; u->split && !code && i < SOURCE_COUNT; i++)
        if (q->sources & SOURCE_BIT(i))
            code = add(p, q, SOURCE_BIT(i), u, e);
    if (code)
        plan_done(p);
    return code;
}

void
plan_done(struct plan *p)
{
    for (int i = 0; i < p->n; i++)
        buf_done(&p->request[i].body);
    p->n = 0;
}
