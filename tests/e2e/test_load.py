#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Many at once, and a stop in the middle: the ceiling on questions holds for
questions that come side by side, and SIGTERM under load ends cleanly, with
every sent question closed in the log and no WAL left.

Bounded: at most 20 connections, on a Unix socket."""
import concurrent.futures
import os
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

I.need_shared()
FORGE = os.path.join(I.BUILD, "tests", "e2e", "forge")
fake = I.Fake("--strict", "--echo-id", "--case", "110-three-errors")
inst = I.Instance(fake.url, "\n[grans]\nskur = 3\ndagstak = 1000\n")


def forge():
    r = subprocess.run([FORGE, inst.dir, "hl0142", I.ARENDE, I.PERSON, "ok"],
                       env=inst.env, capture_output=True, text=True,
                       timeout=60)
    return r.stdout.split()


def together(n):
    with concurrent.futures.ThreadPoolExecutor(n) as pool:
        return list(pool.map(lambda _: forge(), range(n)))


def query(sql):
    db = sqlite3.connect(f"file:{inst.dir}/audit.db?mode=ro", uri=True)
    n = db.execute(sql).fetchone()[0]
    db.close()
    return n


def test_ceiling_holds_side_by_side():
    fake.reset()
    fake.control(mode="delay", delay=1)
    got = together(12)
    asked = sum(g[0] == "200" for g in got)
    assert asked == 3, got
    assert sum(g[1] == "takt" for g in got) == 9, got
    assert len(fake.get("/__requests")) == 3


def test_stop_under_load():
    conf = os.path.join(inst.dir, "enfragad.conf")
    with open(conf) as f:
        text = f.read().replace("skur = 3", "skur = 1000")
    inst.stop()
    with open(conf, "w") as f:
        f.write(text)
    inst.serve()
    fake.reset()
    fake.control(mode="delay", delay=2)
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(forge) for _ in range(20)]
        assert I.wait_for(lambda: len(fake.get("/__requests")) >= 5, 20)
        began = time.monotonic()
        inst.stop()  # asserts exit status 0
        assert time.monotonic() - began < 8
        for w in waiting:
            w.result()
    left = [f for f in os.listdir(inst.dir) if f.endswith(("-wal", "-shm"))]
    assert not left, left
    assert query("SELECT count(*) FROM pending") == 0
    assert len(fake.get("/__requests")) <= query(
        "SELECT count(*) FROM entry WHERE type = 1")
    r = inst.verify()
    assert r.returncode == 0, r.stdout + r.stderr


try:
    I.run([(f.__name__[5:], f) for f in
           (test_ceiling_holds_side_by_side, test_stop_under_load)])
finally:
    inst.remove()
    fake.stop()
