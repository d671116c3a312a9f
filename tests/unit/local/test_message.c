/* SPDX-License-Identifier: EUPL-1.2
 *
 * The small messages: what is written is read back, and what is incomplete,
 * doubled, unknown or too big is refused with a reason that repeats nothing
 * of the input. Leaves out: signatures and receipts (client's tests).
 */
#include "config.h"

#include "local/json.h"
#include "local/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static cJSON *
parse(const char *s)
{
    struct err e = {0};
    cJSON *o = message_parse(s, strlen(s), 1 << 20, &e);
    if (!o)
        fail_msg("%s", e.text);
    return o;
}

static void
test_parse(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{",
        "{} x",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"c\":2,\"b\":3}}",
        "[{\"a\":1,\"a\":1}]",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\xff\"}",
    };
    struct err e = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_null(message_parse(bad[i], strlen(bad[i]), 1000, &e));
        assert_int_equal(e.code, ERR_PROTOCOL);
    }
    assert_null(message_parse("{\"a\":1}", 7, 6, &e));
    assert_int_equal(e.code, ERR_TOO_BIG);
    assert_null(message_parse("{}\0", 3, 1000, &e));
    /* not an escape: a backslash that is itself escaped */
    cJSON *o = parse(" {\"a\":\"\\\\u0000\",\"A\":2}\n");
    assert_string_equal(message_text(o, "a"), "\\u0000");
    cJSON_Delete(o);
}

static void
test_members(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", NULL};
    struct err e = {0};
    int64_t v = 7;
    cJSON *o = parse("{\"a\":1.5,\"b\":9007199254740991}");
    assert_true(message_only(o, names, &e));
    assert_false(message_number(o, "a", &v));
    assert_int_equal(v, 7);
    assert_true(message_number(o, "b", &v));
    assert_true(v == 9007199254740991);
    assert_null(message_text(o, "a"));
    assert_false(message_bool(o, "c"));
    cJSON_Delete(o);
    o = parse("{\"198503129804\":1}");
    assert_false(message_only(o, names, &e));
    assert_null(strstr(e.text, "1985"));
    cJSON_Delete(o);
    o = parse("[]");
    assert_false(message_only(o, names, &e));
    cJSON_Delete(o);
}

static void
test_signed_entry(void **state)
{
    (void)state;
    AUTO_BUF(b, 1 << 20);
    struct err e = {0};
    struct signed_entry s = {.has_payload = true}, back;
    buf_init(&s.author, 4096);
    buf_init(&s.payload, 4096);
    buf_add(&s.author, "\0author", 7);
    buf_adds(&s.payload, "payload");
    memset(s.sig, 1, sizeof s.sig);
    memset(s.salt, 2, sizeof s.salt);
    assert_int_equal(signed_entry_write(&b, &s), ERR_OK);
    cJSON *o = parse(buf_str(&b));
    assert_int_equal(signed_entry_read(&back, o, &e), ERR_OK);
    assert_int_equal(back.author.len, 7);
    assert_memory_equal(back.author.data, "\0author", 7);
    assert_memory_equal(back.sig, s.sig, 64);
    assert_memory_equal(back.salt, s.salt, 32);
    assert_string_equal(buf_str(&back.payload), "payload");
    signed_entry_done(&back);
    cJSON_DeleteItemFromObjectCaseSensitive(o, "salt");
    assert_int_equal(signed_entry_read(&back, o, &e), ERR_BAD_INPUT);
    cJSON_DeleteItemFromObjectCaseSensitive(o, "nyttolast");
    assert_int_equal(signed_entry_read(&back, o, &e), ERR_OK);
    assert_false(back.has_payload);
    signed_entry_done(&back);
    cJSON_AddStringToObject(o, "mer", "x");
    assert_int_equal(signed_entry_read(&back, o, &e), ERR_BAD_INPUT);
    cJSON_Delete(o);
    o = parse("{\"forfattardel\":\"AAAA\",\"signatur\":\"AAAA\"}");
    assert_int_equal(signed_entry_read(&back, o, &e), ERR_BAD_INPUT);
    cJSON_Delete(o);
    signed_entry_done(&s);
}

