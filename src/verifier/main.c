/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga-verifiera: does this log hold? A log that is running or stopped, a
 * copy of one, or an export; or one entry's proof. Exit status 0 it holds, 1
 * it does not, 2 it could not be told.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/text.h"
#include "verifier/judge.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void
usage(FILE *to)
{
    fputs(
        _("Usage: enfraga-verifiera [OPTION]... FILE|DIRECTORY\n"
          "       enfraga-verifiera [--vkey VKEY] [--vittne VKEY]... --bevis "
          "FILE\n"
          "\n"
          "Checks an audit log: the file audit.db (also while enfragad runs), "
          "a copy of it,\n"
          "an exported log, or an instance's directory. Or one entry's proof.\n"
          "\n"
          "  --full            every signature, försäkran, commitment and "
          "column too\n"
          "  --vkey VKEY       the log's key as it is known from elsewhere\n"
          "  --mot FILE        a signed head kept elsewhere, to hold the log "
          "against\n"
          "  --vittne VKEY     a witness's key as it is known from elsewhere: "
          "how much of the log\n"
          "                    it has cosigned; a proof's head it must have\n"
          "  --kvorum N        how many of the witnesses are asked for; all "
          "unless told\n"
          "  --fran SIZE:ROOT  a head that was verified before (base64): go "
          "on from there\n"
          "  --tillstand FILE  the same kept in a file, which is written when "
          "the log holds\n"
          "  --format json     for programs\n"
          "  --bevis FILE      the proof of one entry, as `logg bevis' made "
          "it\n"
          "\n"
          "Exit status: 0 it holds, 1 it does not, 2 it could not be told.\n"),
        to);
}

/* SIZE:ROOT, the root in base64. */
static bool
take_from(struct arguments *a, const char *s)
{
    char *end;
    AUTO_BUF(root, HASH_SIZE);
    errno = 0;
    a->from = strtoull(s, &end, 10);
    if (errno || *s < '1' || *s > '9' || *end != ':' || a->from > INT64_MAX ||
        text_base64_decode(&root, end + 1, strlen(end + 1)) ||
        root.len != HASH_SIZE)
        return false;
    memcpy(a->from_root, root.data, HASH_SIZE);
    return true;
}

static bool
take_witness(struct arguments *a, const char *text)
{
    struct err e = {0};
    if (a->witnesses == VERIFY_WITNESSES)
        return false;
    if (!vkey_parse_cosigner(text, &a->witness[a->witnesses], &e)) {
        a->witnesses++;
        return true;
    }
    fprintf(stderr, "--vittne: %s\n", e.text);
    return false;
}

static bool
take_quorum(struct arguments *a, const char *text)
{
    char *end;
    long n = strtol(text, &end, 10);
    a->quorum = n > 0 && n <= VERIFY_WITNESSES && !*end ? (unsigned)n : 0;
    return a->quorum > 0;
}

static bool
take_option(struct arguments *a, int c)
{
    switch (c) {
    case 'f':
        a->full = true;
        return true;
    case 'k':
        a->vkey = optarg;
        return true;
    case 'm':
        if (a->mots == NOTES_MAX)
            return false;
        a->mot[a->mots++] = optarg;
        return true;
    case 'w':
        return take_witness(a, optarg);
    case 'q':
        return take_quorum(a, optarg);
    case 'r':
        return take_from(a, optarg);
    case 's':
        a->state = optarg;
        return true;
    case 'b':
        a->bevis = optarg;
        return true;
    case 'o':
        a->json = strcmp(optarg, "json") == 0;
        return a->json || strcmp(optarg, "text") == 0;
    default:
        return false;
    }
}

/* 0 go on, else the exit status plus 1. */
static int
read_arguments(int argc, char **argv, struct arguments *a)
{
    static const struct option options[] = {
        {"full", no_argument, NULL, 'f'},
        {"vkey", required_argument, NULL, 'k'},
        {"mot", required_argument, NULL, 'm'},
        {"vittne", required_argument, NULL, 'w'},
        {"kvorum", required_argument, NULL, 'q'},
        {"fran", required_argument, NULL, 'r'},
        {"tillstand", required_argument, NULL, 's'},
        {"format", required_argument, NULL, 'o'},
        {"bevis", required_argument, NULL, 'b'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'h') {
            usage(stdout);
            return 1 + HOLDS;
        }
        if (c == 'V') {
            puts("enfraga-verifiera " PACKAGE_VERSION);
            return 1 + HOLDS;
        }
        if (!take_option(a, c)) {
            usage(stderr);
            return 1 + COULD_NOT_TELL;
        }
    }
    if (optind + (a->bevis ? 0 : 1) != argc || (a->from && a->state) ||
        a->quorum > a->witnesses) {
        usage(stderr);
        return 1 + COULD_NOT_TELL;
    }
    if (!a->quorum)
        a->quorum = a->witnesses;
    a->path = argv[optind];
    return 0;
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
    if (!a.bevis && stat(a.path, &st)) {
        err_errno(&e, ERR_NOT_FOUND, "%s", a.path);
        return judge_could_not(&e);
    }
    int status;
    if (a.bevis) {
        status = judge_proof(&a);
    } else {
        buf_addf(&file, S_ISDIR(st.st_mode) ? "%s/audit.db" : "%s", a.path);
        status = judge_log(&a, buf_str(&file));
    }
    if (fflush(stdout) || ferror(stdout))
        return COULD_NOT_TELL;
    return status;
}
