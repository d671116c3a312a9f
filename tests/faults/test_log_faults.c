/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: whatever happens to the disk or the process while the ledger works,
 * every entry that was acknowledged is there afterwards and the log verifies.
 * A write, truncation or sync that fails once or for good (each in turn), a
 * full disk (ERR_LOG, and work goes on when there is room), a failed sync
 * (ERR_IO until reopened), power lost at each operation with unsynced writes
 * dropped or torn, and kill -9 at random moments. And nothing that is verified
 * while it is written is called damaged. Leaves out: a disk that says
 * it has synced and has not.
 */
#include "config.h"

#include "tests/faults/faultvfs.h"
#include "tests/unit/audit/fixture.h"

#include "base/mem.h"
#include "store/store.h"
#include "verifier/rows.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* Sanitizers make a round ten times as slow, and what they look for comes in
 * the first rounds: fewer questions to sweep over, and fewer kills. A log has
 * few lives, since after each all of it is verified. */
#ifdef __SANITIZE_ADDRESS__
enum { ACKS = 4096, ROUNDS = 2, KILLS = 40, LIVES = 3, SECONDS = 1 };
#else
enum { ACKS = 4096, ROUNDS = 4, KILLS = 200, LIVES = 3, SECONDS = 3 };
#endif

/* What was acknowledged, as it came. */
struct ack {
    uint64_t seq;
    uint8_t hash[HASH_SIZE];
};
static struct ack acks[ACKS];
static size_t acked;

static void
assert_log_holds(const char *path)
{
    struct err e = {0};
    struct verify_report r;
    struct verify_options o = {.full = true, .threads = 1};
    enum err_code code = rows_verify(path, &o, NULL, &r, &e);
    if (code)
        print_message("%s\n", e.text);
    assert_int_equal(code, ERR_OK);
    if (!r.holds)
        print_message("%s\n", r.finding[0].text);
    assert_true(r.holds);
}

/* After the fault: the log opens, holds, and has all that was acknowledged. */
static void
assert_nothing_lost(struct fixture *x)
{
    struct err e = {0};
    AUTO_BUF(leaf, ENTRY_LEAF_MAX);
    uint8_t hash[HASH_SIZE];
    fault_arm(NULL);
    enum err_code code =
        ledger_open(x->path, x->log_key, x->own_key, &x->l, &e);
    if (code)
        print_message("%s\n", e.text);
    assert_int_equal(code, ERR_OK);
    for (size_t i = 0; i < acked; i++) {
        buf_clear(&leaf);
        assert_int_equal(ledger_leaf(x->l, acks[i].seq, &leaf, &e), ERR_OK);
        entry_leaf_hash(hash, leaf.data, leaf.len);
        assert_memory_equal(hash, acks[i].hash, HASH_SIZE);
    }
    ledger_close(&x->l);
    assert_log_holds(x->path);
}

static void
copy_file(const char *from, const char *to)
{
    char block[65536];
    FILE *in = fopen(from, "re"), *out = fopen(to, "we");
    assert_true(in && out);
    for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;)
        assert_int_equal(fwrite(block, 1, n, out), n);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

/* The log as it was before the fault, from its copy. */
static void
restore(struct fixture *x)
{
    char copy[128], name[128];
    snprintf(copy, sizeof copy, "%s-copy", x->path);
    snprintf(name, sizeof name, "%s-wal", x->path);
    unlink(name);
    snprintf(name, sizeof name, "%s-shm", x->path);
    unlink(name);
    copy_file(copy, x->path);
    acked = 0;
}

static int
setup(void **state)
{
    struct fixture *x = mem_alloc(sizeof *x);
    char copy[128];
    fixture_init(x);
    fixture_fill(x, 8, 1);
    ledger_close(&x->l);
    snprintf(copy, sizeof copy, "%s-copy", x->path);
    copy_file(x->path, copy);
    *state = x;
    return 0;
}

static int
teardown(void **state)
{
    store_test_vfs(NULL);
    fixture_done(*state);
    free(*state);
    return 0;
}

/* One intent and its outcome; each success is noted, or told through fd. */
static enum err_code
question(struct fixture *x, int fd)
{
    struct ledger_post post, own = {.type = KIND_OUTCOME, .has_ref = true};
    struct ledger_result r;
    struct err e = {0};
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    fixture_intent(x, "frågan", &post, &author);
    for (int i = 0; i < 2; i++) {
        enum err_code code = ledger_append(x->l, i ? &own : &post, 1, &r, &e);
        if (code || r.code)
            return code ? code : r.code;
        struct ack a = {.seq = r.receipt.seq};
        memcpy(a.hash, r.receipt.leaf_hash, HASH_SIZE);
        if (fd < 0 && acked < ACKS)
            acks[acked++] = a;
        else if (fd >= 0 && write(fd, &a, sizeof a) != sizeof a)
            _exit(3);
        own.ref_seq = r.receipt.seq;
    }
    return ERR_OK;
}

