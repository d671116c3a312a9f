/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "wire/part.h"

#include "base/i18n.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

enum { WORD_MAX_BYTES = 4096 };

static struct ssbtek_codes codes = {"1, OK, all clear", "", ""};

void
ssbtek_codes_set(const struct ssbtek_codes *c)
{
    codes = *c;
}

const struct ssbtek_codes *
part_codes(void)
{
    return &codes;
}

bool
part_code_in(const char *list, const char *code)
{
    while (*code == ' ')
        code++;
    size_t n = strlen(code);
    while (n && code[n - 1] == ' ')
        n--;
    while (n && *list) {
        list += strspn(list, ", ");
        size_t k = strcspn(list, ",");
        size_t w = k;
        while (w && list[w - 1] == ' ')
            w--;
        if (w == n && !strncasecmp(list, code, n))
            return true;
        list += k;
    }
    return false;
}

void
part_begin(struct part *p, struct answer *a, enum source_id source)
{
    struct source_answer *out = &a->of[source];
    out->state = STATE_OLASLIGT; /* until part_end says better */
    out->count = 0;
    out->confirmed = CONFIRMED_KAN_INTE_VISAS;
    out->fault = NULL;
    out->remarks = NULL;
    out->missing = NULL;
    out->payments = NULL;
    out->decisions = NULL;
    out->facts = NULL;
    out->kontrakt = NULL;
    out->shielded = out->unshielded = false;
    out->flag = NULL;
    out->raw = NULL;
    out->raw_len = 0;
    *p = (struct part){
        .answer = a,
        .out = out,
        .arena = a->arena,
        .source = source,
        .payment_end = &out->payments,
        .decision_end = &out->decisions,
        .missing_end = &out->missing,
        .remark_end = &out->remarks,
    };
    if (personnummer_samordning(&a->question.person))
        p->seen |= SEEN_SAMORDNING;
}

static void *
take(struct part *p, size_t n)
{
    void *m = NULL;
    if (!p->full && arena_used(p->arena) + n <= PART_MEMORY)
        m = arena_alloc(p->arena, n);
    if (!m)
        p->full = true;
    return m;
}

void
part_discard(struct part *p, enum source_state s, const char *felkod,
             const char *text)
{
    uint32_t seen = p->seen;
    const char *raw = p->out->raw;
    size_t raw_len = p->out->raw_len;
    part_begin(p, p->answer, p->source);
    p->seen = seen;
    if (s == STATE_OLASLIGT) { /* F11 may show what could not be read */
        p->out->raw = raw;
        p->out->raw_len = raw_len;
    }
    p->out->state = s;
    p->decided = true;
    part_fault(p, "ENFRAGA", felkod, text);
}

void
part_end(struct part *p)
{
    struct source_answer *o = p->out;
    int n = p->rows;
    if (p->decided)
        return;
    if (p->full) {
        part_discard(p, STATE_FEL, "for_stort",
                     _("The source's answer is larger than allowed."));
        return;
    }
    if (p->seen & SEEN_OTHER) {
        part_discard(p, STATE_FEL, "annan_person",
                     _("The answer is about another person."));
        o->confirmed = CONFIRMED_NEJ;
        return;
    }
    for (const struct payment *q = o->payments; q; q = q->next, n++)
        if (q->marks & MARK_DATUM_OLASLIGT && date_none(q->date))
            p->seen |= SEEN_UNREAD; /* money of a month that cannot be told */
    if (o->missing && source_row(p->source)->money &&
        p->seen & (SEEN_UNREAD | SEEN_UNSURE)) /* not all of it is named */
        part_missing(p, NULL, NULL, _("could not be read"));
    for (const struct decision *d = o->decisions; d; d = d->next)
        n++;
    if (n)
        p->seen |= SEEN_ROWS;
    if (p->seen & SEEN_PERSON)
        o->confirmed = CONFIRMED_JA;
    o->count = n;
    o->state = zero_state(p->source, p->seen);
    if (o->state == STATE_OLASLIGT && !o->fault)
        part_fault(p, "ENFRAGA", "olasligt",
                   _("The answer came but could not be read."));
    if (o->state == STATE_FEL && !o->fault)
        part_fault(p, "ENFRAGA", "ej_bekraftat",
                   _("The answer does not say that all is well."));
}

struct payment *
part_payment(struct part *p, const char *betalare, const char *forman,
             const char *kod)
{
    struct payment *q = take(p, sizeof *q);
    if (!q)
        return NULL;
    q->source = p->source;
    q->betalare = betalare ? betalare : source_row(p->source)->authority;
    q->forman = forman ? forman : source_row(p->source)->authority;
    q->kod = kod;
    *p->payment_end = q;
    p->payment_end = &q->next;
    return q;
}

