/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "cli/passphrase.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum { SHORTEST = 8 };

static enum err_code
read_file(const char *path, char out[PASSPHRASE_SIZE], struct err *e)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return err_errno(e, ERR_PASSPHRASE, "%s", path);
    bool ok = !fstat(fd, &st) && S_ISREG(st.st_mode);
    bool open_to_others = ok && (st.st_mode & 077);
    ssize_t n = ok && !open_to_others ? read(fd, out, PASSPHRASE_SIZE - 1) : -1;
    close(fd);
    if (open_to_others)
        return err_set(e, ERR_PASSPHRASE, _("%s: others may read it"), path);
    if (n < 0)
        return err_set(e, ERR_PASSPHRASE, _("%s could not be read"), path);
    out[n] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
    return ERR_OK;
}

/* One line of the terminal without echo. Signals wait, so that the terminal
 * is never left silent; ^C is no passphrase. */
static bool
ask(int tty, const char *prompt, char out[PASSPHRASE_SIZE])
{
    struct termios was, quiet;
    sigset_t all, before;
    if (tcgetattr(tty, &was))
        return false;
    quiet = was;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    tcsetattr(tty, TCSAFLUSH, &quiet);
    dprintf(tty, "%s", prompt);
    ssize_t n = read(tty, out, PASSPHRASE_SIZE - 1);
    tcsetattr(tty, TCSAFLUSH, &was);
    dprintf(tty, "\n");
    sigprocmask(SIG_SETMASK, &before, NULL);
    out[n < 0 ? 0 : n] = '\0';
    bool whole = n > 0 && out[n - 1] == '\n' && !memchr(out, 3, (size_t)n);
    out[strcspn(out, "\r\n")] = '\0';
    return whole;
}

enum err_code
passphrase_ask(const char *file, const char *prompt, bool new,
               const char *no_tty, char out[PASSPHRASE_SIZE], struct err *e)
{
    char again[PASSPHRASE_SIZE] = "";
    enum err_code code = ERR_OK;
    out[0] = '\0';
    if (file) {
        code = read_file(file, out, e);
    } else {
        int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
        if (tty < 0)
            return err_set(e, ERR_PASSPHRASE,
                           _("there is no terminal to ask at; %s"), no_tty);
        bool ok = ask(tty, prompt, out) &&
                  (!new || ask(tty, _("Once more: "), again));
        close(tty);
        if (!ok)
            code =
                err_set(e, ERR_PASSPHRASE, "%s", _("no passphrase was given"));
        else if (new &&strcmp(out, again) != 0)
            code =
                err_set(e, ERR_PASSPHRASE, "%s", _("the two are not the same"));
    }
    if (!code && new &&strlen(out) < SHORTEST)
        code =
            err_set(e, ERR_PASSPHRASE, _("at least %d characters"), SHORTEST);
    mem_wipe(again, sizeof again);
    return code;
}
