/* SPDX-License-Identifier: EUPL-1.2
 *
 * The log's speed as ratios in one run (AUDIT 18): appends against a bare
 * insert of as many bytes, alone and in groups, against git's signed and synced
 * commits; verification against signatures alone on as many cores, and against
 * openssl speed; one entry's proof at a million; bytes an entry. Leaves out
 * what needs enfragad (A1 to A3 here are the ledger's own; bench_entries has
 * enfragad's).
 *
 *   TMPDIR=/var/tmp bench_log [ENTRIES]     (a directory on a disk)
 */
#include "config.h"

#include "tests/bench/raw_insert.h"
#include "tests/unit/audit/fixture.h"

#include "base/clock.h"
#include "base/mem.h"
#include "proof/bevis.h"
#include "proof/verify.h"
#include "verifier/rows.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static double
since(int64_t from)
{
    return (double)(clock_mono_us() - from) / 1e6;
}

/* Signed intents a second, made beforehand, `group` to a transaction. */
static double
appends(struct fixture *x, int n, int group)
{
    struct err e = {0};
    struct ledger_post *posts = mem_alloc((size_t)n * sizeof *posts);
    struct buf *author = mem_alloc((size_t)n * sizeof *author);
    struct ledger_result *r = mem_alloc((size_t)group * sizeof *r);
    for (int i = 0; i < n; i++) {
        buf_init(&author[i], ENTRY_AUTHOR_MAX);
        fixture_intent(x, "en fråga av vanlig längd, en fråga av vanlig längd",
                       &posts[i], &author[i]);
    }
    int64_t t = clock_mono_us();
    for (int i = 0; i < n; i += group)
        if (ledger_append(x->l, posts + i,
                          (size_t)(n - i < group ? n - i : group), r, &e))
            abort();
    double s = since(t);
    for (int i = 0; i < n; i++)
        buf_done(&author[i]);
    free(author);
    free(posts);
    free(r);
    return n / s;
}

struct loop {
    struct fixture *x;
    int n;
};

static void *
signature_loop(void *arg)
{
    const struct loop *l = arg;
    uint8_t bytes[450] = {0}, sig[KEY_SIG];
    if (entry_sign(l->x->entry_key, bytes, sizeof bytes, sig, NULL))
        abort();
    for (int i = 0; i < l->n; i++)
        if (!entry_verify(l->x->entry_key, bytes, sizeof bytes, sig))
            abort();
    return NULL;
}

