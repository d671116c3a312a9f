/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: a store is made 0600, read back and migrated in one step; another
 * program's database, a newer one and what is no database are refused; a
 * broken constraint is told apart; a transaction is all or nothing; a copy is
 * whole. Leaves out: failing disks (tests/faults).
 */
#include "config.h"

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PUT, GET, COUNT, STATEMENTS };

static const struct store_statement statements[] = {
    {"PUT", "INSERT INTO t VALUES (?1, ?2)"},
    {"GET", "SELECT v FROM t WHERE k = ?1"},
    {"COUNT", "SELECT count(*) FROM t"},
};
static const char *const migrations[] = {
    "CREATE TABLE t (k INTEGER PRIMARY KEY, v TEXT NOT NULL) STRICT",
    "INSERT INTO t VALUES (0, 'två')",
};
static const struct store_spec first = {0x1234, migrations, 1, statements,
                                        STATEMENTS};
static const struct store_spec second = {0x1234, migrations, 2, statements,
                                         STATEMENTS};
static const struct store_spec other = {0x4321, migrations, 1, statements,
                                        STATEMENTS};

static char dir[64], path[80];

static int
setup(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/enfraga-store-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    snprintf(path, sizeof path, "%s/x.db", dir);
    return 0;
}

static int
teardown(void **state)
{
    char copy[96];
    (void)state;
    snprintf(copy, sizeof copy, "%s/copy.db", dir);
    unlink(copy);
    unlink(path);
    return rmdir(dir); /* fails if a -wal or -shm stayed */
}

static struct store *
made(void)
{
    struct store *s = NULL;
    struct err e = {0};
    assert_int_equal(store_open(path, &first, STORE_CREATE, &s, &e), ERR_OK);
    return s;
}

static int64_t
rows(struct store *s)
{
    assert_int_equal(store_get(s, COUNT, NULL, NULL), ERR_OK);
    int64_t n = store_int(s, COUNT, 0);
    store_reset(s, COUNT);
    return n;
}

static void
test_made_opened_and_migrated(void **state)
{
    struct store *s = made();
    struct err e = {0};
    struct stat st;
    (void)state;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(store_run(s, PUT, &e, "it", (int64_t)7, "sju"), ERR_OK);
    store_close(&s);
    assert_int_equal(store_open(path, &first, STORE_CREATE, &s, &e), ERR_IO);
    assert_int_equal(store_open(path, &second, 0, &s, &e), ERR_OK);
    assert_int_equal(store_get(s, GET, &e, "i", (int64_t)0), ERR_OK);
    assert_string_equal(store_text(s, GET, 0), "två");
    store_reset(s, GET);
    assert_int_equal(rows(s), 2);
    store_close(&s);
    assert_int_equal(store_open(path, &first, 0, &s, &e), ERR_CONFIG);
    assert_int_equal(store_open(path, &other, 0, &s, &e), ERR_LOG_BROKEN);
}

static void
test_what_is_no_database(void **state)
{
    struct store *s = NULL;
    struct err e = {0};
    (void)state;
    assert_int_equal(store_open(path, &first, 0, &s, &e), ERR_NOT_FOUND);
    FILE *f = fopen(path, "we");
    for (int i = 0; i < 2000; i++)
        fputs("inte en databas ", f);
    fclose(f);
    assert_int_equal(store_open(path, &first, 0, &s, &e), ERR_LOG_BROKEN);
    assert_int_equal(store_open(path, &first, STORE_OR_CREATE, &s, &e),
                     ERR_LOG_BROKEN);
}

static void
test_constraints_and_transactions(void **state)
{
    struct store *s = made();
    struct err e = {0};
    (void)state;
    assert_int_equal(store_begin(s, &e), ERR_OK);
    assert_int_equal(store_run(s, PUT, &e, "it", (int64_t)1, "a"), ERR_OK);
    assert_int_equal(store_run(s, PUT, &e, "it", (int64_t)1, "b"),
                     ERR_BAD_INPUT);
    assert_true(store_not_unique(s));
    assert_int_equal(store_run(s, PUT, &e, "in", (int64_t)2), ERR_BAD_INPUT);
    assert_false(store_not_unique(s));
    assert_int_equal(store_run(s, PUT, &e, "ib", (int64_t)2, "x", (size_t)1),
                     ERR_BAD_INPUT); /* STRICT */
    assert_int_equal(store_run(s, PUT, &e, "it", (int64_t)3, "c"), ERR_OK);
    store_rollback(s);
    assert_int_equal(rows(s), 0);
    assert_int_equal(store_begin(s, &e), ERR_OK);
    assert_int_equal(store_run(s, PUT, &e, "it", (int64_t)1, "a"), ERR_OK);
    assert_int_equal(store_commit(s, &e), ERR_OK);
    assert_int_equal(rows(s), 1);
    assert_int_equal(store_get(s, GET, &e, "i", (int64_t)9), ERR_NOT_FOUND);
    store_close(&s);
}

static void
test_a_second_writer_waits_and_is_refused(void **state)
{
    struct store *s = made(), *t = NULL;
    struct err e = {0};
    (void)state;
    assert_int_equal(store_open(path, &first, 0, &t, &e), ERR_OK);
    assert_int_equal(store_begin(s, &e), ERR_OK);
    assert_int_equal(store_begin(t, &e), ERR_LOG);
    assert_false(store_is_broken(t));
    store_rollback(s);
    assert_int_equal(store_begin(t, &e), ERR_OK);
    store_close(&t);
    store_close(&s);
}

static void
test_a_copy_is_whole(void **state)
{
    struct store *s = made(), *t = NULL;
    struct err e = {0};
    char copy[96];
    (void)state;
    snprintf(copy, sizeof copy, "%s/copy.db", dir);
    assert_int_equal(store_run(s, PUT, &e, "it", (int64_t)1, "a"), ERR_OK);
    assert_int_equal(store_backup(s, copy, &e), ERR_OK);
    assert_int_equal(store_backup(s, copy, &e), ERR_IO); /* is there */
    assert_int_equal(store_run(s, PUT, &e, "it", (int64_t)2, "b"), ERR_OK);
    assert_int_equal(store_open(copy, &first, 0, &t, &e), ERR_OK);
    assert_int_equal(rows(t), 1);
    assert_int_equal(rows(s), 2);
    store_close(&t);
    store_close(&s);
}

/* NFS, CIFS and 9p by their published numbers; ext4, xfs, btrfs, tmpfs and
 * overlayfs are this machine's own. */
static void
test_a_disk_of_another_machine_is_known(void **state)
{
    static const unsigned long far[] = {0x6969, 0xff534d42, 0x01021997},
                               near[] = {0xef53, 0x58465342, 0x9123683e,
                                         0x01021994, 0x794c7630};
    (void)state;
    struct err e = {0};
    for (size_t i = 0; i < sizeof far / sizeof *far; i++)
        assert_non_null(store_remote_name(far[i]));
    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        assert_null(store_remote_name(near[i]));
    assert_int_equal(store_check_place(dir, &e), ERR_OK);
    assert_int_equal(store_check_place("/nowhere/at/all", &e), ERR_IO);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_made_opened_and_migrated),
        T(test_what_is_no_database),
        T(test_constraints_and_transactions),
        T(test_a_second_writer_waits_and_is_refused),
        T(test_a_copy_is_whole),
        T(test_a_disk_of_another_machine_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
