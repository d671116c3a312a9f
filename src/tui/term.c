/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/term.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/caps.h"
#include "tui/input.h"
#include "tui/looks.h"
#include "tui/outlet.h"

#include <curses.h>
#include <errno.h>
#include <event2/event.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

/* The keyboard's events, and what signals mean. */
static const int signals[] = {SIGWINCH, SIGHUP, SIGTSTP,
                              SIGTERM,  SIGINT, SIGQUIT};
#define SIGNALS (sizeof signals / sizeof *signals)

struct term {
    struct event_base *base;
    const struct term_calls *calls;
    void *arg;
    SCREEN *screen;
    struct outlet *out;
    struct event *read, *timer, *on_signal[SIGNALS];
    struct input input;
    struct grid *shown; /* what the terminal has; NULL: nothing known */
    struct timeval esc;
    struct looks looks;
    bool latin1, ascii_lines, paste, gone;
    bool behind; /* a paint was left out: the terminal stands still */
    int rows, cols;
};

/* ---- events ---- */

static void
say_keys(struct term *t)
{
    static const struct timeval paste_end = {3, 0};
    struct key key;
    while (input_next(&t->input, &key)) {
        if (key.code == K_CTRL('Z'))
            t->calls->lost(t->arg, false);
        else
            t->calls->key(t->arg, &key);
    }
    if (!input_waiting(&t->input))
        evtimer_del(t->timer);
    else
        event_add(t->timer, t->input.pasting ? &paste_end : &t->esc);
    t->calls->idle(t->arg);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct term *t = arg;
    input_timeout(&t->input);
    say_keys(t);
}

static void
hang_up(struct term *t)
{
    if (t->gone)
        return;
    t->gone = true;
    event_del(t->read);
    t->calls->lost(t->arg, true);
}

static void
on_read(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct term *t = arg;
    char bytes[1024];
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n > 0) {
        input_feed(&t->input, bytes, (size_t)n);
        mem_wipe(bytes, (size_t)n);
        say_keys(t);
    } else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
        hang_up(t);
    }
}

static void
resized(struct term *t)
{
    struct winsize w = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || !w.ws_row || !w.ws_col)
        return;
    if (w.ws_row == t->rows && w.ws_col == t->cols)
        return;
    t->rows = w.ws_row;
    t->cols = w.ws_col;
    resizeterm(t->rows, t->cols);
    grid_free(&t->shown);
    t->calls->resize(t->arg, t->rows, t->cols);
}

static void
on_signal(evutil_socket_t sig, short what, void *arg)
{
    (void)what;
    struct term *t = arg;
    switch ((int)sig) {
    case SIGWINCH:
        resized(t);
        break;
    case SIGHUP:
        hang_up(t);
        break;
    case SIGTSTP:
        t->calls->lost(t->arg, false);
        break;
    default:
        t->calls->end(t->arg);
    }
}

static bool
listen_all(struct term *t)
{
    t->read =
        event_new(t->base, STDIN_FILENO, EV_READ | EV_PERSIST, on_read, t);
    t->timer = evtimer_new(t->base, on_timer, t);
    bool ok = t->read && t->timer && !event_add(t->read, NULL);
    for (size_t i = 0; ok && i < SIGNALS; i++) {
        t->on_signal[i] = evsignal_new(t->base, signals[i], on_signal, t);
        ok = t->on_signal[i] && !event_add(t->on_signal[i], NULL);
    }
    return ok;
}

/* ---- open and close ---- */

