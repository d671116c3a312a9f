/* SPDX-License-Identifier: EUPL-1.2
 *
 * CSN (WIRE 5.2): base64 of an XML document whose version differs from its
 * schema in the wild, so elements are matched by local name. A payment's
 * amount is its own totbelopp, loans included; the rows only explain it.
 */
#include "config.h"

#include "wire/part.h"

#include "base/i18n.h"
#include "base/text.h"

#include <string.h>

static const struct xml_limits limits = {
    .bytes = SSBTEK_INNER_MAX,
    .tag = SSBTEK_TAG_MAX,
    .text = 64 << 10,
    .memory = 8 << 20,
    .nodes = SSBTEK_NODES_MAX,
    .depth = 64,
    .cpu_ms = 2000,
};

/* The contract's ceilings: a list this long may have been cut there. */
enum { CAP_ARENDE = 10, CAP_ROW = 10, CAP_PAYMENT = 50, CAP_PERSON = 10 };

static const struct support {
    const char *element, *count, *label;
    bool loan, unbounded;
} supports[] = {
    {"Studiemedel", "studiemedel", "Studiemedel", false, false},
    {"Studiehjalp", "studiehjalp", "Studiehjälp", false, false},
    {"HemutrustningsLan", "hemutrustningslan", "Hemutrustningslån", true,
     false},
    {"Studiestartsstod", "studiestartsstod", "Studiestartsstöd", false, false},
    {"Omstallningsstudiestod", "omstallningsstudiestod",
     "Omställningsstudiestöd", false, true},
};

static bool
is_loan(const char *type)
{
    static const char *const loans[] = {"GRUNDL", "GRUNFL", "MERKL",
                                        "TILL",   "HUT",    "OSSLÅN"};
    for (size_t i = 0; i < sizeof loans / sizeof *loans; i++)
        if (type && !strcmp(type, loans[i]))
            return true;
    return false;
}

static const char *
status_word(struct part *p, const char *s)
{
    static const struct {
        const char *from, *to;
    } words[] = {{"BESLUTAD", "beslutat"},
                 {"BESLUTAT", "beslutat"},
                 {"INITIERAD", "under handläggning"},
                 {"INITIERAT", "under handläggning"},
                 {"AVSLUTAD", "avslutat"},
                 {"AVSLUTAT", "avslutat"}};
    const char *w = part_word(p, s);
    for (size_t i = 0; w && i < sizeof words / sizeof *words; i++)
        if (!strcmp(w, words[i].from))
            return words[i].to;
    return w;
}

/* A list that is full at its cap may go on behind it. */
static void
check_cap(struct part *p, int n, int cap)
{
    if (n < cap)
        return;
    if (!(p->seen & SEEN_UNSURE))
        part_remark(p,
                    arena_printf(p->arena, _("%d shown, more may exist."), n));
    p->seen |= SEEN_UNSURE;
}

static const char *
week_day(struct part *p, struct payment *pay, const char *week, int day)
{
    struct date d;
    char text[11];
    if (!week || !*week)
        return NULL;
    if (!date_read_week(&d, week)) {
        pay->marks |= MARK_DATUM_OLASLIGT;
        return NULL;
    }
    date_text(date_add(d, day), text);
    return part_text(p, text, strlen(text));
}

static void
read_rows(struct part *p, struct payment *pay, const struct support *s,
          const struct xml_node *time, struct payment_row ***end)
{
    const char *fran = week_day(p, pay, xml_text(time, "startvecka"), 0);
    const char *till = week_day(p, pay, xml_text(time, "slutvecka"), 6);
    const struct xml_node *list = xml_child(time, "Beloppen");
    int n = 0;
    for (const struct xml_node *b = xml_first(list); b; b = b->next) {
        if (strcmp(b->name, "Belopp") != 0) {
            p->seen |= SEEN_UNREAD;
            continue;
        }
        struct payment_row *r = part_row(p, end);
        if (!r)
            return;
        n++;
        r->slag_kod = part_word(p, xml_text(b, "beloppstyp"));
        r->slag = part_either(p, xml_text(b, "klartext"), r->slag_kod);
        r->forman = pay->forman;
        r->kod = pay->kod;
        r->fran = fran;
        r->till = till;
        r->lan = s->loan || is_loan(r->slag_kod);
        r->belopp = part_money(
            p, pay,
            xml_text(b, xml_child(b, "totbelopp") ? "totbelopp" : "belopp"));
        if (r->lan)
            pay->lan = money_add(pay->lan.given ? pay->lan : money_kronor(0),
                                 r->belopp);
    }
    check_cap(p, n, CAP_ROW);
    if (!n && (fran || till)) { /* a period without amounts */
        struct payment_row *r = part_row(p, end);
        if (r) {
            r->fran = fran;
            r->till = till;
            r->belopp = part_money(p, pay, xml_text(time, "totbelopp"));
        }
    }
}

