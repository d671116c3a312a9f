/* SPDX-License-Identifier: EUPL-1.2
 *
 * The session against an enfragad that this test plays: what the client sends
 * is signed by the user's key, commits to the question and names the head it
 * has seen; a log that does not go on from that head is refused at the next
 * opening; and whatever comes back, a wrong log key, a receipt of another
 * entry or of one that is not the client's own, another hash, a source that was
 * not asked, a cut, a refusal, no asked source is left waiting or counts as
 * answered without its content. Leaves out: the real enfragad (tests/e2e) and
 * the socket's owner (needs two users).
 */
#include "config.h"

#include "client/client.h"
#include "domain/question.h"
#include "proof/entry.h"
#include "tests/unit/client/played.h"

#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct client *
open_client(enum err_code want)
{
    struct client_options o = {.instance = w.dir, .konto = "hl0142"};
    struct err e = {0};
    struct client *c = client_new(w.base, &o, NULL, NULL);
    enum err_code code = client_wait(c, &e);
    if (code != want)
        fail_msg("%d: %s", code, e.text);
    return c;
}

static struct client *
open_session(void)
{
    struct err e = {0};
    struct client *c = open_client(ERR_OK);
    client_unlock(c, PASSPHRASE, NULL, NULL);
    assert_int_equal(client_wait(c, &e), ERR_OK);
    return c;
}

static struct question
question(void)
{
    struct question q = {.arende = "EK-2026-00417",
                         .person.digits = "198503129804",
                         .roll = ROLL_SOKANDE,
                         .syfte = SYFTE_FORTSATT,
                         .month = {2026, 11},
                         .sources =
                             SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_SO)};
    q.period = period_of_application(q.month);
    return q;
}

static void
test_me(void **state)
{
    (void)state;
    struct client *c = open_client(ERR_OK);
    const struct client_me *me = client_me(c);
    assert_string_equal(me->namn, "Anna Ek");
    assert_int_equal(me->roles, ROLE_HANDLAGGARE);
    assert_int_equal(me->forsakran, FORSAKRAN_GILTIG);
    assert_int_equal(client_status(c)->mode, MODE_TEST);
    assert_int_equal(client_status(c)->available[SOURCE_AF], 0);
    assert_int_equal(client_status(c)->available[SOURCE_FK], 3);
    client_free(&c);
}

static void
test_other_log_key(void **state)
{
    (void)state;
    w.status_vkey = w.other_text;
    struct client *c = open_client(ERR_IDENTITY);
    client_free(&c);
    w.status_vkey = w.log_text;
    unlink(w.vkey_file);
    c = open_client(ERR_CONFIG);
    client_free(&c);
    played_pin(w.log_text);
    /* Who names the pinned key must also have signed with it. */
    w.trick = OTHER_HEAD;
    c = open_client(ERR_SIGNATURE);
    client_free(&c);
    w.trick = GOOD;
}

/* What a user is told of the key at login. */
static void
test_the_key_in_words(void **state)
{
    (void)state;
    struct client_me me = {.konto = "hl0142",
                           .key_print = "a3f0-77c1",
                           .key_since = "2026-01-20",
                           .last_asked_ms = 5000};
    AUTO_BUF(b, 1024);
    client_key_text(&me, &b);
    assert_string_equal(buf_str(&b),
                        "Your key a3f0-77c1, unchanged since 2026-01-20");
    assert_false(client_key_is_new(&me));
    buf_clear(&b);
    snprintf(me.key_by, sizeof me.key_by, "chef07");
    me.key_changed_ms = 6000; /* since the last question */
    client_key_text(&me, &b);
    assert_string_equal(
        buf_str(&b),
        "Your key a3f0-77c1, changed 2026-01-20, attested by chef07");
    assert_true(client_key_is_new(&me));
    buf_clear(&b);
    snprintf(me.key_by, sizeof me.key_by, "hl0142");
    snprintf(me.key_waits, sizeof me.key_waits, "0000-1111");
    me.last_asked_ms = 7000;
    client_key_text(&me, &b);
    assert_string_equal(buf_str(&b),
                        "Your key a3f0-77c1, changed 2026-01-20, signed by the "
                        "one before. The key 0000-1111 awaits a chef's "
                        "attestation");
    assert_false(client_key_is_new(&me));
    buf_clear(&b);
    me = (struct client_me){0};
    client_key_text(&me, &b);
    assert_non_null(strstr(buf_str(&b), "No key is registered"));
}

