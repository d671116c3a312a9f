# SPDX-License-Identifier: EUPL-1.2
"""What the tests of witness and collector share: such an instance as a child,
raw requests to its socket, and a throwaway PostgreSQL cluster."""
import glob
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import instance as I

for at in ("lib", os.path.join("unit", "proof")):
    sys.path.insert(0, os.path.join(I.SRC, "tests", at))
import tlog  # noqa: E402


class Role:
    """enfragad as `vittne` or `insamling`, in a directory of its own."""

    def __init__(self, roll, name, *more):
        self.top = tempfile.mkdtemp(prefix="enfraga-roll-")
        self.dir = os.path.join(self.top, "v")
        self.daemon = None
        self.env = dict(os.environ, ENFRAGA_DATA=os.path.join(I.SRC, "data"),
                        TEXTDOMAINDIR=os.path.join(I.BUILD, "po", "locale"))
        r = self.run("init", self.dir, "--roll", roll, "--namn", name,
                     "--lage", "test", *more)
        assert r.returncode == 0, r.stderr
        self.socket = os.path.join(self.dir, "run", "enfraga.sock")
        with open(os.path.join(self.dir, "vittne.vkey")) as f:
            self.vkey = f.read().strip()

    def run(self, *args):
        return subprocess.run([os.path.join(I.BUILD, "enfragad"), *args],
                              env=self.env, capture_output=True, text=True,
                              timeout=60, stdin=subprocess.DEVNULL)

    def command(self, *args):
        return self.run("--instans", self.dir, *args)

    def know(self, vkey):
        with open(os.path.join(self.dir, "loggar"), "a") as f:
            f.write(vkey + "\n")

    def conf(self, text):
        with open(os.path.join(self.dir, "enfragad.conf"), "a") as f:
            f.write(text)

    def serve(self):
        self.daemon = subprocess.Popen(
            [os.path.join(I.BUILD, "enfragad"), "--instans", self.dir],
            env=self.env, stdout=subprocess.PIPE, text=True,
            stderr=open(os.path.join(self.top, "stderr"), "ab"))
        line = self.daemon.stdout.readline()
        assert line.startswith("redo "), (line, self.stderr())

    def stderr(self):
        with open(os.path.join(self.top, "stderr"), errors="replace") as f:
            return f.read()

    def stop(self):
        if self.daemon:
            self.daemon.terminate()
            rc = self.daemon.wait(30)
            self.daemon = None
            assert rc == 0, (rc, self.stderr())

    def kill(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait(10)
        self.daemon = None

    def remove(self):
        if self.daemon:
            self.daemon.kill()
            self.daemon.wait(10)
        shutil.rmtree(self.top, ignore_errors=True)

    def request(self, method, path, body=None):
        return request(self.socket, method, path, body)

    def head(self, origin):
        word = tlog.sha(origin.encode()).hex()
        prefix = "vittne" if os.path.exists(
            os.path.join(self.dir, "vittne.db")) else "insamling"
        return self.request("GET", f"/v1/{prefix}/{word}/checkpoint")


def connect(path):
    """A connection over a Unix socket; whoever asks closes it."""
    c = http.client.HTTPConnection("localhost", timeout=30)
    c.sock = socket.socket(socket.AF_UNIX)
    c.sock.settimeout(30)
    c.sock.connect(path)
    return c


def request(path, method, url, body=None, headers=None):
    """(status, content type, body) over a Unix socket."""
    c = connect(path)
    c.request(method, url, body, headers or {})
    r = c.getresponse()
    got = (r.status, r.getheader("Content-Type"), r.read())
    c.close()
    return got


def note_size(note):
    return int(note.split("\n")[1])


class Postgres:
    """A cluster in a scratch directory, on a Unix socket, never as root."""

    def __init__(self):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
        initdb = found[-1] if found else shutil.which("initdb")
        if not initdb or "HAVE_POSTGRESQL 1" not in open(
                os.path.join(I.BUILD, "config.h")).read():
            print("PostgreSQL is missing")
            sys.exit(77)
        self.bin = os.path.dirname(initdb)
        self.dir = tempfile.mkdtemp(prefix="enfraga-pg-")
        self.drop = []
        if os.getuid() == 0:
            shutil.chown(self.dir, "nobody")
            self.drop = ["setpriv", "--reuid=nobody", "--regid=nogroup",
                         "--clear-groups"]
        self.server = None
        self.run("initdb", "-D", self.dir + "/data", "-U", "agare", "-A",
                 "trust", "-E", "UTF8", "--locale=C", "-N")
        self.start()
        self.psql("CREATE DATABASE logg", db="postgres")
        subprocess.run(
            [self.bin + "/psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.dir,
             "-U", "agare", "-d", "logg", "-f",
             os.path.join(I.SRC, "data", "schema", "insamling.sql")],
            check=True, capture_output=True, timeout=60)
        for who in ("insamlare", "granskare", "gallrare"):
            self.psql(f"CREATE ROLE {who} LOGIN IN ROLE enfraga_{who}")

    def run(self, program, *args):
        r = subprocess.run([*self.drop, os.path.join(self.bin, program), *args],
                           capture_output=True, text=True, timeout=120,
                           cwd=self.dir, env={"PATH": os.environ["PATH"],
                                              "LC_ALL": "C"})
        assert r.returncode == 0, (program, r.stdout, r.stderr)
        return r.stdout

    def start(self):
        self.server = subprocess.Popen(
            [*self.drop, os.path.join(self.bin, "postgres"), "-D",
             self.dir + "/data", "-k", self.dir, "-c", "listen_addresses=",
             "-c", "unix_socket_permissions=0777"],
            cwd=self.dir, stdout=subprocess.DEVNULL,
            stderr=open(os.path.join(I.BUILD, "postgres-test.log"), "ab"),
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"})
        assert I.wait_for(lambda: subprocess.run(
            [self.bin + "/pg_isready", "-q", "-h", self.dir, "-U", "agare"],
            timeout=10).returncode == 0, 30), "PostgreSQL did not start"

    def conninfo(self, who):
        return f"host={self.dir} dbname=logg user={who}"

    def psql(self, sql, who="agare", db="logg", ok=True):
        r = subprocess.run(
            [self.bin + "/psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h",
             self.dir, "-U", who, "-d", db, "-c", sql],
            capture_output=True, text=True, timeout=60)
        assert not ok or r.returncode == 0, r.stderr
        return r.stdout.strip() if ok else r

    def stop(self):
        if self.server:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(30)
            self.server = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)
