/* SPDX-License-Identifier: EUPL-1.2
 *
 * A request in an authority's own contract (WIRE 6, 7), read as strictly as
 * its schema has it: every element in its place, none that is not known. The
 * names stand here by themselves, so that the one who asks is not judged by
 * its own table.
 */
#include "config.h"

#include "training/asked.h"

#include "base/text.h"
#include "wire/json.h"
#include "wire/xml.h"

#include <stddef.h>
#include <string.h>

#define SOAP "http://schemas.xmlsoap.org/soap/envelope/"
#define AF "http://api.arbetsformedlingen.se/arbetssokande/ersattningsstod/v2"
#define CSN "http://schema.csn.se/v4.0/kommunfraga"
#define SAMBRUK "http://www.sambruk.se/SBNyttomeddelanden"
#define SKV "http://beskattningws.ws.service.bs.zg.rsv.se/"
#define SO "http://INT014.UBPService.Schemas"
#define TNS "http://schema.transportstyrelsen.se/ssbtek/"
#define MIV "http://schema.migrationsverket.se/ssbtek/1/"

static const struct xml_limits limits = {
    .bytes = 256 << 10,
    .tag = 64 << 10,
    .text = 128 << 10,
    .memory = 1 << 20,
    .nodes = 500,
    .depth = 16,
    .cpu_ms = 1000,
};

/* What is said, as text; NULL where it is not. */
struct said {
    const char *orgnr, *namn, *handlaggare, *arende, *from, *to, *syfte;
    const char *lagtext, *bitrade_orgnr, *bitrade_namn, *person, *id;
    const char *sekel, *ten, *forfragan;
};

/* One element of a sequence: where its text goes (NOWHERE: it has children),
 * and whether it may be left out. */
struct element {
    const char *name;
    size_t at;
    bool may_lack;
};

enum { NOWHERE = -1 };
#define TO(field) offsetof(struct said, field)

struct sequence {
    struct asked *asked;
    struct said *said;
    const char *ns;
};

static enum err_code
wrong(struct err *e, const char *what)
{
    return err_set(e, ERR_BAD_INPUT, "%s", what);
}

static const struct xml_node *
first(const struct xml_node *n)
{
    return n == NULL ? NULL : xml_first(n);
}

/* The children of n are these, in this order, and no others. */
static bool
read_sequence(const struct sequence *q, const struct xml_node *n,
              const struct element *rows, size_t count)
{
    const struct xml_node *c = first(n);
    for (size_t i = 0; i < count; i++) {
        bool here = c != NULL && strcmp(c->name, rows[i].name) == 0 &&
                    strcmp(c->ns, q->ns) == 0;
        if (!here && !rows[i].may_lack)
            return false;
        if (!here)
            continue;
        if (rows[i].at != (size_t)NOWHERE)
            *(const char **)((char *)q->said + rows[i].at) = arena_strndup(
                q->asked->arena, c->text == NULL ? "" : c->text, c->len);
        c = c->next;
    }
    return n != NULL && c == NULL;
}

#define READ(q, n, rows) read_sequence(q, n, rows, sizeof(rows) / sizeof(*rows))

static bool
attribute_off(const struct xml_node *n, const char *name)
{
    const char *v = n == NULL ? NULL : xml_attr(n, name);
    return v != NULL && (strcmp(v, "false") == 0 || strcmp(v, "0") == 0);
}

static bool
read_af(struct sequence *q, const struct xml_node *root)
{
    static const struct element top[] = {{"Inkludera", NOWHERE, true},
                                         {"Fraga", NOWHERE, false}};
    static const struct element fraga[] = {
        {"Test", NOWHERE, true},
        {"OrganisationsnummerForIngivare", TO(orgnr), false},
        {"NamnPaIngivare", TO(namn), false},
        {"KontonamnForHandlaggare", TO(handlaggare), false},
        {"Referensnummer", TO(arende), false},
        {"From", TO(from), false},
        {"Tom", TO(to), false},
        {"SyfteMedFraga", TO(syfte), false},
        {"LagParagraf", TO(lagtext), false},
        {"OrganisationsnummerForPersonuppgiftsbitrade", TO(bitrade_orgnr),
         true},
        {"NamnPaPersonuppgiftsbitrade", TO(bitrade_namn), true},
        {"IdentitetsbeteckningFysiskPerson", TO(person), false}};
    const struct xml_node *wants = xml_child_ns(root, AF, "Inkludera");
    q->asked->without_info = attribute_off(wants, "ArbetssokandeInfo");
    q->asked->without_fund = attribute_off(wants, "AkasseInfo");
    q->asked->without_decisions = attribute_off(wants, "BeslutInfo");
    return READ(q, root, top) &&
           READ(q, xml_child_ns(root, AF, "Fraga"), fraga);
}

