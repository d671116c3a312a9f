/* SPDX-License-Identifier: EUPL-1.2
 *
 * Puts questions to enfragad and is the seven authorities it asks, in one
 * process on one core, so that both ends have one clock. Run by
 * bench_gateway.py; a line of JSON with the figures on stdout.
 *
 *   bench_gateway SOCKET KONTO POSTS BODIES PORT [-c CONNECTIONS] [-n
 * QUESTIONS]
 *                 [-t SECONDS] [-d MS,MS,MS,MS,MS,MS,MS] [-P PID]
 *
 * An answer counts when `klar` has come. after_last: from the last byte that
 * an authority wrote to the end of `klar` (one connection only); ttfa: to the
 * first `svar` line, less the fastest delay; over: the whole time less the
 * slowest delay. Above 85 % of a core of its own, the driver and not enfragad
 * is what was measured.
 */
#include "config.h"

#include "tests/bench/gateway_up.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 4096, READ = 256 << 10, EVENTS = 512, MARK = 16 };

/* A connection that asks one question after the other. */
struct asker {
    struct watched w;
    char *out; /* the request being written */
    size_t len, written;
    enum { STATUS, SIZE, DATA, DATA_END, LAST } at;
    bool busy, klar;
    int status;
    size_t n; /* bytes of the head, of the chunk's start */
    size_t left;
    char head[HEAD], mark[MARK];
    double from, first;
};

struct samples {
    double *v;
    size_t n, cap;
};

static struct {
    int ep;
    const char *path, *konto;
    FILE *posts;
    int connections, pid;
    long questions, sent, done, failed;
    double seconds, slowest, fastest;
    bool stopping;
    struct samples took, after, first;
    unsigned long long bytes;
} b = {.connections = 1, .questions = 1000000, .seconds = 60};

static void
sample(struct samples *s, double v)
{
    if (s->n == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 4096;
        s->v = realloc(s->v, s->cap * sizeof *s->v);
        if (!s->v)
            bench_die("realloc");
    }
    s->v[s->n++] = v;
}

static void
write_out(struct asker *a)
{
    while (a->written < a->len) {
        ssize_t k = send(a->w.fd, a->out + a->written, a->len - a->written,
                         MSG_NOSIGNAL);
        if (k < 0 && errno == EAGAIN) {
            bench_watch(b.ep, &a->w, EPOLLIN | EPOLLOUT, true);
            return;
        }
        if (k < 0)
            bench_die("send");
        a->written += (size_t)k;
    }
}

/* The next question that was signed beforehand. */
static bool
ask(struct asker *a)
{
    char head[512], line[32];
    if (b.stopping || b.sent >= b.questions ||
        !fgets(line, sizeof line, b.posts))
        return false;
    size_t n = strtoul(line, NULL, 10);
    int h = snprintf(head, sizeof head,
                     "POST /v1/fragor HTTP/1.1\r\nHost: enfragad\r\n"
                     "Enfraga-Konto: %s\r\nContent-Type: application/json\r\n"
                     "Content-Length: %zu\r\n\r\n",
                     b.konto, n);
    free(a->out);
    a->out = malloc((size_t)h + n);
    if (!a->out)
        bench_die("malloc");
    memcpy(a->out, head, (size_t)h);
    if (fread(a->out + h, 1, n, b.posts) != n)
        bench_die("posts");
    a->len = (size_t)h + n;
    a->written = a->n = a->left = 0;
    a->at = STATUS;
    a->klar = false;
    a->busy = true;
    a->first = 0;
    a->from = bench_now();
    b.sent++;
    write_out(a);
    return true;
}

static void
answered(struct asker *a)
{
    double now = bench_now();
    a->busy = false;
    b.done++;
    if (a->status != 200 || !a->klar) {
        b.failed++;
    } else {
        sample(&b.took, (now - a->from) * 1e3);
        sample(&b.after, (now - up_last()) * 1e3);
        sample(&b.first, (a->first - a->from) * 1e3 - b.fastest);
    }
    ask(a);
}

/* The first bytes of a chunk, which is a line, tell what it is. */
static void
look(struct asker *a)
{
    if (a->n < MARK)
        return;
    if (!a->first && !memcmp(a->mark, "{\"typ\":\"svar\"", 13))
        a->first = bench_now();
    if (!memcmp(a->mark, "{\"typ\":\"klar\"", 13))
        a->klar = true;
}

