/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: each answer in ENFRAGA_SHARED/tools/ssbtek/cases gives the payments
 * (dates, amounts, periods, states, names), source states, faults and flags
 * of its expected-summary.json, fed whole and byte by byte. Leaves out: what
 * the summaries do not say (rows, decisions, facts); our own samples do.
 */
#include "config.h"

#include "domain/answer.h"
#include "tests/lib/files.h"
#include "wire/json.h"
#include "wire/ssbtek.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct json_limits limits = {1 << 20, 60000, 64};
static char cases[1024];

static struct answer *
read_answer(const char *xml, size_t n, size_t step, const cJSON *about)
{
    struct question q = {.sources = SOURCE_ASKABLE, .id = "k-1"};
    struct err e = {0};
    snprintf(q.person.digits, sizeof q.person.digits, "%s",
             json_member(about, "person"));
    assert_true(date_read(&q.period.from, json_member(about, "from")));
    assert_true(date_read(&q.period.to, json_member(about, "to")));
    question_preset_lefi(&q);
    assert_non_null(strstr(q.lefi, "PM:AP"));
    struct answer *a = answer_new(&q);
    struct ssbtek_reader *r = ssbtek_reader_new(a, q.sources);
    for (size_t i = 0; i < n; i += step)
        assert_int_equal(
            ssbtek_feed(r, xml + i, step < n - i ? step : n - i, &e), ERR_OK);
    assert_int_equal(ssbtek_finish(r, 200, "text/xml; charset=UTF-8", &e),
                     ERR_OK);
    ssbtek_reader_free(&r);
    answer_sort(a);
    return a;
}

static void
check_money(const char *what, struct money m, const cJSON *want)
{
    char text[24];
    money_text(m, text);
    if (strcmp(text, json_text(want) ? json_text(want) : "") != 0)
        fail_msg("%s: %s, expected %s", what, text,
                 json_text(want) ? json_text(want) : "null");
}

static void
check_text(const char *what, const char *have, const cJSON *want)
{
    const char *w = json_text(want);
    if (strcmp(have ? have : "-", w ? w : "-") != 0)
        fail_msg("%s: %s, expected %s", what, have, w);
}

static bool
same(const struct payment *p, const cJSON *want)
{
    static const char *const states[] = {"paid", "preliminary", "planned", ""};
    char date[11], netto[24];
    const char *d = json_member(want, "date");
    date_text(p->date, date);
    money_text(p->netto, netto);
    return !strcmp(date, d ? d : "") &&
           !strcmp(netto, json_member(want, "amount")) &&
           !strcmp(source_row(p->source)->code,
                   json_member(want, "authority")) &&
           !strcmp(states[p->state], json_member(want, "status")) &&
           !strcmp(p->forman, json_member(want, "benefit")) &&
           !strcmp(p->kod, json_member(want, "benefit_code"));
}

static int
count_payments(const struct answer *a)
{
    int n = 0;
    for (int s = 0; s < SOURCE_COUNT; s++)
        for (const struct payment *p = a->of[s].payments; p; p = p->next)
            n++;
    return n;
}

static void
check_payment(const struct answer *a, const cJSON *want)
{
    for (int s = 0; s < SOURCE_COUNT; s++)
        for (const struct payment *p = a->of[s].payments; p; p = p->next) {
            if (!same(p, want))
                continue;
            check_money("gross", p->brutto, json_get(want, "gross"));
            check_money("tax", p->skatt, json_get(want, "tax"));
            check_money("deduction", p->avdrag, json_get(want, "deduction"));
            check_text("from", p->fran, json_get(want, "period_from"));
            check_text("to", p->till, json_get(want, "period_to"));
            check_text("payer", p->betalare, json_get(want, "payer"));
            return;
        }
    fail_msg("no payment %s %s %s", json_member(want, "date"),
             json_member(want, "benefit"), json_member(want, "amount"));
}

static void
check_state(const struct answer *a, const cJSON *want)
{
    const struct source_answer *s = &a->of[source_by_code(want->string)];
    const struct source_answer *pm = &a->of[SOURCE_PM];
    const char *word = json_member(want, "state");
    enum source_state state = !strcmp(word, "data")    ? STATE_SVAR
                              : !strcmp(word, "empty") ? STATE_INGA_UPPGIFTER
                                                       : STATE_FEL;
    if (s->state != state)
        fail_msg("%s is %s, expected %s", want->string,
                 state_row(s->state)->word, word);
    if (!strcmp(want->string, "FK")) /* one element carries both */
        assert_true(pm->state == STATE_SVAR ||
                    pm->state == STATE_INGA_UPPGIFTER);
    if (state != STATE_FEL)
        return;
    assert_string_equal(s->fault->kalla, json_member(want, "kalla"));
    assert_string_equal(s->fault->felkod, json_member(want, "felkod"));
    const struct texts *t = s->fault->texts;
    const cJSON *m;
    cJSON_ArrayForEach(m, json_get(want, "felmeddelande"))
    {
        assert_non_null(t);
        assert_string_equal(t->text, m->valuestring);
        t = t->next;
    }
    assert_null(t);
}

static void
check_case(const char *name)
{
    char path[2048];
    size_t n, n_about, n_want;
    struct err e = {0};
    const cJSON *about = NULL, *want = NULL;
    AUTO_ARENA struct arena *mem = arena_new(0);
    snprintf(path, sizeof path, "%s/%s/response.xml", cases, name);
    char *xml = file_read(path, &n);
    snprintf(path, sizeof path, "%s/%s/case.json", cases, name);
    char *case_json = file_read(path, &n_about);
    snprintf(path, sizeof path, "%s/%s/expected-summary.json", cases, name);
    char *summary = file_read(path, &n_want);
    assert_non_null(xml);
    assert_non_null(case_json);
    assert_non_null(summary);
    assert_int_equal(json_read(&about, mem, case_json, n_about, &limits, &e),
                     0);
    assert_int_equal(json_read(&want, mem, summary, n_want, &limits, &e), 0);
    for (int bytewise = 0; bytewise < 2; bytewise++) {
        struct answer *a = read_answer(xml, n, bytewise ? 1 : n, about);
        const cJSON *item;
        cJSON_ArrayForEach(item, json_get(want, "authorities"))
            check_state(a, item);
        cJSON_ArrayForEach(item, json_get(want, "payments"))
            check_payment(a, item);
        assert_int_equal(count_payments(a),
                         cJSON_GetArraySize(json_get(want, "payments")));
        assert_int_equal(answer_shielded(a),
                         cJSON_GetArraySize(json_get(want, "flags")) > 0);
        answer_free(&a);
    }
    free(xml);
    free(case_json);
    free(summary);
}

static void
test_each_case(void **state)
{
    (void)state;
    int n = 0;
    DIR *d = opendir(cases);
    assert_non_null(d);
    for (struct dirent *f; (f = readdir(d)) != NULL;) {
        if (f->d_name[0] == '.')
            continue;
        print_message("%s\n", f->d_name);
        check_case(f->d_name);
        n++;
    }
    closedir(d);
    assert_true(n >= 3);
}

int
main(void)
{
    const char *shared = getenv("ENFRAGA_SHARED");
    snprintf(cases, sizeof cases, "%s/tools/ssbtek/cases",
             shared ? shared : "");
    if (!shared || access(cases, R_OK) != 0) {
        puts("ENFRAGA_SHARED is missing");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
