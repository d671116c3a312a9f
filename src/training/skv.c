/* SPDX-License-Identifier: EUPL-1.2
 *
 * Skatteverket (WIRE 5.4). A whole document as text in `svar`, which has no
 * namespace. SSBTEK v11: a part for each that is asked for; the members of its
 * JSON are ours, since no contract names them.
 */
#include "config.h"

#include "training/answer.h"

#include "base/text.h"
#include "training/put.h"

#include <stdio.h>

#define ROOT "SvarBeskattningsuppgifterEnligtSFS2008-975"
#define SPACE "http://xmls.skatteverket.se/se/skatteverket/zg/"

static const struct year {
    enum cast_id who;
    int back, income, surplus;
} years[] = {
#define SKV_YEAR(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/registers.def"
};

static const struct put_row person_rows[] = {
    {"folko:Fornamn", PUT_TEXT, offsetof(struct cast_person, fornamn), false},
    {"folko:Efternamn", PUT_TEXT, offsetof(struct cast_person, efternamn),
     false},
};

static const struct put_row year_rows[] = {
    {"besko:SummaIntakterPaKapital", PUT_INT, offsetof(struct year, income),
     false},
    {"besko:OverskottPaKapital", PUT_INT, offsetof(struct year, surplus),
     false},
};

static int
count_years(const struct scene *s)
{
    int n = 0;
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++)
        n += years[i].who == s->rows;
    return n;
}

/* A person without anything to tell is not in the list; another person's
 * answer is about somebody. */
static void
write_person(struct buf *doc, const struct scene *s)
{
    if (count_years(s) == 0 &&
        (s->fault != FAULT_WRONG_PERSON || s->person == NULL))
        return;
    put_open(doc, "Personuppgift");
    put_text(doc, "folko:IdentitetsbeteckningFysiskPerson", s->number);
    PUT_ROWS(doc, person_rows, s->person, s->month);
    put_number(doc, "StatusPersonuppgiftKod", 999);
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        if (years[i].who != s->rows)
            continue;
        put_open(doc, "Kapitaluppgift");
        put_number(doc, "besko:Taxeringsar", s->month.year - years[i].back);
        PUT_ROWS(doc, year_rows, &years[i], s->month);
        put_close(doc, "Kapitaluppgift");
    }
    put_close(doc, "Personuppgift");
}

/* The years asked for that the person has something in. */
static int
count_asked(const struct scene *s)
{
    int n = 0;
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        int year = s->month.year - years[i].back;
        n += years[i].who == s->rows &&
             (year == s->asked->years[0] || year == s->asked->years[1]);
    }
    return n;
}

/* skatteuppgifter: income of capital, year by year. */
static void
write_capital(struct buf *out, const struct scene *s)
{
    AUTO_BUF(doc, 16 << 10);
    struct put_json j = {.out = &doc};
    put_object(&j, NULL);
    put_word(&j, "personnummer", s->number);
    put_list(&j, "kapital");
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        int year = s->month.year - years[i].back;
        if (years[i].who != s->rows ||
            (year != s->asked->years[0] && year != s->asked->years[1]))
            continue;
        put_object(&j, NULL);
        put_int(&j, "inkomstar", year);
        put_int(&j, "summaIntakterPaKapital", years[i].income);
        put_int(&j, "overskottPaKapital", years[i].surplus);
        put_end(&j);
    }
    put_end(&j);
    put_end(&j);
    put_open(out, "ssbt:data");
    text_base64_encode(out, doc.data, doc.len);
    put_close(out, "ssbt:data");
}

void
skv_write_parts(struct buf *out, const struct scene *s)
{
    bool another = s->fault == FAULT_WRONG_PERSON && s->person != NULL;
    bool failed = false;
    for (enum skv_part p = 0; p < SKV_COUNT; p++) {
        char name[40];
        if (!(s->asked->skv & SKV_BIT(p)))
            continue;
        snprintf(name, sizeof(name), "ssbt:%s", skv_word(p));
        put_open(out, name);
        if (s->fault == FAULT_PARTIAL && !failed) {
            failed = true; /* the first part asked for */
            answer_error(out, "BT", "500", "Delen kan inte lämnas nu.");
        } else if (p == SKV_SKATTEUPPGIFTER && (another || count_asked(s))) {
            write_capital(out, s);
        } else {
            answer_error(out, "BT", "404", "Inga uppgifter finns.");
        }
        put_close(out, name);
    }
}

const char *
skv_write(struct buf *out, const struct scene *s, const char **text)
{
    (void)text;
    AUTO_BUF(doc, 64 << 10);
    buf_adds(&doc,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" ROOT
             " xmlns=\"" SPACE
             "instans/standardiseradInformation/1.0\" xmlns:besko=\"" SPACE
             "komponent/infoForBeskattning/1.0\" xmlns:folko=\"" SPACE
             "komponent/infoForFolkbokforing/1.0\">");
    if (s->fault != FAULT_PARTIAL) {
        put_open(&doc, "PersonuppgiftLista");
        write_person(&doc, s);
        put_close(&doc, "PersonuppgiftLista");
    }
    put_close(&doc, ROOT);
    put_text(out, "svar", buf_str(&doc));
    return NULL;
}
