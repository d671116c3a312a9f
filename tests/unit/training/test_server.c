/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: questions are answered over a private socket after each authority's
 * own time, side by side; training.ini sets faults, how long and how often;
 * a silent authority costs nothing when its peer leaves or the server stops;
 * what is no question gets a SOAP fault; each authority has a path of its own.
 * Leaves out: what is answered (test_answers).
 */
#include "config.h"

#include "ask.h"

#include "base/clock.h"
#include "base/loop.h"
#include "net/fetch.h"
#include "training/training.h"

#include <event2/event.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct call {
    struct world *world;
    struct buf got;
    enum err_code code;
    int status, ms;
};

struct world {
    struct event_base *base;
    struct fetcher *fetcher;
    struct training *training;
    char dir[64], path[96], ini[96];
    int64_t from;
    int waiting;
};

static enum err_code
on_data(void *arg, const void *p, size_t n, struct err *e)
{
    (void)e;
    return buf_add(&((struct call *)arg)->got, p, n);
}

static void
on_done(void *arg, enum err_code code, int status, const char *type,
        const struct err *e)
{
    (void)type;
    (void)e;
    struct call *c = arg;
    c->code = code;
    c->status = status;
    c->ms = (int)((clock_mono_us() - c->world->from) / 1000);
    if (--c->world->waiting == 0)
        event_base_loopbreak(c->world->base);
}

static struct fetch *
send_to(struct world *w, struct call *c, const char *url,
        const struct buf *body, long total_s)
{
    static const struct fetch_ops ops = {.data = on_data, .done = on_done};
    struct err e = {0};
    struct fetch_options o = {.url = url,
                              .unix_socket = w->path,
                              .body = body != NULL ? body->data : NULL,
                              .body_len = body != NULL ? body->len : 0,
                              .plain = true,
                              .connect_s = 5,
                              .total_s = total_s,
                              .max = ANSWER_MAX};
    *c = (struct call){.world = w, .got = BUF_INIT(ANSWER_MAX)};
    if (w->waiting++ == 0)
        w->from = clock_mono_us();
    struct fetch *f = fetch_start(w->fetcher, &o, &ops, c, &e);
    assert_non_null(f);
    return f;
}

static struct fetch *
post(struct world *w, struct call *c, const struct buf *body, long total_s)
{
    return send_to(w, c, "http://localhost/ssbtek", body, total_s);
}

static struct fetch *
ask(struct world *w, struct call *c, enum cast_id who, enum source_id source)
{
    struct err e = {0};
    struct question q = question_of(cast_person(who)->number, "EK-1");
    AUTO_BUF(body, 256 << 10);
    assert_int_equal(ssbtek_question(&body, &q, SOURCE_BIT(source), &asker, &e),
                     ERR_OK);
    return post(w, c, &body, 10);
}

static void
start(struct world *w, const char *ini)
{
    struct err e = {0};
    if (ini != NULL) {
        FILE *f = fopen(w->ini, "w");
        fputs(ini, f);
        fclose(f);
    }
    w->training = training_start(w->base, w->path, w->dir, &e);
    if (w->training == NULL)
        fail_msg("%s", e.text);
}

static int
setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    snprintf(w->dir, sizeof(w->dir), "/tmp/enfraga-training-XXXXXX");
    if (mkdtemp(w->dir) == NULL)
        return 1;
    snprintf(w->path, sizeof(w->path), "%s/sock", w->dir);
    snprintf(w->ini, sizeof(w->ini), "%s/training.ini", w->dir);
    w->base = loop_new();
    w->fetcher = fetcher_new(w->base);
    *state = w;
    return 0;
}

static int
teardown(void **state)
{
    struct world *w = *state;
    fetcher_free(&w->fetcher);
    training_stop(&w->training);
    event_base_free(w->base);
    unlink(w->ini);
    rmdir(w->dir);
    free(w);
    return 0;
}

