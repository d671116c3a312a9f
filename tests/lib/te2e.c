/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/lib/te2e.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vterm.h>

struct tty {
    pid_t pid;
    int fd, rows, cols, status;
    bool latin1, closed, ended, visible;
    enum tty_keys keys;
    size_t bytes;
    char held[16]; /* the start of a sequence that may be REP */
    size_t n_held;
    char last[4]; /* the letter before, for REP */
    size_t n_last;
    VTerm *vt;
    VTermScreen *screen;
};

enum tty_keys
tty_keys(const struct tty *t)
{
    return t->keys;
}

/* ---- start ---- */

static void
child(const struct tty_options *o, const char *const *argv)
{
    static const char *const drop[] = {
        "LC_ALL",   "LC_CTYPE", "LC_MESSAGES", "LANG",       "LANGUAGE",
        "NO_COLOR", "LINES",    "COLUMNS",     "ACCESSIBLE", "ESCDELAY"};
    for (size_t i = 0; i < sizeof drop / sizeof *drop; i++)
        unsetenv(drop[i]);
    setenv("TERM", o->term ? o->term : "xterm-256color", 1);
    if (o->latin1)
        setenv("LANG", "sv_SE.ISO-8859-1", 1);
    for (size_t i = 0; o->env && o->env[i]; i++) {
        const char *eq = strchr(o->env[i], '=');
        if (!eq)
            continue;
        char *name = strndup(o->env[i], (size_t)(eq - o->env[i]));
        setenv(name, eq + 1, 1);
        free(name);
    }
    execvp(argv[0], (char *const *)argv);
    perror(argv[0]);
    _exit(127);
}

static int
on_prop(VTermProp prop, VTermValue *val, void *user)
{
    struct tty *t = user;
    if (prop == VTERM_PROP_CURSORVISIBLE)
        t->visible = val->boolean;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_prop};

static void
make_terminal(struct tty *t)
{
    t->vt = vterm_new(t->rows, t->cols);
    vterm_set_utf8(t->vt, 1);
    t->screen = vterm_obtain_screen(t->vt);
    vterm_screen_set_callbacks(t->screen, &callbacks, t);
    vterm_screen_enable_altscreen(t->screen, 1);
    vterm_screen_reset(t->screen, 1);
    t->visible = true;
}

struct tty *
tty_start(const struct tty_options *o, const char *const *argv)
{
    struct tty *t = mem_alloc(sizeof *t);
    t->rows = o->rows ? o->rows : 24;
    t->cols = o->cols ? o->cols : 80;
    t->latin1 = o->latin1;
    t->keys = o->keys;
    struct winsize w = {.ws_row = (unsigned short)t->rows,
                        .ws_col = (unsigned short)t->cols};
    t->pid = forkpty(&t->fd, NULL, NULL, &w);
    if (t->pid == 0)
        child(o, argv);
    if (t->pid < 0) {
        free(t);
        return NULL;
    }
    fcntl(t->fd, F_SETFD, FD_CLOEXEC);
    fcntl(t->fd, F_SETFL, O_NONBLOCK);
    make_terminal(t);
    return t;
}

/* ---- bytes ---- */

/* The letter c, or a byte of one. */
static void
show_byte(struct tty *t, char c)
{
    unsigned char u = (unsigned char)c;
    char two[2] = {(char)(0xc0 | u >> 6), (char)(0x80 | (u & 63))};
    bool wide = t->latin1 && u >= 0x80;
    const char *p = wide ? two : &c;
    size_t n = wide ? 2 : 1;
    if ((u & 0xc0) == 0x80 && !t->latin1 && t->n_last < sizeof t->last) {
        t->last[t->n_last++] = c;
    } else {
        memcpy(t->last, p, n);
        t->n_last = n;
    }
    vterm_input_write(t->vt, p, n);
}

/* libvterm's REP (CSI n b) takes a letter too many for the end of the row, so
 * it is spelled out here; all else goes through. */
static void
show_held(struct tty *t, bool rep)
{
    if (rep) {
        long n = strtol(t->held + 2, NULL, 10);
        for (long i = 0; i < (n ? n : 1); i++)
            vterm_input_write(t->vt, t->last, t->n_last);
    } else {
        vterm_input_write(t->vt, t->held, t->n_held);
    }
    t->n_held = 0;
}

