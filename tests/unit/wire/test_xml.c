/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: the XML reader gives the tree of a whole document in each encoding
 * it takes, the same for every way of cutting it in two; refuses a DTD, an
 * entity, a second root, a cut document; and stops at each ceiling (bytes,
 * tag, text, nodes, depth, memory) in bounded processor time, however small
 * the pieces. Leaves out: what the elements mean.
 */
#include "config.h"

#include "wire/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const struct xml_limits limits = {
    .bytes = 16 << 20,
    .tag = 64 << 10,
    .text = 1536 << 10,
    .memory = 10 << 20,
    .nodes = 60000,
    .depth = 256,
    .cpu_ms = 3000,
};

static double
seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum err_code
feed(struct xml_reader *r, const char *s, size_t n, size_t step,
     const struct xml_node **root)
{
    struct err e = {0};
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < n && !code; i += step)
        code = xml_feed(r, s + i, step < n - i ? step : n - i, &e);
    return code ? code : xml_finish(r, root, &e);
}

static enum err_code
outcome(const char *s, size_t n, size_t step)
{
    const struct xml_node *root;
    struct xml_reader *r = xml_new(&limits);
    enum err_code code = feed(r, s, n, step, &root);
    xml_free(&r);
    return code;
}

static enum err_code
outcome_text(const char *s)
{
    return outcome(s, strlen(s), strlen(s) ? strlen(s) : 1);
}

static const char small[] =
    "<?xml version=\"1.0\"?>\n<a xmlns=\"urn:x\" k=\"v &amp; w\">\n"
    "<!-- c --><b>\xc3\xa5<![CDATA[<&]]>&#228;</b> <p:b xmlns:p=\"urn:y\"/>"
    "<b>  </b>tail</a>\n";

static void
check_small(const struct xml_node *a)
{
    assert_string_equal(a->name, "a");
    assert_string_equal(a->ns, "urn:x");
    assert_string_equal(xml_attr(a, "k"), "v & w");
    assert_null(xml_attr(a, "b"));
    const struct xml_node *b = xml_child_ns(a, "urn:x", "b");
    assert_string_equal(b->text, "\xc3\xa5<&\xc3\xa4");
    assert_int_equal(b->len, 6);
    assert_string_equal(xml_child_ns(a, "urn:y", "b")->name, "b");
    assert_ptr_equal(xml_again(b), b->next->next);
    assert_null(xml_again(b)->text);
    assert_string_equal(b->next->next->next->name, "");
    assert_string_equal(b->next->next->next->text, "tail");
    assert_string_equal(xml_text(a, "b"), "\xc3\xa5<&\xc3\xa4");
    assert_null(xml_text(a, "c"));
}

static void
test_any_cut_gives_the_same_tree(void **state)
{
    (void)state;
    struct err e;
    for (size_t cut = 0; cut < sizeof small; cut++) {
        const struct xml_node *root;
        struct xml_reader *r = xml_new(&limits);
        assert_int_equal(xml_feed(r, small, cut, &e), ERR_OK);
        assert_int_equal(xml_feed(r, small + cut, sizeof small - 1 - cut, &e),
                         ERR_OK);
        assert_int_equal(xml_finish(r, &root, &e), ERR_OK);
        check_small(root);
        xml_free(&r);
    }
}

static void
test_a_cut_document_is_none(void **state)
{
    (void)state;
    size_t whole = strstr(small, "</a>") - small + 4;
    for (size_t n = 0; n < whole; n++)
        assert_int_equal(outcome(small, n, 7), ERR_PROTOCOL);
    assert_int_equal(outcome(small, whole, 7), ERR_OK);
}

static void
test_encodings(void **state)
{
    (void)state;
    static const char latin[] =
        "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe5</a>";
    static const char bom[] = "\xef\xbb\xbf<a>\xc3\xa5</a>";
    static const char utf16[] = "\xff\xfe<\0a\0>\0\xe5\0<\0/\0a\0>\0";
    const struct {
        const char *s;
        size_t n;
    } docs[] = {{latin, sizeof latin - 1},
                {bom, sizeof bom - 1},
                {utf16, sizeof utf16 - 1}};
    for (size_t i = 0; i < 3; i++)
        for (size_t step = 1; step < docs[i].n; step += 3) {
            const struct xml_node *root;
            struct xml_reader *r = xml_new(&limits);
            assert_int_equal(feed(r, docs[i].s, docs[i].n, step, &root),
                             ERR_OK);
            assert_string_equal(root->text, "\xc3\xa5");
            xml_free(&r);
        }
    assert_int_equal(
        outcome_text("<?xml version='1.0' encoding='UTF-7'?><a>x</a>"),
        ERR_PROTOCOL);
    assert_int_equal(outcome_text("<a>\xe5</a>"), ERR_PROTOCOL);
}

static void
test_refused(void **state)
{
    (void)state;
    static const char *const docs[] = {
        "",
        " \n ",
        "hej",
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY l '0'><!ENTITY m "
        "'&l;&l;&l;'>]><a>&m;</a>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1/x.dtd'><a/>",
        "<a>&x;</a>",
        "<a/><a/>",
        "<a/>hej",
        "<a></b>",
        "<a x='1' x='2'/>",
        "<p:a/>",
        "<a>\x01</a>",
    };
    for (size_t i = 0; i < sizeof docs / sizeof *docs; i++)
        if (outcome_text(docs[i]) != ERR_PROTOCOL)
            fail_msg("taken: %s", docs[i]);
}

