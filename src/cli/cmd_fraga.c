/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga fraga: one question, its answer on stdout (DESIGN 7, UX 14). What
 * was asked is printed whenever the intent was committed, also when nothing
 * came back.
 */
#include "config.h"

#include "cli/cli.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "domain/overview.h"
#include "local/svar.h"
#include "present/text.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_NDJSON };
enum { PRINT_MAX = 128 << 20 };

struct wanted {
    const char *arende, *syfte, *period, *manad, *kallor, *koder, *skal;
    char person[32];
    enum format format;
};

/* The number is taken out of the process list. */
static void
take_person(struct wanted *w, char *arg)
{
    snprintf(w->person, sizeof w->person, "%s", arg);
    if (strpbrk(arg, "0123456789") &&
        (strncmp(arg, "barn", 4) != 0 || strlen(arg) > 6))
        memset(arg, 'x', strlen(arg));
}

static bool
take_format(struct wanted *w, const char *arg)
{
    static const char *const words[] = {"text", "json", "ndjson"};
    for (int i = 0; i < 3; i++)
        if (!strcmp(arg, words[i])) {
            w->format = (enum format)i;
            return true;
        }
    return false;
}

/* 0, or the exit status. */
static int
read_arguments(struct wanted *w, int argc, char **argv)
{
    enum {
        ARENDE = 256,
        PERSON,
        SYFTE,
        PERIOD,
        MANAD,
        KALLOR,
        KODER,
        SKAL,
        FORMAT
    };
    static const struct option longs[] = {
        {"arende", required_argument, NULL, ARENDE},
        {"person", required_argument, NULL, PERSON},
        {"syfte", required_argument, NULL, SYFTE},
        {"period", required_argument, NULL, PERIOD},
        {"manad", required_argument, NULL, MANAD},
        {"kallor", required_argument, NULL, KALLOR},
        {"koder", required_argument, NULL, KODER},
        {"skal", required_argument, NULL, SKAL},
        {"format", required_argument, NULL, FORMAT},
        {0}};
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        const char **to = c == ARENDE   ? &w->arende
                          : c == SYFTE  ? &w->syfte
                          : c == PERIOD ? &w->period
                          : c == MANAD  ? &w->manad
                          : c == KALLOR ? &w->kallor
                          : c == KODER  ? &w->koder
                          : c == SKAL   ? &w->skal
                                        : NULL;
        if (c == PERSON)
            take_person(w, optarg);
        else if (c == FORMAT && !take_format(w, optarg))
            return cli_usage("fraga", _("--format takes text, json or ndjson"));
        else if (to)
            *to = optarg;
        else if (c == '?')
            return cli_usage("fraga", NULL);
    }
    if (optind < argc)
        return cli_usage("fraga", _("an argument was not understood"));
    if (!w->arende || !w->person[0] || !w->syfte)
        return cli_usage("fraga",
                         _("--arende, --person and --syfte are needed"));
    if (w->period && w->manad)
        return cli_usage("fraga", _("either --period or --manad"));
    return 0;
}

/* A slip of the year is no question. */
static enum err_code
check_ahead(const struct question *q, struct err *e)
{
    if (date_days(q->period.to) - date_days(date_today()) <= 366 + 31)
        return ERR_OK;
    return err_set(e, ERR_PERIOD, "%s",
                   _("the period is more than a year ahead"));
}

