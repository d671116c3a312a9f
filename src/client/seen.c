/* SPDX-License-Identifier: EUPL-1.2
 *
 * The user as a witness (AUDIT 6): the newest signed head that was seen is
 * kept in the user's own directory, and at each opening enfragad must prove
 * that its log goes on from there. Each entry then signs the head (`seen`).
 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "client/own.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* sett/HASH in the user's directory, by log and key: a log made anew has
 * another key. */
static void
seen_path(const struct client *c, char out[900])
{
    char text[VKEY_TEXT_MAX], hex[2 * HASH_SIZE + 1];
    uint8_t hash[HASH_SIZE];
    vkey_text(&c->log_vkey, text);
    sha256(hash, text, strlen(text));
    text_hex(hash, HASH_SIZE, hex);
    snprintf(out, 900, "%s/sett/%.32s", c->user_dir, hex);
}

/* The head kept in the file; size 0 where there is none. */
static enum err_code
read_kept(const struct client *c, const char *path, char note[NOTE_MAX],
          struct checkpoint *kept, struct err *e)
{
    kept->size = 0;
    FILE *f = fopen(path, "re");
    if (!f)
        return errno == ENOENT ? ERR_OK : err_errno(e, ERR_IO, "%s", path);
    size_t n = fread(note, 1, NOTE_MAX - 1, f);
    bool bad = ferror(f);
    fclose(f);
    note[n] = '\0';
    if (bad)
        return err_errno(e, ERR_IO, "%s", path);
    enum err_code code = note_verify(note, n, &c->log_vkey, kept, e);
    return code ? err_add(e, ERR_SEEN, "%s", path) : ERR_OK;
}

static enum err_code
alarm_of(enum err_code code, const char *path, uint64_t kept, uint64_t shown,
         struct err *e)
{
    return err_set(e, code,
                   _("ALARM: this log is not the one that was seen before. "
                     "%" PRIu64 " entries were seen, and the %" PRIu64
                     " shown now do not go on from them. The signed head is "
                     "kept in %s: give it to the systemansvarig."),
                   kept, shown, path);
}

