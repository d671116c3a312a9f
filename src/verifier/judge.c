/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "verifier/judge.h"

#include "base/i18n.h"
#include "proof/note.h"
#include "proof/verify.h"
#include "verifier/report.h"
#include "verifier/rows.h"
#include "verifier/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum err_code
judge_read(const char *path, struct buf *out, struct err *e)
{
    char block[4096];
    FILE *f = fopen(path, "re");
    if (!f)
        return err_errno(e, ERR_NOT_FOUND, "%s", path);
    enum err_code code = ERR_OK;
    for (size_t n; !code && (n = fread(block, 1, sizeof block, f)) > 0;)
        code = buf_add(out, block, n);
    if (!code && ferror(f))
        code = ERR_IO;
    fclose(f);
    return code ? err_set(e, code, "%s", path) : ERR_OK;
}

int
judge_could_not(const struct err *e)
{
    fprintf(stderr, _("It could not be told whether the log holds: %s\n"),
            e->text);
    return COULD_NOT_TELL;
}

static void
show_progress(void *ctx, uint64_t entries)
{
    (void)ctx;
    fputc('\r', stderr);
    fprintf(stderr, _("%" PRIu64 " entries"), entries);
}

/* The key that is pinned: on the command line, or in the file log.vkey that
 * lies beside the log. *found is false where neither is. */
static enum err_code
pinned_key(const struct arguments *a, const char *file, struct vkey *out,
           bool *found, struct err *e)
{
    AUTO_BUF(path, 4096);
    AUTO_BUF(text, 1024);
    *found = true;
    if (a->vkey)
        return vkey_parse(a->vkey, out, e);
    const char *slash = strrchr(file, '/');
    buf_add(&path, file, slash ? (size_t)(slash - file) + 1 : 0);
    buf_adds(&path, "log.vkey");
    *found = !judge_read(buf_str(&path), &text, NULL);
    if (!*found)
        return ERR_OK;
    while (text.len && strchr("\r\n ", text.data[text.len - 1]))
        text.data[--text.len] = '\0';
    enum err_code code = vkey_parse(buf_str(&text), out, e);
    return code ? err_add(e, code, "%s", buf_str(&path)) : ERR_OK;
}

/* The heads kept elsewhere, as texts. */
static enum err_code
read_notes(const struct arguments *a, struct buf notes[NOTES_MAX],
           const char *out[NOTES_MAX], struct err *e)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < a->mots && !code; i++) {
        struct checkpoint line;
        buf_init(&notes[i], 8192);
        code = note_line(a->mot[i], &line)
                   ? buf_adds(&notes[i], a->mot[i])
                   : judge_read(a->mot[i], &notes[i], e);
        out[i] = buf_str(&notes[i]);
    }
    return code;
}

/* A verification that went on from an earlier one and found something is done
 * once more from the beginning, so that what it names is the first. */
static enum err_code
run_twice(const char *file, struct verify_options *o, struct vkey *key,
          struct verify_report *r, struct err *e)
{
    enum err_code code = rows_verify(file, o, key, r, e);
    if (code || r->holds || !r->resumed)
        return code;
    o->done.again = true;
    return rows_verify(file, o, key, r, e);
}

/* From where the verification goes on: --fran, or the file of --tillstand. */
static enum err_code
earlier(const struct arguments *a, struct vkey *key, bool *found,
        struct verify_options *o, struct err *e)
{
    o->done.size = a->from;
    memcpy(o->done.root, a->from_root, HASH_SIZE);
    struct state s;
    enum err_code code = a->state ? state_read(a->state, &s, e) : ERR_OK;
    if (code || !a->state || !s.size)
        return code;
    if (*found && (strcmp(key->name, s.log_key.name) != 0 ||
                   memcmp(key->pub, s.log_key.pub, KEY_RAW) != 0))
        return err_set(e, ERR_BAD_INPUT, _("%s is of another log"), a->state);
    *key = s.log_key;
    *found = true;
    o->done.size = s.size;
    memcpy(o->done.root, s.root, HASH_SIZE);
    return ERR_OK;
}

static enum err_code
verify(const struct arguments *a, const char *file, struct verify_report *r,
       struct err *e)
{
    struct vkey key;
    struct buf notes[NOTES_MAX] = {0};
    const char *texts[NOTES_MAX];
    bool found, tty = isatty(STDERR_FILENO);
    struct verify_options o = {.full = a->full,
                               .progress = tty ? show_progress : NULL,
                               .notes = texts,
                               .note_count = a->mots,
                               .witness = a->witness,
                               .witnesses = a->witnesses,
                               .quorum = a->quorum};
    enum err_code code = pinned_key(a, file, &key, &found, e);
    if (!code)
        code = read_notes(a, notes, texts, e);
    if (!code)
        code = earlier(a, &key, &found, &o, e);
    o.log_key = found ? &key : NULL;
    if (!code)
        code = run_twice(file, &o, &key, r, e);
    if (tty)
        fputs("\r\033[K", stderr);
    for (size_t i = 0; i < a->mots; i++)
        buf_done(&notes[i]);
    r->has_key = found;
    return code;
}

int
judge_log(const struct arguments *a, const char *file)
{
    struct err e = {0};
    struct verify_report r = {0};
    enum err_code code = verify(a, file, &r, &e);
    if (code == ERR_LOG_BROKEN) {
        report_broken(e.text, a->json);
        return DOES_NOT;
    }
    if (code)
        return judge_could_not(&e);
    if (a->json)
        report_json(&r, a->full);
    else
        report_text(&r, a->full);
    if (a->state && a->full && r.holds && state_write(a->state, &r, &e))
        return judge_could_not(&e);
    return r.holds ? HOLDS : DOES_NOT;
}
