/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga gallring: lawful erasure of the log (AUDIT 12). One person proposes,
 * a chef who is another approves, and when the delay is over it is carried
 * out; a stop halts it, and two persons lift that. Nothing here shows what a
 * person was asked about: numbers, times and accounts alone.
 */
#include "config.h"

#include "cli/cli_gallring.h"

#include "base/i18n.h"
#include "base/text.h"
#include "local/message.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { POLLS = 40, POLL_MS = 250 };

/* What was typed; number is the argument without an option. */
struct wish {
    const char *from, *till, *entries, *decision, *why, *line, *format;
    bool leaves, json, has_number;
    uint64_t number;
};

static bool
read_number(const char **s, uint64_t *out)
{
    char *end;
    if (**s < '0' || **s > '9')
        return false;
    *out = strtoull(*s, &end, 10);
    *s = end;
    return *out < UINT64_C(1) << 53;
}

static bool
read_wish(struct wish *w, int argc, char **argv)
{
    enum { FROM = 1, TILL, ENTRIES, DECISION, WHY, LINE, FORMAT, LEAVES };
    static const struct option longs[] = {
        {"fran", required_argument, NULL, FROM},
        {"till", required_argument, NULL, TILL},
        {"poster", required_argument, NULL, ENTRIES},
        {"beslut", required_argument, NULL, DECISION},
        {"skal", required_argument, NULL, WHY},
        {"rad", required_argument, NULL, LINE},
        {"format", required_argument, NULL, FORMAT},
        {"hela-poster", no_argument, NULL, LEAVES},
        {0}};
    opterr = 0;
    optind = 0;
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        if (c == '?')
            return false;
        if (c == LEAVES)
            w->leaves = true;
        else
            *(const char **[]){
                NULL,         &w->from, &w->till, &w->entries,
                &w->decision, &w->why,  &w->line, &w->format}[c] = optarg;
    }
    w->json = w->format && !strcmp(w->format, "json");
    if (w->format && !w->json && strcmp(w->format, "text") != 0)
        return false;
    if (optind < argc) {
        const char *s = argv[optind++];
        w->has_number = read_number(&s, &w->number) && !*s;
        if (!w->has_number)
            return false;
    }
    return optind == argc;
}

/* "A-B", both ends included, or days. */
static bool
read_range(const struct wish *w, struct erasure_wish *out)
{
    const char *s = w->entries;
    *out = (struct erasure_wish){
        .from = w->from, .till = w->till, .leaves = w->leaves};
    if (!s)
        return w->till != NULL;
    return !w->till && !w->from && read_number(&s, &out->first) &&
           *s++ == '-' && read_number(&s, &out->last) && !*s &&
           out->first <= out->last;
}

static enum err_code
ask(struct cli *cli, struct err *e)
{
    client_erasures(cli->client, NULL, NULL);
    return client_wait(cli->client, e);
}

static const cJSON *
row_of(const struct cli *cli, const char *list, uint64_t number)
{
    const cJSON *o = client_erasure_answer(cli->client), *row;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(o, list))
    {
        int64_t seq;
        if (message_number(row, "loggpost", &seq) && seq >= 0 &&
            (uint64_t)seq == number)
            return row;
    }
    return NULL;
}

/* The row of a gallring, or of a stop, by its number. */
static enum err_code
find(struct cli *cli, const char *list, uint64_t number, const cJSON **row,
     struct err *e)
{
    enum err_code code = ask(cli, e);
    *row = code ? NULL : row_of(cli, list, number);
    return code || *row ? code
                        : err_set(e, ERR_NOT_FOUND,
                                  _("there is none with the number %" PRIu64
                                    "; see enfraga gallring lista"),
                                  number);
}

/* Signs and posts; what `of` borrows from is replaced by the next answer. */
static enum err_code
put(struct cli *cli, const struct entry_erasure *x, const cJSON *of,
    const char *legal, const char *why, struct err *e)
{
    client_put_erasure(cli->client, x, of, legal, why, NULL, NULL);
    return client_wait(cli->client, e);
}

static enum err_code
plan(struct cli *cli, const struct wish *w, struct err *e)
{
    struct erasure_wish range;
    if (!read_range(w, &range))
        return err_set(e, ERR_USAGE, "%s",
                       _("say --till DAY, --fran and --till, or --poster A-B"));
    client_erasure_plan(cli->client, &range, NULL, NULL);
    return client_wait(cli->client, e);
}

