/* SPDX-License-Identifier: EUPL-1.2
 *
 * For test_contract.sh: writes each answer of each person and source, and of
 * the faults that keep to the schema, as files in the directory named:
 * NAME.ssbt.xml (what stands in the SOAP body), NAME.csn.xml (CSN's inner
 * document), NAME.skv.xml or NAME.skv.json (SKV's, v11's parts),
 * NAME.lefi.json (FK's), and test.ssbt.xml; in the version named. In v10 also
 * what each authority answers by itself: NAME.direct-SOURCE.xml (what stands in
 * the SOAP body, or in a fault's detail), NAME.lefi.json and kinds.kinds.json.
 */
#include "config.h"

#include "ask.h"

#include "base/text.h"
#include "wire/xml.h"

#define TODAY ((struct date){2026, 11, 24})

static const char *dir;
static enum kontrakt kontrakt;

static void
save(const char *name, const char *suffix, const char *p, size_t n)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s.%s", dir, name, suffix);
    FILE *f = fopen(path, "w");
    if (f == NULL || fwrite(p, 1, n, f) != n || fclose(f) != 0)
        abort();
}

static void
save_body(const char *name, const char *suffix, const struct buf *b)
{
    const char *from = strstr(buf_str(b), "<soap:Body>");
    const char *to = strstr(buf_str(b), "</soap:Body>");
    if (from == NULL || to == NULL)
        abort();
    from += strlen("<soap:Body>");
    save(name, suffix, from, (size_t)(to - from));
}

/* The text between two marks; a document inside a document. */
static bool
inside(const struct buf *b, const char *open, const char *close, const char **p,
       size_t *n)
{
    const char *from = strstr(buf_str(b), open);
    const char *to = from == NULL ? NULL : strstr(from, close);
    if (to == NULL)
        return false;
    *p = from + strlen(open);
    *n = (size_t)(to - *p);
    return true;
}

static void
save_base64(const char *name, const char *suffix, const char *p, size_t n)
{
    AUTO_BUF(doc, ANSWER_MAX);
    if (text_base64_decode(&doc, p, n) != ERR_OK)
        abort();
    save(name, suffix, doc.data, doc.len);
}

/* svar holds escaped text: the envelope's reader gives the document. */
static void
save_skv(const char *name, const struct buf *b)
{
    static const struct xml_limits limits = {.bytes = 1 << 20,
                                             .tag = 65536,
                                             .text = 1 << 20,
                                             .memory = 4 << 20,
                                             .nodes = 10000,
                                             .depth = 64,
                                             .cpu_ms = 5000};
    static const char *const way[] = {
        "Body", "hamtaBastjanstInformationResponse", "svarsdata", "SKV", "data",
        "svar"};
    struct err e = {0};
    const struct xml_node *n = NULL;
    struct xml_reader *r = xml_new(&limits);
    if (xml_feed(r, b->data, b->len, &e) != ERR_OK ||
        xml_finish(r, &n, &e) != ERR_OK)
        abort();
    for (size_t i = 0; n != NULL && i < sizeof(way) / sizeof(way[0]); i++)
        n = xml_child(n, way[i]);
    if (n != NULL)
        save(name, "skv.xml", n->text, n->len);
    xml_free(&r);
}

/* The JSON of each part that came as data. */
static void
save_parts(const char *name, const struct buf *b)
{
    for (enum skv_part i = 0; i < SKV_COUNT; i++) {
        char open[64], as[192];
        const char *p;
        size_t n;
        snprintf(open, sizeof(open), "<ssbt:%s><ssbt:data>", skv_word(i));
        snprintf(as, sizeof(as), "%s-%s", name, skv_word(i));
        if (inside(b, open, "</ssbt:data>", &p, &n))
            save_base64(as, "skv.json", p, n);
    }
}

static void
write_one(const char *name, const struct question *q, enum source_id source,
          enum fault fault, const char *part)
{
    const char *p;
    size_t n;
    AUTO_BUF(b, ANSWER_MAX);
    ask_bytes(&b, q, source, fault, part, TODAY);
    save_body(name, "ssbt.xml", &b);
    if (inside(&b, "<ssbt:svar>", "</ssbt:svar>", &p, &n))
        save_base64(name, "csn.xml", p, n);
    if (inside(&b, "<ssbt:lefiJsonSvar>", "</ssbt:lefiJsonSvar>", &p, &n))
        save_base64(name, "lefi.json", p, n);
    if (source == SOURCE_SKV && kontrakt == KONTRAKT_V11)
        save_parts(name, &b);
    else if (source == SOURCE_SKV && fault != FAULT_ERROR_BT &&
             fault != FAULT_ERROR_SSBT)
        save_skv(name, &b);
}

/* What the authority itself sends. */
static void
write_direct(const char *name, const struct question *q, enum source_id source,
             enum fault fault)
{
    char as[160], suffix[32];
    const char *p;
    size_t n;
    AUTO_BUF(b, ANSWER_MAX);
    int status = ask_direct_bytes(&b, q, source, fault, "", TODAY);
    snprintf(as, sizeof(as), "%s-%s", name, status == 200 ? "direct" : "fault");
    snprintf(suffix, sizeof(suffix), "direct-%s.xml", source_row(source)->code);
    if (source == SOURCE_FK)
        save(as, status == 200 ? "lefi.json" : "felsvar.json", b.data, b.len);
    else if (status == 200)
        save_body(as, suffix, &b);
    else if (inside(&b, "<detail>", "</detail>", &p, &n))
        save(as, suffix, p, n);
}

/* The ones whose point is that the answer is not what the contract has. */
static bool
breaks_contract(enum fault f)
{
    return f == FAULT_CUT_OFF || f == FAULT_GARBLED ||
           f == FAULT_BROKEN_BASE64 || f == FAULT_HTTP500 || f == FAULT_TIMEOUT;
}

static void
write_person(const char *number, const char *arende, const char *tag)
{
    struct question q = question_of(number, arende);
    question_set(&q, kontrakt);
    for (int s = 0; s < SOURCE_COUNT; s++) {
        if (!(SOURCE_ASKABLE & SOURCE_BIT(s)))
            continue;
        for (int f = 0; f < FAULT_COUNT; f++) {
            char name[128];
            if (breaks_contract((enum fault)f))
                continue;
            snprintf(name, sizeof(name), "%s-%s-%s", tag,
                     source_row((enum source_id)s)->code,
                     fault_word((enum fault)f));
            write_one(name, &q, (enum source_id)s, (enum fault)f, "");
            if (kontrakt == KONTRAKT_V10)
                write_direct(name, &q, (enum source_id)s, (enum fault)f);
        }
    }
}

int
main(int argc, char **argv)
{
    AUTO_BUF(b, ANSWER_MAX);
    if (argc != 3 || (kontrakt = kontrakt_by_word(argv[2])) == KONTRAKT_COUNT)
        return 64;
    dir = argv[1];
    for (int i = 0; i < CAST_COUNT; i++) {
        char tag[32];
        snprintf(tag, sizeof(tag), "p%02d", i);
        write_person(cast_person((enum cast_id)i)->number, "EK <1> & 2", tag);
    }
    write_person("199001019802", "EK-1", "okand");
    write_person("197407029284", "1234567890123456789012345678901", "annan");
    answer_write_test(&b, kontrakt,
                      SOURCE_BIT(SOURCE_SKV) | SOURCE_BIT(SOURCE_AF));
    save_body("test", "ssbt.xml", &b);
    buf_clear(&b);
    answer_write_kinds(&b);
    save("kinds", "kinds.json", b.data, b.len);
    return 0;
}