/* Opens, works and closes with the fault set; the code of what failed. */
static enum err_code
work_with(struct fixture *x, const struct fault *f)
{
    struct err e = {0};
    enum err_code code = ERR_OK;
    fault_arm(NULL);
    assert_int_equal(ledger_open(x->path, x->log_key, x->own_key, &x->l, &e),
                     ERR_OK);
    fault_arm(f);
    for (int i = 0; i < ROUNDS && !code; i++)
        code = question(x, -1);
    return code;
}

static void
sweep(struct fixture *x, int sqlite_code, bool dead)
{
    long n = 1;
    store_test_vfs("fault");
    for (bool came = true; came; n++) {
        struct fault f = {.at = n, .code = sqlite_code, .dead = dead};
        struct err e = {0};
        restore(x);
        enum err_code code = work_with(x, &f);
        came = fault_came();
        if (code) {
            assert_true(came);
            assert_true(code == ERR_LOG || code == ERR_IO);
            if (sqlite_code == SQLITE_FULL)
                assert_int_equal(code, ERR_LOG);
        }
        /* it comes back: at once, or when it has been opened anew */
        fault_arm(NULL);
        if (code == ERR_IO) {
            assert_int_equal(question(x, -1), ERR_IO);
            assert_int_equal(ledger_reopen(x->l, &e), ERR_OK);
        }
        if (code)
            assert_int_equal(question(x, -1), ERR_OK);
        ledger_close(&x->l);
        assert_nothing_lost(x);
        /* and without coming back: closed while it still fails */
        restore(x);
        work_with(x, &f);
        ledger_close(&x->l);
        assert_nothing_lost(x);
    }
    print_message("%ld operations\n", n - 2);
    assert_true(n > 20);
}

static void
test_a_failing_write(void **state)
{
    sweep(*state, SQLITE_IOERR_WRITE, false);
}

static void
test_a_failing_sync(void **state)
{
    sweep(*state, SQLITE_IOERR_FSYNC, false);
}

static void
test_a_dead_disk(void **state)
{
    sweep(*state, SQLITE_IOERR_FSYNC, true);
}

static void
test_a_full_disk(void **state)
{
    sweep(*state, SQLITE_FULL, true);
}

