/* SPDX-License-Identifier: EUPL-1.2
 *
 * A question put to us as SSBTEK. What is taken whole holds what the schema
 * promises, its LEFI codes are ours, and it can stand as the echo in an answer
 * that reads; the same bytes as SSBTEK's answer are passed on or refused.
 */
#include "config.h"

#include "domain/lefi.h"
#include "wire/compile.h"
#include "wire/served.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The echo of a question that was taken: it must be found in its bytes. */
static void
echo(const struct served *s, const uint8_t *data, size_t size)
{
    struct buf of[SOURCE_COUNT];
    struct err e = {0};
    const struct compile_head head = {.kontrakt = s->kontrakt,
                                      .request = (const char *)data,
                                      .request_len = size,
                                      .frage_tidpunkt = s->tidpunkt,
                                      .korrelationsid = s->korrelationsid};
    AUTO_BUF(out, 4 << 20);
    for (int i = 0; i < SOURCE_COUNT; i++)
        of[i] = BUF_INIT(16);
    enum err_code code = compile_answer(&out, &head, of, &e);
    if (code && code != ERR_TOO_BIG)
        abort();
}

/* The bytes as what SSBTEK answered: nothing of it may be passed on where
 * nothing of it has been read. */
static void
pass(const uint8_t *data, size_t size)
{
    struct question q = {.sources = SOURCE_ASKABLE};
    struct answer *a = answer_new(&q);
    struct buf of[SOURCE_COUNT];
    AUTO_BUF(fault, 1 << 20);
    for (int i = 0; i < SOURCE_COUNT; i++)
        of[i] = BUF_INIT(1 << 20);
    ssbtek_failed(a, q.sources, STATE_OLASLIGT, "xml", "olasligt");
    compile_passed(of, q.sources, a, (const char *)data, size);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (q.sources & SOURCE_BIT(i) && !strstr(buf_str(&of[i]), ":error>"))
            abort();
        buf_done(&of[i]);
    }
    compile_fault_passed(&fault, KONTRAKT_V10, q.sources, a, (const char *)data,
                         size);
    answer_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct served s;
    struct err e = {0};
    char lefi[320];
    bool taken = served_read(&s, KONTRAKT_COUNT, data, size, &e) == ERR_OK;
    if (taken && s.call == SERVED_ASK) {
        if (strlen(s.person) != 12 || strlen(s.orgnr) != 12 || !*s.namn ||
            !*s.handlaggare || !*s.arende || !period_ok(s.period) ||
            s.sources & ~SOURCE_ASKABLE || s.kontrakt >= KONTRAKT_COUNT)
            abort();
        if (!served_lefi(&s, lefi, sizeof lefi, &e) && !lefi_canonical(lefi))
            abort();
        echo(&s, data, size);
    }
    served_done(&s);
    pass(data, size);
    return 0;
}
