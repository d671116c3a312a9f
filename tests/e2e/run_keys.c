/* SPDX-License-Identifier: EUPL-1.2
 *
 * Runs a terminal script and compares what the screen showed with the golden
 * file beside it: run_keys CASE.keys reads CASE.keys and CASE.screen. With
 * ENFRAGA_UPDATE_SCREENS set it writes CASE.screen anew (make update-screens).
 *
 * A script is lines; "#" begins a comment. Before `run`:
 *   size COLSxROWS            80x24
 *   term NAME                 xterm-256color
 *   keys xterm|vt220|putty|linux
 *   latin1                    the terminal is ISO-8859-1
 *   env NAME=value
 *   run PROGRAM [ARG...]      $builddir and $srcdir and $tmp (a new directory)
 *                             are replaced; PROGRAM is looked up in PATH
 * Then, in any order:
 *   wait TEXT                 until a row holds TEXT; failing that, the test
 *                             fails and the screen is printed
 *   gone TEXT                 until no row does
 *   type KEY...               F5 Down Enter Esc C-a M-b Space x
 *   text TEXT                 typed as it stands
 *   paste TEXT                a bracketed paste
 *   resize COLSxROWS
 *   quiet MS                  nothing at all may be sent for so long
 *   most BYTES                no more than that since the last `type`, `text`,
 *                             `resize` or `mark`
 *   mark                      counts from here
 *   screen NAME               the screen, as text, goes to the golden file
 *   attrs NAME                the same with attributes
 *   not TEXT                  no row holds TEXT
 *   cursor TEXT               the cursor stands on the first cell of TEXT
 *   signal HUP|TERM|TSTP
 *   end STATUS                the program ends with it
 *   hide FROM..TO             for what differs from run to run: on screens
 *                             from here on, what stands between FROM and TO in
 *                             a row becomes dots of its length
 *
 * Exit: 0 as expected, 1 not, 77 skipped, 99 the script is wrong. It proves
 * what the user sees; not what is in the program's memory.
 */
#include "config.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "tests/lib/te2e.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENV_MAX = 32, ARG_MAX_N = 32, HIDE_MAX = 16 };

static struct {
    const char *file;
    int line;
    struct tty_options o;
    char *env[ENV_MAX + 1];
    int n_env;
    char *hide[HIDE_MAX][2];
    int n_hide;
    char tmp[64];
    struct tty *tty;
    size_t mark;
    struct buf got;
} run;

static void
fail(const char *what, const char *text)
{
    fprintf(stderr, "%s:%d: %s %s\n", run.file, run.line, what, text);
    if (run.tty) {
        AUTO_BUF(b, 1u << 20);
        int row, col;
        tty_screen(run.tty, &b);
        tty_cursor(run.tty, &row, &col);
        fprintf(stderr, "---- screen, cursor at %d,%d\n%s----\n", row, col,
                buf_str(&b));
    }
    tty_free(&run.tty);
    exit(1);
}

static void
wrong(const char *why)
{
    fprintf(stderr, "%s:%d: %s\n", run.file, run.line, why);
    tty_free(&run.tty);
    exit(99);
}

