/* SPDX-License-Identifier: EUPL-1.2
 *
 * The checks stand in the order of DESIGN 2.3; the first that fails is the
 * refusal.
 */
#include "config.h"

#include "domain/grant.h"

#include "base/i18n.h"

#include <string.h>

static const struct {
    enum account_role role;
    const char *word;
} roles[] = {{ROLE_HANDLAGGARE, "handlaggare"},
             {ROLE_KONTAKTCENTER, "kontaktcenter"},
             {ROLE_CHEF, "chef"},
             {ROLE_HANDLEDARE, "handledare"},
             {ROLE_SYSTEMANSVARIG, "systemansvarig"},
             {ROLE_SYSTEM, "system"}};

unsigned
role_by_word(const char *word)
{
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (!strcmp(roles[i].word, word))
            return roles[i].role;
    return 0;
}

const char *
role_word(unsigned one_role)
{
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (roles[i].role == (enum account_role)one_role)
            return roles[i].word;
    return "";
}

static const char *const accesses[] = {"given", "efterhand", "godkand"};

const char *
access_word(enum access_kind k)
{
    return accesses[k];
}

bool
access_by_word(enum access_kind *k, const char *word)
{
    for (int i = 0; i < 3; i++)
        if (!strcmp(accesses[i], word)) {
            *k = (enum access_kind)i;
            return true;
        }
    return false;
}

static const char *const modes[] = {"ovning", "test", "skarp"};

const char *
mode_word(enum grant_mode m)
{
    return modes[m];
}

bool
mode_by_word(enum grant_mode *m, const char *word)
{
    for (int i = 0; i < 3; i++)
        if (!strcmp(modes[i], word)) {
            *m = (enum grant_mode)i;
            return true;
        }
    return false;
}

/* --- who --- */

static enum err_code
check_role(const struct grant_facts *f, const struct question *q, struct err *e)
{
    if (!f->account_known)
        return err_set(e, ERR_IDENTITY, _("no such account"));
    if (f->account_blocked)
        return err_set(e, ERR_BLOCKED, _("the account is blocked"));
    if (f->roles & (ROLE_HANDLAGGARE | ROLE_SYSTEM))
        return ERR_OK;
    if (!(f->roles & ROLE_KONTAKTCENTER))
        return err_set(e, ERR_ROLE, _("the role does not ask"));
    if (q->syfte != SYFTE_FORBEREDS)
        return err_set(e, ERR_ROLE,
                       _("kontaktcenter asks for an application being "
                         "prepared only"));
    return ERR_OK;
}

static enum err_code
check_rate(const struct grant_facts *f, struct err *e)
{
    if (f->asked_today >= f->ceiling)
        return err_set(e, ERR_CEILING, _("%d questions today"), f->asked_today);
    if (f->asked_last_minute >= f->burst)
        return err_set(e, ERR_RATE, _("%d questions in a minute"),
                       f->asked_last_minute);
    return ERR_OK;
}

static const char *const forsakran_words[] = {
    [FORSAKRAN_SAKNAS] = "saknas",
    [FORSAKRAN_GILTIG] = "giltig",
    [FORSAKRAN_NY_TEXT] = "ny_text",
    [FORSAKRAN_UTGANGEN] = "utgangen",
    [FORSAKRAN_ATERKALLAD] = "aterkallad",
    [FORSAKRAN_ANNAN_NYCKEL] = "annan_nyckel",
    [FORSAKRAN_CERT_SPARRAT] = "certifikat_sparrat"};

const char *
forsakran_word(enum forsakran_state s)
{
    return forsakran_words[s];
}

enum forsakran_state
forsakran_by_word(const char *word)
{
    size_t n = sizeof forsakran_words / sizeof *forsakran_words;
    for (size_t i = 0; word && i < n; i++)
        if (!strcmp(word, forsakran_words[i]))
            return (enum forsakran_state)i;
    return FORSAKRAN_SAKNAS;
}

static enum err_code
check_forsakran(const struct grant_facts *f, struct err *e)
{
    switch (f->forsakran) {
    case FORSAKRAN_GILTIG:
        return ERR_OK;
    case FORSAKRAN_NY_TEXT:
        return err_set(e, ERR_FORSAKRAN_TEXT,
                       _("it was signed in an older wording"));
    case FORSAKRAN_UTGANGEN:
        return err_set(e, ERR_FORSAKRAN_EXPIRED,
                       _("twelve months have passed"));
    case FORSAKRAN_ATERKALLAD:
        return err_set(e, ERR_FORSAKRAN, _("it has been withdrawn"));
    case FORSAKRAN_ANNAN_NYCKEL:
        return err_set(e, ERR_FORSAKRAN, _("it names another entry key"));
    case FORSAKRAN_CERT_SPARRAT:
        return err_set(e, ERR_CERT_REVOKED, _("by the CA that issued it"));
    case FORSAKRAN_SAKNAS:
        break;
    }
    return err_set(e, ERR_FORSAKRAN, _("none has been signed"));
}

/* --- about whom --- */