static void
show(struct tty *t, const char *p, size_t n)
{
    for (; n > 0; p++, n--) {
        if (t->n_held == 0 && *p != '\033') {
            show_byte(t, *p);
            continue;
        }
        t->held[t->n_held++] = *p;
        t->held[t->n_held] = '\0';
        bool digits =
            t->n_held < 3 || strspn(t->held + 2, "0123456789") == t->n_held - 2;
        if (t->n_held == 1 || (t->n_held == 2 && *p == '['))
            continue;
        if (!digits || t->n_held == 2 || t->n_held > 12)
            show_held(t, *p == 'b' && t->n_held > 2);
    }
}

/* What the terminal answers to the program's questions. */
static void
answer(struct tty *t)
{
    char b[256];
    size_t n;
    while ((n = vterm_output_read(t->vt, b, sizeof b)) > 0)
        tty_send(t, b, n);
}

/* Takes what comes within ms; false when the time is up or it has closed. */
static bool
pump(struct tty *t, int ms)
{
    struct pollfd p = {.fd = t->fd, .events = POLLIN};
    if (t->closed || poll(&p, 1, ms) <= 0)
        return false;
    char b[8192];
    ssize_t n = read(t->fd, b, sizeof b);
    if (n <= 0) {
        t->closed = n == 0 || (errno != EAGAIN && errno != EINTR);
        return !t->closed;
    }
    t->bytes += (size_t)n;
    show(t, b, (size_t)n);
    answer(t);
    return true;
}

void
tty_send(struct tty *t, const void *p, size_t n)
{
    const char *s = p;
    while (n > 0 && !t->closed) {
        ssize_t k = write(t->fd, s, n);
        if (k > 0) {
            s += k;
            n -= (size_t)k;
        } else if (errno == EAGAIN || errno == EINTR) {
            pump(t, 10);
        } else {
            return;
        }
    }
}

void
tty_text(struct tty *t, const char *s)
{
    int len;
    for (uint32_t cp; (cp = text_next(s, &len)) != 0; s += len) {
        char c = (char)cp;
        if (t->latin1 && cp < 0x100)
            tty_send(t, &c, 1);
        else
            tty_send(t, s, (size_t)len);
    }
}

void
tty_paste(struct tty *t, const char *s)
{
    tty_send(t, "\033[200~", 6);
    tty_text(t, s);
    tty_send(t, "\033[201~", 6);
}

/* ---- waiting ---- */

static int64_t
now_ms(void)
{
    return clock_mono_us() / 1000;
}

static bool
wait_for(struct tty *t, const char *text, bool there, int ms)
{
    int64_t end = now_ms() + (ms ? ms : 30000);
    for (;;) {
        AUTO_BUF(b, 1u << 20);
        tty_screen(t, &b);
        if ((strstr(buf_str(&b), text) != NULL) == there)
            return true;
        int64_t left = end - now_ms();
        if (left <= 0 || t->closed)
            return false;
        pump(t, left > 200 ? 200 : (int)left);
    }
}

bool
tty_wait(struct tty *t, const char *text, int ms)
{
    return wait_for(t, text, true, ms);
}

bool
tty_wait_gone(struct tty *t, const char *text, int ms)
{
    return wait_for(t, text, false, ms);
}

void
tty_settle(struct tty *t, int quiet)
{
    while (pump(t, quiet))
        ;
}

size_t
tty_run(struct tty *t, int ms)
{
    size_t before = t->bytes;
    int64_t end = now_ms() + ms;
    for (int64_t left; (left = end - now_ms()) > 0;) {
        pump(t, (int)left);
        if (t->closed)
            break;
    }
    return t->bytes - before;
}

/* ---- reading ---- */

static void
add_cp(struct buf *out, uint32_t cp)
{
    char s[5] = "";
    if (cp < 0x80) {
        s[0] = (char)cp;
    } else if (cp < 0x800) {
        s[0] = (char)(0xc0 | cp >> 6);
        s[1] = (char)(0x80 | (cp & 63));
    } else if (cp < 0x10000) {
        s[0] = (char)(0xe0 | cp >> 12);
        s[1] = (char)(0x80 | (cp >> 6 & 63));
        s[2] = (char)(0x80 | (cp & 63));
    } else {
        s[0] = (char)(0xf0 | cp >> 18);
        s[1] = (char)(0x80 | (cp >> 12 & 63));
        s[2] = (char)(0x80 | (cp >> 6 & 63));
        s[3] = (char)(0x80 | (cp & 63));
    }
    buf_adds(out, s);
}

