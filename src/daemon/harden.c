/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "daemon/harden.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#ifdef __SANITIZE_ADDRESS__ /* the leak checker reads its own process */
#define TRACED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TRACED 1
#endif
#endif

void
harden_early(void)
{
    struct rlimit none = {0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef TRACED
    prctl(PR_SET_DUMPABLE, 0);
#endif
    umask(077);
    signal(SIGPIPE, SIG_IGN);
}

enum err_code
harden_calls(struct err *e)
{
    static const int denied[] = {
#define DENY(call) SCMP_SYS(call),
#ifdef TRACED
#define DENY_TRACE(call)
#else
#define DENY_TRACE(call) SCMP_SYS(call),
#endif
#include "daemon/harden.def"
#undef DENY
#undef DENY_TRACE
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int rc =
        filter ? seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) : -ENOMEM;
    for (size_t i = 0; !rc && i < sizeof denied / sizeof *denied; i++) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), denied[i], 0);
        if (rc == -EDOM) /* a call that this architecture does not have */
            rc = 0;
    }
    if (!rc)
        rc = seccomp_load(filter); /* sets no_new_privs too */
    seccomp_release(filter);
    if (!rc)
        return ERR_OK;
    errno = -rc;
    return err_errno(e, ERR_CONFIG, "seccomp");
}
