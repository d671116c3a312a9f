/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: access to a case lasts a day to the millisecond and is given by a
 * second person, never to a closed case, over jäv or to the own number, nor to
 * a role that handles no cases; what is taken efterhand waits for approval, is
 * told of once it is overdue and cannot be renewed meanwhile; an own list is
 * read whole or not at all, and a bad line is named by its number alone.
 * Leaves out: roles of who gives, the setting, the log (tests/e2e/test_access).
 */
#include "config.h"

#include "scene.h"

#include "base/clock.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW INT64_C(1795528800000) /* 2026-11-24 15:00 */
#define DAY INT64_C(86400000)
#define TODAY ((struct date){2026, 11, 24})
#define FREE "EK-2026-00500"
#define OWN "EK-2026-00417"
#define CLOSED "EK-2026-00501"
#define BARRED "EK-2026-00502"

static const char cases[] = FILE_OF(
    OPEN(OWN, "\"hl0142\"", PERSON(MAJBRITT, "Lindqvist, Maj-Britt", "sokande")) "," OPEN(
        FREE, "\"hl0131\"",
        PERSON(
            BO, "Wallin, Per-Erik",
            "sokande")) "," CASE(CLOSED, "avslutat", "\"2026-05-01\"", "", "",
                                 PERSON(TURE, "Avslutad, Ture",
                                        "sokande")) "," CASE(BARRED, "pagaende",
                                                             "null", "",
                                                             "\"hl0142\","
                                                             "\"chef08\"",
                                                             PERSON(
                                                                 ELSA,
                                                                 "Jävig, Elsa",
                                                                 "sokande")));

static struct scene scene;

static void
put(const char *konto, unsigned roles, const char *own)
{
    struct account a = {.roles = roles, .enhet = "Norr", .namn = "Any Name"};
    snprintf(a.konto, sizeof(a.konto), "%s", konto);
    snprintf(a.own.digits, sizeof(a.own.digits), "%s", own);
    assert_int_equal(register_put_account(scene.reg, &a, NULL), ERR_OK);
}

static int
setup(void **state)
{
    (void)state;
    struct err e = {0};
    scene_init(&scene);
    if (take(&scene, cases, MODE_TEST, &e) != ERR_OK)
        return 1;
    put("hl0142", ROLE_HANDLAGGARE, "");
    put("hl0131", ROLE_HANDLAGGARE, "");
    put("egen", ROLE_HANDLAGGARE, BO);
    put("kc01", ROLE_KONTAKTCENTER, "");
    put("sys01", ROLE_SYSTEMANSVARIG, "");
    put("chef07", ROLE_CHEF, "");
    put("chef08", ROLE_CHEF | ROLE_HANDLAGGARE, "");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    scene_done(&scene);
    return 0;
}

static enum err_code
access_at(int64_t now, enum access_kind kind, const char *arende,
          const char *konto, const char *by, uint64_t post)
{
    struct access a = {.kind = kind, .post = post, .skal = "ersätter"};
    snprintf(a.arende, sizeof(a.arende), "%s", arende);
    snprintf(a.konto, sizeof(a.konto), "%s", konto);
    snprintf(a.by, sizeof(a.by), "%s", by);
    enum err_code may = register_may_access(scene.reg, &a, now, NULL);
    enum err_code did = register_put_access(scene.reg, &a, now, NULL);
    assert_int_equal(may, did);
    return did;
}

static enum err_code
give(const char *arende, const char *konto, const char *by)
{
    return access_at(NOW, ACCESS_GIVEN, arende, konto, by, 1);
}

static bool
holds(const char *arende, const char *konto, int64_t now)
{
    struct reg_case c;
    assert_int_equal(register_case(scene.reg, arende, konto, now, &c, NULL),
                     ERR_OK);
    bool is = c.access_given;
    reg_case_done(&c);
    return is;
}

static int
waiting(int64_t now, bool overdue, struct access *first)
{
    struct access *list;
    int n;
    assert_int_equal(
        register_access_waiting(scene.reg, now, overdue, &list, &n, NULL),
        ERR_OK);
    if (n > 0 && first != NULL)
        *first = list[0];
    free(list);
    return n;
}

