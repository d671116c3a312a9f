/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/contract/told.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static unsigned
roll(unsigned *seed, unsigned n)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % n;
}

/* --- what is told --- */

/* Days of the period and around it; none; no day at all; far away. */
static void
draw_date(struct told_payment *p, unsigned *seed)
{
    struct date d = {(int16_t)(2026 - (roll(seed, 12) == 0)),
                     (int8_t)(7 + roll(seed, 6)), (int8_t)(1 + roll(seed, 28))};
    switch (roll(seed, 16)) {
    case 0:
        return;
    case 1:
        snprintf(p->written, sizeof p->written, "2026-02-30");
        return;
    case 2:
        d.year = (int16_t)(roll(seed, 2) ? 1 : 9999);
        break;
    default:
        break;
    }
    p->date = d;
    date_text(d, p->written);
}

/* `least` is the least coin that the contract can tell: 1 öre or 100. */
static void
draw_netto(struct told_payment *p, unsigned *seed, int64_t least)
{
    int64_t ore = (int64_t)roll(seed, 2000000);
    unsigned what = roll(seed, 14);
    if (what == 0)
        return;
    if (what == 1) {
        p->bad_netto = true;
        return;
    }
    if (what == 2)
        ore = 0;
    else if (what == 3)
        ore = -ore;
    else if (what == 4 && least == 1)
        ore = MONEY_MAX_ORE - ore;
    p->netto = (struct money){ore / least * least, true};
}

static struct told_payment *
add(struct told *t, enum source_id s, const char *forman, enum told_class class)
{
    struct told_payment *p = &t->of[t->n++];
    *p = (struct told_payment){.source = s, .forman = forman, .class = class};
    return p;
}

static void
draw_fk(struct told *t, unsigned *seed)
{
    static const char *const names[] = {"Barnbidrag", "BARNBIDRAG ",
                                        "Sjukpenning", "Dagersättning",
                                        "Bostadsbidrag"};
    for (unsigned n = roll(seed, 12); n; n--) {
        struct told_payment *p = add(t, SOURCE_FK, names[roll(seed, 5)],
                                     roll(seed, 4) ? TOLD_PAID : TOLD_AWAITED);
        draw_date(p, seed);
        draw_netto(p, seed, 1);
        p->pm = !roll(seed, 12) && !date_none(p->date);
        if (p->pm) { /* on a day when PM tells of nothing */
            p->date.day = 30;
            p->date.month = 11;
            date_text(p->date, p->written);
        }
    }
}

/* FK may tell of the same payment, with the öre that PM does not tell. */
static void
draw_pm(struct told *t, unsigned *seed)
{
    for (unsigned n = roll(seed, 6); n; n--) {
        struct told_payment *p = add(t, SOURCE_PM, "Ålderspension",
                                     roll(seed, 4) ? TOLD_PAID : TOLD_AWAITED);
        draw_date(p, seed);
        draw_netto(p, seed, 100);
        if (p->netto.given && p->netto.ore > 0) /* no two alike */
            p->netto.ore += (int64_t)n * 100000000;
        if (roll(seed, 3) || date_none(p->date) || !p->netto.given ||
            p->netto.ore <= 0)
            continue;
        struct told_payment *fk = add(t, SOURCE_FK, "Pension", p->class);
        fk->date = p->date;
        memcpy(fk->written, p->written, sizeof fk->written);
        fk->pm = fk->twin = true;
        fk->netto = p->netto;
        fk->netto.ore += (int64_t)roll(seed, 199) - 99;
    }
}

static void
draw_so(struct told *t, unsigned *seed)
{
    for (unsigned n = roll(seed, 8); n; n--) {
        struct told_payment *p =
            add(t, SOURCE_SO, "Arbetslöshetsersättning", TOLD_PAID);
        p->fund = (int)roll(seed, TOLD_FUNDS);
        p->after_tax = !roll(seed, 5);
        draw_date(p, seed);
        draw_netto(p, seed, 1);
    }
}

static void
draw_csn(struct told *t, unsigned *seed)
{
    static const char *const supports[][2] = {
        {"Studiemedel", "Studiemedel"},
        {"Studiehjalp", "Studiehjälp"},
        {"Omstallningsstudiestod", "Omställningsstudiestöd"}};
    for (unsigned n = roll(seed, 8); n; n--) {
        unsigned s = roll(seed, 3), class = roll(seed, 6);
        struct told_payment *p = add(t, SOURCE_CSN, supports[s][1],
                                     class < 3   ? TOLD_PAID
                                     : class < 5 ? TOLD_AWAITED
                                                 : TOLD_UNSAID);
        p->support = supports[s][0];
        draw_date(p, seed);
        draw_netto(p, seed, 100);
    }
}

