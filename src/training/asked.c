/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "training/asked.h"

#include "base/text.h"
#include "wire/ssbtek.h"
#include "wire/xml.h"

#include <stdlib.h>
#include <string.h>

#define SOAP "http://schemas.xmlsoap.org/soap/envelope/"

static const struct xml_limits limits = {
    .bytes = 256 << 10,
    .tag = 16 << 10,
    .text = 128 << 10,
    .memory = 1 << 20,
    .nodes = 2000,
    .depth = 32,
    .cpu_ms = 1000,
};

static enum err_code
fail(struct err *e, const char *what)
{
    return err_set(e, ERR_BAD_INPUT, "%s", what);
}

static const struct xml_node *
child(const struct xml_node *n, const char *name)
{
    return n == NULL ? NULL : xml_child_ns(n, n->ns, name);
}

/* Text of a child, copied; NULL where there is no such child. */
static const char *
text(struct asked *a, const struct xml_node *n, const char *name)
{
    const struct xml_node *c = child(n, name);
    if (c == NULL)
        return NULL;
    return arena_strndup(a->arena, c->text == NULL ? "" : c->text, c->len);
}

static bool
digits(const char *s, size_t n)
{
    return s != NULL && strlen(s) == n && strspn(s, "0123456789") == n;
}

/* Organisationsnummer: \d{4}[2-9]\d{7} */
static bool
orgnr(const char *s)
{
    return digits(s, 12) && s[4] >= '2';
}

static bool
filled(const char *s)
{
    return s != NULL && *s != '\0';
}

static bool
period(struct asked *a, const struct xml_node *n, struct date *from,
       struct date *to)
{
    const char *f = text(a, n, "fromDatum"), *t = text(a, n, "tomDatum");
    return f != NULL && t != NULL && date_read(from, f) && date_read(to, t) &&
           date_compare(*from, *to) <= 0;
}

/* The children of a sequence, in its order, each one known. */
static bool
in_order(const struct xml_node *n, const char *const *names)
{
    int i = 0;
    for (const struct xml_node *c = xml_first(n); c != NULL; c = c->next) {
        if (c->attr)
            continue;
        while (names[i] != NULL && strcmp(names[i], c->name) != 0)
            i++;
        if (names[i] == NULL || strcmp(c->ns, n->ns) != 0)
            return false;
    }
    return true;
}

static enum err_code
read_general(struct asked *a, const struct xml_node *g, struct err *e)
{
    static const char *const order[] = {"frageTidpunkt",
                                        "korrelationsid",
                                        "fraganSkallInkluderasISvaret",
                                        "ingivare",
                                        "personidentitet",
                                        "arendeidentitet",
                                        "tidsperiod",
                                        "personuppgiftsbitrade",
                                        "syfte",
                                        "lagtext",
                                        NULL};
    const struct xml_node *by = child(g, "ingivare");
    const struct xml_node *help = child(g, "personuppgiftsbitrade");
    if (g == NULL || !in_order(g, order) || by == NULL)
        return fail(e, "generellaFrageparametrar");
    a->tidpunkt = text(a, g, "frageTidpunkt");
    a->korrelationsid = text(a, g, "korrelationsid");
    a->orgnr = text(a, by, "organisationsnummer");
    a->namn = text(a, by, "namn");
    a->handlaggare = text(a, by, "handlaggare");
    a->person = text(a, g, "personidentitet");
    a->arende = text(a, g, "arendeidentitet");
    a->bitrade_orgnr = text(a, help, "organisationsnummer");
    a->bitrade_namn = text(a, help, "namn");
    a->syfte = text(a, g, "syfte");
    a->lagtext = text(a, g, "lagtext");
    if (text(a, g, "fraganSkallInkluderasISvaret") == NULL)
        return fail(e, "fraganSkallInkluderasISvaret");
    if (!orgnr(a->orgnr) || !filled(a->namn) || !filled(a->handlaggare))
        return fail(e, "ingivare");
    if (help != NULL && (!orgnr(a->bitrade_orgnr) || !filled(a->bitrade_namn)))
        return fail(e, "personuppgiftsbitrade");
    if (!digits(a->person, 12))
        return fail(e, "personidentitet");
    if (!filled(a->arende))
        return fail(e, "arendeidentitet");
    if (a->syfte == NULL || a->lagtext == NULL)
        return fail(e, "syfte, lagtext");
    return period(a, child(g, "tidsperiod"), &a->from, &a->to)
               ? ERR_OK
               : fail(e, "tidsperiod");
}

static enum err_code
read_lefi(struct asked *a, const struct xml_node *fk, struct err *e)
{
    const struct xml_node *q = child(fk, "fraga");
    const char *b64 = text(a, q, "lefiJsonFraga");
    AUTO_BUF(json, 64 << 10);
    if (q == NULL)
        return ERR_OK; /* FK itself will refuse it */
    a->version = text(a, q, "version");
    a->aktorsid = text(a, q, "aktorsid");
    if (a->aktorsid == NULL || b64 == NULL ||
        text_base64_decode(&json, b64, strlen(b64)) != ERR_OK)
        return fail(e, "FK fraga");
    a->lefi = arena_strndup(a->arena, buf_str(&json), json.len);
    a->lefi_len = json.len;
    return ERR_OK;
}