/* A key that is not the account's opens no session. */
static void
test_another_key(void **state)
{
    (void)state;
    struct err e = {0};
    char kept[160];
    memcpy(kept, w.user_vkey, sizeof kept);
    snprintf(w.user_vkey, sizeof w.user_vkey, "%s", w.other_text);
    struct client *c = open_client(ERR_OK);
    client_unlock(c, PASSPHRASE, NULL, NULL);
    assert_int_equal(client_wait(c, &e), ERR_KEY);
    assert_false(client_unlocked(c));
    client_free(&c);
    memcpy(w.user_vkey, kept, sizeof kept);
}

static void
test_passphrase(void **state)
{
    (void)state;
    struct err e = {0};
    struct client *c = open_client(ERR_OK);
    struct question q = question();
    int before = w.asked;
    client_unlock(c, "fel-fras", NULL, NULL);
    assert_int_equal(client_wait(c, &e), ERR_PASSPHRASE);
    assert_null(strstr(e.text, "fel-fras"));
    assert_false(client_unlocked(c));
    struct ask *a = client_ask(c, &q, NULL, NULL);
    assert_int_equal(client_wait(c, &e), ERR_PASSPHRASE);
    assert_int_equal(ask_code(a, &e), ERR_PASSPHRASE);
    ask_free(&a);
    assert_int_equal(w.asked, before);
    client_free(&c);
}

/* What enfragad got: an author part that only this user can have made. */
static void
check_intent(const struct question *q)
{
    struct err e = {0};
    struct entry_author author;
    struct question sent;
    struct vkey v;
    struct key *k = NULL;
    uint8_t commit[HASH_SIZE], kid[KID_SIZE];
    assert_int_equal(
        entry_author_decode(w.got.author.data, w.got.author.len, &author, &e),
        ERR_OK);
    assert_int_equal(vkey_parse(w.user_vkey, &v, &e), ERR_OK);
    assert_int_equal(key_from_public(v.pub, &k, &e), ERR_OK);
    assert_true(
        entry_verify(k, w.got.author.data, w.got.author.len, w.got.sig));
    key_free(&k);
    vkey_kid(&v, kid);
    assert_memory_equal(author.kid, kid, sizeof kid);
    assert_int_equal(author.type, KIND_INTENT);
    assert_string_equal(author.origin, ORIGIN);
    assert_string_equal(author.mode, "test");
    assert_int_equal(author.authorities, q->sources);
    assert_int_equal(author.forsakran[31], 7);
    assert_int_equal(author.seen_size, 1);
    assert_false(author.has_ref);
    entry_commit(commit, w.got.salt, w.got.payload.data, w.got.payload.len);
    assert_memory_equal(commit, author.commit, sizeof commit);
    assert_int_equal(
        question_decode(&sent, w.got.payload.data, w.got.payload.len, &e),
        ERR_OK);
    assert_string_equal(sent.arende, q->arende);
    assert_string_equal(sent.person.digits, q->person.digits);
    assert_string_equal(sent.handlaggare, "hl0142");
    assert_int_equal(strlen(sent.id), 36);
    assert_true(sent.asked_ms > 0);
}

struct seen {
    int kvitto, kalla, svar, klar, failed;
};

static void
count_event(void *arg, struct ask *ask, enum ask_event what, enum source_id s)
{
    struct seen *n = arg;
    n->kvitto += what == ASK_KVITTO;
    n->kalla += what == ASK_KALLA;
    n->svar += what == ASK_SVAR;
    n->klar += what == ASK_KLAR;
    n->failed += what == ASK_FAILED;
    if (what == ASK_KALLA)
        assert_true(ask_opening(ask, s));
    if (what == ASK_SVAR)
        assert_false(ask_opening(ask, s));
}

