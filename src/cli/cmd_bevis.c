/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga logg bevis N --till FILE [--lada FILE]: one entry's proof for the
 * one it concerns, a page to print with the proof in it. It is checked here
 * before it is written. The payload goes with it only where the opened box is
 * given, which a reviewer has opened.
 */
#include "config.h"

#include "cli/cli.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "domain/period.h"
#include "domain/question.h"
#include "proof/bevis.h"

#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct page {
    struct bevis b;
    struct entry_author a;
    struct entry_host h;
};

static enum err_code
read_fd(int fd, struct buf *out, struct err *e)
{
    char block[8192];
    enum err_code code = ERR_OK;
    ssize_t n = 0;
    while (!code && (n = read(fd, block, sizeof block)) > 0)
        code = buf_add(out, block, (size_t)n);
    if (n < 0)
        return err_errno(e, ERR_IO, "%s", _("the proof"));
    return code ? err_set(e, code, "%s", _("the proof")) : ERR_OK;
}

/* The bytes from enfragad, by way of memory. */
static enum err_code
fetch(struct cli *cli, const char *number, struct buf *out, struct err *e)
{
    char path[64];
    enum err_code code = cli_open(cli, false, e);
    if (code)
        return code;
    int fd = memfd_create("bevis", MFD_CLOEXEC);
    if (fd < 0)
        return err_errno(e, ERR_IO, "memfd");
    snprintf(path, sizeof path, "/v1/logg/bevis/%s", number);
    client_download(cli->client, path, fd, NULL, NULL);
    code = client_wait(cli->client, e);
    if (!code && lseek(fd, 0, SEEK_SET) != 0)
        code = err_errno(e, ERR_IO, "memfd");
    if (!code)
        code = read_fd(fd, out, e);
    close(fd);
    return code;
}

