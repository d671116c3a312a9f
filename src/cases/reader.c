/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "cases/reader.h"

#include "base/i18n.h"
#include "cases/strict.h"
#include "domain/personnummer.h"

#include <stdio.h>
#include <string.h>

#define SCHEMA "enfraga.arenden/1"

enum { NAME_BYTES = 127, KONTO_BYTES = 63, ENHET_BYTES = 63 };

static const char *const file_members[] = {"schema", "arenden", NULL};
static const char *const case_members[] = {
    "arende",   "slag",        "lage", "enhet",    "oppnat",
    "avslutat", "handlaggare", "jav",  "personer", NULL};
static const char *const person_members[] = {"personnummer", "namn", "roll",
                                             "sekretess", NULL};

static enum err_code
fail(struct err *e, const char *text)
{
    return err_set(e, ERR_BAD_INPUT, "%s", text);
}

/* One of two words: false for the first, true for the second. */
static enum err_code
read_word(bool *second, struct arena *a, const cJSON *o, const char *name,
          const char *w0, const char *w1, struct err *e)
{
    const char *w = NULL;
    enum err_code code = strict_text(&w, a, o, name, 40, e);
    if (code != ERR_OK)
        return code;
    *second = strcmp(w, w1) == 0;
    return *second || strcmp(w, w0) == 0
               ? ERR_OK
               : err_set(e, ERR_BAD_INPUT, _("%s must be %s or %s"), name, w0,
                         w1);
}

static enum err_code
read_date(const char **out, struct arena *a, const cJSON *o, const char *name,
          struct date *d, struct err *e)
{
    enum err_code code = strict_text(out, a, o, name, 10, e);
    if (code != ERR_OK)
        return code;
    return strlen(*out) == 10 && date_read(d, *out)
               ? ERR_OK
               : err_set(e, ERR_BAD_INPUT, _("%s is not a date"), name);
}

/* avslutat: null or missing in an open case, a date in a closed one. */
static enum err_code
read_dates(struct file_case *c, struct arena *a, const cJSON *o, struct err *e)
{
    struct date from, to;
    const cJSON *closed = cJSON_GetObjectItemCaseSensitive(o, "avslutat");
    bool none = closed == NULL || cJSON_IsNull(closed);
    enum err_code code = read_date(&c->opened, a, o, "oppnat", &from, e);
    if (code != ERR_OK)
        return code;
    c->closed = "";
    if (none)
        return c->open ? ERR_OK
                       : fail(e, _("a closed case needs the date avslutat"));
    code = read_date(&c->closed, a, o, "avslutat", &to, e);
    if (code != ERR_OK)
        return code;
    if (c->open)
        return fail(e, _("an open case has no date avslutat"));
    return date_compare(from, to) <= 0
               ? ERR_OK
               : fail(e, _("avslutat comes before oppnat"));
}

static enum err_code
read_staff(const char **of, int *n, struct arena *a, const cJSON *o,
           const char *name, bool required, struct err *e)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, name);
    *n = 0;
    if (list == NULL && !required)
        return ERR_OK;
    if (!cJSON_IsArray(list))
        return err_set(e, ERR_BAD_INPUT, _("%s must be a list"), name);
    for (const cJSON *item = list->child; item != NULL; item = item->next) {
        if (*n == STAFF_MAX)
            return err_set(e, ERR_BAD_INPUT, _("%s holds more than %d"), name,
                           STAFF_MAX);
        enum err_code code =
            strict_item(&of[*n], a, item, name, KONTO_BYTES, e);
        if (code != ERR_OK)
            return code;
        for (int i = 0; i < *n; i++)
            if (strcmp(of[i], of[*n]) == 0)
                return err_set(e, ERR_BAD_INPUT, _("%s names an account twice"),
                               name);
        (*n)++;
    }
    return ERR_OK;
}

static enum err_code
check_number(const char *twelve, enum grant_mode mode, struct err *e)
{
    struct personnummer p = {""};
    if (!personnummer_ok(twelve))
        return fail(e, _("personnummer must be twelve digits that hold"));
    memcpy(p.digits, twelve, sizeof(p.digits));
    bool test = personnummer_test(&p);
    if (mode == MODE_SKARP && test)
        return err_set(e, ERR_TEST_NUMBER, "%s",
                       _("a test number does not belong in skarp"));
    if (mode == MODE_OVNING && !test)
        return err_set(e, ERR_TEST_NUMBER, "%s",
                       _("only test numbers belong in ovning"));
    return ERR_OK;
}

