/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: fields.def has each field once, with a label; knows every member
 * that LEFI's own file names (where ENFRAGA_SHARED is); and our sample with
 * all seven authorities has nothing unknown but what was put there to be.
 * Leaves out: whether the labels are good Swedish.
 */
#include "config.h"

#include "domain/field.h"
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_each_field_once(void **state)
{
    (void)state;
    const struct field *f, *g;
    for (int i = 0; (f = field_at(i)) != NULL; i++) {
        assert_true(*f->label && text_is_utf8(f->label, strlen(f->label)));
        assert_ptr_equal(field_row(f->source, f->parent, f->name), f);
        for (int k = 0; k < i; k++) {
            g = field_at(k);
            if (f->source == g->source && !strcmp(f->name, g->name) &&
                !strcmp(f->parent, g->parent))
                fail_msg("%s.%s twice", f->parent, f->name);
        }
    }
    assert_string_equal(field_label(SOURCE_FK, "", "nettobelopp"), "Netto");
    assert_string_equal(field_label(SOURCE_PM, "utbetalningar", "nettobelopp"),
                        "Netto");
    assert_string_equal(field_label(SOURCE_AF, "Svar", "Fornamn"), "Förnamn");
    assert_string_equal(field_label(SOURCE_AF, "Svar", "nyttFalt"), "nyttFalt");
    assert_null(field_row(SOURCE_AF, "Fraga", "Fornamn"));
    /* One name, several meanings: the parent decides. */
    assert_string_equal(field_label(SOURCE_FK, "beslut", "dagar"),
                        "Ersatta dagar");
    assert_string_equal(
        field_label(SOURCE_FK, "sjukpenninggrundandeInkomstuppgift", "dagar"),
        "Årsarbetstid i dagar");
    assert_string_equal(field_label(SOURCE_FK, "land", "kod"), "Landskod");
    assert_string_equal(field_label(SOURCE_FK, "arbetsgivare", "namn"),
                        "Kontaktperson");
    assert_string_equal(field_label(SOURCE_SO, "error", "felkod"), "Felkod");
    assert_null(field_row(SOURCE_SO, "Utbetalningar", "felkod"));
    assert_true(field_row(SOURCE_CSN, "Arenden", "Arende")->many);
}

/* The file's layout: schemas 4 spaces in, `properties:` 6, members 8. */
static void
test_lefi_members_are_known(void **state)
{
    (void)state;
    char path[1024];
    const char *shared = getenv("ENFRAGA_SHARED");
    size_t n;
    snprintf(path, sizeof path,
             "%s/contract/v10/se/forsakringskassan/schema/lefi/"
             "lefi-formansinformation-v9.openapi.yaml",
             shared ? shared : "");
    char *s = shared ? file_read(path, &n) : NULL;
    if (!s) {
        print_message("ENFRAGA_SHARED is missing\n");
        skip();
    }
    bool schemas = false, members = false;
    int found = 0;
    char *save = NULL;
    for (char *l = strtok_r(s, "\n", &save); l;
         l = strtok_r(NULL, "\n", &save)) {
        size_t in = strspn(l, " "), len = strlen(l);
        schemas = schemas || !strcmp(l, "  schemas:");
        if (!schemas || !len)
            continue;
        if (in <= 6)
            members = !strcmp(l, "      properties:");
        if (!members || in != 8 || l[len - 1] != ':')
            continue;
        l[len - 1] = '\0';
        if (!field_row(SOURCE_FK, NULL, l + 8))
            fail_msg("%s is unknown", l + 8);
        found++;
    }
    assert_true(found > 300);
    free(s);
}

static int
count_unknown(const struct fact *f)
{
    int n = 0;
    for (; f; f = f->next)
        n += (f->name && !strcmp(f->name, "ovrigt")) + count_unknown(f->child);
    return n;
}

static void
test_samples_hold_little_unknown(void **state)
{
    (void)state;
    static const int unknown[SOURCE_COUNT] = {
        [SOURCE_AF] = 1, [SOURCE_FK] = 1, [SOURCE_TNS] = 1};
    size_t n;
    char *s = fixture_sample("alla.xml", &n);
    struct answer *a = fixture_answer(s);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        assert_non_null(a->of[i].facts);
        if (count_unknown(a->of[i].facts->child) != unknown[i])
            fail_msg("%s: %d unknown", source_row(i)->code,
                     count_unknown(a->of[i].facts->child));
    }
    answer_free(&a);
    free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_field_once),
        cmocka_unit_test(test_lefi_members_are_known),
        cmocka_unit_test(test_samples_hold_little_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