/* $builddir, $srcdir, $tmp and other variables of the environment. */
static char *
expand(const char *s)
{
    AUTO_BUF(b, 1u << 16);
    while (*s) {
        size_t n = strcspn(s, "$");
        buf_add(&b, s, n);
        s += n;
        if (!*s)
            break;
        n = strspn(++s,
                   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        char name[64] = "";
        memcpy(name, s, n < sizeof name ? n : sizeof name - 1);
        const char *v = !strcmp(name, "tmp") ? run.tmp : getenv(name);
        buf_adds(&b, v ? v : "");
        s += n;
    }
    char *out = buf_take(&b);
    return out ? out : mem_strdup("");
}

static void
start(const char *command)
{
    char *words = expand(command), *save = NULL;
    const char *argv[ARG_MAX_N + 1] = {NULL};
    int n = 0;
    for (char *w = strtok_r(words, " ", &save); w && n < ARG_MAX_N;
         w = strtok_r(NULL, " ", &save))
        argv[n++] = w;
    run.o.env = (const char *const *)run.env;
    if (run.tty || !n)
        wrong("run: one program");
    if (strchr(argv[0], '/') && access(argv[0], X_OK)) {
        printf("%s is missing\n", argv[0]);
        exit(77);
    }
    run.tty = tty_start(&run.o, argv);
    free(words);
    if (!run.tty)
        fail("cannot start", command);
}

static bool
size(const char *s, int *cols, int *rows)
{
    char *end;
    *cols = (int)strtol(s, &end, 10);
    *rows = *end == 'x' ? (int)strtol(end + 1, &end, 10) : 0;
    return *cols > 0 && *rows > 0 && !*end;
}

/* Dots instead of what stands between FROM and TO. */
static void
conceal(char *text)
{
    for (int i = 0; i < run.n_hide; i++) {
        const char *from = run.hide[i][0], *to = run.hide[i][1];
        for (char *p = text; (p = strstr(p, from)) != NULL;) {
            p += strlen(from);
            char *end = *to ? strstr(p, to) : NULL, *eol = strchr(p, '\n');
            if (!end || (eol && eol < end))
                end = eol ? eol : p + strlen(p);
            for (; p < end; p++)
                *p = *p == ' ' || *p == '\n' ? *p : '.';
        }
    }
}

static void
take_screen(const char *name, bool attrs)
{
    AUTO_BUF(b, 1u << 20);
    int row, col, rows, cols;
    tty_settle(run.tty, 80);
    tty_cursor(run.tty, &row, &col);
    tty_size(run.tty, &rows, &cols);
    if (attrs)
        tty_screen_attrs(run.tty, &b);
    else
        tty_screen(run.tty, &b);
    if (b.data)
        conceal(b.data);
    buf_addf(&run.got, "=== %s %dx%d cursor %d,%d\n%s", name, cols, rows,
             row + 1, col + 1, buf_str(&b));
}

/* The text as it stands from the cursor on. */
static void
check_cursor(const char *text)
{
    int row, col;
    AUTO_BUF(b, 1u << 16);
    tty_settle(run.tty, 80);
    tty_cursor(run.tty, &row, &col);
    tty_row(run.tty, row, &b);
    const char *line = buf_str(&b);
    if (strncmp(line + text_fit(line, col), text, strlen(text)) != 0)
        fail("the cursor is not on", text);
    if (!tty_cursor_visible(run.tty))
        fail("the cursor is hidden, at", text);
}

static bool
before_run(const char *word, const char *rest)
{
    static const char *const forms[] = {"xterm", "vt220", "putty", "linux"};
    if (!strcmp(word, "size")) {
        if (!size(rest, &run.o.cols, &run.o.rows))
            wrong("size COLSxROWS");
    } else if (!strcmp(word, "term")) {
        run.o.term = mem_strdup(rest);
    } else if (!strcmp(word, "latin1")) {
        run.o.latin1 = true;
    } else if (!strcmp(word, "env") && run.n_env < ENV_MAX) {
        run.env[run.n_env++] = expand(rest);
    } else if (!strcmp(word, "keys")) {
        for (int i = 0; i < 4; i++)
            if (!strcmp(forms[i], rest))
                run.o.keys = (enum tty_keys)i;
    } else if (!strcmp(word, "run")) {
        start(rest);
    } else {
        return false;
    }
    return true;
}

static bool
checks(const char *word, const char *rest)
{
    AUTO_BUF(b, 1u << 20);
    if (!strcmp(word, "wait")) {
        if (!tty_wait(run.tty, rest, 0))
            fail("did not come:", rest);
    } else if (!strcmp(word, "gone")) {
        if (!tty_wait_gone(run.tty, rest, 0))
            fail("stayed:", rest);
    } else if (!strcmp(word, "not")) {
        tty_settle(run.tty, 80);
        tty_screen(run.tty, &b);
        if (strstr(buf_str(&b), rest))
            fail("is there:", rest);
    } else if (!strcmp(word, "cursor")) {
        check_cursor(rest);
    } else if (!strcmp(word, "quiet")) {
        tty_settle(run.tty, 120);
        if (tty_run(run.tty, (int)strtol(rest, NULL, 10)))
            fail("bytes were sent while idle for", rest);
    } else if (!strcmp(word, "most")) {
        tty_settle(run.tty, 80);
        size_t n = tty_bytes(run.tty) - run.mark;
        if (n > (size_t)strtol(rest, NULL, 10)) {
            fprintf(stderr, "%zu bytes\n", n);
            fail("more bytes than", rest);
        }
    } else if (!strcmp(word, "screen") || !strcmp(word, "attrs")) {
        take_screen(rest, *word == 'a');
    } else if (!strcmp(word, "end")) {
        if (tty_status(run.tty, 10000) != (int)strtol(rest, NULL, 10))
            fail("did not end with", rest);
    } else {
        return false;
    }
    return true;
}

static bool
deeds(const char *word, const char *rest)
{
    int cols, rows;
    run.mark = tty_bytes(run.tty);
    if (!strcmp(word, "type")) {
        if (!tty_type(run.tty, rest))
            wrong("type: unknown key");
    } else if (!strcmp(word, "text")) {
        tty_text(run.tty, rest);
    } else if (!strcmp(word, "paste")) {
        tty_paste(run.tty, rest);
    } else if (!strcmp(word, "resize") && size(rest, &cols, &rows)) {
        tty_settle(run.tty, 80);
        tty_resize(run.tty, rows, cols);
    } else if (!strcmp(word, "signal")) {
        tty_signal(run.tty, !strcmp(rest, "HUP")    ? SIGHUP
                            : !strcmp(rest, "TERM") ? SIGTERM
                                                    : SIGTSTP);
    } else if (strcmp(word, "mark") != 0) {
        return false;
    }
    return true;
}

static void
do_line(char *line)
{
    size_t n = strcspn(line, "\n");
    line[n] = '\0';
    if (!*line || *line == '#')
        return;
    char *rest = line + strcspn(line, " ");
    if (*rest)
        *rest++ = '\0';
    if (!strcmp(line, "hide")) {
        char *to = strstr(rest, "..");
        if (!to || run.n_hide == HIDE_MAX)
            wrong("hide FROM..TO");
        *to = '\0';
        run.hide[run.n_hide][0] = mem_strdup(rest);
        run.hide[run.n_hide++][1] = mem_strdup(to + 2);
    } else if (!run.tty ? !before_run(line, rest)
                        : !checks(line, rest) && !deeds(line, rest)) {
        wrong(run.tty ? "not a command" : "not a command before run");
    }
}

static void
read_all(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "r");
    char b[4096];
    size_t n;
    while (f && (n = fread(b, 1, sizeof b, f)) > 0)
        buf_add(out, b, n);
    if (f)
        fclose(f);
}

