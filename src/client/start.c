/* SPDX-License-Identifier: EUPL-1.2
 *
 * Where the instance and its socket are, and the private training instance:
 * made on the first start, its enfragad a child that ends with us (DESIGN 1).
 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "client/own.h"
#include "forsakran/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SYSTEM_SOCKET "/run/enfraga/enfraga.sock"
#define SYSTEM_DIR "/etc/enfraga"

enum { START_MS = 30000, STOP_MS = 10000 };

static bool
exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

static bool
is_socket(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

static enum err_code
training_dir(char out[512], struct err *e)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n;
    if (state && *state == '/')
        n = snprintf(out, 512, "%s/enfraga/ovning", state);
    else if (home && *home == '/')
        n = snprintf(out, 512, "%s/.local/state/enfraga/ovning", home);
    else
        return err_set(e, ERR_CONFIG, "%s",
                       _("neither XDG_STATE_HOME nor HOME says where training "
                         "is kept"));
    return n < 512 ? ERR_OK
                   : err_set(e, ERR_CONFIG, "%s",
                             _("the path to the training is too long"));
}

bool
client_is_training(const struct client_options *o)
{
    return o->ovning || (!o->instance && !is_socket(SYSTEM_SOCKET));
}

enum err_code
start_locate(struct client *c, const struct client_options *o, struct err *e)
{
    const char *data = getenv("ENFRAGA_DATA");
    snprintf(c->data, sizeof c->data, "%s", data && *data ? data : DATADIR);
    c->training = !o->instance && client_is_training(o);
    if (c->training) {
        enum err_code code = training_dir(c->dir, e);
        if (code)
            return code;
    } else {
        const char *dir = o->instance ? o->instance : SYSTEM_DIR;
        if (strlen(dir) >= sizeof c->dir)
            return err_set(e, ERR_CONFIG, "%s", _("the instance's path"));
        snprintf(c->dir, sizeof c->dir, "%s", dir);
    }
    if (o->instance || c->training)
        snprintf(c->socket, sizeof c->socket, "%s/run/enfraga.sock", c->dir);
    else
        snprintf(c->socket, sizeof c->socket, "%s", SYSTEM_SOCKET);
    if (strlen(c->socket) >= sizeof((struct sockaddr_un *)NULL)->sun_path)
        return err_set(e, ERR_CONFIG,
                       _("the path of the socket is longer than the system's "
                         "%zu bytes; set XDG_STATE_HOME (training) or "
                         "--instans to a shorter directory: %s"),
                       sizeof((struct sockaddr_un *)NULL)->sun_path - 1,
                       c->socket);
    return ERR_OK;
}

enum err_code
client_instance_dir(const struct client_options *o, char out[600],
                    struct err *e)
{
    struct client c = {0};
    enum err_code code = start_locate(&c, o, e);
    snprintf(out, 600, "%s", c.dir);
    return code;
}

static bool
answers(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    bool ok = connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
    close(fd);
    return ok;
}

/* Who listens must be who owns the pinned log key, or root. */
enum err_code
start_check_socket(const struct client *c, struct err *e)
{
    char pinned[600];
    struct stat socket, key;
    snprintf(pinned, sizeof pinned, "%s/log.vkey", c->dir);
    if (stat(pinned, &key))
        return err_errno(e, ERR_CONFIG, "%s", pinned);
    if (stat(c->socket, &socket))
        return err_errno(e, ERR_LOCAL, _("no enfragad at %s"), c->socket);
    if (!S_ISSOCK(socket.st_mode))
        return err_set(e, ERR_LOCAL, _("%s is no socket"), c->socket);
    if (socket.st_uid != key.st_uid && socket.st_uid != 0)
        return err_set(e, ERR_IDENTITY, _("%s belongs to another user than %s"),
                       c->socket, pinned);
    return ERR_OK;
}

/* Beside us, told by the environment (a build tree), or installed. */
static void
find_enfragad(char out[1024])
{
    const char *told = getenv("ENFRAGAD");
    char self[900];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (told && *told && access(told, X_OK) == 0) {
        snprintf(out, 1024, "%s", told);
        return;
    }
    if (n > 0) {
        self[n] = '\0';
        const char *dir = dirname(self);
        snprintf(out, 1024, "%s/enfragad", dir);
        if (access(out, X_OK) == 0)
            return;
        snprintf(out, 1024, "%s/../daemon/enfragad", dir);
        if (access(out, X_OK) == 0)
            return;
    }
    snprintf(out, 1024, "%s/enfragad", SBINDIR);
}

/* Runs enfragad with these arguments. What it says goes to DIR.log, since the
 * terminal may hold our screens; its stdout comes back in *out where that is
 * not NULL. */