/* Not published: what enfraga holds it to be (FORMATS.md). */
static bool
read_csn(struct sequence *q, const struct xml_node *root)
{
    static const struct element rows[] = {
        {"organisationsnummer", TO(orgnr), false},
        {"namn", TO(namn), false},
        {"handlaggare", TO(handlaggare), false},
        {"personidentitet", TO(person), false},
        {"arendeidentitet", TO(arende), false},
        {"fromDatum", TO(from), false},
        {"tomDatum", TO(to), false},
        {"syfte", TO(syfte), false},
        {"lagtext", TO(lagtext), false}};
    q->ns = SAMBRUK;
    return READ(q, root, rows);
}

static bool
read_so(struct sequence *q, const struct xml_node *root)
{
    static const struct element rows[] = {
        {"OrganisationsnummerIngivare", TO(orgnr), false},
        {"NamnIngivare", TO(namn), false},
        {"KontonamnHandlaggare", TO(handlaggare), false},
        {"Referensnummer", TO(arende), false},
        {"From", TO(from), false},
        {"Tom", TO(to), false},
        {"Syfte", TO(syfte), false},
        {"Paragraf", TO(lagtext), false},
        {"OrganisationsnummerPersonuppgiftsbitrade", TO(bitrade_orgnr), true},
        {"NamnPersonuppgiftsbitrade", TO(bitrade_namn), true},
        {"IdentificationNumber", TO(person), false}};
    return READ(q, root, rows);
}

static bool
read_tns(struct sequence *q, const struct xml_node *root)
{
    static const struct element top[] = {{"identifikation", NOWHERE, false}};
    static const struct element rows[] = {{"sekel", TO(sekel), false},
                                          {"personnummer", TO(ten), false}};
    if (!READ(q, root, top))
        return false;
    q->ns = TNS "person/1";
    if (!READ(q, first(root), rows) || strlen(q->said->sekel) != 2 ||
        strlen(q->said->ten) != 10)
        return false;
    char *twelve = arena_alloc(q->asked->arena, 13);
    memcpy(twelve, q->said->sekel, 2);
    memcpy(twelve + 2, q->said->ten, 11);
    q->said->person = twelve;
    return true;
}

static bool
read_miv(struct sequence *q, const struct xml_node *root)
{
    static const struct element top[] = {{"query", NOWHERE, false}};
    static const struct element query[] = {{"korrelationsid", TO(id), true},
                                           {"personnummer", TO(person), false},
                                           {"ingivare", NOWHERE, false}};
    static const struct element by[] = {
        {"handlaggare", TO(handlaggare), false},
        {"namn", TO(namn), true},
        {"organisationsnummer", TO(orgnr), true}};
    q->ns = "";
    return READ(q, root, top) && READ(q, first(root), query) &&
           READ(q, xml_child_ns(first(root), "", "ingivare"), by);
}

/* The document inside has no schema; it must be XML that names the person. */
static bool
read_skv(struct sequence *q, const struct xml_node *root)
{
    static const struct element rows[] = {{"forfragan", TO(forfragan), false}};
    const struct xml_node *doc = NULL;
    struct err e;
    q->ns = "";
    if (!READ(q, root, rows))
        return false;
    struct xml_reader *r = xml_new(&limits);
    if (xml_feed(r, q->said->forfragan, strlen(q->said->forfragan), &e) ==
            ERR_OK &&
        xml_finish(r, &doc, &e) == ERR_OK) {
        const char *person = xml_text(doc, "IdentitetsbeteckningFysiskPerson");
        if (person != NULL)
            q->said->person = arena_strdup(q->asked->arena, person);
    }
    xml_free(&r);
    return q->said->person != NULL;
}

static const struct service {
    const char *ns, *request;
    bool (*read)(struct sequence *, const struct xml_node *root);
    bool period;
} services[SOURCE_COUNT] = {
    [SOURCE_AF] = {AF, "FragaMeddelande", read_af, true},
    [SOURCE_CSN] = {CSN, "SBNUppgEkBistandBegar", read_csn, true},
    [SOURCE_SKV] = {SKV, "BeskattningsuppgifterRequest", read_skv, false},
    [SOURCE_SO] = {SO, "GetUnemploymentBenefitPaymentRequest", read_so, true},
    [SOURCE_TNS] = {TNS "hamtauppgifterresponder/1", "HamtaUppgifter", read_tns,
                    false},
    [SOURCE_MIV] = {MIV, "findByPersonnummer", read_miv, false},
};