/* What can be judged before anyone is asked. */
static enum err_code
fill_plain(struct question *q, const struct wanted *w, struct err *e)
{
    *q = (struct question){0};
    if (!w->arende[0] || strlen(w->arende) > ARENDE_MAX)
        return err_set(e, ERR_ARENDEIDENTITET, "--arende");
    snprintf(q->arende, sizeof q->arende, "%s", w->arende);
    if ((q->syfte = syfte_by_word(w->syfte)) == SYFTE_COUNT)
        return err_set(e, ERR_USAGE, _("--syfte does not take \"%s\""),
                       w->syfte);
    if (w->skal && !w->skal[strspn(w->skal, " \t")])
        return err_set(e, ERR_USAGE, "%s", _("--skal needs words"));
    if (w->skal && strlen(w->skal) >= sizeof q->skal)
        return err_set(e, ERR_USAGE, _("--skal takes at most %zu bytes"),
                       sizeof q->skal - 1);
    if (w->kallor && !w->kallor[strspn(w->kallor, " ,")])
        return err_set(e, ERR_USAGE, "%s", _("--kallor needs a source"));
    snprintf(q->skal, sizeof q->skal, "%s", w->skal ? w->skal : "");
    if (w->period) {
        enum err_code code =
            period_read(&q->period, w->period, date_today(), e);
        return code ? code : check_ahead(q, e);
    }
    q->month = month_of(date_today());
    if (w->manad && !month_read(&q->month, w->manad))
        return err_set(e, ERR_PERIOD, _("--manad takes YYYY-MM"));
    q->period = period_of_application(q->month);
    return check_ahead(q, e);
}

static enum err_code
fill_sources(struct question *q, const struct wanted *w, const struct client *c,
             struct err *e)
{
    char bad[16] = "";
    if (!w->kallor || !strcmp(w->kallor, "alla"))
        q->sources = legal_sources(client_legal(c), q->syfte) & SOURCE_ASKABLE;
    else if (!source_set_read(&q->sources, w->kallor, bad))
        return err_set(e, ERR_USAGE, _("--kallor does not know \"%s\""), bad);
    if (q->sources & ~SOURCE_ASKABLE)
        return err_set(e, ERR_USAGE, "%s",
                       _("PM is asked through FK: --kallor FK"));
    if (!q->sources)
        return err_set(e, ERR_SOURCE, "%s",
                       _("no source may be asked for this purpose"));
    if (w->koder)
        return question_choose_lefi(q, w->koder, e);
    question_preset_lefi(q);
    return ERR_OK;
}

static bool
fits(const struct client_person *p, const char *word, int children)
{
    if (p->roll != ROLL_BARN)
        return !strcmp(word, roll_word(p->roll));
    return !strncmp(word, "barn", 4) && strtol(word + 4, NULL, 10) == children;
}

/* The person in the household, by role or by number. */
static enum err_code
find_person(struct question *q, const char *word, const struct client_case *k,
            struct err *e)
{
    int children = 0;
    for (int i = 0; i < k->n_persons; i++) {
        const struct client_person *p = &k->persons[i];
        children += p->roll == ROLL_BARN;
        if (q->person.digits[0] ? personnummer_same(&p->number, &q->person)
                                : fits(p, word, children)) {
            q->person = p->number;
            q->roll = p->roll;
            return ERR_OK;
        }
    }
    return err_set(e, ERR_PERSON, "%s",
                   q->person.digits[0] ? _("the number given with --person")
                                       : word);
}

static enum err_code
fill_person(struct question *q, const struct wanted *w, struct client *c,
            struct err *e)
{
    static const char *const words[] = {"sokande", "medsokande"};
    bool word = !strcmp(w->person, words[0]) || !strcmp(w->person, words[1]) ||
                (!strncmp(w->person, "barn", 4) && w->person[4]);
    enum err_code code = ERR_OK;
    if (!word)
        code = personnummer_read(&q->person, w->person, date_today(), e);
    if (code)
        return code;
    client_open_case(c, q->arende, NULL, NULL);
    code = client_wait(c, e);
    if (!code)
        code = find_person(q, w->person, client_case_now(c), e);
    /* With a number the question can be put all the same: enfragad then
     * refuses it with its own reason, and the refusal stands in the log. */
    bool refused = code == ERR_PERSON || code == ERR_CASE ||
                   code == ERR_CASE_CLOSED || code == ERR_JAV ||
                   code == ERR_OWN_PERSON;
    return refused && !word ? ERR_OK : code;
}