struct payment_row *
part_row(struct part *p, struct payment_row ***end)
{
    struct payment_row *r = take(p, sizeof *r);
    if (r) {
        **end = r;
        *end = &r->next;
    }
    return r;
}

struct decision *
part_decision(struct part *p, const char *slag, const char *forman,
              const char *kod)
{
    struct decision *d = take(p, sizeof *d);
    if (!d)
        return NULL;
    d->source = p->source;
    d->slag = slag;
    d->forman = forman ? forman : source_row(p->source)->authority;
    d->kod = kod;
    *p->decision_end = d;
    p->decision_end = &d->next;
    return d;
}

void
part_missing(struct part *p, const char *kod, const char *namn,
             const char *orsak)
{
    if (p->n_missing == MISSING_MAX)
        return;
    struct missing *m = take(p, sizeof *m);
    if (!m)
        return;
    if (++p->n_missing == MISSING_MAX) /* and any more: which is not told */
        kod = namn = orsak = NULL;
    if (!namn)
        namn = kod ? kod : _("a part that is not named");
    *m = (struct missing){NULL, kod ? kod : "", namn, orsak ? orsak : ""};
    *p->missing_end = m;
    p->missing_end = &m->next;
}

void
part_remark(struct part *p, const char *text)
{
    struct texts *t = take(p, sizeof *t);
    if (!t)
        return;
    t->text = text;
    *p->remark_end = t;
    p->remark_end = &t->next;
}

void
part_fault(struct part *p, const char *kalla, const char *felkod,
           const char *text)
{
    struct source_fault *f = p->out->fault;
    if (!f) {
        /* Not through take(): a fault is said also when memory is full. */
        f = p->out->fault = arena_alloc(p->arena, sizeof *f);
        if (!f)
            return;
        f->kalla = kalla;
        f->felkod = felkod ? felkod : "";
    }
    struct texts *t = text && *text ? arena_alloc(p->arena, sizeof *t) : NULL;
    if (!t)
        return;
    t->text = text;
    struct texts **end = &f->texts;
    while (*end)
        end = &(*end)->next;
    *end = t;
}

const char *
part_text(struct part *p, const char *s, size_t n)
{
    if (text_is_clean(s, n)) {
        char *c = take(p, n + 1);
        if (c)
            memcpy(c, s, n);
        return c ? c : "";
    }
    if (p->full || arena_used(p->arena) + 3 * n > PART_MEMORY) {
        p->full = true;
        return "";
    }
    const char *c = text_clean(p->arena, s, n);
    if (!c)
        p->full = true;
    return c ? c : "";
}

const char *
part_word(struct part *p, const char *s)
{
    if (!s)
        return NULL;
    s += strspn(s, " \t\r\n");
    size_t n = strlen(s);
    while (n && strchr(" \t\r\n", s[n - 1]))
        n--;
    if (!n)
        return NULL;
    if (n > WORD_MAX_BYTES) { /* whole under the facts; here it is a label */
        n = WORD_MAX_BYTES;
        while (n && ((unsigned char)s[n] & 0xc0) == 0x80)
            n--;
    }
    return part_text(p, s, n);
}

const char *
part_either(struct part *p, const char *a, const char *b)
{
    const char *w = part_word(p, a);
    return w ? w : part_word(p, b);
}

struct money
part_money(struct part *p, struct payment *pay, const char *s)
{
    struct money m = MONEY_NONE;
    if (!s || !s[strspn(s, " \t\r\n")] || money_read(&m, s))
        return m;
    p->seen |= SEEN_UNREAD;
    if (pay)
        pay->marks |= MARK_BELOPP_OLASLIGT;
    return MONEY_NONE;
}

struct date
part_date(struct payment *pay, const char *s)
{
    struct date d = {0};
    if (s)
        s += strspn(s, " \t\r\n");
    if (s && *s && !date_read(&d, s)) {
        d = (struct date){0};
        if (pay)
            pay->marks |= MARK_DATUM_OLASLIGT;
    }
    return d;
}

const char *
part_period(struct part *p, struct payment *pay, const char *s)
{
    struct date d;
    struct month m;
    if (s)
        s += strspn(s, " \t\r\n");
    if (!s || !*s)
        return NULL;
    char *out = take(p, 11);
    if (!out)
        return NULL;
    if (date_read(&d, s)) {
        date_text(d, out);
        return out;
    }
    char seven[8] = "";
    size_t n = strcspn(s, " \t\r\n");
    if (n < sizeof seven)
        memcpy(seven, s, n);
    if (month_read(&m, seven)) {
        month_text(m, out);
        return out;
    }
    if (pay)
        pay->marks |= MARK_DATUM_OLASLIGT;
    return NULL;
}

