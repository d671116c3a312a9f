/* SPDX-License-Identifier: EUPL-1.2
 *
 * Skatteverket v10 (WIRE 5.4): a whole document as text in `svar`, which has
 * no namespace.
 */
#include "config.h"

#include "training/answer.h"

#include "training/put.h"

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

void
skv_write(struct buf *out, const struct scene *s)
{
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
    buf_adds(out, "<ssbt:data><svar>");
    put_escaped(out, buf_str(&doc));
    buf_adds(out, "</svar></ssbt:data>");
}
