/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "wire/served.h"

#include "base/text.h"
#include "wire/ssbtek.h"
#include "wire/xml.h"

#include <stdlib.h>
#include <string.h>

#define SOAP "http://schemas.xmlsoap.org/soap/envelope/"
#define XSI "http://www.w3.org/2001/XMLSchema-instance"

enum { MANY = 1000, LEFI_MAX = 64 << 10 };

const struct xml_limits served_limits = {
    .bytes = SERVED_MAX,
    .tag = 16 << 10,
    .text = 128 << 10,
    .memory = 1 << 20,
    .nodes = 2000,
    .depth = 32,
    .cpu_ms = 1000,
};

/* A sequence of the schema: each element, how often. */
struct rule {
    const char *name;
    int min, max;
};

static enum err_code
fail(struct err *e, const char *what)
{
    return err_set(e, ERR_BAD_INPUT, "%s", what);
}

/* No attributes but xsi's and the one named. */
static bool
attributes(const struct xml_node *n, const char *allowed)
{
    for (const struct xml_node *c = n->child; c && c->attr; c = c->next)
        if (strcmp(c->ns, XSI) != 0 &&
            (!allowed || *c->ns || strcmp(c->name, allowed) != 0))
            return false;
    return true;
}

/* The children, in their order, each as often as it may; no text between. */
static bool
sequence(const struct xml_node *n, const struct rule *r)
{
    int seen = 0;
    if (n->text)
        return false;
    for (const struct xml_node *c = n->child; c; c = c->next) {
        if (c->attr)
            continue;
        while (r->name && (strcmp(r->name, c->name) != 0 || seen == r->max)) {
            if (seen < r->min)
                return false;
            seen = 0;
            r++;
        }
        if (!r->name || strcmp(c->ns, n->ns) != 0)
            return false;
        seen++;
    }
    for (; r->name; r++, seen = 0)
        if (seen < r->min)
            return false;
    return true;
}

static const struct xml_node *
child(const struct xml_node *n, const char *name)
{
    return n ? xml_child_ns(n, n->ns, name) : NULL;
}

static bool
space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The text of a leaf, copied as it is; NULL where it is no leaf. */
static const char *
copy(struct served *s, const struct xml_node *c)
{
    if (!c || xml_first(c) || c->too_big || !attributes(c, NULL))
        return NULL;
    return arena_strndup(s->arena, c->text ? c->text : "", c->len);
}

static const char *
text(struct served *s, const struct xml_node *n, const char *name)
{
    return copy(s, child(n, name));
}

/* A value of a type that collapses white space at its ends. */
static const char *
word(struct served *s, const struct xml_node *n, const char *name)
{
    const char *t = text(s, n, name);
    while (t && space(*t))
        t++;
    size_t len = t ? strlen(t) : 0;
    while (len && space(t[len - 1]))
        len--;
    return t ? arena_strndup(s->arena, t, len) : NULL;
}

static bool
digits(const char *s, size_t n)
{
    return s && strlen(s) == n && strspn(s, "0123456789") == n;
}

/* Organisationsnummer: \d{4}[2-9]\d{7} */
static bool
orgnr(const char *s)
{
    return digits(s, 12) && s[4] >= '2';
}

/* "", "Z", "+01:00", at most 14:00 */
static bool
zone(const char *s)
{
    if (!*s || !strcmp(s, "Z"))
        return true;
    return (*s == '+' || *s == '-') && strlen(s) == 6 && s[3] == ':' &&
           strspn(s + 1, "0123456789") == 2 &&
           strspn(s + 4, "0123456789") == 2 && s[4] < '6' &&
           strcmp(s + 1, "14:00") <= 0;
}

/* xsd:date; the calendar date is what counts. */
static bool
day(const char *s, struct date *d)
{
    char ten[11];
    if (!s || strlen(s) < 10)
        return false;
    memcpy(ten, s, 10);
    ten[10] = '\0';
    return date_read(d, ten) && zone(s + 10);
}

