/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "daemon/ssbtek.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "daemon/held.h"
#include "daemon/question.h"
#include "daemon/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define XML_TYPE "text/xml; charset=UTF-8"

enum { FAULT_MAX = 64 << 10 };

void
ssbtek_call_free(struct ssbtek_call **s)
{
    if (!*s)
        return;
    served_done(&(*s)->asked);
    mem_wipe(*s, sizeof **s);
    free(*s);
    *s = NULL;
}

const struct account *
task_caller(const struct task *t)
{
    return t->soap && t->soap->named ? &t->soap->system : &t->account;
}

/* WIRE 1: what the service takes is XML with a SOAPAction. */
static enum err_code
check_headers(const struct task *t, struct err *e)
{
    const char *type = exchange_header(t->x, "Content-Type");
    if (!type || strncasecmp(type, "text/xml", 8) != 0)
        return err_set(e, ERR_BAD_INPUT, "Content-Type");
    return exchange_header(t->x, "SOAPAction")
               ? ERR_OK
               : err_set(e, ERR_BAD_INPUT, "SOAPAction");
}

enum err_code
ssbtek_read(struct task *t)
{
    size_t n;
    const void *p = exchange_body(t->x, &n);
    struct ssbtek_call *s = mem_alloc(sizeof *s);
    t->soap = s;
    enum err_code code =
        served_read(&s->asked, t->route->kontrakt, p, n, &t->err);
    if (!code)
        code = check_headers(t, &t->err);
    s->unread = code;
    sha256(t->question.soap_sha256, p, n);
    t->question.has_soap = true;
    return code;
}

bool
ssbtek_asks(const struct task *t)
{
    return t->soap && t->soap->asked.call == SERVED_ASK;
}

enum err_code
ssbtek_name(struct task *t)
{
    struct ssbtek_call *s = t->soap;
    if (!ssbtek_asks(t) || !(t->account.roles & ROLE_SYSTEM))
        return ERR_OK; /* the role refuses */
    s->system = t->account;
    s->named = true;
    enum err_code code = register_account(t->d->in->reg, s->asked.handlaggare,
                                          &t->account, &t->err);
    if (!code && t->account.blocked)
        code = err_set(&t->err, ERR_BLOCKED, "the account is blocked");
    return code;
}

/* Several syften may have the same words: the first that may ask all. */
static enum err_code
find_syfte(struct task *t, struct err *e)
{
    const struct legal *l = t->d->in->legal;
    const struct served *s = &t->soap->asked;
    int found = SYFTE_COUNT;
    for (int i = SYFTE_COUNT - 1; i >= 0; i--) {
        if (strcmp(legal_wire_syfte(l, i), s->syfte) != 0 ||
            strcmp(legal_wire_lagtext(l, i), s->lagtext) != 0)
            continue;
        bool all = legal_syfte(l, i) && !(s->sources & ~legal_sources(l, i));
        bool best = found < SYFTE_COUNT && legal_syfte(l, found) &&
                    !(s->sources & ~legal_sources(l, found));
        if (all || !best)
            found = i;
    }
    if (found == SYFTE_COUNT)
        return err_set(e, ERR_SYFTE, "%s",
                       _("syfte and lagtext are none of the municipality's"));
    t->question.syfte = found;
    return ERR_OK;
}

static bool
is_general(const struct served *s, struct period p)
{
    return date_none(p.from) || (!date_compare(p.from, s->period.from) &&
                                 !date_compare(p.to, s->period.to));
}

/* What our own question cannot say is refused, never asked in another way. */
static enum err_code
check_sayable(const struct task *t, struct err *e)
{
    const struct served *s = &t->soap->asked;
    const struct config *c = t->d->in->config;
    const char *helper = config_text(c, "personuppgiftsbitrade.orgnr");
    int years[2] = {0};
    if (s->kontrakt != t->d->in->upstream.kontrakt)
        return err_set(e, ERR_KONTRAKT, "%s", kontrakt_word(s->kontrakt));
    if (strcmp(s->orgnr, config_text(c, "kommun.orgnr")) != 0)
        return err_set(e, ERR_ASKER, "ingivare");
    if (s->bitraden > 1 ||
        (s->bitraden == 1 && strcmp(s->bitrade_orgnr, helper) != 0))
        return err_set(e, ERR_BAD_INPUT, "personuppgiftsbitrade");
    if (!is_general(s, s->own[SOURCE_AF]) ||
        !is_general(s, s->own[SOURCE_SO]) || !is_general(s, s->own[SOURCE_TNS]))
        return err_set(e, ERR_PERIOD, "tidsperiod");
    if (s->skv && (s->n_years != 2 || !skv_years(s->period, years) ||
                   s->years[0] != years[0] || s->years[1] != years[1]))
        return err_set(e, ERR_BAD_INPUT, "SKV ar");
    if (!(s->sources & SOURCE_BIT(SOURCE_FK)))
        return ERR_OK;
    if (s->version && strcmp(s->version, "v9") != 0)
        return err_set(e, ERR_BAD_INPUT, "FK version");
    if (!s->fk_fraga || strcmp(s->aktorsid, t->d->in->upstream.asker.aktorsid))
        return err_set(e, ERR_BAD_INPUT, "FK aktorsid");
    return ERR_OK;
}

