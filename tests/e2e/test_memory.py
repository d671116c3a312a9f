#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Proves: once questions have ended, the writable memory of a running enfragad
holds no personnummer of them, no name and no text of an answer, and that of a
running enfraga none once its case is left; the private keys lie in memory that
is locked and left out of core dumps, and go when the session is locked; cores
are off; nothing of either program writes to syslog.

Leaves out: the kernel's buffers, other users' processes, and (module.mk) the
build with sanitizers, whose heap is not the one that wipes. Where the test may not read
another process's memory (it is not root) it says so, and proves no more than
that."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

I.need_shared()
SECOND = "198503129804"
I.CASES["arenden"][0]["personer"].append(
    {"personnummer": SECOND, "namn": "Lindqvist, Maj-Britt",
     "roll": "medsokande", "sekretess": False})
NAMES = ["Ek, Anna", "Maj-Britt"]
FURTHER = 3  # texts of the answer alone, at the least


def maps(pid):
    """(from, to, flags, name) of each writable mapping."""
    with open(f"/proc/{pid}/smaps") as f:
        at = None
        for line in f:
            head = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)",
                            line)
            if head:
                at = head
            elif line.startswith("VmFlags:") and "w" in at[3]:
                yield (int(at[1], 16), int(at[2], 16), line.split()[1:],
                       at[4] or "anonymous")


def holds(pid, what):
    """[(which, mapping, its flags)] where the bytes of one stand in memory."""
    found = []
    with open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for first, end, flags, name in maps(pid):
            try:
                mem.seek(first)
                data = mem.read(end - first)
            except OSError:  # [vvar] and its like
                continue
            found += [(k, name, flags) for k, v in what.items()
                      for form in v if form in data]
    return found


def forms(text):
    """As bytes, and as the wide characters of a terminal."""
    return [text.encode(), text.encode("utf-32-le")]


def words(svar):
    """What must be gone: the person, the household, the answer."""
    w = {n: forms(n) for n in (I.PERSON, I.PERSON[2:], SECOND, SECOND[2:],
                               *NAMES)}
    known = b""
    for name in ("enfragad", "enfraga"):
        with open(os.path.join(I.BUILD, name), "rb") as f:
            known += f.read()
    data = os.path.join(I.SRC, "data")
    for name in os.listdir(data):
        if name.endswith(".ini"):  # which both programs hold
            with open(os.path.join(data, name), "rb") as f:
                known += f.read()

    def texts(v):
        for x in v.values() if isinstance(v, dict) else v:
            if isinstance(x, (dict, list)):
                yield from texts(x)
            elif isinstance(x, str) and len(x) >= 12:
                yield x
    new = {t for part in ("uppgifter", "utbetalningar", "beslut")
           for t in texts(svar[part]) if t.encode() not in known}
    assert len(new) >= FURTHER, new
    w.update({t: forms(t) for t in new})
    return w


def raw_key(path, *more):
    """The 32 bytes of an Ed25519 key, the last of its PKCS#8."""
    return subprocess.run(["openssl", "pkey", "-in", path, "-outform", "DER",
                           *more], capture_output=True, check=True).stdout[-32:]


def locked(flags):
    return "lo" in flags and "dd" in flags


