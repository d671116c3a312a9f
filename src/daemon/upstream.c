/* SPDX-License-Identifier: EUPL-1.2
 *
 * The upstream from the settings: SSBTEK, the authorities themselves, or the
 * simulated ones; what may not stand in a mode is refused here, before
 * anything is opened.
 */
#include "config.h"

#include "daemon/instance.h"

#include "base/i18n.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A setting of a source's own section. */
static const char *
own_name(enum source_id s, const char *name)
{
    static char full[64];
    snprintf(full, sizeof full, "%s.%s", source_row(s)->code, name);
    return full;
}

/* The source's own file, else the upstream's. */
static const char *
own_file(const struct instance *in, enum source_id s, const char *name,
         char *out, size_t size, const char *otherwise)
{
    instance_file(in, own_name(s, name), out, size);
    return *out ? out : otherwise;
}

static enum err_code
own_date(const struct instance *in, enum source_id s, const char *name,
         struct date *d, struct err *e)
{
    const char *text = config_text(in->config, own_name(s, name));
    *d = (struct date){0};
    if (!*text || (strlen(text) == 10 && date_read(d, text) && date_ok(*d)))
        return ERR_OK;
    return err_set(e, ERR_CONFIG, "%s must be a day as 2026-01-01, not \"%s\"",
                   own_name(s, name), text);
}

static enum err_code
read_endpoint(struct instance *in, enum source_id s, struct err *e)
{
    struct upstream *u = &in->upstream;
    struct endpoint *o = &u->of[s];
    const struct config *c = in->config;
    o->limit_s = config_number(c, own_name(s, "grans_s"));
    if (!o->limit_s)
        o->limit_s = config_number(c, "grans.kalla_s");
    o->url = config_text(c, own_name(s, "url"));
    o->avtal = config_text(c, own_name(s, "avtal"));
    o->ca = own_file(in, s, "ca", in->files[s].ca, 600, in->ca_file);
    o->cert =
        own_file(in, s, "certifikat", in->files[s].cert, 600, in->cert_file);
    o->key = own_file(in, s, "nyckel", in->files[s].key, 600, in->key_file);
    enum err_code code = own_date(in, s, "avtal_fran", &o->in_force.from, e);
    if (!code)
        code = own_date(in, s, "avtal_till", &o->in_force.to, e);
    if (!code && in->mode == MODE_SKARP && *o->url &&
        strncmp(o->url, "https://", 8))
        code = err_set(e, ERR_CONFIG, "%s must begin with https:// in skarp",
                       own_name(s, "url"));
    return code;
}

static enum err_code
use_simulering(struct instance *in, struct err *e)
{
    struct upstream *u = &in->upstream;
    if (in->mode == MODE_SKARP)
        return err_set(e, ERR_CONFIG,
                       "upstream.typ simulering is not for skarp");
    u->kind = UPSTREAM_SIMULERING;
    snprintf(in->simulering, sizeof in->simulering, "%s",
             instance_path(in, "run/simulering.sock"));
    u->unix_socket = in->simulering;
    u->url = "http://simulering/ssbtek";
    u->split = true;
    /* v11 is SSBTEK's alone: its parts of SKV have no contract of their own. */
    u->direct = u->kontrakt == KONTRAKT_V10;
    for (int s = 0; s < SOURCE_COUNT; s++) {
        const char *code = source_row(s)->code;
        char *url = in->files[s].url;
        int n = snprintf(url, sizeof in->files[s].url, "http://simulering/%s",
                         code);
        for (int i = n - (int)strlen(code); i < n; i++)
            url[i] = (char)tolower((unsigned char)url[i]);
        u->of[s].url = url;
        u->of[s].avtal = "";
    }
    return ERR_OK;
}

