/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "verifier/report.h"

#include "base/i18n.h"
#include "base/text.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One row a fault: the word that never changes, and the label (msgid). */
static const struct {
    const char *word, *label;
} faults[] = {
    [VERIFY_EDITED] = {"andrad", N_("edited")},
    [VERIFY_CUT] = {"kapad", N_("cut")},
    [VERIFY_FORKED] = {"forgrenad", N_("forked")},
    [VERIFY_ERASED] = {"raderad", N_("erased")},
    [VERIFY_CLEAR] = {"oforseglad", N_("not sealed")},
    [VERIFY_EARLY] = {"for_tidigt", N_("erased too early")},
};

static void
put_positions(const struct verify_report *r, bool full)
{
    printf(_("  first entry               %" PRIu64 "\n"), r->first);
    if (r->vouched)
        printf(_("  last entry vouched for    %" PRIu64 "\n"), r->vouched - 1);
    else
        printf(_("  last entry vouched for    none\n"));
    if (r->witnessed)
        printf(_("  last entry cosigned       %" PRIu64
                 " (by %u of %u witnesses)\n"),
               r->witnessed - 1, r->quorum, r->witnesses);
    else if (r->witnesses && full)
        printf(_("  last entry cosigned       none (by %u of %u witnesses)\n"),
               r->quorum, r->witnesses);
    printf(_("  last entry present        %" PRIu64 "\n"), r->last);
}

static void
put_findings(const struct verify_report *r)
{
    AUTO_ARENA struct arena *arena = arena_new(0);
    printf(_("THE LOG DOES NOT HOLD. First bad entry: %" PRIu64 "\n"),
           r->finding[0].first);
    for (unsigned i = 0; i < r->count; i++) {
        const char *t = r->finding[i].text;
        printf("  %s: %s\n", _(faults[r->finding[i].fault].label),
               text_clean(arena, t, strlen(t)));
    }
    if (r->total > r->count)
        printf(_("  and %" PRIu64 " more\n"), r->total - r->count);
}

void
report_text(const struct verify_report *r, bool full)
{
    char vkey[VKEY_TEXT_MAX] = "";
    if (r->log_key.name[0])
        vkey_text(&r->log_key, vkey);
    printf(_("Log %s (%s), %s verification\n"), r->origin, r->mode,
           full ? _("full") : _("quick"));
    printf("  %s\n", vkey);
    if (!r->has_key)
        printf(_("  The key is the log's own word: compare it with the one "
                 "that is known, or give --vkey.\n"));
    if (r->entries)
        put_positions(r, full);
    if (full)
        printf(_("  %" PRIu64 " signatures, %" PRIu64 " signed heads, %" PRIu64
                 " boxes (%" PRIu64 " in clear)\n"),
               r->signatures, r->checkpoints, r->boxes, r->clear_boxes);
    if (r->erased[MISSING_BOX] + r->erased[MISSING_LEAF])
        printf(_("  erased by decision: the payload of %" PRIu64
                 " entries, all of %" PRIu64 "\n"),
               r->erased[MISSING_BOX], r->erased[MISSING_LEAF]);
    if (r->resumed)
        printf(_("  %" PRIu64 " signatures had been checked before\n"),
               r->resumed);
    if (r->holds)
        printf(_("The log holds: %" PRIu64 " entries.\n"), r->entries);
    else
        put_findings(r);
}

/* Takes the object. */
static void
print_line(cJSON *o)
{
    char *text = cJSON_PrintUnformatted(o);
    puts(text ? text : "{}");
    cJSON_free(text);
    cJSON_Delete(o);
}

static void
put_number(cJSON *o, const char *name, uint64_t n)
{
    cJSON_AddNumberToObject(o, name, (double)n);
}

static void
add_findings(cJSON *list, const struct verify_report *r)
{
    for (unsigned i = 0; i < r->count; i++) {
        const struct verify_finding *f = &r->finding[i];
        cJSON *o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "fel", faults[f->fault].word);
        put_number(o, "fran", f->first);
        put_number(o, "till", f->last);
        cJSON_AddStringToObject(o, "text", f->text);
        cJSON_AddItemToArray(list, o);
    }
}

void
report_json(const struct verify_report *r, bool full)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "schema", "enfraga.verifiering/1");
    cJSON_AddBoolToObject(o, "haller", r->holds);
    cJSON_AddBoolToObject(o, "full", full);
    cJSON_AddBoolToObject(o, "egen_nyckel", !r->has_key);
    cJSON_AddStringToObject(o, "origin", r->origin);
    cJSON_AddStringToObject(o, "lage", r->mode);
    put_number(o, "poster", r->entries);
    put_number(o, "intygade", r->vouched);
    put_number(o, "bevittnade", r->witnessed);
    put_number(o, "vittnen", r->witnesses);
    put_number(o, "kvorum", r->quorum);
    put_number(o, "signaturer", r->signatures);
    put_number(o, "fran", r->resumed);
    put_number(o, "huvuden", r->checkpoints);
    put_number(o, "lador", r->boxes);
    put_number(o, "lador_i_klartext", r->clear_boxes);
    put_number(o, "gallrade_lador", r->erased[MISSING_BOX]);
    put_number(o, "gallrade_poster", r->erased[MISSING_LEAF]);
    put_number(o, "gallrade_dagnycklar", r->erased[MISSING_DAY]);
    put_number(o, "antal_fynd", r->total);
    add_findings(cJSON_AddArrayToObject(o, "fynd"), r);
    print_line(o);
}

void
report_broken(const char *why, bool json)
{
    if (!json) {
        printf(_("THE LOG DOES NOT HOLD: %s\n"), why);
        return;
    }
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "schema", "enfraga.verifiering/1");
    cJSON_AddBoolToObject(o, "haller", false);
    cJSON *f = cJSON_CreateObject();
    cJSON_AddStringToObject(f, "fel", "trasig");
    put_number(f, "fran", 0);
    put_number(f, "till", 0);
    cJSON_AddStringToObject(f, "text", why);
    put_number(o, "antal_fynd", 1);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(o, "fynd"), f);
    print_line(o);
}