struct date
part_day(const char *s, bool last)
{
    struct date d = {0};
    struct month m;
    if (s)
        s += strspn(s, " \t\r\n");
    if (!s || date_read(&d, s))
        return d;
    if (month_read(&m, s))
        return last ? month_last(m) : month_first(m);
    return (struct date){0};
}

void
part_marks(struct payment *pay)
{
    if (pay->netto.given && pay->netto.ore <= 0)
        pay->marks |= MARK_NOLL;
    if (pay->lan.given && pay->lan.ore != 0)
        pay->marks |= MARK_LAN;
}

void
part_span(struct payment *pay)
{
    struct date from = {0}, to = {0};
    if (pay->fran || pay->till)
        return;
    for (const struct payment_row *r = pay->rows; r; r = r->next) {
        struct date a = part_day(r->fran, false), b = part_day(r->till, true);
        if (!date_none(a) && (date_none(from) || date_compare(a, from) < 0)) {
            from = a;
            pay->fran = r->fran;
        }
        if (!date_none(b) && (date_none(to) || date_compare(b, to) > 0)) {
            to = b;
            pay->till = r->till;
        }
    }
}

void
part_person(struct part *p, const char *digits)
{
    char d[13];
    size_t n = 0;
    const struct personnummer *who = &p->answer->question.person;
    if (!digits)
        return;
    for (; *digits; digits++) {
        if (strchr(" \t\r\n-+", *digits))
            continue;
        if (*digits < '0' || *digits > '9' || n == 12) {
            p->seen |= SEEN_OTHER;
            return;
        }
        d[n++] = *digits;
    }
    d[n] = '\0';
    if (!n)
        return;
    bool same = n == 12   ? !strcmp(d, who->digits)
                : n == 10 ? personnummer_is_csn(who, "", d)
                          : false;
    p->seen |= same ? SEEN_PERSON : SEEN_OTHER;
}

static const struct xml_node *
named(const struct xml_node *c, const char *name)
{
    while (c && (c->attr || strcmp(c->name, name) != 0))
        c = c->next;
    return c;
}

void
part_persons(struct part *p, const struct xml_node *of, const char *name)
{
    const struct xml_node *c = named(of->child, name);
    for (; c; c = named(c->next, name))
        part_person(p, c->text);
}

const char *
part_status(struct part *p, const struct xml_node *of, const char *name,
            const char *well)
{
    const char *said = NULL;
    const struct xml_node *c = of ? named(of->child, name) : NULL;
    for (; c && (!said || !strcmp(said, well)); c = named(c->next, name)) {
        const char *word = part_word(p, c->text);
        said = word ? word : said;
    }
    return said;
}

bool
part_nil(const struct xml_node *n)
{
    return !xml_first(n) && part_true(xml_attr(n, "nil"));
}

void
part_list(struct part *p, const struct xml_node *n)
{
    if (part_nil(n))
        return;
    if (n->text)
        p->seen |= SEEN_UNSURE;
    p->seen |= SEEN_LIST;
}

bool
part_flag(const char *s)
{
    char word[6] = "";
    if (!s)
        return false;
    s += strspn(s, " \t\r\n");
    size_t n = strcspn(s, " \t\r\n");
    if (n < sizeof word)
        memcpy(word, s, n);
    return *s && strcasecmp(word, "false") != 0 && strcmp(word, "0") != 0;
}

bool
part_flag_no(const char *s)
{
    return s && s[strspn(s, " \t\r\n")] && !part_flag(s);
}

bool
part_true(const char *s)
{
    if (!s)
        return false;
    s += strspn(s, " \t\r\n");
    size_t n = strcspn(s, " \t\r\n");
    return (n == 4 && !strncmp(s, "true", 4)) || (n == 1 && *s == '1');
}

bool
part_base64(struct part *p, const struct xml_node *n, struct buf *out)
{
    const char *s = n && n->text ? n->text : "";
    enum err_code code = text_base64_decode(out, s, n ? n->len : 0);
    if (code == ERR_TOO_BIG)
        part_discard(p, STATE_FEL, "for_stort",
                     _("The source's answer is larger than allowed."));
    else if (code || !out->len)
        part_discard(p, STATE_OLASLIGT, "base64",
                     _("The inner document is not base64."));
    return !code && out->len;
}
