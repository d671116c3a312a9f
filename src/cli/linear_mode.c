/* SPDX-License-Identifier: EUPL-1.2
 *
 * The linear mode (UX 14): append only, every choice a number or a word, for
 * screen readers and plain terminals. It does the whole main job: open the
 * session, sign, find a case, ask about the household, hear the answer. At
 * every question: `<` back, `!` lock, `?` help, `=` the last answer again,
 * `om` the list again.
 */
#include "config.h"

#include "cli/cli.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/linear_own.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

void
linear_say(const char *s)
{
    fputs(s, stdout);
    putchar('\n');
    fflush(stdout);
}

/* One line without its end; false at the end of input. */
static bool
read_line(char *out, size_t size)
{
    if (!fgets(out, (int)size, stdin))
        return false;
    size_t n = strlen(out);
    if (n && out[n - 1] != '\n')
        for (int c; (c = getchar()) != '\n' && c != EOF;)
            ;
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

/* ---- the passphrase is not echoed; the terminal echoes again however it
 * ends ---- */

static const int enders[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define ENDERS (sizeof enders / sizeof *enders)
static struct termios echoing;

static void
on_ender(int sig)
{
    tcsetattr(STDIN_FILENO, TCSANOW, &echoing);
    raise(sig); /* SA_RESETHAND: the default now */
}

static bool
read_secret(const char *prompt, char *out, size_t size)
{
    struct sigaction sa = {.sa_handler = on_ender, .sa_flags = SA_RESETHAND};
    struct sigaction stay = {.sa_handler = SIG_IGN}, before[ENDERS];
    bool tty = tcgetattr(STDIN_FILENO, &echoing) == 0;
    fputs(prompt, stdout);
    fflush(stdout);
    if (tty) {
        struct termios quiet = echoing;
        for (size_t i = 0; i < ENDERS; i++)
            sigaction(enders[i], enders[i] == SIGTSTP ? &stay : &sa,
                      &before[i]);
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    bool ok = read_line(out, size);
    if (tty) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &echoing);
        for (size_t i = 0; i < ENDERS; i++)
            sigaction(enders[i], &before[i], NULL);
        putchar('\n');
    }
    return ok;
}

static enum err_code
unlock_with(struct linear *l, const char *passphrase, struct err *e)
{
    client_unlock(l->client, passphrase, NULL, NULL);
    return client_wait(l->client, e);
}

/* Three tries; then the session ends (UX 15, message 12). */
bool
linear_unlock(struct linear *l)
{
    char typed[1024];
    struct err e = {0};
    if (client_unlocked(l->client))
        return true;
    if (client_me(l->client)->has_losen && unlock_with(l, NULL, &e) == ERR_OK)
        return true;
    for (int left = 3; left > 0; left--) {
        if (!read_secret(_("Passphrase: "), typed, sizeof typed))
            return false;
        enum err_code code = unlock_with(l, typed, &e);
        mem_wipe(typed, sizeof typed);
        if (code == ERR_OK)
            return true;
        if (code != ERR_PASSPHRASE) {
            linear_trouble(code, &e);
            return false;
        }
        printf(_("The passphrase is not right. %d tries left.\n"), left - 1);
    }
    return false;
}

void
linear_trouble(enum err_code code, const struct err *e)
{
    printf("%s %s", _("Error:"), gettext(err_row(code)->message));
    if (e->text[0])
        printf(" (%s)", e->text);
    putchar('\n');
    fflush(stdout);
}

enum linear_reply
linear_ask(struct linear *l, const char *prompt, char *out, size_t size)
{
    for (;;) {
        fputs(prompt, stdout);
        putchar(' ');
        fflush(stdout);
        if (!read_line(out, size))
            return LINEAR_END;
        if (!strcmp(out, "<"))
            return LINEAR_BACK;
        if (!strcmp(out, "om"))
            return LINEAR_AGAIN;
        if (!strcmp(out, "=")) {
            fputs(l->last.len ? buf_str(&l->last) : _("Nothing yet.\n"),
                  stdout);
        } else if (!strcmp(out, "?")) {
            linear_say(_("Write a number or a word from the line. < goes "
                         "back, ! locks, = repeats the last answer, om lists "
                         "again. End of input leaves."));
        } else if (!strcmp(out, "!")) {
            client_lock(l->client);
            linear_say(_("Locked."));
            if (!linear_unlock(l))
                return LINEAR_END;
        } else {
            return LINEAR_ANSWER;
        }
    }
}

void
linear_last(struct linear *l, const struct buf *b)
{
    buf_clear(&l->last);
    buf_add(&l->last, buf_str(b), b->len);
    fputs(buf_str(b), stdout);
    fflush(stdout);
}

/* Signing: each undertaking is said and answered by itself. */
static bool
sign(struct linear *l)
{
    static const char *const names[] = {
        N_("1 Need. I search only in cases that I handle, when it is needed."),
        N_("2 Intrusion. A search without need is a crime."),
        N_("3 Silence. I do not disclose what I read."),
        N_("4 Logging. I know that all access is logged and reviewed.")};
    const struct client_me *me = client_me(l->client);
    char typed[1024];
    bool ticks[4];
    struct err e = {0};
    linear_say(_("The försäkran must be signed first. Its text:"));
    if (me->wording)
        linear_say(me->wording);
    for (int i = 0; i < 4; i++) {
        linear_say(gettext(names[i]));
        if (linear_ask(l, _("Write yes to undertake it:"), typed,
                       sizeof typed) != LINEAR_ANSWER)
            return false;
        ticks[i] = !strcmp(typed, _("yes"));
        if (!ticks[i]) {
            linear_say(_("Not signed. All four are needed."));
            return false;
        }
    }
    bool file = me->has_losen;
    if (!file && !read_secret(_("Passphrase: "), typed, sizeof typed))
        return false;
    client_sign_forsakran(l->client, ticks, NULL, NULL, file ? NULL : typed,
                          NULL, NULL);
    enum err_code code = client_wait(l->client, &e);
    mem_wipe(typed, sizeof typed);
    if (code) {
        linear_trouble(code, &e);
        return false;
    }
    printf(_("Signed. It holds until %s.\n"), me->forsakran_till);
    return true;
}

static void
list_cases(const struct client_case *list, int n)
{
    for (int i = 0; i < n; i++) {
        char asked[11];
        printf("%d %s", i + 1, list[i].arende);
        if (list[i].namn[0])
            printf(", %s", list[i].namn);
        if (list[i].asked_ms) {
            clock_date(list[i].asked_ms, asked);
            printf(_(", asked %s"), asked);
        } else {
            fputs(_(", never asked"), stdout);
        }
        puts(".");
    }
    if (!n)
        linear_say(_("No case of yours fits. The search is logged. Your chef "
                     "can give access."));
}

/* Chooses a case by its place in the list, or searches. */
static bool
choose_case(struct linear *l)
{
    char typed[256], arende[ARENDE_MAX + 1];
    struct err e = {0};
    bool list_again = true;
    client_cases(l->client, NULL, NULL);
    for (;;) {
        int n = 0;
        enum err_code code = list_again ? client_wait(l->client, &e) : ERR_OK;
        const struct client_case *list = client_case_list(l->client, &n);
        if (code)
            linear_trouble(code, &e);
        else if (list_again)
            list_cases(list, n);
        list_again = false;
        enum linear_reply r =
            linear_ask(l, _("Case: a number from the list, or search:"), typed,
                       sizeof typed);
        if (r == LINEAR_END || r == LINEAR_BACK)
            return false;
        if (r == LINEAR_AGAIN || !typed[0]) {
            client_cases(l->client, NULL, NULL);
            list_again = true;
            continue;
        }
        long at = strspn(typed, "0123456789") == strlen(typed)
                      ? strtol(typed, NULL, 10)
                      : 0;
        if (at < 1 || at > n) {
            client_search(l->client, typed, NULL, NULL);
            mem_wipe(typed, sizeof typed);
            list_again = true;
            continue;
        }
        snprintf(arende, sizeof arende, "%s", list[at - 1].arende);
        client_open_case(l->client, arende, NULL, NULL);
        if ((code = client_wait(l->client, &e)) == ERR_OK)
            return true;
        linear_trouble(code, &e);
    }
}

/* What stdout has let go of would stand in its buffer until it is filled. */
static char said[BUFSIZ];

static void
forget_case(struct linear *l)
{
    linear_case_free(l);
    buf_clear(&l->last);
    client_leave_case(l->client);
    if (!fflush(stdout))
        mem_wipe(said, sizeof said);
}

int
linear_mode(struct cli *cli)
{
    struct linear l = {0};
    struct err e = {0};
    struct client_options screens = cli->options;
    if (client_is_training(&screens) && !screens.instance && !screens.konto)
        cli->options.konto = "elev"; /* as the screens do */
    enum err_code code = cli_open(cli, false, &e);
    if (code)
        return cli_fail(code, &e);
    /* A passphrase must not stay in stdin's buffer. */
    setvbuf(stdin, NULL, _IONBF, 0);
    setvbuf(stdout, said, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, sizeof said);
    l.cli = cli;
    l.client = cli->client;
    buf_init(&l.last, 4 << 20);
    const struct client_status *s = client_status(l.client);
    const struct client_me *me = client_me(l.client);
    printf("enfraga. %s, %s. %s.\n", me->namn, s->kommun,
           s->mode == MODE_SKARP  ? "SKARP"
           : s->mode == MODE_TEST ? "TEST"
                                  : _("ÖVNING, no real persons"));
    AUTO_BUF(key, 512);
    client_key_text(me, &key);
    printf("%s.\n", buf_str(&key));
    bool ok = linear_unlock(&l);
    if (ok && me->forsakran != FORSAKRAN_GILTIG)
        ok = sign(&l);
    while (ok && choose_case(&l)) {
        linear_case(&l);
        forget_case(&l);
    }
    buf_done(&l.last);
    return ok ? 0
              : err_row(client_unlocked(l.client) ? ERR_FORSAKRAN
                                                  : ERR_PASSPHRASE)
                    ->exit;
}
