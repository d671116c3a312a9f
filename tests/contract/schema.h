/* SPDX-License-Identifier: EUPL-1.2
 *
 * Messages against schemas: our own RELAX NG in data/rng, and the service's
 * XSDs where ENFRAGA_SHARED is. A schema is read once.
 */
#ifndef ENFRAGA_TESTS_CONTRACT_SCHEMA_H
#define ENFRAGA_TESTS_CONTRACT_SCHEMA_H

#include "domain/kontrakt.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { SCHEMAS_MAX = 16 };

struct schema_kept {
    char path[1024];
    xmlRelaxNGPtr rng;
    xmlSchemaPtr xsd;
};

static struct schema_kept schemas_kept[SCHEMAS_MAX];

static inline void
schema_silent(void *ctx, const char *fmt, ...)
{
    (void)ctx, (void)fmt;
}

/* ENFRAGA_SHARED, if the contract is there; NULL. */
static inline const char *
schema_shared(void)
{
    char probe[1024];
    const char *shared = getenv("ENFRAGA_SHARED");
    snprintf(probe, sizeof probe, "%s/contract/v10", shared ? shared : "");
    return shared && !access(probe, R_OK) ? shared : NULL;
}

/* The schema of a file, read at its first use. */
static inline struct schema_kept *
schema_kept(const char *path, bool rng)
{
    struct schema_kept *k = schemas_kept;
    while (k < schemas_kept + SCHEMAS_MAX && *k->path &&
           strcmp(k->path, path) != 0)
        k++;
    assert_true(k < schemas_kept + SCHEMAS_MAX);
    if (*k->path)
        return k;
    snprintf(k->path, sizeof k->path, "%s", path);
    if (rng) {
        xmlRelaxNGParserCtxtPtr c = xmlRelaxNGNewParserCtxt(path);
        k->rng = xmlRelaxNGParse(c);
        xmlRelaxNGFreeParserCtxt(c);
        assert_non_null(k->rng);
    } else {
        xmlSchemaParserCtxtPtr c = xmlSchemaNewParserCtxt(path);
        k->xsd = xmlSchemaParse(c);
        xmlSchemaFreeParserCtxt(c);
        assert_non_null(k->xsd);
    }
    return k;
}

static inline void
schema_done(void)
{
    for (int i = 0; i < SCHEMAS_MAX; i++) {
        xmlRelaxNGFree(schemas_kept[i].rng);
        xmlSchemaFree(schemas_kept[i].xsd);
    }
    xmlSchemaCleanupTypes();
    xmlRelaxNGCleanupTypes();
    xmlCleanupParser();
}

/* A whole document by data/rng/NAME. */
static inline bool
schema_rng(const char *name, const char *s, size_t n)
{
    char path[1024];
    const char *data = getenv("ENFRAGA_DATA");
    snprintf(path, sizeof path, "%s/rng/%s", data ? data : "data", name);
    xmlRelaxNGPtr rng = schema_kept(path, true)->rng;
    xmlDocPtr doc = xmlReadMemory(s, (int)n, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    xmlRelaxNGValidCtxtPtr c = xmlRelaxNGNewValidCtxt(rng);
    xmlRelaxNGSetValidErrors(c, schema_silent, schema_silent, NULL);
    int rc = xmlRelaxNGValidateDoc(c, doc);
    xmlRelaxNGFreeValidCtxt(c);
    xmlFreeDoc(doc);
    return rc == 0;
}

/* The child of soap:Body (or the root itself) by an XSD. */
static inline bool
schema_xsd(const char *xsd, const char *s, size_t n, bool body)
{
    xmlSchemaPtr schema = schema_kept(xsd, false)->xsd;
    xmlDocPtr doc = xmlReadMemory(s, (int)n, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    xmlNodePtr node = xmlDocGetRootElement(doc);
    if (body) {
        node = xmlFirstElementChild(xmlLastElementChild(node));
        xmlDocPtr inner = xmlNewDoc(BAD_CAST "1.0");
        xmlDocSetRootElement(inner, xmlDocCopyNode(node, inner, 1));
        xmlFreeDoc(doc);
        doc = inner;
    }
    xmlSchemaValidCtxtPtr c = xmlSchemaNewValidCtxt(schema);
    int rc = xmlSchemaValidateDoc(c, doc);
    xmlSchemaFreeValidCtxt(c);
    xmlFreeDoc(doc);
    return rc == 0;
}

/* What stands in Body by SSBTEK's own XSD. */
static inline bool
schema_ssbt(const char *s, size_t n, enum kontrakt k)
{
    char xsd[1024];
    snprintf(xsd, sizeof xsd,
             "%s/contract/%s/se/forsakringskassan/schema/integration/ssbt/"
             "_%s/sammansatt_bastjanst_%s.xsd",
             schema_shared(), kontrakt_word(k), kontrakt_number(k),
             kontrakt_word(k));
    return schema_xsd(xsd, s, n, true);
}

/* CSN's schema names one that the contract lacks: a copy of the tree's shape
 * in `dir` (a name of its own is made of it) with a stub in its place. The
 * path of kommunfraga.xsd into xsd. */
static inline void
schema_csn_make(char dir[32], char xsd[256])
{
    static const char stub[] =
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' "
        "targetNamespace='http://www.sambruk.se/SBNyttomeddelanden'>"
        "<xs:complexType name='SBNUppgEkBistandBegar'><xs:sequence>"
        "<xs:any processContents='lax' minOccurs='0' maxOccurs='unbounded'/>"
        "</xs:sequence></xs:complexType></xs:schema>";
    char path[256], to[1200];
    snprintf(dir, 32, "/tmp/enfraga-xsd-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/csn", dir);
    snprintf(to, sizeof to, "%s/contract/v10/se/csn", schema_shared());
    assert_int_equal(symlink(to, path), 0);
    snprintf(path, sizeof path, "%s/sambruk", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/sambruk/sbnyttomeddelanden", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path,
             "%s/sambruk/sbnyttomeddelanden/SBNUppgEkBistandBegar_v1_0.xsd",
             dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(stub, f);
    fclose(f);
    snprintf(xsd, 256, "%s/csn/schema/v4_0/kommunfraga/kommunfraga.xsd", dir);
}

static inline void
schema_csn_remove(const char *dir)
{
    static const char *const files[] = {
        "csn", "sambruk/sbnyttomeddelanden/SBNUppgEkBistandBegar_v1_0.xsd"};
    static const char *const dirs[] = {"sambruk/sbnyttomeddelanden", "sambruk"};
    char path[256];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        unlink(path);
    }
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, dirs[i]);
        rmdir(path);
    }
    rmdir(dir);
}

#endif
