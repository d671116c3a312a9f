/* SPDX-License-Identifier: EUPL-1.2
 *
 * The proof of one entry, in a file that someone was handed.
 */
#include "config.h"

#include "verifier/judge.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "proof/bevis.h"
#include "proof/cosign.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 256 << 10 };

struct proof {
    struct bevis b;
    struct entry_author a;
    struct entry_host h;
    bool own_word;
    unsigned cosigned; /* by so many of the witnesses asked for */
};

static void
put_text(const struct proof *p)
{
    char vkey[VKEY_TEXT_MAX], at[32];
    AUTO_ARENA struct arena *arena = arena_new(0);
    vkey_text(&p->b.log_key, vkey);
    clock_iso((int64_t)p->h.log_time_ms, at);
    printf(_("THE PROOF HOLDS. Entry %" PRIu64 " stands in the log %s.\n"),
           p->h.seq, p->a.origin);
    printf("  %s\n", vkey);
    if (p->own_word)
        printf(_("  The key is the proof's own word: compare it with the one "
                 "that is known, or give --vkey.\n"));
    printf(_("  written                   %s\n"), at);
    printf(_("  what                      %s\n"),
           _(entry_kind_row(p->a.type)->label));
    printf(_("  counted in a signed head  of %" PRIu64 " entries\n"),
           p->b.receipt.size);
    printf(_("  signed by                 %s\n"),
           p->b.has_author ? p->b.author.name : _("not shown"));
    for (unsigned i = 0; i < p->b.witnesses; i++)
        printf(_("  the head cosigned by      %s\n"), p->b.witness[i].name);
    if (p->b.has_payload)
        printf(_("  the content, as committed to in the entry:\n%s\n"),
               text_clean(arena, (const char *)p->b.payload, p->b.payload_len));
    else
        printf(_("  the content is not disclosed\n"));
}

static void
put_json(const struct proof *p, enum err_code code, const struct err *e)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "schema", "enfraga.bevisprovning/1");
    cJSON_AddBoolToObject(o, "haller", code == ERR_OK);
    if (code) {
        cJSON_AddStringToObject(o, "text", e->text);
    } else {
        cJSON_AddBoolToObject(o, "egen_nyckel", p->own_word);
        cJSON_AddStringToObject(o, "origin", p->a.origin);
        cJSON_AddNumberToObject(o, "seq", (double)p->h.seq);
        cJSON_AddNumberToObject(o, "storlek", (double)p->b.receipt.size);
        cJSON_AddStringToObject(o, "typ", entry_kind_row(p->a.type)->word);
        cJSON_AddNumberToObject(o, "tid_ms", (double)p->h.log_time_ms);
        cJSON_AddBoolToObject(o, "innehall", p->b.has_payload);
        cJSON_AddNumberToObject(o, "vittnen", p->b.witnesses);
        cJSON_AddNumberToObject(o, "begarda_vittnen", p->cosigned);
    }
    char *text = cJSON_PrintUnformatted(o);
    puts(text ? text : "{}");
    cJSON_free(text);
    cJSON_Delete(o);
}

/* Those that are asked for have cosigned the head. */
static enum err_code
check_witnesses(const struct arguments *a, struct proof *p, struct err *e)
{
    const char *note = p->b.receipt.note;
    const char *missing = NULL;
    for (unsigned i = 0; i < a->witnesses; i++)
        if (!cosign_verify(note, strlen(note), &a->witness[i], NULL, NULL))
            p->cosigned++;
        else if (!missing)
            missing = a->witness[i].name;
    return p->cosigned >= a->quorum
               ? ERR_OK
               : err_set(e, ERR_SIGNATURE,
                         _("%u of the %u witnesses asked for have cosigned "
                           "its head, not %s"),
                         p->cosigned, a->quorum, missing);
}

/* Reads and judges. ERR_NOT_FOUND, ERR_IO: could not be told. */
static enum err_code
check(const struct arguments *a, struct buf *text, struct buf *bytes,
      struct proof *p, struct err *e)
{
    struct vkey pinned;
    enum err_code code = a->vkey ? vkey_parse(a->vkey, &pinned, e) : ERR_OK;
    if (code)
        return err_add(e, ERR_USAGE, "--vkey");
    code = judge_read(a->bevis, text, e);
    if (code)
        return code;
    p->own_word = !a->vkey;
    code = strlen(buf_str(text)) == text->len
               ? bevis_unarmor(bytes, buf_str(text), e)
               : err_set(e, ERR_BAD_INPUT, "the proof is not a text");
    if (!code)
        code = bevis_decode(&p->b, bytes->data, bytes->len, e);
    if (!code)
        code = bevis_check(&p->b, a->vkey ? &pinned : NULL, &p->a, &p->h, e);
    return code ? code : check_witnesses(a, p, e);
}

int
judge_proof(const struct arguments *a)
{
    struct err e = {0};
    AUTO_BUF(text, FILE_MAX);
    AUTO_BUF(bytes, BEVIS_MAX);
    struct proof *p = mem_alloc(sizeof *p);
    enum err_code code = check(a, &text, &bytes, p, &e);
    bool told = code != ERR_USAGE && code != ERR_NOT_FOUND && code != ERR_IO;
    if (!told)
        fprintf(stderr, _("It could not be told whether the proof holds: %s\n"),
                e.text);
    else if (a->json)
        put_json(p, code, &e);
    else if (code)
        printf(_("THE PROOF DOES NOT HOLD: %s\n"), e.text);
    else
        put_text(p);
    free(p);
    return !told ? COULD_NOT_TELL : code ? DOES_NOT : HOLDS;
}
