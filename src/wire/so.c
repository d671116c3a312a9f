/* SPDX-License-Identifier: EUPL-1.2
 *
 * The a-kassor, INT014 (WIRE 5.5): each fund answers for itself. There is no
 * gross amount; NettoEfterAvdrag is what was paid out.
 */
#include "config.h"

#include "wire/part.h"

#include "base/i18n.h"

#include <string.h>

static const char ns[] = "http://INT014.UBPService.Schemas";
static const char *const spaces[] = {ns, NULL};
static const char benefit[] = "Arbetslöshetsersättning";

static void
read_payment(struct part *p, const struct xml_node *u, const char *fund)
{
    struct payment *pay = part_payment(p, fund, benefit, NULL);
    if (!pay)
        return;
    pay->state = PAYMENT_UTBETALD;
    pay->date = part_date(pay, xml_text(u, "Utbetalningsdatum"));
    pay->fran = part_period(p, pay, xml_text(u, "AvserFrom"));
    pay->till = part_period(p, pay, xml_text(u, "AvserTom"));
    pay->dagar = part_word(p, xml_text(u, "Ersattningsdagar"));
    pay->efter_skatt = part_money(p, pay, xml_text(u, "NettoEfterSkatt"));
    const char *paid = xml_text(u, "NettoEfterAvdrag");
    pay->netto = part_money(p, pay, paid);
    if (pay->netto.given && pay->efter_skatt.given) {
        pay->avdrag = money_sub(pay->efter_skatt, pay->netto);
        if (pay->avdrag.ore)
            pay->marks |= MARK_AVDRAG_OVRIGT;
    }
    /* One that came and cannot be read is unknown, not what it was before
     * deductions. */
    if (pay->efter_skatt.given && (!paid || !paid[strspn(paid, " \t\r\n")])) {
        pay->netto = pay->efter_skatt;
        pay->marks |= MARK_EFTER_SKATT;
    }
    if (!pay->netto.given) /* a row of money without money */
        p->seen |= SEEN_UNREAD;
    part_marks(pay);
}

/* Applied for: BeslutOmRattTillErsattning is nillable, no date is no
 * decision. */
static bool
read_application(struct part *p, const struct xml_node *fund_node)
{
    const struct xml_node *a =
        xml_child_ns(fund_node, ns, "AnsoktOmErsattning");
    if (!a)
        return false;
    struct date decided =
        part_date(NULL, xml_text(a, "BeslutOmRattTillErsattning"));
    bool handed_in = part_true(xml_text(a, "AnsokanOmUtbetalningInlamnad"));
    if (date_none(decided) && !handed_in)
        return false;
    struct decision *d = part_decision(p, "ansokan", benefit, NULL);
    if (!d)
        return true;
    d->datum = decided;
    d->utan_beslut = date_none(decided);
    d->lage = d->utan_beslut ? "ansökan om utbetalning har kommit in"
              : handed_in    ? "rätt till ersättning beslutad, ansökan om "
                               "utbetalning har kommit in"
                             : "rätt till ersättning beslutad";
    return true;
}

static void
read_fund(struct part *p, const struct xml_node *f)
{
    const char *name = part_word(p, xml_text(f, "SvarandeOrganisation"));
    const char *status =
        part_word(p, xml_text(f, "StatusSvarandeOrganisation"));
    bool rows = false;
    for (const struct xml_node *c = xml_first(f); c; c = c->next) {
        if (strcmp(c->ns, ns) != 0) {
            if (xml_first(c)) /* may be a payment by another contract */
                p->seen |= SEEN_UNREAD;
            continue;
        }
        if (!strcmp(c->name, "Utbetalningar")) {
            read_payment(p, c, name);
            rows = true;
        } else if (!strcmp(c->name, "Avstangningar")) {
            struct decision *d = part_decision(p, "avstangning", benefit, NULL);
            if (!d)
                return;
            d->fran = part_date(NULL, xml_text(c, "AvstangdFrom"));
            d->till = part_date(NULL, xml_text(c, "AvstangdTom"));
            d->lage = name;
            rows = true;
        } else if (xml_first(c) && strcmp(c->name, "AnsoktOmErsattning") != 0) {
            p->seen |= SEEN_UNREAD; /* rows of a kind nobody knew */
        }
    }
    if (read_application(p, f))
        rows = true;
    if (rows || (status && part_code_in(part_codes()->so_ok, status))) {
        p->seen |= SEEN_OK;
        return;
    }
    p->seen |= SEEN_GAP;
    part_missing(p, name, name, status ? status : _("no status"));
}

void
so_read(struct part *p, const struct xml_node *data)
{
    const struct xml_node *list =
        xml_child_ns(data, ns, "ArbetsloshetsersattningLista");
    const struct xml_node *who = xml_child_ns(data, ns, "IdentificationNumber");
    p->out->facts = part_facts_xml(p, data, spaces);
    if (!list && !who)
        return;
    p->seen |= SEEN_READ;
    part_persons(p, data, "IdentificationNumber");
    if (!list || xml_again(list))
        return;
    part_list(p, list);
    for (const struct xml_node *c = list->child; c; c = c->next) {
        if (c->attr)
            continue;
        if (!strcmp(c->ns, ns) && !strcmp(c->name, "Arbetsloshetsersattning"))
            read_fund(p, c);
        else
            p->seen |= SEEN_UNREAD;
    }
}
