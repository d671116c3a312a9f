#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A running enfragad at the ends of its means: a full disk (said by statvfs,
met by ENOSPC or EDQUOT at a write, and a real small one where root may mount),
a read-only disk, a clock that is moved by a day, no descriptors, no threads.
It refuses in words and with exit status 20, sends nothing unlogged, stores
the outcome of what was under way, and goes on by itself when it can.

Leaves out: errors that come once (test_io_faults.py)."""
import errno
import json
import os
import resource
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rig as R  # noqa: E402

I = R.I
DAY_MS = 24 * 3600 * 1000
BALLAST, FLOOR = 8 << 20, 16 << 20
HEALED_S = 12  # two of the loop's ticks
GROWS = R.WRITE | R.ROOM
r = R.Rig()
ballast = os.path.join(r.dir, "audit.db-ballast")


def log_says():
    return r.read("/v1/status")["logg"]


def assert_refused(a, *words):
    assert a and a.kod in ("logg", "disk") and a.utgang == 20, a
    assert a.intent is None and a.outcome is None, a
    assert not words or any(w in a.detail for w in words), a


def assert_heals():
    """By itself: nothing is asked until the log says that it is whole."""
    assert I.wait_for(lambda: log_says()["hel"], HEALED_S), log_says()
    a = r.ask()
    assert a and a.outcome is not None, a


def assert_holds():
    """The property, now and over a restart."""
    r.assert_property()
    assert not r.open_intents()
    r.inst.stop()
    r.verify()
    r.inst.serve()


def klocka():
    """Milliseconds of each klocka entry, as the log's reader would open it."""
    return [json.loads(p) for p in R.boxes.Opener(r.dir).payloads(42)]


def under_way(then):
    """A question whose answer takes a second; `then` comes before it does."""
    got = []
    r.fake.control(mode="delay", delay=1)
    t = threading.Thread(target=lambda: got.append(r.ask(timeout=60)))
    t.start()
    assert I.wait_for(lambda: r.fake.get("/__requests"), 10)
    then()
    t.join()
    r.fake.control(mode="normal", delay=0)
    return got[0]


def test_below_the_floor():
    r.inst.serve()
    assert os.path.getsize(ballast) == BALLAST
    a = under_way(lambda: r.shim.put(free_bytes=FLOOR - 4096))
    assert a.outcome is not None, a  # there is room for it
    r.heard()
    assert_refused(r.ask(), "full")
    assert not r.heard()
    assert not log_says()["hel"]
    assert log_says()["text"] == "loggens disk är full", log_says()
    r.shim.put(free_bytes=-1)
    assert_heals()
    assert_holds()


def full_at_a_write(why):
    """No write finds room until the ballast goes; then intents are refused
    and the outcome is stored."""
    def fill():
        r.shim.put(ballast=1)
        r.shim.arm(GROWS, 1, why, from_then=True)
    a = under_way(fill)
    assert a.outcome is not None and len(a.content) == 8, a
    assert r.shim.get("came") > 0
    assert not r.shim.get("armed")  # the ballast went
    r.shim.put(ballast=0)
    r.shim.arm(GROWS, 1, why, from_then=True)
    r.heard()
    assert_refused(r.ask())
    assert_refused(r.ask())
    assert not r.heard()
    r.shim.disarm()
    assert_heals()
    assert os.path.getsize(ballast) == BALLAST
    assert_holds()


def test_full_at_a_write():
    full_at_a_write(errno.ENOSPC)


def test_quota_at_a_write():
    full_at_a_write(errno.EDQUOT)


def test_full_to_the_last():
    """Nor is there a ballast: the answer is withheld, the account asks no
    more, and the outcome is stored when there is room."""
    def fill():
        r.shim.arm(GROWS, 1, errno.ENOSPC, from_then=True)
    a = under_way(fill)
    assert a.kod == "logg" and a.intent is not None and not a.content, a
    r.heard()
    assert_refused(r.ask())
    assert not r.heard()
    assert r.open_intents() == [a.intent]
    r.shim.disarm()
    assert I.wait_for(lambda: not r.open_intents(), HEALED_S)
    assert_heals()
    assert_holds()


def test_read_only():
    def remount():
        r.shim.put(read_only=1)
        r.shim.arm(R.CREATE | R.WRITE | R.SYNC | R.SIZE | R.NAME | R.ROOM, 1,
                   errno.EROFS, from_then=True)
    a = under_way(remount)
    assert a.kod == "logg" and not a.content, a
    r.heard()
    assert_refused(r.ask())
    assert_refused(r.ask())
    assert not r.heard() and not log_says()["hel"]
    r.shim.put(read_only=0)
    r.shim.disarm()
    assert_heals()
    assert_holds()


def assert_answers_or_says(a):
    """Yesterday the försäkran was not signed yet, nor its certificate made."""
    assert a.outcome is not None or a.kod in ("forsakran_utgangen",
                                              "forsakran_saknas"), a


def test_clock_moved_while_it_runs():
    before = len(klocka())
    for shift in (DAY_MS, -DAY_MS, 0):
        r.shim.put(shift_ms=shift)
        n = len(klocka()) + 1
        assert_answers_or_says(r.ask())
        assert I.wait_for(lambda: len(klocka()) >= n, HEALED_S)
    moved = [round(k["ms"] / DAY_MS) for k in klocka()[before:]]
    assert moved == [1, -2, 1], moved
    assert all(k["slag"] == "hopp" for k in klocka()[before:])
    assert_holds()


