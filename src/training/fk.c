/* SPDX-License-Identifier: EUPL-1.2
 *
 * Försäkringskassan: LEFI v9 (WIRE 7), FK's model (8.1, 8.4) with PM's lists
 * beside it (pm.c).
 */
#include "config.h"

#include "training/answer.h"

#include "domain/personnummer.h"
#include "training/fk_rows.h"
#include "training/lefi.h"
#include "training/put.h"

#include <string.h>

static void
put_deliverer(struct put_json *j, const char *kod, const char *namn, bool ok)
{
    put_object(j, NULL);
    put_object(j, "utlamnare");
    put_word(j, "kod", kod);
    put_word(j, "namn", namn);
    put_end(j);
    put_object(j, "tillstand");
    put_word(j, "kod", ok ? "OK" : "OTILLGANGLIG");
    put_word(j, "beskrivning",
             ok ? "Tillgänglig" : "Utlämnaren är inte tillgänglig.");
    put_end(j);
    put_end(j);
}

static bool
asks_pm(const struct lefi_asked *q)
{
    for (int i = 0; i < LEFI_LISTS; i++)
        if (lefi_wants_any(q, 1u << i, SOURCE_PM))
            return true;
    return false;
}

/* The benefit a partial answer lacks, in each list where it was asked for. */
static void
put_gaps(struct put_json *j, const struct scene *s, const struct lefi_asked *q)
{
    const char *kod = s->part[0] != '\0' ? s->part : "FK:BOB";
    const struct lefi_code *c = lefi_code(kod);
    put_object(j, "avvikelser");
    for (int i = 0; i < LEFI_LISTS && c != NULL; i++) {
        if (s->fault != FAULT_PARTIAL || !lefi_wants(q, 1u << i, kod))
            continue;
        put_list(j, lefi_list_name(1u << i));
        put_object(j, NULL);
        put_object(j, "avvikelse");
        put_word(j, "kod", "INTERNT_FEL");
        put_word(j, "beskrivning", "Ett internt fel har inträffat.");
        put_end(j);
        put_object(j, 1 << i == LEFI_OVRIG ? "ovrigInformationstyp"
                                           : "formansgrupp");
        put_word(j, "kod", kod);
        put_word(j, "beskrivning", c->namn);
        put_end(j);
        put_end(j);
        put_end(j);
    }
    put_end(j);
}

/* The members that a person and a relative have in common. */
static void
put_identity(struct put_json *j, const char *twelve,
             const struct cast_person *p)
{
    struct personnummer number;
    char name[128];
    memcpy(number.digits, twelve, sizeof(number.digits));
    put_name(name, sizeof(name), p);
    put_word(j, "personnummer", twelve);
    put_day(j, "foddes", personnummer_date(&number));
    put_word(j, "namn", name);
    put_truth(j, "skyddad", p->shielded);
}

static void
put_children(struct put_json *j, const struct cast_person *p)
{
    put_list(j, "barn");
    for (int i = 0; i < CAST_COUNT && strcmp(p->roll, "barn") != 0; i++) {
        const struct cast_person *c = cast_person((enum cast_id)i);
        if (c->of != p->of || strcmp(c->roll, "barn") != 0)
            continue;
        put_object(j, NULL);
        put_identity(j, c->number, c);
        put_end(j);
    }
    put_end(j);
}

static void
put_address(struct put_json *j, const struct cast_person *p)
{
    put_list(j, "adress");
    put_object(j, NULL);
    put_list(j, "roller");
    put_object(j, NULL);
    put_int(j, "id", p->shielded ? 2 : 1);
    put_word(j, "beskrivning",
             p->shielded ? "Särskild adress" : "Folkbokföringsadress");
    put_end(j);
    put_end(j);
    put_list(j, "utdelningadress");
    put_word(j, NULL, p->gata);
    put_end(j);
    put_word(j, "postnummer", p->postnummer);
    put_word(j, "postort", p->ort);
    put_end(j);
    put_end(j);
}

static void
put_person(struct put_json *j, const struct scene *s)
{
    put_list(j, "generellPersoninformation");
    if (s->person != NULL) {
        put_object(j, NULL);
        put_identity(j, s->number, s->person);
        put_address(j, s->person);
        put_children(j, s->person);
        put_end(j);
    }
    put_end(j);
}

static void
put_document(struct put_json *j, const struct scene *s,
             const struct lefi_asked *q)
{
    bool pm = asks_pm(q);
    put_object(j, NULL);
    put_list(j, "utlamnare");
    put_deliverer(j, "FK", "Försäkringskassan", true);
    if (pm)
        put_deliverer(j, "PM", "Pensionsmyndigheten",
                      s->fault != FAULT_PM_DOWN);
    put_end(j);
    put_gaps(j, s, q);
    put_object(j, "formansinformation");
    if (lefi_wants(q, LEFI_OVRIG, "FK:GEPI"))
        put_person(j, s);
    fk_put_payments(j, s, q);
    fk_put_matters(j, s, q);
    put_end(j);
    if (pm && s->fault != FAULT_PM_DOWN)
        pm_lists(j, s, q);
    put_end(j);
}

const char *
fk_write(struct buf *out, const struct scene *s, const char **text)
{
    struct put_json j = {.out = out};
    struct lefi_asked q;
    const char *code = lefi_asked_read(&q, s->asked, text);
    if (code == NULL)
        put_document(&j, s, &q);
    lefi_asked_done(&q);
    return code;
}
