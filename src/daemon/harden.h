/* SPDX-License-Identifier: EUPL-1.2
 *
 * What enfragad gives away once it has started: core dumps, being traced,
 * starting programs, and the system calls that a service of this kind never
 * makes (AUDIT 3). What the host can take away besides stands in
 * data/systemd/enfragad.service.
 */
#ifndef ENFRAGA_DAEMON_HARDEN_H
#define ENFRAGA_DAEMON_HARDEN_H

#include "base/err.h"

/* Before keys are read: no core, no tracing by others, files for the owner
 * alone. Nothing of it can fail in a way that leaves less than before. */
void harden_early(void);

/* Before the first peer: no new privileges, and the calls of harden.def are
 * refused with EPERM from here on, in every thread. ERR_CONFIG where the
 * kernel has no seccomp. */
enum err_code harden_calls(struct err *e);

#endif
