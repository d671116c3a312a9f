/* SPDX-License-Identifier: EUPL-1.2
 *
 * The answer to testaBastjanstInformation (WIRE 4): which authorities have a
 * test service and how calling it went; and LEFI's own list (WIRE 7). No
 * personal data.
 */
#include "config.h"

#include "domain/lefi.h"
#include "wire/part.h"

#include <string.h>

enum err_code
ssbtek_probe_read(enum probe_state of[SOURCE_COUNT], const void *p, size_t n,
                  struct err *e)
{
    static const struct xml_limits limits = {
        .bytes = 1 << 20,
        .tag = SSBTEK_TAG_MAX,
        .text = 64 << 10,
        .memory = 1 << 20,
        .nodes = 2000,
        .depth = 64,
        .cpu_ms = 1000,
    };
    const struct xml_node *root = NULL;
    for (int i = 0; i < SOURCE_COUNT; i++)
        of[i] = PROBE_OKAND;
    struct xml_reader *r = xml_new(&limits);
    enum err_code code = xml_feed(r, p, n, e);
    if (!code)
        code = xml_finish(r, &root, e);
    const struct xml_node *answer =
        xml_child(xml_child(root, "Body"), "testaBastjanstInformationResponse");
    if (answer && ssbtek_version(answer->ns) == KONTRAKT_COUNT)
        answer = NULL;
    if (!code && !answer)
        code = err_set(e, ERR_PROTOCOL, "not an answer to the test call");
    for (int i = 0; !code && i < SOURCE_COUNT; i++) {
        const struct xml_node *s =
            xml_child_ns(answer, answer->ns, source_row(i)->wire);
        if (!s)
            of[i] = PROBE_PROVAS_INTE; /* it has no test service */
        else if (xml_child(s, "error"))
            of[i] = PROBE_FEL;
        else
            of[i] = part_true(xml_text(s, "anropad")) ? PROBE_KLAR
                                                      : PROBE_PROVAS_INTE;
    }
    xml_free(&r);
    return code;
}

/* A code of FK's or PM's in a list: it may be asked, so there is someone. */
static void
read_kinds(enum probe_state of[SOURCE_COUNT], const cJSON *list)
{
    const cJSON *row;
    cJSON_ArrayForEach(row, list)
    {
        const char *kod = json_member(row, "kod");
        if (kod && !strncmp(kod, "FK:", 3))
            of[SOURCE_FK] = PROBE_KLAR;
        else if (kod && !strncmp(kod, "PM:", 3))
            of[SOURCE_PM] = PROBE_KLAR;
    }
}

/* The contract's example has deliverers and its schema has none: read where
 * they came. */
enum err_code
lefi_probe_read(enum probe_state of[SOURCE_COUNT], const void *p, size_t n,
                struct err *e)
{
    static const struct json_limits limits = {
        .bytes = 1 << 20, .values = 5000, .depth = 16};
    const cJSON *j = NULL, *row;
    AUTO_ARENA struct arena *a = arena_new(2 << 20);
    enum err_code code = json_read(&j, a, p, n, &limits, e);
    if (code)
        return code;
    of[SOURCE_FK] = of[SOURCE_PM] = PROBE_OKAND;
    for (int i = 0; i < LEFI_LISTS; i++)
        read_kinds(of, json_get(j, lefi_list_name(1u << i)));
    cJSON_ArrayForEach(row, json_get(j, "utlamnare"))
    {
        const char *who = json_member(json_get(row, "utlamnare"), "kod");
        const char *how = json_member(json_get(row, "tillstand"), "kod");
        enum source_id s = who ? source_by_code(who) : SOURCE_COUNT;
        if (how && (s == SOURCE_FK || s == SOURCE_PM))
            of[s] = !strcmp(how, "OK") ? PROBE_KLAR : PROBE_FEL;
    }
    return ERR_OK;
}
