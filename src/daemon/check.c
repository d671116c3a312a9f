/* SPDX-License-Identifier: EUPL-1.2
 *
 * `enfragad --kontrollera`: configuration, certificates, clock, disk and log,
 * each with what is wrong and what to do.
 */
#include "config.h"

#include "daemon/instance.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "forsakran/ca.h"
#include "forsakran/crl.h"
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

/* One client certificate; `what` begins the row, `setting` names its section.
 */
static void
check_certificate(struct report *r, const struct instance *in, const char *what,
                  const char *file, const char *section)
{
    char text[200], todo[160];
    if (!*file) {
        snprintf(todo, sizeof todo, _("Set %s.certifikat and %s.nyckel."),
                 section, section);
        if (in->mode == MODE_SKARP)
            bad(r, 30, what, _("no client certificate is set"), todo);
        else
            good(what, _("none (test)"));
        return;
    }
    int known, days = tls_days_left(file, &known);
    snprintf(text, sizeof text, _("%d days left"), days);
    snprintf(todo, sizeof todo, _("Check %s.certifikat."), section);
    if (!known)
        bad(r, 30, what, _("the file holds no certificate"), todo);
    else if (days < 0)
        bad(r, 30, what, _("it has expired"),
            _("Order a new one. No question can be asked until then."));
    else
        good(what, text);
    if (known && days >= 0 && days < WARN_DAYS)
        printf("%-14s %s\n", "", _("Order the next one now."));
}

/* The agreement that an authority is asked under; in test it may be missing. */
static void
check_agreement(struct report *r, const struct instance *in, enum source_id s)
{
    const struct endpoint *o = &in->upstream.of[s];
    const char *code = source_row(s)->code;
    const char *word =
        endpoint_refusal(o, in->upstream.agreements, date_today());
    char text[400], todo[200], from[11], to[11];
    date_text(o->in_force.from, from);
    date_text(o->in_force.to, to);
    if (!word && *o->avtal)
        snprintf(text, sizeof text, _("agreement %s, %s to %s"), o->avtal, from,
                 to);
    else
        snprintf(text, sizeof text, "%s", _("no agreement (test)"));
    if (!word) {
        good("", text);
        int days = (int)(date_days(o->in_force.to) - date_days(date_today()));
        if (*o->avtal && days < WARN_DAYS)
            printf("%-14s %s\n", "",
                   _("The agreement ends soon: renew it, and set the new "
                     "days."));
    } else if (!strcmp(word, "avtal_saknas")) {
        snprintf(todo, sizeof todo,
                 _("Set %s.avtal, %s.avtal_fran and %s.avtal_till. It is not "
                   "asked until then."),
                 code, code, code);
        bad(r, 30, "", _("no agreement is set"), todo);
    } else {
        snprintf(text, sizeof text, _("the agreement runs %s to %s"), from, to);
        bad(r, 30, "", text,
            _("It is not asked outside the agreement's days."));
    }
}

static void
check_authorities(struct report *r, const struct instance *in)
{
    const struct upstream *u = &in->upstream;
    good(_("Upstream"), _("the authorities themselves"));
    for (int s = 0; s < SOURCE_COUNT; s++) {
        const char *code = source_row(s)->code;
        if (!(SOURCE_ASKABLE & SOURCE_BIT(s)))
            continue;
        if (!*u->of[s].url) {
            good(code, _("no address is set: it is not asked"));
            continue;
        }
        good(code, u->of[s].url);
        check_agreement(r, in, s);
        if (*in->files[s].cert)
            check_certificate(r, in, "", in->files[s].cert, code);
    }
}

static void
check_upstream(struct report *r, const struct instance *in)
{
    if (in->upstream.kind == UPSTREAM_SIMULERING) {
        good(_("Upstream"), _("simulated authorities, nothing is sent"));
        return;
    }
    if (in->upstream.direct)
        check_authorities(r, in);
    else
        good(_("Upstream"), in->upstream.url);
    bool own = in->upstream.direct; /* each one has its own */
    for (int s = 0; s < SOURCE_COUNT; s++)
        own = own && (!(SOURCE_ASKABLE & SOURCE_BIT(s)) ||
                      !*in->upstream.of[s].url || *in->files[s].cert);
    if (!own)
        check_certificate(r, in, _("Certificate"), in->cert_file, "upstream");
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

/* Without a reviewer nothing can be sealed, and in skarp nothing asked. */
static void
check_reviewers(struct report *r, const struct instance *in)
{
    char text[120];
    unsigned n = ledger_recipients(in->ledger);
    snprintf(text, sizeof text,
             ngettext("%u certificate that the log is sealed to",
                      "%u certificates that the log is sealed to", n),
             n);
    if (n)
        good(_("Reviewers"), text);
    else if (in->mode == MODE_SKARP)
        bad(r, 20, _("Reviewers"), _("nobody can open the log"),
            _("No question can be asked. Two chefs take in a certificate with "
              "enfraga nycklar mottagare."));
    else
        good(_("Reviewers"), _("none: what is secret in the log is in clear"));
}

/* Who is revoked is told by the CA's list; without one, nobody is. */
static void
check_crl(struct report *r, const struct instance *in)
{
    struct err e = {0};
    enum crl_state state;
    if (crl_state(in->user_ca, in->user_crl, clock_now_ms(), &state, &e))
        bad(r, 64, _("Revocation"), e.text,
            _("Nobody can ask before it can be read: correct it or take it "
              "away."));
    else if (state == CRL_EXPIRED)
        good(_("Revocation"), _("the CA's list keys/ca.crl is past its day, or "
                                "another CA's: fetch the newest"));
    else if (state == CRL_CURRENT)
        good(_("Revocation"), _("the CA's list keys/ca.crl is current"));
    else
        good(_("Revocation"), _("there is no keys/ca.crl: no certificate is "
                                "taken for revoked"));
}

/* A key beside what it seals does not help against a stolen disk. */
static void
check_register_key(const struct instance *in)
{
    char path[700], text[800];
    static const char *const where[] = {
        [REGISTER_KEY_CREDENTIAL] = N_("sealed with the credential %s"),
        [REGISTER_KEY_FILE] = N_("sealed with %s"),
        [REGISTER_KEY_BESIDE] =
            N_("sealed with %s, which lies on the same disk: set "
               "register.nyckel, or give it as a credential")};
    enum register_key k = instance_register_key(in, path, sizeof path);
    snprintf(text, sizeof text, _(where[k]), path);
    good(_("Register"), text);
}

/* Without it no försäkran can be signed. */
static void
check_user_ca(struct report *r, const struct instance *in)
{
    char text[120];
    int count, days;
    struct err e = {0};
    enum err_code code = ca_trusted(in->user_ca, &count, &days, &e);
    const char *todo = _("No försäkran can be signed. Put the CA's certificate "
                         "there (PEM); enfraga ca makes one.");
    if (code) {
        bad(r, 30, _("Users' CA"), e.text, todo);
        return;
    }
    snprintf(text, sizeof text,
             ngettext("%d certificate, %d days left",
                      "%d certificates, %d days left", (unsigned long)count),
             count, days);
    if (days < 0)
        bad(r, 30, _("Users' CA"), _("it has expired"), todo);
    else
        good(_("Users' CA"), text);
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
    check_reviewers(r, in);
    check_register_key(in);
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
        check_upstream(&r, &in);
        check_clock(&r);
        check_private(&r, &in);
        check_user_ca(&r, &in);
        check_crl(&r, &in);
        check_disk(&r, &in);
        check_log(&r, &in);
    }
    instance_close(&in);
    return r.worst;
}
