/* SPDX-License-Identifier: EUPL-1.2
 *
 * One answer in its forms: the panes' rows, the overview, text and sentences
 * of the full answer against goldens (texts untranslated), and for generated
 * answers that no "0" stands for a source that did not answer, and that no
 * form shows a place before it may; a field is labelled by where it stands,
 * a bare code in its benefit's words. Leaves out: layout on a screen, the
 * Swedish words (tests/lint/catalogue.sh), JSON (tests/unit/cli/test_same).
 */
#include "config.h"

#include "present/linear.h"
#include "present/rows.h"
#include "present/text.h"
#include "tests/lib/answers.h"
#include "tests/lib/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX = 8 << 20 };

static const struct date today = {2026, 11, 24};

static struct rows_options
options(const struct answer *a)
{
    struct rows_options o;
    rows_options_init(&o, &a, 1);
    o.today = today;
    return o;
}

/* Holds what came against the golden, or writes it anew. */
static void
golden(const char *name, const struct buf *got)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/unit/present/%s", getenv("srcdir"),
             name);
    if (getenv("ENFRAGA_UPDATE_SCREENS")) {
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fwrite(got->data, 1, got->len, f);
        assert_int_equal(fclose(f), 0);
        return;
    }
    AUTO_BUF(want, MAX);
    char block[4096];
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("no golden %s: make update-screens", path);
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(&want, block, n);
    fclose(f);
    assert_string_equal(buf_str(got), buf_str(&want));
}

static void
write_text(struct buf *out, const struct answer *a)
{
    struct rows_options o = options(a);
    struct overview *v = overview_new(&a, 1, shipped_rules(), today);
    assert_int_equal(text_write(out, a, v, &o), ERR_OK);
    overview_free(&v);
}

static void
test_text(void **state)
{
    (void)state;
    AUTO_BUF(all, MAX);
    AUTO_BUF(rest, MAX);
    struct answer *a = answers_rich();
    write_text(&all, a);
    static const char head[] =
        "enfraga " PACKAGE_VERSION " svar 2026-11-24T14:32:07+01:00 lage=test "
        "loggpost=20418 hel=nej\n";
    assert_memory_equal(buf_str(&all), head, strlen(head));
    buf_adds(&rest, buf_str(&all) + strlen(head));
    golden("rich.text", &rest);
    answer_free(&a);
}

static const char *
kind_name(enum row_kind k)
{
    static const char *const names[ROW_KIND_COUNT] = {
        "state",   "missing", "conclusion", "flag",    "heading", "decision",
        "payment", "detail",  "fact",       "remark",  "contact", "check",
        "month",   "sum",     "expected",   "outside", "note"};
    return names[k];
}

/* Every member that a form may lay out. */
static void
dump(struct buf *b, const struct rows *rows)
{
    for (int i = 0; i < rows->n; i++) {
        const struct row *r = &rows->row[i];
        char day[11], net[24], off[24];
        date_text(r->date, day);
        money_text(r->netto, net);
        money_text(r->avdrag, off);
        buf_addf(b, "%*s%s%s [%s] %s | %s | %s", r->indent * 2, "",
                 kind_name(r->kind), r->folded ? "-" : "", r->label, r->text,
                 r->status, r->code);
        if (day[0] || r->fran || r->till)
            buf_addf(b, " | %s %s..%s", day, r->fran ? r->fran : "",
                     r->till ? r->till : "");
        if (net[0])
            buf_addf(b, " | %s -%s %s", net, off, r->marks_text);
        for (int k = 0; k < r->n_cells; k++)
            buf_addf(b, " <%s>", r->cells[k]);
        buf_addc(b, '\n');
    }
}