class Linear:
    """enfraga --linjar, a line at a time."""

    def __init__(self, x):
        self.p = subprocess.Popen(
            [os.path.join(I.BUILD, "enfraga"), "--instans", x.dir, "--konto",
             "hl0142", "--linjar"], env=x.env, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.set_blocking(self.p.stdout.fileno(), False)
        self.until("eller sök:")

    def until(self, word):
        said = ""

        def more():
            nonlocal said
            said += (self.p.stdout.read() or b"").decode()
            return word in said
        assert I.wait_for(more), (word, said)
        return said

    def say(self, typed, word):
        self.p.stdin.write((typed + "\n").encode())
        self.p.stdin.flush()
        return self.until(word)


fake = I.Fake("--echo-id", "--case", "101-fk-rich")
x = I.Instance(fake.url)


def test_no_core_and_no_syslog():
    with open(f"/proc/{x.daemon.pid}/limits") as f:
        assert re.search(r"Max core file size +0 +0 ", f.read())
    for name in ("enfragad", "enfraga"):
        with open(os.path.join(I.BUILD, name), "rb") as f:
            called = f.read()
        for call in (b"syslog", b"openlog", b"sd_journal_send"):
            assert b"\0" + call + b"\0" not in called, (name, call)
    inodes = {os.readlink(f"/proc/{x.daemon.pid}/fd/{n}")
              for n in os.listdir(f"/proc/{x.daemon.pid}/fd")}
    with open("/proc/net/unix") as f:
        rows = [line.split() for line in f][1:]
    kinds = {r[4] for r in rows if f"socket:[{r[6]}]" in inodes}
    assert kinds == {"0001"}, kinds  # streams; /dev/log is of datagrams


def test_enfragad_after_questions():
    svar = json.loads(x.ask().stdout)
    gone = words(svar)
    x.ask(fmt="text")
    for args in (("fraga", "--arende", "EK-2026-99999", "--person", I.PERSON),
                 ("fraga", "--arende", I.ARENDE, "--person", SECOND)):
        x.enfraga(*args, "--syfte", "fortsatt", "--period", "3m", "--kallor",
                  "alla", "--skal", "prov")
    x.enfraga("arenden", "sok", I.PERSON[2:8] + "-" + I.PERSON[8:])
    x.enfraga("arenden", "visa", I.ARENDE)
    fake.control(mode="truncated")
    x.ask()
    fake.control(mode="fault")
    x.ask()
    fake.control(mode="normal")
    assert not any(w in x.stderr() for w in gone), x.stderr()
    left = holds(x.daemon.pid, gone)
    assert left == [], left
    # the keys: there, and nowhere but in locked memory
    for name in ("log.key", "enfragad.key"):
        at = holds(x.daemon.pid,
                   {name: [raw_key(os.path.join(x.dir, "keys", name))]})
        assert at and all(locked(f) for _, _, f in at), at
    with open(os.path.join(x.dir, "keys", "register.key")) as f:
        digits = f.read().strip()
    at = holds(x.daemon.pid, {"register": [bytes.fromhex(digits)],
                              "register, hex": [digits.encode()]})
    assert all(locked(f) for _, _, f in at), at


def test_enfraga_after_its_case():
    gone = words(json.loads(x.ask().stdout))
    me = os.path.join(x.dir, "anvandare", "hl0142")
    losen = open(os.path.join(me, "losen")).read().strip()
    keys = {"entry.key": [raw_key(os.path.join(me, "entry.key"), "-passin",
                                  "pass:" + losen)]}
    run = Linear(x)
    try:
        run.say("1", "Val:")
        run.say("1", "Ansökningsmånad")
        run.say("", "Syfte.")
        run.say("2", "Skäl")
        run.say("prov", "Skriv fråga:")
        run.say("fråga", "2-9 källa:")
        run.say("a", "2-9 källa:")
        for pane in "23456789":
            run.say(pane, "2-9 källa:")
        open_now = holds(run.p.pid, gone)
        assert {I.PERSON, NAMES[0]} < {k for k, _, _ in open_now}, open_now
        at = holds(run.p.pid, keys)
        assert at and all(locked(f) for _, _, f in at), at
        assert holds(run.p.pid, {"losen": [losen.encode()]}) == []
        run.say("<", "Val:")
        run.say("<", "eller sök:")
        os.unlink(os.path.join(me, "losen"))
        run.say("!", "Lösenfras:")
        del gone[NAMES[0]]  # the list names the cases that were opened
        left = holds(run.p.pid, {**keys, **gone})
        assert left == [], left
    finally:
        run.p.kill()
        run.p.wait(10)


try:
    try:
        open(f"/proc/{x.daemon.pid}/mem", "rb").close()
        tests = [test_enfragad_after_questions, test_enfraga_after_its_case]
    except PermissionError:
        print("not root: another process of the account may not look in")
        tests = []
    I.run([(t.__name__, t) for t in [test_no_core_and_no_syslog, *tests]])
finally:
    x.remove()
    fake.stop()