void
told_draw(struct told *t, unsigned seed)
{
    *t = (struct told){.question = {.id = "k-1",
                                    .arende = "EK-2026-00417",
                                    .person = {"198503129804"},
                                    .syfte = SYFTE_FORTSATT,
                                    .month = {2026, 11},
                                    .period = {{2026, 9, 1}, {2026, 11, 30}},
                                    .sources = SOURCE_ASKABLE,
                                    .handlaggare = "hl0142",
                                    .asked_ms = 1}};
    question_preset_lefi(&t->question);
    question_preset_csn(&t->question);
    seed *= 2654435761u;
    draw_fk(t, &seed);
    draw_pm(t, &seed);
    draw_so(t, &seed);
    draw_csn(t, &seed);
    for (int s = 0; s < SOURCE_COUNT; s++)
        t->failed[s] = !roll(&seed, 12);
    t->failed[SOURCE_PM] = t->failed[SOURCE_FK]; /* FK carries it */
}

bool
told_comes(const struct told *t, const struct told_payment *p)
{
    return !t->failed[p->source];
}

/* --- in the contract's forms --- */

#define PERSON "198503129804"

static void
put_base64(struct buf *out, const struct buf *of)
{
    AUTO_BUF(b, 1 << 20);
    text_base64_encode(&b, of->data, of->len);
    buf_adds(out, buf_str(&b));
}

static void
put_amount(struct buf *out, struct money m, bool whole)
{
    char text[24];
    money_text(m, text);
    if (whole)
        text[strlen(text) - 3] = '\0';
    buf_adds(out, text);
}

static void
put_fk(struct buf *b, const struct told_payment *p)
{
    buf_addf(b,
             "{\"typ\":{\"id\":1},\"foretag\":{\"id\":%d},"
             "\"formansfamilj\":{\"id\":\"X\",\"beskrivning\":\"%s\"}",
             p->pm ? 1003 : 1001, p->forman);
    if (p->written[0])
        buf_addf(b, ",\"datum\":\"%s\"", p->written);
    if (p->bad_netto)
        buf_adds(b, ",\"nettobelopp\":{\"summa\":\"tolv\"}");
    if (p->netto.given) {
        buf_adds(b, ",\"nettobelopp\":{\"summa\":");
        put_amount(b, p->netto, false);
        buf_adds(b, ",\"valuta\":\"SEK\"}");
    }
    buf_adds(b, "}");
}

static void
put_pm(struct buf *b, const struct told_payment *p)
{
    buf_addf(b,
             "{\"utbetalningsrader\":[{\"utbetalningsforman\":{\"kod\":"
             "\"PM:AP38\",\"beskrivning\":\"%s\"}}]",
             p->forman);
    if (p->written[0])
        buf_addf(b, ",\"utbetalningsdatum\":\"%s\"", p->written);
    if (p->bad_netto)
        buf_adds(b, ",\"nettobelopp\":\"tolv\"");
    if (p->netto.given) {
        buf_adds(b, ",\"nettobelopp\":");
        put_amount(b, p->netto, true);
    }
    buf_adds(b, "}");
}

static void
put_list(struct buf *b, const struct told *t, const char *name,
         enum source_id s, enum told_class class)
{
    const char *comma = "";
    buf_addf(b, "\"%s\":[", name);
    for (int i = 0; i < t->n; i++) {
        const struct told_payment *p = &t->of[i];
        if (p->source != s || p->class != class)
            continue;
        buf_adds(b, comma);
        comma = ",";
        if (s == SOURCE_FK)
            put_fk(b, p);
        else
            put_pm(b, p);
    }
    buf_adds(b, "]");
}