/* Our own question, which is what is written and sent. */
static enum err_code
make_question(struct task *t, struct err *e)
{
    struct question *q = &t->question;
    const struct served *s = &t->soap->asked;
    if (strlen(s->arende) > ARENDE_MAX)
        return err_set(e, ERR_ARENDEIDENTITET, "%zu", strlen(s->arende));
    question_new_id(q);
    snprintf(q->arende, sizeof q->arende, "%s", s->arende);
    snprintf(q->person.digits, sizeof q->person.digits, "%s", s->person);
    snprintf(q->handlaggare, sizeof q->handlaggare, "%s", t->account.konto);
    snprintf(q->skal, sizeof q->skal, "Frågad av systemet %s",
             t->soap->system.konto);
    q->period = s->period;
    q->sources = s->sources;
    q->kontrakt = s->kontrakt;
    q->skv = s->skv;
    q->asked_ms = clock_now_ms();
    if (!is_general(s, s->own[SOURCE_CSN]))
        q->csn = s->own[SOURCE_CSN];
    return s->sources & SOURCE_BIT(SOURCE_FK)
               ? served_lefi(s, q->lefi, sizeof q->lefi, e)
               : ERR_OK;
}

enum err_code
ssbtek_check(struct task *t)
{
    if (!ssbtek_asks(t))
        return ERR_OK;
    enum err_code code = check_sayable(t, &t->err);
    if (!code)
        code = make_question(t, &t->err);
    if (!code)
        code = find_syfte(t, &t->err);
    return code ? code : entries_grant(t);
}

void
ssbtek_record(struct task *t, log_done *done)
{
    const struct held *h = held_find(t->d, t->account.konto);
    static const uint8_t none[HASH_SIZE]; /* the log refuses it */
    const struct named n = {.from = &t->peer,
                            .by = t->soap->system.konto,
                            .forsakran = h && h->exists ? h->sha256 : none,
                            .unit = t->account.enhet,
                            .question = &t->question,
                            .legal =
                                legal_code(t->d->in->legal, t->question.syfte)};
    record_named(t->d, &n, done, t);
}

/* The test call. */

static void
probed(void *arg, enum err_code code, const enum probe_state of[SOURCE_COUNT],
       const struct err *e)
{
    struct task *t = arg;
    if (code) {
        t->err = *e;
        ssbtek_refuse(t, code, e);
        return;
    }
    struct compile_test line[SOURCE_COUNT] = {0};
    for (int i = 0; i < SOURCE_COUNT; i++) {
        line[i].there = SOURCE_ASKABLE & SOURCE_BIT(i) &&
                        (of[i] == PROBE_KLAR || of[i] == PROBE_FEL);
        line[i].called = true;
        line[i].kalla = of[i] == PROBE_FEL ? "SSBT" : NULL;
        line[i].felkod = "otillganglig";
        line[i].text = _("The source did not answer.");
    }
    compile_test(&t->out, t->route->kontrakt, line, &t->err);
    task_reply(t, 200, XML_TYPE, t->out.data, t->out.len);
}

void
ssbtek_act(struct task *t)
{
    const struct upstream *up = &t->d->in->upstream;
    enum err_code code = ERR_OK;
    if (ssbtek_asks(t)) {
        question_begin(t);
        return;
    }
    if (t->route->kontrakt != up->kontrakt)
        code = err_set(&t->err, ERR_KONTRAKT, "%s",
                       kontrakt_word(t->route->kontrakt));
    if (!code)
        code = probe_start(t->d->fetcher, up, probed, t, &t->err);
    if (code)
        ssbtek_refuse(t, code, &t->err);
}

/* Refusals. What SSBTEK itself refuses is refused in its way; the rest has our
 * stable word. Never a word of the question. */

void
ssbtek_put_fault(struct buf *out, const struct ssbtek_call *s,
                 enum err_code code, const struct err *e)
{
    const struct err_row *row = err_row(code);
    const char *who = row->retry ? "Server" : "Client", *felkod = row->word;
    const char *text = _("The question cannot be answered.");
    struct texts why = {.text = e ? e->text : ""};
    struct texts what = {.text = _(row->message)}, *texts = &what;
    struct err ignored;
    if (s->unread == ERR_INTERNAL && code == s->unread) {
        who = "Server";
        text = "Internal error"; /* as the service says it */
        felkod = NULL;
    } else if (s->unread && code == s->unread) {
        felkod = "VALIDERING";
        texts = &why;
    } else if (code == ERR_BAD_INPUT && *why.text) {
        what.next = &why; /* the name of an element */
    }
    compile_fault(out, s->asked.kontrakt,
                  s->asked.call == SERVED_TEST ? COMPILE_TESTA : COMPILE_HAMTA,
                  who, felkod, text, texts, &ignored);
}

void
ssbtek_refuse(struct task *t, enum err_code code, const struct err *e)
{
    AUTO_BUF(b, FAULT_MAX);
    ssbtek_put_fault(&b, t->soap, code, e);
    task_reply(t, 500, XML_TYPE, b.data, b.len);
}

void
ssbtek_fault(struct exchange *x, const struct ssbtek_call *s,
             enum err_code code)
{
    AUTO_BUF(b, FAULT_MAX);
    ssbtek_put_fault(&b, s, code, NULL);
    exchange_reply(x, 500, XML_TYPE, b.data, b.len);
}

void
ssbtek_reply(struct exchange *x, int status, const struct buf *body)
{
    exchange_reply(x, status, XML_TYPE, body->data, body->len);
}