/* Writes it in one step, unless another session has kept a larger one. */
static void
keep(const struct client *c)
{
    char path[900], part[920], old[NOTE_MAX];
    struct checkpoint kept;
    struct err e = {0};
    snprintf(path, sizeof path, "%s/sett", c->user_dir);
    if (mkdir(path, 0700) && errno != EEXIST)
        return; /* no directory of one's own: nothing is kept */
    seen_path(c, path);
    snprintf(part, sizeof part, "%s.ny", path);
    int fd = open(part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return;
    size_t n = strlen(c->seen_note);
    if (!flock(fd, LOCK_EX) && !read_kept(c, path, old, &kept, &e) &&
        kept.size < c->seen_size && !ftruncate(fd, 0) &&
        write(fd, c->seen_note, n) == (ssize_t)n)
        rename(part, path);
    close(fd);
}

void
seen_raise(struct client *c, const struct checkpoint *head, const char *note)
{
    if (head->size <= c->seen_size)
        return;
    c->seen_size = head->size;
    memcpy(c->seen_root, head->root, sizeof c->seen_root);
    snprintf(c->seen_note, sizeof c->seen_note, "%s", note);
    if (c->opened)
        keep(c);
}

void
client_day_line(const struct client *c, struct buf *out)
{
    char date[11];
    clock_date(clock_now_ms(), date);
    buf_addf(out, "%s %s %" PRIu64 " ", date, c->log_vkey.name, c->head.size);
    text_base64_encode(out, c->head.root, HASH_SIZE);
}

struct look {
    struct client *c;
    struct checkpoint from; /* what was seen */
    client_done *done;
    void *arg;
};

/* {"huvud":note,"bevis":[b64]}: the log's present head, and that it extends
 * the one that was seen. */
static enum err_code
take_proof(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    const struct look *look = extra;
    const char *note = message_text(o, "huvud");
    const cJSON *row, *list = cJSON_GetObjectItemCaseSensitive(o, "bevis");
    struct merkle_proof p = {0};
    struct checkpoint head;
    char path[900];
    if (!note || !cJSON_IsArray(list))
        return err_set(e, ERR_PROTOCOL, "%s", _("no proof came"));
    enum err_code code =
        note_verify(note, strlen(note), &c->log_vkey, &head, e);
    if (code)
        return err_add(e, code, "%s", _("the log's head does not hold"));
    cJSON_ArrayForEach(row, list)
    {
        AUTO_BUF(b, HASH_SIZE);
        if (p.count > MERKLE_LEVELS || !cJSON_IsString(row) ||
            text_base64_decode(&b, row->valuestring,
                               strlen(row->valuestring)) ||
            b.len != HASH_SIZE)
            return err_set(e, ERR_PROTOCOL, "%s", _("no proof came"));
        memcpy(p.hash[p.count++], b.data, HASH_SIZE);
    }
    seen_path(c, path);
    if (!merkle_consistency_holds(look->from.size, head.size, look->from.root,
                                  head.root, &p))
        return alarm_of(ERR_SEEN, path, look->from.size, head.size, e);
    seen_raise(c, &head, note);
    return ERR_OK;
}

static void
looked(void *arg, enum err_code code, const struct err *e)
{
    struct look *look = arg;
    client_done *done = look->done;
    struct client *c = look->c;
    struct err held = *e;
    if (!code && !c->freed) {
        c->opened = true;
        keep(c);
    } else if (code == ERR_NOT_FOUND) {
        code = err_add(&held, ERR_SEEN, "%s", _("the log gives no proof"));
    }
    arg = look->arg;
    free(look);
    done(arg, code, &held);
}

void
seen_check(struct client *c, client_done *done, void *arg)
{
    struct err e = {0};
    struct checkpoint kept;
    char path[900], note[NOTE_MAX], ask[64];
    struct look *look = mem_alloc(sizeof *look);
    *look = (struct look){.c = c, .done = done, .arg = arg};
    seen_path(c, path);
    enum err_code code = read_kept(c, path, note, &kept, &e);
    if (!code && kept.size > c->seen_size) {
        c->seen_size = kept.size;
        memcpy(c->seen_root, kept.root, sizeof c->seen_root);
        snprintf(c->seen_note, sizeof c->seen_note, "%s", note);
    }
    if (!code && c->head.size < c->seen_size)
        code = alarm_of(ERR_SEEN, path, c->seen_size, c->head.size, &e);
    if (!code && c->head.size == c->seen_size &&
        memcmp(c->head.root, c->seen_root, sizeof c->seen_root) != 0)
        code = alarm_of(ERR_SEEN, path, c->seen_size, c->head.size, &e);
    if (!code && c->head.size > c->seen_size && c->seen_size) {
        look->from.size = c->seen_size;
        memcpy(look->from.root, c->seen_root, sizeof look->from.root);
        snprintf(ask, sizeof ask, "/v1/logg/konsistens/%" PRIu64, c->seen_size);
        call_own(call_start(c, ask, NULL, take_proof, look, looked, look));
        return;
    }
    if (!code)
        seen_raise(c, &c->head, c->head_note);
    looked(look, code, &e);
}

/* What the log's own witnesses have, as status says it. */
void
take_witness(struct client *c, const cJSON *o)
{
    struct client_status *s = &c->status;
    int64_t n;
    const char *state = message_text(o, "lage");
    const char *text = message_text(o, "text");
    snprintf(s->witness, sizeof s->witness, "%s", state ? state : "");
    snprintf(s->witness_text, sizeof s->witness_text, "%s", text ? text : "");
    s->witness_size =
        message_number(o, "storlek", &n) && n >= 0 ? (uint64_t)n : 0;
    s->witness_behind =
        message_number(o, "oskyddade", &n) && n >= 0 ? (uint64_t)n : 0;
    s->witness_age_s = message_number(o, "alder_s", &n) && n >= 0 ? n : 0;
}