def test_clock_moved_across_a_restart():
    for shift, days in ((-DAY_MS, -1), (0, 1)):
        r.inst.stop()
        r.shim.put(shift_ms=shift)
        n = len(klocka())
        r.inst.serve()
        new = klocka()[n:]
        assert [round(k["ms"] / DAY_MS) for k in new] == [days], new
        assert_answers_or_says(r.ask())
    r.inst.stop()
    n = len(klocka())
    r.inst.serve()
    assert len(klocka()) == n  # nothing has moved
    assert_holds()


def test_a_person_may_ask_after_the_clock_was_set_back():
    """Questions that lie in the future are not of the last minute."""
    def ask():
        return r.inst.ask(period="2026-01-01..2026-03-31").returncode
    conf = os.path.join(r.dir, "enfragad.conf")
    r.inst.stop()
    with open(conf) as f:
        text = f.read()
    with open(conf, "w") as f:
        f.write(text + "\n[grans]\nskur = 2\n")
    r.inst.serve()
    r.inst.check(r.inst.sign())
    got = [ask() for _ in range(3)]
    assert got == [10, 10, 22], got
    r.shim.put(shift_ms=-3600 * 1000)
    assert ask() == 10
    r.shim.put(shift_ms=0)
    r.inst.stop()
    with open(conf, "w") as f:
        f.write(text)
    r.inst.serve()
    r.heard()
    r.saw.clear()  # signed by the client, not by us


def test_no_descriptors():
    pid = r.inst.daemon.pid
    was = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    held = len(os.listdir(f"/proc/{pid}/fd"))
    for more in (-2, 0, 1):
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (held + more, was[1]))
        a = r.ask(timeout=3)
        # nobody accepts it; or there is none left to ask the authority by
        assert a is None or a.kod or a.outcome is not None, a
        r.assert_property(forget=False)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, was)
    assert I.wait_for(lambda: (r.ask() or a).utfall == "delvis", HEALED_S)
    assert_holds()


def test_no_threads():
    r.shim.arm(R.THREAD, 1, errno.EAGAIN, from_then=True)
    for _ in range(5):
        a = r.ask()
        assert a.outcome is not None or a.kod, a
    r.shim.disarm()
    assert r.ask().outcome is not None
    r.inst.stop()
    r.shim.arm(R.THREAD, 1, errno.EAGAIN, from_then=True)
    r.start_only()
    assert r.inst.daemon.wait(30) == 70  # it says so, and does not serve
    r.inst.daemon = None
    r.shim.disarm()
    r.inst.serve()
    assert_holds()


def mounts():
    """May we? Root in a container often may not."""
    at = os.path.join(r.inst.top, "small")
    os.makedirs(at, exist_ok=True)
    return subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m,mode=0700", "tmpfs", at],
        capture_output=True).returncode == 0 and at


def test_a_real_small_disk():
    """The instance on a disk of 48 MiB that is filled and emptied, then
    read-only at a start."""
    at = mounts()
    if not at:
        print("left out: mounting is not allowed here")
        return
    lies = r.dir
    try:
        r.inst.stop()
        real = os.path.join(at, "i")
        subprocess.run(["cp", "-a", lies, real], check=True)
        r.dir = r.inst.dir = real
        r.inst.serve()
        filler = os.path.join(at, "filler")

        def fill():
            with open(filler, "wb") as f:
                try:
                    while True:
                        f.write(bytes(1 << 20))
                        f.flush()
                except OSError:
                    pass
        a = under_way(fill)
        assert a.outcome is not None and len(a.content) == 8, a
        r.heard()
        assert_refused(r.ask(), "full")
        assert not r.heard()
        os.unlink(filler)
        assert_heals()
        r.assert_property()
        r.inst.stop()
        # The kernel lets nobody remount what is open for writing.
        subprocess.run(["mount", "-o", "remount,ro", at], check=True)
        r.start_only()
        assert r.inst.daemon.wait(30) == 20
        r.inst.daemon = None
        subprocess.run(["mount", "-o", "remount,rw", at], check=True)
        r.inst.serve()
        assert r.ask().outcome is not None
        r.assert_property()
        r.inst.stop()
        r.verify()
    finally:
        if r.inst.daemon:
            r.inst.kill()
        subprocess.run(["umount", "-l", at])
        r.dir = r.inst.dir = lies


def alone(test):
    """Whatever became of it, the next begins with a serving enfragad."""
    def run():
        try:
            test()
        finally:
            r.fake.control(mode="normal", delay=0)
            r.shim.disarm()
            r.shim.put(free_bytes=-1, read_only=0, ballast=0, shift_ms=0)
            if not r.inst.daemon:
                r.inst.serve()
            r.heard()
            r.saw.clear()
            r.acks.clear()
    return run


try:
    I.run([(f.__name__[5:], alone(f)) for f in
           (test_below_the_floor, test_full_at_a_write, test_quota_at_a_write,
            test_full_to_the_last, test_read_only,
            test_clock_moved_while_it_runs, test_clock_moved_across_a_restart,
            test_a_person_may_ask_after_the_clock_was_set_back,
            test_no_descriptors, test_no_threads, test_a_real_small_disk)])
finally:
    r.remove()
