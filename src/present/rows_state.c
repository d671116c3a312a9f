/* SPDX-License-Identifier: EUPL-1.2
 *
 * A source's state in words: what it is, what it means, what to do (UX 9).
 */
#include "config.h"

#include "present/rows.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "present/rows_own.h"

#include <string.h>

static const char *
or_empty(const char *s)
{
    return s ? s : "";
}

/* Names what came not: "bostadsbidrag, sjukpenning". */
static const char *
missing_names(struct arena *a, const struct source_answer *of)
{
    const char *list = "";
    for (const struct missing *m = of->missing; m; m = m->next)
        if (m->namn || m->kod)
            list =
                rows_join(a, list, rows_small(a, m->namn ? m->namn : m->kod));
    return list;
}

static const char *
fault_text(struct arena *a, const struct source_answer *of)
{
    const struct source_fault *f = of->fault;
    const char *kalla = f ? or_empty(f->kalla) : "";
    const char *first = f && f->texts ? f->texts->text : "";
    if (!f)
        return _("The source could not answer.");
    if (!strcmp(kalla, "SSBT"))
        return or_empty(arena_printf(
            a, _("SSBTEK could not reach the source (code %s)."), f->felkod));
    if (!strcmp(kalla, "ENFRAGA"))
        return or_empty(
            arena_printf(a, _("enfraga did not accept the answer: %s."),
                         *first ? first : f->felkod));
    if (!strcmp(kalla, "BT"))
        return or_empty(arena_printf(
            a, _("The source could not answer (code %s)."), f->felkod));
    return or_empty(arena_printf(a, _("The source says: %s (code %s)."),
                                 *first ? first : kalla, f->felkod));
}

/* Why it was not asked, where enfraga knows; else what the status said. */
static const char *
closed_text(struct arena *a, const struct source_answer *of,
            const struct rows_options *o)
{
    char at[6];
    if (of->fault && of->fault->texts)
        return or_empty(arena_printf(a, _("%s The data are unknown, not zero."),
                                     of->fault->texts->text));
    if (!o->probed_ms)
        return _("The source is closed.");
    clock_hhmm(o->probed_ms, at);
    return or_empty(arena_printf(
        a, _("The source is closed according to the status at %s."), at));
}

const char *
rows_state_text(struct arena *a, const struct answer *ans, enum source_id s,
                const struct rows_options *o)
{
    const struct source_answer *of = &ans->of[s];
    const char *t = "", *again = o->keys ? _(" F5 asks again.") : "";
    switch (of->state) {
    case STATE_EJ_TILLFRAGAD:
        t = o->keys ? _("The source was not part of the question. t adds it.")
                    : _("The source was not part of the question.");
        break;
    case STATE_VANTAR:
        t = _("The question has been sent. No answer yet.");
        break;
    case STATE_INGA_UPPGIFTER:
        t = of->confirmed == CONFIRMED_JA
                ? _("The source knows the person and answered: no data in the "
                    "period.")
                : _("The source answered: no data in the period. The answer "
                    "does not show whom it is about.");
        break;
    case STATE_DELSVAR:
        t = missing_names(a, of);
        t = *t ? arena_printf(a, _("Did not come: %s. Unknown, not zero."), t)
               : _("Part of the answer did not come. Unknown, not zero.");
        break;
    case STATE_FEL:
        t = arena_printf(a, _("%s The other answers hold.%s"),
                         fault_text(a, of), again);
        break;
    case STATE_TIDSGRANS:
        t = arena_printf(a,
                         _("The answer did not come within enfraga's limit, "
                           "%d s. The data are unknown, not zero."),
                         o->limit_s ? o->limit_s : 30);
        break;
    case STATE_SAKNAS:
        t = _("The source was asked but is not in the answer. The data are "
              "unknown, not zero.");
        break;
    case STATE_OLASLIGT:
        t = o->keys ? _("The answer came but could not be read. The data are "
                        "unknown. F11 shows it raw.")
                    : _("The answer came but could not be read. The data are "
                        "unknown.");
        break;
    case STATE_OKAND_PERSON:
        t = _("The source does not know the number. That says nothing about "
              "income. Try the samordningsnummer too.");
        break;
    case STATE_OTILLGANGLIG:
        t = closed_text(a, of, o);
        break;
    case STATE_EJ_BEHORIG:
        t = _("An agreement or a legal ground is missing. The data are "
              "unknown. Contact the systemansvarig.");
        break;
    case STATE_AVBRUTEN:
        t = arena_printf(a, _("You interrupted the question.%s"), again);
        break;
    default:
        break;
    }
    return or_empty(t);
}

