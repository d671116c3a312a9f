/* SPDX-License-Identifier: EUPL-1.2
 *
 * Arbetsförmedlingen: ersattningsstod v2 (WIRE 5.1).
 */
#include "config.h"

#include "training/answer.h"

#include "training/put.h"

static const struct seeker {
    enum cast_id who;
    bool seeker;
    const char *skat;
    struct rel registered;
    int extent;
    struct rel left;
    const char *report;
    struct rel reported;
    const char *fund;
} seekers[] = {
#define AF_SEEKER(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/registers.def"
};

static const struct decision_row {
    enum cast_id who;
    const char *kind;
    int extent;
    struct rel from, to;
} decisions[] = {
#define AF_DECISION(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/registers.def"
};

#define AT(type, field) offsetof(struct type, field)

static const struct put_row question_rows[] = {
    {"af:OrganisationsnummerForIngivare", PUT_TEXT, AT(asked, orgnr), false},
    {"af:NamnPaIngivare", PUT_TEXT, AT(asked, namn), false},
    {"af:KontonamnForHandlaggare", PUT_TEXT, AT(asked, handlaggare), false},
    {"af:Referensnummer", PUT_TEXT, AT(asked, arende), false},
    {"af:From", PUT_DATE, AT(asked, own_from), false},
    {"af:Tom", PUT_DATE, AT(asked, own_to), false},
    {"af:SyfteMedFraga", PUT_TEXT, AT(asked, syfte), false},
    {"af:LagParagraf", PUT_TEXT, AT(asked, lagtext), false},
    {"af:OrganisationsnummerForPersonuppgiftsbitrade", PUT_TEXT,
     AT(asked, bitrade_orgnr), true},
    {"af:NamnPaPersonuppgiftsbitrade", PUT_TEXT, AT(asked, bitrade_namn), true},
};

static const struct put_row info_rows[] = {
    {"af:Arbetssokande", PUT_BOOL, AT(seeker, seeker), false},
    {"af:ArbetssokandeSKAT", PUT_TEXT, AT(seeker, skat), true},
    {"af:ArbetssokandeRegistrerad", PUT_REL, AT(seeker, registered), true},
    {"af:ArbetssokandeOmfattning", PUT_INT, AT(seeker, extent), true},
    {"af:ArbetssokandeAvaktualiserad", PUT_REL, AT(seeker, left), true},
};

static const struct put_row report_rows[] = {
    {"af:AktivitetsRapportMeddelande", PUT_TEXT, AT(seeker, report), false},
    {"af:SenasteAktivitetsRapportDatum", PUT_REL, AT(seeker, reported), true},
};

static const struct put_row decision_rows[] = {
    {"af:ErsattningTyp", PUT_TEXT, AT(decision_row, kind), false},
    {"af:Omfattning", PUT_INT, AT(decision_row, extent), false},
    {"af:BeslutFrom", PUT_REL, AT(decision_row, from), false},
    {"af:BeslutTom", PUT_REL, AT(decision_row, to), false},
};

static const struct seeker *
seeker_of(const struct scene *s)
{
    for (size_t i = 0; i < sizeof(seekers) / sizeof(seekers[0]); i++)
        if (seekers[i].who == s->rows &&
            scene_has_come(s, rel_date(s->month, seekers[i].registered)))
            return &seekers[i];
    return NULL;
}

/* A report that is still to come has not been handed in. */
static void
write_info(struct buf *out, const struct scene *s, const struct seeker *k)
{
    struct seeker now = *k;
    if (!scene_has_come(s, rel_date(s->month, now.left)))
        now.left = (struct rel){0, 0};
    if (!scene_has_come(s, rel_date(s->month, now.reported))) {
        now.reported = (struct rel){0, 0};
        now.report = "501";
    }
    put_open(out, "af:ArbetssokandeInfo");
    PUT_ROWS(out, info_rows, &now, s->month);
    put_open(out, "af:AktivetetsRapportDatum");
    PUT_ROWS(out, report_rows, &now, s->month);
    put_close(out, "af:AktivetetsRapportDatum");
    put_close(out, "af:ArbetssokandeInfo");
}

static void
write_decisions(struct buf *out, const struct scene *s)
{
    put_open(out, "af:BeslutInfo");
    put_open(out, "af:EkonomiskaBeslut");
    for (size_t i = 0; i < sizeof(decisions) / sizeof(decisions[0]); i++) {
        if (decisions[i].who != s->rows)
            continue;
        put_open(out, "af:Beslut");
        PUT_ROWS(out, decision_rows, &decisions[i], s->month);
        put_close(out, "af:Beslut");
    }
    put_close(out, "af:EkonomiskaBeslut");
    put_close(out, "af:BeslutInfo");
}

/* StatusSokandeinformationKod: only 0 is documented; the others are ours. */
static void
write_status(struct buf *out, const struct scene *s)
{
    const char *text =
        "Frågan har behandlats normalt och ett giltigt svar har returnerats.";
    int code = 0;
    if (s->person == NULL) {
        code = 1;
        text = "Personen finns inte hos Arbetsförmedlingen.";
    } else if (s->fault == FAULT_PARTIAL) {
        code = 3;
        text = "Alla uppgifter kunde inte hämtas.";
    }
    put_number(out, "af:StatusSokandeinformationKod", code);
    put_text(out, "af:StatusSokandeinformationKodText", text);
}

static void
write_answer(struct buf *out, const struct scene *s)
{
    const struct seeker *k = seeker_of(s);
    put_open(out, "af:Svar");
    put_text(out, "af:Schemaversion", "4.0");
    put_text(out, "af:Referensnummer", s->asked->arende);
    put_text(out, "af:LagParagraf", s->asked->lagtext);
    put_text(out, "af:IdentitetsbeteckningFysiskPerson", s->number);
    if (s->person != NULL) {
        put_text(out, "af:Fornamn", s->person->fornamn);
        put_text(out, "af:Efternamn", s->person->efternamn);
        put_bool(out, "af:Sekretessmarkering", s->person->shielded);
    }
    if (k != NULL && !s->asked->without_info)
        write_info(out, s, k);
    if (s->person != NULL && s->fault != FAULT_PARTIAL &&
        !s->asked->without_decisions)
        write_decisions(out, s);
    if (k != NULL && k->fund[0] != '\0' && !s->asked->without_fund)
        put_text(out, "af:Akassetillhorighet", k->fund);
    write_status(out, s);
    put_close(out, "af:Svar");
}

const char *
af_write(struct buf *out, const struct scene *s, const char **text)
{
    (void)text;
    put_open(out, "af:Fraga");
    PUT_ROWS(out, question_rows, s->asked, s->month);
    put_text(out, "af:IdentitetsbeteckningFysiskPerson", s->asked->person);
    put_close(out, "af:Fraga");
    write_answer(out, s);
    return NULL;
}
