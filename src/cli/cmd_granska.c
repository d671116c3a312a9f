/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga granska: a review of the log (AUDIT 13). A period is asked for by one
 * chef, approved by another and then read; named entries are shown at once.
 * Rows come sealed and are opened and compared here, with the reviewer's key.
 */
#include "config.h"

#include "cli/cli.h"
#include "cli/unreviewed.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "client/review.h"
#include "domain/period.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEQS_MAX = 100 };

struct wish {
    const char *from, *to, *why, *verdict, *text;
    char person[32];
    uint64_t seqs[SEQS_MAX];
    size_t n_seqs;
    bool unreviewed;
};

static bool
read_wish(struct wish *w, int argc, char **argv)
{
    enum { FROM = 1, TO, PERSON, WHY, VERDICT, TEXT, UNREVIEWED };
    static const struct option longs[] = {
        {"fran", required_argument, NULL, FROM},
        {"till", required_argument, NULL, TO},
        {"person", required_argument, NULL, PERSON},
        {"skal", required_argument, NULL, WHY},
        {"bedomning", required_argument, NULL, VERDICT},
        {"text", required_argument, NULL, TEXT},
        {"ogranskade", no_argument, NULL, UNREVIEWED},
        {0}};
    opterr = 0;
    optind = 0;
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        if (c == '?')
            return false;
        if (c == UNREVIEWED) {
            w->unreviewed = true;
        } else if (c == PERSON) { /* taken out of the process list */
            snprintf(w->person, sizeof w->person, "%s", optarg);
            memset(optarg, 'x', strlen(optarg));
        } else {
            *(const char **[]){NULL,    &w->from,    &w->to,  NULL,
                               &w->why, &w->verdict, &w->text}[c] = optarg;
        }
    }
    for (; optind < argc; optind++) {
        char *end;
        if (w->n_seqs == SEQS_MAX)
            return false;
        w->seqs[w->n_seqs++] = strtoull(argv[optind], &end, 10);
        if (*end || argv[optind][0] < '0' || argv[optind][0] > '9')
            return false;
    }
    return true;
}

/* What the opened entries are compared with, and counted in. */
struct reading {
    const struct personnummer *person; /* NULL: every entry */
    struct unreviewed *unreviewed;     /* not NULL: shown instead */
    uint64_t seen, opened, hits, own, closed, gone;
};

static void
print_question(const struct question *q)
{
    char number[14];
    text_personnummer(q->person.digits, number);
    printf(" arende=%s person=%s syfte=%s kallor=", q->arende, number,
           syfte_word(q->syfte));
    for (int s = 0, n = 0; s < SOURCE_COUNT; s++)
        if (q->sources & SOURCE_BIT(s))
            printf("%s%s", n++ ? "," : "", source_row(s)->code);
    AUTO_ARENA struct arena *a = arena_new(0);
    printf(" skal=\"%s\"", text_clean(a, q->skal, strlen(q->skal)));
}

static bool
is_about(const struct reading *r, const struct question *q,
         const struct review_entry *e)
{
    if (!r->person)
        return true;
    if (q)
        return personnummer_same(&q->person, r->person);
    return e->payload && memmem(e->payload, e->payload_len, r->person->digits,
                                strlen(r->person->digits));
}

static void
print_entry(const struct question *q, const struct review_entry *e)
{
    const struct entry_kind_row *k = entry_kind_row(e->author.type);
    AUTO_ARENA struct arena *a = arena_new(0);
    char iso[32];
    clock_iso(e->time_ms, iso);
    printf("post=%" PRIu64 " tid=%s konto=%s typ=%s", e->seq, iso,
           e->account[0] ? e->account : "enfragad", k ? k->word : "?");
    if (e->author.has_ref)
        printf(" till=%" PRIu64, e->author.ref_seq);
    if (e->erased || e->gone)
        printf(" gallrad=%s", e->erased ? "hela_posten" : "innehall");
    else if (e->own)
        printf(" %s", "egen");
    else if (e->code)
        printf(" fel=%s", err_row(e->code)->word);
    else if (q)
        print_question(q);
    else if (e->payload)
        printf(" innehall=%s", text_clean(a, e->payload, e->payload_len));
    putchar('\n');
}