static void
test_panes(void **state)
{
    (void)state;
    AUTO_BUF(b, MAX);
    struct answer *a = answers_rich();
    struct rows_options o = options(a);
    for (int s = 0; s < SOURCE_COUNT; s++) {
        struct rows *r = rows_pane(a, (enum source_id)s, &o);
        buf_addf(&b, "== %s\n", source_row((enum source_id)s)->code);
        dump(&b, r);
        rows_free(&r);
    }
    golden("rich.panes", &b);
    answer_free(&a);
}

static void
test_overview(void **state)
{
    (void)state;
    AUTO_BUF(b, MAX);
    struct answer *a = answers_rich();
    const struct answer *one = a;
    struct rows_options o = options(a);
    struct overview *v = overview_new(&one, 1, shipped_rules(), today);
    struct rows *r = rows_overview(v, &o);
    dump(&b, r);
    rows_free(&r);
    for (int i = 0; i < v->n_rows; i++) {
        buf_addf(&b, "== behind %s\n", v->rows[i]->forman);
        r = rows_behind(v, v->rows[i], &o);
        dump(&b, r);
        rows_free(&r);
    }
    golden("rich.overview", &b);
    overview_free(&v);
    answer_free(&a);
}

/* A row is named without regard to case; behind it stood only the payments
 * that were spelt as the first one. */
static void
test_all_payments_stand_behind_their_row(void **state)
{
    (void)state;
    struct answer *a = answers_rich();
    const struct answer *one = a;
    static const char *const names[] = {"BARNBIDRAG", " barnbidrag "};
    struct payment *p = a->of[SOURCE_FK].payments;
    for (int i = 0; p; p = p->next)
        if (!strcmp(p->forman, "Barnbidrag"))
            p->forman = names[i++ % 2];
    struct rows_options o = options(a);
    struct overview *v = overview_new(&one, 1, shipped_rules(), today);
    for (int i = 0; i < v->n_rows; i++) {
        struct rows *r = rows_behind(v, v->rows[i], &o);
        int64_t sum = 0, cells = 0;
        for (int k = 0; k < r->n; k++)
            if (r->row[k].kind == ROW_PAYMENT && !*r->row[k].status)
                sum += r->row[k].netto.ore;
        for (int m = 0; m < v->n_months; m++)
            cells += v->rows[i]->cell[m].sum.ore;
        assert_int_equal(sum, cells);
        rows_free(&r);
    }
    overview_free(&v);
    answer_free(&a);
}

/* JSON told the sum of payments without a date and text did not; one of the
 * year 9999 was in that sum and among no rows. */
static void
test_dateless_money_in_every_form(void **state)
{
    (void)state;
    static const struct date days[] = {{0}, {9999, 1, 1}, {1, 1, 1}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        AUTO_BUF(text, MAX);
        struct answer *a = answers_rich();
        const struct answer *one = a;
        struct rows_options o = options(a);
        a->of[SOURCE_SO].payments->date = days[i];
        answer_sort(a);
        struct overview *v = overview_new(&one, 1, shipped_rules(), today);
        assert_int_equal(v->dateless.ore, 431000);
        assert_int_equal(text_write(&text, a, v, &o), ERR_OK);
        assert_non_null(strstr(buf_str(&text), "\nbelopp - UTAN_DATUM "
                                               "netto=4310.00 antal=1\n"));
        struct rows *r = rows_overview(v, &o);
        int n = 0;
        for (int k = 0; k < r->n; k++)
            n += r->row[k].kind == ROW_OUTSIDE;
        assert_int_equal(n, 1);
        for (int m = 0; m < v->n_months; m++) /* it may be of any month */
            assert_false(v->sums[m].known);
        rows_free(&r);
        overview_free(&v);
        answer_free(&a);
    }
}

