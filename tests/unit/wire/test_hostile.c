/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: whatever an answer holds - an endless tag, text that grows when it
 * is cleaned, as many elements, JSON values or CSN elements as the ceilings
 * let in - it is read within 64 MiB (where no sanitizer adds to it) and a few
 * seconds of processor time, in small pieces too, and what could not be kept
 * is no answer. Leaves out: the single ceilings (test_xml, test_json).
 */
#include "config.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#ifdef __SANITIZE_ADDRESS__
enum { MEMORY_KIB = 0, SECONDS = 20 };
#else
enum { MEMORY_KIB = 64 << 10, SECONDS = 5 };
#endif

static void
fill(struct buf *b, const char *unit, size_t bytes)
{
    for (size_t n = 0, u = strlen(unit); n < bytes; n += u)
        buf_add(b, unit, u);
}

#define AF_OPEN                                                                \
    "<s:AF><s:data><a:Svar xmlns:a=\"http://api.arbetsformedlingen.se/"        \
    "arbetssokande/ersattningsstod/v2\">"

static void
make_endless_tag(struct buf *b)
{
    buf_adds(b, "<s:AF x='");
    fill(b, "> ", 4 << 20);
}

static void
make_wide_text(struct buf *b)
{
    buf_adds(b, AF_OPEN);
    for (int i = 0; i < 8; i++) {
        buf_adds(b, "<a:x>");
        fill(b, "\xe2\x80\xae", 1 << 20); /* U+202E: eight bytes cleaned */
        buf_adds(b, "</a:x>");
    }
    buf_adds(b, "</a:Svar></s:data></s:AF>");
}

static void
make_elements(struct buf *b)
{
    buf_adds(b, AF_OPEN);
    fill(b, "<a:Beslut>x</a:Beslut>", 59000 * 22);
    buf_adds(b, "</a:Svar></s:data></s:AF>");
}

static void
make_names(struct buf *b)
{
    buf_adds(b, AF_OPEN);
    for (int i = 0; i < 59000; i++)
        buf_addf(b, "<a:n%d>x</a:n%d>", i, i);
    buf_adds(b, "</a:Svar></s:data></s:AF>");
}

static void
make_json(struct buf *b)
{
    AUTO_BUF(json, 1 << 20);
    buf_adds(&json, "{\"formansinformation\":{\"utbetalningsuppgift\":[{}");
    fill(&json, ",{\"a\":1,\"b\":[2]}", 9900 * 16);
    buf_adds(&json, "],\"x\":\"");
    fill(&json, "\\u202e", 800000);
    buf_adds(&json, "\"}}");
    assert_false(json.full);
    fixture_source(b, SOURCE_FK, buf_str(&json));
}

/* A decision or none for each of as many claims. */
static void
make_claims(struct buf *b)
{
    AUTO_BUF(json, 2 << 20);
    buf_adds(&json, "{\"ansprak\":[{}");
    for (int i = 0; i < 5500; i++)
        buf_adds(&json, ",{\"formansgrupp\":{\"kod\":\"a\"}}");
    buf_adds(&json, "],\"beslut\":[{}");
    for (int i = 0; i < 5500; i++)
        buf_adds(&json, ",{\"formansgrupp\":{\"kod\":\"b\"}}");
    buf_adds(&json, "]}");
    fixture_source(b, SOURCE_FK, buf_str(&json));
}

static void
make_csn(struct buf *b)
{
    AUTO_BUF(doc, 1 << 20);
    buf_adds(&doc, "<CSNSvar><Personer><Person personnummer='8503129804' "
                   "sekel='19'><Studiemedel><Arenden>");
    fill(&doc, "<Arende><stodform>G</stodform></Arende>", 25000 * 39);
    buf_adds(&doc, "</Arenden></Studiemedel></Person></Personer></CSNSvar>");
    assert_false(doc.full);
    fixture_source(b, SOURCE_CSN, buf_str(&doc));
}

static void
make_all_at_once(struct buf *b)
{
    make_csn(b);
    make_json(b);
    make_wide_text(b);
}

static void
child(void (*make)(struct buf *), size_t step)
{
    struct question q = fixture_question();
    AUTO_BUF(inside, 15 << 20);
    AUTO_BUF(doc, 16 << 20);
    make(&inside);
    fixture_envelope(&doc, buf_str(&inside));
    /* What the answer itself takes is not the reader's: give it back. */
    buf_done(&inside);
    enum err_code code;
    struct answer *a =
        fixture_read(&q, doc.data, doc.len, step, 200, "text/xml", &code);
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (a->of[i].state == STATE_INGA_UPPGIFTER ||
            a->of[i].state == STATE_SVAR || a->of[i].state == STATE_VANTAR)
            _exit(1);
    answer_free(&a);
}

/* In a process of its own, whose high-water mark is then known. */
static void
run(const char *what, void (*make)(struct buf *), size_t step)
{
    struct rusage use;
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
        child(make, step);
        _exit(0);
    }
    assert_int_equal(wait4(pid, &status, 0, &use), pid);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("%s: status %d", what, status);
    long seconds = use.ru_utime.tv_sec + use.ru_stime.tv_sec;
    print_message("%s: %ld MiB, %ld.%02ld s\n", what, use.ru_maxrss >> 10,
                  seconds, (long)use.ru_utime.tv_usec / 10000);
    if (seconds > SECONDS)
        fail_msg("%s took %ld s", what, seconds);
    if (MEMORY_KIB && use.ru_maxrss > MEMORY_KIB)
        fail_msg("%s took %ld KiB", what, use.ru_maxrss);
}

static void
test_bounded(void **state)
{
    (void)state;
    run("an endless tag", make_endless_tag, 1460);
    run("an endless tag, byte by byte", make_endless_tag, 1);
    run("text that grows", make_wide_text, 16384);
    run("elements", make_elements, 16384);
    run("names", make_names, 16384);
    run("JSON", make_json, 16384);
    run("claims", make_claims, 16384);
    run("CSN", make_csn, 16384);
    run("all at once", make_all_at_once, 16384);
}

/* UTF-16 inside base64: the raw form holds NULs. */
static void
test_raw_of_utf16(void **state)
{
    (void)state;
    struct question q = fixture_question();
    static const char wide[] = "\xff\xfe<\0C\0S\0N\0S\0v\0a\0r\0/\0>\0";
    AUTO_BUF(inside, 4096);
    AUTO_BUF(doc, 8192);
    buf_adds(&inside, "<s:CSN><s:data><s:svar>");
    text_base64_encode(&inside, wide, sizeof wide - 1);
    buf_adds(&inside, "</s:svar></s:data></s:CSN>");
    fixture_envelope(&doc, buf_str(&inside));
    struct answer *a =
        fixture_read(&q, doc.data, doc.len, 100, 200, "text/xml", NULL);
    const struct source_answer *s = &a->of[SOURCE_CSN];
    assert_int_equal(s->state, STATE_FEL); /* no ResultatKod */
    assert_int_equal(s->raw_len, sizeof wide - 1);
    assert_memory_equal(s->raw, wide, sizeof wide - 1);
    answer_free(&a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_raw_of_utf16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