/* xsd:dateTime, since it goes back in an answer that must be valid. */
static bool
moment(const char *s)
{
    struct date d;
    char ten[11];
    int hour, minute, second;
    if (!s || strlen(s) < 19 || s[10] != 'T' || s[13] != ':' || s[16] != ':' ||
        strspn(s + 11, "0123456789") != 2 ||
        strspn(s + 14, "0123456789") != 2 || strspn(s + 17, "0123456789") < 2)
        return false;
    memcpy(ten, s, 10);
    ten[10] = '\0';
    hour = (int)strtol(s + 11, NULL, 10);
    minute = (int)strtol(s + 14, NULL, 10);
    second = (s[17] - '0') * 10 + (s[18] - '0');
    const char *rest = s + 19;
    if (*rest == '.') {
        size_t n = strspn(rest + 1, "0123456789");
        if (!n)
            return false;
        rest += 1 + n;
    }
    return date_read(&d, ten) && hour < 24 && minute < 60 && second < 60 &&
           zone(rest);
}

/* 1, 0 or -1. An empty element takes the schema's default, false. */
static int
boolean(const char *s)
{
    if (!s)
        return -1;
    if (!strcmp(s, "true") || !strcmp(s, "1"))
        return 1;
    return !strcmp(s, "false") || !strcmp(s, "0") ? 0 : -1;
}

static bool
period(struct served *s, const struct xml_node *n, struct period *p)
{
    static const struct rule rules[] = {
        {"fromDatum", 1, 1}, {"tomDatum", 1, 1}, {NULL, 0, 0}};
    return n && attributes(n, NULL) && sequence(n, rules) &&
           day(word(s, n, "fromDatum"), &p->from) &&
           day(word(s, n, "tomDatum"), &p->to) &&
           date_compare(p->from, p->to) <= 0;
}

static bool
helper(struct served *s, const struct xml_node *n)
{
    static const struct rule rules[] = {{"ordningsnummer", 0, 1},
                                        {"organisationsnummer", 1, 1},
                                        {"namn", 1, 1},
                                        {NULL, 0, 0}};
    const char *number = word(s, n, "ordningsnummer");
    const char *o = word(s, n, "organisationsnummer");
    const char *name = text(s, n, "namn");
    if (!attributes(n, NULL) || !sequence(n, rules) || !orgnr(o) || !name ||
        !*name ||
        (number && (!*number || strlen(number) > 5 ||
                    strspn(number, "0123456789") != strlen(number))))
        return false;
    if (s->bitraden++ == 0) {
        s->bitrade_orgnr = o;
        s->bitrade_namn = name;
    }
    return true;
}

static enum err_code
read_ingivare(struct served *s, const struct xml_node *n, struct err *e)
{
    static const struct rule rules[] = {{"organisationsnummer", 1, 1},
                                        {"namn", 1, 1},
                                        {"handlaggare", 1, 1},
                                        {NULL, 0, 0}};
    if (!attributes(n, NULL) || !sequence(n, rules))
        return fail(e, "ingivare");
    s->orgnr = word(s, n, "organisationsnummer");
    s->namn = text(s, n, "namn");
    s->handlaggare = text(s, n, "handlaggare");
    return orgnr(s->orgnr) && s->namn && *s->namn && s->handlaggare &&
                   *s->handlaggare
               ? ERR_OK
               : fail(e, "ingivare");
}