static void
put_lefi(struct buf *out, const struct told *t)
{
    AUTO_BUF(b, 1 << 20);
    buf_adds(&b, "{\"utlamnare\":[{\"utlamnare\":{\"kod\":\"FK\"},\"tillstand\""
                 ":{\"kod\":\"OK\"}},{\"utlamnare\":{\"kod\":\"PM\"},"
                 "\"tillstand\":{\"kod\":\"OK\"}}],\"formansinformation\":{"
                 "\"generellPersoninformation\":[{\"personnummer\":\"" PERSON
                 "\",\"skyddad\":false}],");
    put_list(&b, t, "utbetalningsuppgift", SOURCE_FK, TOLD_PAID);
    buf_adds(&b, ",");
    put_list(&b, t, "preliminarautbetalningar", SOURCE_FK, TOLD_AWAITED);
    buf_adds(&b, "},");
    put_list(&b, t, "utbetalningar", SOURCE_PM, TOLD_PAID);
    buf_adds(&b, ",");
    put_list(&b, t, "preliminaraUtbetalningar", SOURCE_PM, TOLD_AWAITED);
    buf_adds(&b, ",\"ansprak\":[],\"beslut\":[]}");
    buf_adds(out, "<s:lefiJsonSvar>");
    put_base64(out, &b);
    buf_adds(out, "</s:lefiJsonSvar>");
}

static void
put_fund(struct buf *out, const struct told *t, int fund)
{
    buf_addf(out,
             "<i:Arbetsloshetsersattning><i:SvarandeOrganisation>A-kassa %d"
             "</i:SvarandeOrganisation><i:StatusSvarandeOrganisation>1"
             "</i:StatusSvarandeOrganisation>",
             fund);
    for (int i = 0; i < t->n; i++) {
        const struct told_payment *p = &t->of[i];
        const char *name =
            p->after_tax ? "NettoEfterSkatt" : "NettoEfterAvdrag";
        if (p->source != SOURCE_SO || p->fund != fund)
            continue;
        buf_adds(out, "<i:Utbetalningar>");
        if (p->written[0])
            buf_addf(out, "<i:Utbetalningsdatum>%s</i:Utbetalningsdatum>",
                     p->written);
        if (p->bad_netto)
            buf_addf(out, "<i:%s>tolv</i:%s>", name, name);
        if (p->netto.given) {
            buf_addf(out, "<i:%s>", name);
            put_amount(out, p->netto, false);
            buf_addf(out, "</i:%s>", name);
        }
        buf_adds(out, "</i:Utbetalningar>");
    }
    buf_adds(out, "</i:Arbetsloshetsersattning>");
}

static void
put_so(struct buf *out, const struct told *t)
{
    buf_adds(out, "<i:IdentificationNumber xmlns:i='http://INT014.UBPService."
                  "Schemas'>" PERSON
                  "</i:IdentificationNumber><i:ArbetsloshetsersattningLista "
                  "xmlns:i='http://INT014.UBPService.Schemas'>");
    for (int fund = 0; fund < TOLD_FUNDS; fund++)
        put_fund(out, t, fund);
    buf_adds(out, "</i:ArbetsloshetsersattningLista>");
}

/* Weeks 36-39 of 2026 as the time that the payment is for. */
static void
put_plan(struct buf *b, const struct told_payment *p)
{
    static const char *const words[] = {"Utbetald", "Planerad", "Vilande"};
    buf_adds(b, "<Utbetalning><utbetdatum>");
    if (!p->written[0])
        buf_adds(b, "0");
    for (const char *c = p->written; *c; c++)
        if (*c != '-')
            buf_addc(b, *c);
    buf_addf(b, "</utbetdatum><utbetstatus>%s</utbetstatus>", words[p->class]);
    buf_adds(b, "<Utbetaldatider><Utbetaldtid><startvecka>202636</startvecka>"
                "<slutvecka>202639</slutvecka></Utbetaldtid></Utbetaldatider>");
    if (p->bad_netto)
        buf_adds(b, "<totbelopp>tolv</totbelopp>");
    if (p->netto.given) {
        buf_adds(b, "<totbelopp>");
        put_amount(b, p->netto, true);
        buf_adds(b, "</totbelopp>");
    }
    buf_adds(b, "</Utbetalning>");
}

