# SPDX-License-Identifier: EUPL-1.2
"""What the fault tests of a running enfragad share: an instance with the shim
(shim_io.c) below it, questions signed beforehand and put over its socket, a
stand-in authority, and the one property:

  every question that the authority saw stands in the log as the intent that
  was signed, whatever was acknowledged is there, and the log verifies."""
import base64
import hashlib
import http.client
import json
import mmap
import os
import re
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "e2e"))
import boxes  # noqa: E402
import instance as I  # noqa: E402

I.need_shared()
LONG = bool(os.environ.get("ENFRAGA_LONG"))
SHIM = os.path.join(I.BUILD, "tests", "faults", "shim_io.so")
KONTO = "sys01"  # its ceilings are those of a system
# Kinds of calls, as shim_io.c has them.
OPEN, CREATE, READ, WRITE, SYNC, SIZE, NAME, ROOM, MAP, LOCK, CONNECT, SEND, \
    RECV, CLIENT, FD, THREAD = (1 << i for i in range(16))
DISK = OPEN | READ | WRITE | SYNC | SIZE | NAME | ROOM | MAP | LOCK
PEER = CONNECT | SEND | RECV
SHORT, KILL = 0, -1
DATABASES = ("audit.db", "register.db")


# In memory, where there is room and TMPDIR does not say otherwise: no disk is
# waited for, and what a killed process wrote the kernel keeps anywhere.
if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK) and \
        shutil.disk_usage("/dev/shm").free > 256 << 20:
    tempfile.tempdir = "/dev/shm"


