/* SPDX-License-Identifier: EUPL-1.2
 *
 * The same answer as text and as JSON is the same set of facts (UX 17.6), for
 * generated answers: as many payments, decisions, flags and checks in both,
 * and no control character in either. Leaves out: how they are laid out
 * (tests/unit/present).
 */
#include "config.h"

#include "local/svar.h"
#include "present/text.h"
#include "tests/lib/answers.h"
#include "tests/lib/rules.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MAX = 8 << 20 };

static const struct date today = {2026, 11, 24};

static void
write_text(struct buf *out, const struct answer *a, const struct overview *v)
{
    struct rows_options o;
    rows_options_init(&o, &a, 1);
    o.today = today;
    assert_int_equal(text_write(out, a, v, &o), ERR_OK);
}

/* Lines that begin with `kind` and do not hold `without`. */
static int
count(const struct buf *text, const char *kind, const char *without)
{
    int n = 0;
    for (const char *s = buf_str(text); *s;) {
        const char *end = strchr(s, '\n');
        assert_non_null(end);
        AUTO_BUF(line, MAX);
        buf_add(&line, s, (size_t)(end - s));
        size_t k = strlen(kind);
        n += !strncmp(s, kind, k) && s[k] == ' ' &&
             (!without || !strstr(buf_str(&line), without));
        s = end + 1;
    }
    return n;
}

static void
test_same_facts(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 150; seed++) {
        AUTO_BUF(text, MAX);
        AUTO_BUF(json, MAX);
        struct answer *a = answers_any(seed);
        const struct answer *one = a;
        struct overview *v = overview_new(&one, 1, shipped_rules(), today);
        write_text(&text, a, v);
        svar_write(&json, a, v);
        cJSON *o = cJSON_Parse(buf_str(&json));
        static const char *const kinds[][3] = {
            /* a payment's part says belopp=, a payment netto= */
            {"utbetalningar", "betalning", " del="},
            {"beslut", "beslut", NULL},
            {"flaggor", "flagga", NULL},
            {"kontrollera", "kontrollera", NULL}};
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            int want = cJSON_GetArraySize(
                cJSON_GetObjectItemCaseSensitive(o, kinds[i][0]));
            int got = count(&text, kinds[i][1], kinds[i][2]);
            if (want != got)
                fail_msg("seed %u: %d %s in JSON, %d in text:\n%s", seed, want,
                         kinds[i][0], got, buf_str(&text));
        }
        for (const char *s = buf_str(&text); *s; s++)
            assert_true(*s == '\n' || (unsigned char)*s >= ' ');
        cJSON_Delete(o);
        overview_free(&v);
        answer_free(&a);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_facts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