static enum err_code
read_general(struct served *s, const struct xml_node *g, struct err *e)
{
    static const struct rule rules[] = {{"frageTidpunkt", 0, 1},
                                        {"korrelationsid", 0, 1},
                                        {"fraganSkallInkluderasISvaret", 1, 1},
                                        {"ingivare", 1, 1},
                                        {"personidentitet", 1, 1},
                                        {"arendeidentitet", 1, 1},
                                        {"tidsperiod", 1, 1},
                                        {"personuppgiftsbitrade", 0, MANY},
                                        {"syfte", 1, 1},
                                        {"lagtext", 1, 1},
                                        {NULL, 0, 0}};
    if (!attributes(g, NULL) || !sequence(g, rules))
        return fail(e, "generellaFrageparametrar");
    s->tidpunkt = word(s, g, "frageTidpunkt");
    s->korrelationsid = text(s, g, "korrelationsid");
    const char *echo = word(s, g, "fraganSkallInkluderasISvaret");
    s->echo = boolean(echo) == 1;
    s->person = word(s, g, "personidentitet");
    s->arende = text(s, g, "arendeidentitet");
    s->syfte = text(s, g, "syfte");
    s->lagtext = text(s, g, "lagtext");
    if (child(g, "frageTidpunkt") && !moment(s->tidpunkt))
        return fail(e, "frageTidpunkt");
    if (child(g, "korrelationsid") && !s->korrelationsid)
        return fail(e, "korrelationsid");
    if (!echo || (*echo && boolean(echo) < 0))
        return fail(e, "fraganSkallInkluderasISvaret");
    enum err_code code = read_ingivare(s, child(g, "ingivare"), e);
    if (code)
        return code;
    if (!digits(s->person, 12))
        return fail(e, "personidentitet");
    if (!s->arende || !*s->arende)
        return fail(e, "arendeidentitet");
    if (!period(s, child(g, "tidsperiod"), &s->period))
        return fail(e, "tidsperiod");
    for (const struct xml_node *h = child(g, "personuppgiftsbitrade"); h;
         h = xml_again(h))
        if (!helper(s, h))
            return fail(e, "personuppgiftsbitrade");
    return s->syfte && s->lagtext ? ERR_OK : fail(e, "syfte, lagtext");
}

static enum err_code
read_fk(struct served *s, const struct xml_node *n, struct err *e)
{
    static const struct rule one[] = {{"fraga", 0, 1}, {NULL, 0, 0}};
    static const struct rule rules[] = {{"version", 0, 1},
                                        {"aktorsid", 1, 1},
                                        {"lefiJsonFraga", 1, 1},
                                        {NULL, 0, 0}};
    const struct xml_node *q = child(n, "fraga");
    AUTO_BUF(json, LEFI_MAX);
    if (!sequence(n, one))
        return fail(e, "FK");
    if (!q)
        return ERR_OK;
    const char *b64 = text(s, q, "lefiJsonFraga");
    s->fk_fraga = true;
    s->version = text(s, q, "version");
    s->aktorsid = text(s, q, "aktorsid");
    if (!attributes(q, NULL) || !sequence(q, rules) || !s->aktorsid || !b64 ||
        text_base64_decode(&json, b64, strlen(b64)) != ERR_OK ||
        strlen(buf_str(&json)) != json.len) /* no JSON holds a NUL */
        return fail(e, "FK fraga");
    s->lefi = arena_strndup(s->arena, buf_str(&json), json.len);
    s->lefi_len = json.len;
    return ERR_OK;
}

/* v10 has no block; v11 answers one that is left out with "Internal error". */
static enum err_code
read_skv(struct served *s, const struct xml_node *n, struct err *e)
{
    static const struct rule none[] = {{NULL, 0, 0}};
    static const struct rule one[] = {{"fraga", 0, 1}, {NULL, 0, 0}};
    const struct xml_node *q = child(n, "fraga");
    if (!sequence(n, s->kontrakt == KONTRAKT_V10 ? none : one))
        return fail(e, "SKV");
    if (s->kontrakt == KONTRAKT_V10)
        return ERR_OK;
    if (!q)
        return err_set(e, ERR_INTERNAL, "Internal error");
    struct rule rules[SKV_COUNT + 2] = {{"ar", 1, MANY}};
    for (enum skv_part p = 0; p < SKV_COUNT; p++)
        rules[1 + p] = (struct rule){skv_word(p), 1, 1};
    if (!attributes(q, NULL) || !sequence(q, rules))
        return fail(e, "SKV fraga");
    for (const struct xml_node *c = child(q, "ar"); c; c = xml_again(c)) {
        const char *year = copy(s, c);
        if (!digits(year, 4) || s->n_years == SERVED_YEARS)
            return fail(e, "SKV ar");
        s->years[s->n_years++] = (int)strtol(year, NULL, 10);
    }
    for (enum skv_part p = 0; p < SKV_COUNT; p++) {
        int on = boolean(word(s, q, skv_word(p)));
        if (on < 0)
            return fail(e, "SKV fraga");
        s->skv |= on ? SKV_BIT(p) : 0;
    }
    return ERR_OK;
}