/* ndjson: each event as it comes. */
static void
print_event(void *arg, struct ask *ask, enum ask_event what, enum source_id s)
{
    const struct wanted *w = arg;
    AUTO_BUF(b, PRINT_MAX);
    if (what == ASK_KVITTO)
        fprintf(stderr, _("The question is entry %llu of the log.\n"),
                (unsigned long long)ask_loggpost(ask));
    if (w->format != FORMAT_NDJSON)
        return;
    if (what == ASK_KVITTO)
        buf_addf(&b, "{\"typ\":\"kvitto\",\"loggpost\":%llu}",
                 (unsigned long long)ask_loggpost(ask));
    else if (what == ASK_KALLA)
        svar_write_state(&b, ask_answer(ask), s);
    else if (what == ASK_SVAR)
        svar_write_printed(&b, ask_answer(ask), s);
    if (b.len && !b.full) {
        puts(buf_str(&b));
        fflush(stdout);
    }
}

static enum err_code
print_answer(const struct wanted *w, const struct answer *a,
             const struct client *c, struct err *e)
{
    AUTO_BUF(b, PRINT_MAX);
    struct overview *v = overview_new(&a, 1, client_rules(c), date_today());
    enum err_code code;
    if (w->format == FORMAT_TEXT) {
        struct rows_options o;
        rows_options_init(&o, &a, 1);
        o.limit_s = client_status(c)->limit_s;
        o.probed_ms = client_status(c)->probed_ms;
        code = text_write(&b, a, v, &o);
    } else {
        code = svar_write(&b, a, v);
        buf_addc(&b, '\n');
    }
    overview_free(&v);
    if (code)
        return err_set(e, code, "%s", _("the answer is too large to print"));
    fwrite(b.data, 1, b.len, stdout);
    return ERR_OK;
}

/* 30 only if nothing at all came back, else 11 when no source answered; a
 * log that cannot be written says so itself (UX 14). */
static int
exit_status(const struct answer *a, enum err_code code)
{
    int of_answer = answer_exit(a);
    if (code == ERR_OK || of_answer != 11)
        return of_answer;
    return err_row(code)->exit;
}

static int
ask_and_print(struct cli *cli, const struct wanted *w, const struct question *q)
{
    struct err e = {0}, printing = {0};
    struct ask *ask =
        client_ask(cli->client, q, print_event, (void *)(uintptr_t)w);
    enum err_code code = client_wait(cli->client, &e);
    code = ask_code(ask, &e);
    if (!ask_loggpost(ask)) {
        ask_free(&ask);
        return cli_fail(code, &e);
    }
    cli->asked = true;
    if (code)
        cli_fail(code, &e);
    int leave = exit_status(ask_answer(ask), code);
    enum err_code printed =
        print_answer(w, ask_answer(ask), cli->client, &printing);
    ask_free(&ask);
    return printed ? cli_fail(printed, &printing) : leave;
}

int
command_fraga(struct cli *cli, int argc, char **argv)
{
    struct wanted w = {.format = FORMAT_TEXT};
    struct question q;
    struct err e = {0};
    int leave = read_arguments(&w, argc, argv);
    if (leave)
        return leave;
    enum err_code code = fill_plain(&q, &w, &e);
    if (!code)
        code = cli_open(cli, true, &e);
    if (!code)
        code = fill_sources(&q, &w, cli->client, &e);
    if (!code)
        code = fill_person(&q, &w, cli->client, &e);
    if (!code)
        question_preset_csn(&q);
    if (!code && q.period.to.year < personnummer_date(&q.person).year)
        code = err_set(&e, ERR_PERIOD, "%s",
                       _("the period is before the person was born"));
    leave = code ? cli_fail(code, &e) : ask_and_print(cli, &w, &q);
    question_wipe(&q);
    mem_wipe(&w, sizeof w);
    return leave;
}
