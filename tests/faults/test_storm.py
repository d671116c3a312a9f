#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A storm of SIGKILL over a whole enfragad: at a random moment of its start or
of its work, with clients that ask all the while. After each: the property of
rig.py, by the next start's recovery; now and then the log is verified as it
was left, and while it is written, and nothing that is verified may be called
damaged.

`make check` does 60 rounds, which with the 200 of test_log_faults makes 260;
`make check-long` 10,000. ENFRAGA_SEED=N: another run of chance.

Leaves out: power loss (test_log_faults has it)."""
import os
import random
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rig as R  # noqa: E402

I = R.I
ROUNDS = int(os.environ.get("ENFRAGA_ROUNDS", 10000 if R.LONG else
                            20 if I.SANITIZED else 60))
CLIENTS, LIVES = 3, 40
START_S, WORK_S = (.6, .2) if I.SANITIZED else (.1, .06)
chance = random.Random(int(os.environ.get("ENFRAGA_SEED", 11)))
r = R.Rig()
done = {"rounds": 0, "at the start": 0, "seen": 0, "acknowledged": 0,
        "intents": 0, "verified": 0, "verified while written": 0}


class Clients:
    """Ask until they are stopped; whoever finds nobody there waits a little."""

    def __init__(self):
        self.go = True
        self.threads = [threading.Thread(target=self.work)
                        for _ in range(CLIENTS)]
        for t in self.threads:
            t.start()

    def work(self):
        while self.go:
            if r.ask(timeout=10) is None:
                time.sleep(.003)

    def stop(self):
        self.go = False
        for t in self.threads:
            t.join()


def killed_at_start():
    """And nobody looks: the next start recovers from this too."""
    done["at the start"] += 1
    r.start_only()
    clients = Clients()
    time.sleep(chance.random() * START_S)
    r.inst.kill()
    clients.stop()


def killed_at_work(verify):
    """The start is the last death's recovery, and judged as that."""
    r.inst.serve()
    open_ = R.boxes.rows(r.dir, "SELECT count(*) FROM pending")[0][0]
    assert open_ == 0, open_
    saw, acks, _ = r.assert_property()
    done["seen"] += saw
    done["acknowledged"] += acks
    clients = Clients()
    try:
        if verify:
            r.verify()  # while it is written
            done["verified while written"] += 1
        time.sleep(chance.random() * WORK_S)
    finally:
        r.inst.kill()
        clients.stop()


def judge_the_last():
    r.inst.serve()
    saw, acks, intents = r.assert_property()
    done["seen"] += saw
    done["acknowledged"] += acks
    done["intents"] += intents
    r.inst.stop()
    r.verify()


def test_killed_at_random_moments():
    r.keep()
    for i in range(ROUNDS):
        if i % LIVES == 0 and i:
            judge_the_last()
            r.restore()  # or the log grows too long
        if i % LIVES and chance.random() < .3:
            killed_at_start()
        else:
            killed_at_work(i % 8 == 1)
        if i % 8 == 5:
            r.verify()  # as it was left
            done["verified"] += 1
        done["rounds"] += 1
        if i % 500 == 499:
            print(done, flush=True)
    judge_the_last()
    print(f"{done}; lost 0, false alarms 0")
    assert done["seen"] > ROUNDS / 2


try:
    I.run([("killed_at_random_moments", test_killed_at_random_moments)])
finally:
    r.remove()
