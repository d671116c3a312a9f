/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/contract/told.h"

#include "wire/ssbtek.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WRITTEN_MAX = 8 << 20 };

struct answer *
told_read(const struct told *t)
{
    struct err e = {0};
    AUTO_BUF(xml, WRITTEN_MAX);
    told_write(&xml, t);
    assert_false(xml.full);
    struct answer *a = answer_new(&t->question);
    struct ssbtek_reader *r = ssbtek_reader_new(a, t->question.sources);
    assert_int_equal(ssbtek_feed(r, xml.data, xml.len, &e), ERR_OK);
    assert_int_equal(ssbtek_finish(r, 200, "text/xml", &e), ERR_OK);
    ssbtek_reader_free(&r);
    a->lage = "test";
    a->loggpost = 1;
    answer_sort(a);
    return a;
}

bool
told_has_month(const struct told_payment *p)
{
    return p->date.year >= 2016 && p->date.year <= 2036;
}

struct told_sums
told_month(const struct told *t, struct month m)
{
    struct told_sums s = {0};
    for (int i = 0; i < t->n; i++) {
        const struct told_payment *p = &t->of[i];
        if (!told_comes(t, p) || p->twin || !p->netto.given ||
            !told_has_month(p) || p->date.year != m.year ||
            p->date.month != m.month)
            continue;
        if (p->class == TOLD_PAID)
            s.paid += p->netto.ore;
        if (p->class == TOLD_AWAITED) {
            s.awaited += p->netto.ore;
            s.awaits++;
        }
    }
    return s;
}

struct told_sums
told_dateless(const struct told *t, int *n)
{
    struct told_sums s = {0};
    *n = 0;
    for (int i = 0; i < t->n; i++) {
        const struct told_payment *p = &t->of[i];
        if (!told_comes(t, p) || p->twin || told_has_month(p) ||
            p->class != TOLD_PAID)
            continue;
        (*n)++;
        s.paid += p->netto.given ? p->netto.ore : 0;
    }
    return s;
}
