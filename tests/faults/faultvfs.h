/* SPDX-License-Identifier: EUPL-1.2
 *
 * An SQLite VFS over the system's that counts writes, truncations and syncs,
 * and at the n-th of them fails, or loses power: then writes since the last
 * sync of each file are undone, torn or kept by chance, and the process ends.
 */
#ifndef ENFRAGA_TESTS_FAULTVFS_H
#define ENFRAGA_TESTS_FAULTVFS_H

#include <stdbool.h>

struct fault {
    long at;   /* the n-th operation from arming; 0: never */
    int code;  /* SQLite's result code for it; 0: power loss */
    bool dead; /* and for all that follow */
    unsigned seed;
};

/* Registers "fault" as a VFS; call once. */
void fault_register(void);

/* Sets the fault and starts counting anew; NULL disarms. */
void fault_arm(const struct fault *f);

/* Operations since arming; has the fault come? */
long fault_count(void);
bool fault_came(void);

#endif