static int
compare(const char *golden, bool update)
{
    AUTO_BUF(want, 4u << 20);
    read_all(golden, &want);
    if (!strcmp(buf_str(&want), buf_str(&run.got)))
        return 0;
    if (update) {
        FILE *f = fopen(golden, "w");
        if (!f || fputs(buf_str(&run.got), f) < 0 || fclose(f))
            return 99;
        printf("%s written\n", golden);
        return 0;
    }
    char actual[128];
    snprintf(actual, sizeof actual, "%s/actual.screen", run.tmp);
    FILE *f = fopen(actual, "w");
    if (f) {
        fputs(buf_str(&run.got), f);
        fclose(f);
    }
    fprintf(stderr, "%s differs from what was shown:\n", golden);
    fflush(stderr);
    AUTO_BUF(cmd, 4096);
    buf_addf(&cmd, "diff -u '%s' '%s' >&2; rm -f '%s'", golden, actual, actual);
    if (system(buf_str(&cmd)) < 0)
        perror("diff");
    return 1;
}

static void
tidy(void)
{
    AUTO_BUF(cmd, 256);
    buf_addf(&cmd, "rm -rf '%s'", run.tmp);
    if (run.tmp[0] && system(buf_str(&cmd)) < 0)
        perror("rm");
    buf_done(&run.got);
    mem_free_str((char **)&run.o.term);
    for (int i = 0; i < run.n_env; i++)
        mem_free_str(&run.env[i]);
    for (int i = 0; i < run.n_hide; i++)
        for (int k = 0; k < 2; k++)
            mem_free_str(&run.hide[i][k]);
}

int
main(int argc, char **argv)
{
    bool update = getenv("ENFRAGA_UPDATE_SCREENS") != NULL;
    if (argc != 2)
        return 99;
    run.file = argv[1];
    size_t n = strlen(run.file);
    FILE *f = n > 5 && !strcmp(run.file + n - 5, ".keys") ? fopen(run.file, "r")
                                                          : NULL;
    if (!f) {
        fprintf(stderr, "%s: %s\n", run.file, strerror(errno));
        return 99;
    }
    snprintf(run.tmp, sizeof run.tmp, "/tmp/enfraga-keys-XXXXXX");
    if (!mkdtemp(run.tmp))
        return 99;
    atexit(tidy);
    buf_init(&run.got, 4u << 20);
    char line[2048];
    while (fgets(line, sizeof line, f)) {
        run.line++;
        do_line(line);
    }
    fclose(f);
    tty_free(&run.tty);
    AUTO_BUF(golden, 4096);
    buf_add(&golden, run.file, n - 5);
    buf_adds(&golden, ".screen");
    return run.got.len ? compare(buf_str(&golden), update) : 0;
}
