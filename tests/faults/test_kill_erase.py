#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""enfragad killed with SIGKILL before each single call that touches the disk
while it erases what a gallring says: at the next start the erasing is resumed,
no byte of what was to go stays in the database or its WAL, all else is there,
and the log verifies with every erasure covered. So much goes that the file is
written anew (VACUUM). A sweep of the erasing's calls: each n once under
check-long, some 25 of them else.

Leaves out: power loss (unsynced writes are kept by the kernel here), and
errors of the disk (test_log_faults)."""
import json
import os
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rig as R  # noqa: E402

I = R.I
CHANGES = R.WRITE | R.SYNC | R.SIZE | R.NAME | R.ROOM
ROUNDS = 10000 if R.LONG else 25
CASES = os.path.join(I.SHARED, "tools", "ssbtek", "cases")
fake = I.Fake("--case", sorted(os.listdir(CASES))[0], "--echo-id")
inst = I.Instance(
    fake.url, "\n[grans]\nskur = 1000\n[gallring]\nalder_dagar = 1\n"
    "vanta_dagar = 1\nbeslut = x\n",
    sign=False, serve=False, users=("chef08:Per Tva:chef",))
CONF = os.path.join(inst.dir, "enfragad.conf")
DB = os.path.join(inst.dir, "audit.db")
READY = os.path.join(inst.top, "ready.db")
base_env = dict(inst.env)
shim = R.Shim(os.path.join(inst.top, "page"))
plain_conf = open(CONF).read()
state = {}


def at(day, paper=False):
    """As of that day; on paper nothing is erased yet."""
    with open(CONF, "w") as f:
        f.write(plain_conf + ("\n[vittne]\npapper = ja\n" if paper else ""))
    inst.env = shim.env(dict(base_env, ENFRAGA_TID=day + "T10:00:00Z"))


def query(sql):
    db = sqlite3.connect(f"file:{DB}?mode=ro", uri=True)
    got = db.execute(sql).fetchall()
    db.close()
    return got


def put_back():
    for end in ("", "-wal", "-shm"):
        if os.path.exists(DB + end):
            os.remove(DB + end)
    shutil.copy(READY, DB)


def left():
    return query("SELECT count(*) FROM box WHERE seq <= "
                 f"{state['last']}")[0][0]


def verified():
    r = subprocess.run([os.path.join(I.BUILD, "enfraga-verifiera"), "--full",
                        "--format", "json", inst.dir], env=base_env,
                       capture_output=True, text=True, timeout=60)
    report = json.loads(r.stdout)
    assert r.returncode == 0, report
    return report


def bytes_left():
    data = b""
    for end in ("", "-wal"):
        if os.path.exists(DB + end):
            with open(DB + end, "rb") as f:
                data += f.read()
    return sum(p in data for p in state["pieces"])


def test_made_ready():
    at("2026-11-24", paper=True)
    inst.serve()
    for konto in ("hl0142", "chef07", "chef08"):
        inst.check(inst.enfraga(
            "forsakran", "skriv-under", "--behov", "--intrang", "--tystnad",
            "--loggning", "--ort", "Sundby", konto=konto))
    for _ in range(18):
        assert inst.ask().returncode in (0, 10)
    inst.stop()
    at("2026-11-25", paper=True)
    inst.serve()
    inst.check(inst.enfraga("gallring", "foresla", "--till", "2026-11-24",
                            "--hela-poster", konto="chef07"))
    row = json.loads(inst.enfraga("gallring", "lista", "--format", "json",
                                  konto="chef08").stdout)["gallringar"][0]
    n = str(row["loggpost"])
    state["last"] = row["till"]
    inst.check(inst.enfraga("gallring", "bekrafta", n, konto="chef08"))
    inst.stop()
    at("2026-11-28", paper=True)
    inst.serve()
    r = inst.check(inst.enfraga("gallring", "utfor", n, konto="chef07"))
    assert " lage=vantar_papper " in r.stdout, r.stdout
    inst.stop()
    state["pieces"] = [r[0][:150] for r in query(
        f"SELECT data FROM box WHERE seq <= {state['last']} UNION ALL "
        f"SELECT leaf_data FROM entry WHERE seq BETWEEN 1 AND {state['last']} "
        "AND type NOT IN (8, 9, 12, 13)")]
    assert len(state["pieces"]) > 20 and bytes_left() == len(state["pieces"])
    state["later"] = query(
        f"SELECT count(*) FROM box WHERE seq > {state['last']}")[0][0]
    shutil.copy(DB, READY)


def test_killed_at_each_step():
    at("2026-11-29", paper=True)
    shim.arm(CHANGES)
    inst.serve()
    start = shim.get("calls")
    inst.stop()
    put_back()
    at("2026-11-29")
    shim.arm(CHANGES)
    inst.serve()
    assert I.wait_for(lambda: left() == 0), inst.stderr()
    inst.stop()
    all_calls = shim.disarm()
    assert query("PRAGMA freelist_count") == [(0,)]  # given back
    step = max(1, (all_calls - start) // ROUNDS)
    killed = resumed = 0
    # from the last calls of the start to the stop's
    for n in range(max(1, start - 2), all_calls + 1, step):
        put_back()
        shim.arm(CHANGES, n, R.KILL)
        try:
            inst.serve()
            I.wait_for(lambda: inst.daemon.poll() is not None or left() == 0)
        except AssertionError:
            pass  # killed before it was ready
        inst.daemon.terminate()
        killed += inst.daemon.wait(30) == -9
        inst.daemon = None
        shim.disarm()
        resumed += left() > 0
        inst.serve()
        assert I.wait_for(lambda: left() == 0), (n, inst.stderr())
        inst.stop()
        assert bytes_left() == 0, n
        assert query(f"SELECT count(*) FROM box WHERE seq > {state['last']}"
                     )[0][0] >= state["later"], n
        report = verified()
        assert report["gallrade_poster"] > 10, (n, report)
    print(f"{start} calls to start, {all_calls} with the erasing and the stop, "
          f"{killed} kills, {resumed} resumed")
    assert killed > 15 and resumed > 3, (killed, resumed)


try:
    I.run([(f.__name__[5:], f) for f in
           (test_made_ready, test_killed_at_each_step)])
finally:
    inst.remove()
    fake.stop()
