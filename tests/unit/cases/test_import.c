/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: a case file is taken whole or not at all; a faulty row names row,
 * case and fault and never a personnummer; importing again updates and keeps
 * what the file does not speak of. Leaves out: reading the register back in
 * every form (test_register).
 */
#include "config.h"

#include "scene.h"

#include "base/clock.h"
#include "seal/hash.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW INT64_C(1795528800000)
#define MB PERSON(MAJBRITT, "Lindqvist, Maj-Britt", "sokande")
#define LO PERSON(LARS, "Persson, Lars Olof", "medsokande")
#define EL PERSON(ELSA, "Persson, Elsa", "barn")
#define TU PERSON(TURE, "Persson, Ture", "barn")
#define GOOD OPEN("EK-2026-00417", "\"hl0142\"", MB "," LO "," EL "," TU)

static struct scene scene;

static int
setup(void **state)
{
    (void)state;
    scene_init(&scene);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    scene_done(&scene);
    return 0;
}

/* No run of eight digits: a date is at most that with its dashes. */
static void
assert_no_number(const char *text)
{
    int run = 0;
    for (; *text != '\0'; text++) {
        run = isdigit((unsigned char)*text) ? run + 1 : 0;
        assert_true(run < 8);
    }
}

static void
refused(const char *json, enum err_code code, const char *says)
{
    struct err e = {0};
    struct reg_case c;
    assert_int_equal(take(&scene, json, MODE_TEST, &e), code);
    if (strstr(e.text, says) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", e.text, says);
    assert_no_number(e.text);
    assert_int_equal(register_imported_ms(scene.reg), 0);
    assert_int_equal(
        register_case(scene.reg, "EK-2026-00417", "hl0142", NOW, &c, &e),
        ERR_CASE);
}

static void
test_a_good_file_is_taken(void **state)
{
    (void)state;
    struct err e = {0};
    struct import_result res;
    struct reg_case c;
    static const char json[] = FILE_OF(GOOD);
    uint8_t sha[32];
    int64_t before = clock_now_ms();
    assert_int_equal(
        import_bytes(scene.reg, json, strlen(json), MODE_TEST, &res, &e),
        ERR_OK);
    assert_int_equal(res.cases, 1);
    assert_int_equal(res.new_cases, 1);
    assert_int_equal(res.persons, 4);
    sha256(sha, json, strlen(json));
    assert_memory_equal(sha, res.sha256, 32);
    assert_true(register_imported_ms(scene.reg) >= before);
    assert_int_equal(
        register_case(scene.reg, "EK-2026-00417", "hl0142", NOW, &c, &e),
        ERR_OK);
    assert_true(c.open && c.takes_part && !c.jav && !c.prepared);
    assert_int_equal(c.n_persons, 4);
    assert_string_equal(c.persons[0].number.digits, MAJBRITT);
    assert_string_equal(c.persons[0].namn, "Lindqvist, Maj-Britt");
    assert_int_equal(c.persons[3].roll, ROLL_BARN);
    assert_int_equal(c.opened.year, 2026);
    assert_true(date_none(c.closed));
    reg_case_done(&c);
}

static void
test_the_file_as_such(void **state)
{
    (void)state;
    refused("", ERR_BAD_INPUT, "JSON");
    refused("{", ERR_BAD_INPUT, "JSON");
    refused(FILE_OF(GOOD) "x", ERR_BAD_INPUT, "end");
    refused("[]", ERR_BAD_INPUT, "object");
    refused("{\"schema\":\"enfraga.arenden/2\",\"arenden\":[]}", ERR_BAD_INPUT,
            "enfraga.arenden/1");
    refused("{\"arenden\":[]}", ERR_BAD_INPUT, "schema");
    refused("{\"schema\":\"enfraga.arenden/1\"}", ERR_BAD_INPUT, "arenden");
    refused("{\"schema\":\"enfraga.arenden/1\",\"arenden\":[],\"arenden\":[]}",
            ERR_BAD_INPUT, "arenden");
    refused("{\"schema\":\"enfraga.arenden/1\",\"arenden\":[],\"mer\":1}",
            ERR_BAD_INPUT, "mer");
    refused("{\"schema\":\"enfraga.arenden/1\",\"arenden\":[\xff]}",
            ERR_BAD_INPUT, "UTF-8");
    refused("{\"schema\":\"enfraga.arenden/1\\u0000\",\"arenden\":[]}",
            ERR_BAD_INPUT, "NUL");
    refused(FILE_OF("7"), ERR_BAD_INPUT, "1");
}

/* A fault in the second row: row and case are named, the first is not in. */
#define SECOND(row) FILE_OF(GOOD "," row)

static void
test_a_faulty_row_names_itself(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
    } rows[] = {
        {SECOND(GOOD), "2 (EK-2026-00417)"},
        {SECOND(OPEN("EK-2", "\"hl0142\"",
                     PERSON("198503129805", "A, B", "sokande"))),
         "2 (EK-2)"},
        {SECOND(OPEN("EK-2", "\"hl0142\"",
                     PERSON("850312-9804", "A, B", "sokande"))),
         "2 (EK-2)"},
        {SECOND(
             OPEN("EK-2", "\"hl0142\"", PERSON(ANNA, "A\\u001bB", "sokande"))),
         "namn"},
        {SECOND(OPEN("EK-2", "\"hl0142\"", PERSON(ANNA, "", "sokande"))),
         "namn"},
        {SECOND(OPEN("EK-2", "\"hl0142\"", PERSON(ANNA, "A, B", "make"))),
         "medsokande"},
        {SECOND(OPEN("EK-2", "\"hl0142\"", PERSON(ANNA, "A, B", "barn"))),
         "sokande"},
        {SECOND(OPEN("EK-2", "\"hl0142\"",
                     PERSON(ANNA, "A, B", "sokande") "," PERSON(BO, "C, D",
                                                                "sokande"))),
         "sokande"},
        {SECOND(OPEN(
             "EK-2", "\"hl0142\"",
             PERSON(ANNA, "A, B", "sokande") "," PERSON(ANNA, "A, B", "barn"))),
         "1"},
        {SECOND(OPEN("EK-2", "\"hl0142\"", "")), "sokande"},
        {SECOND(OPEN("EK-2", "7", PERSON(ANNA, "A, B", "sokande"))),
         "handlaggare"},
        {SECOND(OPEN("EK-2", "\"a\",\"a\"", PERSON(ANNA, "A, B", "sokande"))),
         "handlaggare"},
        {SECOND(CASE("EK-2", "pagaende", "\"2026-02-01\"", "", "",
                     PERSON(ANNA, "A, B", "sokande"))),
         "avslutat"},
        {SECOND(CASE("EK-2", "avslutat", "null", "", "",
                     PERSON(ANNA, "A, B", "sokande"))),
         "avslutat"},
        {SECOND(CASE("EK-2", "avslutat", "\"2026-01-09\"", "", "",
                     PERSON(ANNA, "A, B", "sokande"))),
         "avslutat"},
        {SECOND(CASE("EK-2", "avslutat", "\"2026-02-30\"", "", "",
                     PERSON(ANNA, "A, B", "sokande"))),
         "avslutat"},
        {SECOND(CASE("EK-2", "vilande", "null", "", "",
                     PERSON(ANNA, "A, B", "sokande"))),
         "lage"},
        {SECOND(OPEN("", "\"hl0142\"", PERSON(ANNA, "A, B", "sokande"))),
         "arende"},
        {SECOND(OPEN("12345678901234567890123456789012", "\"hl0142\"",
                     PERSON(ANNA, "A, B", "sokande"))),
         "31"},
        {SECOND(OPEN(ANNA, "\"hl0142\"", PERSON(ANNA, "A, B", "sokande"))),
         "2"},
        {SECOND(OPEN("900101-9802", "\"hl0142\"",
                     PERSON(ANNA, "A, B", "sokande"))),
         "2"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        refused(rows[i].json, ERR_BAD_INPUT, rows[i].says);
}

static void
test_unknown_and_double_members_are_named(void **state)
{
    (void)state;
    refused(FILE_OF("{\"arende\":\"EK-9\",\"arende\":\"EK-9\"}"), ERR_BAD_INPUT,
            "arende");
    refused(FILE_OF("{\"Arende\":\"EK-9\"}"), ERR_BAD_INPUT, "Arende");
    refused(FILE_OF("{\"" ANNA "\":\"EK-9\"}"), ERR_BAD_INPUT, "?");
    refused(FILE_OF(OPEN("EK-9", "\"hl0142\"",
                         "{\"personnummer\":\"" ANNA "\",\"namn\":\"A, B\","
                         "\"roll\":\"sokande\",\"adress\":\"x\"}")),
            ERR_BAD_INPUT, "adress");
    refused(FILE_OF(OPEN("EK-9", "\"hl0142\"",
                         "{\"personnummer\":\"" ANNA "\",\"namn\":\"A, B\","
                         "\"roll\":\"sokande\",\"sekretess\":\"nej\"}")),
            ERR_BAD_INPUT, "sekretess");
}

static void
test_mode_decides_which_numbers(void **state)
{
    (void)state;
    struct err e = {0};
    static const char real[] = FILE_OF(
        OPEN("EK-5", "\"hl0142\"", PERSON("197407029284", "A, B", "sokande")));
    assert_int_equal(take(&scene, FILE_OF(GOOD), MODE_SKARP, &e),
                     ERR_TEST_NUMBER);
    assert_no_number(e.text);
    assert_int_equal(take(&scene, real, MODE_OVNING, &e), ERR_TEST_NUMBER);
    assert_int_equal(take(&scene, real, MODE_TEST, &e), ERR_OK);
    assert_int_equal(take(&scene, real, MODE_SKARP, &e), ERR_OK);
    assert_int_equal(take(&scene, FILE_OF(GOOD), MODE_OVNING, &e), ERR_OK);
}

static void
test_importing_again_updates(void **state)
{
    (void)state;
    struct err e = {0};
    struct import_result res;
    struct reg_case c;
    struct personnummer mb = {MAJBRITT};
    static const char again[] = FILE_OF(
        CASE("EK-2026-00417", "pagaende", "null", "\"hl0131\"", "\"hl0142\"",
             PERSON(MAJBRITT, "Lindqvist, Maja", "sokande") "," TU));
    assert_int_equal(
        take(&scene,
             FILE_OF(GOOD "," OPEN("EK-2", "\"hl0142\"",
                                   PERSON(ANNA, "A, B", "sokande"))),
             MODE_TEST, &e),
        ERR_OK);
    assert_int_equal(register_note_outcome(scene.reg, "EK-2026-00417", &mb,
                                           "+0%", 2, true, &e),
                     ERR_OK);
    assert_int_equal(
        import_bytes(scene.reg, again, strlen(again), MODE_TEST, &res, &e),
        ERR_OK);
    assert_int_equal(res.new_cases, 0);
    assert_int_equal(
        register_case(scene.reg, "EK-2026-00417", "hl0142", NOW, &c, &e),
        ERR_OK);
    assert_true(c.jav && !c.takes_part);
    assert_int_equal(c.n_persons, 2); /* two have left the household */
    assert_string_equal(c.persons[0].namn, "Lindqvist, Maja");
    assert_string_equal(c.persons[0].states, "+0%"); /* kept */
    assert_int_equal(c.persons[0].open_checks, 2);
    assert_true(c.persons[0].shielded); /* an answer said so: it stays */
    reg_case_done(&c);
    /* the case that the new file does not name is still there */
    assert_int_equal(register_case(scene.reg, "EK-2", "hl0142", NOW, &c, &e),
                     ERR_OK);
    assert_true(c.takes_part);
    reg_case_done(&c);
}

static void
test_a_file_that_is_not_there(void **state)
{
    (void)state;
    struct err e = {0};
    struct import_result res;
    assert_int_equal(
        import_file(scene.reg, "/nonexistent/a.json", MODE_TEST, &res, &e),
        ERR_NOT_FOUND);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_good_file_is_taken),
        T(test_the_file_as_such),
        T(test_a_faulty_row_names_itself),
        T(test_unknown_and_double_members_are_named),
        T(test_mode_decides_which_numbers),
        T(test_importing_again_updates),
        T(test_a_file_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
