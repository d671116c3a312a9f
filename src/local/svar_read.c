/* SPDX-License-Identifier: EUPL-1.2
 *
 * Reading enfraga.svar/1 back. The other side is enfragad or a file of ours;
 * it is read with a ceiling, a wrong type counts as not there, and unknown
 * members are passed over. What has no default (a payment's words) makes the
 * whole part unreadable rather than half right.
 */
#include "config.h"

#include "local/svar.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "local/message.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 300, SVAR_MAX = 64 << 20 };

static const cJSON *
get(const cJSON *o, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(o, name);
}

static const cJSON *
get_list(const cJSON *o, const char *name)
{
    const cJSON *c = get(o, name);
    return cJSON_IsArray(c) ? c->child : NULL;
}

static const char *
copy(struct arena *a, const cJSON *o, const char *name)
{
    return arena_strdup(a, message_text(o, name));
}

static struct money
read_money(const cJSON *o, const char *name)
{
    struct money m = MONEY_NONE;
    const char *s = message_text(o, name);
    if (!s || !money_read(&m, s))
        return MONEY_NONE;
    return m;
}

static struct date
read_date(const cJSON *o, const char *name)
{
    struct date d = {0};
    const char *s = message_text(o, name);
    if (!s || !date_read(&d, s))
        return (struct date){0};
    return d;
}

static void
read_texts(struct arena *a, struct texts **list, const cJSON *o,
           const char *name)
{
    *list = NULL;
    for (const cJSON *c = get_list(o, name); c; c = c->next)
        if (cJSON_IsString(c))
            texts_add(a, list, c->valuestring);
}

static void
read_fault(struct arena *a, struct source_answer *of, const cJSON *o)
{
    const cJSON *f = get(o, "fel");
    of->fault = NULL;
    if (!cJSON_IsObject(f))
        return;
    struct source_fault *fault = arena_alloc(a, sizeof *fault);
    if (!fault)
        return;
    fault->kalla = copy(a, f, "kalla");
    fault->felkod = copy(a, f, "felkod");
    if (!fault->felkod)
        fault->felkod = "";
    read_texts(a, &fault->texts, f, "meddelande");
    of->fault = fault;
}

static void
read_missing(struct arena *a, struct source_answer *of, const cJSON *o)
{
    struct missing **end = &of->missing;
    *end = NULL;
    for (const cJSON *c = get_list(o, "saknade"); c; c = c->next) {
        struct missing *m = arena_alloc(a, sizeof *m);
        if (!m)
            return;
        const char *kod = copy(a, c, "kod"), *why = copy(a, c, "orsak");
        const char *name = copy(a, c, "namn");
        *m = (struct missing){.kod = kod ? kod : "",
                              .namn = name  ? name
                                      : kod ? kod
                                            : "",
                              .orsak = why ? why : ""};
        *end = m;
        end = &m->next;
    }
}

static struct payment_row *
read_payment_rows(struct arena *a, const cJSON *o)
{
    struct payment_row *first = NULL, **end = &first;
    for (const cJSON *c = get_list(o, "rader"); c; c = c->next) {
        struct payment_row *r = arena_alloc(a, sizeof *r);
        if (!r)
            break;
        r->forman = copy(a, c, "forman");
        r->kod = copy(a, c, "kod");
        r->slag = copy(a, c, "slag");
        r->slag_kod = copy(a, c, "slag_kod");
        r->belopp = read_money(c, "belopp");
        r->fran = copy(a, c, "fran");
        r->till = copy(a, c, "till");
        r->omfattning = copy(a, c, "omfattning");
        r->dagar = copy(a, c, "dagar");
        r->avdrag = message_bool(c, "avdrag");
        r->lan = message_bool(c, "lan");
        *end = r;
        end = &r->next;
    }
    return first;
}

static unsigned
read_marks(const cJSON *o)
{
    unsigned marks = 0;
    for (const cJSON *c = get_list(o, "marken"); c; c = c->next)
        for (unsigned m = 1; cJSON_IsString(c) && m <= MARK_LAST; m <<= 1)
            if (!strcmp(c->valuestring, payment_mark_word(m)))
                marks |= m;
    return marks;
}