static void
test_whole(void **state)
{
    (void)state;
    struct err e = {0};
    struct seen n = {0};
    struct client *c = open_session();
    struct question q = question();
    w.trick = GOOD;
    struct ask *a = client_ask(c, &q, count_event, &n);
    if (client_wait(c, &e) != ERR_OK)
        fail_msg("%s", e.text);
    assert_true(n.kvitto == 1 && n.kalla == 2 && n.svar == 2 && n.klar == 1 &&
                n.failed == 0);
    assert_int_equal(ask_loggpost(a), w.count - 1);
    check_intent(&q);
    struct answer *taken = ask_take(a);
    assert_true(answer_whole(taken));
    assert_string_equal(taken->lage, "test");
    assert_int_equal(taken->of[SOURCE_SO].loggpost, w.count - 1);
    ask_free(&a);
    answer_free(&taken);
    client_free(&c);
}

static void
test_bad_streams(void **state)
{
    (void)state;
    static const struct {
        enum trick trick;
        enum err_code code;
        bool logged;
        enum source_state af, so;
    } rows[] = {
        {OTHER_KEY, ERR_SIGNATURE, false, STATE_FEL, STATE_FEL},
        {OTHER_SEQ, ERR_LOG_BROKEN, false, STATE_FEL, STATE_FEL},
        {OTHER_LEAF, ERR_LOG_BROKEN, false, STATE_FEL, STATE_FEL},
        {NO_HOST, ERR_LOG_BROKEN, false, STATE_FEL, STATE_FEL},
        {BEFORE_KVITTO, ERR_PROTOCOL, false, STATE_FEL, STATE_FEL},
        {NO_KVITTO, ERR_PROTOCOL, false, STATE_FEL, STATE_FEL},
        {TWO_KVITTO, ERR_PROTOCOL, true, STATE_FEL, STATE_FEL},
        {OTHER_HASH, ERR_PROTOCOL, true, STATE_FEL, STATE_FEL},
        {AFTER_KLAR, ERR_PROTOCOL, true, STATE_INGA_UPPGIFTER, STATE_FEL},
        {OTHER_SOURCE, ERR_PROTOCOL, true, STATE_INGA_UPPGIFTER, STATE_FEL},
        {CUT, ERR_PROTOCOL, true, STATE_INGA_UPPGIFTER, STATE_FEL},
        {STATE_ONLY, ERR_PROTOCOL, true, STATE_FEL, STATE_FEL},
        {PROBLEM, ERR_LOG, true, STATE_INGA_UPPGIFTER, STATE_FEL},
        {GARBAGE, ERR_PROTOCOL, true, STATE_INGA_UPPGIFTER, STATE_FEL},
        {REFUSED, ERR_JAV, false, STATE_FEL, STATE_FEL},
    };
    struct client *c = open_session();
    struct question q = question();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        struct seen n = {0};
        w.trick = rows[i].trick;
        struct ask *a = client_ask(c, &q, count_event, &n);
        enum err_code code = client_wait(c, &e);
        if (code != rows[i].code)
            fail_msg("trick %d: %d %s", rows[i].trick, code, e.text);
        assert_int_equal(ask_code(a, &e), code);
        assert_true(n.klar == 0 && n.failed == 1);
        assert_int_equal(ask_loggpost(a) != 0, rows[i].logged);
        const struct answer *got = ask_answer(a);
        assert_int_equal(got->of[SOURCE_AF].state, rows[i].af);
        assert_int_equal(got->of[SOURCE_SO].state, rows[i].so);
        assert_int_equal(got->of[SOURCE_TNS].state, STATE_EJ_TILLFRAGAD);
        ask_free(&a);
    }
    client_free(&c);
}

static void
cancel_at_once(void *arg, struct ask *ask, enum ask_event what,
               enum source_id s)
{
    (void)s;
    count_event(arg, ask, what, s);
    if (what == ASK_KALLA)
        ask_cancel(ask);
}

