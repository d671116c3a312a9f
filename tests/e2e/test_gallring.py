#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Gallring by the real commands, the clock moved by ENFRAGA_TID: a dry run
erases nothing; one person is not enough, nor one's own word twice, nor a
systemansvarig's approval, nor a day too early; a stop halts it and two lift
it; what is then erased stands in no byte of the file or its WAL, the log
verifies (ours and tests/lib/logcheck.py), a review and a proof say what is
gone, and the report says how much, when and by whom. On paper nothing is
erased before the line is registered. Leaves out: kills (test_kill_erase.py),
the collector (test_collector.py), SKARP (test_erase.c)."""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

I.need_shared()
CONF = "\n[grans]\nskur = 1000\n[gallring]\nalder_dagar = 90\n" \
       "vanta_dagar = 30\nbeslut = KS 2026:17\n"
CASES = os.path.join(I.SHARED, "tools", "ssbtek", "cases")
fake = I.Fake("--case", sorted(os.listdir(CASES))[0], "--echo-id")
inst = I.Instance(fake.url, CONF, sign=False, serve=False,
                  users=("sys01:Siv Ros:systemansvarig",
                         "chef08:Per Tva:chef"))
DB = os.path.join(inst.dir, "audit.db")
seen = {}


def serve(day):
    """From here on it is that day ("2026-11-24")."""
    inst.stop()
    inst.env["ENFRAGA_TID"] = day + "T10:00:00Z"
    inst.serve()


def g(*args, konto="chef07", code=0):
    r = inst.enfraga("gallring", *args, konto=konto)
    assert r.returncode == code, (args, r.returncode, r.stdout, r.stderr)
    return r


def rows(**more):
    return json.loads(g("lista", "--format", "json", **more).stdout)


def state(number):
    return next(x["lage"] for x in rows()["gallringar"]
                if x["loggpost"] == number)


def query(sql, path=DB):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    got = db.execute(sql).fetchall()
    db.close()
    return got


def holds():
    """By ours and by the second implementation; ours as JSON."""
    r = inst.enfraga("logg", "verifiera", "--full", "--format", "json",
                     konto="chef07")
    other = subprocess.run(
        [sys.executable, os.path.join(I.SRC, "tests", "lib", "logcheck.py"),
         DB], capture_output=True, text=True, timeout=60)
    assert r.returncode == other.returncode, (r.stdout, other.stdout)
    return r.returncode, json.loads(r.stdout)


def in_files(pieces):
    """How many of them stand in the database or its WAL."""
    data = b""
    for end in ("", "-wal"):
        if os.path.exists(DB + end):
            with open(DB + end, "rb") as f:
                data += f.read()
    return sum(p in data for p in pieces)


def secrets(where=""):
    """What is to go: each box and sealed day key, in pieces of a page."""
    return [r[0][:200] for r in query(
        f"SELECT data FROM box {where} UNION ALL SELECT cms FROM daykey")]


def propose(*args, konto="sys01"):
    g("foresla", *args, konto=konto)
    return rows()["gallringar"][-1]["loggpost"]


def test_dry_run():
    serve("2026-11-24")
    for konto in ("hl0142", "chef07", "chef08", "sys01"):
        inst.check(inst.enfraga(
            "forsakran", "skriv-under", "--behov", "--intrang", "--tystnad",
            "--loggning", "--ort", "Sundby", konto=konto))
    for _ in range(2):
        assert inst.ask().returncode in (0, 10)
    serve("2026-11-25")
    assert inst.ask().returncode in (0, 10)
    before = query("SELECT count(*), sum(length(data)) FROM box")
    r = g("prova", "--till", "2026-11-24", "--format", "json", konto="sys01")
    p = json.loads(r.stdout)
    till = query("SELECT min(seq) FROM entry WHERE time_ms >= 1795561200000")
    assert p["fran"] == 0 and p["till"] == till[0][0] - 1, (p, till)
    got = query(f"SELECT count(*), sum(length(data)) FROM box WHERE seq <= "
                f"{p['till']}")[0]
    assert p["lador"] == got[0] and p["dagnycklar"] >= 1 and \
        p["hela_poster"] == 0 and p["byte"] > got[1], p
    assert p["aldst"][:10] <= p["yngst"][:10] == "2026-11-24", p
    assert "Inget har gallrats" in r.stderr
    assert I.PERSON not in r.stdout and "Ek" not in r.stdout
    assert query("SELECT count(*), sum(length(data)) FROM box") == before
    assert g("prova", "--poster", "3-5").stdout.startswith("prov poster=3-5 ")
    # who may: not a handläggare; and the words of a mistake
    assert "roll" in g("prova", "--till", "2026-11-24", konto="hl0142",
                       code=22).stderr
    g("prova", "--till", "2020-01-01", code=22)
    g("prova", "--till", "2026-13-01", code=64)
    g("prova", "--poster", "5-3", code=64)
    g("prova", "--poster", "3-999999", code=64)
    g("prova", code=64)
    assert "bekrafta" in g("lista", "--help").stdout


def test_two_persons_in_time():
    number = propose("--till", "2026-11-24")
    assert state(number) == "foreslagen"
    g("utfor", str(number), code=22)                    # one person
    g("bekrafta", str(number), konto="sys01", code=22)  # no chef, and oneself
    mine = propose("--till", "2026-11-24", konto="chef07")
    assert "andra person" in g("bekrafta", str(mine), code=22).stderr
    g("utfor", str(mine), code=22)
    g("stoppa", str(mine), "--skal", "dubblett")
    assert " lage=vantar " in g("bekrafta", str(number)).stdout
    assert "tidigt" in g("utfor", str(number), code=22).stderr
    serve("2026-12-26")  # waited, but too young
    g("utfor", str(number), konto="chef08", code=22)
    serve("2027-03-01")
    assert state(number) == "mogen"
    seen.update(number=number, pieces=secrets())
    assert in_files(seen["pieces"]) == len(seen["pieces"])


def test_a_stop_halts_and_two_lift_it():
    n = str(seen["number"])
    g("stoppa", "--skal", "tillsyn", konto="sys01")
    assert "stoppad" in g("utfor", n, code=22).stderr
    g("stoppa", n, code=64)  # no reason
    everything = rows()["stopp"][-1]
    assert everything["galler"] is None and everything["i_kraft"]
    stop = str(everything["loggpost"])
    assert "andra person" in g("havstopp", stop, "--skal", "klar").stdout
    g("havstopp", stop, "--skal", "igen", code=22)
    assert state(seen["number"]) == "stoppad"
    g("havstopp", stop, "--skal", "klar", konto="chef08")
    assert state(seen["number"]) == "mogen"
    g("havstopp", "999", "--skal", "finns inte", code=22)


def test_erased():
    number, pieces = seen["number"], seen["pieces"]
    last = next(x["till"] for x in rows()["gallringar"]
                if x["loggpost"] == number)
    gone = [r[0][:200] for r in query(
        f"SELECT data FROM box WHERE seq <= {last}")]
    r = g("utfor", str(number), konto="chef08")
    assert " lage=raderad " in r.stdout, (r.stdout, r.stderr, inst.stderr())
    assert len(gone) > 5 and in_files(gone) == 0
    assert 0 < in_files(pieces) < len(pieces)  # later days are there
    assert query(f"SELECT count(*) FROM box WHERE seq <= {last}") == [(0,)]
    code, report = holds()
    assert code == 0 and report["gallrade_lador"] == len(gone), report
    assert report["gallrade_dagnycklar"] >= 1 and \
        report["gallrade_poster"] == 0, report
    g("utfor", str(number), code=64)  # once
    seen["last"] = last


def test_reported():
    text = g("rapport", konto="sys01").stdout
    r = json.loads(g("rapport", "--format", "json").stdout)
    (x,) = r["gallringar"]
    assert x["beslut"] == "KS 2026:17" and "arkivlagen" in x["grund"]
    assert (x["foreslagen"]["konto"], x["bekraftad"]["konto"],
            x["utford"]["konto"]) == ("sys01", "chef07", "chef08")
    assert x["utford"]["tid"].startswith("2027-03-01")
    assert r["summa"]["lador"] == x["utford"]["lador"] > 5
    assert f"lador={x['utford']['lador']} " in text and \
        "summa gallringar=1 " in text
    g("rapport", konto="hl0142", code=22)


def test_a_review_says_so():
    inst.check(inst.enfraga("granska", "sok", "--fran", "2026-11-24",
                            "--till", "2026-11-24", "--skal", "prov",
                            konto="chef07"))
    r = inst.enfraga("granska", "lista", konto="chef08")
    n = re.search(r"granskning=(\d+)", r.stdout).group(1)
    inst.check(inst.enfraga("granska", "godkann", n, "--skal", "prov",
                            konto="chef08"))
    r = inst.check(inst.enfraga("granska", "las", n, konto="chef07"))
    assert "typ=intent" in r.stdout and " gallrad" in r.stdout, r.stdout
    assert re.search(r"\d+ är gallrade", r.stderr), r.stderr
    assert I.PERSON not in r.stdout


def test_whole_entries_and_a_restored_copy():
    """The entries' own bytes; a log that still has what it has been decided
    to erase, as one put back from a copy, erases it again at its start."""
    number = propose("--till", "2026-11-25", "--hela-poster")
    g("bekrafta", str(number))
    serve("2027-04-05")
    r = g("utfor", str(number))
    assert " lage=raderad " in r.stdout, r.stdout
    code, report = holds()
    assert code == 0 and report["gallrade_poster"] > 10, report
    inst.stop()
    seq = query("SELECT max(seq) FROM entry WHERE leaf_data IS NULL")[0][0]
    db = sqlite3.connect(DB)
    db.execute("INSERT INTO box VALUES (?, 0, x'00')", (seq,))
    db.commit()
    db.close()
    serve("2027-04-06")
    assert I.wait_for(lambda: query(
        f"SELECT count(*) FROM box WHERE seq = {seq}") == [(0,)])
    code, report = holds()
    assert code == 0, report
    r = inst.enfraga("logg", "bevis", str(seq), "--till",
                     os.path.join(inst.top, "b"), konto="chef07")
    assert r.returncode == 22 and "raderad" in r.stderr, r.stderr


def test_beyond_it_is_found():
    inst.stop()
    changed = os.path.join(inst.top, "andrad.db")
    shutil.copy(DB, changed)
    db = sqlite3.connect(changed)
    seq = db.execute("SELECT max(seq) FROM box").fetchone()[0]
    db.execute("DROP TRIGGER box_delete")
    db.execute("DELETE FROM box WHERE seq = ?", (seq,))
    db.commit()
    db.close()
    r = subprocess.run([os.path.join(I.BUILD, "enfraga-verifiera"), "--full",
                        "--format", "json", changed], env=inst.env,
                       capture_output=True, text=True, timeout=60)
    report = json.loads(r.stdout)
    assert r.returncode == 1 and report["fynd"][0]["fel"] == "raderad" and \
        report["fynd"][0]["fran"] == seq, report


def test_on_paper():
    with open(os.path.join(inst.dir, "enfragad.conf"), "a") as f:
        f.write("[vittne]\npapper = ja\n")
    serve("2027-04-06")
    number = propose("--till", "2027-03-01")
    g("bekrafta", str(number))
    serve("2027-07-01")
    old = inst.enfraga("logg", "dagsrad", konto="chef07").stdout.strip()
    r = g("utfor", str(number))
    assert " lage=vantar_papper " in r.stdout and "registrera" in r.stderr
    last = next(x["till"] for x in rows()["gallringar"]
                if x["loggpost"] == number)
    some = f"SELECT count(*) > 0 FROM box WHERE seq <= {last}"
    assert query(some) == [(1,)]
    g("registrera", str(number), "--rad", "2027-07-01 annan 7 AAAA", code=64)
    g("registrera", str(number), "--rad", old, code=64)
    assert query(some) == [(1,)]
    new = inst.enfraga("logg", "dagsrad", konto="chef07").stdout.strip()
    r = g("registrera", str(number), "--rad", new)
    assert " lage=raderad " in r.stdout, r.stdout
    assert query(some) == [(0,)]
    assert holds()[0] == 0


try:
    I.run([(f.__name__[5:], f) for f in (
        test_dry_run, test_two_persons_in_time,
        test_a_stop_halts_and_two_lift_it, test_erased, test_reported,
        test_a_review_says_so, test_whole_entries_and_a_restored_copy,
        test_beyond_it_is_found, test_on_paper)])
finally:
    inst.remove()
    fake.stop()
