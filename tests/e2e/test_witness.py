#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A log and its witness, two enfragad: heads are cosigned within seconds, when
a user leaves and at a stop, and the cosignature is right by another program's
reckoning; a stale old size, a wrong proof, a race of two, an unknown log and a
fork get their statuses, the fork stays as evidence; a witness put back from a copy signs
nothing until fed; without a witness the soft limit warns, the hard one stops
searches and a chef extends it; strict sends nothing uncosigned; a log put back
from a copy appends nothing; a user's own client sees a cut. Leaves out: the
collector (test_collector.py), TLS between them (test_witness_tls.py)."""
import base64
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402
import witness as W  # noqa: E402

I.need_shared()
NAME = "vittne.sundby.example/1"
CASES = os.path.join(I.SHARED, "tools", "ssbtek", "cases")
fake = I.Fake("--case", sorted(os.listdir(CASES))[0], "--echo-id")
witness = W.Role("vittne", NAME)
inst = I.Instance(fake.url, "\n[grans]\nskur = 1000\n", sign=False,
                  serve=False)
with open(os.path.join(inst.dir, "log.vkey")) as f:
    VKEY = f.read().strip()
ORIGIN = VKEY.split("+")[0]


def conf(**settings):
    """The log's section [vittne], as told and no more."""
    path = os.path.join(inst.dir, "enfragad.conf")
    with open(path) as f:
        text = f.read().split("\n[vittne]")[0]
    with open(path, "w") as f:
        f.write(text + "\n[vittne]\n" + "".join(
            f"{k} = {v}\n" for k, v in {"sekunder": 1, **settings}.items()))


def policy(text):
    with open(os.path.join(inst.dir, "policy"), "w") as f:
        f.write(text)
    return "policy"


def status(konto="hl0142"):
    s, _, body = W.request(os.path.join(inst.dir, "run", "enfraga.sock"),
                           "GET", "/v1/status", None,
                           {"Enfraga-Konto": konto})
    assert s == 200, body
    return json.loads(body)


def safe():
    s = status()
    return s["vittne"]["storlek"] == s["logg"]["storlek"]


def log():
    """The log's leaf hashes and its notes, read beside enfragad."""
    db = sqlite3.connect(f"file:{inst.dir}/audit.db?mode=ro", uri=True)
    hashes = [r[0] for r in db.execute(
        "SELECT leaf_hash FROM entry ORDER BY seq")]
    notes = [r[0] for r in db.execute(
        "SELECT note FROM checkpoint ORDER BY size")]
    db.close()
    return hashes, notes


def body(old, hashes, note, proof=None):
    size = W.note_size(note)
    if proof is None:
        proof = W.tlog.consistency(old, hashes[:size]) if 0 < old < size else []
    return (f"old {old}\n" + "".join(
        base64.b64encode(h).decode() + "\n" for h in proof) + "\n" +
        note).encode()


def submit(*args, **more):
    return witness.request("POST", "/v1/vittne/add-checkpoint",
                           body(*args, **more))


def only_log_line(note):
    text, lines = note.split("\n\n", 1)
    return text + "\n\n" + "".join(
        x + "\n" for x in lines.splitlines() if x.split(" ")[1] == ORIGIN)


def cosignature_holds(note):
    """By tlog.py's Ed25519 and the specification's words."""
    name, kid, blob = witness.vkey.split("+", 2)
    pub = base64.b64decode(blob)
    assert pub[0] == 4 and W.tlog.sha(name.encode(), b"\n",
                                      pub)[:4].hex() == kid
    text, lines = note.split("\n\n", 1)
    for line in lines.splitlines():
        if line.split(" ")[1] == name:
            sig = base64.b64decode(line.split(" ")[2])
            at = int.from_bytes(sig[4:12], "big")
            assert abs(at - time.time()) < 600 and sig[:4].hex() == kid
            return W.tlog.ed25519(
                pub[1:], f"cosignature/v1\ntime {at}\n{text}\n".encode(),
                sig[12:])
    return False


