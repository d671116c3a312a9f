/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: the shipped tables allow what has a confirmed ground and no more,
 * all_on allows what the table knows, a municipality's own table takes the
 * place of the shipped one, a table of a coming month waits, and an error
 * names file and line. Leaves out: whether the law says so.
 */
#include "config.h"

#include "base/clock.h"
#include "domain/legal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/enfraga-legal-XXXXXX";

static const char *
data_dir(void)
{
    static char path[512];
    const char *top = getenv("srcdir");
    snprintf(path, sizeof path, "%s/data", top ? top : ".");
    return path;
}

static int
open_dir(void **state)
{
    (void)state;
    clock_fix(INT64_C(1795527127000)); /* 2026-11-24 */
    return mkdtemp(dir) ? 0 : -1;
}

static const char *
in_dir(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void
write_file(const char *name, const char *text)
{
    FILE *f = fopen(in_dir(name), "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static int
close_dir(void **state)
{
    (void)state;
    static const char *const names[] = {
        "syften.ini", "own.ini", "lagstod-2025-07.ini", "lagstod-2026-11.ini",
        "lagstod-2026-12.ini"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(in_dir(names[i]));
    clock_fix(0);
    return rmdir(dir);
}

static void
test_shipped_basis(void **state)
{
    (void)state;
    struct legal *l;
    struct err e = {0};
    const source_set basis =
        SOURCE_ASKABLE & ~SOURCE_BIT(SOURCE_TNS) & ~SOURCE_BIT(SOURCE_MIV);
    assert_int_equal(legal_load(&l, data_dir(), NULL, false, &e), ERR_OK);
    for (enum syfte s = 0; s < SYFTE_COUNT; s++) {
        bool used = s != SYFTE_ATERKRAV;
        assert_int_equal(legal_syfte(l, s), used);
        assert_int_equal(legal_sources(l, s), used ? basis : 0);
        assert_int_equal(legal_wire_syfte(l, s)[0] != 0, used);
        assert_int_equal(legal_wire_lagtext(l, s)[0] != 0, used);
        assert_string_equal(legal_code(l, s), used ? "lagstod-2025-07" : "");
        assert_null(strstr(legal_wire_lagtext(l, s), "2001:453"));
    }
    assert_string_equal(legal_wire_syfte(l, SYFTE_FORTSATT),
                        "Utredning och beslut i ärende om ekonomiskt bistånd "
                        "(12 kap. socialtjänstlagen)");
    assert_string_equal(
        legal_wire_lagtext(l, SYFTE_FORTSATT),
        "15 kap. 10-12 §§ socialtjänstlagen (2025:400) samt 2-7 §§ "
        "förordningen (2008:975) om uppgiftsskyldighet i vissa fall på "
        "socialtjänstens område");
    const struct legal_ground *g = legal_ground(l, SYFTE_FORTSATT, SOURCE_SKV);
    assert_true(g->allowed);
    assert_non_null(strstr(g->paragraf, "15 kap. 12 §"));
    assert_non_null(strstr(g->paragraf, "6 §"));
    assert_string_equal(g->godkand_av, "");
    assert_int_equal(date_compare(g->galler_fran, (struct date){2025, 7, 1}),
                     0);
    g = legal_ground(l, SYFTE_FORTSATT, SOURCE_TNS);
    assert_false(g->allowed);
    assert_string_equal(g->varfor, "rättslig grund inte bekräftad");
    legal_free(&l);
    assert_null(l);
}

static void
test_all_on(void **state)
{
    (void)state;
    struct legal *l;
    struct err e = {0};
    assert_int_equal(legal_load(&l, data_dir(), "", true, &e), ERR_OK);
    for (enum syfte s = 0; s < SYFTE_COUNT; s++)
        assert_int_equal(legal_sources(l, s), SOURCE_ASKABLE);
    assert_string_equal(legal_wire_syfte(l, SYFTE_ATERKRAV),
                        "Återkrav av ekonomiskt bistånd (33 kap. "
                        "socialtjänstlagen)");
    legal_free(&l);
}

static const char purposes[] = "[fortsatt]\nsyfte = S\nlagtext = L\n"
                               "anvands = ja\n";

static void
test_own_table_and_dates(void **state)
{
    (void)state;
    struct legal *l;
    struct err e = {0};
    write_file("syften.ini", purposes);
    write_file("lagstod-2025-07.ini", "[tabell]\nkod = gammal\n"
                                      "galler_fran = 2025-07-01\n");
    write_file("lagstod-2026-11.ini",
               "[tabell]\nkod = nu\ngaller_fran = 2026-11-01\n"
               "[AF]\nsyften = fortsatt\n"
               "[TNS fortsatt]\nsyften = fortsatt\ngodkand_av = Nämnden\n"
               "galler_fran = 2026-11-15\n"
               "[SO]\nsyften = fortsatt\n[SO fortsatt]\nsyften =\n");
    write_file("lagstod-2026-12.ini", "broken"); /* not in force yet */
    assert_int_equal(legal_load(&l, dir, NULL, false, &e), ERR_OK);
    assert_string_equal(legal_code(l, SYFTE_FORTSATT), "nu");
    assert_int_equal(legal_sources(l, SYFTE_FORTSATT),
                     SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_TNS));
    assert_false(legal_syfte(l, SYFTE_NYANSOKAN));
    const struct legal_ground *g = legal_ground(l, SYFTE_FORTSATT, SOURCE_TNS);
    assert_string_equal(g->godkand_av, "Nämnden");
    assert_int_equal(g->galler_fran.day, 15);
    assert_false(legal_ground(l, SYFTE_FORTSATT, SOURCE_FK)->allowed);
    assert_string_equal(legal_ground(l, SYFTE_FORTSATT, SOURCE_FK)->paragraf,
                        "");
    legal_free(&l);
    /* all_on allows what the table knows: FK is not in it */
    assert_int_equal(legal_load(&l, dir, NULL, true, &e), ERR_OK);
    assert_int_equal(legal_sources(l, SYFTE_FORTSATT),
                     SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_TNS) |
                         SOURCE_BIT(SOURCE_SO));
    legal_free(&l);
    write_file("own.ini", "[tabell]\nkod = egen\ngaller_fran = 2026-01-01\n"
                          "[MIV]\nsyften = fortsatt\n");
    char own[512];
    snprintf(own, sizeof own, "%s", in_dir("own.ini"));
    assert_int_equal(legal_load(&l, dir, own, false, &e), ERR_OK);
    assert_string_equal(legal_code(l, SYFTE_FORTSATT), "egen");
    assert_int_equal(legal_sources(l, SYFTE_FORTSATT), SOURCE_BIT(SOURCE_MIV));
    legal_free(&l);
}

/* v11's parts of SKV: each by itself, off until it has a ground. */
static void
test_parts_of_skv(void **state)
{
    (void)state;
    struct legal *l;
    struct err e = {0};
    assert_int_equal(legal_load(&l, data_dir(), NULL, false, &e), ERR_OK);
    for (enum syfte s = 0; s < SYFTE_COUNT; s++)
        assert_int_equal(legal_skv(l, s), 0);
    const struct legal_ground *g =
        legal_skv_ground(l, SYFTE_FORTSATT, SKV_SKATTEKONTO);
    assert_non_null(strstr(g->paragraf, "6 §"));
    assert_false(g->allowed);
    legal_use(l, KONTRAKT_V10); /* v10 has no parts */
    assert_true(legal_sources(l, SYFTE_FORTSATT) & SOURCE_BIT(SOURCE_SKV));
    legal_use(l, KONTRAKT_V11);
    for (enum syfte s = 0; s < SYFTE_COUNT; s++)
        assert_false(legal_sources(l, s) & SOURCE_BIT(SOURCE_SKV));
    assert_non_null(
        strstr(legal_ground(l, SYFTE_FORTSATT, SOURCE_SKV)->varfor, "delar"));
    legal_free(&l);
    assert_int_equal(legal_load(&l, data_dir(), NULL, true, &e), ERR_OK);
    legal_use(l, KONTRAKT_V11);
    for (enum syfte s = 0; s < SYFTE_COUNT; s++) {
        assert_int_equal(legal_skv(l, s), SKV_ALL);
        assert_true(legal_sources(l, s) & SOURCE_BIT(SOURCE_SKV));
    }
    legal_free(&l);
    write_file("syften.ini", "[fortsatt]\nsyfte = S\nlagtext = L\n"
                             "anvands = ja\n[kontroll]\nsyfte = S\n"
                             "lagtext = L\nanvands = ja\n");
    write_file("own.ini", "[tabell]\nkod = egen\ngaller_fran = 2026-01-01\n"
                          "[SKV]\nsyften = fortsatt kontroll\n"
                          "[SKV/skatteuppgifter]\nsyften = fortsatt\n"
                          "godkand_av = Nämnden\n"
                          "[SKV/skattekonto]\nsyften =\n"
                          "[SKV/skattekonto fortsatt]\nsyften = fortsatt\n");
    char own[512];
    snprintf(own, sizeof own, "%s", in_dir("own.ini"));
    assert_int_equal(legal_load(&l, dir, own, false, &e), ERR_OK);
    legal_use(l, KONTRAKT_V11);
    assert_int_equal(legal_skv(l, SYFTE_FORTSATT),
                     SKV_BIT(SKV_SKATTEUPPGIFTER) | SKV_BIT(SKV_SKATTEKONTO));
    assert_int_equal(legal_skv(l, SYFTE_KONTROLL), 0);
    assert_int_equal(legal_skv(l, SYFTE_NYANSOKAN), 0); /* not in use */
    assert_int_equal(legal_sources(l, SYFTE_FORTSATT), SOURCE_BIT(SOURCE_SKV));
    assert_int_equal(legal_sources(l, SYFTE_KONTROLL), 0);
    g = legal_skv_ground(l, SYFTE_FORTSATT, SKV_SKATTEUPPGIFTER);
    assert_string_equal(g->godkand_av, "Nämnden");
    assert_false(
        legal_skv_ground(l, SYFTE_FORTSATT, SKV_INDIVIDUPPGIFTER)->allowed);
    legal_free(&l);
}

static void
test_errors_name_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *table;
        const char *says;
    } bad[] = {
        {"[tabell]\nkod = x\ngaller_fran = 2026-01-01\n[ABC]\nsyften =\n",
         "line 5"},
        {"[tabell]\nkod = x\ngaller_fran = 2026-02-30\n", "line 3"},
        {"[tabell]\nkod =\n", "line 2"},
        {"[tabell]\nnamn = x\n", "line 2"},
        {"[AF]\nsyften = fortsatt nyfiken\n", "nyfiken"},
        {"[AF]\nfarg = ja\n", "farg"},
        {"[AF]\nparagraf = a\nparagraf = b\n", "line 3"},
        {"[AF nyfiken]\nsyften =\n", "line 2"},
        {"[SKV/lon]\nsyften =\n", "SKV/lon"},
        {"[FK/skattekonto]\nsyften =\n", "FK/skattekonto"},
        {"[SKV/skattekonto nyfiken]\nsyften =\n", "line 2"},
        {"[AF]\nsyften = fortsatt\n", "[tabell]"},
        {"[tabell\n", "line 1"},
    };
    write_file("syften.ini", purposes);
    char own[512];
    snprintf(own, sizeof own, "%s", in_dir("own.ini"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct legal *l;
        struct err e = {0};
        write_file("own.ini", bad[i].table);
        assert_int_equal(legal_load(&l, dir, own, false, &e), ERR_CONFIG);
        assert_null(l);
        assert_non_null(strstr(e.text, "own.ini"));
        assert_non_null(strstr(e.text, bad[i].says));
    }
    static const struct {
        const char *text, *says;
    } worse[] = {{"[nyfiken]\nsyfte = x\n", "line 2"},
                 {"[fortsatt]\nsyfte = x\nanvands = ja\n", "fortsatt"},
                 {"[fortsatt]\nsyfte =\n", "line 2"},
                 {"[fortsatt]\nanvands = yes\n", "yes"},
                 {"[fortsatt]\nsyfte = a\nsyfte = b\n", "line 3"}};
    for (size_t i = 0; i < sizeof worse / sizeof *worse; i++) {
        struct legal *l;
        struct err e = {0};
        write_file("syften.ini", worse[i].text);
        assert_int_equal(legal_load(&l, dir, NULL, false, &e), ERR_CONFIG);
        assert_non_null(strstr(e.text, "syften.ini"));
        assert_non_null(strstr(e.text, worse[i].says));
    }
    struct legal *l;
    struct err e = {0};
    assert_int_equal(legal_load(&l, "/nowhere", NULL, true, &e), ERR_CONFIG);
    assert_non_null(strstr(e.text, "/nowhere"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_basis),
        cmocka_unit_test(test_all_on),
        cmocka_unit_test(test_own_table_and_dates),
        cmocka_unit_test(test_parts_of_skv),
        cmocka_unit_test(test_errors_name_file_and_line),
    };
    return cmocka_run_group_tests(tests, open_dir, close_dir);
}