static void
take_entry(void *arg, const struct review_entry *e)
{
    struct reading *r = arg;
    struct question q;
    bool asked = e->payload && e->author.type == KIND_INTENT &&
                 !question_decode(&q, e->payload, e->payload_len, NULL);
    r->seen++;
    r->own += e->own;
    r->opened += e->payload != NULL;
    r->closed += e->code != ERR_OK;
    r->gone += e->erased || e->gone;
    if (r->unreviewed) {
        unreviewed_take(r->unreviewed, e);
    } else if (is_about(r, asked ? &q : NULL, e)) {
        r->hits++;
        print_entry(asked ? &q : NULL, e);
    }
    if (asked)
        question_wipe(&q);
}

/* The reviewer's key may have a passphrase of its own: asked for when the one
 * that opened the session is not its. */
static struct opener *
open_reviewer(struct cli *cli, struct err *e)
{
    const char *passphrase;
    char own[PASSPHRASE_SIZE];
    if (cli_passphrase(cli, &passphrase, e))
        return NULL;
    struct opener *o = client_opener(cli->client, passphrase, e);
    if (o || !passphrase || e->code != ERR_PASSPHRASE)
        return o;
    if (!passphrase_ask(NULL, _("The reviewer's key's passphrase: "), false,
                        _("in SKARP it is typed by the one who signs"), own, e))
        o = client_opener(cli->client, own, e);
    mem_wipe(own, sizeof own);
    return o;
}

static void
tell_unreviewed(struct reading *r)
{
    uint64_t of, closed, n = unreviewed_print(r->unreviewed, &of, &closed);
    fprintf(stderr,
            _("%" PRIu64 " of %" PRIu64 " questions have no verdict in the "
              "period that was read.\n"),
            n, of);
    if (closed)
        fprintf(stderr,
                _("%" PRIu64 " verdicts could not be opened, your own among "
                  "them: another chef sees those.\n"),
                closed);
}

/* Every page of a review that is open. */
static enum err_code
read_pages(struct cli *cli, uint64_t review, struct reading *r, struct err *e)
{
    struct opener *o = open_reviewer(cli, e);
    enum err_code code = o ? ERR_OK : e->code;
    int64_t after_ms = 0;
    uint64_t after = 0;
    for (bool more = true; !code && more;) {
        client_review_page(cli->client, review, after_ms, after, NULL, NULL);
        code = client_wait(cli->client, e);
        const struct buf *page = client_review_bytes(cli->client);
        if (!code)
            code = opener_page(o, buf_str(page), page->len, take_entry, r,
                               &after_ms, &after, &more, e);
    }
    opener_free(&o);
    if (!code && r->unreviewed)
        tell_unreviewed(r);
    else if (!code)
        fprintf(stderr,
                _("%" PRIu64 " entries read, %" PRIu64 " opened, %" PRIu64
                  " shown; %" PRIu64 " are your own, %" PRIu64
                  " could not be opened.\n"),
                r->seen, r->opened, r->hits, r->own, r->closed);
    if (!code && r->gone)
        fprintf(stderr,
                _("%" PRIu64 " are erased (gallring): what they held cannot "
                  "be read or searched any more. enfraga gallring rapport "
                  "says by which decision.\n"),
                r->gone);
    return code;
}

static enum err_code
begin(struct cli *cli, const struct wish *w, struct err *e)
{
    struct personnummer p = {0};
    enum err_code code = ERR_OK;
    if (w->person[0])
        code = personnummer_read(&p, w->person, date_today(), e);
    if (!code) {
        client_review_period(cli->client, w->from, w->to, p.digits, w->why,
                             NULL, NULL);
        code = client_wait(cli->client, e);
    }
    if (!code)
        printf(_("Review %" PRIu64 " is logged. A second chef approves it "
                 "with: enfraga granska godkann %" PRIu64 " --skal TEXT\n"),
               client_review(cli->client)->seq,
               client_review(cli->client)->seq);
    mem_wipe(&p, sizeof p);
    return code;
}

static enum err_code
show(struct cli *cli, const struct wish *w, struct err *e)
{
    struct reading r = {0};
    client_review_entries(cli->client, w->seqs, w->n_seqs, w->why, NULL, NULL);
    enum err_code code = client_wait(cli->client, e);
    uint64_t review = client_review(cli->client)->seq;
    if (!code)
        code = read_pages(cli, review, &r, e);
    if (!code)
        printf("granskning=%" PRIu64 "\n", review);
    return code;
}

/* The review of a number, among those under way. */
static enum err_code
find(struct cli *cli, uint64_t seq, const struct review_row **out,
     struct err *e)
{
    int n;
    client_reviews(cli->client, NULL, NULL);
    enum err_code code = client_wait(cli->client, e);
    if (code)
        return code;
    const struct review_row *list = client_review_list(cli->client, &n);
    for (int i = 0; i < n; i++)
        if (list[i].head.seq == seq) {
            *out = &list[i];
            return ERR_OK;
        }
    return err_set(e, ERR_NOT_FOUND, _("no review %" PRIu64 " is under way"),
                   seq);
}