def exported_and_proven():
    """An export names the witness, and a proof carries its cosignature: both
    can be judged by who knows the witness's key, and by another program."""
    wrong = W.tlog.vkey_text(NAME, W.tlog.WITNESS,
                             W.tlog.ed25519_sign(bytes(32), b"")[0])
    at = os.path.join(inst.top, "logg.json")
    inst.check(inst.enfraga("logg", "exportera", "--till", at, konto="chef07"))
    with open(at) as f:
        exported = json.load(f)
    assert exported["witness_vkeys"] == [witness.vkey]
    assert exported["quorum"] == 1
    proof = os.path.join(inst.top, "bevis")
    inst.check(inst.enfraga("logg", "bevis", "1", "--till", proof,
                            konto="chef07"))
    for v, sized, rc in ((witness.vkey, True, 0), (wrong, False, 1)):
        for program in ([os.path.join(I.BUILD, "enfraga-verifiera"),
                         "--format", "json"],
                        [sys.executable, os.path.join(
                            I.SRC, "tests", "lib", "logcheck.py")]):
            full = ["--full"] if "json" in program else []
            r = subprocess.run([*program, *full, "--vkey", VKEY, "--vittne", v,
                                at], capture_output=True, text=True,
                               timeout=60)
            said = json.loads(r.stdout)
            assert said["haller"] and sized == (
                said["bevittnade"] == len(exported["entries"])), said
            r = subprocess.run([*program, "--vkey", VKEY, "--vittne", v,
                                "--bevis", proof], capture_output=True,
                               text=True, timeout=60)
            assert r.returncode == rc, (program, r.stdout, r.stderr)


def test_heads_are_cosigned():
    witness.know(VKEY)
    witness.serve()
    inst.serve()
    assert status()["vittne"]["lage"] == "inget"
    inst.check(inst.sign())
    inst.stop()
    conf(policy=policy(f"witness w1 {witness.vkey} unix:{witness.socket}\n"
                       "quorum w1\n"))
    inst.serve()
    assert I.wait_for(safe), status()
    assert inst.ask().returncode in (0, 10)
    assert I.wait_for(safe), status()
    s, kind, note = witness.head(ORIGIN)
    assert s == 200 and cosignature_holds(note.decode()), (s, note)
    hashes, notes = log()
    mine = [n for n in notes if NAME in n]
    assert mine and all(cosignature_holds(n) for n in mine), notes
    inst.check(inst.verify())
    r = inst.enfraga("status")
    assert "vittne lage=farskt" in r.stdout, r.stdout
    exported_and_proven()
    inst.stop()
    _, _, note = witness.head(ORIGIN)  # of the very last entry
    last = sqlite3.connect(f"file:{inst.dir}/audit.db?immutable=1", uri=True)
    assert W.note_size(note.decode()) == last.execute(
        "SELECT count(*) FROM entry").fetchone()[0]
    last.close()


def test_cosigned_when_a_user_leaves():
    """Not for ten minutes nor a thousand entries, but at the logout."""
    conf(policy="policy", sekunder=600, poster=1000)
    inst.serve()
    held = W.connect(os.path.join(inst.dir, "run", "enfraga.sock"))
    held.request("GET", "/v1/status", None, {"Enfraga-Konto": "hl0142"})
    assert held.getresponse().read()
    assert I.wait_for(safe), status()  # a start's own round
    assert inst.ask().returncode in (0, 10)
    time.sleep(1.2)
    assert not safe(), status()  # the session is still open
    before = witness.head(ORIGIN)[2]
    held.close()
    assert I.wait_for(lambda: witness.head(ORIGIN)[2] != before), status()
    assert I.wait_for(safe), status()
    inst.stop()


