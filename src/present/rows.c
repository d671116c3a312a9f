/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "present/rows.h"

#include "base/i18n.h"
#include "present/rows_own.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 64 << 20 }; /* bytes of text */

struct rows *
rows_new(void)
{
    struct rows *r = mem_alloc(sizeof *r);
    r->arena = arena_new(ROWS_MAX);
    return r;
}

void
rows_free(struct rows **r)
{
    if (!*r)
        return;
    arena_free(&(*r)->arena);
    free((*r)->row);
    free(*r);
    *r = NULL;
}

struct row *
rows_add(struct rows *r, enum row_kind kind, enum source_id s, int person)
{
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 64;
        r->row = mem_grow(r->row, (size_t)r->cap, sizeof *r->row);
    }
    struct row *row = &r->row[r->n++];
    *row = (struct row){.kind = kind,
                        .source = s,
                        .person = person,
                        .label = "",
                        .text = "",
                        .status = "",
                        .code = "",
                        .marks_text = ""};
    return row;
}

void
rows_heading(struct rows *r, enum source_id s, const char *label)
{
    rows_add(r, ROW_HEADING, s, 0)->label = label;
}

void
rows_note(struct rows *r, const char *text)
{
    rows_add(r, ROW_NOTE, SOURCE_COUNT, 0)->text = text;
}

const char *
rows_printf(struct rows *r, const char *fmt, ...)
{
    char small[256];
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    char *s = n >= 0 ? arena_alloc(r->arena, (size_t)n + 1) : NULL;
    if (s)
        vsnprintf(s, (size_t)n + 1, fmt, again);
    va_end(again);
    return s ? s : "";
}

bool
rows_places(const struct answer *const *a, int n)
{
    for (int i = 0; i < n; i++)
        if (!answer_places_open(a[i]))
            return false;
    return n > 0;
}

void
rows_options_init(struct rows_options *o, const struct answer *const *a, int n)
{
    *o = (struct rows_options){.places = rows_places(a, n),
                               .today = date_today(),
                               .limit_s = 30,
                               .keys = true};
}

const char *
rows_kronor(struct arena *a, struct money m, const struct rows_options *o)
{
    char whole[32];
    if (!m.given)
        return _("unknown");
    money_kronor_text(m, whole);
    if (o->ore && m.ore % 100) {
        struct money down = {.ore = m.ore - m.ore % 100, .given = true};
        money_kronor_text(down, whole);
        const char *sign = m.ore < 0 && m.ore > -100 ? "-" : "";
        const char *s = arena_printf(a, _("%s%s,%02d kr"), sign, whole,
                                     abs((int)(m.ore % 100)));
        return s ? s : "";
    }
    const char *s = arena_printf(a, _("%s kr"), whole);
    return s ? s : "";
}

void
rows_seconds(int ms, char out[16])
{
    int tenths = (ms + 50) / 100;
    if (tenths % 10)
        snprintf(out, 16, "%d,%d s", tenths / 10, tenths % 10);
    else
        snprintf(out, 16, "%d s", tenths / 10);
}

const char *
rows_small(struct arena *a, const char *s)
{
    /* Words of all capitals stay (FK, SGI); so do names of funds (A-kassa). */
    if (!isupper((unsigned char)s[0]) || !islower((unsigned char)s[1]))
        return s;
    char *copy = arena_strdup(a, s);
    if (!copy)
        return s;
    copy[0] = (char)tolower((unsigned char)copy[0]);
    return copy;
}

const char *
rows_join(struct arena *a, const char *list, const char *word)
{
    if (!*list)
        return word;
    const char *s = arena_printf(a, "%s, %s", list, word);
    return s ? s : list;
}

const char *
rows_state_label(enum source_state s)
{
    return gettext(state_row(s)->label);
}

const char *
rows_authority(enum source_id s)
{
    return source_row(s)->authority;
}

const char *
rows_payment_state(enum payment_state s)
{
    switch (s) {
    case PAYMENT_PRELIMINAR:
    case PAYMENT_PLANERAD:
        return _("expected");
    case PAYMENT_OKAND:
        return _("unknown state");
    default:
        return "";
    }
}

static const struct mark {
    unsigned bit;
    const char *letter; /* the first letter of the check's word, UX 8 */
    const char *label;
} marks[] = {
    {MARK_RETRO, "R", N_("for an earlier period")},
    {MARK_KVITTNING, "A", N_("set-off")},
    {MARK_UTMATNING, "A", N_("attachment of earnings")},
    {MARK_SOCIALAVDRAG, "A", N_("deduction for a social board")},
    {MARK_AVDRAG_OVRIGT, "A", N_("other deduction")},
    {MARK_LAN, "L", N_("a loan is in the amount")},
    {MARK_NOLL, "N", N_("nothing left to pay")},
    {MARK_EFTER_SKATT, "", N_("amount after tax, before deductions")},
    {MARK_DUBBEL_PM, "", N_("FK+PM: both report it, summed once")},
    {MARK_BELOPP_OLASLIGT, "?", N_("an amount could not be read")},
    {MARK_DATUM_OLASLIGT, "?", N_("a date could not be read")},
};

const char *
rows_mark_label(unsigned one)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i].bit == one)
            return gettext(marks[i].label);
    return "";
}

const char *
rows_mark_letter(unsigned bits)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (bits & marks[i].bit && marks[i].letter[0])
            return marks[i].letter;
    return "";
}

static const char *const month_names[13] = {"",
                                            N_("January"),
                                            N_("February"),
                                            N_("March"),
                                            N_("April"),
                                            N_("May"),
                                            N_("June"),
                                            N_("July"),
                                            N_("August"),
                                            N_("September"),
                                            N_("October"),
                                            N_("November"),
                                            N_("December")};

/* "Okt": in Swedish and in English the first three letters of the month. */
const char *
rows_month_short(struct month m)
{
    static char shorts[13][4];
    if (m.month < 1 || m.month > 12)
        return "";
    char *s = shorts[m.month];
    snprintf(s, 4, "%.3s", gettext(month_names[m.month]));
    s[0] = (char)toupper((unsigned char)s[0]);
    return s;
}

void
rows_month_long(struct month m, char out[24])
{
    bool ok = m.month >= 1 && m.month <= 12;
    snprintf(out, 24, "%s %d", ok ? gettext(month_names[m.month]) : "", m.year);
}

const char *
rows_benefit(struct arena *a, enum source_id s, const char *forman,
             const char *betalare)
{
    if (s == SOURCE_SO)
        return betalare;
    const char *t = arena_printf(a, "%s %s", source_row(s)->code, forman);
    return t ? t : forman;
}

const char *
rows_span(struct arena *a, const char *fran, const char *till)
{
    const char *s = NULL;
    if (!fran && !till)
        return "";
    if (fran && till && !strcmp(fran, till))
        s = fran;
    else if (fran && till)
        s = arena_printf(a, "%s - %s", fran, till);
    else if (fran)
        s = arena_printf(a, "%s -", fran);
    else
        s = arena_printf(a, "- %s", till);
    return s ? s : "";
}
