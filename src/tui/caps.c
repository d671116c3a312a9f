/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/caps.h"

#include <curses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* newterm leaks when it fails, so the description is looked for first. */
const char *
caps_name(void)
{
    static char known[64];
    const char *s = getenv("TERM");
    int found = 0;
    if (known[0])
        return known;
    if (!s || !*s || strlen(s) >= sizeof known ||
        setupterm(s, STDOUT_FILENO, &found) || found != 1)
        s = "xterm";
    if (found == 1)
        del_curterm(cur_term);
    memcpy(known, s, strlen(s) + 1);
    return known;
}

const char *
caps_string(const char *name)
{
    const char *s = tigetstr(name);
    return s == (char *)-1 ? NULL : s;
}

/* ---- the environment ---- */

static bool
ends_latin1(const char *s)
{
    static const char *const forms[] = {"ISO-8859-1", "ISO8859-1", "ISO88591",
                                        "ISO_8859-1", "LATIN1"};
    size_t n = strlen(s);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t k = strlen(forms[i]);
        if (n >= k && !strcasecmp(s + n - k, forms[i]))
            return true;
    }
    return !strcmp(s, "sv_SE"); /* the locale's encoding before UTF-8 */
}

bool
caps_env_latin1(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < 3; i++) {
        const char *v = getenv(names[i]);
        if (v && *v)
            return ends_latin1(v);
    }
    return false;
}

bool
caps_doubtful_lines(void)
{
    const char *name = caps_name();
    static const char *const doubt[] = {"putty",  "ansi", "pcansi",
                                        "cygwin", "dumb", "linux"};
    for (size_t i = 0; i < sizeof doubt / sizeof *doubt; i++)
        if (!strncmp(name, doubt[i], strlen(doubt[i])))
            return true;
    return false;
}

bool
caps_knows_paste(void)
{
    return caps_string("BE") || strncmp(caps_name(), "vt", 2) != 0;
}

/* ---- giving the terminal back, whatever happens ---- */

static const int fatal[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
#define FATAL (sizeof fatal / sizeof *fatal)

static struct {
    struct termios mode; /* as it was before us */
    char bytes[256];     /* what brings the screen back */
    size_t len;
    volatile sig_atomic_t taken;
    struct sigaction before[FATAL];
} saved;

/* Only calls that a signal handler may make. */
static void
give_back(void)
{
    if (!saved.taken)
        return;
    saved.taken = 0;
    ssize_t put = write(STDOUT_FILENO, saved.bytes, saved.len);
    (void)put;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &saved.mode);
}

static void
on_fatal(int sig)
{
    give_back();
    for (size_t i = 0; i < FATAL; i++)
        if (fatal[i] == sig)
            sigaction(sig, &saved.before[i], NULL);
    raise(sig);
}

static void
save_string(const char *s)
{
    if (!s || s == (char *)-1)
        return;
    size_t n = strlen(s);
    if (saved.len + n <= sizeof saved.bytes) {
        memcpy(saved.bytes + saved.len, s, n);
        saved.len += n;
    }
}

void
caps_guard(bool paste)
{
    static bool registered;
    saved.len = 0;
    if (paste)
        save_string("\033[?2004l");
    save_string(caps_string("sgr0"));
    save_string(caps_string("rmcup"));
    save_string(caps_string("cnorm"));
    save_string("\r");
    saved.taken = 1;
    struct sigaction sa = {.sa_handler = on_fatal};
    sigemptyset(&sa.sa_mask);
    for (size_t i = 0; i < FATAL; i++)
        sigaction(fatal[i], &sa, &saved.before[i]);
    if (!registered)
        atexit(give_back);
    registered = true;
}

bool
caps_guard_mode(void)
{
    return tcgetattr(STDIN_FILENO, &saved.mode) == 0;
}

void
caps_unguard(void)
{
    tcsetattr(STDIN_FILENO, TCSADRAIN, &saved.mode);
    saved.taken = 0;
    for (size_t i = 0; i < FATAL; i++)
        sigaction(fatal[i], &saved.before[i], NULL);
}