static VTermScreenCell
cell_at(const struct tty *t, int row, int col)
{
    VTermScreenCell c;
    memset(&c, 0, sizeof c);
    vterm_screen_get_cell(t->screen, (VTermPos){row, col}, &c);
    return c;
}

void
tty_row(struct tty *t, int row, struct buf *out)
{
    AUTO_BUF(b, 1u << 16);
    size_t last = 0;
    for (int col = 0; col < t->cols; col++) {
        VTermScreenCell c = cell_at(t, row, col);
        if (c.chars[0] == (uint32_t)-1)
            continue; /* the right half of a wide letter */
        if (!c.chars[0])
            buf_addc(&b, ' ');
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && c.chars[i]; i++)
            add_cp(&b, c.chars[i]);
        if (c.chars[0] && c.chars[0] != ' ')
            last = b.len;
    }
    buf_add(out, buf_str(&b), last);
}

void
tty_screen(struct tty *t, struct buf *out)
{
    for (int row = 0; row < t->rows; row++) {
        tty_row(t, row, out);
        buf_addc(out, '\n');
    }
}

int
tty_attrs(const struct tty *t, int row, int col)
{
    VTermScreenCell c = cell_at(t, row, col);
    return (c.attrs.bold ? TTY_BOLD : 0) |
           (c.attrs.underline ? TTY_UNDERLINE : 0) |
           (c.attrs.reverse ? TTY_REVERSE : 0) |
           (VTERM_COLOR_IS_DEFAULT_FG(&c.fg) && VTERM_COLOR_IS_DEFAULT_BG(&c.bg)
                ? 0
                : TTY_COLOR);
}

static char
attr_letter(int a)
{
    return a & TTY_REVERSE     ? 'r'
           : a & TTY_COLOR     ? 'c'
           : a & TTY_UNDERLINE ? 'u'
           : a & TTY_BOLD      ? 'b'
                               : '.';
}

void
tty_screen_attrs(struct tty *t, struct buf *out)
{
    for (int row = 0; row < t->rows; row++) {
        tty_row(t, row, out);
        buf_addc(out, '\n');
        int last = t->cols;
        while (last > 0 && !tty_attrs(t, row, last - 1))
            last--;
        if (!last)
            continue;
        buf_addc(out, '~');
        for (int col = 0; col < last; col++)
            buf_addc(out, attr_letter(tty_attrs(t, row, col)));
        buf_addc(out, '\n');
    }
}

void
tty_cursor(const struct tty *t, int *row, int *col)
{
    VTermPos p;
    vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &p);
    *row = p.row;
    *col = p.col;
}

bool
tty_cursor_visible(const struct tty *t)
{
    return t->visible;
}

void
tty_size(const struct tty *t, int *rows, int *cols)
{
    *rows = t->rows;
    *cols = t->cols;
}

size_t
tty_bytes(const struct tty *t)
{
    return t->bytes;
}

void
tty_resize(struct tty *t, int rows, int cols)
{
    struct winsize w = {.ws_row = (unsigned short)rows,
                        .ws_col = (unsigned short)cols};
    t->rows = rows;
    t->cols = cols;
    vterm_set_size(t->vt, rows, cols);
    ioctl(t->fd, TIOCSWINSZ, &w);
}

/* ---- the end ---- */

void
tty_signal(struct tty *t, int sig)
{
    if (!t->ended)
        kill(t->pid, sig);
}

int
tty_status(struct tty *t, int ms)
{
    int64_t end = now_ms() + ms;
    while (!t->ended) {
        int s;
        if (waitpid(t->pid, &s, WNOHANG) == t->pid) {
            t->ended = true;
            t->status = WIFEXITED(s) ? WEXITSTATUS(s) : 128 + WTERMSIG(s);
            while (pump(t, 0)) /* its last words */
                ;
        } else if (now_ms() >= end) {
            return -1;
        } else if (!pump(t, 20)) {
            poll(NULL, 0, 5);
        }
    }
    return t->status;
}

void
tty_free(struct tty **tp)
{
    struct tty *t = *tp;
    if (!t)
        return;
    if (tty_status(t, 0) < 0)
        tty_signal(t, SIGTERM);
    if (tty_status(t, 3000) < 0)
        tty_signal(t, SIGKILL);
    tty_status(t, 3000);
    close(t->fd);
    vterm_free(t->vt);
    free(t);
    *tp = NULL;
}