/* Signatures checked a second by that many threads, and nothing else. */
static double
signatures_alone(struct fixture *x, int n, long threads)
{
    pthread_t t[64];
    struct loop l = {x, n};
    int64_t from = clock_mono_us();
    for (long i = 0; i < threads; i++)
        if (pthread_create(&t[i], NULL, signature_loop, &l))
            abort();
    for (long i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    return (double)n * (double)threads / since(from);
}

/* The last number that a command prints; 0 where it does not run. */
static double
last_number(const char *command)
{
    char line[512];
    double v = 0;
    FILE *f = popen(command, "r");
    while (f && fgets(line, sizeof line, f)) {
        const char *sp = strrchr(line, ' ');
        v = sp ? strtod(sp, NULL) : v;
    }
    return f && pclose(f) == 0 ? v : 0;
}

static double
openssl_speed(long threads)
{
    char command[160];
    snprintf(command, sizeof command,
             "openssl speed -seconds 2 -multi %ld ed25519 2>/dev/null | "
             "grep Ed25519",
             threads);
    return last_number(command);
}

/* Commits a second, each signed by an SSH key and synced. */
static double
git_commits(const char *dir, int n)
{
    char command[1024];
    snprintf(command, sizeof command,
             "set -e; cd '%s'; mkdir git; cd git; git init -q .; "
             "ssh-keygen -q -t ed25519 -N '' -f key; i=0; "
             "while test $i -lt %d; do echo $i >rad; git add rad; "
             "git -c user.name=a -c user.email=a@example.invalid "
             "-c gpg.format=ssh -c user.signingkey=key.pub -c core.fsync=all "
             "commit -q -S -m $i; i=$((i + 1)); done; cd ..; rm -rf git",
             dir, n);
    int64_t t = clock_mono_us();
    bool ok = system("command -v git ssh-keygen >/dev/null") == 0 &&
              system(command) == 0;
    return ok ? n / since(t) : 0;
}

enum { MILLION_LOG = 20 };

/* All levels of a tree of 2^20 leaves. */
static bool
level_node(void *ctx, uint64_t index, unsigned level, uint8_t out[HASH_SIZE])
{
    uint8_t(**levels)[HASH_SIZE] = ctx;
    memcpy(out, levels[level][index], HASH_SIZE);
    return true;
}

/* A receipt of entry `at` in a log of a million, signed by the log's key. */
static void
million_receipt(struct fixture *x, const struct vkey *v, const void *leaf,
                size_t n, uint64_t at, struct receipt *r)
{
    uint8_t(*levels[MILLION_LOG + 1])[HASH_SIZE];
    struct checkpoint c = {.size = 1u << MILLION_LOG};
    struct merkle_source src = {level_node, levels};
    AUTO_BUF(note, NOTE_MAX);
    for (unsigned k = 0; k <= MILLION_LOG; k++) {
        size_t count = (size_t)1 << (MILLION_LOG - k);
        levels[k] = mem_alloc(count * HASH_SIZE);
        for (size_t i = 0; i < count; i++)
            if (k == 0)
                sha256(levels[0][i], &i, sizeof i);
            else
                merkle_node(levels[k][i], levels[k - 1][2 * i],
                            levels[k - 1][2 * i + 1]);
        if (k == 0)
            entry_leaf_hash(levels[0][at], leaf, n);
    }
    memcpy(c.root, levels[MILLION_LOG][0], HASH_SIZE);
    snprintf(c.origin, sizeof c.origin, "%s", v->name);
    if (note_sign(&note, &c, v, x->log_key, NULL) ||
        receipt_make(r, at, buf_str(&note), &src, NULL))
        abort();
    for (unsigned k = 0; k <= MILLION_LOG; k++)
        free(levels[k]);
}

static void
one_proof(struct fixture *x)
{
    enum { AT = 3, ROUNDS = 200 };
    struct bevis b = {.log_key = *ledger_log_vkey(x->l)}, back;
    struct entry_author a;
    struct entry_host h;
    AUTO_BUF(leaf, ENTRY_LEAF_MAX);
    AUTO_BUF(bytes, BEVIS_MAX);
    AUTO_BUF(armor, 2 * BEVIS_MAX);
    if (ledger_leaf(x->l, AT, &leaf, NULL))
        abort();
    b.leaf = (const uint8_t *)leaf.data;
    b.leaf_len = leaf.len;
    million_receipt(x, &b.log_key, leaf.data, leaf.len, AT, &b.receipt);
    if (vkey_parse(x->f.vkey, &b.author, NULL))
        abort();
    b.has_author = true;
    if (bevis_encode(&bytes, &b, NULL))
        abort();
    bevis_armor(&armor, bytes.data, bytes.len);
    int64_t t = clock_mono_us();
    for (int i = 0; i < ROUNDS; i++)
        if (bevis_decode(&back, bytes.data, bytes.len, NULL) ||
            bevis_check(&back, NULL, &a, &h, NULL))
            abort();
    printf("V3 proof   %zu bytes (%zu as text), %.2f ms to check, at 2^20 "
           "entries\n",
           bytes.len, armor.len, 1000 * since(t) / ROUNDS);
}

static double
verification(const char *path, bool full, unsigned threads)
{
    struct rows *rows;
    struct verify_report r;
    struct verify_options o = {.full = full, .threads = threads};
    int64_t t = clock_mono_us();
    if (rows_open(path, &rows, NULL) ||
        verify_run(rows_source(rows), &o, &r, NULL) || !r.holds)
        abort();
    rows_close(&rows);
    return (double)r.entries / since(t);
}

/* Appends: A1 and A3 of the ledger alone, A4. */
static void
write_figures(struct fixture *x, int n)
{
    double raw = raw_inserts(x->dir, n, 1), one = appends(x, n, 1);
    printf("A1 append  %8.0f/s alone   %.2f of a bare insert (%.0f/s)\n", one,
           one / raw, raw);
    double eight = appends(x, n, 8);
    printf("A3 append  %8.0f/s by 8    %.2f of a bare single insert\n", eight,
           eight / raw);
    double git = git_commits(x->dir, 40);
    if (git > 0)
        printf("A4 append  %8.0f/s alone   %.0f x git, signed and synced "
               "(%.0f/s)\n",
               one, one / git, git);
    else
        printf("A4 git     not run: no git or ssh-keygen\n");
}

/* As many signatures of each, taken by turns, so that what else the machine
 * does falls on both: the means of ROUNDS. */
static void
full_figure(struct fixture *x, int entries, long threads)
{
    enum { ROUNDS = 5 };
    double sig = 0, full = 0, speed = 0;
    for (int i = 0; i < ROUNDS; i++) {
        sig += 1 / signatures_alone(x, entries / (int)threads, threads);
        full += 1 / verification(x->path, true, (unsigned)threads);
    }
    sig = ROUNDS / sig;
    full = ROUNDS / full;
    printf("V1 full    %8.0f/s by %ld    %.2f of signatures alone (%.0f/s)\n",
           full, threads, full / sig, sig);
    if (threads > 1 && (speed = openssl_speed(threads)) > 0)
        printf("V1 full    %8.0f/s by %ld    %.2f of openssl speed (%.0f/s)\n",
               full, threads, full / speed, speed);
}

static void
verify_figures(struct fixture *x, int entries)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (cores < 1 || cores > 64)
        cores = 1;
    full_figure(x, entries, 1);
    if (cores > 1)
        full_figure(x, entries, cores);
    printf("V2 quick   %8.0f/s\n", verification(x->path, false, 1));
}

int
main(int argc, char **argv)
{
    struct fixture x;
    struct stat st;
    int n = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 2000;
    if (n < 100)
        return 64;
    fixture_init(&x);
    write_figures(&x, n);
    appends(&x, 10 * n, 256);
    one_proof(&x);
    uint64_t size = ledger_size(x.l);
    ledger_close(&x.l);
    stat(x.path, &st);
    double bytes = (double)st.st_size / (double)size;
    printf("S1 size    %8.0f bytes an entry, %.2f of a 513-byte row (%" PRIu64
           " entries)\n",
           bytes, bytes / 513, size);
    verify_figures(&x, (int)size);
    fixture_done(&x);
    return 0;
}
