/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the linear mode's files share. Not for others.
 */
#ifndef ENFRAGA_CLI_LINEAR_OWN_H
#define ENFRAGA_CLI_LINEAR_OWN_H

#include "base/buf.h"
#include "client/client.h"

struct cli;

enum { LINEAR_PERSONS = 16 };

struct linear_person {
    char who[64]; /* "Sökande", "Barn 12 år" */
    bool ticked;
    struct answer *answer; /* of this case, or NULL */
    struct ask *ask;
};

struct linear {
    struct cli *cli;
    struct client *client;
    struct buf last; /* what `=` repeats */
    int n;
    struct linear_person of[LINEAR_PERSONS];
};

enum linear_reply { LINEAR_ANSWER, LINEAR_BACK, LINEAR_AGAIN, LINEAR_END };

/* Prints the prompt and reads a line; help, lock and repeat are dealt with. */
enum linear_reply linear_ask(struct linear *l, const char *prompt, char *out,
                             size_t size);
void linear_say(const char *s);
void linear_trouble(enum err_code code, const struct err *e);
/* Prints and keeps it for `=`. */
void linear_last(struct linear *l, const struct buf *b);
bool linear_unlock(struct linear *l);

/* The case that is open (client_case_now): question and answers. */
void linear_case(struct linear *l);
void linear_case_free(struct linear *l);

#endif