static char *
repeat(const char *head, const char *unit, size_t times, const char *tail,
       size_t *n)
{
    size_t h = strlen(head), u = strlen(unit), t = strlen(tail);
    char *s = malloc(h + u * times + t + 1);
    memcpy(s, head, h);
    for (size_t i = 0; i < times; i++)
        memcpy(s + h + i * u, unit, u);
    memcpy(s + h + u * times, tail, t + 1);
    *n = h + u * times + t;
    return s;
}

/* Every kind of endless thing, in pieces of one byte to sixteen thousand. */
static void
test_ceilings_in_bounded_time(void **state)
{
    (void)state;
    static const struct {
        const char *what, *head, *unit;
        size_t times;
        const char *tail;
    } bad[] = {
        {"a tag of >", "<a b='", ">", 3 << 20, "'/>"},
        {"a tag of > and spaces", "<a b='", "> ", 1 << 20, "'/>"},
        {"a tag of attributes", "<a", " b='c'", 500000, "/>"},
        {"a tag without an end", "<a ", " ", 3 << 20, ""},
        {"a name", "<", "a", 1 << 20, "/>"},
        {"a comment", "<a><!--", "- ", 1 << 20, "--></a>"},
        {"an instruction", "<a><?x ", "> ", 1 << 20, "?></a>"},
        {"white space behind", "<a/>", " ", 1 << 20, ""},
        {"depth", "", "<a>", 100000, ""},
        {"elements", "<a>", "<b/>", 100000, "</a>"},
        {"attributes", "<a>", "<b c='' d='' e=''/>", 30000, "</a>"},
        {"texts", "<a>", "<b>0123456789abcdef0123456789abcdef</b>", 400000,
         "</a>"},
        {"bytes", "<a>", "0123456789abcdef", (1 << 20) + 1, "</a>"},
    };
    static const size_t steps[] = {1, 7, 1460, 16384};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t n;
        char *s =
            repeat(bad[i].head, bad[i].unit, bad[i].times, bad[i].tail, &n);
        for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
            double from = seconds();
            enum err_code code = outcome(s, n, steps[k]);
            double took = seconds() - from;
            if (code != ERR_TOO_BIG)
                fail_msg("%s in %zu: %d", bad[i].what, steps[k], code);
            if (took > 4)
                fail_msg("%s in %zu took %.1f s", bad[i].what, steps[k], took);
        }
        free(s);
    }
}

static void
test_many_large_tags_stay_cheap(void **state)
{
    (void)state;
    size_t n_tag, n;
    char *tag = repeat("<b c='", "> ", 30000, "'/>", &n_tag);
    char *s = repeat("<a>", tag, 200, "</a>", &n);
    double from = seconds();
    enum err_code code = outcome(s, n, 1);
    if (seconds() - from > 8)
        fail_msg("%.1f s", seconds() - from);
    assert_true(code == ERR_OK || code == ERR_TOO_BIG);
    free(tag);
    free(s);
}

static void
test_too_much_text_is_dropped_alone(void **state)
{
    (void)state;
    size_t n;
    char *s =
        repeat("<a><b>", "0123456789abcdef", 100000, "</b><c>x</c></a>", &n);
    const struct xml_node *root;
    struct xml_reader *r = xml_new(&limits);
    assert_int_equal(feed(r, s, n, 1000, &root), ERR_OK);
    assert_true(xml_child(root, "b")->too_big);
    assert_null(xml_child(root, "b")->text);
    assert_string_equal(xml_text(root, "c"), "x");
    xml_free(&r);
    free(s);
}

/* libxml2 writes of a broken encoding to stderr, with bytes of the document,
 * unless it is told not to: they would stand in enfragad's journal. */
static void
test_nothing_of_it_reaches_stderr(void **state)
{
    (void)state;
    static const char broken[] = "\xff\xfe<\0a\0>\0\x00\xdb<\0/\0a\0>\0";
    FILE *f = tmpfile();
    assert_non_null(f);
    fflush(stderr);
    int kept = dup(2);
    dup2(fileno(f), 2);
    enum err_code code = outcome(broken, sizeof broken - 1, 3);
    enum err_code latin =
        outcome("<?xml version='1.0' encoding='US-ASCII'?><a>\xe5</a>", 45, 45);
    fflush(stderr);
    dup2(kept, 2);
    close(kept);
    assert_int_equal(code, ERR_PROTOCOL);
    assert_int_equal(latin, ERR_PROTOCOL);
    fseek(f, 0, SEEK_END);
    assert_int_equal(ftell(f), 0);
    fclose(f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_cut_gives_the_same_tree),
        cmocka_unit_test(test_a_cut_document_is_none),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_ceilings_in_bounded_time),
        cmocka_unit_test(test_many_large_tags_stay_cheap),
        cmocka_unit_test(test_too_much_text_is_dropped_alone),
        cmocka_unit_test(test_nothing_of_it_reaches_stderr),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
