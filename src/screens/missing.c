/* SPDX-License-Identifier: EUPL-1.2
 *
 * What did not come, in words: above everything else (UX 8), and as the
 * standing message.
 */
#include "config.h"

#include "screens/parts.h"

#include "base/i18n.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* The first letter small: a label inside a sentence. */
void
parts_small(struct buf *out, const char *s)
{
    int len;
    uint32_t cp = text_next(s, &len);
    if (cp >= 'A' && cp <= 'Z')
        buf_addc(out, (char)(cp + 32));
    else if (cp == 0xC5 || cp == 0xC4 || cp == 0xD6) /* Å Ä Ö */
        buf_addf(out, "%c%c", (char)0xC3, (char)(cp - 0xC0 + 0xA0));
    else
        buf_add(out, s, len);
    buf_adds(out, s + len);
}

static void
because(struct buf *out, const char *orsak, enum source_id s)
{
    if (strcmp(orsak, "INTERNT_FEL") == 0)
        buf_addf(out, _(" (error at %s)"), source_row(s)->label);
    else if (strcmp(orsak, "OBEHORIG") == 0)
        buf_adds(out, _(" (not permitted)"));
    else if (*orsak) {
        AUTO_BUF(cut, 128);
        text_cut(&cut, orsak, 24);
        buf_addf(out, " (%s)", buf_str(&cut));
    }
}

static void
part(struct buf *out, const char *sep, enum source_id s,
     const struct missing *m)
{
    AUTO_BUF(name, 256);
    text_cut(&name, m->namn ? m->namn : m->kod, 32);
    buf_addf(out, "%s%s ", sep, source_row(s)->tab);
    parts_small(out, buf_str(&name));
    because(out, m->orsak ? m->orsak : "", s);
}

/* Three or more in the same state are named together, briefly. */
static void
whole_sources(struct buf *out, const char **sep, source_set set,
              enum source_state st)
{
    bool brief = __builtin_popcount(set) >= 3;
    for (int s = 0; s < SOURCE_COUNT; s++) {
        if (!(set & SOURCE_BIT(s)))
            continue;
        set &= ~SOURCE_BIT(s);
        buf_addf(out, "%s%s", *sep,
                 brief ? parts_brief_source(s) : rows_authority(s));
        *sep = ", ";
        if (brief && set)
            continue;
        buf_adds(out, " (");
        parts_small(out, rows_state_label(st));
        buf_addc(out, ')');
    }
}

/* Nothing was sent for this person: the refusal in its own words. */
static bool
not_sent(const struct gathered *g, int person, struct buf *out)
{
    const struct gathered_person *p = &g->of[person];
    const struct answer *a = gathered_answer(g, person);
    if (!p->asked || p->ask || (a && (a->loggpost || p->code == ERR_OK)))
        return false;
    buf_addf(out, _("the question was not sent. %s"),
             _(err_row(p->code)->message));
    return true;
}

void
parts_missing(struct gathered *g, int person, struct buf *out)
{
    const struct answer *a = gathered_answer(g, person);
    const char *sep = "";
    source_set of[STATE_COUNT] = {0};
    if (not_sent(g, person, out) || !a)
        return;
    source_set asked = answer_asked(&a->question);
    for (int s = 0; s < SOURCE_COUNT; s++) {
        enum source_state st = gathered_source(g, person, s);
        const struct missing *m = a->of[s].missing;
        if (!(asked & SOURCE_BIT(s)) || state_row(st)->whole)
            continue;
        if (st != STATE_DELSVAR || !m)
            of[st] |= SOURCE_BIT(s);
        else
            for (; m; m = m->next, sep = ", ")
                part(out, sep, s, m);
    }
    for (int st = 0; st < STATE_COUNT; st++)
        whole_sources(out, &sep, of[st], st);
}

/* Number words as people write them, up to twelve. */
void
parts_number_word(int n, char *out, int size)
{
    static const char *const words[] = {
        N_("None"), N_("One"),    N_("Two"),   N_("Three"), N_("Four"),
        N_("Five"), N_("Six"),    N_("Seven"), N_("Eight"), N_("Nine"),
        N_("Ten"),  N_("Eleven"), N_("Twelve")};
    if (n >= 0 && n <= 12)
        snprintf(out, size, "%s", _(words[n]));
    else
        snprintf(out, size, "%d", n);
}

void
parts_missing_message(struct gathered *g, struct head *head)
{
    int n = gathered_missing(g);
    char number[16];
    if (gathered_running(g)) {
        head->kind = MSG_OBS;
        snprintf(head->message, sizeof(head->message), "%s",
                 _("What failed is being asked again. Unknown until then."));
        return;
    }
    if (n == 0)
        return;
    parts_number_word(n, number, sizeof(number));
    head->kind = MSG_OBS;
    snprintf(head->message, sizeof(head->message),
             ngettext("%s piece is missing: unknown, not zero. F5 asks again.",
                      "%s pieces are missing: unknown, not zero. F5 asks them "
                      "again.",
                      n),
             number);
    AUTO_BUF(b, 4096);
    for (int i = 0; i < g->n; i++) {
        char who[64];
        AUTO_BUF(miss, 4096);
        parts_missing(g, i, &miss);
        if (!miss.len)
            continue;
        parts_who(g, i, WHO_FULL, who, sizeof(who));
        buf_addf(&b, "%s: %s. ", who, buf_str(&miss));
    }
    buf_adds(&b, _("All else in the answer holds."));
    snprintf(head->more, sizeof(head->more), "%.*s",
             (int)text_fit(buf_str(&b), 400), buf_str(&b));
}