static enum err_code
read_person(struct file_person *p, struct arena *a, const cJSON *o,
            enum grant_mode mode, struct err *e)
{
    const char *roll = NULL;
    enum err_code code = strict_object(o, person_members, e);
    if (code == ERR_OK)
        code = strict_text(&p->number, a, o, "personnummer", 12, e);
    if (code == ERR_OK)
        code = check_number(p->number, mode, e);
    if (code == ERR_OK)
        code = strict_text(&p->namn, a, o, "namn", NAME_BYTES, e);
    if (code == ERR_OK)
        code = strict_text(&roll, a, o, "roll", 40, e);
    if (code != ERR_OK)
        return code;
    p->roll = roll_by_word(roll);
    if (p->roll == ROLL_COUNT)
        return fail(e, _("roll must be sokande, medsokande or barn"));
    const cJSON *shielded = cJSON_GetObjectItemCaseSensitive(o, "sekretess");
    if (shielded != NULL && !cJSON_IsBool(shielded))
        return fail(e, _("sekretess must be true or false"));
    p->shielded = cJSON_IsTrue(shielded);
    return ERR_OK;
}

/* One sokande, at most one medsokande, nobody twice. */
static enum err_code
check_household(const struct file_case *c, struct err *e)
{
    int of[ROLL_COUNT] = {0};
    for (int i = 0; i < c->n_persons; i++) {
        of[c->persons[i].roll]++;
        for (int j = 0; j < i; j++)
            if (strcmp(c->persons[i].number, c->persons[j].number) == 0)
                return err_set(e, ERR_BAD_INPUT,
                               _("persons %d and %d have the same number"),
                               j + 1, i + 1);
    }
    if (of[ROLL_SOKANDE] != 1)
        return fail(e, _("a household has one sokande"));
    if (of[ROLL_MEDSOKANDE] > 1)
        return fail(e, _("a household has at most one medsokande"));
    return ERR_OK;
}

static enum err_code
read_household(struct file_case *c, struct arena *a, const cJSON *o,
               enum grant_mode mode, struct err *e)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "personer");
    if (!cJSON_IsArray(list))
        return err_set(e, ERR_BAD_INPUT, _("%s must be a list"), "personer");
    for (const cJSON *item = list->child; item != NULL; item = item->next) {
        if (c->n_persons == HOUSEHOLD_MAX)
            return err_set(e, ERR_BAD_INPUT, _("%s holds more than %d"),
                           "personer", HOUSEHOLD_MAX);
        enum err_code code =
            read_person(&c->persons[c->n_persons++], a, item, mode, e);
        if (code != ERR_OK)
            return err_add(e, code, _("person %d"), c->n_persons);
    }
    return check_household(c, e);
}

/* A case number that is itself a personnummer would spread one into the log. */
static bool
is_number(const char *arende)
{
    char digits[13];
    size_t n = 0;
    for (; *arende != '\0'; arende++) {
        if (*arende >= '0' && *arende <= '9') {
            if (n == 12)
                return false;
            digits[n++] = *arende;
        } else if (strchr(" -+", *arende) == NULL) {
            return false;
        }
    }
    digits[n] = '\0';
    char full[13];
    if (n == 12)
        return personnummer_ok(digits);
    snprintf(full, sizeof(full), "19%.10s", digits);
    return n == 10 && personnummer_ok(full);
}

