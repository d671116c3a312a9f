/* SPDX-License-Identifier: EUPL-1.2
 *
 * CSN: a document of its own in base64 (WIRE 5.2). Weeks are ISO weeks.
 */
#include "config.h"

#include "training/answer.h"

#include "training/put.h"

#include <stdio.h>
#include <string.h>

enum support {
    STUDIEMEDEL,
    STUDIEHJALP,
    HEMUTRUSTNING,
    STARTSSTOD,
    OMSTALLNING,
    SUPPORT_COUNT
};

/* Elements, prefix of what is in them, and the codes of the amounts. */
static const struct {
    const char *element, *count, *prefix;
    const char *grant, *grant_name, *loan, *loan_name;
} supports[] = {
    [STUDIEMEDEL] = {"p:Studiemedel", "t:studiemedel", "sm", "GRUNDB", "Bidrag",
                     "GRUNDL", "Lån"},
    [STUDIEHJALP] = {"p:Studiehjalp", "t:studiehjalp", "sh", "STUDB",
                     "Studiebidrag", "", ""},
    [HEMUTRUSTNING] = {"p:HemutrustningsLan", "t:hemutrustningslan", "hl", "",
                       "", "HUT", "Hemutrustningslån"},
    [STARTSSTOD] = {"p:Studiestartsstod", "t:studiestartsstod", "ss", "STÖDB",
                    "Studiestartsstöd", "", ""},
    [OMSTALLNING] = {"p:Omstallningsstudiestod", "t:omstallningsstudiestod",
                     "os", "OSSBID", "Bidrag", "OSSLÅN", "Lån"},
};

