/* SPDX-License-Identifier: EUPL-1.2
 *
 * The authorities' own requests, written by the rows of requests.def, and
 * what HTTP needs around them.
 */
#include "config.h"

#include "wire/bastjanst.h"

#include "wire/codec.h"
#include "wire/put.h"
#include "wire/xml.h"

#include <stdio.h>
#include <string.h>

#define LEFI "/lefi-extern-formansinformation/v9/aktorer/"

enum { OPEN_MAX = 8 };

/* The values that the rows name; NULL: left out. */
struct facts {
    const char *of[ASK_COUNT];
    char from[11], tom[11], sekel[3];
    struct buf forfragan;
};

static void
put_attribute(struct buf *b, const char *name, const char *value)
{
    buf_addf(b, " %s=\"", name); /* values of our own: nothing to escape */
    buf_adds(b, value);
    buf_addc(b, '"');
}

/* The request's element and all in it. A start tag stays open until it is
 * known that no attribute follows. */
static void
write_rows(struct buf *b, int of, const struct facts *f)
{
    const struct codec *c = codec_row(of);
    const char *open[OPEN_MAX];
    int depth = 1; /* open[1] .. open[depth - 1] are open */
    bool in_tag = true;
    buf_addf(b, "<q:%s", c->request);
    put_attribute(b, "xmlns:q", c->ns);
    if (*c->ns2)
        put_attribute(b, "xmlns:r", c->ns2);
    for (const struct ask_row *r = ask_first(of); r; r = ask_next(r)) {
        const char *value = f->of[r->fact];
        if (*r->name == '@') {
            put_attribute(b, r->name + 1, value);
            continue;
        }
        if (in_tag)
            buf_addc(b, '>');
        in_tag = false;
        while (depth > r->depth)
            buf_addf(b, "</%s>", open[--depth]);
        if (r->fact == ASK_GROUP) {
            buf_addf(b, "<%s", r->name);
            in_tag = true;
            open[depth++] = r->name;
        } else if (value) {
            xml_put_element(b, r->name, value);
        }
    }
    while (depth > 1)
        buf_addf(b, "</%s>", open[--depth]);
    buf_addf(b, "</q:%s>", c->request);
}

static void
set_facts(struct facts *f, enum source_id source, const struct question *q,
          const struct ssbtek_asker *by)
{
    bool own = source == SOURCE_CSN && !date_none(q->csn.from);
    struct period p = own ? q->csn : q->period;
    date_text(p.from, f->from);
    date_text(p.to, f->tom);
    snprintf(f->sekel, sizeof f->sekel, "%.2s", q->person.digits);
    f->of[ASK_TRUE] = "true";
    f->of[ASK_ORGNR] = by->orgnr;
    f->of[ASK_NAMN] = by->namn;
    f->of[ASK_HANDLAGGARE] = q->handlaggare;
    f->of[ASK_ARENDE] = q->arende;
    f->of[ASK_ID] = q->id;
    f->of[ASK_FROM] = f->from;
    f->of[ASK_TOM] = f->tom;
    f->of[ASK_SYFTE] = by->syfte;
    f->of[ASK_LAGTEXT] = by->lagtext;
    if (by->bitrade_orgnr && *by->bitrade_orgnr) {
        f->of[ASK_BITRADE_ORGNR] = by->bitrade_orgnr;
        f->of[ASK_BITRADE_NAMN] = by->bitrade_namn;
    }
    f->of[ASK_PERSON] = q->person.digits;
    f->of[ASK_SEKEL] = f->sekel;
    f->of[ASK_TEN] = q->person.digits + 2;
    if (source != SOURCE_SKV)
        return;
    write_rows(&f->forfragan, CODEC_FORFRAGAN, f);
    f->of[ASK_FORFRAGAN] = buf_str(&f->forfragan);
}

/* What one contract demands beside what all do. */
static enum err_code
check_own(enum source_id source, const struct question *q, struct err *e)
{
    const char *d = q->person.digits;
    if (source == SOURCE_SKV && q->kontrakt != KONTRAKT_V10)
        return err_set(e, ERR_BAD_INPUT, "SKV in v11 has no known contract");
    if (source == SOURCE_TNS &&
        ((strncmp(d, "19", 2) != 0 && strncmp(d, "20", 2) != 0) || d[4] > '1'))
        return err_set(e, ERR_BAD_INPUT, "personnummer");
    return ERR_OK;
}

enum err_code
bastjanst_question(struct buf *out, enum source_id source,
                   const struct question *q, const struct ssbtek_asker *by,
                   struct err *e)
{
    enum err_code code = put_check(q, SOURCE_BIT(source), by, e);
    if (!code)
        code = check_own(source, q, e);
    if (code)
        return code;
    if (source == SOURCE_FK) {
        put_lefi(out, q);
    } else {
        struct facts f = {.forfragan = BUF_INIT(QUESTION_MAX)};
        set_facts(&f, source, q, by);
        soap_put(out);
        write_rows(out, source, &f);
        soap_put_end(out);
        out->full = out->full || f.forfragan.full;
        buf_done(&f.forfragan);
    }
    return out->full ? err_set(e, ERR_TOO_BIG, "the question") : ERR_OK;
}

const char *const *
bastjanst_headers(enum source_id source)
{
    static const char *const soap[] = {"Content-Type: text/xml; charset=UTF-8",
                                       "SOAPAction: \"\"", "Accept: text/xml",
                                       NULL};
    static const char *const json[] = {"Content-Type: application/json",
                                       "Accept: application/json", NULL};
    return *codec_row(source)->request ? soap : json;
}

/* One segment of a path (RFC 3986 3.3): all but the unreserved is escaped. */
static void
put_segment(struct buf *b, const char *s)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
                                "stuvwxyz0123456789-._~";
    for (; *s; s++)
        if (strchr(plain, *s))
            buf_addc(b, *s);
        else
            buf_addf(b, "%%%02X", (unsigned)(unsigned char)*s);
}

static enum err_code
lefi_path(struct buf *out, const struct ssbtek_asker *by, const char *what,
          struct err *e)
{
    const char *id = by->aktorsid;
    /* "." and ".." would be taken out of the path on the way. */
    if (!id || !*id || !strcmp(id, ".") || !strcmp(id, ".."))
        return err_set(e, ERR_BAD_INPUT, "aktorsid");
    buf_adds(out, LEFI);
    put_segment(out, id);
    buf_adds(out, what);
    return out->full ? err_set(e, ERR_TOO_BIG, "aktorsid") : ERR_OK;
}

enum err_code
bastjanst_path(struct buf *out, enum source_id source,
               const struct ssbtek_asker *by, struct err *e)
{
    if (source != SOURCE_FK)
        return ERR_OK;
    return lefi_path(out, by, "/formansinformation/fraga", e);
}

enum err_code
bastjanst_kinds_path(struct buf *out, const struct ssbtek_asker *by,
                     struct err *e)
{
    return lefi_path(out, by, "/tillgangligaInformationstyper", e);
}