static void
test_sentences(void **state)
{
    (void)state;
    AUTO_BUF(b, MAX);
    struct answer *a = answers_rich();
    const struct answer *one = a;
    struct rows_options o = options(a);
    static const char *const who[] = {"Applicant"};
    struct overview *v = overview_new(&one, 1, shipped_rules(), today);
    o.keys = false;
    for (int s = 0; s < SOURCE_COUNT; s++)
        linear_state(&b, a, (enum source_id)s, who[0], &o);
    struct rows *r = rows_overview(v, &o);
    linear_counts(&b, r);
    buf_addc(&b, '\n');
    linear_rows(&b, r, who, false);
    rows_free(&r);
    for (int m = 0; m < v->n_months; m++)
        linear_month(&b, v, m, who);
    r = rows_pane(a, SOURCE_FK, &o);
    linear_rows(&b, r, NULL, false);
    rows_free(&r);
    golden("rich.linear", &b);
    overview_free(&v);
    answer_free(&a);
}

/* UX 17.7: no 0 for a source in a state other than + 0 %, and none for a
 * benefit that was reported missing. */
static void
test_no_false_zero(void **state)
{
    (void)state;
    int zeros = 0;
    for (unsigned seed = 1; seed <= 200; seed++) {
        struct answer *a = answers_any(seed);
        const struct answer *one = a;
        struct rows_options o = options(a);
        struct overview *v = overview_new(&one, 1, shipped_rules(), today);
        struct rows *r = rows_overview(v, &o);
        for (int i = 0; i < r->n; i++) {
            const struct row *row = &r->row[i];
            for (int m = 0; row->kind == ROW_MONTH && m < row->n_cells; m++) {
                if (strcmp(row->cells[m], "0") != 0)
                    continue;
                zeros++;
                char symbol = state_row(a->of[row->source].state)->symbol;
                assert_non_null(strchr("+0%", symbol));
                assert_false(row->month->missing);
            }
        }
        rows_free(&r);
        overview_free(&v);
        answer_free(&a);
    }
    assert_true(zeros > 0);
}

static void
add_all(struct buf *b, const struct answer *a)
{
    struct rows_options o = options(a);
    for (int s = 0; s < SOURCE_COUNT; s++) {
        struct rows *pane = rows_pane(a, (enum source_id)s, &o);
        struct rows *facts = rows_facts(a, (enum source_id)s, &o);
        dump(b, pane);
        linear_rows(b, pane, NULL, true);
        dump(b, facts);
        for (int i = 0; i < facts->n; i++)
            assert_true(!facts->row[i].masked || !facts->row[i].fact);
        rows_free(&pane);
        rows_free(&facts);
    }
    write_text(b, a);
}

static void
test_places(void **state)
{
    (void)state;
    static const enum source_id say[] = {SOURCE_AF, SOURCE_CSN, SOURCE_FK};
    struct answer *a = answers_rich();
    AUTO_BUF(open, MAX);
    add_all(&open, a);
    assert_non_null(strstr(buf_str(&open), "99999"));
    for (size_t i = 0; i < 3; i++) {
        AUTO_BUF(shielded, MAX);
        AUTO_BUF(silent, MAX);
        struct source_answer *of = &a->of[say[i]];
        enum source_state was = of->state;
        of->shielded = true;
        add_all(&shielded, a);
        of->shielded = false;
        assert_null(strstr(buf_str(&shielded), "99999"));
        assert_null(strstr(buf_str(&shielded), "Sundby"));
        of->state = STATE_TIDSGRANS;
        add_all(&silent, a);
        of->state = was;
        assert_null(strstr(buf_str(&silent), "99999"));
        assert_non_null(strstr(buf_str(&silent), "(dold tills"));
    }
    answer_free(&a);
}