/* "Delsvar, 3,1 s. Period 2026-09-01 - 2026-11-30. Kom inte: ..." */
static const char *
state_line(struct rows *r, const struct answer *a, enum source_id s,
           const struct rows_options *o)
{
    const struct source_answer *of = &a->of[s];
    const char *label = rows_state_label(of->state);
    const char *meaning = rows_state_text(r->arena, a, s, o);
    const char *line = label;
    char took[16], from[11], to[11];
    if (state_row(of->state)->came && of->time_ms >= 0) {
        rows_seconds(of->time_ms, took);
        line = rows_printf(r, "%s, %s", label, took);
    }
    const struct period *p = s == SOURCE_CSN && period_ok(a->question.csn)
                                 ? &a->question.csn
                                 : &a->question.period;
    if (source_row(s)->period && of->state != STATE_EJ_TILLFRAGAD) {
        date_text(p->from, from);
        date_text(p->to, to);
        line = rows_printf(r, _("%s. Period %s - %s"), line, from, to);
    }
    return *meaning ? rows_printf(r, "%s. %s", line, meaning)
                    : rows_printf(r, "%s.", line);
}

const char *
rows_reason(struct rows *r, const struct missing *m, enum source_id s)
{
    const char *why = m->orsak ? m->orsak : "";
    if (!strcmp(why, "INTERNT_FEL"))
        return rows_printf(r, _("error at %s"), source_row(s)->code);
    if (!strcmp(why, "OBEHORIG"))
        return _("the municipality may not have it");
    return rows_small(r->arena, why);
}

void
rows_add_state(struct rows *r, const struct answer *a, enum source_id s,
               int person, const struct rows_options *o)
{
    const struct source_answer *of = &a->of[s];
    struct row *row = rows_add(r, ROW_STATE, s, person);
    row->label = rows_authority(s);
    row->status = rows_state_label(of->state);
    row->code = state_row(of->state)->word;
    row->text = state_line(r, a, s, o);
    if (of->shielded) {
        row = rows_add(r, ROW_FLAG, s, person);
        row->label = _("Protected data");
        row->text = _("The source says that the person's data are protected.");
        row->code = source_row(s)->flag;
        row->status = or_empty(arena_strdup(r->arena, of->flag));
    }
    if (answer_untold(a, s)) {
        row = rows_add(r, ROW_REMARK, s, person);
        row->indent = 1;
        row->label = _("Protection not told");
        row->text = _("The source does not say whether the person's data are "
                      "protected: unknown, not no.");
    }
    for (const struct missing *m = of->missing; m; m = m->next) {
        row = rows_add(r, ROW_MISSING, s, person);
        row->indent = 1;
        row->label = or_empty(m->namn ? m->namn : m->kod);
        row->text = _("did not come: unknown, not zero");
        row->status = rows_reason(r, m, s);
        row->missing = m;
        row->code = or_empty(m->kod);
    }
    const struct texts *t = of->fault ? of->fault->texts : NULL;
    for (; t; t = t->next) {
        row = rows_add(r, ROW_REMARK, s, person);
        row->indent = 1;
        row->label = _("Message");
        row->text = t->text;
        row->code = of->fault->felkod;
    }
    for (t = of->remarks; t; t = t->next) {
        row = rows_add(r, ROW_REMARK, s, person);
        row->indent = 1;
        row->label = _("Remark");
        row->text = t->text;
    }
}