class Shim:
    """The page that the shim reads: what is to fail, and what has."""
    WORDS = ("armed", "kinds", "at", "what", "from_then", "calls", "came",
             "shift_ms", "free_bytes", "read_only", "ballast")
    BYTES = 8 * len(WORDS) + 160

    def __init__(self, path):
        self.path = path
        with open(path, "wb") as f:
            f.write(bytes(self.BYTES))
        with open(path, "r+b") as f:
            self.page = mmap.mmap(f.fileno(), self.BYTES)
        self.put(free_bytes=-1)

    def env(self, base):
        return dict(base, LD_PRELOAD=SHIM, SHIM_PAGE=self.path,
                    ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")

    def put(self, **words):
        for name, value in words.items():
            struct.pack_into("q", self.page, 8 * self.WORDS.index(name), value)

    def get(self, name):
        return struct.unpack_from("q", self.page,
                                  8 * self.WORDS.index(name))[0]

    def arm(self, kinds, at=0, what=KILL, from_then=False):
        """The at-th call of these kinds from now on; 0: they are counted."""
        self.put(armed=0)
        self.put(kinds=kinds, at=at, what=what, from_then=int(from_then),
                 calls=0, came=0)
        self.put(armed=1)

    def disarm(self):
        """The number of calls that there were."""
        self.put(armed=0)
        return self.get("calls")

    def struck(self):
        text = self.page[8 * len(self.WORDS):].split(b"\0")[0].decode()
        return text if self.get("came") else "-"


class Local(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.host)


class Answer:
    """What a client was told about a question: `kod` of a refusal, or the
    numbers of the intent and of the outcome."""

    def __init__(self, status, text):
        lines = [json.loads(t) for t in text.splitlines() if t.strip()]
        by = {o.get("typ", "problem" if "kod" in o else ""): o for o in lines}
        self.status, self.lines = status, lines
        self.kod = by.get("problem", {}).get("kod")
        self.utgang = by.get("problem", {}).get("utgang")
        self.detail = by.get("problem", {}).get("detail", "")
        self.intent = by.get("kvitto", {}).get("loggpost")
        self.outcome = by.get("klar", {}).get("loggpost")
        self.utfall = by.get("klar", {}).get("utfall")
        self.content = {o["kod"]: o for o in lines if o.get("typ") == "svar"}
        self.acks = [base64.b64decode(by[t]["kvitto"])
                     for t in ("kvitto", "klar") if t in by]

    def __repr__(self):
        return f"{self.status} {self.kod} {self.intent} {self.outcome} " \
            f"{self.detail}"


class Question:
    """A body of POST /v1/fragor, and what to know it again by."""

    def __init__(self, body):
        o = json.loads(body)
        self.body = body
        self.author = base64.b64decode(o["forfattardel"])
        self.id = re.search(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                            base64.b64decode(o["nyttolast"])).group(0).decode()


class Rig:
    def __init__(self, extra_conf=""):
        self.fake = I.Fake("--strict", "--echo-id", "--case",
                           "110-three-errors")
        cases = json.loads(json.dumps(I.CASES))
        cases["arenden"][0]["handlaggare"].append(KONTO)
        self.inst = I.Instance(
            self.fake.url, "\n[grans]\nsystem_skur = 1000000\n"
            "system_dagstak = 10000000\n" + extra_conf, sign=False,
            cases=cases, users=[f"{KONTO}:System:system"])
        self.inst.check(self.inst.enfraga(
            "forsakran", "skriv-under", "--behov", "--intrang", "--tystnad",
            "--loggning", "--ort", "Sundby", konto=KONTO))
        self.dir = self.inst.dir
        self.shim = Shim(os.path.join(self.inst.top, "page"))
        self.plain_env, self.inst.env = \
            self.inst.env, self.shim.env(self.inst.env)
        me, status = self.read("/v1/mig"), self.read("/v1/status")
        self.known = (status["origin"], me["forsakran"]["sha256"])
        self.questions, self.ready = {}, []
        self.lock = threading.Lock()
        self.acks = []     # receipts that clients were given
        self.saw = set()   # ids that the authority saw
        self.inst.stop()

    def read(self, path):
        h = Local(os.path.join(self.dir, "run", "enfraga.sock"), timeout=30)
        try:
            h.request("GET", path, headers={"Enfraga-Konto": KONTO})
            return json.loads(h.getresponse().read())
        finally:
            h.close()

    def sign(self, n):
        """More questions, ready to be put."""
        out = subprocess.run(
            [os.path.join(I.BUILD, "tests", "bench", "gateway_posts"),
             self.dir, KONTO, I.ARENDE, I.PERSON, *self.known, str(n)],
            capture_output=True, env=self.plain_env, check=True).stdout
        while out:
            size, out = out.split(b"\n", 1)
            self.ready.append(Question(out[:int(size)]))
            out = out[int(size):]

    def next(self):
        with self.lock:
            if not self.ready:
                self.sign(500)
            q = self.ready.pop()
            self.questions[q.id] = q
            return q

    def ask(self, timeout=30):
        """Puts the next question; None where the connection was refused or
        broke. What was acknowledged before that counts."""
        h = Local(os.path.join(self.dir, "run", "enfraga.sock"),
                  timeout=timeout)
        text, status = b"", 0
        try:
            h.connect()
            h.request("POST", "/v1/fragor", self.next().body,
                      {"Enfraga-Konto": KONTO})
            r = h.getresponse()
            status = r.status
            text = r.read()
        except http.client.IncompleteRead as e:
            text = e.partial
        except (OSError, http.client.HTTPException):
            return None
        finally:
            h.close()
        whole = text[:text.rfind(b"\n") + 1] if status == 200 else text
        a = Answer(status, whole.decode())
        with self.lock:
            self.acks += a.acks
        return a

    def open_intents(self):
        return [seq for seq, in boxes.rows(
            self.dir, "SELECT seq FROM pending ORDER BY seq")]

    def heard(self):
        """Ids that the authority has seen since the last time."""
        new = [r["facts"]["korrelationsid"]
               for r in self.fake.get("/__requests")]
        self.fake.reset()
        self.saw.update(new)
        return new

    def assert_property(self, forget=True):
        """Against the log as it is now, written or left."""
        leaves = {}
        for seq, kind, leaf in boxes.rows(
                self.dir, "SELECT seq, type, leaf_data FROM entry"):
            leaves[seq] = (kind, leaf)
        asked = {leaf[4:4 + int.from_bytes(leaf[:4], "big")]
                 for kind, leaf in leaves.values() if kind == 1}
        self.heard()
        lost = [k for k in self.saw if self.questions[k].author not in asked]
        assert not lost, f"sent and not logged: {lost}"
        for ack in self.acks:
            f = boxes.fields(ack)
            seq = int.from_bytes(f[1], "big")
            assert seq in leaves, f"acknowledged and lost: {seq}"
            assert hashlib.sha256(b"\0" + leaves[seq][1]).digest() == f[2], \
                seq
        n = (len(self.saw), len(self.acks), len(asked))
        if forget:
            self.saw.clear()
            self.acks.clear()
        return n

    def start_only(self):
        """A start that nobody waits for."""
        self.inst.daemon = subprocess.Popen(
            [os.path.join(I.BUILD, "enfragad"), "--instans", self.dir],
            env=self.inst.env, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def verify(self):
        """enfraga-verifiera on the log as it lies."""
        r = subprocess.run(
            [os.path.join(I.BUILD, "enfraga-verifiera"), "--full",
             os.path.join(self.dir, "audit.db")], env=self.plain_env,
            capture_output=True, text=True, timeout=300)
        assert r.returncode == 0, (r.returncode, r.stdout, r.stderr)

    def keep(self):
        """The stopped instance's databases, for restore."""
        for name in DATABASES:
            shutil.copy(os.path.join(self.dir, name), self.inst.top)

    def restore(self):
        for name in DATABASES:
            for end in ("-wal", "-shm"):
                if os.path.exists(os.path.join(self.dir, name + end)):
                    os.unlink(os.path.join(self.dir, name + end))
            shutil.copy(os.path.join(self.inst.top, name), self.dir)
        self.questions.clear()

    def remove(self):
        self.inst.remove()
        self.fake.stop()