static void
test_given_for_a_day_by_a_second_person(void **state)
{
    (void)state;
    assert_int_equal(give(FREE, "hl0142", "hl0142"), ERR_ROLE);
    assert_int_equal(give(FREE, "finnsej", "chef07"), ERR_IDENTITY);
    assert_int_equal(give("EK-2099-99999", "hl0142", "chef07"), ERR_CASE);
    assert_false(holds(FREE, "hl0142", NOW));
    assert_int_equal(give(FREE, "hl0142", "chef07"), ERR_OK);
    assert_true(holds(FREE, "hl0142", NOW + DAY - 1));
    assert_false(holds(FREE, "hl0142", NOW + DAY)); /* to the millisecond */
    assert_false(holds(FREE, "chef07", NOW));       /* not for who gave it */
    assert_int_equal(waiting(NOW, false, NULL), 0);
}

static void
test_never_overridable(void **state)
{
    (void)state;
    assert_int_equal(give(CLOSED, "hl0142", "chef07"), ERR_CASE_CLOSED);
    assert_int_equal(give(BARRED, "hl0142", "chef07"), ERR_JAV);
    assert_int_equal(give(BARRED, "hl0131", "chef08"), ERR_JAV); /* the giver */
    assert_int_equal(give(FREE, "egen", "chef07"), ERR_OWN_PERSON);
    assert_int_equal(give(FREE, "sys01", "chef07"), ERR_ROLE);
    assert_int_equal(give(FREE, "kc01", "chef07"), ERR_ROLE); /* not prepared */
    struct account a;
    assert_int_equal(register_account(scene.reg, "hl0142", &a, NULL), ERR_OK);
    a.blocked = true;
    assert_int_equal(register_put_account(scene.reg, &a, NULL), ERR_OK);
    assert_int_equal(give(FREE, "hl0142", "chef07"), ERR_BLOCKED);
    assert_false(holds(FREE, "hl0142", NOW));
}

static enum err_code
take_own(int64_t now, const char *arende, const char *konto, uint64_t post)
{
    return access_at(now, ACCESS_EFTERHAND, arende, konto, konto, post);
}

/* What stays shut gives one and the same refusal. */
static void
test_efterhand_tells_nothing_of_shut_cases(void **state)
{
    (void)state;
    static const char *const shut[] = {"EK-2099-99999", CLOSED, BARRED};
    for (int i = 0; i < 3; i++) {
        struct err e = {0};
        struct access a = {
            .kind = ACCESS_EFTERHAND, .konto = "hl0142", .by = "hl0142"};
        snprintf(a.arende, sizeof(a.arende), "%s", shut[i]);
        assert_int_equal(register_may_access(scene.reg, &a, NOW, &e), ERR_CASE);
        assert_string_equal(e.text, "no case of yours fits");
    }
    assert_int_equal(take_own(NOW, FREE, "egen", 1), ERR_CASE);
    assert_int_equal(take_own(NOW, OWN, "hl0142", 1), ERR_BAD_INPUT);
    assert_int_equal(
        access_at(NOW, ACCESS_EFTERHAND, FREE, "hl0131", "hl0142", 1),
        ERR_ROLE); /* for oneself alone */
}

static void
test_efterhand_approved(void **state)
{
    (void)state;
    struct access a;
    assert_int_equal(
        access_at(NOW, ACCESS_GODKAND, FREE, "hl0142", "chef07", 8),
        ERR_NOT_FOUND);
    assert_int_equal(take_own(NOW, FREE, "hl0142", 7), ERR_OK);
    assert_true(holds(FREE, "hl0142", NOW + DAY - 1));
    assert_false(holds(FREE, "hl0142", NOW + DAY));
    assert_int_equal(waiting(NOW, false, &a), 1);
    assert_string_equal(a.arende, FREE);
    assert_string_equal(a.konto, "hl0142");
    assert_string_equal(a.skal, "ersätter");
    assert_true(a.post == 7 && a.until_ms == NOW + DAY);
    /* neither renewed nor covered by another while it waits */
    assert_int_equal(take_own(NOW + 1, FREE, "hl0142", 9), ERR_BAD_INPUT);
    assert_int_equal(give(FREE, "hl0142", "chef07"), ERR_BAD_INPUT);
    assert_int_equal(
        access_at(NOW + 1, ACCESS_GODKAND, FREE, "hl0142", "hl0142", 9),
        ERR_ROLE);
    assert_int_equal(
        access_at(NOW + 1, ACCESS_GODKAND, FREE, "hl0142", "chef07", 9),
        ERR_OK);
    assert_int_equal(waiting(NOW, false, NULL), 0);
    assert_int_equal(waiting(NOW + 2 * DAY, true, NULL), 0);
    assert_true(holds(FREE, "hl0142", NOW + DAY - 1)); /* no longer for it */
    assert_false(holds(FREE, "hl0142", NOW + DAY));
}