static void
test_cancel(void **state)
{
    (void)state;
    struct err e = {0};
    struct seen n = {0};
    struct client *c = open_session();
    struct question q = question();
    w.trick = HOLD;
    w.gone = 0;
    struct ask *a = client_ask(c, &q, cancel_at_once, &n);
    assert_int_equal(client_wait(c, &e), ERR_CANCELLED);
    assert_int_equal(n.failed, 1);
    assert_int_equal(ask_answer(a)->of[SOURCE_AF].state, STATE_AVBRUTEN);
    assert_int_equal(ask_answer(a)->of[SOURCE_SO].state, STATE_AVBRUTEN);
    ask_free(&a);
    for (int i = 0; i < 100 && !w.gone; i++) {
        struct timeval t = {.tv_usec = 20000};
        event_base_loopexit(w.base, &t);
        event_base_dispatch(w.base);
    }
    assert_int_equal(w.gone, 1); /* enfragad is told by the closing */
    client_free(&c);
}

/* A log that is cut, exchanged or cannot prove that it goes on. */
static void
test_log_that_does_not_go_on(void **state)
{
    (void)state;
    struct err e = {0};
    w.trick = GOOD;
    struct client *c = open_session();
    struct question q = question();
    struct ask *a = client_ask(c, &q, NULL, NULL);
    assert_int_equal(client_wait(c, &e), ERR_OK);
    ask_free(&a);
    client_free(&c);
    w.trick = OTHER_LOG; /* as large as what was seen, another root */
    c = open_client(ERR_SEEN);
    client_free(&c);
    w.trick = GOOD;
    uint64_t seen = w.count--; /* cut by one */
    c = open_client(ERR_SEEN);
    client_free(&c);
    w.count = seen;
    c = open_client(ERR_OK);
    client_free(&c);
    memset(w.leaf[w.count++], 3, HASH_SIZE); /* grown, by others */
    w.trick = NO_PROOF;
    c = open_client(ERR_SEEN);
    client_free(&c);
    w.trick = GOOD;
    c = open_client(ERR_OK);
    client_free(&c);
}

/* A question that could not be signed, freed before the loop says so. */
static void
test_free_before_refusal(void **state)
{
    (void)state;
    struct seen n = {0};
    struct err e = {0};
    struct client *c = open_client(ERR_OK);
    struct question q = question();
    struct ask *a = client_ask(c, &q, count_event, &n);
    ask_free(&a);
    client_wait(c, &e);
    assert_int_equal(n.failed, 0);
    client_free(&c);
}

/* The lock holds, though the passphrase was being checked. */
static void
test_lock_while_unlocking(void **state)
{
    (void)state;
    struct err e = {0};
    struct client *c = open_client(ERR_OK);
    client_unlock(c, PASSPHRASE, NULL, NULL);
    client_lock(c);
    assert_int_equal(client_wait(c, &e), ERR_CANCELLED);
    assert_false(client_unlocked(c));
    client_unlock(c, PASSPHRASE, NULL, NULL);
    assert_int_equal(client_wait(c, &e), ERR_OK);
    assert_true(client_unlocked(c));
    client_free(&c);
}

/* Going away in the middle of anything frees it all (the leak checker says). */
static void
test_free_midway(void **state)
{
    (void)state;
    struct client_options o = {.instance = w.dir, .konto = "hl0142"};
    struct question q = question();
    struct seen n = {0};
    struct client *c = client_new(w.base, &o, NULL, NULL);
    client_free(&c);
    c = open_session();
    client_refresh(c, NULL, NULL);
    client_cases(c, NULL, NULL);
    client_unlock(c, PASSPHRASE, NULL, NULL);
    w.trick = GOOD;
    client_ask(c, &q, count_event, &n);
    client_free(&c);
    assert_int_equal(n.klar + n.failed, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_me),
        cmocka_unit_test(test_other_log_key),
        cmocka_unit_test(test_the_key_in_words),
        cmocka_unit_test(test_another_key),
        cmocka_unit_test(test_passphrase),
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_bad_streams),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_log_that_does_not_go_on),
        cmocka_unit_test(test_free_before_refusal),
        cmocka_unit_test(test_lock_while_unlocking),
        cmocka_unit_test(test_free_midway),
    };
    return cmocka_run_group_tests(tests, played_setup, played_teardown);
}
