/* SPDX-License-Identifier: EUPL-1.2
 *
 * One whole SSBTEK answer into our structures, inner documents included,
 * beside what its bytes cost at least: libxml2's push SAX over the envelope
 * alone, and over the envelope and the inner documents, LEFI's JSON by cJSON
 * (already decoded). Figures are processor time, medians of rounds in turn.
 *
 *   bench_parse [ANSWER.xml [PERSON]]      (our own sample without one)
 */
#include "config.h"

#include "base/text.h"
#include "domain/answer.h"
#include "tests/lib/files.h"
#include "wire/ssbtek.h"

#include <cjson/cJSON.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 25, EACH = 40, INNER = 4 };

struct doc {
    char *p;
    size_t n;
    bool json;
};

static struct doc whole, inner[INNER];
static int n_inner;
static struct question question = {.sources = SOURCE_ASKABLE, .id = "k-1"};
static long elements;

static void
on_start(void *user, const xmlChar *name, const xmlChar *prefix,
         const xmlChar *ns, int n_ns, const xmlChar **nss, int n_attr,
         int n_default, const xmlChar **attr)
{
    (void)user, (void)name, (void)prefix, (void)ns, (void)n_ns, (void)nss;
    (void)n_attr, (void)n_default, (void)attr;
    elements++;
}

static void
on_text(void *user, const xmlChar *s, int n)
{
    (void)user, (void)s;
    elements += n & 1;
}

static xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                            .startElementNs = on_start,
                            .characters = on_text,
                            .cdataBlock = on_text};

static void
sax_of(const struct doc *d)
{
    xmlParserCtxtPtr c = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
    for (size_t i = 0; i < d->n; i += 16384)
        xmlParseChunk(c, d->p + i, (int)(d->n - i < 16384 ? d->n - i : 16384),
                      0);
    if (xmlParseChunk(c, NULL, 0, 1))
        abort();
    xmlFreeParserCtxt(c);
}

static void
run_sax(void)
{
    sax_of(&whole);
}

/* The least that reading the inner documents too can cost. */
static void
run_all(void)
{
    sax_of(&whole);
    for (int i = 0; i < n_inner; i++) {
        if (!inner[i].json) {
            sax_of(&inner[i]);
            continue;
        }
        cJSON *j = cJSON_ParseWithLength(inner[i].p, inner[i].n);
        if (!j)
            abort();
        cJSON_Delete(j);
    }
}

static void
run_ours(void)
{
    struct err e = {0};
    struct answer *a = answer_new(&question);
    struct ssbtek_reader *r = ssbtek_reader_new(a, question.sources);
    if (ssbtek_feed(r, whole.p, whole.n, &e) ||
        ssbtek_finish(r, 200, "text/xml; charset=UTF-8", &e)) {
        fprintf(stderr, "%s\n", e.text);
        exit(1);
    }
    ssbtek_reader_free(&r);
    answer_free(&a);
}

static double
cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double
once(void (*f)(void))
{
    double t = cpu_us();
    for (int i = 0; i < EACH; i++)
        f();
    return (cpu_us() - t) / EACH;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The texts that decode to XML or JSON: base64 (CSN, FK), CDATA (SKV). */
static void
find_inner(void)
{
    static const char *const opens[] = {":svar>", ":lefiJsonSvar>",
                                        "<![CDATA["};
    for (size_t k = 0; k < sizeof opens / sizeof *opens; k++) {
        const char *at = strstr(whole.p, opens[k]);
        at = at ? at + strlen(opens[k]) : NULL;
        const char *end = at ? strstr(at, k == 2 ? "]]>" : "<") : NULL;
        if (!end || end == at)
            continue;
        at += strspn(at, " \t\r\n");
        struct doc *d = &inner[n_inner++];
        struct buf b = BUF_INIT(1 << 20);
        if (k == 2 ? buf_add(&b, at, (size_t)(end - at))
                   : text_base64_decode(&b, at, (size_t)(end - at)))
            abort();
        d->n = b.len;
        d->p = buf_take(&b);
        d->json = d->p[strspn(d->p, " \t\r\n")] == '{';
    }
}

static void
check(void)
{
    struct err e = {0};
    struct answer *a = answer_new(&question);
    struct ssbtek_reader *r = ssbtek_reader_new(a, question.sources);
    ssbtek_feed(r, whole.p, whole.n, &e);
    ssbtek_finish(r, 200, "text/xml; charset=UTF-8", &e);
    ssbtek_reader_free(&r);
    for (int s = 0; s < SOURCE_COUNT; s++)
        printf("%s %s%s", source_row(s)->code, state_row(a->of[s].state)->word,
               s + 1 < SOURCE_COUNT ? ", " : "\n");
    answer_free(&a);
}

int
main(int argc, char **argv)
{
    static void (*const f[3])(void) = {run_ours, run_sax, run_all};
    static double took[3][ROUNDS];
    char own[1024];
    const char *src = getenv("srcdir");
    snprintf(own, sizeof own, "%s/data/samples/ssbtek/alla.xml",
             src ? src : ".");
    const char *path = argc > 1 ? argv[1] : own;
    whole.p = file_read(path, &whole.n);
    if (!whole.p) {
        perror(path);
        return 77;
    }
    snprintf(question.person.digits, sizeof question.person.digits, "%s",
             argc > 2 ? argv[2] : "198503129804");
    question.period = (struct period){{2026, 1, 1}, {2026, 6, 30}};
    question_preset_lefi(&question);
    mem_keep(); /* as enfragad does */
    find_inner();
    check();
    for (int i = 0; i < ROUNDS; i++)
        for (int k = 0; k < 3; k++)
            took[k][i] = once(f[k]);
    for (int k = 0; k < 3; k++)
        qsort(took[k], ROUNDS, sizeof took[k][0], compare);
    double ours = took[0][ROUNDS / 2], bare = took[1][ROUNDS / 2],
           all = took[2][ROUNDS / 2];
    printf("%zu bytes, %d inner documents: ours %.3f ms; SAX of the envelope "
           "%.3f ms (ours %.1fx); SAX and cJSON of all of it %.3f ms (ours "
           "%.2fx)\n",
           whole.n, n_inner, ours / 1e3, bare / 1e3, ours / bare, all / 1e3,
           ours / all);
    for (int i = 0; i < n_inner; i++)
        free(inner[i].p);
    free(whole.p);
    xmlCleanupParser();
    return 0;
}