/* NULL where its words are missing. */
static struct payment *
read_payment(struct arena *a, const cJSON *o)
{
    struct payment *p = arena_alloc(a, sizeof *p);
    const char *source = message_text(o, "kalla");
    const char *state = message_text(o, "lage");
    const cJSON *period = get(o, "period");
    if (!p || !source || !state)
        return NULL;
    p->source = source_by_code(source);
    p->state = payment_state_by_word(state);
    p->date = read_date(o, "datum");
    p->betalare = copy(a, o, "betalare");
    p->forman = copy(a, o, "forman");
    p->kod = copy(a, o, "kod");
    p->netto = read_money(o, "netto");
    p->brutto = read_money(o, "brutto");
    p->skatt = read_money(o, "skatt");
    p->avdrag = read_money(o, "avdrag");
    p->efter_skatt = read_money(o, "efter_skatt");
    p->lan = read_money(o, "lan");
    p->fran = copy(a, period, "fran");
    p->till = copy(a, period, "till");
    p->dagar = copy(a, o, "dagar");
    p->marks = read_marks(o);
    p->rows = read_payment_rows(a, o);
    return p->source < SOURCE_COUNT && p->state < PAYMENT_STATE_COUNT &&
                   p->betalare && p->forman
               ? p
               : NULL;
}

static struct decision *
read_decision(struct arena *a, const cJSON *o)
{
    struct decision *d = arena_alloc(a, sizeof *d);
    const char *source = message_text(o, "kalla");
    if (!d || !source)
        return NULL;
    d->source = source_by_code(source);
    d->slag = copy(a, o, "slag");
    d->forman = copy(a, o, "forman");
    d->kod = copy(a, o, "kod");
    d->fran = read_date(o, "fran");
    d->till = read_date(o, "till");
    d->datum = read_date(o, "datum");
    d->omfattning = copy(a, o, "omfattning");
    d->dagar = copy(a, o, "dagar");
    d->lage = copy(a, o, "lage");
    d->belopp = read_money(o, "belopp");
    d->periodicitet = copy(a, o, "periodicitet");
    d->utan_beslut = message_bool(o, "utan_beslut");
    return d->source < SOURCE_COUNT && d->slag && d->forman ? d : NULL;
}

/* Puts what the list holds with the sources it names; only `only` where that
 * is a source. False where one cannot be read. */
static bool
read_payments(struct answer *a, const cJSON *o, enum source_id only)
{
    struct payment **end[SOURCE_COUNT];
    for (int s = 0; s < SOURCE_COUNT; s++) {
        end[s] = &a->of[s].payments;
        if (only == SOURCE_COUNT || s == (int)only)
            *end[s] = NULL;
    }
    for (const cJSON *c = get_list(o, "utbetalningar"); c; c = c->next) {
        struct payment *p = read_payment(a->arena, c);
        if (!p || (only != SOURCE_COUNT && p->source != only))
            return false;
        *end[p->source] = p;
        end[p->source] = &p->next;
    }
    return true;
}

static bool
read_decisions(struct answer *a, const cJSON *o, enum source_id only)
{
    struct decision **end[SOURCE_COUNT];
    for (int s = 0; s < SOURCE_COUNT; s++) {
        end[s] = &a->of[s].decisions;
        if (only == SOURCE_COUNT || s == (int)only)
            *end[s] = NULL;
    }
    for (const cJSON *c = get_list(o, "beslut"); c; c = c->next) {
        struct decision *d = read_decision(a->arena, c);
        if (!d || (only != SOURCE_COUNT && d->source != only))
            return false;
        *end[d->source] = d;
        end[d->source] = &d->next;
    }
    return true;
}

static struct fact *
read_fact(struct arena *a, const cJSON *o, const char *name, int depth)
{
    char number[32];
    if (depth > DEPTH_MAX)
        return NULL;
    if (cJSON_IsString(o))
        return fact_new(a, FACT_TEXT, name, o->valuestring);
    if (cJSON_IsBool(o))
        return fact_new(a, FACT_TEXT, name, cJSON_IsTrue(o) ? "true" : "false");
    if (cJSON_IsNumber(o)) {
        snprintf(number, sizeof number, "%.15g", o->valuedouble);
        return fact_new(a, FACT_TEXT, name, number);
    }
    if (cJSON_IsNull(o))
        return fact_new(a, FACT_TEXT, name, "");
    bool list = cJSON_IsArray(o);
    struct fact *f = fact_new(a, list ? FACT_LIST : FACT_OBJECT, name, NULL),
                *last = NULL;
    for (const cJSON *c = f ? o->child : NULL; c; c = c->next) {
        struct fact *child =
            read_fact(a, c, list ? NULL : c->string, depth + 1);
        if (!child)
            return NULL;
        if (last) /* fact_add would walk a long list for each */
            last->next = child;
        else
            f->child = child;
        last = child;
    }
    return f;
}

