# SPDX-License-Identifier: EUPL-1.2
"""What the end-to-end tests of the two programs share: an instance in a
scratch directory, enfragad as a child, enfraga's commands, a fake service,
and a runner that reports in cmocka's words. Everything listens on loopback
or a Unix socket, and is ended by the process that started it."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request

BUILD = os.environ.get("builddir", os.getcwd())
SRC = os.environ.get("srcdir", os.path.join(os.path.dirname(__file__), "..", ".."))
SHARED = os.environ.get("ENFRAGA_SHARED", os.path.join(SRC, "..", "shared"))
FAKE = os.path.join(SHARED, "tools", "ssbtek", "fake_ssbtek.py")
# The plain build only: sanitizers multiply memory and time.
SANITIZED = "-fsanitize=address" in open(os.path.join(BUILD, "Makefile")).read()
ARENDE = "EK-2026-00417"
PERSON = "197407029284"

CASES = {
    "schema": "enfraga.arenden/1",
    "arenden": [{
        "arende": ARENDE, "slag": "ekonomiskt_bistand", "lage": "pagaende",
        "enhet": "Norr", "oppnat": "2026-01-10", "avslutat": None,
        "handlaggare": ["hl0142"], "jav": [],
        "personer": [{"personnummer": PERSON, "namn": "Ek, Anna",
                      "roll": "sokande", "sekretess": False}]}]}


def need_shared():
    if not os.path.exists(FAKE):
        print("ENFRAGA_SHARED is missing")
        sys.exit(77)


class Fake:
    """The stand-in for the national service, on a port of its own."""

    def __init__(self, *options):
        self.p = subprocess.Popen(
            [sys.executable, FAKE, "--port", "0", *options],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.p.stdout.readline()
        self.base = re.search(r"https?://127\.0\.0\.1:\d+", line).group(0)
        self.url = self.base + "/ssbtek"

    def control(self, **cfg):
        r = urllib.request.Request(self.base + "/__control",
                                   json.dumps(cfg).encode(), method="POST")
        urllib.request.urlopen(r, timeout=5).read()

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=5) as f:
            return json.load(f)

    def reset(self):
        r = urllib.request.Request(self.base + "/__reset", b"", method="POST")
        urllib.request.urlopen(r, timeout=5).read()

    def stop(self):
        self.p.terminate()
        self.p.wait(10)


class Instance:
    """init (url None: simulering), importera, serve; a försäkran signed by hl0142 unless told not."""

    def __init__(self, url, extra_conf="", sign=True, serve=True,
                 kontrakt="v10", tables=None, upstream="ssbtek", cases=CASES,
                 users=()):
        self.top = tempfile.mkdtemp(prefix="enfraga-e2e-")
        self.dir = os.path.join(self.top, "i")
        self.env = dict(os.environ, HOME=self.top, XDG_STATE_HOME=self.top,
                        ENFRAGA_DATA=os.path.join(SRC, "data"),
                        TEXTDOMAINDIR=os.path.join(BUILD, "po", "locale"))
        for name in ("ENFRAGA_INSTANS", "ENFRAGA_KONTO", "ENFRAGA_LOSEN_FIL"):
            self.env.pop(name, None)
        self.daemon = None
        self.check(self.enfragad_run(
            "init", self.dir, "--lage", "test", "--kommun", "Sundby kommun",
            "--orgnr", "162120000001", "--aktorsid", "999-01", "--upstream",
            *([upstream, "--url", url] if url else ["simulering"]),
            "--kontrakt", kontrakt, "--anvandare",
            "hl0142:Anna Ek:handlaggare", "--anvandare",
            "hl0143:Bo Ask:handlaggare", "--anvandare",
            "chef07:Maria Sund:chef",
            *(x for u in users for x in ("--anvandare", u))))
        with open(os.path.join(self.dir, "enfragad.conf"), "a") as f:
            f.write(extra_conf)
        for name, text in (tables or {}).items():
            with open(os.path.join(self.dir, name), "w") as f:
                f.write(text)
        path = os.path.join(self.top, "arenden.json")
        with open(path, "w") as f:
            json.dump(cases, f)
        self.check(self.enfragad_run("--instans", self.dir, "importera", path))
        if serve:
            self.serve()
        if serve and sign:
            self.check(self.sign())

    def check(self, r):
        assert r.returncode == 0, (r.args, r.returncode, r.stdout, r.stderr)
        return r

    def enfragad_run(self, *args):
        return subprocess.run([os.path.join(BUILD, "enfragad"), *args],
                              env=self.env, capture_output=True, text=True,
                              timeout=120, stdin=subprocess.DEVNULL)

    def serve(self):
        self.daemon = subprocess.Popen(
            [os.path.join(BUILD, "enfragad"), "--instans", self.dir],
            env=self.env, stdout=subprocess.PIPE, text=True,
            stderr=open(os.path.join(self.top, "stderr"), "ab"))
        line = self.daemon.stdout.readline()
        assert line.startswith("redo "), (line, self.stderr())

    def stderr(self):
        with open(os.path.join(self.top, "stderr"), errors="replace") as f:
            return f.read()

    def enfraga(self, *args, konto="hl0142", timeout=120):
        return subprocess.run(
            [os.path.join(BUILD, "enfraga"), "--instans", self.dir, "--konto",
             konto, *args], env=self.env, capture_output=True, text=True,
            timeout=timeout, stdin=subprocess.DEVNULL)

    def sign(self):
        return self.enfraga("forsakran", "skriv-under", "--behov", "--intrang",
                            "--tystnad", "--loggning", "--ort", "Sundby")

    def ask(self, *more, period="2026-01-01..2026-06-30", fmt="json"):
        return self.enfraga("fraga", "--arende", ARENDE, "--person", "sokande",
                            "--syfte", "fortsatt", "--period", period,
                            "--kallor", "alla", "--skal", "prov", "--format",
                            fmt, *more)

    def verify(self, full=True):
        more = ["--full"] if full else []
        return self.enfraga("logg", "verifiera", *more, konto="chef07")

    def kill(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait(10)
        self.daemon = None

    def high_water_kib(self):
        with open(f"/proc/{self.daemon.pid}/status") as f:
            return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1))

    def stop(self):
        """SIGTERM; what it left is judged by the caller."""
        if self.daemon:
            self.daemon.terminate()
            rc = self.daemon.wait(30)
            self.daemon = None
            assert rc == 0, (rc, self.stderr())

    def alone(self, test):
        """The test, leaving no enfragad where it fails."""
        def run():
            try:
                test()
            finally:
                if self.daemon:
                    self.kill()
        return run

    def remove(self):
        if self.daemon:
            self.daemon.kill()
            self.daemon.wait(10)
        shutil.rmtree(self.top, ignore_errors=True)

    def files_hold(self, word):
        """Files of the instance in which the bytes of word stand."""
        found = []
        for at, _, names in os.walk(self.top):
            for name in names:
                path = os.path.join(at, name)
                if os.path.isfile(path):
                    with open(path, "rb") as f:
                        if word.encode() in f.read():
                            found.append(path)
        return found


def states(svar):
    return {k["kod"]: k["lage"] for k in svar["kallor"]}


def run(tests):
    """Runs (name, function) pairs, reports in cmocka's words, exits."""
    print(f"[==========] Running {len(tests)} test(s).")
    bad = 0
    for name, fn in tests:
        print(f"[ RUN      ] {name}", flush=True)
        try:
            fn()
        except Exception:
            bad += 1
            traceback.print_exc(file=sys.stdout)
            print(f"[  FAILED  ] {name}", flush=True)
        else:
            print(f"[       OK ] {name}", flush=True)
    print(f"[==========] {len(tests)} test(s) run.")
    sys.exit(1 if bad else 0)


def wait_for(what, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return False
