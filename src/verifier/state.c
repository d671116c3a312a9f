/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "verifier/state.h"

#include "base/buf.h"
#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char head[] = "enfraga/verifierad/1\n";

/* The file's bytes, if no one else could have written them. */
static enum err_code
read_own(const char *path, struct buf *out, struct err *e)
{
    char block[8192];
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return err_errno(e, ERR_IO, "%s", path);
    ssize_t n = fstat(fd, &st) ? -1 : read(fd, block, sizeof block);
    close(fd);
    if (n < 0)
        return err_errno(e, ERR_IO, "%s", path);
    if (st.st_uid != geteuid() || (st.st_mode & 022))
        return err_set(e, ERR_BAD_INPUT,
                       _("%s could have been written by someone else"), path);
    return buf_add(out, block, (size_t)n);
}

/* The text after the head: vkey, newline, note. */
static enum err_code
parse(const char *text, struct state *s, struct err *e)
{
    char vkey[VKEY_TEXT_MAX];
    struct checkpoint c;
    const char *nl = strchr(text, '\n');
    if (!nl || (size_t)(nl - text) >= sizeof vkey)
        return err_set(e, ERR_BAD_INPUT, "vkey");
    memcpy(vkey, text, (size_t)(nl - text));
    vkey[nl - text] = '\0';
    enum err_code code = vkey_parse(vkey, &s->log_key, e);
    if (!code)
        code = note_verify(nl + 1, strlen(nl + 1), &s->log_key, &c, e);
    if (code)
        return code;
    s->size = c.size;
    memcpy(s->root, c.root, HASH_SIZE);
    return ERR_OK;
}

enum err_code
state_read(const char *path, struct state *s, struct err *e)
{
    AUTO_BUF(text, 16 << 10);
    *s = (struct state){.size = 0};
    if (access(path, F_OK) && errno == ENOENT)
        return ERR_OK;
    enum err_code code = read_own(path, &text, e);
    if (code)
        return code;
    const char *t = buf_str(&text);
    if (strlen(t) != text.len || strncmp(t, head, sizeof head - 1) != 0)
        return err_set(e, ERR_BAD_INPUT,
                       _("%s does not say how far a log was verified"), path);
    code = parse(t + sizeof head - 1, s, e);
    return code ? err_add(e, code, "%s", path) : ERR_OK;
}

enum err_code
state_write(const char *path, const struct verify_report *r, struct err *e)
{
    char vkey[VKEY_TEXT_MAX], part[4096];
    vkey_text(&r->log_key, vkey);
    snprintf(part, sizeof part, "%s.del", path);
    unlink(part);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    if (!f)
        return err_errno(e, ERR_IO, "%s", part);
    bool ok = fprintf(f, "%s%s\n%s", head, vkey, r->head) > 0 &&
              fflush(f) == 0 && fsync(fd) == 0;
    ok = fclose(f) == 0 && ok;
    if (ok && rename(part, path) == 0)
        return ERR_OK;
    enum err_code code = err_errno(e, ERR_IO, "%s", path);
    unlink(part);
    return code;
}