/* With the payload of the opened box in `path`, in place of *bytes. */
static enum err_code
disclose(const char *path, struct buf *bytes, struct page *p, struct err *e)
{
    AUTO_BUF(box, 1 + ENTRY_SALT + ENTRY_PAYLOAD_MAX);
    AUTO_BUF(with, BEVIS_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(e, ERR_IO, "%s", path);
    enum err_code code = read_fd(fd, &box, e);
    close(fd);
    if (!code)
        code = bevis_disclose(&with, &p->b, box.data, box.len, e);
    if (code)
        return err_add(e, code, "%s", path);
    buf_clear(bytes);
    buf_add(bytes, with.data, with.len);
    return bevis_decode(&p->b, bytes->data, bytes->len, e);
}

static void
row(struct buf *out, const char *label, const char *value)
{
    buf_addf(out, "  %s", label);
    for (int w = text_width(label); w < 22; w++)
        buf_addc(out, ' ');
    buf_addf(out, "%s\n", value);
}

/* What was asked, where that is disclosed. */
static void
put_question(struct buf *out, const struct page *p, struct arena *arena)
{
    struct question q;
    char codes[64], from[11], to[11], period[32];
    if (p->a.type != KIND_INTENT ||
        question_decode(&q, p->b.payload, p->b.payload_len, NULL)) {
        row(out, _("Content"),
            text_clean(arena, (const char *)p->b.payload, p->b.payload_len));
        return;
    }
    source_set_text(q.sources, ',', codes);
    date_text(q.period.from, from);
    date_text(q.period.to, to);
    snprintf(period, sizeof period, "%s--%s", from, to);
    row(out, _("Case"), text_clean(arena, q.arende, strlen(q.arende)));
    row(out, _("Asked about"), q.person.digits);
    row(out, _("Purpose"), _(syfte_label(q.syfte)));
    row(out, _("Period"), period);
    row(out, _("Sources"), codes);
    row(out, _("Reason"), text_clean(arena, q.skal, strlen(q.skal)));
    row(out, _("Asked by"),
        text_clean(arena, q.handlaggare, strlen(q.handlaggare)));
    question_wipe(&q);
}

static void
put_facts(struct buf *out, const struct page *p)
{
    char at[32], number[40], vkey[VKEY_TEXT_MAX];
    AUTO_ARENA struct arena *arena = arena_new(0);
    clock_iso((int64_t)p->h.log_time_ms, at);
    snprintf(number, sizeof number, "%" PRIu64, p->h.seq);
    row(out, _("Log"), p->a.origin);
    row(out, _("Entry"), number);
    row(out, _("Written"), at);
    row(out, _("What"), _(entry_kind_row(p->a.type)->label));
    row(out, _("Signed by"),
        p->b.has_author ? p->b.author.name : _("not shown"));
    snprintf(number, sizeof number, "%" PRIu64, p->b.receipt.size);
    row(out, _("Entries in the head"), number);
    for (unsigned i = 0; i < p->b.witnesses; i++)
        row(out, _("Witness"), p->b.witness[i].name);
    if (p->b.has_payload)
        put_question(out, p, arena);
    else
        row(out, _("Content"), _("not disclosed here"));
    vkey_text(&p->b.log_key, vkey);
    buf_addf(out, _("\nThe log's key:\n%s\n\n"), vkey);
}

static enum err_code
write_page(const char *to, const struct page *p, const struct buf *bytes,
           struct err *e)
{
    AUTO_BUF(out, 4 * BEVIS_MAX);
    buf_adds(&out, _("PROOF FROM THE LOG\n\n"));
    buf_adds(
        &out,
        _("Every question about a person and everything else that is done\n"
          "with enfraga is written in a log. This proof shows that the entry\n"
          "below stands in it and has not been changed since the log's head\n"
          "was signed.\n\n"));
    put_facts(&out, p);
    buf_adds(
        &out,
        _("How it is checked: save this file and run\n"
          "  enfraga-verifiera --bevis FILE --vkey 'KEY'\n"
          "with the key as you have it from elsewhere: from the municipality,\n"
          "from a witness or from the court. No network is needed, and "
          "other\nprograms can do it too: the format is published "
          "(doc/FORMATS.md).\n\n"
          "It does not show what the authorities answered, and it says\n"
          "nothing of other entries. A proof whose content is not disclosed\n"
          "can be completed by the one who may open the entry.\n\n"));
    bevis_armor(&out, bytes->data, bytes->len);
    if (out.full)
        return err_set(e, ERR_TOO_BIG, "%s", to);
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(e, ERR_IO, "%s", to);
    bool ok = write(fd, out.data, out.len) == (ssize_t)out.len && !fsync(fd);
    ok = close(fd) == 0 && ok;
    if (!ok)
        err_errno(e, ERR_IO, "%s", to);
    if (!ok)
        unlink(to);
    return ok ? ERR_OK : ERR_IO;
}

int
command_bevis(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"till", required_argument, NULL, 1},
                                          {"lada", required_argument, NULL, 2},
                                          {0}};
    const char *to = NULL, *box = NULL, *number;
    struct err e = {0};
    struct page p;
    AUTO_BUF(bytes, BEVIS_MAX);
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        if (c == '?')
            return cli_usage("logg", NULL);
        *(c == 1 ? &to : &box) = optarg;
    }
    number = argv[optind];
    if (!to || optind + 1 != argc || strlen(number) > 19 ||
        strspn(number, "0123456789") != strlen(number))
        return cli_usage("logg", _("bevis takes a number and --till FILE"));
    enum err_code code = fetch(cli, number, &bytes, &e);
    if (!code)
        code = bevis_decode(&p.b, bytes.data, bytes.len, &e);
    if (!code && box)
        code = disclose(box, &bytes, &p, &e);
    if (!code)
        code = bevis_check(&p.b, NULL, &p.a, &p.h, &e);
    if (!code)
        code = write_page(to, &p, &bytes, &e);
    if (code)
        return cli_fail(code, &e);
    fprintf(stderr, _("The proof is written to %s.\n"), to);
    return 0;
}