/* Reads what the child acknowledged until it is gone; its status. */
static int
hear(int fd, pid_t child)
{
    int status;
    for (struct ack a; read(fd, &a, sizeof a) == sizeof a;)
        if (acked < ACKS)
            acks[acked++] = a;
    close(fd);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void
test_power_lost_at_each_operation(void **state)
{
    struct fixture *x = *state;
    bool lost = true;
    long n;
    for (n = 1; lost; n++) {
        int fd[2], status;
        restore(x);
        assert_int_equal(pipe(fd), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct err e;
            struct fault f = {.at = n, .seed = (unsigned)n};
            close(fd[0]);
            store_test_vfs("fault");
            if (ledger_open(x->path, x->log_key, x->own_key, &x->l, &e))
                _exit(4);
            fault_arm(&f);
            for (int i = 0; i < ROUNDS; i++)
                if (question(x, fd[1]))
                    _exit(5);
            ledger_close(&x->l); /* moves the WAL: power may go here too */
            _exit(0);
        }
        close(fd[1]);
        status = hear(fd[0], child);
        assert_true(WIFEXITED(status));
        assert_true(WEXITSTATUS(status) == 9 || WEXITSTATUS(status) == 0);
        lost = WEXITSTATUS(status) == 9;
        assert_nothing_lost(x);
    }
    print_message("%ld operations\n", n - 2);
    assert_true(n > 20);
}

/* What the child tells before it dies: each entry that was acknowledged, and
 * behind an intent the question that it then sent. The reader of the pipe is
 * the authority. */
struct told {
    struct ack ack;
    char question[32]; /* "" for an outcome */
};

/* Asks until it is killed: intent, send, outcome. */
static void
ask_for_ever(struct fixture *x, int authority)
{
    struct ledger_post post, own = {.type = KIND_OUTCOME, .has_ref = true};
    struct ledger_result r;
    struct err e = {0};
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    for (int n = 0;; n++) {
        struct told t = {.question = ""};
        char question[32];
        snprintf(question, sizeof question, "%d/%d", (int)getpid(), n);
        fixture_intent(x, question, &post, &author);
        for (int i = 0; i < 2; i++) {
            if (ledger_append(x->l, i ? &own : &post, 1, &r, &e) || r.code)
                _exit(5);
            t.ack.seq = own.ref_seq = r.receipt.seq;
            memcpy(t.ack.hash, r.receipt.leaf_hash, HASH_SIZE);
            memcpy(t.question, i ? "" : question, i ? 1 : sizeof question);
            if (write(authority, &t, sizeof t) != sizeof t)
                _exit(3);
        }
    }
}

/* The intent at that place commits to the question that was seen. */
static void
assert_intent_is_of(struct fixture *x, const struct told *t)
{
    struct err e = {0};
    struct entry_leaf leaf;
    struct entry_author a;
    uint8_t commit[HASH_SIZE];
    AUTO_BUF(bytes, ENTRY_LEAF_MAX);
    AUTO_BUF(box, 4096);
    assert_int_equal(ledger_leaf(x->l, t->ack.seq, &bytes, &e), ERR_OK);
    assert_int_equal(ledger_box(x->l, t->ack.seq, &box, &e), ERR_OK);
    assert_int_equal(entry_leaf_split(bytes.data, bytes.len, &leaf, &e),
                     ERR_OK);
    assert_int_equal(entry_author_decode(leaf.author, leaf.author_len, &a, &e),
                     ERR_OK);
    assert_int_equal(a.type, KIND_INTENT);
    entry_commit(commit, (const uint8_t *)box.data + 1, t->question,
                 strlen(t->question));
    assert_memory_equal(commit, a.commit, HASH_SIZE);
}

/* Hears the child out; what the authority saw is checked when it is dead. */
static size_t
hear_all(struct fixture *x, int fd, struct told *seen, size_t room)
{
    struct err e = {0};
    size_t n = 0, questions = 0;
    for (struct told t; read(fd, &t, sizeof t) == sizeof t;) {
        if (n < room)
            seen[n++] = t;
        if (acked < ACKS)
            acks[acked++] = t.ack;
    }
    close(fd);
    assert_int_equal(ledger_open(x->path, x->log_key, x->own_key, &x->l, &e),
                     ERR_OK);
    for (size_t i = 0; i < n; i++) {
        if (!seen[i].question[0])
            continue;
        assert_intent_is_of(x, &seen[i]);
        questions++;
    }
    ledger_close(&x->l);
    return questions;
}

/* One life of the writer; the log is verified while it writes, and after. */
static size_t
one_life(struct fixture *x, unsigned *seed, struct told *seen, size_t room)
{
    int fd[2], status;
    acked = 0;
    assert_int_equal(pipe(fd), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct err e;
        close(fd[0]);
        if (ledger_open(x->path, x->log_key, x->own_key, &x->l, &e))
            _exit(4);
        ask_for_ever(x, fd[1]);
    }
    close(fd[1]);
    struct timespec t = {.tv_nsec = 1000000 + rand_r(seed) % 40000000};
    nanosleep(&t, NULL);
    if (rand_r(seed) % 2)
        assert_log_holds(x->path); /* while it is written */
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    if (rand_r(seed) % 4 == 0)
        assert_log_holds(x->path); /* as it was left */
    size_t n = hear_all(x, fd[0], seen, room);
    assert_nothing_lost(x);
    return n;
}

static void
test_kill_at_random_moments(void **state)
{
    enum { ROOM = 65536 / sizeof(struct told) + 1 };
    struct fixture *x = *state;
    const char *given = getenv("ENFRAGA_SEED");
    unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : 11;
    int rounds = getenv("ENFRAGA_LONG") ? 10000 : KILLS;
    struct told *seen = mem_alloc(ROOM * sizeof *seen);
    size_t questions = 0;
    for (int i = 0; i < rounds; i++) {
        if (i % LIVES == 0)
            restore(x); /* a new log now and then, or it grows too long */
        questions += one_life(x, &seed, seen, ROOM);
    }
    free(seen);
    print_message("%d kills, %zu questions seen by the authority\n", rounds,
                  questions);
    assert_true(questions > (size_t)rounds / 8);
}

/* Opens, writes some and closes, again and again: with a WAL, with an empty
 * one and with none, which are read in different ways. */
static void
write_for_ever(struct fixture *x)
{
    struct err e = {0};
    for (unsigned seed = 3;;) {
        if (ledger_open(x->path, x->log_key, x->own_key, &x->l, &e))
            _exit(4);
        for (int i = rand_r(&seed) % 8; i >= 0; i--)
            if (question(x, -1))
                _exit(5);
        ledger_close(&x->l);
        struct timespec rest = {.tv_nsec = rand_r(&seed) % 4000000};
        nanosleep(&rest, NULL);
    }
}

/* The state was once read of a later moment than the entries. */
static void
test_no_false_alarm_while_it_is_written(void **state)
{
    struct fixture *x = *state;
    int rounds = getenv("ENFRAGA_LONG") ? 60 : SECONDS, runs = 0, status;
    for (int i = 0; i < rounds; i++) {
        struct timespec now, start;
        restore(x); /* anew each second, or it grows too long */
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            write_for_ever(x);
        clock_gettime(CLOCK_MONOTONIC, &start);
        do {
            assert_log_holds(x->path);
            runs++;
            clock_gettime(CLOCK_MONOTONIC, &now);
        } while (now.tv_sec - start.tv_sec +
                     (now.tv_nsec - start.tv_nsec) / 1e9 <
                 1);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status)); /* it wrote to the end */
        assert_nothing_lost(x);
    }
    print_message("%d verifications beside a writer\n", runs);
    assert_true(runs >= 2 * rounds);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_a_failing_write),
        T(test_a_failing_sync),
        T(test_a_dead_disk),
        T(test_a_full_disk),
        T(test_power_lost_at_each_operation),
        T(test_kill_at_random_moments),
        T(test_no_false_alarm_while_it_is_written),
    };
    fixture_in_memory();
    fault_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
