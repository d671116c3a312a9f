/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga-verifiera: does this log hold? A log that is running or stopped, a
 * copy of one, or an export. Exit status 0 it holds, 1 it does not, 2 it could
 * not be told.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/text.h"
#include "proof/verify.h"
#include "verifier/rows.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HOLDS, DOES_NOT, COULD_NOT_TELL, NOTES_MAX = 16 };

struct arguments {
    bool full;
    const char *vkey, *path;
    const char *mot[NOTES_MAX];
    size_t mots;
};

static void
usage(FILE *to)
{
    fputs(
        _("Usage: enfraga-verifiera [--full] [--vkey VKEY] [--mot FILE] "
          "FILE|DIRECTORY\n"
          "\n"
          "Checks an audit log: the file audit.db (also while enfragad runs), "
          "a copy of it,\n"
          "an exported log, or an instance's directory.\n"
          "\n"
          "  --full        every signature, försäkran, commitment and column "
          "too\n"
          "  --vkey VKEY   the log's key as it is known from elsewhere\n"
          "  --mot FILE    a signed head kept elsewhere, to hold the log "
          "against\n"
          "\n"
          "Exit status: 0 it holds, 1 it does not, 2 it could not be told.\n"),
        to);
}

/* 0 go on, else the exit status plus 1. */
static int
read_arguments(int argc, char **argv, struct arguments *a)
{
    static const struct option options[] = {
        {"full", no_argument, NULL, 'f'},
        {"vkey", required_argument, NULL, 'k'},
        {"mot", required_argument, NULL, 'm'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'f') {
            a->full = true;
        } else if (c == 'k') {
            a->vkey = optarg;
        } else if (c == 'm' && a->mots < NOTES_MAX) {
            a->mot[a->mots++] = optarg;
        } else if (c == 'h') {
            usage(stdout);
            return 1 + HOLDS;
        } else if (c == 'V') {
            puts("enfraga-verifiera " PACKAGE_VERSION);
            return 1 + HOLDS;
        } else {
            usage(stderr);
            return 1 + COULD_NOT_TELL;
        }
    }
    if (optind + 1 != argc) {
        usage(stderr);
        return 1 + COULD_NOT_TELL;
    }
    a->path = argv[optind];
    return 0;
}

static enum err_code
read_small(const char *path, struct buf *out, struct err *e)
{
    char block[4096];
    FILE *f = fopen(path, "re");
    if (!f)
        return err_errno(e, ERR_NOT_FOUND, "%s", path);
    enum err_code code = ERR_OK;
    for (size_t n; !code && (n = fread(block, 1, sizeof block, f)) > 0;)
        code = buf_add(out, block, n);
    fclose(f);
    return code ? err_set(e, code, "%s", path) : ERR_OK;
}

/* The key that is pinned: on the command line, or in the file log.vkey that
 * lies beside the log. *found is false where neither is. */
static enum err_code
pinned_key(const struct arguments *a, const char *file, struct vkey *out,
           bool *found, struct err *e)
{
    AUTO_BUF(path, 4096);
    AUTO_BUF(text, 1024);
    *found = true;
    if (a->vkey)
        return vkey_parse(a->vkey, out, e);
    const char *slash = strrchr(file, '/');
    buf_add(&path, file, slash ? (size_t)(slash - file) + 1 : 0);
    buf_adds(&path, "log.vkey");
    *found = !read_small(buf_str(&path), &text, NULL);
    if (!*found)
        return ERR_OK;
    while (text.len && strchr("\r\n ", text.data[text.len - 1]))
        text.data[--text.len] = '\0';
    enum err_code code = vkey_parse(buf_str(&text), out, e);
    return code ? err_add(e, code, "%s", buf_str(&path)) : ERR_OK;
}

static const char *
fault_word(enum verify_fault f)
{
    switch (f) {
    case VERIFY_EDITED:
        return _("edited");
    case VERIFY_CUT:
        return _("cut");
    case VERIFY_FORKED:
        return _("forked");
    default:
        return _("erased");
    }
}

static void
print_positions(const struct verify_report *r)
{
    printf(_("  first entry               %" PRIu64 "\n"), r->first);
    if (r->vouched)
        printf(_("  last entry vouched for    %" PRIu64 "\n"), r->vouched - 1);
    else
        printf(_("  last entry vouched for    none\n"));
    printf(_("  last entry present        %" PRIu64 "\n"), r->last);
}

