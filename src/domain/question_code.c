/* SPDX-License-Identifier: EUPL-1.2
 *
 * The question's bytes (FORMATS.md, Question). One question has one encoding:
 * decoding ends by encoding again and comparing.
 */
#include "config.h"

#include "domain/question.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/tlv.h"

#include <stdbool.h>
#include <string.h>

enum { FORM = 1, QUESTION_MAX = 4096 };

enum tag {
    TAG_VERSION = 1,
    TAG_ID,
    TAG_ARENDE,
    TAG_PERSON,
    TAG_ROLL,
    TAG_SYFTE,
    TAG_MONTH,
    TAG_FROM,
    TAG_TO,
    TAG_CSN_FROM,
    TAG_CSN_TO,
    TAG_SOURCES,
    TAG_LEFI,
    TAG_SKAL,
    TAG_RETRY_OF,
    TAG_HANDLAGGARE,
    TAG_ASKED_MS,
    TAG_KONTRAKT,
    TAG_SKV,
    TAG_SOAP,
    TAG_COUNT
};

enum {
    NEEDED = 1u << TAG_VERSION | 1u << TAG_ID | 1u << TAG_ARENDE |
             1u << TAG_PERSON | 1u << TAG_ROLL | 1u << TAG_SYFTE |
             1u << TAG_FROM | 1u << TAG_TO | 1u << TAG_SOURCES |
             1u << TAG_HANDLAGGARE | 1u << TAG_ASKED_MS
};

/* Text in NFC; an empty one is left out. */
static enum err_code
put_text(struct buf *out, enum tag tag, const char *s)
{
    if (!*s)
        return ERR_OK;
    AUTO_ARENA struct arena *a = arena_new(0);
    const char *nfc = text_nfc(a, s, strlen(s));
    if (!nfc)
        return ERR_BAD_INPUT;
    tlv_put_str(out, (uint8_t)tag, nfc);
    return ERR_OK;
}

static void
put_date(struct buf *out, enum tag tag, struct date d)
{
    char text[11];
    date_text(d, text);
    if (text[0])
        tlv_put_str(out, (uint8_t)tag, text);
}

enum err_code
question_encode(struct buf *out, const struct question *q)
{
    char month[8];
    enum err_code bad = ERR_OK;
    month_text(q->month, month);
    tlv_put_u64(out, TAG_VERSION, FORM);
    bad |= put_text(out, TAG_ID, q->id);
    bad |= put_text(out, TAG_ARENDE, q->arende);
    bad |= put_text(out, TAG_PERSON, q->person.digits);
    bad |= put_text(out, TAG_ROLL, roll_word(q->roll));
    bad |= put_text(out, TAG_SYFTE, syfte_word(q->syfte));
    bad |= put_text(out, TAG_MONTH, month);
    put_date(out, TAG_FROM, q->period.from);
    put_date(out, TAG_TO, q->period.to);
    put_date(out, TAG_CSN_FROM, q->csn.from);
    put_date(out, TAG_CSN_TO, q->csn.to);
    tlv_put_u64(out, TAG_SOURCES, q->sources);
    bad |= put_text(out, TAG_LEFI, q->lefi);
    bad |= put_text(out, TAG_SKAL, q->skal);
    if (q->retry_of)
        tlv_put_u64(out, TAG_RETRY_OF, q->retry_of);
    bad |= put_text(out, TAG_HANDLAGGARE, q->handlaggare);
    tlv_put_u64(out, TAG_ASKED_MS, (uint64_t)q->asked_ms);
    if (q->kontrakt != KONTRAKT_V10) /* what a question without it means */
        bad |= put_text(out, TAG_KONTRAKT, kontrakt_word(q->kontrakt));
    if (q->skv)
        tlv_put_u64(out, TAG_SKV, q->skv);
    if (q->has_soap)
        tlv_put(out, TAG_SOAP, q->soap_sha256, sizeof q->soap_sha256);
    return bad ? ERR_BAD_INPUT : out->full ? ERR_TOO_BIG : ERR_OK;
}

/* Copies text without NUL into a field of `size`. */
static bool
take_text(const struct tlv *t, char *field, size_t size)
{
    if (t->len == 0 || t->len >= size || memchr(t->value, 0, t->len))
        return false;
    memcpy(field, t->value, t->len);
    field[t->len] = '\0';
    return true;
}