static void
set_modes(void)
{
    raw();
    noecho();
    nonl();
    typeahead(-1); /* a paint is whole, also while keys come in */
    idlok(stdscr, TRUE);
    leaveok(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    keypad(stdscr, FALSE); /* tui/input knows the sequences */
}

static SCREEN *
new_screen(struct term *t)
{
    use_env(FALSE);
    use_tioctl(TRUE);
    return newterm(caps_name(), outlet_file(t->out), stdin);
}

/* What was not painted while the terminal stood still. */
static void
caught_up(void *arg)
{
    struct term *t = arg;
    if (!t->behind)
        return;
    t->behind = false;
    t->calls->resize(t->arg, t->rows, t->cols);
}

static void
set_up(struct term *t, const struct term_options *o)
{
    int ms = o->esc_ms ? o->esc_ms : 300;
    ms = ms < 50 ? 50 : ms > 2000 ? 2000 : ms;
    t->esc = (struct timeval){ms / 1000, ms % 1000 * 1000};
    t->ascii_lines =
        o->lines == TERM_NO ||
        (o->lines == TERM_AUTO && t->latin1 && caps_doubtful_lines());
    t->paste = caps_knows_paste();
    set_modes();
    looks_init(&t->looks, o);
    getmaxyx(stdscr, t->rows, t->cols);
    input_init(&t->input, t->latin1);
    if (t->paste)
        outlet_send(t->out, "\033[?2004h", 8);
}

enum err_code
term_open(struct event_base *base, const struct term_options *o,
          const struct term_calls *calls, void *arg, struct term **out,
          struct err *e)
{
    *out = NULL;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !caps_guard_mode())
        return err_set(e, ERR_USAGE,
                       _("The screens need a terminal on stdin and stdout."));
    struct term *t = mem_alloc(sizeof *t);
    t->base = base;
    t->latin1 =
        o->latin1 == TERM_YES || (o->latin1 == TERM_AUTO && caps_env_latin1());
    /* ncurses asks the locale once, here. In the C locale it sends bytes as
     * they are, which serves ISO-8859-1 where the system lacks the locale. */
    setlocale(LC_CTYPE, t->latin1 ? "C" : "C.UTF-8");
    t->out = outlet_new(base, caught_up, t);
    t->screen = t->out ? new_screen(t) : NULL;
    if (!t->screen) {
        setlocale(LC_CTYPE, "C.UTF-8");
        outlet_free(&t->out, false);
        free(t);
        return err_set(e, ERR_USAGE, _("The terminal type %s is not known."),
                       caps_name());
    }
    if (t->latin1)
        use_legacy_coding(1);
    set_up(t, o);
    term_calls_set(t, calls, arg);
    caps_guard(t->paste);
    *out = t;
    if (outlet_catch(t->out) && listen_all(t))
        return ERR_OK;
    term_close(out);
    return err_set(e, ERR_INTERNAL, "%s", "libevent");
}

void
term_calls_set(struct term *t, const struct term_calls *calls, void *arg)
{
    t->calls = calls;
    t->arg = arg;
}

void
term_close(struct term **tp)
{
    struct term *t = *tp;
    if (!t)
        return;
    for (size_t i = 0; i < SIGNALS; i++)
        if (t->on_signal[i])
            event_free(t->on_signal[i]);
    if (t->read)
        event_free(t->read);
    if (t->timer)
        event_free(t->timer);
    if (!t->gone) {
        if (t->paste)
            outlet_send(t->out, "\033[?2004l", 8);
        endwin();
    }
    delscreen(t->screen);
    outlet_free(&t->out, !t->gone);
    caps_unguard();
    setlocale(LC_CTYPE, "C.UTF-8");
    input_done(&t->input);
    grid_free(&t->shown);
    free(t);
    *tp = NULL;
}

/* ---- questions ---- */

bool
term_env_latin1(void)
{
    return caps_env_latin1();
}

void
term_size(const struct term *t, int *rows, int *cols)
{
    *rows = t->rows;
    *cols = t->cols;
}

int
term_fkeys(const struct term *t)
{
    (void)t;
    int n = 0;
    char name[8];
    while (n < 12) {
        snprintf(name, sizeof name, "kf%d", n + 1);
        if (!caps_string(name))
            break;
        n++;
    }
    return n;
}

int
term_baud(const struct term *t)
{
    (void)t;
    return baudrate();
}

void
term_describe(const struct term *t, struct buf *out)
{
    buf_addf(out, "%s %dx%d %s, ", caps_name(), t->cols, t->rows,
             t->latin1 ? "ISO-8859-1" : "UTF-8");
    if (t->looks.color)
        buf_addf(out, _("%d colours"), COLORS);
    else
        buf_adds(out, _("no colours"));
}

/* ---- painting ---- */

/* U+2500 and on, or the terminal's own alternate set. */
static void
add_line(const struct term *t, enum line_part part, char ascii)
{
    static const wchar_t box[] = {
        [LINE_H] = 0x2500,  [LINE_V] = 0x2502,  [LINE_UL] = 0x250c,
        [LINE_UR] = 0x2510, [LINE_LL] = 0x2514, [LINE_LR] = 0x2518};
    if (t->ascii_lines) {
        addch((chtype)ascii);
    } else if (!t->latin1) {
        wchar_t s[2] = {box[part], 0};
        addnwstr(s, 1);
    } else {
        const chtype acs[] = {
            [LINE_H] = ACS_HLINE,     [LINE_V] = ACS_VLINE,
            [LINE_UL] = ACS_ULCORNER, [LINE_UR] = ACS_URCORNER,
            [LINE_LL] = ACS_LLCORNER, [LINE_LR] = ACS_LRCORNER};
        addch(acs[part]);
    }
}

