#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""enfragad killed with SIGKILL before each single call that touches the disk
or a peer, from start to the end of one question: whatever moment it is, a
question that the authority has seen stands in the recovered log as an intent,
and the log verifies. A sweep, not a sample: each n once.

Leaves out: power loss (unsynced writes are kept by the kernel here)."""
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "e2e"))
import boxes  # noqa: E402
import instance as I  # noqa: E402

I.need_shared()
SHIM = os.path.join(I.BUILD, "tests", "faults", "shim_kill.so")
fake = I.Fake("--strict", "--echo-id", "--case", "110-three-errors")
inst = I.Instance(fake.url, "\n[grans]\nskur = 1000\ndagstak = 100000\n")
inst.stop()
opener = boxes.Opener(inst.dir)
base_env = dict(inst.env)
counted = {"calls": 0, "seen": 0, "killed": 0}


def shim(**more):
    inst.env = dict(base_env, LD_PRELOAD=SHIM, **more,
                    ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")


def seen_by_authority():
    return [r["facts"]["korrelationsid"] for r in fake.get("/__requests")]


def intents():
    """The payloads of all intents in the log as it was left."""
    return opener.payloads(1)


def one_round(n):
    fake.reset()
    shim(SHIM_AT=str(n))
    try:
        inst.serve()
    except AssertionError:
        pass  # killed before it was ready
    if inst.daemon.poll() is None:
        inst.env = base_env
        inst.ask()
    inst.daemon.terminate()
    rc = inst.daemon.wait(30)
    inst.daemon = None
    counted["killed"] += rc == -9
    logged = intents()
    for kid in seen_by_authority():
        counted["seen"] += 1
        assert any(kid.encode() in p for p in logged), (n, kid)
    return rc == -9


def test_count_the_calls():
    path = os.path.join(inst.top, "calls")
    shim(SHIM_COUNT=path)
    inst.serve()
    inst.env = base_env
    r = inst.ask()
    assert r.returncode == 10, (r.returncode, r.stderr)
    inst.stop()
    counted["calls"] = int(open(path).read())
    assert counted["calls"] > 20


def test_every_sent_question_has_its_intent():
    for n in range(1, counted["calls"] + 1):
        one_round(n)
    print(f"{counted['calls']} calls, {counted['killed']} kills, "
          f"{counted['seen']} questions seen by the authority")
    assert counted["killed"] > counted["calls"] * 0.8
    assert counted["seen"] > 5


def test_log_verifies_and_open_intents_are_closed():
    inst.env = base_env
    inst.serve()
    inst.stop()
    r = inst.verify()
    assert r.returncode == 0, r.stdout + r.stderr
    db = sqlite3.connect(os.path.join(inst.dir, "audit.db"))
    assert db.execute("SELECT count(*) FROM pending").fetchone()[0] == 0
    db.close()


try:
    I.run([(f.__name__[5:], f) for f in
           (test_count_the_calls, test_every_sent_question_has_its_intent,
            test_log_verifies_and_open_intents_are_closed)])
finally:
    inst.remove()
    fake.stop()
