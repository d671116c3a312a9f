/* SPDX-License-Identifier: EUPL-1.2
 *
 * What needs the user's keys: opening the session, signing the försäkran.
 * scrypt and CMS run on the worker.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "client/own.h"
#include "local/json.h"
#include "seal/hash.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PASSPHRASE_MAX = 1024, CMS_MAX = 256 << 10 };

/* One line of a file that only its owner can read. */
static enum err_code
read_losen(const char *path, char **out, struct err *e)
{
    char line[PASSPHRASE_MAX];
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st)) {
        enum err_code code = err_errno(e, ERR_PASSPHRASE, "%s", path);
        if (fd >= 0)
            close(fd);
        return code;
    }
    ssize_t n = read(fd, line, sizeof line - 1);
    close(fd);
    if (n < 0 || !S_ISREG(st.st_mode))
        return err_set(e, ERR_PASSPHRASE, _("%s could not be read"), path);
    line[n] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    *out = mem_strdup(line);
    mem_wipe(line, sizeof line);
    return ERR_OK;
}

/* Unattended signing in skarp is for role system alone (DESIGN 7). */
enum err_code
client_check_losen(const struct client *c, struct err *e)
{
    return c->losen_fil[0] && client_types_passphrase(c)
               ? err_set(e, ERR_PASSPHRASE, "%s",
                         _("in SKARP the passphrase is typed: not "
                           "--losen-fil, not ENFRAGA_LOSEN_FIL"))
               : ERR_OK;
}

bool
client_types_passphrase(const struct client *c)
{
    return c->status.mode == MODE_SKARP && !(c->me.roles & ROLE_SYSTEM);
}

enum err_code
client_passphrase(const struct client *c, const char *given, char **out,
                  struct err *e)
{
    char path[800];
    if (given) {
        *out = mem_strdup(given);
        return ERR_OK;
    }
    if (client_types_passphrase(c))
        return err_set(e, ERR_PASSPHRASE, "%s",
                       _("the passphrase is not taken from a file in SKARP"));
    if (c->losen_fil[0])
        return read_losen(c->losen_fil, out, e);
    snprintf(path, sizeof path, "%s/losen", c->user_dir);
    return read_losen(path, out, e);
}

struct unlock {
    struct client *client;
    char *passphrase; /* owned, wiped */
    char dir[700];
    unsigned locks; /* client's when begun: a lock since then stays */
    struct identity *identity;
    client_done *done;
    void *arg;
    enum err_code code;
    struct err err;
    /* Signing beside: */
    bool sign;
    struct forsakran head;
    struct wording *wording;
    struct buf content, cms;
};

static void
unlock_free(struct unlock *u)
{
    mem_free_str(&u->passphrase);
    identity_free(&u->identity);
    buf_done(&u->content);
    buf_done(&u->cms);
    free(u);
}

static void
unlock_run(void *arg)
{
    struct unlock *u = arg;
    u->code = identity_open(&u->identity, u->dir, u->passphrase, &u->err);
    mem_free_str(&u->passphrase);
    if (u->code || !u->sign)
        return;
    snprintf(u->head.vkey, sizeof u->head.vkey, "%s",
             identity_vkey(u->identity));
    u->code = forsakran_content(&u->content, &u->head, u->wording, &u->err);
    if (!u->code)
        u->code = forsakran_sign(&u->cms, u->content.data, u->content.len,
                                 u->identity, &u->err);
}

static void
tell(struct client *c, struct unlock *u)
{
    client_done *done = u->done;
    void *arg = u->arg;
    enum err_code code = u->code;
    struct err e = u->err;
    unlock_free(u);
    client_ended(c, code, &e);
    if (done)
        done(arg, code, &e);
}

/* The session's key from now on, unless it was locked meanwhile. */
static enum err_code
keep_identity(struct client *c, struct unlock *u)
{
    if (u->locks != c->locks)
        return err_set(&u->err, ERR_CANCELLED, "%s",
                       _("the session was locked"));
    identity_free(&c->identity);
    c->identity = u->identity;
    u->identity = NULL;
    return ERR_OK;
}

static void
unlock_done(void *arg)
{
    struct unlock *u = arg;
    struct client *c = u->client;
    if (c->freed) {
        unlock_free(u);
        return;
    }
    if (!u->code && c->vkey[0] &&
        strcmp(c->vkey, identity_vkey(u->identity)) != 0)
        u->code = err_set(&u->err, ERR_KEY, "%s",
                          _("the entry key here is not the account's: enfraga "
                            "nycklar byt"));
    if (!u->code)
        u->code = keep_identity(c, u);
    tell(c, u);
}

static struct unlock *
unlock_new(struct client *c, client_done *done, void *arg)
{
    struct unlock *u = mem_alloc(sizeof *u);
    u->client = c;
    u->locks = c->locks;
    u->done = done;
    u->arg = arg;
    snprintf(u->dir, sizeof u->dir, "%s", c->user_dir);
    buf_init(&u->content, FORSAKRAN_MAX);
    buf_init(&u->cms, CMS_MAX);
    return u;
}