static bool
take_date(const struct tlv *t, struct date *d)
{
    char text[11];
    return take_text(t, text, sizeof text) && date_read(d, text);
}

static bool
take_month(const struct tlv *t, struct month *m)
{
    char text[8];
    return take_text(t, text, sizeof text) && month_read(m, text);
}

static bool
take_word(const struct tlv *t, struct question *q)
{
    char word[16];
    if (!take_text(t, word, sizeof word))
        return false;
    if (t->tag == TAG_KONTRAKT) {
        q->kontrakt = kontrakt_by_word(word);
        return q->kontrakt < KONTRAKT_COUNT;
    }
    if (t->tag == TAG_ROLL) {
        q->roll = roll_by_word(word);
        return q->roll < ROLL_COUNT;
    }
    q->syfte = syfte_by_word(word);
    return q->syfte < SYFTE_COUNT;
}

static bool
take_number(const struct tlv *t, struct question *q)
{
    uint64_t v;
    if (!tlv_u64(t, &v))
        return false;
    switch (t->tag) {
    case TAG_VERSION:
        return v == FORM;
    case TAG_SOURCES:
        q->sources = (source_set)v;
        return v <= UINT32_MAX;
    case TAG_SKV:
        q->skv = (skv_set)v;
        return v <= SKV_ALL;
    case TAG_RETRY_OF:
        q->retry_of = v;
        return true;
    default:
        q->asked_ms = (int64_t)v;
        return v <= INT64_MAX;
    }
}

static bool
take(const struct tlv *t, struct question *q)
{
    switch (t->tag) {
    case TAG_ID:
        return take_text(t, q->id, sizeof q->id);
    case TAG_ARENDE:
        return take_text(t, q->arende, sizeof q->arende);
    case TAG_PERSON:
        return take_text(t, q->person.digits, sizeof q->person.digits);
    case TAG_ROLL:
    case TAG_SYFTE:
    case TAG_KONTRAKT:
        return take_word(t, q);
    case TAG_MONTH:
        return take_month(t, &q->month);
    case TAG_FROM:
        return take_date(t, &q->period.from);
    case TAG_TO:
        return take_date(t, &q->period.to);
    case TAG_CSN_FROM:
        return take_date(t, &q->csn.from);
    case TAG_CSN_TO:
        return take_date(t, &q->csn.to);
    case TAG_LEFI:
        return take_text(t, q->lefi, sizeof q->lefi);
    case TAG_SKAL:
        return take_text(t, q->skal, sizeof q->skal);
    case TAG_HANDLAGGARE:
        return take_text(t, q->handlaggare, sizeof q->handlaggare);
    case TAG_SOAP:
        q->has_soap = t->len == sizeof q->soap_sha256;
        if (q->has_soap)
            memcpy(q->soap_sha256, t->value, t->len);
        return q->has_soap;
    case TAG_VERSION:
    case TAG_SOURCES:
    case TAG_RETRY_OF:
    case TAG_ASKED_MS:
    case TAG_SKV:
        return take_number(t, q);
    default:
        return false;
    }
}

static enum err_code
decode(struct question *q, const void *p, size_t n, struct err *e)
{
    struct tlv_reader r = {.p = p, .left = n};
    struct tlv t;
    unsigned seen = 0;
    int more;
    while ((more = tlv_next(&r, &t)) > 0) {
        if (!take(&t, q))
            return err_set(e, ERR_BAD_INPUT,
                           _("the question's field %d cannot be read"), t.tag);
        seen |= 1u << t.tag;
    }
    if (more < 0 || (seen & NEEDED) != NEEDED)
        return err_set(e, ERR_BAD_INPUT, _("the question is not whole"));
    enum err_code code = question_check(q, e);
    if (code != ERR_OK)
        return code;
    AUTO_BUF(again, QUESTION_MAX);
    if (question_encode(&again, q) != ERR_OK || again.len != n ||
        memcmp(again.data, p, n) != 0)
        return err_set(e, ERR_BAD_INPUT,
                       _("the question is not in its canonical form"));
    return ERR_OK;
}

enum err_code
question_decode(struct question *q, const void *p, size_t n, struct err *e)
{
    *q = (struct question){0};
    if (n > QUESTION_MAX)
        return err_set(e, ERR_TOO_BIG, _("the question is too long"));
    enum err_code code = decode(q, p, n, e);
    if (code != ERR_OK)
        question_wipe(q);
    return code;
}