static void
print_findings(const struct verify_report *r)
{
    AUTO_ARENA struct arena *arena = arena_new(0);
    printf(_("THE LOG DOES NOT HOLD. First bad entry: %" PRIu64 "\n"),
           r->finding[0].first);
    for (unsigned i = 0; i < r->count; i++) {
        const char *t = r->finding[i].text;
        printf("  %s: %s\n", fault_word(r->finding[i].fault),
               text_clean(arena, t, strlen(t)));
    }
    if (r->total > r->count)
        printf(_("  and %" PRIu64 " more\n"), r->total - r->count);
}

static void
print_report(const struct verify_report *r, bool full)
{
    char vkey[VKEY_TEXT_MAX] = "";
    if (r->log_key.name[0])
        vkey_text(&r->log_key, vkey);
    printf(_("Log %s (%s), %s verification\n"), r->origin, r->mode,
           full ? _("full") : _("quick"));
    printf("  %s\n", vkey);
    if (!r->has_key)
        printf(_("  The key is the log's own word: compare it with the one "
                 "that is known, or give --vkey.\n"));
    if (r->entries)
        print_positions(r);
    if (full)
        printf(_("  %" PRIu64 " signatures, %" PRIu64 " signed heads, %" PRIu64
                 " boxes (%" PRIu64 " in clear)\n"),
               r->signatures, r->checkpoints, r->boxes, r->clear_boxes);
    if (r->holds)
        printf(_("The log holds: %" PRIu64 " entries.\n"), r->entries);
    else
        print_findings(r);
}

static void
show_progress(void *ctx, uint64_t entries)
{
    (void)ctx;
    fputc('\r', stderr);
    fprintf(stderr, _("%" PRIu64 " entries"), entries);
}

static int
could_not(const struct err *e)
{
    fprintf(stderr, _("It could not be told whether the log holds: %s\n"),
            e->text);
    return COULD_NOT_TELL;
}

/* The heads kept elsewhere, as texts. */
static enum err_code
read_notes(const struct arguments *a, struct buf notes[NOTES_MAX],
           const char *out[NOTES_MAX], struct err *e)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < a->mots && !code; i++) {
        buf_init(&notes[i], 8192);
        code = read_small(a->mot[i], &notes[i], e);
        out[i] = buf_str(&notes[i]);
    }
    return code;
}

static int
verify(const struct arguments *a, const char *file)
{
    struct err e = {0};
    struct vkey key;
    struct rows *rows = NULL;
    struct verify_report r;
    struct buf notes[NOTES_MAX] = {0};
    const char *texts[NOTES_MAX];
    bool found, tty = isatty(STDERR_FILENO);
    enum err_code code = pinned_key(a, file, &key, &found, &e);
    if (!code)
        code = read_notes(a, notes, texts, &e);
    if (!code)
        code = rows_open(file, &rows, &e);
    bool damaged = code == ERR_LOG_BROKEN;
    bool own_word = !found;
    if (!code && !found)
        found = rows_vkey(rows, &key); /* an export says it in its head */
    if (!code) {
        struct verify_options o = {.full = a->full,
                                   .log_key = found ? &key : NULL,
                                   .progress = tty ? show_progress : NULL,
                                   .notes = texts,
                                   .note_count = a->mots};
        code = verify_run(rows_source(rows), &o, &r, &e);
        if (tty)
            fputs("\r\033[K", stderr);
    }
    rows_close(&rows);
    for (size_t i = 0; i < a->mots; i++)
        buf_done(&notes[i]);
    if (damaged) {
        printf(_("THE LOG DOES NOT HOLD: %s\n"), e.text);
        return DOES_NOT;
    }
    if (code)
        return could_not(&e);
    r.has_key = !own_word;
    print_report(&r, a->full);
    return r.holds ? HOLDS : DOES_NOT;
}

int
main(int argc, char **argv)
{
    struct arguments a = {0};
    struct stat st;
    struct err e = {0};
    AUTO_BUF(file, 4096);
    i18n_init();
    int stop = read_arguments(argc, argv, &a);
    if (stop)
        return stop - 1;
    if (stat(a.path, &st)) {
        err_errno(&e, ERR_NOT_FOUND, "%s", a.path);
        return could_not(&e);
    }
    buf_addf(&file, S_ISDIR(st.st_mode) ? "%s/audit.db" : "%s", a.path);
    int status = verify(&a, buf_str(&file));
    if (fflush(stdout) || ferror(stdout))
        return COULD_NOT_TELL;
    return status;
}