static bool
digits(const char *s, size_t n)
{
    return s != NULL && strlen(s) == n && strspn(s, "0123456789") == n;
}

/* What the types of the elements demand. */
static enum err_code
take(struct asked *a, const struct said *s, bool period, struct err *e)
{
    a->orgnr = s->orgnr;
    a->namn = s->namn;
    a->handlaggare = s->handlaggare;
    a->arende = s->arende == NULL ? "" : s->arende;
    a->person = s->person;
    a->syfte = s->syfte;
    a->lagtext = s->lagtext;
    a->bitrade_orgnr = s->bitrade_orgnr;
    a->bitrade_namn = s->bitrade_namn;
    a->korrelationsid = s->id;
    if (!digits(s->person, 12))
        return wrong(e, "personnummer");
    if (s->orgnr != NULL && !digits(s->orgnr, 12) && !digits(s->orgnr, 10))
        return wrong(e, "organisationsnummer");
    if (!period)
        return ERR_OK;
    if (!date_read(&a->from, s->from) || !date_read(&a->to, s->to) ||
        date_compare(a->from, a->to) > 0)
        return wrong(e, "From, Tom");
    a->own_from = a->from;
    a->own_to = a->to;
    return ERR_OK;
}

static enum err_code
read_soap(struct asked *a, enum source_id source, const void *p, size_t n,
          struct err *e)
{
    const struct service *v = &services[source];
    const struct xml_node *root = NULL;
    struct said said = {0};
    struct sequence q = {.asked = a, .said = &said, .ns = v->ns};
    struct xml_reader *r = xml_new(&limits);
    enum err_code code = xml_feed(r, p, n, e);
    if (code == ERR_OK)
        code = xml_finish(r, &root, e);
    const struct xml_node *body = code == ERR_OK &&
                                          strcmp(root->name, "Envelope") == 0 &&
                                          strcmp(root->ns, SOAP) == 0
                                      ? xml_child_ns(root, SOAP, "Body")
                                      : NULL;
    const struct xml_node *call = first(body);
    if (call == NULL || call->next != NULL ||
        strcmp(call->name, v->request) != 0 || strcmp(call->ns, v->ns) != 0)
        code = wrong(e, v->request);
    else if (!v->read(&q, call))
        code = wrong(e, "en annan ordning än schemats");
    else
        code = take(a, &said, v->period, e);
    xml_free(&r);
    return code;
}

/* LEFI's own checks are its writer's (lefi.c): here only whom it is about. */
static enum err_code
read_lefi(struct asked *a, const char *aktorsid, const void *p, size_t n,
          struct err *e)
{
    static const struct json_limits json_limits = {
        .bytes = 64 << 10, .values = 1000, .depth = 8};
    const cJSON *json = NULL;
    enum err_code code = json_read(&json, a->arena, p, n, &json_limits, e);
    const char *person =
        code == ERR_OK ? json_member(json, "personnummer") : NULL;
    const cJSON *period = json_get(json, "period");
    const char *from = json_member(period, "from");
    const char *to = json_member(period, "tom");
    if (memchr(p, 0, n) != NULL || !digits(person, 12) || from == NULL ||
        to == NULL || !date_read(&a->from, from) || !date_read(&a->to, to)) {
        code = wrong(e, "LefiExternFormansinformationFraga");
    } else {
        a->person = person;
        a->own_from = a->from;
        a->own_to = a->to;
        a->aktorsid = arena_strdup(a->arena, aktorsid);
        a->lefi = arena_strndup(a->arena, p, n);
        a->lefi_len = n;
        a->arende = "";
    }
    return code;
}

enum err_code
asked_read_direct(struct asked *a, enum source_id source, const char *aktorsid,
                  const void *p, size_t n, struct err *e)
{
    *a = (struct asked){.arena = arena_new(1 << 20),
                        .call = ASKED_SOURCE,
                        .source = source,
                        .direct = true,
                        .kontrakt = KONTRAKT_V10};
    return source == SOURCE_FK ? read_lefi(a, aktorsid, p, n, e)
                               : read_soap(a, source, p, n, e);
}