static void
test_words(void **state)
{
    (void)state;
    struct rows_options o = {.ore = true};
    struct answer *a = answers_rich();
    for (int st = 0; st < STATE_COUNT; st++) {
        a->of[SOURCE_FK].state = (enum source_state)st;
        const char *t = rows_state_text(a->arena, a, SOURCE_FK, &o);
        /* every state but a plain answer says what it means */
        assert_true((*t == '\0') == (st == STATE_SVAR));
        assert_null(strstr(t, "F5"));
    }
    for (unsigned m = 1; m <= MARK_LAST; m <<= 1)
        assert_true(rows_mark_label(m)[0]);
    assert_string_equal(rows_mark_letter(MARK_RETRO | MARK_LAN), "R");
    assert_string_equal(rows_mark_letter(0), "");
    assert_string_equal(rows_month_short((struct month){2026, 10}), "Oct");
    assert_string_equal(rows_month_short((struct month){0}), "");
    assert_string_equal(rows_span(a->arena, "2026-10", "2026-10"), "2026-10");
    answer_free(&a);
}

static struct fact *
add(struct arena *a, struct fact *to, enum fact_kind k, const char *name,
    const char *text)
{
    struct fact *f = fact_new(a, k, name, text);
    fact_add(to, f);
    return f;
}

/* The row of facts whose contract's name is `code`, the n-th such. */
static const struct row *
fact_row(const struct rows *r, const char *code, int n)
{
    for (int i = 0; i < r->n; i++)
        if (!strcmp(r->row[i].code, code) && n-- == 0)
            return &r->row[i];
    fail_msg("no row %s", code);
    return NULL;
}

/* A name that stands in several places is labelled by where it stands, and a
 * code without words gets those of its own benefit. */
static void
test_labels_and_codes(void **state)
{
    (void)state;
    struct answer *a = answers_rich();
    struct arena *m = a->arena;
    struct fact *top = fact_new(m, FACT_OBJECT, NULL, NULL);
    struct fact *info = add(m, top, FACT_OBJECT, "formansinformation", NULL);
    struct fact *sgi =
        add(m, info, FACT_OBJECT, "sjukpenninggrundandeInkomstuppgift", NULL);
    add(m, sgi, FACT_TEXT, "dagar", "260");
    struct fact *omv =
        add(m, info, FACT_OBJECT, "omvardnadsbidragsarende", NULL);
    struct fact *beslut = add(m, omv, FACT_OBJECT, "beslut", NULL);
    add(m, beslut, FACT_TEXT, "dagar", "12");
    struct fact *utfall = add(m, beslut, FACT_OBJECT, "beslutsutfall", NULL);
    add(m, utfall, FACT_TEXT, "id", "5");
    struct fact *status = add(m, beslut, FACT_OBJECT, "beslutstatus", NULL);
    add(m, status, FACT_TEXT, "id", "S");
    add(m, status, FACT_TEXT, "beskrivning", "Slutligt");
    struct fact *sjp = add(m, info, FACT_OBJECT, "sjukpenningarende", NULL);
    add(m, sjp, FACT_TEXT, "beslutsutfall", "BEVILJAN");
    struct fact *other = add(m, info, FACT_OBJECT, "ovrigt", NULL);
    add(m, other, FACT_TEXT, "dagar", "7");
    a->of[SOURCE_FK].facts = top;
    struct rows_options o = options(a);
    struct rows *r = rows_facts(a, SOURCE_FK, &o);
    assert_string_equal(fact_row(r, "dagar", 0)->label, "Årsarbetstid i dagar");
    assert_string_equal(fact_row(r, "dagar", 1)->label, "Ersatta dagar");
    assert_string_equal(fact_row(r, "id", 0)->text, "avvisat (5)");
    assert_string_equal(fact_row(r, "id", 1)->text, "S");
    assert_string_equal(fact_row(r, "beskrivning", 0)->text, "Slutligt");
    assert_string_equal(fact_row(r, "beslutsutfall", 1)->text,
                        "beviljat (BEVILJAN)");
    assert_string_equal(fact_row(r, "sjukpenningarende", 0)->label,
                        "Sjukpenning");
    rows_free(&r);
    answer_free(&a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_panes),
        cmocka_unit_test(test_overview),
        cmocka_unit_test(test_all_payments_stand_behind_their_row),
        cmocka_unit_test(test_dateless_money_in_every_form),
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_no_false_zero),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_labels_and_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