def test_statuses():
    conf()  # the log by itself, so that its newest heads are ours to send
    inst.serve()
    _, _, note = witness.head(ORIGIN)
    old = W.note_size(note.decode())
    hashes, notes = log()
    new = only_log_line(notes[-1])
    assert W.note_size(new) > old
    s, kind, text = submit(old - 1, hashes, new)
    assert (s, kind, text) == (409, "text/x.tlog.size", b"%d\n" % old)
    assert submit(old, hashes, new, proof=[bytes(32)])[0] == 422
    size = W.note_size(new)
    assert submit(old, hashes[:-1], new.replace(
        f"\n{size}\n", f"\n{size - 1}\n"))[0] == 403
    other = new.replace(ORIGIN, ORIGIN + "x")
    assert submit(old, hashes, other)[0] == 404
    assert witness.request("POST", "/v1/vittne/add-checkpoint",
                           b"old x\n\n" + new.encode())[0] == 400
    assert witness.request("POST", "/v1/vittne/add-checkpoint",
                           b"x" * 20000)[0] == 413
    assert witness.request("GET", "/v1/vittne/" + "0" * 64 +
                           "/checkpoint")[0] == 404
    # a race of two: one wins
    got = []
    data = body(old, hashes, new)
    threads = [threading.Thread(target=lambda: got.append(witness.request(
        "POST", "/v1/vittne/add-checkpoint", data)[0])) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(got) == [200] + [409] * 7, got
    inst.stop()


def keep(name):
    """The log as it stands now, to be put back later."""
    at = os.path.join(inst.top, name)
    os.mkdir(at)
    put_back(inst.dir, at)
    return at


def put_back(kept, to=None):
    for name in ("audit.db", "register.db"):
        shutil.copy(os.path.join(kept, name),
                    os.path.join(to or inst.dir, name))


def test_fork_is_evidence():
    """Two histories by one key: an older copy goes on by itself."""
    older = keep("older")
    inst.serve()
    inst.stop()
    inst.serve()
    hashes, notes = log()
    real = only_log_line(notes[-1])
    inst.stop()
    _, _, note = witness.head(ORIGIN)
    assert submit(W.note_size(note.decode()), hashes, real)[0] == 200
    keep("real")
    put_back(older)
    hashes = []
    while len(hashes) <= W.note_size(real):
        inst.serve()
        inst.stop()
        hashes, notes = log()
    wrong = notes[-1]
    s, _, why = submit(W.note_size(real), hashes, only_log_line(wrong))
    assert s == 422, (s, why)
    db = sqlite3.connect(f"{witness.dir}/vittne.db")
    rows = db.execute("SELECT body FROM evidence WHERE origin = ?",
                      (ORIGIN,)).fetchall()
    db.close()
    assert only_log_line(wrong).encode() in [
        r[0].split(b"\n\n", 1)[1] for r in rows]


def test_put_back_log_appends_nothing():
    """The fork, and a mere older copy, are refused before a first entry."""
    conf(policy="policy")
    for what in ("fork", "older"):
        if what == "older":
            put_back(os.path.join(inst.top, "older"))
        with open(os.path.join(inst.dir, "audit.db"), "rb") as f:
            before = f.read()
        r = inst.enfragad_run("--instans", inst.dir)
        assert r.returncode == 20 and "aterlas" in r.stderr, (
            what, r.returncode, r.stderr)
        with open(os.path.join(inst.dir, "audit.db"), "rb") as f:
            assert f.read() == before, what


def test_users_see_a_cut():
    """The user's own client, without any witness."""
    put_back(os.path.join(inst.top, "real"))
    conf()
    inst.serve()
    inst.check(inst.enfraga("status"))
    inst.check(inst.enfraga("status"))
    inst.stop()
    seen = keep("seen")
    put_back(os.path.join(inst.top, "older"))
    inst.serve()
    r = inst.enfraga("status")
    assert r.returncode == 20 and "LARM" in r.stderr, (r.returncode, r.stderr)
    inst.stop()
    put_back(seen)


def later(hours):
    """enfragad with its clock so many hours on; ended by inst.stop()."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ",
                       time.gmtime(time.time() + 3600 * hours))
    inst.env["ENFRAGA_TID"] = at
    try:
        inst.serve()
    finally:
        del inst.env["ENFRAGA_TID"]


def test_limits():
    """Wholly cosigned first; then the witness is away."""
    conf(policy="policy", hard_poster=40)
    inst.serve()
    assert I.wait_for(safe), status()
    inst.check(inst.enfraga("forsakran", "skriv-under", "--behov", "--intrang",
                            "--tystnad", "--loggning", "--ort", "Sundby",
                            konto="chef07"))
    assert I.wait_for(safe), status()
    witness.stop()
    assert inst.ask().returncode in (0, 10)  # offline, within the limits
    inst.stop()
    later(0.5)
    s = status()["vittne"]
    assert s["lage"] == "mjuk" and s["oskyddade"] > 0 and s["text"], s
    assert inst.ask().returncode in (0, 10)
    inst.stop()
    later(9)
    assert status()["vittne"]["lage"] == "hard"
    fake.reset()
    r = inst.ask()
    assert r.returncode == 20 and "vittne" in r.stderr.lower(), r.stderr
    assert fake.get("/__requests") == [], "a question was sent"
    assert inst.enfraga("logg", "forlang", "--skal", " ",
                        konto="chef07").returncode != 0
    assert inst.enfraga("logg", "forlang", "--skal", "hl").returncode == 22
    inst.check(inst.enfraga("logg", "forlang", "--skal",
                            "vittnets server är nere", konto="chef07"))
    assert status()["vittne"]["lage"] == "mjuk"
    assert inst.ask().returncode in (0, 10)
    inst.stop()
    later(9.1)
    assert status()["vittne"]["lage"] == "mjuk"  # remembered
    inst.stop()
    later(9.2)
    for _ in range(40):  # refusals are entries too
        if status()["vittne"]["lage"] == "hard":
            break
        inst.ask()
    assert status()["vittne"]["lage"] == "hard", status()
    witness.serve()
    assert I.wait_for(safe), status()
    assert status()["vittne"]["lage"] == "farskt"
    assert inst.ask().returncode in (0, 10)
    inst.stop()


def test_strict():
    conf(policy="policy", strikt="ja")
    inst.serve()
    assert I.wait_for(safe), status()
    assert inst.ask().returncode in (0, 10)
    witness.stop()
    fake.reset()
    r = inst.ask()
    assert r.returncode == 20, (r.returncode, r.stderr)
    assert fake.get("/__requests") == [], "sent without a cosignature"
    witness.serve()
    assert I.wait_for(lambda: inst.ask().returncode in (0, 10), 30)
    inst.stop()
    inst.check(inst.verify())


def test_paper():
    conf(papper="ja")
    inst.serve()
    assert status()["vittne"]["lage"] == "papper"
    line = inst.check(inst.enfraga("logg", "dagsrad")).stdout.strip()
    assert line.split(" ")[1] == ORIGIN, line
    inst.ask()

    def mot(what):
        return inst.enfraga("logg", "verifiera", "--mot", what,
                            konto="chef07").returncode
    to = os.path.join(inst.top, "rad")
    with open(to, "w") as f:
        f.write(line + "\n")
    assert mot(line) == 0 and mot(to) == 0
    root = line.split(" ")[3]
    assert mot(line.replace(root, base64.b64encode(bytes(32)).decode())) == 1
    size = line.split(" ")[2]
    assert mot(line.replace(f" {size} ", f" {int(size) + 1000} ")) == 1
    assert mot(line.replace(ORIGIN, "audit.annan.se/x/1")) == 2
    inst.stop()


def test_witness_from_a_copy():
    w = W.Role("vittne", "kopia.sundby.example/1")
    try:
        w.know(VKEY)
        r = w.command("sakerhetskopiera", os.path.join(w.top, "k"))
        assert r.returncode == 0, r.stderr
        w.serve()
        assert w.request("GET", "/v1/status")[0] == 200
        assert w.command("mata", "x").returncode == 20  # in use
        w.kill()
        w.serve()
    finally:
        w.remove()


try:
    I.run([(f.__name__[5:], inst.alone(f)) for f in (
        test_heads_are_cosigned, test_cosigned_when_a_user_leaves,
        test_statuses, test_fork_is_evidence,
        test_put_back_log_appends_nothing, test_users_see_a_cut, test_limits,
        test_strict, test_paper, test_witness_from_a_copy)])
finally:
    inst.remove()
    witness.remove()
    fake.stop()