static bool
has_flag(const cJSON *o, enum source_id s)
{
    const struct source *row = source_row(s);
    char word[32];
    snprintf(word, sizeof word, "skyddad:%s", row->code);
    for (const cJSON *c = get_list(o, "flaggor"); c; c = c->next)
        if (cJSON_IsString(c) &&
            !strcmp(c->valuestring, row->flag[0] ? row->flag : word))
            return true;
    return false;
}

/* `flaggor` say protected; what says neither is set aside by read_state. */
static void
read_shielded(struct source_answer *of, const cJSON *o, enum source_id s)
{
    of->shielded = has_flag(o, s);
    of->unshielded = of->unshielded && !of->shielded;
}

/* What stands in `kallor` and in both stream forms. */
static bool
read_state(struct answer *a, const cJSON *o, enum source_id *s, bool content)
{
    const char *code = message_text(o, "kod");
    const char *state = message_text(o, "lage");
    const cJSON *seconds = get(o, "tid_s");
    const char *confirmed = message_text(o, "person_bekraftad");
    int64_t n;
    if (!code || !state || (*s = source_by_code(code)) == SOURCE_COUNT)
        return false;
    struct source_answer *of = &a->of[*s];
    enum source_state st = state_by_word(state);
    if (st == STATE_COUNT)
        return false;
    of->state = st;
    of->time_ms = -1;
    if (cJSON_IsNumber(seconds) && seconds->valuedouble >= 0 &&
        seconds->valuedouble < 1e6)
        of->time_ms = (int)lround(seconds->valuedouble * 1000);
    of->count = 0;
    if (message_number(o, "antal", &n) && n >= 0 && n <= INT_MAX)
        of->count = (int)n;
    of->confirmed = CONFIRMED_KAN_INTE_VISAS;
    for (int i = CONFIRMED_JA; confirmed && i <= CONFIRMED_KAN_INTE_VISAS; i++)
        if (!strcmp(confirmed, confirmed_word((enum confirmed)i)))
            of->confirmed = (enum confirmed)i;
    read_fault(a->arena, of, o);
    if (!content)
        return true;
    read_missing(a->arena, of, o);
    of->flag = copy(a->arena, o, "flagga");
    const char *untold = message_text(o, "skydd");
    of->unshielded =
        state_row(st)->came && !(untold && !strcmp(untold, PROTECTION_UNTOLD));
    of->loggpost =
        message_number(o, "loggpost", &n) && n >= 0 ? (uint64_t)n : a->loggpost;
    const char *asked = message_text(o, "fragad");
    int64_t ms = asked ? clock_parse(asked) : -1;
    of->asked_ms = ms >= 0 ? ms : a->question.asked_ms;
    of->kontrakt = copy(a->arena, o, "kontrakt");
    if (!of->kontrakt && state_row(st)->came)
        of->kontrakt = a->kontrakt; /* the one asked with */
    read_texts(a->arena, &of->remarks, o, "anmarkningar");
    return true;
}

static void
read_raw(struct answer *a, struct source_answer *of, const cJSON *o)
{
    const char *text = message_text(o, "ra");
    const char *coded = message_text(o, "ra_b64");
    AUTO_BUF(b, SVAR_MAX);
    of->raw = NULL;
    of->raw_len = 0;
    if (text)
        buf_adds(&b, text);
    else if (!coded || text_base64_decode(&b, coded, strlen(coded)) != ERR_OK)
        return;
    char *raw = arena_alloc(a->arena, b.len + 1);
    if (!raw)
        return;
    memcpy(raw, buf_str(&b), b.len);
    of->raw = raw;
    of->raw_len = b.len;
}

static enum err_code
unreadable(struct err *e)
{
    return err_set(e, ERR_PROTOCOL, "%s",
                   _("a part of the answer could not be read"));
}

enum err_code
svar_read_source(struct answer *a, enum source_id *s, const char *json,
                 size_t n, struct err *e)
{
    if (n > SVAR_MAX)
        return err_set(e, ERR_TOO_BIG, "%s", _("a part of the answer"));
    cJSON *o = cJSON_ParseWithLength(json, n);
    const char *kind = message_text(o, "typ");
    bool content = kind && !strcmp(kind, "svar");
    bool ok = kind && (content || !strcmp(kind, "kalla")) &&
              read_state(a, o, s, content);
    if (ok && content) {
        struct source_answer *of = &a->of[*s];
        const cJSON *facts = get(o, "uppgifter");
        of->facts = facts ? read_fact(a->arena, facts, NULL, 0) : NULL;
        read_shielded(of, o, *s);
        read_raw(a, of, o);
        ok = read_payments(a, o, *s) && read_decisions(a, o, *s) &&
             !of->facts == !facts;
    }
    cJSON_Delete(o);
    return ok ? ERR_OK : unreadable(e);
}