static void
test_kvitto_and_klar(void **state)
{
    (void)state;
    AUTO_BUF(b, 1 << 16);
    AUTO_BUF(b2, 1 << 16);
    struct err e = {0};
    struct kvitto k = {.loggpost = 20418, .time_ms = 1795527127000}, k2;
    buf_init(&k.receipt, 100);
    buf_adds(&k.receipt, "receipt");
    kvitto_write(&b, &k);
    cJSON *o = parse(buf_str(&b));
    assert_string_equal(message_text(o, "typ"), "kvitto");
    assert_int_equal(kvitto_read(&k2, o, &e), ERR_OK);
    assert_true(k2.loggpost == 20418 && k2.time_ms == k.time_ms);
    assert_string_equal(buf_str(&k2.receipt), "receipt");
    buf_done(&k2.receipt);
    cJSON_DeleteItemFromObjectCaseSensitive(o, "tid");
    assert_int_equal(kvitto_read(&k2, o, &e), ERR_PROTOCOL);
    cJSON_Delete(o);
    struct klar l = {.utfall = "delvis", .loggpost = 5}, l2;
    buf_init(&l.receipt, 100);
    buf_adds(&l.receipt, "r");
    l.hash[31] = 9;
    klar_write(&b2, &l);
    o = parse(buf_str(&b2));
    assert_int_equal(klar_read(&l2, o, &e), ERR_OK);
    assert_string_equal(l2.utfall, "delvis");
    assert_memory_equal(l2.hash, l.hash, 32);
    buf_done(&l2.receipt);
    cJSON_ReplaceItemInObjectCaseSensitive(o, "salt", cJSON_CreateString("0"));
    assert_int_equal(klar_read(&l2, o, &e), ERR_PROTOCOL);
    cJSON_Delete(o);
    buf_done(&k.receipt);
    buf_done(&l.receipt);
}

static void
test_problem(void **state)
{
    (void)state;
    for (int i = ERR_OK + 1; i < ERR_COUNT; i++) {
        AUTO_BUF(b, 1 << 16);
        struct err e = {0}, back = {0};
        enum err_code code = ERR_OK;
        err_set(&e, (enum err_code)i, "because");
        problem_write(&b, (enum err_code)i, &e, i & 1);
        cJSON *o = parse(buf_str(&b));
        int64_t status, leave;
        assert_int_equal(problem_read(&code, &back, o), ERR_OK);
        assert_int_equal(code, i);
        assert_string_equal(back.text, "because");
        assert_true(message_number(o, "status", &status) && status >= 400);
        assert_true(message_number(o, "utgang", &leave));
        assert_int_equal(leave, err_row((enum err_code)i)->exit);
        assert_int_equal(cJSON_HasObjectItem(o, "typ"), i & 1);
        cJSON_Delete(o);
    }
    struct err e = {0};
    enum err_code code;
    cJSON *o = parse("{\"title\":\"x\"}");
    assert_int_equal(problem_read(&code, &e, o), ERR_PROTOCOL);
    cJSON_Delete(o);
}

static void
test_seconds(void **state)
{
    (void)state;
    static const struct {
        int ms;
        const char *want;
    } rows[] = {{-1, "null"}, {0, "0.0"},      {5, "0.005"},    {50, "0.05"},
                {100, "0.1"}, {1234, "1.234"}, {30000, "30.0"}, {3010, "3.01"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_BUF(b, 100);
        struct json j = {.out = &b};
        json_seconds(&j, NULL, rows[i].ms);
        assert_string_equal(buf_str(&b), rows[i].want);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_signed_entry),
        cmocka_unit_test(test_kvitto_and_klar),
        cmocka_unit_test(test_problem),
        cmocka_unit_test(test_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