static enum err_code
use_bastjanster(struct instance *in, struct err *e)
{
    struct upstream *u = &in->upstream;
    u->kind = UPSTREAM_BASTJANSTER;
    u->split = u->direct = true;
    u->agreements = in->mode == MODE_SKARP;
    if (u->kontrakt != KONTRAKT_V10)
        return err_set(e, ERR_CONFIG,
                       "upstream.kontrakt must be v10 with upstream.typ "
                       "bastjanster: %s is SSBTEK's alone",
                       kontrakt_word(u->kontrakt));
    if (*u->of[SOURCE_FK].url && !*u->asker.aktorsid)
        return err_set(e, ERR_CONFIG,
                       "upstream.aktorsid is needed to ask FK (LEFI)");
    return ERR_OK;
}

static enum err_code
use_ssbtek(struct instance *in, struct err *e)
{
    struct upstream *u = &in->upstream;
    u->kind = UPSTREAM_SSBTEK;
    u->url = config_text(in->config, "upstream.url");
    u->split = config_bool(in->config, "upstream.delad");
    if (in->mode == MODE_SKARP && strncmp(u->url, "https://", 8))
        return err_set(e, ERR_CONFIG,
                       "upstream.url must begin with https:// in skarp");
    return ERR_OK;
}

/* What holds for every kind. */
static void
read_common(struct instance *in)
{
    struct upstream *u = &in->upstream;
    const struct config *c = in->config;
    instance_file(in, "upstream.ca", in->ca_file, sizeof in->ca_file);
    instance_file(in, "upstream.certifikat", in->cert_file,
                  sizeof in->cert_file);
    instance_file(in, "upstream.nyckel", in->key_file, sizeof in->key_file);
    u->ca = in->ca_file;
    u->cert = in->cert_file;
    u->key = in->key_file;
    u->proxy = config_text(c, "upstream.proxy");
    u->plain = in->mode != MODE_SKARP;
    u->connect_s = config_number(c, "grans.anslutning_s");
    u->total_s = config_number(c, "grans.fraga_s");
    u->rule.after = (int)config_number(c, "grans.brytare_fel");
    u->rule.hold_ms = config_number(c, "grans.brytare_s") * 1000;
    u->asker.orgnr = config_text(c, "kommun.orgnr");
    u->asker.namn = config_text(c, "kommun.namn");
    u->asker.aktorsid = config_text(c, "upstream.aktorsid");
    u->asker.bitrade_orgnr = config_text(c, "personuppgiftsbitrade.orgnr");
    u->asker.bitrade_namn = config_text(c, "personuppgiftsbitrade.namn");
}

enum err_code
instance_upstream(struct instance *in, struct err *e)
{
    struct upstream *u = &in->upstream;
    const char *kind = config_text(in->config, "upstream.typ");
    const char *kontrakt = config_text(in->config, "upstream.kontrakt");
    read_common(in);
    u->kontrakt = kontrakt_by_word(kontrakt);
    if (u->kontrakt == KONTRAKT_COUNT)
        return err_set(e, ERR_CONFIG,
                       "upstream.kontrakt must be v10 or v11, not \"%s\"",
                       kontrakt);
    legal_use(in->legal, u->kontrakt);
    enum err_code code = ERR_OK;
    for (int s = 0; !code && s < SOURCE_COUNT; s++)
        if (SOURCE_ASKABLE & SOURCE_BIT(s))
            code = read_endpoint(in, s, e);
    if (code)
        return code;
    if (!strcmp(kind, "simulering"))
        return use_simulering(in, e);
    if (strcmp(kind, "ssbtek") && strcmp(kind, "bastjanster"))
        return err_set(e, ERR_CONFIG,
                       "upstream.typ must be ssbtek, bastjanster or "
                       "simulering, not \"%s\"",
                       kind);
    if (in->mode == MODE_OVNING)
        return err_set(e, ERR_CONFIG, "%s",
                       _("training never reaches anything real: upstream.typ "
                         "must be simulering"));
    return *kind == 's' ? use_ssbtek(in, e) : use_bastjanster(in, e);
}
