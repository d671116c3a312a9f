/* SPDX-License-Identifier: EUPL-1.2
 *
 * Whose cosignatures count: a policy file as C2SP tlog-policy has it, with
 * witnesses, groups of k of n, and one quorum. Where the cosignatures come
 * from is for those who call.
 */
#ifndef ENFRAGA_AUDIT_POLICY_H
#define ENFRAGA_AUDIT_POLICY_H

#include "base/err.h"
#include "seal/vkey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { POLICY_MAX = 32, POLICY_NAME = 64, POLICY_URL = 512 };

struct policy_witness {
    char name[POLICY_NAME];
    struct vkey vkey;     /* a cosigner's */
    char url[POLICY_URL]; /* the submission prefix, or "" */
};

struct policy_group {
    char name[POLICY_NAME];
    int k, n;
    int member[2 * POLICY_MAX]; /* a witness, or POLICY_MAX + a group */
};

struct policy {
    int witnesses, groups;
    struct policy_witness witness[POLICY_MAX];
    struct policy_group group[POLICY_MAX];
    int quorum; /* as a member; -1: none is needed */
};

/* Reads the file's text; `log` lines must name this log (NULL: any).
 * ERR_CONFIG with the number of the line. */
enum err_code policy_read(struct policy *p, const char *text,
                          const struct vkey *log, struct err *e);
enum err_code policy_load(struct policy *p, const char *path,
                          const struct vkey *log, struct err *e);

/* Is the quorum reached when witness i has cosigned wherever has[i]? */
bool policy_holds(const struct policy *p, const bool has[POLICY_MAX]);

/* The least number of witnesses that can reach the quorum; 0: none is needed.
 * Of a flat group of k of n it is k. */
int policy_least(const struct policy *p);

/* The size up to which the quorum vouches, when witness i has cosigned a head
 * of size[i] entries: one that cosigns a head vouches for all before it. */
uint64_t policy_size(const struct policy *p, const uint64_t size[POLICY_MAX]);

#endif
