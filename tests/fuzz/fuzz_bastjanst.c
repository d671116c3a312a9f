/* SPDX-License-Identifier: EUPL-1.2
 *
 * The authorities' own answers, all seven contracts, and SSBTEK's answer made
 * of them. The first byte says whose it is, the second in which pieces the
 * rest comes and, by its two lowest bits, with which HTTP status. Holds: the
 * source gets a state and only a whole answer gives content; zero is never
 * said beside rows; what is composed can be read, and says of the source what
 * was read directly, or names whose fault it is; from kept bytes it is the
 * same.
 */
#include "config.h"

#include "tests/unit/wire/alike.h"
#include "tests/unit/wire/direct.h"

#include "wire/compile.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_state(const struct source_answer *s, enum err_code code)
{
    if (s->state == STATE_VANTAR || s->state == STATE_EJ_TILLFRAGAD)
        abort();
    if (code && (state_row(s->state)->came || s->facts || s->payments))
        abort();
    if (s->state == STATE_INGA_UPPGIFTER &&
        (s->payments || s->count || s->missing))
        abort();
    if (s->confirmed == CONFIRMED_NEJ && s->facts)
        abort();
}

/* The element read as a part of SSBTEK's answer. */
static void
check_composed(const struct answer *direct, enum source_id source,
               const struct buf *element)
{
    const struct compile_head head = {.korrelationsid = "k-1"};
    struct question q = direct_question(source);
    struct buf of[SOURCE_COUNT] = {0};
    enum err_code code;
    struct err e;
    AUTO_BUF(b, 8 << 20);
    AUTO_BUF(one, 8 << 20);
    AUTO_BUF(other, 8 << 20);
    of[source] = *element;
    if (element->full || compile_answer(&b, &head, of, &e))
        return; /* over a ceiling: nothing is sent */
    struct answer *a =
        fixture_read(&q, b.data, b.len, b.len, 200, "text/xml", &code);
    const struct source_answer *s = &a->of[source];
    const struct source_answer *d = &direct->of[source];
    if (code == ERR_PROTOCOL)
        abort(); /* ill-formed */
    bool error =
        s->fault && s->state == STATE_FEL &&
        (!strcmp(s->fault->kalla, "SSBT") || !strcmp(s->fault->kalla, "BT"));
    if (error && state_row(d->state)->came)
        abort();
    if (state_row(s->state)->came && !state_row(d->state)->came)
        abort();
    alike_content(&one, s);
    alike_content(&other, d);
    if (state_row(d->state)->came && strcmp(buf_str(&one), buf_str(&other)))
        abort();
    answer_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum source_id seven[] = {SOURCE_AF,  SOURCE_CSN, SOURCE_FK,
                                           SOURCE_SKV, SOURCE_SO,  SOURCE_TNS,
                                           SOURCE_MIV};
    static const int statuses[] = {200, 200, 500, 403};
    if (size < 2)
        return 0;
    enum source_id source = seven[data[0] % 7];
    int status = statuses[data[1] & 3];
    struct question q = direct_question(source);
    struct bastjanst_reader *r = NULL;
    enum err_code code;
    const char *s = (const char *)data + 2;
    size_t n = size - 2, step = (size_t)data[1] * data[1] + 1;
    struct answer *a = direct_read(&q, source, s, n, step, status, &code, &r);
    check_state(&a->of[source], code);
    if (source == SOURCE_FK)
        check_state(&a->of[SOURCE_PM], code);
    AUTO_BUF(element, 4 << 20);
    compile_source(&element, KONTRAKT_V10, source, a, r);
    check_composed(a, source, &element);
    bastjanst_reader_free(&r);
    answer_free(&a);
    return 0;
}
