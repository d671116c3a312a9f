/* SPDX-License-Identifier: EUPL-1.2
 *
 * Cases and households: reading, what an answer leaves behind.
 */
#include "config.h"

#include "cases/reg.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { HOUSEHOLD_STEP = 8 };

void
reg_case_done(struct reg_case *c)
{
    if (c->persons != NULL)
        mem_wipe(c->persons, (size_t)c->n_persons * sizeof(*c->persons));
    free(c->persons);
    *c = (struct reg_case){0};
}

static void
read_case(struct store *s, int id, struct reg_case *c)
{
    *c = (struct reg_case){0};
    REG_COPY(c->arende, store_text(s, id, 0));
    REG_COPY(c->enhet, store_text(s, id, 1));
    c->prepared = store_int(s, id, 2) != 0;
    c->open = store_int(s, id, 3) != 0;
    date_read(&c->opened, store_text(s, id, 4));
    date_read(&c->closed, store_text(s, id, 5));
    c->takes_part = store_int(s, id, 6) != 0;
    c->access_given = store_int(s, id, 7) != 0;
    c->jav = store_int(s, id, 8) != 0;
}

static enum err_code
read_persons(struct reg *r, struct reg_case *c, struct err *e)
{
    struct store *s = r->store;
    const int id = REG_PERSONS;
    enum err_code code = ERR_OK;
    int step, room = 0;
    store_bind(s, id, "t", c->arende);
    while ((step = store_step(s, id, e)) == 1) {
        if (c->n_persons == room) {
            struct reg_person *more =
                mem_alloc((size_t)(room + HOUSEHOLD_STEP) * sizeof(*more));
            if (room > 0) {
                memcpy(more, c->persons, (size_t)room * sizeof(*more));
                mem_wipe(c->persons, (size_t)room * sizeof(*more));
            }
            free(c->persons);
            c->persons = more;
            room += HOUSEHOLD_STEP;
        }
        struct reg_person *p = &c->persons[c->n_persons++];
        size_t n;
        const void *data = store_blob(s, id, 0, &n);
        code = reg_take_person(r, p, c->arende, data, n, e);
        if (code != ERR_OK) {
            store_reset(s, id);
            return code;
        }
        p->roll = (enum roll)store_int(s, id, 1);
        p->shielded = store_int(s, id, 2) != 0;
        p->asked_ms = store_int(s, id, 3);
        REG_COPY(p->states, store_text(s, id, 4));
        p->open_checks = (int)store_int(s, id, 5);
    }
    return step < 0 ? (e == NULL ? ERR_IO : e->code) : ERR_OK;
}

enum err_code
register_case(struct reg *r, const char *arende, const char *konto,
              int64_t now_ms, struct reg_case *c, struct err *e)
{
    *c = (struct reg_case){0};
    enum err_code code =
        store_get(r->store, REG_CASE_GET, e, "tti", arende, konto, now_ms);
    if (code == ERR_NOT_FOUND)
        return err_set(e, ERR_CASE, "%s", err_row(ERR_CASE)->word);
    if (code != ERR_OK)
        return code;
    read_case(r->store, REG_CASE_GET, c);
    store_reset(r->store, REG_CASE_GET);
    code = read_persons(r, c, e);
    if (code != ERR_OK)
        reg_case_done(c);
    return code;
}

static void
free_cases(struct reg_case *all, int n)
{
    for (int i = 0; i < n; i++)
        reg_case_done(&all[i]);
    free(all);
}

enum err_code
register_cases(struct reg *r, const char *konto, int64_t now_ms,
               struct reg_case **out, int *n, struct err *e)
{
    struct reg_case *all = NULL;
    int count = 0, room = 0, step;
    enum err_code code = ERR_OK;
    *out = NULL;
    *n = 0;
    store_bind(r->store, REG_CASE_OWN, "ti", konto, now_ms);
    while ((step = store_step(r->store, REG_CASE_OWN, e)) == 1) {
        if (count == room) {
            room = room == 0 ? 32 : room * 2;
            all = mem_grow(all, (size_t)room, sizeof(*all));
        }
        read_case(r->store, REG_CASE_OWN, &all[count++]);
    }
    if (step < 0)
        code = e == NULL ? ERR_IO : e->code;
    for (int i = 0; i < count && code == ERR_OK; i++)
        code = read_persons(r, &all[i], e);
    if (code != ERR_OK) {
        free_cases(all, count);
        return code;
    }
    *out = all;
    *n = count;
    return ERR_OK;
}

/* The last statement must have found its person. */
static enum err_code
one_changed(struct reg *r, enum err_code code, const char *arende,
            struct err *e)
{
    if (code == ERR_OK && store_changes(r->store) == 0)
        return err_set(e, ERR_PERSON, "%s", arende);
    return code;
}

enum err_code
register_note_outcome(struct reg *r, const char *arende,
                      const struct personnummer *p, const char *states,
                      int open_checks, bool shielded, struct err *e)
{
    uint8_t tag[HASH_SIZE];
    if (strlen(states) > SOURCE_COUNT)
        return err_set(e, ERR_BAD_INPUT, _("more states than sources"));
    reg_tag(r, tag, "person", arende, p->digits);
    return one_changed(r,
                       store_run(r->store, REG_PERSON_OUTCOME, e, "tbtii",
                                 arende, tag, sizeof tag, states,
                                 (int64_t)open_checks, (int64_t)shielded),
                       arende, e);
}

enum err_code
register_set_states(struct reg *r, const char *arende,
                    const struct personnummer *p, const char *states,
                    struct err *e)
{
    uint8_t tag[HASH_SIZE];
    reg_tag(r, tag, "person", arende, p->digits);
    return one_changed(r,
                       store_run(r->store, REG_PERSON_STATES, e, "tbt", arende,
                                 tag, sizeof tag, states),
                       arende, e);
}

enum err_code
register_set_checks(struct reg *r, const char *arende,
                    const struct personnummer *p, int open_checks,
                    struct err *e)
{
    uint8_t tag[HASH_SIZE];
    reg_tag(r, tag, "person", arende, p->digits);
    return one_changed(r,
                       store_run(r->store, REG_PERSON_CHECKS, e, "tbi", arende,
                                 tag, sizeof tag, (int64_t)open_checks),
                       arende, e);
}

int64_t
register_imported_ms(struct reg *r)
{
    if (store_get(r->store, REG_IMPORT_LAST, NULL, "") != ERR_OK)
        return 0;
    int64_t at = store_int(r->store, REG_IMPORT_LAST, 0);
    store_reset(r->store, REG_IMPORT_LAST);
    return at;
}