void
client_unlock(struct client *c, const char *passphrase, client_done *done,
              void *arg)
{
    struct unlock *u = unlock_new(c, done, arg);
    u->code = client_passphrase(c, passphrase, &u->passphrase, &u->err);
    if (u->code) {
        call_later(c, u->code, &u->err, done, arg);
        unlock_free(u);
        return;
    }
    c->pending++;
    worker_run(client_worker(c), unlock_run, unlock_done, u);
}

void
client_lock(struct client *c)
{
    c->locks++;
    identity_free(&c->identity);
}

bool
client_unlocked(const struct client *c)
{
    return c->identity != NULL;
}

/* After a signing or a withdrawal: who am I now. */
static void
on_posted(void *arg, enum err_code code, const struct err *e)
{
    struct unlock *u = arg;
    struct client *c = u->client;
    if (c->freed) {
        unlock_free(u);
        return;
    }
    u->code = code;
    u->err = *e;
    if (code) {
        tell(c, u);
        return;
    }
    client_refresh(c, u->done, u->arg);
    client_ended(c, ERR_OK, NULL);
    unlock_free(u);
}

static void
post_forsakran(struct client *c, struct unlock *u)
{
    struct entry_author author = {0};
    AUTO_BUF(post, 64 << 10);
    AUTO_BUF(body, 1 << 20);
    sha256(author.forsakran, u->cms.data, u->cms.len);
    struct mine *mine;
    u->code = entry_make(c, c->identity, &author, KIND_FORSAKRAN, NULL, 0,
                         &post, &mine, &u->err);
    if (u->code) {
        tell(c, u);
        return;
    }
    struct json j = {.out = &body};
    json_open(&j, NULL, '{');
    json_base64(&j, "cms", u->cms.data, u->cms.len);
    json_base64(&j, "innehall", u->content.data, u->content.len);
    buf_adds(&body, ",\"post\":");
    buf_add(&body, post.data, post.len);
    json_close(&j, '}');
    struct call *l = call_start(c, "/v1/forsakringar", &body, take_receipt,
                                mine, on_posted, u);
    call_keep(l, mine);
    call_own(l);
}

static void
sign_done(void *arg)
{
    struct unlock *u = arg;
    struct client *c = u->client;
    if (c->freed) {
        unlock_free(u);
        return;
    }
    if (!u->code)
        u->code = keep_identity(c, u);
    if (u->code)
        tell(c, u);
    else
        post_forsakran(c, u);
}

static enum err_code
fill_head(struct client *c, struct forsakran *f, const bool ticks[4],
          const char *ort, const char *namn, struct err *e)
{
    if (!c->has_wording)
        return err_set(e, ERR_CONFIG, "%s",
                       _("the wording of the försäkran is not installed"));
    if (c->me.wording_id[0] && strcmp(c->me.wording_id, c->wording.id) != 0)
        return err_set(e, ERR_FORSAKRAN_TEXT,
                       _("enfragad has wording %s, this program %s"),
                       c->me.wording_id, c->wording.id);
    snprintf(f->konto, sizeof f->konto, "%s", c->me.konto);
    snprintf(f->namn, sizeof f->namn, "%s", namn && *namn ? namn : c->me.namn);
    snprintf(f->kommun, sizeof f->kommun, "%s", c->me.kommun);
    snprintf(f->ort, sizeof f->ort, "%s", ort && *ort ? ort : c->me.ort);
    f->datum = date_today();
    f->from = f->datum;
    f->till = forsakran_till(f->from);
    memcpy(f->ticks, ticks, sizeof f->ticks);
    memcpy(f->wording_id, c->wording.id, sizeof f->wording_id);
    memcpy(f->wording_sha256, c->wording.sha256, sizeof f->wording_sha256);
    return ERR_OK;
}

void
client_sign_forsakran(struct client *c, const bool ticks[4], const char *ort,
                      const char *namn, const char *passphrase,
                      client_done *done, void *arg)
{
    struct unlock *u = unlock_new(c, done, arg);
    u->sign = true;
    u->wording = &c->wording;
    u->code = fill_head(c, &u->head, ticks, ort, namn, &u->err);
    if (!u->code)
        u->code = client_passphrase(c, passphrase, &u->passphrase, &u->err);
    if (u->code) {
        call_later(c, u->code, &u->err, done, arg);
        unlock_free(u);
        return;
    }
    c->pending++;
    worker_run(client_worker(c), unlock_run, sign_done, u);
}

void
client_withdraw_forsakran(struct client *c, client_done *done, void *arg)
{
    struct entry_author author = {0};
    struct err e = {0};
    AUTO_BUF(post, 64 << 10);
    AUTO_BUF(body, 128 << 10);
    struct mine *mine;
    enum err_code code = entry_make(c, c->identity, &author, KIND_ATERKALLELSE,
                                    NULL, 0, &post, &mine, &e);
    if (code) {
        call_later(c, code, &e, done, arg);
        return;
    }
    buf_adds(&body, "{\"post\":");
    buf_add(&body, post.data, post.len);
    buf_adds(&body, "}");
    struct unlock *u = unlock_new(c, done, arg);
    c->pending++;
    struct call *l = call_start(c, "/v1/forsakringar/aterkalla", &body,
                                take_receipt, mine, on_posted, u);
    call_keep(l, mine);
    call_own(l);
}