/* One byte of what stands between the chunks. */
static void
between(struct asker *a, char c)
{
    if (a->at == DATA_END || a->at == LAST) {
        if (c == '\n' && a->at == LAST) {
            answered(a);
            return;
        }
        if (c == '\n') {
            a->at = SIZE;
            a->n = a->left = 0;
        }
        return;
    }
    if (a->n < HEAD - 1)
        a->head[a->n++] = c;
    a->head[a->n] = '\0';
    if (a->at == STATUS) {
        if (a->n < 4 || memcmp(a->head + a->n - 4, "\r\n\r\n", 4))
            return;
        a->status = (int)strtol(a->head + 9, NULL, 10);
        a->at = SIZE;
        a->n = 0;
        if (!strstr(a->head, "chunked"))
            bench_die(a->head); /* a refusal: nothing can be measured */
    } else if (c == '\n') {
        a->left = strtoul(a->head, NULL, 16);
        a->at = a->left ? DATA : LAST;
        a->n = 0;
    }
}

static void
read_in(struct asker *a, const char *p, size_t n)
{
    b.bytes += n;
    while (n) {
        if (a->at != DATA) {
            between(a, *p++);
            n--;
            continue;
        }
        size_t k = n < a->left ? n : a->left;
        for (size_t i = 0; i < k && a->n < MARK; i++) {
            a->mark[a->n++] = p[i];
            if (a->n == MARK)
                look(a);
        }
        a->left -= k;
        p += k;
        n -= k;
        if (!a->left)
            a->at = DATA_END;
    }
}

static void
on_event(struct watched *w, unsigned events)
{
    static char buf[READ];
    struct asker *a = (struct asker *)(void *)w;
    if (events & EPOLLOUT) {
        bench_watch(b.ep, w, EPOLLIN, true);
        write_out(a);
    }
    for (;;) {
        ssize_t k = recv(w->fd, buf, sizeof buf, 0);
        if (k < 0 && errno == EAGAIN)
            return;
        if (k <= 0)
            bench_die("enfragad closed a connection");
        read_in(a, buf, (size_t)k);
    }
}

static struct asker *
asker_new(void)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    struct asker *a = calloc(1, sizeof *a);
    if (!a || strlen(b.path) >= sizeof to.sun_path)
        bench_die(b.path);
    memcpy(to.sun_path, b.path, strlen(b.path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to))
        bench_die(b.path);
    if (fcntl(fd, F_SETFL, O_NONBLOCK))
        bench_die("fcntl");
    a->w = (struct watched){.on_event = on_event, .fd = fd};
    bench_watch(b.ep, &a->w, EPOLLIN, false);
    return a;
}

