#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Each single call of a running enfragad that touches the disk, a peer or a
client fails once, with EIO, ENOSPC or half its bytes, from a question's coming
to its outcome. Whichever it is: the client has the truth or a refusal of exit
status 20, the next question goes through without a restart, and the property
of rig.py holds. The start the same way: it serves, or says why not.

`make check` takes each call once with EIO and some with the others;
`make check-long` takes all, and a restart with a full verification after each.

Leaves out: what is asked in parallel (test_storm.py), errors that stay
(test_limits.py)."""
import errno
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rig as R  # noqa: E402

I = R.I
EVERY = R.DISK | R.PEER | R.CLIENT
HEALED_S = 8
r = R.Rig("brytare_fel = 0\n")
told = {"points": 0, "refused": 0, "answered": 0, "broken": 0, "slowest": 0.0}


def truth(a):
    """What was shown, without what differs from time to time."""
    return {k: {n: v for n, v in o.items() if n != "tid_s"}
            for k, o in a.content.items()}


def judge(a, whole):
    struck = r.shim.struck()
    if a is None or (a.status == 200 and not a.kod and a.outcome is None):
        told["broken"] += 1
        assert "socket" in struck, struck
    elif "/keys/" in struck and a.kod:  # the file is named
        told["refused"] += 1
        assert a.kod == "konfiguration" and "keys/" in a.detail, a
    elif a.kod:
        told["refused"] += 1
        assert a.kod in ("logg", "disk") and a.utgang == 20, (struck, a)
    else:
        told["answered"] += 1
        for kod, o in truth(a).items():
            assert o == whole[kod] or o["lage"] in (
                "fel", "olasligt", "tidsgrans"), (struck, o)


def ask_till_answered():
    began = time.monotonic()
    while True:
        a = r.ask()
        if a and a.outcome is not None:
            break
        assert a and a.kod in ("logg", "disk"), (r.shim.struck(), a)
        assert time.monotonic() - began < HEALED_S, (r.shim.struck(), a)
        time.sleep(.05)
    told["slowest"] = max(told["slowest"], time.monotonic() - began)


def count():
    most = 0
    for _ in range(3):
        r.shim.arm(EVERY)
        r.ask()
        most = max(most, r.shim.disarm())
    return most


def sweep(what, step):
    r.inst.serve()
    r.ask()
    whole = truth(r.ask())
    calls = count()
    for n in range(1, calls + 1, step):
        r.shim.arm(EVERY, n, what)
        a = r.ask()
        r.shim.disarm()
        judge(a, whole)
        told["points"] += r.shim.get("came")
        ask_till_answered()
        if R.LONG:
            r.inst.stop()
            r.verify()
            r.inst.serve()
    saw, acks, intents = r.assert_property()
    r.inst.stop()
    r.verify()
    print(f"{calls} calls, {saw} questions seen, {acks} receipts, {intents} "
          f"intents; {told}")
    assert saw >= calls // step
    assert calls > 50


def test_an_error_once():
    sweep(errno.EIO, 1 if R.LONG or not I.SANITIZED else 3)


def test_no_room_once():
    sweep(errno.ENOSPC, 1 if R.LONG else 5)


def test_half_the_bytes_once():
    sweep(R.SHORT, 1 if R.LONG else 5)


def test_a_read_once():
    """A read that fails is no damaged log: of the first question after each
    start, since what has been read once is kept."""
    calls, n = 1, 1
    r.inst.serve()
    whole = truth(r.ask())
    r.inst.stop()
    while n <= calls:
        r.inst.serve()
        r.shim.arm(R.READ | R.MAP, n, errno.EIO)
        a = r.ask()
        calls = max(calls, r.shim.disarm())
        judge(a, whole)
        ask_till_answered()
        r.inst.stop()
        n += 1 if R.LONG else 5
    r.assert_property()
    r.verify()
    print(f"{calls} reads")
    assert calls > 5


def start(n, what):
    """True: it served, and a question had its answer."""
    r.shim.arm(EVERY, n, what)
    try:
        r.inst.serve()
    except AssertionError:
        r.shim.disarm()
        rc = r.inst.daemon.wait(30)
        r.inst.daemon = None
        assert rc in (20, 64), (rc, r.shim.struck(), r.inst.stderr()[-500:])
        return False
    finally:
        r.shim.disarm()
    ask_till_answered()
    r.inst.stop()
    return True


def test_a_start_that_meets_an_error():
    r.shim.arm(EVERY)
    r.inst.serve()
    calls = r.shim.disarm()
    r.inst.stop()
    served, step = 0, 1 if R.LONG else calls // (4 if I.SANITIZED else 12)
    for n in range(1, calls + 1, step):
        served += start(n, errno.EIO)
        if R.LONG:
            r.verify()
    assert start(calls + 100, errno.EIO)
    r.inst.serve()
    r.assert_property()
    r.inst.stop()
    r.verify()
    print(f"{calls} calls at a start, each {step}th failed, {served} served")


def alone(test):
    """What a failure leaves serving does not meet the next."""
    def run():
        try:
            test()
        finally:
            r.shim.disarm()
            if r.inst.daemon:
                r.inst.kill()
    return run


try:
    I.run([(f.__name__[5:], alone(f)) for f in
           (test_an_error_once, test_no_room_once, test_half_the_bytes_once,
            test_a_read_once, test_a_start_that_meets_an_error)])
finally:
    r.remove()