static void
read_payment(struct part *p, const struct support *s, const char *form,
             const struct xml_node *u)
{
    struct payment *pay =
        part_payment(p, source_row(SOURCE_CSN)->authority, s->label, form);
    if (!pay)
        return;
    const char *state = part_word(p, xml_text(u, "utbetstatus"));
    pay->state = !state                        ? PAYMENT_OKAND
                 : !strcmp(state, "Utbetald")  ? PAYMENT_UTBETALD
                 : !strcmp(state, "UTBETALAD") ? PAYMENT_UTBETALD
                 : !strcmp(state, "Planerad")  ? PAYMENT_PLANERAD
                                               : PAYMENT_OKAND;
    const char *date = part_word(p, xml_text(u, "utbetdatum"));
    if (date && !date_read_csn(&pay->date, date)) {
        pay->date = (struct date){0};
        pay->marks |= MARK_DATUM_OLASLIGT;
    }
    pay->netto = part_money(p, pay, xml_text(u, "totbelopp"));
    if (!pay->netto.given)
        p->seen |= SEEN_UNREAD;
    struct payment_row **end = &pay->rows;
    const struct xml_node *times = xml_child(u, "Utbetaldatider");
    int n = 0;
    for (const struct xml_node *t = xml_first(times); t; t = t->next) {
        if (strcmp(t->name, "Utbetaldtid") != 0) {
            p->seen |= SEEN_UNREAD;
            continue;
        }
        read_rows(p, pay, s, t, &end);
        n++;
    }
    check_cap(p, n, CAP_ROW);
    if (s->loan)
        pay->lan = pay->netto;
    for (const struct payment_row *r = pay->rows; r; r = r->next)
        if (r->lan && !r->belopp.given) { /* a loan, nobody knows how much */
            pay->lan = MONEY_NONE;
            pay->marks |= MARK_LAN;
        }
    part_span(pay);
    part_marks(pay);
}

/* Granted times are decisions; a matter with none is one by itself. */
static void
read_decisions(struct part *p, const struct support *s, const char *form,
               const struct xml_node *a)
{
    const char *lage = status_word(p, xml_text(a, "status"));
    const struct xml_node *list = xml_child(a, "BeviljadeTider");
    const struct xml_node *t = xml_child(list, "BeviljadTid");
    struct date d;
    int n = 0;
    for (; t; t = xml_again(t), n++) {
        struct decision *b = part_decision(p, "beslut", s->label, form);
        if (!b)
            return;
        const char *from = xml_text(t, "starttid"),
                   *to = xml_text(t, "sluttid");
        if (from && date_read_week(&d, from))
            b->fran = d;
        if (to && date_read_week(&d, to))
            b->till = date_add(d, 6);
        b->omfattning = part_word(p, xml_text(t, "takt"));
        b->lage = lage;
        b->belopp = part_money(p, NULL, xml_text(t, "totbelopp"));
        if (b->belopp.given)
            b->periodicitet = "hela tiden";
    }
    if (n)
        return;
    const struct xml_node *wish =
        xml_child(xml_child(a, "soktaTider"), "soktTid");
    bool open = lage && !strcmp(lage, "under handläggning");
    struct decision *b =
        part_decision(p, open ? "ansokan" : "arende", s->label, form);
    if (!b)
        return;
    b->lage = lage;
    b->utan_beslut = open;
    for (; wish; wish = xml_again(wish)) {
        const char *from = xml_text(wish, "soktfrom");
        const char *to = xml_text(wish, "sokttom");
        if (from && date_none(b->fran) && date_read_csn(&d, from))
            b->fran = d;
        if (to && date_read_csn(&d, to) && !date_none(d))
            b->till = d;
        if (!b->omfattning)
            b->omfattning = part_word(p, xml_text(wish, "soktomfattning"));
    }
}