static long
status_of(const char *key)
{
    char path[64], line[256];
    long v = -1;
    snprintf(path, sizeof path, "/proc/%d/status", b.pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (!strncmp(line, key, strlen(key)))
            v = strtol(line + strlen(key) + 1, NULL, 10);
    if (f)
        fclose(f);
    return v;
}

static long
files_of(void)
{
    char path[64];
    long n = -2;
    snprintf(path, sizeof path, "/proc/%d/fd", b.pid);
    DIR *d = opendir(path);
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

static double
cpu_of(int pid)
{
    char path[64], text[1024] = "";
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    if (f && fgets(text, sizeof text, f)) {
        char *p = strrchr(text, ')');
        for (int i = 0; p && i < 12; i++) /* to field 14, utime */
            p = strchr(p + 1, ' ');
        user = p ? strtoul(p, &p, 10) : 0;
        system = p ? strtoul(p, NULL, 10) : 0;
    }
    if (f)
        fclose(f);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static int
compare(const void *x, const void *y)
{
    double a = *(const double *)x, c = *(const double *)y;
    return (a > c) - (a < c);
}

static double
at(const struct samples *s, double part)
{
    return s->n ? s->v[(size_t)((double)(s->n - 1) * part)] : 0;
}

static void
report(double took, double own, double theirs, double rss, long files)
{
    struct samples *all[] = {&b.took, &b.after, &b.first};
    for (int i = 0; i < 3; i++)
        qsort(all[i]->v, all[i]->n, sizeof(double), compare);
    printf(
        "{\"n\":%zu,\"failed\":%ld,\"qps\":%.2f,\"over_p50\":%.3f,"
        "\"over_p99\":%.3f,\"after_p50\":%.3f,\"after_p99\":%.3f,"
        "\"ttfa_p50\":%.3f,\"lat_p50\":%.3f,\"bytes\":%.0f,\"upreq\":%ld,"
        "\"rss_mib\":%.1f,\"hwm_mib\":%.1f,\"fds\":%ld,"
        "\"gw_cpu_ms_q\":%.3f,\"gw_cpu\":%.2f,\"own_cpu\":%.2f}\n",
        b.took.n, b.failed, (double)b.took.n / took,
        at(&b.took, .5) - b.slowest, at(&b.took, .99) - b.slowest,
        at(&b.after, .5), at(&b.after, .99), at(&b.first, .5), at(&b.took, .5),
        b.done ? (double)b.bytes / (double)b.done : 0, up_requests(),
        rss / 1024, b.pid ? (double)status_of("VmHWM") / 1024 : 0, files,
        b.done ? theirs * 1e3 / (double)b.done : 0, theirs / took, own / took);
}

/* Until all have been answered; RSS and files halfway. */
static void
run(int connections)
{
    struct epoll_event ev[EVENTS];
    double own = cpu_of(getpid()), theirs = b.pid ? cpu_of(b.pid) : 0, rss = 0;
    double from = bench_now();
    double half = b.slowest > 0 ? b.slowest / 2e3 : b.seconds / 2;
    long files = 0;
    for (int i = 0; i < connections; i++)
        ask(asker_new());
    while (b.done < b.sent) {
        double now = bench_now(), next = up_due(now);
        b.stopping = b.stopping || now - from > b.seconds;
        if (b.pid && !files && now - from > half) {
            rss = (double)status_of("VmRSS");
            files = files_of();
        }
        double wait = next - now < .05 ? next - now : .05;
        struct timespec t = {.tv_nsec = wait > 0 ? (long)(wait * 1e9) : 0};
        int k = epoll_pwait2(b.ep, ev, EVENTS, &t, NULL);
        for (int i = 0; i < k; i++) {
            struct watched *w = ev[i].data.ptr;
            w->on_event(w, ev[i].events);
        }
    }
    double took = bench_now() - from;
    report(took, cpu_of(getpid()) - own, b.pid ? cpu_of(b.pid) - theirs : 0,
           rss, files);
}

static void
read_delays(char *text, double *delay)
{
    char *save = NULL;
    int n = 0;
    for (char *t = strtok_r(text, ",", &save); t && n < UPS;
         t = strtok_r(NULL, ",", &save))
        delay[n++] = strtod(t, NULL);
    for (; n && n < UPS; n++)
        delay[n] = delay[n - 1];
}

int
main(int argc, char **argv)
{
    double delay[UPS] = {0};
    struct rlimit files;
    int o;
    while ((o = getopt(argc, argv, "c:n:t:d:P:")) != -1)
        switch (o) {
        case 'c':
            b.connections = atoi(optarg);
            break;
        case 'n':
            b.questions = atol(optarg);
            break;
        case 't':
            b.seconds = atof(optarg);
            break;
        case 'd':
            read_delays(optarg, delay);
            break;
        case 'P':
            b.pid = atoi(optarg);
            break;
        default:
            return 64;
        }
    if (argc - optind != 5)
        return 64;
    char **arg = argv + optind;
    b.path = arg[0];
    b.konto = arg[1];
    b.posts = fopen(arg[2], "r");
    if (!b.posts)
        bench_die(arg[2]);
    b.fastest = delay[0];
    for (int i = 0; i < UPS; i++) {
        b.slowest = delay[i] > b.slowest ? delay[i] : b.slowest;
        b.fastest = delay[i] < b.fastest ? delay[i] : b.fastest;
    }
    if (!getrlimit(RLIMIT_NOFILE, &files)) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
    b.ep = epoll_create1(EPOLL_CLOEXEC);
    up_start(b.ep, atoi(arg[4]), arg[3], delay);
    run(b.connections);
    return b.failed != 0;
}
