/* SPDX-License-Identifier: EUPL-1.2
 *
 * Entries through enfragad, each signed beforehand and acknowledged when it is
 * synced, by clients that post one after the other. Run by bench_entries.py;
 * a line of JSON on stdout. With --raw the yardstick: bare inserts.
 *
 *   bench_entries SOCKET KONTO POSTS CLIENTS ENTRIES
 *   bench_entries --raw DIRECTORY ROWS GROUP
 */
#include "config.h"

#include "tests/bench/raw_insert.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { CLIENTS_MAX = 64, REQUEST = 1 << 20, REPLY = 1 << 16 };

static struct {
    const char *path, *konto;
    FILE *posts;
    int entries, taken;
    int64_t *wait_us;
    pthread_mutex_t lock;
} b = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void
die(const char *what)
{
    perror(what);
    exit(2);
}

static int
dial(void)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (strlen(b.path) >= sizeof to.sun_path)
        die(b.path);
    memcpy(to.sun_path, b.path, strlen(b.path) + 1);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to))
        die(b.path);
    return fd;
}

/* The next request, and which it is; -1 when there are no more. */
static int
next_post(char *out, size_t *len)
{
    char line[32];
    int mine = -1;
    pthread_mutex_lock(&b.lock);
    if (b.taken < b.entries && fgets(line, sizeof line, b.posts)) {
        size_t n = strtoul(line, NULL, 10);
        int head = snprintf(out, REQUEST,
                            "POST /v1/lasningar HTTP/1.1\r\nHost: enfragad\r\n"
                            "Enfraga-Konto: %s\r\n"
                            "Content-Type: application/json\r\n"
                            "Content-Length: %zu\r\n\r\n",
                            b.konto, n);
        if (n > REQUEST - (size_t)head || fread(out + head, 1, n, b.posts) != n)
            die("posts");
        *len = (size_t)head + n;
        mine = b.taken++;
    }
    pthread_mutex_unlock(&b.lock);
    return mine;
}

/* One whole answer; anything but 200 ends the measurement. */
static void
read_answer(int fd)
{
    static _Thread_local char in[REPLY + 1];
    size_t n = 0, want = 0;
    while (!want || n < want) {
        ssize_t k = recv(fd, in + n, REPLY - n, 0);
        if (k <= 0)
            die("enfragad closed a connection");
        n += (size_t)k;
        in[n] = '\0';
        const char *end = strstr(in, "\r\n\r\n");
        const char *length = strcasestr(in, "\r\nContent-Length:");
        if (end && !length)
            die(in);
        if (end)
            want = (size_t)(end + 4 - in) + strtoul(length + 17, NULL, 10);
    }
    if (memcmp(in, "HTTP/1.1 200", 12) != 0) {
        fprintf(stderr, "%s\n", in);
        exit(2);
    }
}

static void *
client(void *arg)
{
    char *request = malloc(REQUEST);
    int fd = dial(), i;
    size_t n;
    (void)arg;
    if (!request)
        die("malloc");
    while ((i = next_post(request, &n)) >= 0) {
        int64_t from = clock_mono_us();
        for (size_t at = 0; at < n;) {
            ssize_t k = send(fd, request + at, n - at, MSG_NOSIGNAL);
            if (k <= 0)
                die("send");
            at += (size_t)k;
        }
        read_answer(fd);
        b.wait_us[i] = clock_mono_us() - from;
    }
    close(fd);
    free(request);
    return NULL;
}

static int
compare(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, c = *(const int64_t *)y;
    return (a > c) - (a < c);
}

int
main(int argc, char **argv)
{
    pthread_t t[CLIENTS_MAX];
    if (argc == 5 && !strcmp(argv[1], "--raw")) {
        printf("{\"per_s\":%.1f}\n",
               raw_inserts(argv[2], atoi(argv[3]), atoi(argv[4])));
        return 0;
    }
    int clients = argc == 6 ? atoi(argv[4]) : 0;
    b.entries = argc == 6 ? atoi(argv[5]) : 0;
    if (clients < 1 || clients > CLIENTS_MAX || b.entries < 1)
        return 64;
    b.path = argv[1];
    b.konto = argv[2];
    b.posts = fopen(argv[3], "r");
    b.wait_us = calloc((size_t)b.entries, sizeof *b.wait_us);
    if (!b.posts || !b.wait_us)
        die(argv[3]);
    int64_t from = clock_mono_us();
    for (int i = 0; i < clients; i++)
        if (pthread_create(&t[i], NULL, client, NULL))
            die("pthread_create");
    for (int i = 0; i < clients; i++)
        pthread_join(t[i], NULL);
    double s = (double)(clock_mono_us() - from) / 1e6;
    if (b.taken < b.entries)
        die("fewer posts than entries");
    qsort(b.wait_us, (size_t)b.entries, sizeof *b.wait_us, compare);
    printf("{\"per_s\":%.1f,\"median_ms\":%.3f,\"p99_ms\":%.3f,"
           "\"max_ms\":%.3f}\n",
           b.entries / s, (double)b.wait_us[b.entries / 2] / 1e3,
           (double)b.wait_us[(size_t)b.entries * 99 / 100] / 1e3,
           (double)b.wait_us[b.entries - 1] / 1e3);
    return 0;
}