static void
read_support(struct part *p, const struct support *s,
             const struct xml_node *person, const struct xml_node *counts)
{
    const struct xml_node *list =
        xml_child(xml_child(person, s->element), "Arenden");
    int n = 0;
    for (const struct xml_node *a = xml_first(list); a; a = a->next) {
        if (strcmp(a->name, "Arende") != 0) {
            p->seen |= SEEN_UNREAD;
            continue;
        }
        n++;
        const char *form = part_word(p, xml_text(a, "stodform"));
        read_decisions(p, s, form, a);
        const struct xml_node *plan = xml_child(a, "UtbetalningsPlan");
        int paid = 0;
        if (plan && xml_again(plan)) /* only one is read */
            p->seen |= SEEN_UNREAD;
        for (const struct xml_node *u = xml_first(plan); u; u = u->next) {
            if (strcmp(u->name, "Utbetalning") != 0) {
                p->seen |= SEEN_UNREAD;
                continue;
            }
            read_payment(p, s, form, u);
            paid++;
        }
        if (!s->unbounded)
            check_cap(p, paid, CAP_PAYMENT);
    }
    check_cap(p, n, CAP_ARENDE);
    const char *said = part_word(p, xml_text(counts, s->count));
    struct money m; /* a count is a whole number: kronor will read it */
    if (!said && !n && !xml_child(person, s->element))
        return; /* older version: CSN does not have this support there */
    if (said && money_read(&m, said) && m.ore == 100 * (int64_t)n)
        return;
    if (said || n)
        p->seen |= SEEN_UNSURE;
    else if (!said)
        p->seen &= ~(uint32_t)SEEN_LIST; /* nothing vouches for emptiness */
    if (said || n)
        part_remark(p, arena_printf(p->arena, _("%s: CSN counts %s, %d came."),
                                    s->label, said ? said : "?", n));
}

static void
read_person(struct part *p, const struct xml_node *person)
{
    const char *ten = xml_attr(person, "personnummer");
    const char *sekel = xml_attr(person, "sekel");
    const char *status = part_word(p, xml_attr(person, "Status"));
    const char *secret = part_word(p, xml_attr(person, "sekretess"));
    const struct personnummer *asked = &p->answer->question.person;
    if (secret) { /* blank is none, anything else is protected */
        p->out->shielded = true;
        p->out->flag = secret;
    }
    if (!ten || !*ten)
        return;
    if (!personnummer_is_csn(asked, sekel ? sekel : "", ten)) {
        p->seen |= SEEN_OTHER;
        return;
    }
    p->seen |= SEEN_PERSON;
    p->out->unshielded = xml_attr(person, "sekretess") && !secret;
    if (status && !strcmp(status, "Ej träff"))
        p->seen |= SEEN_UNKNOWN;
    else if (status)
        p->seen |= SEEN_UNSURE;
    const struct xml_node *counts =
        xml_child(person, "Studiestodstypforteckning");
    if (counts && xml_first(counts))
        p->seen |= SEEN_LIST;
    for (size_t i = 0; i < sizeof supports / sizeof *supports; i++)
        read_support(p, &supports[i], person, counts);
}

void
csn_read_document(struct part *p, const struct xml_node *root)
{
    const struct xml_node *result =
        xml_child(xml_child(root, "GemensamtSvarEkbistand"), "Resultat");
    p->out->facts = part_facts_xml(p, root, NULL);
    if (strcmp(root->name, "CSNSvar") != 0)
        return;
    p->seen |= SEEN_READ;
    const char *code = part_status(p, result, "ResultatKod", "0");
    if (code && !strcmp(code, "0")) {
        p->seen |= SEEN_OK;
    } else if (code) {
        p->seen |= part_code_in(part_codes()->csn_unknown, code) ? SEEN_UNKNOWN
                                                                 : SEEN_NOT_OK;
        part_fault(p, "CSN", code,
                   part_word(p, xml_text(result, "ResultatText")));
    }
    int n = 0;
    const struct xml_node *list = xml_child(root, "Personer");
    for (const struct xml_node *c = xml_first(list); c; c = c->next) {
        if (strcmp(c->name, "Person") != 0) {
            p->seen |= SEEN_UNREAD;
            continue;
        }
        read_person(p, c);
        n++;
    }
    check_cap(p, n, CAP_PERSON);
}

void
csn_read(struct part *p, const struct xml_node *data)
{
    const struct xml_node *svar = xml_child(data, "svar");
    AUTO_BUF(doc, SSBTEK_INNER_MAX);
    struct err e;
    if (!svar || xml_again(svar) || !part_base64(p, svar, &doc))
        return;
    part_raw(p, buf_str(&doc), doc.len);
    struct xml_reader *r = xml_new(&limits);
    const struct xml_node *root = NULL;
    enum err_code code = xml_feed(r, doc.data, doc.len, &e);
    if (!code)
        code = xml_finish(r, &root, &e);
    if (!code)
        csn_read_document(p, root);
    else if (code == ERR_TOO_BIG)
        part_discard(p, STATE_FEL, "for_stort",
                     _("The source's answer is larger than allowed."));
    else
        part_discard(p, STATE_OLASLIGT, "xml",
                     _("The inner document is not readable XML."));
    xml_free(&r);
}