static enum err_code
read_review(struct cli *cli, const struct wish *w, struct err *e)
{
    const struct review_row *row;
    struct personnummer p = {0};
    enum err_code code = find(cli, w->seqs[0], &row, e);
    if (code)
        return code;
    if (w->unreviewed && row->person[0])
        return err_set(e, ERR_USAGE, "%s",
                       _("the review is about one person: --ogranskade takes "
                         "one of everybody"));
    snprintf(p.digits, sizeof p.digits, "%s", row->person);
    struct reading r = {.person = p.digits[0] ? &p : NULL,
                        .unreviewed = w->unreviewed ? unreviewed_new() : NULL};
    code = read_pages(cli, w->seqs[0], &r, e);
    unreviewed_free(&r.unreviewed);
    mem_wipe(&p, sizeof p);
    return code;
}

static enum err_code
approve(struct cli *cli, const struct wish *w, struct err *e)
{
    const struct review_row *row;
    enum err_code code = find(cli, w->seqs[0], &row, e);
    if (code)
        return code;
    client_review_approve(cli->client, &row->head, w->why, NULL, NULL);
    code = client_wait(cli->client, e);
    if (!code)
        printf(_("Review %" PRIu64 " is approved. %s reads it with: enfraga "
                 "granska las %" PRIu64 "\n"),
               w->seqs[0], row->konto, w->seqs[0]);
    return code;
}

static enum err_code
verdict(struct cli *cli, const struct wish *w, struct err *e)
{
    const struct review_row *row;
    enum err_code code = find(cli, w->seqs[0], &row, e);
    if (code)
        return code;
    client_review_verdict(cli->client, &row->head, w->verdict, w->seqs + 1,
                          w->n_seqs - 1, w->text, NULL, NULL);
    code = client_wait(cli->client, e);
    if (!code)
        printf(_("The verdict on %zu entries is logged.\n"), w->n_seqs - 1);
    return code;
}

static enum err_code
list(struct cli *cli, const struct wish *w, struct err *e)
{
    int n;
    (void)w;
    client_reviews(cli->client, NULL, NULL);
    enum err_code code = client_wait(cli->client, e);
    if (code)
        return code;
    AUTO_ARENA struct arena *a = arena_new(0);
    const struct review_row *r = client_review_list(cli->client, &n);
    for (int i = 0; i < n; i++)
        printf("granskning=%" PRIu64 " konto=%s fran=%s till=%s person=%s "
               "poster=%d godkand_av=%s skal=\"%s\"\n",
               r[i].head.seq, r[i].konto, r[i].from, r[i].to,
               r[i].person[0] ? r[i].person : "-", r[i].entries,
               r[i].second[0] ? r[i].second : "-",
               text_clean(a, r[i].why, strlen(r[i].why)));
    return ERR_OK;
}

/* Which options each takes, and whether it is an entry (needs the key). */
static const struct verb {
    const char *name;
    bool period, why, verdict, keys;
    size_t least, most;
    enum err_code (*run)(struct cli *, const struct wish *, struct err *);
} verbs[] = {
    {"sok", true, true, false, true, 0, 0, begin},
    {"visa", false, true, false, true, 1, SEQS_MAX, show},
    {"godkann", false, true, false, true, 1, 1, approve},
    {"las", false, false, false, true, 1, 1, read_review},
    {"utfall", false, false, true, true, 2, SEQS_MAX, verdict},
    {"lista", false, false, false, false, 0, 0, list},
};

int
command_granska(struct cli *cli, int argc, char **argv)
{
    struct err e = {0};
    struct wish w = {0};
    const struct verb *v = NULL;
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (!strcmp(argv[1], verbs[i].name))
            v = &verbs[i];
    if (!v || !read_wish(&w, argc - 1, argv + 1) || w.n_seqs < v->least ||
        w.n_seqs > v->most || v->period != (w.from && w.to) ||
        (w.unreviewed && v->run != read_review) || v->why != (w.why != NULL) ||
        v->verdict != (w.verdict != NULL))
        return cli_usage("granska", NULL);
    enum err_code code = cli_open(cli, v->keys, &e);
    if (!code)
        code = v->run(cli, &w, &e);
    mem_wipe(&w, sizeof w);
    return code ? cli_fail(code, &e) : 0;
}