static void
test_efterhand_overdue(void **state)
{
    (void)state;
    struct access a;
    assert_int_equal(take_own(NOW, FREE, "hl0142", 7), ERR_OK);
    assert_int_equal(waiting(NOW + DAY - 1, true, NULL), 0);
    assert_int_equal(waiting(NOW + DAY, false, NULL), 0);
    assert_int_equal(
        access_at(NOW + DAY, ACCESS_GODKAND, FREE, "hl0142", "chef07", 8),
        ERR_NOT_FOUND); /* too late */
    /* not renewed, not pruned, until it has been told of */
    assert_int_equal(take_own(NOW + DAY, FREE, "hl0142", 9), ERR_BAD_INPUT);
    assert_int_equal(
        access_at(NOW + DAY, ACCESS_GIVEN, OWN, "hl0131", "chef07", 10),
        ERR_OK);
    assert_int_equal(waiting(NOW + DAY, true, &a), 1);
    assert_true(a.post == 7);
    assert_int_equal(register_drop_access(scene.reg, &a, NULL), ERR_OK);
    assert_int_equal(waiting(NOW + DAY, true, NULL), 0);
    assert_int_equal(take_own(NOW + DAY, FREE, "hl0142", 11), ERR_OK);
    assert_int_equal(register_drop_access(scene.reg, &a, NULL), ERR_OK);
    assert_int_equal(waiting(NOW + DAY, false, NULL), 1); /* another one's */
}

static void
read_list(const char *text, size_t len, int want)
{
    struct personnummer *list;
    struct err e = {0};
    int n;
    assert_int_equal(own_list_read(text, len, TODAY, &list, &n, &e), ERR_OK);
    assert_int_equal(n, want);
    assert_int_equal(register_put_own_list(scene.reg, "hl0142", list, n, &e),
                     ERR_OK);
    free(list);
}

static bool
listed(const char *konto, const char *number)
{
    struct personnummer p;
    bool is = false;
    snprintf(p.digits, sizeof(p.digits), "%s", number);
    assert_int_equal(register_on_own_list(scene.reg, konto, &p, &is, NULL),
                     ERR_OK);
    return is;
}

static void
test_own_list_replaces_the_old_one(void **state)
{
    (void)state;
    static const char file[] =
        "\xef\xbb\xbf# släkt\r\n" LARS "\r\n\n  19900101-9810 # granne\n" LARS
        "\n850312-9804";
    read_list(file, sizeof(file) - 1, 4);
    assert_true(listed("hl0142", LARS));
    assert_true(listed("hl0142", BO));
    assert_true(listed("hl0142", MAJBRITT));
    assert_false(listed("hl0142", ANNA));
    assert_false(listed("hl0131", LARS)); /* another account's is another */
    read_list(ANNA "\n", 13, 1);
    assert_true(listed("hl0142", ANNA));
    assert_false(listed("hl0142", LARS));
    read_list("", 0, 0);
    assert_false(listed("hl0142", ANNA));
    struct personnummer p = {ANNA};
    assert_int_equal(register_put_own_list(scene.reg, "finnsej", &p, 1, NULL),
                     ERR_IDENTITY);
}

static void
bad_line(const char *text, size_t len, const char *said)
{
    struct personnummer *list;
    struct err e = {0};
    int n;
    assert_int_equal(own_list_read(text, len, TODAY, &list, &n, &e),
                     ERR_PERSONNUMMER);
    assert_null(list);
    assert_int_equal(n, 0);
    assert_string_equal(e.text, said);
}
#define BAD_LINE(text, said) bad_line(text, sizeof(text) - 1, said)

static void
test_own_list_names_a_bad_line_by_number(void **state)
{
    (void)state;
    BAD_LINE(LARS "\n\n# a\n198503129805\n" BO,
             "line 4 does not hold a personnummer");
    BAD_LINE("8503129804\n", "line 1 does not hold a personnummer");
    BAD_LINE(LARS "\n" BO " " ANNA "\n", "line 2 does not hold a personnummer");
    BAD_LINE("1985\0"
             "03129804",
             "line 1 does not hold a personnummer");
    BAD_LINE(LARS "                                                      "
                  "                          " BO,
             "line 1 does not hold a personnummer");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_given_for_a_day_by_a_second_person),
        T(test_never_overridable),
        T(test_efterhand_tells_nothing_of_shut_cases),
        T(test_efterhand_approved),
        T(test_efterhand_overdue),
        T(test_own_list_replaces_the_old_one),
        T(test_own_list_names_a_bad_line_by_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
