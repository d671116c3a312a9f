/* SPDX-License-Identifier: EUPL-1.2
 *
 * Seven authorities on loopback, one port each, for bench_gateway: whatever
 * is posted gets the authority's one answer, after its delay.
 */
#ifndef ENFRAGA_BENCH_GATEWAY_UP_H
#define ENFRAGA_BENCH_GATEWAY_UP_H

#include <stdbool.h>
#include <stddef.h>

enum { UPS = 7 };

/* What epoll's data points to, here and in bench_gateway. */
struct watched {
    void (*on_event)(struct watched *w, unsigned events);
    int fd;
};

double bench_now(void); /* seconds, monotonic */
void bench_watch(int epoll, struct watched *w, unsigned events, bool again);
void bench_die(const char *what); /* perror and exit */

/* Listens on 127.0.0.1:port .. port + 6; `bodies`: a directory with the files
 * 0 to 6, each a body with its content type as the first line. */
void up_start(int epoll, int port, const char *bodies, const double *delay_ms);

/* Answers what is due; the time of the next one, or far ahead. */
double up_due(double now);

double up_last(void);   /* when the latest answer had been written */
long up_requests(void); /* how many were taken */

#endif