static void
put_csn(struct buf *out, const struct told *t)
{
    static const char *const elements[] = {
        "Studiemedel", "Studiehjalp", "HemutrustningsLan", "Studiestartsstod",
        "Omstallningsstudiestod"};
    AUTO_BUF(b, 1 << 20);
    buf_adds(&b, "<CSNSvar><GemensamtSvarEkbistand><Resultat><ResultatKod>0"
                 "</ResultatKod></Resultat></GemensamtSvarEkbistand><Personer>"
                 "<Person personnummer='8503129804' sekel='19' "
                 "sekretess='  '>");
    AUTO_BUF(lists, 1 << 20);
    AUTO_BUF(counts, 4096);
    for (size_t e = 0; e < sizeof elements / sizeof *elements; e++) {
        int n = 0;
        AUTO_BUF(plan, 1 << 18);
        for (int i = 0; i < t->n; i++)
            if (t->of[i].source == SOURCE_CSN &&
                !strcmp(t->of[i].support, elements[e])) {
                put_plan(&plan, &t->of[i]);
                n++;
            }
        char small[32];
        snprintf(small, sizeof small, "%s", elements[e]);
        small[0] = (char)(small[0] + 32);
        if (!strcmp(elements[e], "HemutrustningsLan"))
            snprintf(small, sizeof small, "hemutrustningslan");
        buf_addf(&counts, "<%s>%d</%s>", small, n != 0, small);
        if (n)
            buf_addf(&lists,
                     "<%s><Arenden><Arende><stodform>SH</stodform><status>"
                     "BESLUTAD</status><UtbetalningsPlan>%s</UtbetalningsPlan>"
                     "</Arende></Arenden></%s>",
                     elements[e], buf_str(&plan), elements[e]);
        else
            buf_addf(&lists, "<%s/>", elements[e]);
    }
    buf_addf(&b,
             "<Studiestodstypforteckning>%s</Studiestodstypforteckning>%s"
             "</Person></Personer></CSNSvar>",
             buf_str(&counts), buf_str(&lists));
    buf_adds(out, "<s:svar>");
    put_base64(out, &b);
    buf_adds(out, "</s:svar>");
}

#define AF "http://api.arbetsformedlingen.se/arbetssokande/ersattningsstod/v2"
#define TNS "http://xmls.transportstyrelsen.se/ssbtek/hamtauppgifterresponder/1"

/* Those that tell of no money, with nothing to tell. */
static void
put_rest(struct buf *out, enum source_id s)
{
    if (s == SOURCE_AF)
        buf_adds(out, "<a:SvarMeddelande xmlns:a='" AF
                      "'><a:Svar><a:IdentitetsbeteckningFysiskPerson>" PERSON
                      "</a:IdentitetsbeteckningFysiskPerson>"
                      "<a:Sekretessmarkering>false</a:Sekretessmarkering>"
                      "<a:StatusSokandeinformationKod>0"
                      "</a:StatusSokandeinformationKod></a:Svar>"
                      "</a:SvarMeddelande>");
    else if (s == SOURCE_SKV)
        buf_adds(out, "<svar xmlns=''>&lt;SvarBeskattningsuppgifterEnligtSFS"
                      "2008-975>&lt;PersonuppgiftLista/>&lt;/Svar"
                      "BeskattningsuppgifterEnligtSFS2008-975></svar>");
    else if (s == SOURCE_TNS)
        buf_adds(out, "<t:resultat xmlns:t='" TNS
                      "'>OK</t:resultat><t:fordonsinnehav xmlns:t='" TNS "'/>");
    else
        buf_adds(out, "<response xmlns=''><personnummer>" PERSON
                      "</personnummer><svarCollection/></response>");
}

void
told_write(struct buf *out, const struct told *t)
{
    buf_adds(out, "<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/"
                  "envelope/'><soap:Body><s:hamtaBastjanstInformationResponse "
                  "xmlns:s='http://schema.forsakringskassan.se/integration/"
                  "ssbt/10'><s:korrelationsid>k-1</s:korrelationsid>"
                  "<s:svarsdata>");
    for (enum source_id s = 0; s < SOURCE_COUNT; s++) {
        const char *code = source_row(s)->code;
        if (s == SOURCE_PM)
            continue;
        buf_addf(out, "<s:%s>", code);
        if (t->failed[s]) {
            buf_addf(out,
                     "<s:error><s:kalla>BT</s:kalla><s:felkod>4012"
                     "</s:felkod><s:felmeddelande>fel</s:felmeddelande>"
                     "</s:error></s:%s>",
                     code);
            continue;
        }
        buf_adds(out, "<s:data>");
        if (s == SOURCE_FK)
            put_lefi(out, t);
        else if (s == SOURCE_SO)
            put_so(out, t);
        else if (s == SOURCE_CSN)
            put_csn(out, t);
        else
            put_rest(out, s);
        buf_addf(out, "</s:data></s:%s>", code);
    }
    buf_adds(out, "</s:svarsdata></s:hamtaBastjanstInformationResponse>"
                  "</soap:Body></soap:Envelope>");
}