static enum err_code
dry_run(struct cli *cli, const struct wish *w, struct err *e)
{
    enum err_code code = plan(cli, w, e);
    if (!code) {
        gallring_print_plan(client_erasure_answer(cli->client), w->json);
        fputs(_("Nothing has been erased.\n"), stderr);
    }
    return code;
}

static enum err_code
no_answer(struct err *e)
{
    return err_set(e, ERR_PROTOCOL, "%s", _("no gallring came"));
}

static enum err_code
propose(struct cli *cli, const struct wish *w, struct err *e)
{
    struct entry_erasure x;
    enum err_code code = plan(cli, w, e);
    if (code)
        return code;
    const cJSON *o = client_erasure_answer(cli->client);
    const char *number = w->decision ? w->decision : message_text(o, "beslut");
    if (!client_erasure_terms(o, &x))
        return no_answer(e);
    if (!number || !*number || strlen(number) > ERASURE_ID_MAX)
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("name the gallringsbeslut: --beslut NR, at most 63 "
                         "bytes, or gallring.beslut in enfragad.conf"));
    x.step = ERASURE_DECIDED;
    snprintf(x.id, sizeof x.id, "%s", number);
    gallring_print_plan(o, w->json);
    code = put(cli, &x, NULL, message_text(o, "grund"), NULL, e);
    if (!code)
        fputs(_("It is proposed, and it is logged. Nothing has been erased. "
                "A chef who is another approves: enfraga gallring lista, "
                "enfraga gallring bekrafta NR\n"),
              stderr);
    return code;
}

static enum err_code
approve(struct cli *cli, const struct wish *w, struct err *e)
{
    struct entry_erasure x;
    const cJSON *row;
    enum err_code code = find(cli, "gallringar", w->number, &row, e);
    if (!code && !client_erasure_terms(row, &x))
        code = no_answer(e);
    if (code)
        return code;
    x.step = ERASURE_APPROVED;
    code = put(cli, &x, row, NULL, NULL, e);
    if (!code)
        code = find(cli, "gallringar", w->number, &row, e);
    if (!code)
        gallring_print_row(row);
    return code;
}

static enum err_code
stop(struct cli *cli, const struct wish *w, struct err *e)
{
    struct entry_erasure x = {.step = ERASURE_STOPPED};
    const cJSON *row = NULL;
    enum err_code code =
        w->has_number ? find(cli, "gallringar", w->number, &row, e) : ERR_OK;
    if (!code)
        code = put(cli, &x, row, NULL, w->why, e);
    if (!code)
        puts(row ? _("The gallring is stopped. Two persons lift that: enfraga "
                     "gallring havstopp NR --skal TEXT")
                 : _("All gallring is stopped. Two persons lift that: enfraga "
                     "gallring havstopp NR --skal TEXT"));
    return code;
}

static enum err_code
lift(struct cli *cli, const struct wish *w, struct err *e)
{
    struct entry_erasure x = {.step = ERASURE_LIFTED};
    const cJSON *row;
    enum err_code code = find(cli, "stopp", w->number, &row, e);
    if (!code)
        code = put(cli, &x, row, NULL, w->why, e);
    if (!code)
        code = find(cli, "stopp", w->number, &row, e);
    if (!code)
        puts(message_bool(row, "i_kraft")
                 ? _("Your word is logged. The stop is in force until a second "
                     "person says the same.")
                 : _("The stop is lifted."));
    return code;
}

/* Until the witnesses have seen it, and it is gone; for some seconds. */
static enum err_code
await(struct cli *cli, uint64_t number, const cJSON **row, struct err *e)
{
    static const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    const char *word = "";
    enum err_code code = ERR_OK;
    for (int i = 0; i < POLLS && !code; i++) {
        code = find(cli, "gallringar", number, row, e);
        word = code ? NULL : message_text(*row, "lage");
        if (!word || !strcmp(word, "raderad") || !strcmp(word, "vantar_papper"))
            break;
        nanosleep(&pause, NULL);
    }
    return code;
}

static enum err_code
tell_outcome(struct cli *cli, const struct wish *w, struct err *e)
{
    const cJSON *row;
    enum err_code code = await(cli, w->number, &row, e);
    if (code)
        return code;
    const char *word = message_text(row, "lage");
    gallring_print_row(row);
    if (word && !strcmp(word, "vantar_papper"))
        fputs(_("Nothing is erased before its line stands on paper: print it "
                "(enfraga logg dagsrad), register it, and enter it here: "
                "enfraga gallring registrera NR --rad RAD\n"),
              stderr);
    else if (!word || strcmp(word, "raderad") != 0)
        fputs(_("It is logged, and is erased as soon as the witness and the "
                "collector have it; see enfraga gallring lista.\n"),
              stderr);
    return ERR_OK;
}