static enum err_code
read_case(struct file_case *c, struct arena *a, const cJSON *o,
          enum grant_mode mode, struct err *e)
{
    bool closed = false;
    enum err_code code = strict_object(o, case_members, e);
    if (code == ERR_OK)
        code = strict_text(&c->arende, a, o, "arende", ARENDE_MAX, e);
    if (code == ERR_OK && is_number(c->arende)) {
        c->arende = NULL;
        code = fail(e, _("arende is a personnummer"));
    }
    if (code == ERR_OK)
        code = read_word(&c->prepared, a, o, "slag", "ekonomiskt_bistand",
                         "ansokan_forbereds", e);
    if (code == ERR_OK)
        code = read_word(&closed, a, o, "lage", "pagaende", "avslutat", e);
    c->open = !closed;
    if (code == ERR_OK)
        code = strict_text(&c->enhet, a, o, "enhet", ENHET_BYTES, e);
    if (code == ERR_OK)
        code = read_dates(c, a, o, e);
    if (code == ERR_OK)
        code = read_staff(c->staff, &c->n_staff, a, o, "handlaggare", true, e);
    if (code == ERR_OK)
        code = read_staff(c->jav, &c->n_jav, a, o, "jav", false, e);
    return code == ERR_OK ? read_household(c, a, o, mode, e) : code;
}

/* The row that has this case already, else 0, and then it is this row's. */
static int
claim(struct file_cases *f, const char *arende, int row)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const char *p = arende; *p != '\0'; p++)
        h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
    for (size_t i = (size_t)h;; i++) {
        int *slot = &f->slots[i & (f->n_slots - 1)];
        if (*slot == 0) {
            *slot = row;
            return 0;
        }
        if (strcmp(f->of[*slot - 1]->arende, arende) == 0)
            return *slot;
    }
}

/* Reads the row and checks that the case did not stand further up. */
static enum err_code
read_row(struct file_cases *out, struct arena *a, const cJSON *o,
         enum grant_mode mode, struct err *e)
{
    int row = out->n + 1;
    struct file_case *c = arena_alloc(a, sizeof(*c));
    if (c == NULL)
        return err_set(e, ERR_TOO_BIG, "%s", _("the file"));
    out->of[out->n++] = c;
    enum err_code code = read_case(c, a, o, mode, e);
    int other = code == ERR_OK ? claim(out, c->arende, row) : 0;
    if (other != 0)
        code = err_set(e, ERR_BAD_INPUT, _("the case stands in row %d too"),
                       other);
    if (code == ERR_OK)
        return ERR_OK;
    return c->arende == NULL
               ? err_add(e, code, _("row %d"), row)
               : err_add(e, code, _("row %d (%s)"), row, c->arende);
}

/* Room for the rows of a list. */
static bool
make_room(struct file_cases *out, struct arena *a, size_t rows)
{
    for (out->n_slots = 16; out->n_slots < 2 * rows + 1;)
        out->n_slots *= 2;
    out->of = arena_alloc(a, (rows + 1) * sizeof(struct file_case *));
    out->slots = arena_alloc(a, out->n_slots * sizeof(int));
    return out->of != NULL && out->slots != NULL;
}

static enum err_code
read_file(struct file_cases *out, struct arena *a, const cJSON *json,
          enum grant_mode mode, struct err *e)
{
    const char *schema = NULL;
    enum err_code code = strict_object(json, file_members, e);
    if (code == ERR_OK)
        code = strict_text(&schema, a, json, "schema", 64, e);
    if (code != ERR_OK)
        return code;
    if (strcmp(schema, SCHEMA) != 0)
        return err_set(e, ERR_BAD_INPUT, _("schema must be %s"), SCHEMA);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "arenden");
    if (!cJSON_IsArray(list))
        return err_set(e, ERR_BAD_INPUT, _("%s must be a list"), "arenden");
    if (!make_room(out, a, (size_t)cJSON_GetArraySize(list)))
        return err_set(e, ERR_TOO_BIG, "%s", _("the file"));
    for (const cJSON *o = list->child; o != NULL && code == ERR_OK; o = o->next)
        code = read_row(out, a, o, mode, e);
    return code;
}

enum err_code
reader_read(struct file_cases *out, struct arena *a, const void *p, size_t n,
            enum grant_mode mode, struct err *e)
{
    *out = (struct file_cases){0};
    if (n > FILE_MAX)
        return err_set(e, ERR_TOO_BIG, _("the file is over %d MiB"),
                       FILE_MAX >> 20);
    cJSON *json = strict_parse(p, n, e);
    if (json == NULL)
        return ERR_BAD_INPUT;
    enum err_code code = read_file(out, a, json, mode, e);
    cJSON_Delete(json);
    return code;
}
