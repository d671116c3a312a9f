#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""enfragad killed with SIGKILL before each single call that changes the disk
or says something to a peer, from start to the end of one question: whatever
moment it is, the property of rig.py holds, and what was left open is closed
by the next start. A sweep, not a sample: each n once (each third under
sanitizers; all of them in `make check-long`).

Leaves out: power loss (unsynced writes are kept by the kernel here)."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rig as R  # noqa: E402

I = R.I
CHANGES = R.WRITE | R.SYNC | R.SIZE | R.NAME | R.ROOM | R.CONNECT | R.SEND | \
    R.CLIENT
STEP = 3 if I.SANITIZED and not R.LONG else 1
r = R.Rig()
counted = {"calls": 0, "seen": 0, "killed": 0}


def one_round(n):
    """True: it was killed before it had answered."""
    r.shim.arm(CHANGES, n, R.KILL)
    try:
        r.inst.serve()
    except AssertionError:
        pass  # killed before it was ready
    if r.inst.daemon.poll() is None:
        r.ask()
    r.inst.daemon.terminate()
    rc = r.inst.daemon.wait(30)
    r.inst.daemon = None
    assert rc in (0, -9), (n, rc, r.inst.stderr()[-500:])
    counted["killed"] += rc == -9
    counted["calls"] = max(counted["calls"], r.shim.disarm())
    counted["seen"] += r.assert_property()[0]


def test_count_the_calls():
    one_round(0)
    assert counted["calls"] > 100
    assert counted["seen"] == 1


def test_killed_before_each():
    for n in range(1, counted["calls"] + 1, STEP):
        one_round(n)
    print(f"{counted['calls']} calls, {counted['killed']} kills, "
          f"{counted['seen']} questions seen by the authority")
    assert counted["killed"] * STEP > counted["calls"] * 0.8
    assert counted["seen"] * STEP > 5


def test_log_verifies_and_open_intents_are_closed():
    r.verify()
    r.inst.serve()
    assert not R.boxes.rows(r.dir, "SELECT seq FROM pending")
    r.inst.stop()
    r.verify()


try:
    I.run([(f.__name__[5:], f) for f in
           (test_count_the_calls, test_killed_before_each,
            test_log_verifies_and_open_intents_are_closed)])
finally:
    r.remove()
