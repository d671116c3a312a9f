#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Proves: a review is an entry before anything is shown; named entries are
opened by the reviewer's own key in the client; a period is read only when a
second chef has approved it, by the one who asked alone, and a person's entries
are found among others'; what an account of a unit asks is sealed to the unit's
reviewers too; a recipient is taken in, and away, by two, and a stop forgets
none of it; nobody reviews own entries or gives a verdict on what
was not shown; each step is in the log, which holds. Leaves out: speed
(tests/bench/bench_review)."""
import datetime
import json
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import boxes  # noqa: E402
import instance as I  # noqa: E402
import logcheck  # noqa: E402

I.need_shared()
GRANSKNING, UTFALL, REGISTER = 10, 11, 38
TODAY = datetime.date.today()
fake = I.Fake("--strict", "--echo-id", "--case", "110-three-errors")
x = I.Instance(fake.url)


def granska(*args, konto="chef07"):
    return x.enfraga("granska", *args, konto=konto)


def refused(r, status, word=""):
    assert r.returncode == status and r.stdout == "" and word in r.stderr, r


def count(kind):
    return boxes.rows(x.dir, "SELECT count(*) FROM entry WHERE type = ?",
                      kind)[0][0]


def number(r):
    x.check(r)
    return re.search(r"granskning[= ]+(\d+)", r.stdout, re.I)[1]


def test_named_entries():
    x.stop()
    x.check(x.enfragad_run("--instans", x.dir, "anvandare", "lagg-till",
                           "chef08:Siv Berg:chef"))
    x.serve()
    for konto in ("chef07", "chef08"):
        x.check(x.enfraga("forsakran", "skriv-under", "--behov", "--intrang",
                          "--tystnad", "--loggning", "--ort", "Sundby",
                          konto=konto))
    x.post = json.loads(x.ask().stdout)["fraga"]["loggpost"]
    refused(granska("visa", str(x.post), "--skal", "prov", konto="hl0142"), 22)
    assert granska("visa", str(x.post)).returncode == 64
    refused(granska("visa", str(x.post), "--skal", " "), 23)
    assert count(GRANSKNING) == 0
    r = granska("visa", str(x.post), str(x.post + 1), "--skal", "stickprov")
    x.own = int(number(r))
    assert count(GRANSKNING) == 1
    lines = r.stdout.splitlines()
    assert f"post={x.post} " in lines[0] and "konto=hl0142" in lines[0], r
    assert f"person={I.PERSON[:8]}-{I.PERSON[8:]}" in lines[0], r
    assert "arende=" + I.ARENDE in lines[0], r
    assert f"till={x.post}" in lines[1] and "innehall={" in lines[1], r
    assert "0 kunde inte öppnas" in r.stderr, r.stderr


def test_verdict():
    args = ("utfall", str(x.own), "--bedomning", "avvikelse", "--text",
            "Fel ärende?")
    x.check(granska(*args, str(x.post)))
    refused(granska(*args, str(x.post), "1"), 64)  # was not shown
    refused(granska(*args, str(x.post), konto="chef08"), 22)
    assert granska("utfall", str(x.own), "--bedomning", "bra",
                   str(x.post)).returncode == 64
    p = boxes.Opener(x.dir).payloads(UTFALL)
    assert len(p) == 1 and json.loads(p[0])["text"] == "Fel ärende?", p


def test_nobody_reviews_own_entries():
    r = x.check(granska("visa", str(x.own), "--skal", "egen"))
    assert " egen" in r.stdout and "innehall" not in r.stdout, r
    again = number(r)
    refused(granska("utfall", again, "--bedomning", "fraga", str(x.own)), 64)
    r = x.check(granska("visa", str(x.own), "--skal", "annans",
                        konto="chef08"))
    assert "stickprov" in r.stdout, r


def test_a_period_takes_two():
    args = ("sok", "--fran", str(TODAY - datetime.timedelta(1)), "--till",
            str(TODAY + datetime.timedelta(1)), "--skal", "kontroll av person")
    refused(granska(*args, konto="hl0143"), 22)
    r = granska(*args, "--person", I.PERSON)
    first = number(r)
    assert I.PERSON not in r.stdout
    refused(granska("las", first), 22, "andra chef")
    refused(granska("godkann", first, "--skal", "jag själv"), 22)
    r = x.check(granska("lista", konto="chef08"))
    assert f"granskning={first} konto=chef07" in r.stdout, r
    assert I.PERSON in r.stdout and "godkand_av=- " in r.stdout, r
    x.check(granska("godkann", first, "--skal", "rimligt", konto="chef08"))
    refused(granska("godkann", first, "--skal", "igen", konto="chef08"), 22)
    refused(granska("las", first, konto="chef08"), 22)
    r = x.check(granska("las", first))
    assert f"post={x.post} " in r.stdout and "typ=start" not in r.stdout, r
    assert " egen" not in r.stdout, r
    shown = len(r.stdout.splitlines())
    everything = number(granska(*args))
    x.check(granska("godkann", everything, "--skal", "ok", konto="chef08"))
    r = x.check(granska("las", everything))
    assert len(r.stdout.splitlines()) > shown, r
    assert re.search(r" typ=granskning .*egen|typ=granskning egen", r.stdout)
    x.check(granska("utfall", everything, "--bedomning", "utan_anmarkning",
                    str(x.post)))


def test_outside_the_period_is_nothing():
    day = str(TODAY - datetime.timedelta(40))
    r = granska("sok", "--fran", day, "--till", day, "--skal", "tomt")
    seq = number(r)
    x.check(granska("godkann", seq, "--skal", "ok", konto="chef08"))
    r = x.check(granska("las", seq))
    assert r.stdout == "", r


def nycklar(*args, konto="chef07"):
    return x.enfraga("nycklar", *args, konto=konto)


def sealed_to():
    """The names that the newest day key is sealed to."""
    leaf, = boxes.rows(x.dir, "SELECT leaf_data FROM entry WHERE seq = "
                       "(SELECT max(seq) FROM daykey)")[0]
    return boxes.author(leaf)[0x16]


def test_a_new_recipient_takes_two():
    r = x.check(nycklar("visa"))
    assert "konto=chef07 postnyckel=" in r.stdout, r
    # a certificate from elsewhere: another instance's chef
    other = os.path.join(x.top, "o")
    x.check(x.enfragad_run(
        "init", other, "--lage", "test", "--kommun", "Norrby kommun",
        "--orgnr", "162120000001", "--aktorsid", "999-01", "--upstream",
        "ssbtek", "--url", "http://127.0.0.1:9/", "--anvandare",
        "rev01:Rut Ny:chef", "--anvandare", "rev02:Ulf Ek:chef"))
    cert = os.path.join(other, "anvandare", "rev01", "review.crt")
    wrong = os.path.join(other, "keys", "arkiv.crt")
    sign = os.path.join(other, "anvandare", "rev01", "sign.crt")
    new = ("mottagare", "--namn", "rev01", "--certifikat")
    refused(nycklar(*new, cert, konto="hl0142"), 22)
    refused(nycklar(*new, sign), 64, "keyAgreement")
    x.check(nycklar(*new, cert))
    x.ask()
    assert b"rev01" not in sealed_to()
    r = x.check(nycklar("mottagare", konto="chef08"))
    seq = re.search(r"forslag=(\d+) konto=chef07 namn=rev01", r.stdout)[1]
    yes = ("mottagare", "--godkann", seq, "--certifikat")
    refused(nycklar(*yes, cert), 22, "andra person")
    refused(nycklar(*yes, wrong, konto="chef08"), 64)
    x.check(nycklar(*yes, cert, konto="chef08"))
    refused(nycklar(*yes, cert, konto="chef08"), 22)  # waits no more
    refused(nycklar(*new, cert), 64, "förseglas")  # is there already
    x.ask()
    assert b"rev01" in sealed_to()
    cms, = boxes.rows(
        x.dir, "SELECT cms FROM daykey ORDER BY day DESC LIMIT 1")[0]
    key = boxes.day_key(cms, cert[:-3] + "key", cert,
                        os.path.join(os.path.dirname(cert), "losen"))
    assert key and len(key) == 32
    assert x.verify().returncode == 0


def test_a_unit_has_reviewers_of_its_own():
    cert = os.path.join(x.top, "o", "anvandare", "rev02", "review.crt")
    x.check(nycklar("mottagare", "--namn", "rev02", "--certifikat", cert,
                    "--enhet", "Öster"))
    r = x.check(nycklar("mottagare", konto="chef08"))
    seq = re.search(r'forslag=(\d+) .* enhet="Öster"', r.stdout)[1]
    x.check(nycklar("mottagare", "--godkann", seq, "--certifikat", cert,
                    konto="chef08"))
    assert x.ask().returncode == 10  # some sources fail
    assert b"rev02" not in sealed_to()
    x.stop()

    def user(*args):
        return x.enfragad_run("--instans", x.dir, "anvandare", *args)
    refused(user("andra", "hl0142", "--enhet", "Ö\nster"), 64)
    refused(user("andra", "hl0142", "--enhet", "x" * 64), 64)
    refused(user("sparra", "hl0142", "--enhet", "Öster"), 64)
    refused(user("andra", "finnsej", "--enhet", "Öster"), 22)
    x.check(user("andra", "hl0142", "--enhet", "Öster"))
    x.check(user("lagg-till", "hl0150:Eva By:handlaggare", "--enhet",
                 "Väster"))
    x.serve()
    assert x.ask().returncode == 10  # some sources fail
    assert b"rev02" in sealed_to() and b"rev01" in sealed_to()
    p = [json.loads(p) for p in boxes.Opener(x.dir).payloads(REGISTER)]
    assert [(n["konto"], n["enhet"]) for n in p if "enhet" in n] == [
        ("hl0142", "Öster"), ("hl0150", "Väster")], p
    assert x.verify().returncode == 0


def test_a_recipient_is_taken_away_by_two():
    r = x.check(nycklar("mottagare"))
    here = {m[2]: m[1] for m in re.finditer(
        r"mottagare=(\d+) sparrad=nej namn=(\w+)", r.stdout)}
    assert set(here) == {"arkiv", "chef07", "chef08", "rev01", "rev02"}, r
    gone = ("mottagare", "--ta-bort")
    refused(nycklar(*gone, here["rev01"], konto="hl0142"), 22)
    refused(nycklar(*gone, "999999"), 22)
    refused(nycklar(*gone, here["arkiv"]), 64, "ingen skulle kunna")
    x.check(nycklar(*gone, here["rev01"]))
    x.ask()
    assert b"rev01" in sealed_to()
    x.stop()  # what waits is in the log
    for args in (("lagg-till", "rev02:Ulf Ek:chef"), ("sparra", "rev02")):
        x.check(x.enfragad_run("--instans", x.dir, "anvandare", *args))
    x.serve()
    r = x.check(nycklar("mottagare", konto="chef08"))
    assert re.search(r"sparrad=ja namn=rev02 ", r.stdout), r
    seq, = re.findall(r"forslag=(\d+) konto=chef07 namn=rev01 .*tar_bort=" +
                      here["rev01"], r.stdout)
    refused(nycklar("mottagare", "--godkann", seq), 22, "andra person")
    x.check(nycklar("mottagare", "--godkann", seq, konto="chef08"))
    refused(nycklar("mottagare", "--godkann", seq, konto="chef08"), 22)
    x.ask()
    assert b"rev01" not in sealed_to() and b"rev02" in sealed_to()
    r = x.check(nycklar("mottagare"))
    assert "rev01" not in r.stdout, r
    # it does not come back, and the log still verifies, by both programs
    refused(nycklar("mottagare", "--namn", "rev01", "--certifikat",
                    os.path.join(x.top, "o", "anvandare", "rev01",
                                 "review.crt")), 64, "förseglades")
    assert x.verify().returncode == 0
    x.stop()
    path = os.path.join(x.dir, "audit.db")
    assert logcheck.check(path) == [], logcheck.check(path)
    db = sqlite3.connect(path)  # gone without the entry, and with another
    for change in ("gone = NULL", "gone = 1"):
        was, = db.execute("SELECT gone FROM recipient WHERE name = 'rev01'"
                          ).fetchone()
        db.execute("UPDATE recipient SET %s WHERE name = 'rev01'" % change)
        db.commit()
        assert x.verify().returncode == 1
        assert [f[0] for f in logcheck.check(path)] == ["andrad"]
        db.execute("UPDATE recipient SET gone = ? WHERE name = 'rev01'",
                   (was,))
        db.commit()
    db.close()
    x.serve()


def test_what_was_never_reviewed():
    day = str(TODAY + datetime.timedelta(1))
    args = ("sok", "--fran", str(TODAY - datetime.timedelta(1)), "--till", day,
            "--skal", "ogranskat")
    theirs = number(granska(*args, konto="chef08"))
    x.check(granska("godkann", theirs, "--skal", "ok"))
    r = x.check(granska("las", theirs, "--ogranskade", konto="chef08"))
    left = [int(n) for n in re.findall(r"^post=(\d+) ", r.stdout, re.M)]
    asked = {s for s, in boxes.rows(
        x.dir, "SELECT seq FROM entry WHERE type = 1")}
    # chef07 has judged x.post, twice, and nothing else that is a question
    assert set(left) == asked - {x.post} and x.post in asked, (left, asked)
    assert f"{len(left)} av {len(asked)} frågor" in r.stderr, r
    # the one who judged cannot open the own verdicts, and is told
    own = number(granska(*args))
    x.check(granska("godkann", own, "--skal", "ok", konto="chef08"))
    r = x.check(granska("las", own, "--ogranskade"))
    assert f"post={x.post} " in r.stdout and "dina egna" in r.stderr, r
    about = number(granska(*args, "--person", I.PERSON))
    x.check(granska("godkann", about, "--skal", "ok", konto="chef08"))
    refused(granska("las", about, "--ogranskade"), 64, "en person")
    assert granska("lista", "--ogranskade").returncode == 64


def test_a_stop_ends_reviews():
    x.stop()
    x.serve()
    refused(granska("las", str(x.own)), 22)
    assert x.verify().returncode == 0


try:
    I.run([(n, f) for n, f in list(globals().items())
           if n.startswith("test_")])
finally:
    x.remove()
    fake.stop()