static enum err_code
check_case(const struct grant_facts *f, struct err *e)
{
    if (!f->case_exists)
        return err_set(e, ERR_CASE, _("no case of yours fits"));
    if (!f->case_open)
        return err_set(e, ERR_CASE_CLOSED, _("the case is closed"));
    if (!f->takes_part && !f->access_given) /* the same words: no hint */
        return err_set(e, ERR_CASE, _("no case of yours fits"));
    return ERR_OK;
}

static enum err_code
check_person(const struct grant_facts *f, const struct question *q,
             struct err *e)
{
    bool test = personnummer_test(&q->person);
    if (f->mode == MODE_SKARP && test)
        return err_set(e, ERR_TEST_NUMBER,
                       _("a test number does not belong in skarp"));
    if (f->mode == MODE_OVNING && !test)
        return err_set(e, ERR_TEST_NUMBER,
                       _("only test numbers belong in ovning"));
    if (!f->in_household)
        return err_set(e, ERR_PERSON,
                       _("the person is not in the household of the case"));
    if (f->jav)
        return err_set(e, ERR_JAV, _("jäv is noted in the case"));
    if (f->own_number)
        return err_set(e, ERR_OWN_PERSON, _("it is your own number"));
    if (f->own_list)
        return err_set(e, ERR_OWN_LIST, _("the person is on your own list"));
    return ERR_OK;
}

/* --- what, on what ground --- */

static enum err_code
check_period(const struct question *q, struct err *e)
{
    if (!period_ok(q->period))
        return err_set(e, ERR_PERIOD, _("the period ends before it begins"));
    if (q->sources & SOURCE_BIT(SOURCE_FK) && period_over_two_years(q->period))
        return err_set(e, ERR_PERIOD_FK,
                       _("Försäkringskassan takes two years at most"));
    return ERR_OK;
}

static enum err_code
check_ground(const struct grant_facts *f, const struct question *q,
             const struct legal *l, struct err *e)
{
    char codes[64];
    if (!legal_syfte(l, q->syfte))
        return err_set(e, ERR_SYFTE, _("%s is not in the legal table"),
                       syfte_word(q->syfte));
    if (f->case_prepared != (q->syfte == SYFTE_FORBEREDS))
        return err_set(e, ERR_SYFTE,
                       _("the kind of case and the purpose do not match"));
    source_set barred = q->sources & ~legal_sources(l, q->syfte);
    source_set_text(barred, ' ', codes);
    if (barred)
        return err_set(e, ERR_SOURCE, "%s", codes);
    char parts[96];
    skv_set_text(q->skv & ~legal_skv(l, q->syfte), parts);
    if (parts[0])
        return err_set(e, ERR_SOURCE, "SKV: %s", parts);
    if (q->kontrakt == KONTRAKT_V11 && q->sources & SOURCE_BIT(SOURCE_SKV) &&
        !q->skv)
        return err_set(e, ERR_SOURCE, "SKV");
    return ERR_OK;
}

/* --- reasons (UX 6) --- */

static bool
twelve_months(struct period p)
{
    struct date limit = p.from; /* both ends count */
    limit.year++;
    return date_compare(date_add(p.to, 1), limit) >= 0;
}

/* The period is the month's, and CSN's own is what the month asks for. */
static bool
follows_month(const struct question *q)
{
    if (!q->month.month)
        return false;
    struct period month = period_of_application(q->month);
    struct period term = question_csn_period(q);
    if (date_compare(month.from, q->period.from) ||
        date_compare(month.to, q->period.to))
        return false;
    return date_none(q->csn.from) || (!date_compare(q->csn.from, term.from) &&
                                      !date_compare(q->csn.to, term.to));
}

const char *
grant_reason(const struct grant_facts *f, const struct question *q)
{
    const source_set of_child = SOURCE_BIT(SOURCE_FK) | SOURCE_BIT(SOURCE_CSN);
    bool child = f->roll == ROLL_BARN || q->roll == ROLL_BARN;
    if (child && q->sources & ~of_child)
        return N_("A child is asked about elsewhere than at FK and CSN.");
    if (twelve_months(q->period))
        return N_("The period is twelve months or more.");
    if (f->asked_within_3_days && !q->retry_of)
        return N_("The same person was asked about within three days.");
    if (f->shielded)
        return N_("The person's data are protected.");
    if (!follows_month(q))
        return N_("The period does not follow the month.");
    return NULL;
}

enum err_code
grant_check(const struct grant_facts *f, const struct question *q,
            const struct legal *l, struct err *e)
{
    enum err_code code = check_role(f, q, e);
    if (code == ERR_OK)
        code = check_rate(f, e);
    if (code == ERR_OK)
        code = check_forsakran(f, e);
    if (code == ERR_OK)
        code = check_case(f, e);
    if (code == ERR_OK)
        code = check_person(f, q, e);
    if (code == ERR_OK)
        code = check_period(q, e);
    if (code == ERR_OK)
        code = check_ground(f, q, l, e);
    if (code == ERR_OK)
        code = question_check(q, e); /* arendeidentitet and the rest */
    if (code != ERR_OK)
        return code;
    const char *reason = grant_reason(f, q);
    if (reason && !q->skal[0])
        return err_set(e, ERR_REASON, "%s", _(reason));
    return ERR_OK;
}