static enum err_code
read_source(struct served *s, enum source_id i, const struct xml_node *c,
            struct err *e)
{
    static const struct rule own[] = {{"tidsperiod", 0, 1}, {NULL, 0, 0}};
    const char *wire = source_row(i)->wire;
    if (i == SOURCE_FK)
        return read_fk(s, c, e);
    if (i == SOURCE_SKV)
        return read_skv(s, c, e);
    if (!sequence(c, i == SOURCE_MIV ? own + 1 : own))
        return fail(e, wire);
    const struct xml_node *p = child(c, "tidsperiod");
    return !p || period(s, p, &s->own[i]) ? ERR_OK : fail(e, "tidsperiod");
}

/* All seven, in order. What stands in one that is not included is not read:
 * it is asked of nobody. */
static enum err_code
read_specific(struct served *s, const struct xml_node *n, struct err *e)
{
    struct rule rules[SOURCE_COUNT + 1] = {{NULL, 0, 0}};
    int k = 0;
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (SOURCE_ASKABLE & SOURCE_BIT(i))
            rules[k++] = (struct rule){source_row(i)->wire, 1, 1};
    if (!attributes(n, NULL) || !sequence(n, rules))
        return fail(e, "specifikaFrageparametrar");
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (!(SOURCE_ASKABLE & SOURCE_BIT(i)))
            continue;
        const struct xml_node *c = child(n, source_row(i)->wire);
        int on = boolean(xml_attr(c, "inkludera"));
        if (on < 0 || !attributes(c, "inkludera"))
            return fail(e, "inkludera");
        if (!on)
            continue;
        s->sources |= SOURCE_BIT(i);
        enum err_code code = read_source(s, (enum source_id)i, c, e);
        if (code)
            return code;
    }
    return ERR_OK;
}

static enum err_code
read_call(struct served *s, enum kontrakt kontrakt, const struct xml_node *root,
          struct err *e)
{
    static const struct rule rules[] = {{"generellaFrageparametrar", 1, 1},
                                        {"specifikaFrageparametrar", 1, 1},
                                        {NULL, 0, 0}};
    static const struct rule envelope[] = {
        {"Header", 0, 1}, {"Body", 1, 1}, {NULL, 0, 0}};
    if (strcmp(root->name, "Envelope") != 0 || strcmp(root->ns, SOAP) != 0 ||
        !sequence(root, envelope))
        return fail(e, "Envelope");
    const struct xml_node *body = xml_child_ns(root, SOAP, "Body");
    const struct xml_node *call = xml_first(body);
    if (!call || call->next)
        return fail(e, "Body");
    enum kontrakt its = ssbtek_version(call->ns);
    if (its == KONTRAKT_COUNT ||
        (kontrakt != KONTRAKT_COUNT && its != kontrakt))
        return fail(e, "Body");
    s->kontrakt = its;
    if (!strcmp(call->name, "testaBastjanstInformation")) {
        s->call = SERVED_TEST;
        return attributes(call, NULL) && !xml_first(call) && !call->text
                   ? ERR_OK
                   : fail(e, "testaBastjanstInformation");
    }
    if (strcmp(call->name, "hamtaBastjanstInformation") != 0)
        return fail(e, "Body");
    if (!attributes(call, NULL) || !sequence(call, rules))
        return fail(e, "hamtaBastjanstInformation");
    enum err_code code =
        read_general(s, child(call, "generellaFrageparametrar"), e);
    return code ? code
                : read_specific(s, child(call, "specifikaFrageparametrar"), e);
}

enum err_code
served_read(struct served *s, enum kontrakt kontrakt, const void *p, size_t n,
            struct err *e)
{
    const struct xml_node *root = NULL;
    *s = (struct served){.arena = arena_new(1 << 20), .kontrakt = kontrakt};
    struct xml_reader *r = xml_new(&served_limits);
    enum err_code code = xml_feed(r, p, n, e);
    if (!code)
        code = xml_finish(r, &root, e);
    if (!code)
        code = read_call(s, kontrakt, root, e);
    else if (code != ERR_TOO_BIG)
        code = fail(e, "XML");
    xml_free(&r);
    return code;
}

void
served_done(struct served *s)
{
    if (s->arena)
        arena_free(&s->arena);
    *s = (struct served){0};
}