static void
test_socket_is_private(void **state)
{
    struct world *w = *state;
    struct stat st;
    start(w, NULL);
    assert_int_equal(stat(w->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    training_stop(&w->training);
    assert_int_equal(stat(w->path, &st), -1);
}

static void
test_authorities_answer_side_by_side(void **state)
{
    struct world *w = *state;
    struct call fk, tns, so;
    start(w, NULL);
    ask(w, &fk, CAST_LARS, SOURCE_FK);
    ask(w, &so, CAST_LARS, SOURCE_SO);
    ask(w, &tns, CAST_LARS, SOURCE_TNS);
    event_base_dispatch(w->base);
    assert_int_equal(fk.status, 200);
    assert_int_equal(so.status, 200);
    assert_int_equal(tns.status, 200);
    assert_true(tns.ms >= 100 && tns.ms < so.ms);
    assert_true(so.ms >= 700 && so.ms < fk.ms);
    assert_true(fk.ms >= 1100);
    assert_true(fk.ms < 1100 + 700); /* not one after the other */
    assert_non_null(strstr(buf_str(&fk.got), "<ssbt:FK><ssbt:data>"));
    assert_null(strstr(buf_str(&fk.got), "<ssbt:SO>"));
    assert_non_null(strstr(buf_str(&fk.got),
                           "<ssbt:korrelationsid>6f1c2a34-0000-4000-8000-"
                           "000000000001</ssbt:korrelationsid>"));
    buf_done(&fk.got);
    buf_done(&tns.got);
    buf_done(&so.got);
}

static void
test_ini_sets_faults(void **state)
{
    struct world *w = *state;
    struct call one, two, three, four;
    start(w, "[alla]\nlatens_ms = 5\n[AF]\nfel = fel_bt\nantal = 1\n"
             "[SO]\nfel = http500\n[TNS]\nfel = tom\nperson = 197905179839\n");
    ask(w, &one, CAST_LARS, SOURCE_AF);
    ask(w, &two, CAST_LARS, SOURCE_SO);
    ask(w, &three, CAST_LARS, SOURCE_TNS);
    ask(w, &four, CAST_HANSAKE, SOURCE_TNS);
    event_base_dispatch(w->base);
    assert_non_null(strstr(buf_str(&one.got), "4012"));
    assert_int_equal(two.status, 500);
    assert_non_null(strstr(buf_str(&three.got), "ABC001"));
    assert_null(strstr(buf_str(&four.got), "ABC002"));
    assert_true(one.ms < 300);
    buf_done(&one.got);
    buf_done(&two.got);
    /* the next question to AF is answered as usual */
    ask(w, &one, CAST_HANSAKE, SOURCE_AF);
    event_base_dispatch(w->base);
    assert_non_null(strstr(buf_str(&one.got), "ArbetssokandeInfo"));
    buf_done(&one.got);
    buf_done(&three.got);
    buf_done(&four.got);
}

static void
test_ini_names_its_fault(void **state)
{
    struct world *w = *state;
    static const char *const bad[] = {
        "[XY]\nfel = tom\n",          "[PM]\nfel = tom\n",
        "[AF]\nfel = trasig\n",       "[AF]\nlatens_ms = -1\n",
        "[AF]\nlatens_ms = 600001\n", "[AF]\nfarg = gul\n",
        "[AF]\nperson = 1979\n"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err e = {0};
        FILE *f = fopen(w->ini, "w");
        fputs(bad[i], f);
        fclose(f);
        assert_null(training_start(w->base, w->path, w->dir, &e));
        assert_int_equal(e.code, ERR_CONFIG);
        assert_non_null(strstr(e.text, "training.ini"));
    }
}

/* One that never answers: the peer leaves, then the server stops with
 * another one waiting. The leak checker has the last word. */
static void
test_a_silent_authority_costs_nothing(void **state)
{
    struct world *w = *state;
    struct call silent, other;
    start(w, "[alla]\nlatens_ms = 5\n[SO]\nfel = tyst\n");
    struct fetch *f = ask(w, &silent, CAST_LARS, SOURCE_SO);
    ask(w, &other, CAST_LARS, SOURCE_TNS);
    w->waiting = 1;
    event_base_dispatch(w->base);
    assert_int_equal(other.status, 200);
    assert_int_equal(silent.got.len, 0);
    fetch_cancel(f);
    buf_done(&other.got);
    ask(w, &other, CAST_LARS, SOURCE_TNS); /* lets the loop see it go */
    w->waiting = 1;
    event_base_dispatch(w->base);
    assert_int_equal(other.status, 200);
    buf_done(&other.got);
    ask(w, &silent, CAST_LARS, SOURCE_SO);
    ask(w, &other, CAST_LARS, SOURCE_TNS);
    w->waiting = 1;
    event_base_dispatch(w->base);
    training_stop(&w->training);
    buf_done(&other.got);
    buf_done(&silent.got);
}

/* v11 refuses the whole question where SKV lacks its block (WIRE 2.2). */
static void
test_skv_without_its_block(void **state)
{
    struct world *w = *state;
    struct err e = {0};
    struct call with, without;
    struct question q = question_of(cast_person(CAST_MAJBRITT)->number, "EK-1");
    AUTO_BUF(body, 64 << 10);
    AUTO_BUF(cut, 64 << 10);
    question_set(&q, KONTRAKT_V11);
    start(w, "[SKV]\nfel = inget\n");
    assert_int_equal(
        ssbtek_question(&body, &q, SOURCE_BIT(SOURCE_SKV), &asker, &e), ERR_OK);
    const char *from = strstr(buf_str(&body), "<s:fraga>");
    const char *to = strstr(buf_str(&body), "</s:fraga>");
    assert_true(from != NULL && to != NULL);
    buf_add(&cut, body.data, (size_t)(from - body.data));
    buf_adds(&cut, to + strlen("</s:fraga>"));
    post(w, &with, &body, 10);
    post(w, &without, &cut, 10);
    event_base_dispatch(w->base);
    assert_int_equal(with.status, 200);
    assert_int_equal(without.status, 500);
    assert_non_null(strstr(buf_str(&without.got),
                           "<faultstring>Internal error</faultstring>"));
    assert_null(strstr(buf_str(&without.got), "<detail>"));
    buf_done(&with.got);
    buf_done(&without.got);
}

static void
test_probe_holds_no_person(void **state)
{
    struct world *w = *state;
    enum probe_state of[SOURCE_COUNT];
    struct err e = {0};
    struct call c;
    AUTO_BUF(body, 4096);
    start(w, "[SKV]\nfel = fel_bt\n[AF]\nfel = fel_bt\nperson = "
             "198503129804\n");
    assert_int_equal(ssbtek_probe(&body, KONTRAKT_V10), ERR_OK);
    post(w, &c, &body, 10);
    event_base_dispatch(w->base);
    assert_int_equal(c.status, 200);
    assert_int_equal(ssbtek_probe_read(of, c.got.data, c.got.len, &e), ERR_OK);
    assert_int_equal(of[SOURCE_SKV], PROBE_FEL);
    assert_int_equal(of[SOURCE_AF], PROBE_KLAR); /* one person's trouble */
    assert_int_equal(of[SOURCE_FK], PROBE_KLAR);
    assert_int_equal(of[SOURCE_TNS], PROBE_PROVAS_INTE);
    assert_int_equal(of[SOURCE_MIV], PROBE_PROVAS_INTE);
    buf_done(&c.got);
}

/* A question about two sources, no question, and no XML. */
static void
test_what_is_no_question_gets_a_fault(void **state)
{
    struct world *w = *state;
    struct err e = {0};
    struct question q = question_of(cast_person(CAST_LARS)->number, "EK-1");
    AUTO_BUF(two, 256 << 10);
    AUTO_BUF(none, 4096);
    struct call a, b, c;
    start(w, NULL);
    assert_int_equal(
        ssbtek_question(&two, &q, SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_SO),
                        &asker, &e),
        ERR_OK);
    post(w, &a, &two, 10);
    buf_adds(&none, "<x/>");
    post(w, &b, &none, 10);
    buf_clear(&none);
    buf_adds(&none, "hej");
    post(w, &c, &none, 10);
    event_base_dispatch(w->base);
    const struct call *all[] = {&a, &b, &c};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(all[i]->status, 500);
        assert_non_null(
            strstr(buf_str(&all[i]->got), "hamtaBastjanstInformationFault"));
        assert_null(strstr(buf_str(&all[i]->got), "1983"));
    }
    buf_done(&a.got);
    buf_done(&b.got);
    buf_done(&c.got);
}

