/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfragad anvandare: accounts of a stopped instance. Whatever is changed is
 * an entry in the log first.
 */
#include "config.h"

#include "daemon/commands.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/instance.h"
#include "local/json.h"
#include "net/tls.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The whole list anew: read to its end, then the entry, then the register. */
static enum err_code
own_list(struct instance *in, const char *konto, const char *path,
         struct err *e)
{
    AUTO_BUF(file, COMMAND_FILE_MAX);
    struct account a;
    struct personnummer *list = NULL;
    int n = 0;
    uint8_t sha[HASH_SIZE];
    char hex[65], note[256];
    enum err_code code = command_file(&file, path, e);
    if (!code)
        code = register_account(in->reg, konto, &a, e);
    if (code)
        return code;
    code = own_list_read(buf_str(&file), file.len, date_today(), &list, &n, e);
    if (code)
        return err_add(e, code, "%s", path);
    sha256(sha, buf_str(&file), file.len);
    text_hex(sha, sizeof sha, hex);
    snprintf(note, sizeof note,
             "{\"slag\":\"egen_lista\",\"konto\":\"%s\",\"antal\":%d,"
             "\"sha256\":\"%s\"}",
             a.konto, n, hex);
    code = instance_note(in, KIND_REGISTER, note, e);
    if (!code)
        code = register_put_own_list(in->reg, a.konto, list, n, e);
    if (!code)
        printf(ngettext("%s may not ask about %d person.\n",
                        "%s may not ask about %d persons.\n", (unsigned long)n),
               a.konto, n);
    mem_wipe(list, (size_t)n * sizeof *list);
    free(list);
    return code;
}

/* Changes what is given; the entry first, then the register. */
static enum err_code
change_user(struct instance *in, const char *konto, unsigned roles,
            const char *unit, bool block, struct err *e)
{
    struct account a;
    enum err_code code = register_account(in->reg, konto, &a, e);
    if (code)
        return code;
    a.roles = roles ? roles : a.roles;
    a.blocked |= block;
    if (unit)
        snprintf(a.enhet, sizeof a.enhet, "%s", unit);
    AUTO_BUF(note, 1024);
    struct json j = {.out = &note};
    json_open(&j, NULL, '{');
    json_str(&j, "slag", "anvandare");
    json_str(&j, "konto", a.konto);
    json_int(&j, "roller", a.roles);
    json_bool(&j, "sparrad", a.blocked);
    if (unit)
        json_str(&j, "enhet", a.enhet);
    json_close(&j, '}');
    code = instance_note(in, KIND_REGISTER, buf_str(&note), e);
    return code ? code : register_put_account(in->reg, &a, e);
}

/* The client certificate that the account comes with by TLS. */
static enum err_code
put_certificate(struct instance *in, const char *konto, const char *file,
                struct err *e)
{
    uint8_t sha[HASH_SIZE];
    char hex[2 * HASH_SIZE + 1], note[256];
    struct account other;
    enum err_code code = tls_certificate_hash(file, sha, e);
    if (code)
        return code;
    if (!register_account_by_cert(in->reg, sha, &other, NULL) &&
        strcmp(other.konto, konto))
        return err_set(e, ERR_BAD_INPUT, _("the certificate is %s's"),
                       other.konto);
    text_hex(sha, sizeof sha, hex);
    snprintf(note, sizeof note,
             "{\"slag\":\"certifikat\",\"konto\":\"%s\",\"sha256\":\"%s\"}",
             konto, hex);
    code = instance_note(in, KIND_REGISTER, note, e);
    return code ? code : register_put_cert(in->reg, konto, sha, e);
}

struct wish {
    enum { ADD = 1, CHANGE, BLOCK, OWN } what;
    struct init_user u;
    const char *konto, *file, *cert, *unit;
    unsigned roles;
};

/* A unit's name stands in the log beside what is sealed; "" is none. */
static bool
unit_ok(const char *s)
{
    return strlen(s) <= ENTRY_UNIT_MAX && text_is_clean(s, strlen(s));
}

static bool
read_options(struct wish *w, int argc, char **argv)
{
    enum { CERT = 1, UNIT };
    static const struct option longs[] = {
        {"certifikat", required_argument, NULL, CERT},
        {"enhet", required_argument, NULL, UNIT},
        {0}};
    opterr = 0;
    optind = 0;
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        if (c == '?')
            return false;
        *(const char **[]){NULL, &w->cert, &w->unit}[c] = optarg;
    }
    return true;
}

static enum err_code
read_wish(struct wish *w, int argc, char **argv, struct err *e)
{
    static const char *const words[] = {"", "lagg-till", "andra", "sparra",
                                        "egen-lista"};
    bool ok = read_options(w, argc, argv) && argc - optind >= 2;
    char **rest = argv + optind;
    int n = argc - optind;
    for (int i = ADD; ok && i <= OWN; i++)
        if (!strcmp(rest[0], words[i]))
            w->what = i;
    bool more = w->cert || w->unit;
    ok = ok && (w->what == ADD      ? n == 2
                : w->what == CHANGE ? n == 3 || (n == 2 && more)
                : w->what == BLOCK  ? n == 2 && !more
                                    : w->what == OWN && n == 3 && !more);
    if (!ok)
        return err_set(e, ERR_USAGE,
                       "anvandare lagg-till KONTO:NAME:ROLES[:PERSONNUMMER] "
                       "[--certifikat FILE] [--enhet NAME] | andra KONTO "
                       "[ROLES] [--certifikat FILE] [--enhet NAME] | sparra "
                       "KONTO | egen-lista KONTO FILE");
    if (w->unit && !unit_ok(w->unit))
        return err_set(e, ERR_USAGE,
                       "--enhet takes a name of at most %d bytes without "
                       "control characters",
                       ENTRY_UNIT_MAX);
    w->konto = rest[1];
    w->file = n == 3 ? rest[2] : NULL;
    if (w->what == ADD) {
        enum err_code code = command_read_user(&w->u, rest[1], e);
        w->konto = w->u.konto;
        return code;
    }
    w->roles = w->what == CHANGE && n == 3 ? command_roles(rest[2]) : 0;
    if (w->what == CHANGE && n == 3 && !w->roles)
        return err_set(e, ERR_USAGE, "\"%s\" is not a role", rest[2]);
    return ERR_OK;
}

enum err_code
command_user(const char *instance, int argc, char **argv, struct err *e)
{
    struct instance in;
    struct wish w = {0};
    enum err_code code = read_wish(&w, argc, argv, e);
    if (code)
        return code;
    code = instance_open(&in, instance, e);
    if (!code && w.what == ADD)
        code = instance_add_user(&in, &w.u, e);
    if (!code && w.what == OWN)
        code = own_list(&in, w.konto, w.file, e);
    else if (!code && (w.what != ADD || w.unit))
        code = change_user(&in, w.konto, w.roles, w.unit, w.what == BLOCK, e);
    if (!code && w.cert)
        code = put_certificate(&in, w.konto, w.cert, e);
    instance_close(&in);
    return code;
}