static pid_t
spawn(const struct client *c, const char *const argv[], int *out)
{
    char log[600];
    int pipes[2] = {-1, -1};
    pid_t parent = getpid();
    if (out && pipe2(pipes, O_CLOEXEC))
        return -1;
    snprintf(log, sizeof log, "%s.log", c->dir);
    int said = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    pid_t pid = said < 0 || null < 0 ? -1 : fork();
    if (pid == 0) {
        sigset_t none; /* the worker that forks has all signals blocked */
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        if (!out) { /* an init ends with us; who serves, with its last user */
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            if (getppid() != parent)
                _exit(127);
        }
        dup2(null, STDIN_FILENO);
        dup2(out ? pipes[1] : said, STDOUT_FILENO);
        dup2(said, STDERR_FILENO);
        signal(SIGPIPE, SIG_DFL);
        setpgid(0, 0); /* Ctrl-C on the terminal is ours to handle */
        execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    if (said >= 0)
        close(said);
    if (null >= 0)
        close(null);
    if (out) {
        close(pipes[1]);
        *out = pipes[0];
        if (pid < 0)
            close(pipes[0]);
    }
    return pid;
}

static enum err_code
make_instance(const struct client *c, const char *enfragad, struct err *e)
{
    const char *argv[] = {enfragad, "init", c->dir, "--lage", "ovning", NULL};
    int status = 0;
    pid_t pid = spawn(c, argv, NULL);
    if (pid < 0)
        return err_errno(e, ERR_INTERNAL, "%s", enfragad);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return ERR_OK;
    return err_set(e, ERR_CONFIG,
                   _("the training instance %s could not be made; %s.log says "
                     "why"),
                   c->dir, c->dir);
}

static void
end_child(struct client *c)
{
    struct timespec ten_ms = {.tv_nsec = 10000000};
    int status;
    kill(c->child, SIGTERM);
    for (int left = STOP_MS; left > 0; left -= 10) {
        if (waitpid(c->child, &status, WNOHANG) != 0) {
            c->child = 0;
            return;
        }
        nanosleep(&ten_ms, NULL);
    }
    kill(c->child, SIGKILL);
    waitpid(c->child, &status, 0);
    c->child = 0;
}

/* Reads "redo SOCKET" from the child. */
static enum err_code
await_ready(struct client *c, int fd, struct err *e)
{
    char line[700] = "";
    size_t n = 0;
    for (int left = START_MS; left > 0; left -= 100) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, 100) <= 0)
            continue;
        ssize_t got = read(fd, line + n, sizeof line - 1 - n);
        if (got <= 0)
            break;
        n += (size_t)got;
        line[n] = '\0';
        if (strchr(line, '\n'))
            break;
    }
    if (!strncmp(line, "redo ", 5))
        return ERR_OK;
    end_child(c);
    return err_set(e, ERR_LOCAL,
                   _("the training's enfragad did not start; %s.log says why"),
                   c->dir);
}

static enum err_code
start_child(struct client *c, const char *enfragad, struct err *e)
{
    const char *argv[] = {enfragad,    "--ovning", "--foralder",
                          "--instans", c->dir,     NULL};
    int out = -1;
    pid_t pid = spawn(c, argv, &out);
    if (pid < 0)
        return err_errno(e, ERR_INTERNAL, "%s", enfragad);
    c->child = pid;
    c->child_out = out;
    return await_ready(c, out, e);
}

/* Says that this enfraga uses the private enfragad, whoever started it, until
 * client_free. Waits for one that is ending: it holds the lock alone. */
static enum err_code
take_use(struct client *c, struct err *e)
{
    char path[600];
    if (c->use_fd >= 0)
        return ERR_OK;
    snprintf(path, sizeof path, "%s.use", c->dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), got = -1;
    while (fd >= 0 && (got = flock(fd, LOCK_SH)) < 0 && errno == EINTR)
        ;
    if (got == 0) {
        c->use_fd = fd;
        return ERR_OK;
    }
    enum err_code code = err_errno(e, ERR_IO, "%s", path);
    if (fd >= 0)
        close(fd);
    return code;
}

/* One at a time: two that start together must not both make the instance. */
enum err_code
start_private(struct client *c, struct err *e)
{
    char lock[600], conf[600], enfragad[1024];
    enum err_code code = file_make_parents(c->dir, e);
    if (!code)
        code = take_use(c, e);
    if (code || answers(c->socket))
        return code;
    snprintf(lock, sizeof lock, "%s.start", c->dir);
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX)) {
        code = err_errno(e, ERR_IO, "%s", lock);
    } else if (!answers(c->socket)) {
        find_enfragad(enfragad);
        snprintf(conf, sizeof conf, "%s/enfragad.conf", c->dir);
        if (!exists(conf))
            code = make_instance(c, enfragad, e);
        if (!code)
            code = start_child(c, enfragad, e);
    }
    if (fd >= 0)
        close(fd);
    return code;
}

/* The last user ends it; before that it stays, also without who started it,
 * and ends by itself when the last has gone. */
void
start_stop(struct client *c)
{
    if (c->child_out >= 0)
        close(c->child_out);
    c->child_out = -1;
    if (c->child > 0 &&
        (c->use_fd < 0 || flock(c->use_fd, LOCK_EX | LOCK_NB) == 0))
        end_child(c);
    c->child = 0;
    if (c->use_fd >= 0)
        close(c->use_fd);
    c->use_fd = -1;
}
