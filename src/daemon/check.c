/* SPDX-License-Identifier: EUPL-1.2
 *
 * `enfragad --kontrollera`: configuration, certificates, clock, disk and log,
 * each with what is wrong and what to do.
 */
#include "config.h"

#include "daemon/instance.h"

#include "base/i18n.h"
#include "net/tls.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

enum { WARN_DAYS = 60, FLOOR_MIB = 64 };

struct report {
    int worst; /* exit status */
};

static void
good(const char *what, const char *text)
{
    printf("%-14s %s\n", what, text);
}

static void
bad(struct report *r, int status, const char *what, const char *text,
    const char *todo)
{
    printf("%-14s %s %s\n%-14s %s\n", what, _("Error:"), text, "", todo);
    if (!r->worst)
        r->worst = status;
}

static void
check_certificate(struct report *r, const struct instance *in)
{
    char text[200];
    if (in->upstream.kind == UPSTREAM_SIMULERING) {
        good(_("Upstream"), _("simulated authorities, nothing is sent"));
        return;
    }
    good(_("Upstream"), in->upstream.url);
    if (!in->cert_file[0]) {
        if (in->mode == MODE_SKARP)
            bad(r, 30, _("Certificate"), _("no client certificate is set"),
                _("Set upstream.certifikat and upstream.nyckel."));
        else
            good(_("Certificate"), _("none (test)"));
        return;
    }
    int known, days = tls_days_left(in->cert_file, &known);
    snprintf(text, sizeof text, _("%d days left"), days);
    if (!known)
        bad(r, 30, _("Certificate"), _("the file holds no certificate"),
            _("Check upstream.certifikat."));
    else if (days < 0)
        bad(r, 30, _("Certificate"), _("it has expired"),
            _("Order a new one. No question can be asked until then."));
    else
        good(_("Certificate"), text);
    if (known && days >= 0 && days < WARN_DAYS)
        printf("%-14s %s\n", "", _("Order the next one now."));
}

static void
check_clock(struct report *r)
{
    struct timex t = {0};
    int state = adjtimex(&t);
    (void)r; /* a wrong clock is said, and stops nothing (AUDIT 10) */
    if (state == TIME_ERROR || state < 0)
        good(_("Clock"), _("not synchronised, as far as the system knows; set "
                           "up time synchronisation"));
    else
        good(_("Clock"), _("synchronised"));
}

static void
check_private(struct report *r, const struct instance *in)
{
    struct err e = {0};
    if (instance_private(in, &e) == ERR_OK)
        good(_("Files"), _("for the instance's own account alone"));
    else
        bad(r, 64, _("Files"), e.text,
            _("Others could read keys or the log. Correct the rights."));
}

static void
check_disk(struct report *r, const struct instance *in)
{
    char text[120];
    unsigned long long mib = store_free_space(in->dir) >> 20;
    snprintf(text, sizeof text, _("%llu MiB free"), mib);
    if (mib < FLOOR_MIB)
        bad(r, 20, _("Disk"), text,
            _("Make room. Questions are refused when the log cannot be "
              "written."));
    else
        good(_("Disk"), text);
}

static void
check_log(struct report *r, struct instance *in)
{
    struct err e = {0};
    char dir[512], text[200];
    snprintf(dir, sizeof dir, "%s", in->dir);
    instance_close(in);
    enum err_code code = instance_open(in, dir, &e);
    if (code == ERR_IN_USE) {
        good(_("Log"), e.text);
        return;
    }
    if (code) {
        bad(r, 20, _("Log"), e.text,
            _("Change nothing. Call the one responsible for the system."));
        return;
    }
    snprintf(text, sizeof text, _("%llu entries, the tail holds"),
             (unsigned long long)ledger_size(in->ledger));
    good(_("Log"), text);
}

int
instance_check(const char *dir)
{
    struct report r = {0};
    struct instance in;
    struct err e = {0};
    enum err_code code = instance_read(&in, dir, &e);
    if (code) {
        bad(&r, 64, _("Settings"), e.text,
            _("Correct the file named. enfraga.conf(5) tells what is "
              "allowed."));
    } else {
        char text[300];
        snprintf(text, sizeof text, "%s, %s", mode_word(in.mode),
                 config_text(in.config, "kommun.namn"));
        good(_("Settings"), text);
        check_certificate(&r, &in);
        check_clock(&r);
        check_private(&r, &in);
        check_disk(&r, &in);
        check_log(&r, &in);
    }
    instance_close(&in);
    return r.worst;
}