/* v10 has no block; v11 answers one that is left out with "Internal error". */
static enum err_code
read_parts(struct asked *a, const struct xml_node *skv, struct err *e)
{
    const struct xml_node *q = child(skv, "fraga");
    const struct xml_node *c = q == NULL ? NULL : xml_first(q);
    if (a->kontrakt == KONTRAKT_V10)
        return q == NULL ? ERR_OK : fail(e, "SKV fraga");
    if (q == NULL)
        return err_set(e, ERR_INTERNAL, "Internal error");
    int n = 0;
    for (; c != NULL && strcmp(c->name, "ar") == 0; c = c->next, n++) {
        const char *year = c->text == NULL ? "" : c->text;
        if (!digits(year, 4) || n == 2)
            return fail(e, "SKV ar");
        a->years[n] = (int)strtol(year, NULL, 10);
    }
    for (enum skv_part p = 0; p < SKV_COUNT; p++, c = c->next) {
        if (c == NULL || strcmp(c->name, skv_word(p)) != 0 ||
            strcmp(c->ns, q->ns) != 0 || c->text == NULL ||
            (strcmp(c->text, "true") != 0 && strcmp(c->text, "false") != 0))
            return fail(e, "SKV fraga");
        if (strcmp(c->text, "true") == 0)
            a->skv |= SKV_BIT(p);
    }
    return n > 0 && c == NULL ? ERR_OK : fail(e, "SKV fraga");
}

/* All seven, in order, exactly one of them included. */
static enum err_code
read_specific(struct asked *a, const struct xml_node *s, struct err *e)
{
    int included = 0;
    const struct xml_node *c = s == NULL ? NULL : xml_first(s);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (!(SOURCE_ASKABLE & SOURCE_BIT(i)))
            continue;
        while (c != NULL && c->attr)
            c = c->next;
        const char *in = c == NULL ? NULL : xml_attr(c, "inkludera");
        if (c == NULL || strcmp(c->name, source_row(i)->wire) != 0 ||
            strcmp(c->ns, s->ns) != 0 || in == NULL)
            return fail(e, "specifikaFrageparametrar");
        if (strcmp(in, "true") == 0 || strcmp(in, "1") == 0) {
            included++;
            a->source = (enum source_id)i;
            a->own_from = a->from;
            a->own_to = a->to;
            const struct xml_node *own = child(c, "tidsperiod");
            if (own != NULL && !period(a, own, &a->own_from, &a->own_to))
                return fail(e, "tidsperiod");
            if (i == SOURCE_FK && read_lefi(a, c, e) != ERR_OK)
                return ERR_BAD_INPUT;
            enum err_code code = i == SOURCE_SKV ? read_parts(a, c, e) : ERR_OK;
            if (code != ERR_OK)
                return code;
        }
        c = c->next;
    }
    if (c != NULL)
        return fail(e, "specifikaFrageparametrar");
    return included == 1 ? ERR_OK : fail(e, "inkludera: en källa i taget");
}

static enum err_code
read_envelope(struct asked *a, const struct xml_node *root, struct err *e)
{
    if (strcmp(root->name, "Envelope") != 0 || strcmp(root->ns, SOAP) != 0)
        return fail(e, "Envelope");
    const struct xml_node *body = xml_child_ns(root, SOAP, "Body");
    const struct xml_node *call = body == NULL ? NULL : xml_first(body);
    if (call == NULL ||
        (a->kontrakt = ssbtek_version(call->ns)) == KONTRAKT_COUNT)
        return fail(e, "Body");
    if (strcmp(call->name, "testaBastjanstInformation") == 0) {
        a->call = ASKED_TEST;
        return ERR_OK;
    }
    if (strcmp(call->name, "hamtaBastjanstInformation") != 0)
        return fail(e, "Body");
    a->call = ASKED_SOURCE;
    enum err_code code =
        read_general(a, child(call, "generellaFrageparametrar"), e);
    return code == ERR_OK
               ? read_specific(a, child(call, "specifikaFrageparametrar"), e)
               : code;
}

enum err_code
asked_read(struct asked *a, const void *p, size_t n, struct err *e)
{
    const struct xml_node *root = NULL;
    *a = (struct asked){.arena = arena_new(1 << 20)};
    struct xml_reader *r = xml_new(&limits);
    enum err_code code = xml_feed(r, p, n, e);
    if (code == ERR_OK)
        code = xml_finish(r, &root, e);
    code = code == ERR_OK ? read_envelope(a, root, e) : fail(e, "XML");
    xml_free(&r);
    return code;
}

void
asked_done(struct asked *a)
{
    arena_free(&a->arena);
    *a = (struct asked){0};
}