/* Each at its own path, in its own contract; what is none gets its refusal. */
static void
test_each_authority_has_a_path(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *path;
        enum source_id source;
        const char *said;
    } rows[] = {
        {"/af", SOURCE_AF, "<af:SvarMeddelande"},
        {"/csn", SOURCE_CSN, "<k:CSNSvar"},
        {"/skv", SOURCE_SKV, "<skv:BeskattningsuppgifterResponse"},
        {"/so", SOURCE_SO, "<so:GetUnemploymentBenefitPaymentResponse"},
        {"/tns", SOURCE_TNS, "<tns:HamtaUppgifterResponse"},
        {"/miv", SOURCE_MIV, "<miv:findByPersonnummerResponse"},
        {"/fk/lefi-extern-formansinformation/v9/aktorer/999-01/"
         "formansinformation/fraga",
         SOURCE_FK, "\"formansinformation\":"},
        {"/fk/lefi-extern-formansinformation/v9/aktorer/999-01/"
         "tillgangligaInformationstyper",
         SOURCE_COUNT, "\"FK:GEPI\""},
    };
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct question q = question_of(cast_person(CAST_LARS)->number, "EK-1");
    struct call own[N], wrong[N], nowhere;
    AUTO_BUF(bad, 64);
    buf_adds(&bad, "<x/>");
    start(w, "[alla]\nlatens_ms = 1\n");
    for (int i = 0; i < N; i++) {
        struct err e = {0};
        char url[256];
        AUTO_BUF(body, 256 << 10);
        snprintf(url, sizeof(url), "http://localhost%s", rows[i].path);
        bool get = rows[i].source == SOURCE_COUNT;
        if (!get)
            assert_int_equal(
                bastjanst_question(&body, rows[i].source, &q, &asker, &e),
                ERR_OK);
        send_to(w, &own[i], url, get ? NULL : &body, 10);
        send_to(w, &wrong[i], url, &bad, 10);
    }
    send_to(w, &nowhere, "http://localhost/fk", &bad, 10);
    event_base_dispatch(w->base);
    assert_int_equal(nowhere.status, 404);
    for (int i = 0; i < N; i++) {
        assert_int_equal(own[i].status, 200);
        assert_non_null(strstr(buf_str(&own[i].got), rows[i].said));
        assert_int_equal(wrong[i].status, rows[i].source == SOURCE_COUNT ? 404
                                          : rows[i].source == SOURCE_FK  ? 400
                                                                         : 500);
        buf_done(&own[i].got);
        buf_done(&wrong[i].got);
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_socket_is_private),
        T(test_authorities_answer_side_by_side),
        T(test_ini_sets_faults),
        T(test_ini_names_its_fault),
        T(test_a_silent_authority_costs_nothing),
        T(test_skv_without_its_block),
        T(test_probe_holds_no_person),
        T(test_what_is_no_question_gets_a_fault),
        T(test_each_authority_has_a_path),
    };
    signal(SIGPIPE, SIG_IGN); /* as enfragad does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