static enum err_code
carry_out(struct cli *cli, const struct wish *w, struct err *e)
{
    struct entry_erasure x;
    const cJSON *row;
    enum err_code code = find(cli, "gallringar", w->number, &row, e);
    if (!code && !client_erasure_terms(row, &x))
        code = no_answer(e);
    if (code)
        return code;
    /* what there is of it now */
    struct erasure_wish range = {
        .first = x.first, .last = x.end - 1, .leaves = x.leaves};
    client_erasure_plan(cli->client, &range, NULL, NULL);
    code = client_wait(cli->client, e);
    if (!code &&
        !client_erasure_amount(client_erasure_answer(cli->client), &x.amount))
        code = no_answer(e);
    if (!code)
        code = find(cli, "gallringar", w->number, &row, e);
    x.step = ERASURE_DONE;
    if (!code)
        code = put(cli, &x, row, NULL, NULL, e);
    return code ? code : tell_outcome(cli, w, e);
}

static enum err_code
registered(struct cli *cli, const struct wish *w, struct err *e)
{
    struct entry_erasure x;
    const cJSON *row;
    enum err_code code = client_erasure_line(cli->client, w->line, &x, e);
    if (!code)
        code = find(cli, "gallringar", w->number, &row, e);
    if (code)
        return code;
    const cJSON *done = cJSON_GetObjectItemCaseSensitive(row, "utford");
    if (!cJSON_IsObject(done))
        return err_set(e, ERR_NOT_FOUND, "%s",
                       _("that gallring has not been carried out"));
    code = put(cli, &x, done, NULL, NULL, e);
    return code ? code : tell_outcome(cli, w, e);
}

static enum err_code
list(struct cli *cli, const struct wish *w, struct err *e)
{
    enum err_code code = ask(cli, e);
    if (!code)
        gallring_print_list(client_erasure_answer(cli->client), w->json);
    return code;
}

static enum err_code
report(struct cli *cli, const struct wish *w, struct err *e)
{
    enum err_code code = ask(cli, e);
    if (!code)
        gallring_print_report(client_erasure_answer(cli->client), w->json);
    return code;
}

/* What each takes: a range, a number (may: or none), a reason, a line, how it
 * is printed; and whether it is an entry (needs the key). */
enum takes { NO, MAY, MUST };
static const struct verb {
    const char *name;
    enum takes range, number, why, line, format, decision;
    bool keys;
    enum err_code (*run)(struct cli *, const struct wish *, struct err *);
} verbs[] = {
    {"prova", MUST, NO, NO, NO, MAY, NO, false, dry_run},
    {"foresla", MUST, NO, NO, NO, MAY, MAY, true, propose},
    {"bekrafta", NO, MUST, NO, NO, NO, NO, true, approve},
    {"utfor", NO, MUST, NO, NO, NO, NO, true, carry_out},
    {"registrera", NO, MUST, NO, MUST, NO, NO, true, registered},
    {"stoppa", NO, MAY, MUST, NO, NO, NO, true, stop},
    {"havstopp", NO, MUST, MUST, NO, NO, NO, true, lift},
    {"lista", NO, NO, NO, NO, MAY, NO, false, list},
    {"rapport", NO, NO, NO, NO, MAY, NO, false, report},
};

static bool
fits(enum takes rule, bool given)
{
    return rule == MAY || given == (rule == MUST);
}

static bool
verb_fits(const struct verb *v, const struct wish *w)
{
    return fits(v->range, w->till || w->entries) &&
           (v->range || (!w->from && !w->leaves)) &&
           fits(v->number, w->has_number) && fits(v->why, w->why != NULL) &&
           fits(v->line, w->line != NULL) &&
           fits(v->format, w->format != NULL) &&
           fits(v->decision, w->decision != NULL);
}

int
command_gallring(struct cli *cli, int argc, char **argv)
{
    struct err e = {0};
    struct wish w = {0};
    const struct verb *v = NULL;
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (!strcmp(argv[1], verbs[i].name))
            v = &verbs[i];
    if (!v || !read_wish(&w, argc - 1, argv + 1) || !verb_fits(v, &w))
        return cli_usage("gallring", NULL);
    enum err_code code = cli_open(cli, v->keys, &e);
    if (!code)
        code = v->run(cli, &w, &e);
    return code ? cli_fail(code, &e) : 0;
}
