/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/question.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "domain/lefi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char *const roll_words[ROLL_COUNT] = {"sokande", "medsokande",
                                                   "barn"};

static const struct {
    const char *word, *label;
} syften[SYFTE_COUNT] = {
    [SYFTE_NYANSOKAN] = {"nyansokan", N_("New application")},
    [SYFTE_FORTSATT] = {"fortsatt", N_("Continued application")},
    [SYFTE_KONTROLL] = {"kontroll", N_("Check before or after payment")},
    [SYFTE_ATERKRAV] = {"aterkrav", N_("Recovery")},
    [SYFTE_FORBEREDS] = {"forbereds", N_("Application being prepared")},
};

const char *
roll_word(enum roll r)
{
    return r < ROLL_COUNT ? roll_words[r] : "";
}

const char *
syfte_word(enum syfte s)
{
    return s < SYFTE_COUNT ? syften[s].word : "";
}

const char *
syfte_label(enum syfte s)
{
    return s < SYFTE_COUNT ? syften[s].label : "";
}

enum roll
roll_by_word(const char *w)
{
    enum roll r = 0;
    while (r < ROLL_COUNT && strcmp(roll_words[r], w) != 0)
        r++;
    return r;
}

enum syfte
syfte_by_word(const char *w)
{
    enum syfte s = 0;
    while (s < SYFTE_COUNT && strcmp(syften[s].word, w) != 0)
        s++;
    return s;
}

void
question_new_id(struct question *q)
{
    unsigned char r[16];
    char hex[33];
    if (getrandom(r, sizeof r, 0) != (ssize_t)sizeof r)
        abort(); /* never happens for so few bytes once the kernel is up */
    r[6] = (unsigned char)((r[6] & 0x0f) | 0x40); /* RFC 9562: version 4 */
    r[8] = (unsigned char)((r[8] & 0x3f) | 0x80);
    text_hex(r, sizeof r, hex);
    snprintf(q->id, sizeof q->id, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
             hex + 12, hex + 16, hex + 20);
}

/* The codes whose bit is set, in the table's order. */
static void
put_lefi(struct question *q, uint64_t chosen)
{
    size_t n, at = 0;
    const struct lefi_code *c = lefi_codes(&n);
    q->lefi[0] = '\0';
    for (size_t i = 0; i < n; i++)
        if (chosen & UINT64_C(1) << i)
            at += (size_t)snprintf(q->lefi + at, sizeof q->lefi - at, "%s%s",
                                   at ? " " : "", c[i].kod);
}

static uint64_t
needed_by(enum syfte s)
{
    size_t n;
    const struct lefi_code *c = lefi_codes(&n);
    uint64_t set = 0;
    for (size_t i = 0; i < n; i++)
        if (c[i].syften & 1u << s)
            set |= UINT64_C(1) << i;
    return set;
}

void
question_preset_lefi(struct question *q)
{
    bool fk = q->sources & SOURCE_BIT(SOURCE_FK);
    put_lefi(q, fk ? needed_by(q->syfte) : 0);
}

enum err_code
question_choose_lefi(struct question *q, const char *list, struct err *e)
{
    size_t n;
    const struct lefi_code *all = lefi_codes(&n);
    const struct lefi_code *gepi = lefi_code("FK:GEPI");
    uint64_t chosen = UINT64_C(1) << (gepi - all);
    int words = 0;
    if (!(q->sources & SOURCE_BIT(SOURCE_FK)))
        return err_set(e, ERR_SOURCE, "%s",
                       _("codes are asked of Försäkringskassan: FK must be "
                         "among the sources"));
    while (*(list += strspn(list, ", "))) {
        char word[16];
        size_t len = strcspn(list, ", ");
        snprintf(word, sizeof word, "%.*s", len < 15 ? (int)len : 15, list);
        const struct lefi_code *c = lefi_code(word);
        if (!strcmp(word, "forval"))
            chosen |= needed_by(q->syfte);
        else if (!c)
            return err_set(e, ERR_USAGE, _("there is no code \"%s\""), word);
        else
            chosen |= UINT64_C(1) << (c - all);
        list += len;
        words++;
    }
    if (!words)
        return err_set(e, ERR_USAGE, "%s", _("no code was given"));
    put_lefi(q, chosen);
    return ERR_OK;
}

struct period
question_csn_period(const struct question *q)
{
    struct period term = period_term(q->period);
    struct date june = {q->month.year, 6, 1};
    bool young = q->person.digits[0] &&
                 q->month.year - personnummer_date(&q->person).year <= 20;
    if (q->month.month == 10 && young && date_compare(june, term.from) < 0)
        term.from = june;
    return term;
}