static const struct matter {
    enum cast_id who;
    int number;
    enum support support;
    const char *form, *name, *status;
    struct rel from, to;
    int rate;
    bool loan;
} matters[] = {
#define CSN_CASE(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

static const struct pay {
    enum cast_id who;
    int number, month, day;
    struct rel from, to; /* from the month of the payment */
    int grant, loan;
} pays[] = {
#define CSN_PAY(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROOT                                                                   \
    "<k:CSNSvar"                                                               \
    " xmlns:k=\"" CSN "kommunfraga\" xmlns:p=\"" CSN "person\""                \
    " xmlns:t=\"" CSN "csntyper\" xmlns:sm=\"" CSN "studiemedel\""             \
    " xmlns:sh=\"" CSN "studiehjalp\" xmlns:hl=\"" CSN "hemutrustningslan\""   \
    " xmlns:ss=\"" CSN "studiestartsstod\" xmlns:os=\"" CSN                    \
    "omstallningsstudiestod\" schemaVersion=\"4.0\">"
#define CSN "http://schema.csn.se/v4.0/"

/* yyyyMMdd */
static void
put_csn_date(struct buf *b, const char *name, struct date d)
{
    char text[32];
    snprintf(text, sizeof(text), "%04d%02d%02d", d.year, d.month, d.day);
    put_text(b, name, text);
}

/* yyyyWW: the week's year is that of its Thursday (ISO 8601). */
static void
put_week(struct buf *b, const char *name, struct date d)
{
    char text[32];
    int64_t days = date_days(d);
    struct date thursday = date_of_days(days - (days + 3) % 7 + 3);
    struct date first = {thursday.year, 1, 1};
    int week = (int)(date_days(thursday) - date_days(first)) / 7 + 1;
    snprintf(text, sizeof(text), "%04d%02d", thursday.year, week);
    put_text(b, name, text);
}

static void
put_amount(struct buf *b, const char *type, const char *name, int kronor)
{
    if (kronor == 0 || type[0] == '\0')
        return;
    put_open(b, "t:Belopp");
    put_text(b, "t:beloppstyp", type);
    put_text(b, "t:klartext", name);
    put_number(b, "t:belopp", kronor);
    put_number(b, "t:totbelopp", kronor);
    put_close(b, "t:Belopp");
}

static void
put_tag(struct buf *b, const char *slash, const char *prefix, const char *name)
{
    buf_addf(b, "<%s%s:%s>", slash, prefix, name);
}

static void
write_payment(struct buf *b, const struct scene *s, const struct matter *m,
              const struct pay *p, struct date d)
{
    const char *prefix = supports[m->support].prefix;
    struct month month = month_add(s->month, p->month);
    put_tag(b, "", prefix, "Utbetalning");
    put_csn_date(b, "t:utbetdatum", d);
    put_text(b, "t:utbetstatus",
             scene_has_come(s, d) ? "Utbetald" : "Planerad");
    put_open(b, "t:Utbetaldatider");
    put_open(b, "t:Utbetaldtid");
    put_week(b, "t:startvecka", rel_date(month, p->from));
    put_week(b, "t:slutvecka", rel_date(month, p->to));
    put_open(b, "t:Beloppen");
    put_amount(b, supports[m->support].grant, supports[m->support].grant_name,
               p->grant);
    put_amount(b, supports[m->support].loan, supports[m->support].loan_name,
               p->loan);
    put_close(b, "t:Beloppen");
    put_number(b, "t:totbelopp", p->grant + p->loan);
    put_close(b, "t:Utbetaldtid");
    put_close(b, "t:Utbetaldatider");
    put_number(b, "t:totbelopp", p->grant + p->loan);
    put_tag(b, "/", prefix, "Utbetalning");
}

static void
write_plan(struct buf *b, const struct scene *s, const struct matter *m)
{
    const char *prefix = supports[m->support].prefix;
    put_tag(b, "", prefix, "UtbetalningsPlan");
    for (size_t i = 0; i < COUNT(pays); i++) {
        const struct pay *p = &pays[i];
        struct date d = rel_payday(month_add(s->month, p->month),
                                   (struct rel){0, (int8_t)p->day});
        if (p->who == m->who && p->number == m->number && scene_in_period(s, d))
            write_payment(b, s, m, p, d);
    }
    put_tag(b, "/", prefix, "UtbetalningsPlan");
}

static void
write_times(struct buf *b, const struct scene *s, const struct matter *m)
{
    const char *prefix = supports[m->support].prefix;
    struct date from = rel_date(s->month, m->from);
    struct date to = rel_date(s->month, m->to);
    int sum = 0;
    for (size_t i = 0; i < COUNT(pays); i++)
        if (pays[i].who == m->who && pays[i].number == m->number)
            sum += pays[i].grant + pays[i].loan;
    put_tag(b, "", prefix, "soktaTider");
    put_tag(b, "", prefix, "soktTid");
    put_csn_date(b, "t:soktfrom", from);
    put_csn_date(b, "t:sokttom", to);
    put_number(b, "t:soktomfattning", m->rate);
    put_text(b, "t:soktlan", m->loan ? "J" : " ");
    put_tag(b, "/", prefix, "soktTid");
    put_tag(b, "/", prefix, "soktaTider");
    put_tag(b, "", prefix, "BeviljadeTider");
    put_tag(b, "", prefix, "BeviljadTid");
    put_week(b, "t:starttid", from);
    put_week(b, "t:sluttid", to);
    put_number(b, "t:takt", m->rate);
    buf_adds(b, "<t:Beloppen/>");
    put_number(b, "t:totbelopp", sum);
    put_tag(b, "/", prefix, "BeviljadTid");
    put_tag(b, "/", prefix, "BeviljadeTider");
}

static void
write_matter(struct buf *b, const struct scene *s, const struct matter *m)
{
    const char *prefix = supports[m->support].prefix;
    const struct {
        const char *name, *text;
    } first[] = {
        {"stodform", m->form}, {"klartext", m->name}, {"status", m->status}};
    buf_addf(b, "<p:Arende lopnummer=\"%d\">", m->number);
    for (size_t i = 0; i < COUNT(first); i++) {
        put_tag(b, "", prefix, first[i].name);
        put_escaped(b, first[i].text);
        put_tag(b, "/", prefix, first[i].name);
    }
    if (m->support != HEMUTRUSTNING)
        write_times(b, s, m);
    write_plan(b, s, m);
    put_close(b, "p:Arende");
}

static int
count_of(const struct scene *s, int support)
{
    int n = 0;
    for (size_t i = 0; i < COUNT(matters); i++)
        n += matters[i].who == s->rows && (int)matters[i].support == support;
    return n;
}

/* Counts, then each support, most of them empty. A partial answer counts one
 * matter more than it tells. */
static void
write_supports(struct buf *b, const struct scene *s)
{
    put_open(b, "p:Studiestodstypforteckning");
    for (int i = 0; i < SUPPORT_COUNT; i++)
        put_number(b, supports[i].count,
                   count_of(s, i) +
                       (i == STUDIEMEDEL && s->fault == FAULT_PARTIAL));
    put_close(b, "p:Studiestodstypforteckning");
    for (int i = 0; i < SUPPORT_COUNT; i++) {
        put_open(b, supports[i].element);
        if (count_of(s, i) > 0) {
            put_open(b, "p:Arenden");
            for (size_t k = 0; k < COUNT(matters); k++)
                if (matters[k].who == s->rows && (int)matters[k].support == i)
                    write_matter(b, s, &matters[k]);
            put_close(b, "p:Arenden");
        }
        put_close(b, supports[i].element);
    }
}

/* What is there of every answer, also of one that says no. */
static void
begin_document(struct buf *b, const char *code, const char *text)
{
    buf_adds(b, ROOT "<k:GemensamtSvarEkbistand><k:Resultat>");
    put_text(b, "k:ResultatKod", code);
    put_text(b, "k:ResultatText", text);
    buf_adds(b, "</k:Resultat></k:GemensamtSvarEkbistand>"
                "<k:GemensamtFragaEkbistand/><k:Personer>");
}

void
csn_failure(struct buf *out, const char *code, const char *text)
{
    begin_document(out, code, text);
    buf_adds(out, "</k:Personer></k:CSNSvar>");
}

/* Ten digits and the century apart; "Ej träff" for an unknown number. */
static void
write_document(struct buf *b, const struct scene *s)
{
    bool known = s->person != NULL;
    begin_document(b, "0", "Allt OK, inget att rapportera");
    buf_addf(b,
             "<k:Person personnummer=\"%s\" Status=\"%s\" sekretess=\"%s\""
             " sekel=\"%.2s\">",
             s->number + 2, known ? "          " : "Ej träff",
             known && s->person->shielded ? "J" : "  ", s->number);
    write_supports(b, s);
    buf_adds(b, "</k:Person></k:Personer></k:CSNSvar>");
}

/* The schema has no day above 39: a samordningsnummer (day + 60) cannot be
 * written, so CSN answers without a person. */
static bool
can_be_named(const char *number)
{
    return number[6] <= '3';
}

const char *
csn_write(struct buf *out, const struct scene *s, const char **text)
{
    if (strlen(s->asked->arende) > 31) { /* measured: WIRE 2.1 */
        *text = "Parametrarna är felaktiga.";
        return "-1005";
    }
    if (!can_be_named(s->number)) {
        *text = "Ej träff";
        return "-1404";
    }
    write_document(out, s);
    return NULL;
}
