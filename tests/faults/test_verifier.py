#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Proves: the verifier on a log that enfragad is writing gives no false alarm,
in any of its forms; an earlier verification is gone on from, and what is
believed of it is only what it proves (a state file that another could write,
of another log or unsigned is refused; a change below it is found and named);
a head kept elsewhere counts; one entry's proof is checked offline by both
programs, holds with and without its payload, fails with any part changed, and
is small. Leaves out: speed (tests/bench/bench_log)."""
import base64
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading

SRC = os.environ.get("srcdir", os.path.join(os.path.dirname(__file__), "../.."))
sys.path[:0] = [os.path.join(SRC, "tests", "lib"),
                os.path.join(SRC, "tests", "e2e")]
import boxes  # noqa: E402
import instance as I  # noqa: E402
import logcheck  # noqa: E402
import tlog  # noqa: E402

I.need_shared()
ROUNDS = 400 if os.environ.get("ENFRAGA_LONG") else 12
fake = I.Fake("--strict", "--echo-id", "--case", "110-three-errors")
inst = I.Instance(fake.url, "\n[grans]\nskur = 1000\ndagstak = 100000\n")
DB = os.path.join(inst.dir, "audit.db")
STATE = os.path.join(inst.top, "verified")


def verify(*args, path=None, ok=(0, 1)):
    r = subprocess.run([os.path.join(I.BUILD, "enfraga-verifiera"),
                        "--format", "json", *args, path or inst.dir],
                       capture_output=True, text=True, timeout=120,
                       env=inst.env)
    assert r.returncode in ok, (r.returncode, r.stdout, r.stderr)
    return json.loads(r.stdout) if r.returncode < 2 else r.stderr


def ask():
    r = inst.ask()
    assert r.returncode == 10, (r.returncode, r.stderr)


def test_no_false_alarm_while_it_is_written():
    failed = []

    def writer():
        for _ in range(ROUNDS):
            try:
                ask()
            except Exception as e:  # told in the main thread
                failed.append(e)

    thread = threading.Thread(target=writer)
    thread.start()
    seen = []
    while thread.is_alive():
        for more in (("--full",), (), ("--full", "--tillstand", STATE)):
            said = verify(*more)
            assert said["haller"], said
            seen.append(said["poster"])
    thread.join()
    assert not failed, failed[0]
    assert len(set(seen)) > 2, seen
    print(f"{len(seen)} verifications of {min(seen)} to {max(seen)} entries")


def test_an_earlier_verification_is_gone_on_from():
    first = verify("--full", "--tillstand", STATE)
    again = verify("--full", "--tillstand", STATE)
    assert again["haller"] and again["signaturer"] == 0, again
    assert again["fran"] == first["poster"]
    ask()
    more = verify("--full", "--tillstand", STATE)
    assert more["haller"] and more["fran"] == first["poster"]
    assert more["signaturer"] == more["poster"] - first["poster"] > 0
    with open(STATE, encoding="utf-8") as f:
        text = f.read()
    size, root = text.split("\n")[3:5]
    for at in (size, str(int(size) + 1)):
        said = verify("--full", "--fran", f"{at}:{root}")
        assert said["haller"] == (at == size), said
    other = base64.b64encode(bytes(32)).decode()
    said = verify("--full", "--fran", f"{size}:{other}")
    assert not said["haller"] and said["fynd"][0]["fel"] == "forgrenad", said
    r = inst.enfraga("logg", "verifiera", "--full", "--tillstand", STATE,
                     konto="chef07")
    assert r.returncode == 0 and "prövade sedan tidigare" in r.stdout, r


def test_a_state_is_not_believed_blindly():
    with open(STATE, encoding="utf-8") as f:
        good = f.read()
    lines = good.split("\n")

    def put(text, mode=0o600):
        with open(STATE, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(STATE, mode)

    bad = "\n".join(lines[:4] + [base64.b64encode(bytes(32)).decode()] +
                    lines[5:])
    strange = tlog.ed25519_sign(bytes(32), b"")[0]
    name = lines[1].split("+")[0]
    other = "\n".join([lines[0], tlog.vkey_text(name, 1, strange)] + lines[2:])
    for text, mode in ((good, 0o620), (good, 0o602), (bad, 0o600),
                       (other, 0o600), (good[:-9], 0o600), ("", 0o600)):
        put(text, mode)
        verify("--full", "--tillstand", STATE, ok=(2,))
    put(good)
    assert verify("--full", "--tillstand", STATE)["haller"]


def changed(sql, *args):
    inst.stop()
    copy = os.path.join(inst.top, "copy.db")
    shutil.copy(DB, copy)
    shutil.copy(os.path.join(inst.dir, "log.vkey"), inst.top)
    db = sqlite3.connect(copy)
    db.execute("DROP TRIGGER entry_update")
    db.execute("DROP TRIGGER entry_delete")
    db.execute(sql, args)
    db.commit()
    db.execute("PRAGMA journal_mode = DELETE")
    db.close()
    inst.serve()
    return copy


def test_a_change_below_an_earlier_verification_is_named():
    db = sqlite3.connect(DB)
    leaf = db.execute("SELECT leaf_data FROM entry WHERE seq = 5").fetchall()
    db.close()
    leaf = bytearray(leaf[0][0])
    leaf[60] ^= 1
    copy = changed("UPDATE entry SET leaf_data = ?, leaf_hash = ? WHERE "
                   "seq = 5", bytes(leaf), tlog.leaf_hash(bytes(leaf)))
    said = verify("--full", "--tillstand", STATE, path=copy)
    assert not said["haller"] and said["fynd"][0]["fran"] == 5, said
    assert verify("--full", "--tillstand", STATE)["haller"]


def test_a_head_kept_elsewhere():
    db = sqlite3.connect(DB)
    note = db.execute("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
    head = os.path.join(inst.top, "head")
    with open(head, "w", encoding="utf-8") as f:
        f.write(note.fetchall()[0][0])
    size = db.execute("SELECT max(seq) + 1 FROM entry").fetchall()[0][0]
    db.close()
    assert verify("--mot", head)["haller"]
    copy = changed("DELETE FROM entry WHERE seq >= ?", size - 3)
    said = verify("--mot", head, path=copy)
    assert (said["fynd"][0]["fel"], said["fynd"][0]["fran"]) == \
        ("kapad", size - 3), said


def proof(path, *more):
    r = subprocess.run([os.path.join(I.BUILD, "enfraga-verifiera"),
                        "--format", "json", *more, "--bevis", path],
                       capture_output=True, text=True, timeout=60)
    assert r.returncode in (0, 1), (r.returncode, r.stderr)
    said = json.loads(r.stdout)
    assert said["haller"] == (r.returncode == 0)
    with open(path, encoding="utf-8") as f:
        page = f.read()
    try:
        logcheck.check_proof(page, tlog.Vkey(more[1]) if more else None)
        theirs = True
    except tlog.Bad:
        theirs = False
    assert theirs == said["haller"], (said, theirs)
    return said


def armor(page):
    return re.search("BEVIS-----\n(.*?)-----END", page, re.S).group(1)


def test_one_entrys_proof():
    db = sqlite3.connect(DB)
    seq, = db.execute("SELECT seq FROM entry WHERE type = 1 "
                      "ORDER BY seq LIMIT 1").fetchall()[0]
    db.close()
    with open(os.path.join(inst.dir, "log.vkey"), encoding="utf-8") as f:
        key = f.read().strip()
    opened = os.path.join(inst.top, "box")
    with open(opened, "wb") as f:
        f.write(boxes.Opener(inst.dir).opened(seq))
    for name, more in (("bare", ()), ("whole", ("--lada", opened))):
        path = os.path.join(inst.top, name)
        r = inst.enfraga("logg", "bevis", str(seq), "--till", path, *more,
                         konto="chef07")
        assert r.returncode == 0, r.stderr
        said = proof(path, "--vkey", key)
        assert said["haller"] and said["seq"] == seq and not said["egen_nyckel"]
        assert said["innehall"] == bool(more)
        with open(path, encoding="utf-8") as f:
            page = f.read()
        assert (I.PERSON in page) == bool(more)
        assert len(armor(page)) < 4096, len(armor(page))
        print(f"{name}: {len(page.encode())} bytes, proof {len(armor(page))}")
        spoil(page, path + ".bad", key)
        stranger = tlog.vkey_text(key.split("+")[0], 1,
                                  tlog.ed25519_sign(bytes(32), b"")[0])
        assert not proof(path, "--vkey", stranger)["haller"]
    # another entry's content does not fit, and a handläggare is not asked
    for konto, more, rc in (("chef07", ("--lada", key_file()), 64),
                            ("hl0142", (), 22)):
        r = inst.enfraga("logg", "bevis", str(seq), "--till",
                         os.path.join(inst.top, "no"), *more, konto=konto)
        assert r.returncode == rc, (r.returncode, r.stderr)
    assert not os.path.exists(os.path.join(inst.top, "no"))
    r = inst.enfraga("logg", "bevis", "999999", "--till", "x", konto="chef07")
    assert r.returncode == 22, r


def key_file():
    return os.path.join(inst.dir, "log.vkey")


def spoil(page, path, key):
    """One bit of each 7th byte: nothing of it holds."""
    raw = base64.b64decode("".join(armor(page).split()))
    for at in range(0, len(raw), 7):
        bad = bytearray(raw)
        bad[at] ^= 1 << at % 8
        with open(path, "w", encoding="utf-8") as f:
            f.write(page.replace(armor(page),
                                 base64.b64encode(bytes(bad)).decode() + "\n"))
        said = subprocess.run(
            [os.path.join(I.BUILD, "enfraga-verifiera"), "--format", "json",
             "--vkey", key, "--bevis", path], capture_output=True, text=True)
        assert said.returncode == 1, (at, said.stdout, said.stderr)


try:
    I.run([(n[5:], f) for n, f in list(globals().items())
           if n.startswith("test_") and callable(f)])
finally:
    inst.remove()
    fake.stop()