void
question_preset_csn(struct question *q)
{
    struct period term = question_csn_period(q);
    q->csn = (struct period){0};
    if (q->sources & SOURCE_BIT(SOURCE_CSN) &&
        (date_compare(term.from, q->period.from) != 0 ||
         date_compare(term.to, q->period.to) != 0))
        q->csn = term;
}

void
question_preset_skv(struct question *q, skv_set allowed)
{
    bool parts =
        q->kontrakt == KONTRAKT_V11 && q->sources & SOURCE_BIT(SOURCE_SKV);
    q->skv = parts ? allowed : 0;
}

/* One line of text, nothing that steers a terminal, no space at the ends. */
static bool
plain(const char *s)
{
    size_t n = strlen(s);
    if (!text_is_utf8(s, n) || s[0] == ' ' || (n && s[n - 1] == ' '))
        return false;
    AUTO_ARENA struct arena *a = arena_new(0);
    const char *clean = text_clean(a, s, n), *nfc = text_nfc(a, s, n);
    return clean && nfc && !strcmp(clean, nfc);
}

static bool
uuid(const char *s)
{
    for (int i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s[i] != '-' : !s[i] || !strchr("0123456789abcdef", s[i]))
            return false;
    }
    return !s[36];
}

static bool
has_code(const char *lefi, const char *kod)
{
    const struct lefi_code *want = lefi_code(kod), *c;
    while ((c = lefi_next(&lefi, NULL)) != NULL)
        if (c == want)
            return true;
    return false;
}

static enum err_code
check_sources(const struct question *q, struct err *e)
{
    bool csn = q->sources & SOURCE_BIT(SOURCE_CSN);
    bool fk = q->sources & SOURCE_BIT(SOURCE_FK);
    bool own = !date_none(q->csn.from) || !date_none(q->csn.to);
    if ((!q->sources && !q->has_soap) || q->sources & ~SOURCE_ASKABLE)
        return err_set(e, ERR_BAD_INPUT, _("no source, or an unknown one"));
    if (own && (!csn || !period_ok(q->csn)))
        return err_set(e, ERR_PERIOD, _("CSN's own period cannot be used"));
    if (!lefi_canonical(q->lefi) || (!fk && q->lefi[0]))
        return err_set(e, ERR_BAD_INPUT, _("the LEFI codes cannot be used"));
    if (q->kontrakt >= KONTRAKT_COUNT || q->skv & ~SKV_ALL ||
        (q->skv && (q->kontrakt != KONTRAKT_V11 ||
                    !(q->sources & SOURCE_BIT(SOURCE_SKV)))))
        return err_set(e, ERR_BAD_INPUT,
                       _("the parts of Skatteverket cannot be used"));
    /* A system's own question is put as it stands. */
    if (fk && !q->has_soap && !has_code(q->lefi, "FK:GEPI"))
        return err_set(e, ERR_BAD_INPUT,
                       _("FK:GEPI is always asked with Försäkringskassan"));
    return ERR_OK;
}

enum err_code
question_check(const struct question *q, struct err *e)
{
    if (!uuid(q->id))
        return err_set(e, ERR_BAD_INPUT, _("the question's id is no UUID"));
    if (!q->arende[0] || !plain(q->arende))
        return err_set(e, ERR_ARENDEIDENTITET, "%s",
                       _("the case number is empty or has other signs"));
    if (!personnummer_ok(q->person.digits))
        return err_set(e, ERR_PERSONNUMMER, _("the number does not hold"));
    if (q->roll >= ROLL_COUNT || q->syfte >= SYFTE_COUNT)
        return err_set(e, ERR_BAD_INPUT, _("role or purpose is unknown"));
    if (!period_ok(q->period))
        return err_set(e, ERR_PERIOD, _("the period ends before it begins"));
    if ((q->month.month || q->month.year) &&
        (!date_ok(month_first(q->month)) || q->month.year < 2))
        return err_set(e, ERR_PERIOD, _("there is no such month"));
    if (!q->handlaggare[0] || !plain(q->handlaggare))
        return err_set(e, ERR_BAD_INPUT, _("the account cannot be used"));
    if (!plain(q->skal))
        return err_set(e, ERR_BAD_INPUT,
                       _("the reason has signs that cannot be used"));
    if (q->asked_ms <= 0)
        return err_set(e, ERR_BAD_INPUT, _("the time of asking is missing"));
    return check_sources(q, e);
}

void
question_wipe(struct question *q)
{
    mem_wipe(q, sizeof *q);
}