/* ncurses takes a base and four marks, and its widths come from the system:
 * where those are not ours the letter could move the row. */
static void
add_utf8(const char *s)
{
    wchar_t w[5];
    int n = 0, len, cells = 0;
    for (uint32_t cp; n < 4 && (cp = text_next(s, &len)) != 0; s += len) {
        int width = text_cp_width(cp);
        if (wcwidth((wchar_t)cp) != width) {
            if (n == 0) {
                addnstr("??", width > 0 && width < 3 ? width : 1);
                return;
            }
            continue;
        }
        cells += width;
        w[n++] = (wchar_t)cp;
    }
    w[n] = 0;
    if (cells)
        addnwstr(w, n);
}

/* A byte as it is: with use_legacy_coding ncurses sends a wide character below
 * 256 as that byte, where addch would first judge it by the C locale. */
static void
add_byte(unsigned char c)
{
    wchar_t w[2] = {c, 0};
    cchar_t out;
    attr_t attrs;
    short pair;
    attr_get(&attrs, &pair, NULL);
    setcchar(&out, w, attrs, pair, NULL);
    add_wch(&out);
}

/* One cell in ISO-8859-1. A letter that is missing there is shown by its base
 * letter, and the first blank behind the word becomes a currency sign. */
static void
add_latin1(const char *s, bool *marked)
{
    if (!*s || !strcmp(s, " ")) {
        add_byte(*marked ? 0xa4 : ' ');
        *marked = false;
        return;
    }
    AUTO_BUF(b, 64);
    text_latin1(&b, s);
    const char *out = buf_str(&b);
    add_byte((unsigned char)(*out ? *out : '?'));
    *marked =
        *marked || (b.len > 1 && (unsigned char)b.data[b.len - 1] == 0xa4);
}

static void
paint_row(struct term *t, const struct grid *g, int row)
{
    bool marked = false;
    int role = -1;
    for (int c = 0; c < g->cols; c++) {
        const struct cell *cell = grid_cell(g, row, c);
        if (!cell->text[0] && !t->latin1)
            continue; /* the right half of a wide letter */
        if (cell->role != role) {
            role = cell->role;
            attr_set(t->looks.attr[role], t->looks.pair[role], NULL);
        }
        move(row, c);
        if (cell->line)
            add_line(t, cell->line, cell->text[0]);
        else if (t->latin1)
            add_latin1(cell->text, &marked);
        else if ((unsigned char)cell->text[0] < 0x80 && !cell->text[1])
            addch((chtype)(unsigned char)cell->text[0]);
        else
            add_utf8(cell->text);
    }
}

void
term_paint(struct term *t, const struct grid *g)
{
    t->behind = t->behind || outlet_waits(t->out);
    if (t->gone || t->behind)
        return;
    size_t row_bytes = (size_t)g->cols * sizeof *g->cells;
    bool all =
        !t->shown || t->shown->rows != g->rows || t->shown->cols != g->cols;
    if (all) {
        grid_free(&t->shown);
        t->shown = grid_new(g->rows, g->cols);
    }
    for (int r = 0; r < g->rows && r < t->rows; r++) {
        size_t at = (size_t)r * (size_t)g->cols;
        if (!all && !memcmp(t->shown->cells + at, g->cells + at, row_bytes))
            continue;
        paint_row(t, g, r);
        memcpy(t->shown->cells + at, g->cells + at, row_bytes);
    }
    move(g->cursor_row < 0 ? 0 : g->cursor_row,
         g->cursor_col < 0 ? 0 : g->cursor_col);
    wnoutrefresh(stdscr);
    doupdate();
    outlet_send(t->out, NULL, 0);
}

void
term_redraw(struct term *t)
{
    grid_free(&t->shown);
    clearok(curscr, TRUE);
}

void
term_wipe(struct term *t)
{
    if (t->gone)
        return;
    grid_free(&t->shown);
    erase();
    clearok(curscr, TRUE);
    wnoutrefresh(stdscr);
    doupdate();
    const char *scrollback = caps_string("E3");
    outlet_send(t->out, scrollback, scrollback ? strlen(scrollback) : 0);
}

void
term_drop_input(struct term *t)
{
    tcflush(STDIN_FILENO, TCIFLUSH);
    input_drop(&t->input);
}
