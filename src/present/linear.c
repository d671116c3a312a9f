/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "present/linear.h"

#include "base/i18n.h"
#include "present/rows_own.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* "11270", with öre where there are any: a screen reader says a grouped
 * number digit by digit. */
static void
spoken(struct money m, char out[32])
{
    if (!m.given) {
        snprintf(out, 32, "%s", _("unknown"));
        return;
    }
    char text[24];
    money_text(m, text);
    size_t n = strlen(text);
    if (n > 3 && !strcmp(text + n - 3, ".00"))
        text[n - 3] = '\0';
    snprintf(out, 32, "%s", text);
}

static void
add_payment(struct buf *out, const struct row *r)
{
    char amount[32], day[11];
    spoken(r->netto, amount);
    date_text(r->date, day);
    buf_addf(out, _("%s: %s kronor"), r->label, amount);
    if (day[0])
        buf_addf(out, ", %s", day);
    else
        buf_addf(out, ", %s", _("without a date"));
    if (*r->status)
        buf_addf(out, ", %s", r->status);
    if (r->fran || r->till)
        buf_addf(out, _(", for %s to %s"), r->fran ? r->fran : "?",
                 r->till ? r->till : "?");
    if (r->source == SOURCE_SO)
        buf_addf(out, ", %s", r->text);
    if (*r->marks_text)
        buf_addf(out, ", %s", r->marks_text);
    buf_adds(out, ".");
}

static void
add_decision(struct buf *out, const struct row *r)
{
    buf_adds(out, r->label);
    if (*r->status)
        buf_addf(out, ", %s", r->status);
    if (*r->text)
        buf_addf(out, ", %s", r->text);
    if (r->percent)
        buf_addf(out, ", %s %%", r->percent);
    if (r->fran)
        buf_addf(out, _(", from %s"), r->fran);
    if (r->till)
        buf_addf(out, _(", until %s"), r->till);
    buf_adds(out, ".");
}

static void
end_sentence(struct buf *out, const char *s)
{
    size_t n = strlen(s);
    buf_adds(out, s);
    if (!n || !strchr(".?:", s[n - 1]))
        buf_adds(out, ".");
}

static void
add_row(struct buf *out, const struct row *r)
{
    switch (r->kind) {
    case ROW_STATE:
        buf_addf(out, "%s: ", r->label);
        end_sentence(out, r->text);
        return;
    case ROW_MISSING:
        buf_addf(out, _("Missing: %s"), r->label);
        if (*r->status)
            buf_addf(out, " (%s)", r->status);
        buf_adds(out, ".");
        return;
    case ROW_HEADING:
        end_sentence(out, r->label);
        return;
    case ROW_PAYMENT:
    case ROW_OUTSIDE:
        add_payment(out, r);
        return;
    case ROW_EXPECTED:
        add_payment(out, r);
        return;
    case ROW_DECISION:
        add_decision(out, r);
        return;
    case ROW_CHECK:
        buf_addf(out, _("Check, %s: "), r->label);
        end_sentence(out, r->text);
        return;
    case ROW_FACT:
        if (r->head) {
            buf_addf(out, "%s:", r->label);
            return;
        }
        break;
    default:
        break;
    }
    if (*r->label)
        buf_addf(out, "%s: ", r->label);
    end_sentence(out, r->text);
}

void
linear_rows(struct buf *out, const struct rows *rows, const char *const *who,
            bool folded)
{
    for (int i = 0; i < rows->n; i++) {
        const struct row *r = &rows->row[i];
        if ((r->folded && !folded) || r->kind == ROW_MONTH ||
            r->kind == ROW_SUM)
            continue;
        if (who && r->kind != ROW_NOTE && who[r->person])
            buf_addf(out, "%s. ", who[r->person]);
        add_row(out, r);
        buf_addc(out, '\n');
    }
}

void
linear_state(struct buf *out, const struct answer *a, enum source_id s,
             const char *who, const struct rows_options *o)
{
    AUTO_ARENA struct arena *arena = arena_new(0);
    const char *meaning = rows_state_text(arena, a, s, o);
    if (who)
        buf_addf(out, "%s. ", who);
    buf_addf(out, "%s: %s.", rows_authority(s),
             rows_small(arena, rows_state_label(a->of[s].state)));
    if (*meaning)
        buf_addf(out, " %s", meaning);
    buf_addc(out, '\n');
}

void
linear_month(struct buf *out, const struct overview *v, int month,
             const char *const *who)
{
    char name[24], amount[32];
    rows_month_long(v->months[month], name);
    name[0] = (char)toupper((unsigned char)name[0]);
    for (int p = 0; p < v->n_answers; p++) {
        const struct month_sum *sum = &v->sums_of[p * v->n_months + month];
        AUTO_ARENA struct arena *arena = arena_new(0);
        spoken(sum->netto, amount);
        buf_adds(out, name);
        if (who && who[p])
            buf_addf(out, ", %s", rows_small(arena, who[p]));
        buf_addf(out, _(": sum from the sources %s kronor%s."), amount,
                 sum->known ? "" : _(", not whole"));
        for (int i = 0; i < v->n_rows; i++) {
            const struct month_row *r = v->rows[i];
            const struct month_cell *c = &r->cell[month];
            if (r->person != p || c->kind == CELL_NOT_ASKED ||
                c->kind == CELL_ZERO)
                continue;
            if (c->kind == CELL_UNKNOWN)
                snprintf(amount, sizeof amount, "%s", _("unknown"));
            else
                spoken(c->sum, amount);
            buf_addf(out, " %s %s%s.",
                     rows_benefit(arena, r->source, r->forman, r->betalare),
                     amount, c->partial ? _(", not whole") : "");
        }
        buf_addc(out, '\n');
    }
}

void
linear_counts(struct buf *out, const struct rows *overview)
{
    int missing = 0, checks = 0;
    for (int i = 0; i < overview->n; i++) {
        missing += overview->row[i].kind == ROW_MISSING;
        checks += overview->row[i].kind == ROW_CHECK;
    }
    buf_addf(out, _("Missing %d. To check %d."), missing, checks);
}