static bool
read_period(struct period *p, const cJSON *o)
{
    p->from = read_date(o, "fran");
    p->to = read_date(o, "till");
    return period_ok(*p);
}

static bool
copy_text(char *to, size_t size, const cJSON *o, const char *name)
{
    const char *s = message_text(o, name);
    if (!s || strlen(s) >= size)
        return false;
    memcpy(to, s, strlen(s) + 1);
    return true;
}

static bool
read_question(struct question *q, const cJSON *o, const cJSON *sources)
{
    const char *roll = message_text(o, "roll");
    const char *syfte = message_text(o, "syfte");
    const char *month = message_text(o, "ansokningsmanad");
    const char *asked = message_text(o, "stalld");
    *q = (struct question){0};
    copy_text(q->lefi, sizeof q->lefi, o, "koder");
    const char *parts = message_text(o, "delar_skv");
    const char *kontrakt = message_text(o, "kontrakt");
    if (parts && !skv_set_read(&q->skv, parts))
        return false;
    if (kontrakt &&
        (q->kontrakt = kontrakt_by_word(kontrakt)) == KONTRAKT_COUNT)
        return false;
    read_period(&q->csn, get(o, "period_csn"));
    if (month && !month_read(&q->month, month))
        return false;
    for (const cJSON *c = sources; c; c = c->next) {
        const char *code = message_text(c, "kod");
        const char *state = message_text(c, "lage");
        enum source_id s = code ? source_by_code(code) : SOURCE_COUNT;
        if (s < SOURCE_COUNT && state && strcmp(state, "ej_tillfragad") != 0)
            q->sources |= SOURCE_BIT(s);
    }
    q->sources &= SOURCE_ASKABLE;
    return copy_text(q->id, sizeof q->id, o, "id") &&
           copy_text(q->arende, sizeof q->arende, o, "arende") &&
           copy_text(q->person.digits, sizeof q->person.digits, o, "person") &&
           roll && (q->roll = roll_by_word(roll)) < ROLL_COUNT && syfte &&
           (q->syfte = syfte_by_word(syfte)) < SYFTE_COUNT && asked &&
           (q->asked_ms = clock_parse(asked)) >= 0 &&
           read_period(&q->period, get(o, "period"));
}

static bool
read_document(struct answer *a, const cJSON *o)
{
    const cJSON *fraga = get(o, "fraga"), *facts = get(o, "uppgifter");
    int64_t seq;
    a->lage = copy(a->arena, o, "lage");
    a->kontrakt = copy(a->arena, fraga, "kontrakt");
    if (!a->lage || !a->kontrakt || !message_number(fraga, "loggpost", &seq) ||
        seq < 0)
        return false;
    a->loggpost = (uint64_t)seq;
    for (const cJSON *c = get_list(o, "kallor"); c; c = c->next) {
        enum source_id s;
        if (!read_state(a, c, &s, true))
            return false;
    }
    for (int s = 0; s < SOURCE_COUNT; s++) {
        const cJSON *f = get(facts, source_row((enum source_id)s)->code);
        read_shielded(&a->of[s], o, (enum source_id)s);
        if (f && !(a->of[s].facts = read_fact(a->arena, f, NULL, 0)))
            return false;
    }
    return read_payments(a, o, SOURCE_COUNT) &&
           read_decisions(a, o, SOURCE_COUNT);
}

enum err_code
svar_read(struct answer **out, const char *json, size_t n, struct err *e)
{
    struct question q;
    *out = NULL;
    if (n > SVAR_MAX)
        return err_set(e, ERR_TOO_BIG, "%s", _("the answer"));
    cJSON *o = cJSON_ParseWithLength(json, n);
    const char *schema = message_text(o, "schema");
    struct answer *a = NULL;
    if (schema && !strcmp(schema, "enfraga.svar/1") &&
        read_question(&q, get(o, "fraga"), get_list(o, "kallor"))) {
        a = answer_new(&q);
        if (!read_document(a, o))
            answer_free(&a);
    }
    cJSON_Delete(o);
    *out = a;
    return a ? ERR_OK : unreadable(e);
}
