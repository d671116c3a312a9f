# SPDX-License-Identifier: EUPL-1.2
"""Proves AUDIT 3: enfragad under its own uid, on a socket that was handed to
it in a directory of another's, answers a user, and that user's process can
neither read, write, cut, delete nor replace anything of the log, nor signal
or look into enfragad; and enfragad itself has given up what harden.def says.
Uids other than our own need root: without it the same test judges by the
modes of the files alone. Leaves out what the unit file takes away."""
import http.client
import os
import socket
import stat
import subprocess
import sys
import tempfile
import shutil

from instance import BUILD, SRC, run

OWN, OTHER = 64101, 64102
ROOT = os.getuid() == 0


class Host:
    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="enfraga-rights-")
        os.chmod(self.top, 0o755)
        self.home = os.path.join(self.top, "lib")
        self.run = os.path.join(self.top, "run")
        os.mkdir(self.home, 0o700)
        os.mkdir(self.run, 0o755)
        if ROOT:
            os.chown(self.home, OWN, OWN)
        self.dir = os.path.join(self.home, "i")
        self.path = os.path.join(self.run, "s")
        self.env = dict(os.environ, HOME=self.home,
                        ENFRAGA_DATA=os.path.join(SRC, "data"))
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        os.chmod(self.path, 0o666)
        self.listener.listen(16)
        subprocess.run(
            [self.program(), "init", self.dir, "--lage", "test", "--kommun",
             "Sundby kommun", "--orgnr", "162120000001", "--aktorsid",
             "999-01", "--upstream", "simulering", "--anvandare",
             "hl0142:Anna Ek:handlaggare"], check=True, env=self.env,
            capture_output=True, timeout=60, preexec_fn=self.become)
        # LISTEN_PID is the pid that exec keeps.
        self.daemon = subprocess.Popen(
            ["/bin/sh", "-c", "exec 3<&0 0</dev/null; LISTEN_PID=$$ "
             "LISTEN_FDS=1 exec \"$0\" --instans \"$1\"", self.program(),
             self.dir], env=self.env, stdin=self.listener.fileno(),
            stdout=subprocess.PIPE, text=True, preexec_fn=self.become)
        line = self.daemon.stdout.readline()
        assert line.startswith("redo "), line

    def program(self):
        """A copy that the other uid may reach, whoever owns the build."""
        to = os.path.join(self.top, "enfragad")
        if not os.path.exists(to):
            shutil.copy(os.path.join(BUILD, "enfragad"), to)
        return to

    @staticmethod
    def become():
        if ROOT:
            os.setgroups([])
            os.setgid(OWN)
            os.setuid(OWN)

    def end(self):
        self.daemon.terminate()
        rc = self.daemon.wait(30)
        self.listener.close()
        shutil.rmtree(self.top)
        assert rc == 0, rc


def as_other(fn, *args):
    """fn in a process of another uid: True when it was denied."""
    pid = os.fork()
    if pid == 0:
        code = 2
        try:
            os.setgroups([])
            os.setgid(OTHER)
            os.setuid(OTHER)
            fn(*args)
            code = 1
        except PermissionError:
            code = 0
        except BaseException as e:
            print(e, file=sys.stderr)
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def files(top):
    for at, dirs, names in os.walk(top):
        for n in dirs + names:
            yield os.path.join(at, n)


def test_another_user_reaches_nothing():
    h = Host()
    try:
        paths = list(files(h.dir))
        assert {"audit.db", "register.db"} <= {os.path.basename(p)
                                               for p in paths}
        for p in paths:
            mode = os.lstat(p).st_mode
            if not p.endswith((".vkey", ".crt")):  # what is published
                assert not stat.S_IMODE(mode) & 0o077, (p, oct(mode))
        if not ROOT:
            return
        pid = h.daemon.pid
        for p in paths:
            if os.path.isfile(p):
                assert as_other(open, p, "rb"), p
                assert as_other(open, p, "r+b"), p
                assert as_other(os.truncate, p, 0), p
            assert as_other(os.rename, p, p + ".x"), p
        assert as_other(os.unlink, os.path.join(h.dir, "audit.db"))
        assert as_other(os.listdir, h.home)
        assert as_other(os.mkdir, os.path.join(h.home, "x"))
        assert as_other(os.unlink, h.path), "the socket could be replaced"
        assert as_other(os.rename, h.path, h.path + ".x")
        assert as_other(os.kill, pid, 9)
        for what in ("mem", "environ", "maps"):
            assert as_other(open, f"/proc/{pid}/{what}", "rb"), what
    finally:
        h.end()


def test_a_handed_over_socket_is_answered_and_left():
    h = Host()
    try:
        c = http.client.HTTPConnection("localhost")
        c.sock = socket.socket(socket.AF_UNIX)
        c.sock.settimeout(20)
        c.sock.connect(h.path)
        c.request("GET", "/v1/status")
        r = c.getresponse()
        assert r.status in (200, 403), r.status
        r.read()
        c.close()
    finally:
        h.daemon.terminate()
        h.daemon.wait(30)
        assert os.path.exists(h.path)
        h.end()


def test_enfragad_has_given_up_what_it_needs_not():
    h = Host()
    try:
        for task in os.listdir(f"/proc/{h.daemon.pid}/task"):
            with open(f"/proc/{h.daemon.pid}/task/{task}/status") as f:
                status = dict(line.rstrip("\n").split(":\t", 1)
                              for line in f if ":\t" in line)
            assert status["Seccomp"] == "2", status["Seccomp"]
            assert status["NoNewPrivs"] == "1"
        with open(f"/proc/{h.daemon.pid}/limits") as f:
            core = [x for x in f if x.startswith("Max core file size")][0]
        assert core.split()[4:6] == ["0", "0"], core
    finally:
        h.end()


if __name__ == "__main__":
    run([(n, f) for n, f in list(globals().items()) if n.startswith("test_")])
