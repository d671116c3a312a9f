#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The commands as a script runs them, unprompted: init, import, serve, sign,
ask each of the service's sample answers and read them right (text, JSON,
NDJSON), refusals by their exit codes, the log verified and exported while
enfragad serves and after it has stopped, and training with nothing set up.
Leaves out: forged entries (test_refusals), modes (test_modes)."""
import json
import os
import socket
import stat
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

I.need_shared()
TOOLS = os.path.join(I.SHARED, "tools", "ssbtek")
CASES = sorted(os.listdir(os.path.join(TOOLS, "cases")))
KINDS = {"enfraga", "kalla", "betalning", "beslut", "uppgift", "flagga",
         "belopp", "kontrollera"}
fake = I.Fake("--case", CASES[0], "--echo-id")
inst = I.Instance(fake.url, "\n[grans]\nskur = 1000\n", sign=False)


def rc(r, *want):
    assert r.returncode in want, (r.args, r.returncode, r.stderr)
    assert I.PERSON not in r.stderr, "a personnummer in a message"
    return r


def test_nothing_before_the_forsakran():
    fake.reset()
    rc(inst.ask(), 21)
    assert fake.get("/__requests") == []
    rc(inst.enfraga("forsakran", "skriv-under", "--behov"), 64)
    rc(inst.enfraga("forsakran", "visa"), 0)


def test_sign():
    r = rc(inst.sign(), 0)
    assert "20" in r.stdout
    assert rc(inst.enfraga("status"), 0).stdout.count("kalla ") == 8


def compare(name, svar):
    expected = os.path.join(TOOLS, "cases", name, "expected-summary.json")
    r = subprocess.run([sys.executable, os.path.join(TOOLS, "compare_svar.py"),
                        expected], input=json.dumps(svar), text=True,
                       capture_output=True, timeout=60)
    assert r.returncode == 0, (name, r.stdout)
    with open(expected) as f:
        n = len(json.load(f)["payments"])
    assert f"{n}/{n} payments" in r.stdout, (name, r.stdout)


def test_every_case_in_every_form():
    for name in CASES:
        fake.control(case=name)
        r = inst.ask()
        svar = json.loads(r.stdout)
        rc(r, 0 if svar["hel"] else 10)
        compare(name, svar)
        assert svar["lage"] == "test" and svar["schema"] == "enfraga.svar/1"

        r = rc(inst.ask(fmt="text"), 0, 10)
        lines = r.stdout.splitlines()
        assert {x.split(" ")[0] for x in lines} <= KINDS
        assert lines[0].startswith("enfraga "), lines[0]
        paid = [x for x in lines if x.startswith("betalning ")
                and " del=" not in x]
        assert len(paid) == len(svar["utbetalningar"]), name
        assert sum(x.startswith("beslut ") for x in lines) == \
            len(svar["beslut"])
        assert sum(x.startswith("kontrollera ") for x in lines) == \
            len(svar["kontrollera"])

        r = rc(inst.ask(fmt="ndjson"), 0, 10)
        rows = [json.loads(x) for x in r.stdout.splitlines()]
        assert rows[0]["typ"] == "kvitto" and rows[0]["loggpost"] > 0
        assert I.states(rows[-1]) == I.states(svar)
        assert not any("ra" in x or "ra_b64" in x for x in rows)
        parts = {x["kod"] for x in rows if x.get("typ") == "svar"}
        assert parts == {k["kod"] for k in svar["kallor"]
                         if k["lage"] != "ej_tillfragad"}


def test_an_answer_that_is_not_delivered():
    ask = [os.path.join(I.BUILD, "enfraga"), "--instans", inst.dir, "--konto",
           "hl0142", "fraga", "--arende", I.ARENDE, "--person", "sokande",
           "--syfte", "fortsatt", "--skal", "prov"]
    for to in (">/dev/full", ">&-"):
        for fmt in ("text", "ndjson"):
            r = subprocess.run(
                ["sh", "-c", 'exec "$@" ' + to, "sh", *ask, "--format", fmt],
                env=inst.env, text=True, capture_output=True, timeout=120,
                stdin=subprocess.DEVNULL)
            rc(r, 20)
            assert "--skal" in r.stderr and r.stdout == "", (to, r.stderr)


def test_number_or_role_is_the_same_person():
    r = rc(inst.enfraga("fraga", "--arende", I.ARENDE, "--person", I.PERSON,
                        "--syfte", "fortsatt", "--manad", "2026-03",
                        "--kallor", "AF,FK", "--skal", "prov", "--format",
                        "json"), 0, 10)
    svar = json.loads(r.stdout)
    assert svar["fraga"]["roll"] == "sokande"
    assert svar["fraga"]["period"] == {"fran": "2026-01-01",
                                       "till": "2026-03-31"}
    asked = {k["kod"] for k in svar["kallor"] if k["lage"] != "ej_tillfragad"}
    assert {"AF", "FK"} <= asked <= {"AF", "FK", "PM"}


def test_chosen_codes_are_what_is_asked():
    def ask(*more):
        return inst.enfraga("fraga", "--arende", I.ARENDE, "--person",
                            "sokande", "--syfte", "fortsatt", "--manad",
                            "2026-03", "--skal", "prov", "--format", "json",
                            *more)
    r = rc(ask("--kallor", "FK", "--koder", "FK:SJP,FK:SGI"), 0, 10, 11)
    svar = json.loads(r.stdout)
    assert svar["fraga"]["koder"] == "FK:SJP FK:GEPI FK:SGI", svar["fraga"]
    asked = {k["kod"] for k in svar["kallor"] if k["lage"] != "ej_tillfragad"}
    assert asked == {"FK"}, asked                   # no PM code, no PM
    r = rc(ask("--kallor", "FK", "--koder", "PM:PU"), 0, 10, 11)
    asked = {k["kod"] for k in json.loads(r.stdout)["kallor"]
             if k["lage"] != "ej_tillfragad"}
    assert asked == {"FK", "PM"}, asked
    rc(ask("--kallor", "FK", "--koder", "FK:XYZ"), 64)
    assert ask("--kallor", "AF", "--koder", "FK:SJP").returncode not in (0, 10)


def test_refusals():
    def ask(person="sokande", *more, arende=I.ARENDE):
        return inst.enfraga("fraga", "--arende", arende, "--person", person,
                            "--syfte", "fortsatt", *more)
    fake.reset()
    rc(ask(), 23)                                   # the same person again
    rc(ask("sokande", "--skal", "x", "--period", "2023-01-01..2026-01-31"), 22)
    rc(ask("medsokande", "--skal", "x"), 22)        # not in the household
    rc(ask("198503129804", "--skal", "x"), 22)
    rc(ask("198503129805", "--skal", "x"), 64)      # check digit
    rc(ask("sokande", "--skal", "x", arende="EK-2026-99999"), 22)
    rc(ask("sokande", "--skal", "x", "--manad", "1962-03"), 64)  # not born
    rc(ask("sokande", "--skal", "x", "--kallor", "XX"), 64)
    rc(ask("sokande", "--skal", "x", "--kallor", "PM"), 64)
    assert fake.get("/__requests") == [], "something was sent"


def test_service_gone_is_unknown_not_zero():
    fake.control(mode="drop")
    r = rc(inst.ask(), 11)
    svar = json.loads(r.stdout)
    assert not svar["hel"]
    assert "inga_uppgifter" not in I.states(svar).values()
    fake.control(mode="normal")


def test_cases():
    r = rc(inst.enfraga("arenden", "sok", "417"), 0)
    assert I.ARENDE in r.stdout
    r = rc(inst.enfraga("arenden", "sok", "999"), 22)
    assert r.stdout == ""
    r = rc(inst.enfraga("arenden", "visa", I.ARENDE), 0)
    assert "person sokande" in r.stdout
    rc(inst.enfraga("arenden", "visa", "EK-2026-00001"), 22)
    r = rc(inst.enfraga("logg", "visa"), 0)
    assert r.stdout.startswith("post ")
    rc(inst.enfraga("prov"), 0)


def test_log_while_it_serves():
    rc(inst.verify(full=False), 0)
    rc(inst.verify(full=True), 0)
    rc(inst.enfraga("logg", "verifiera"), 22)
    to = os.path.join(inst.top, "logg.json")
    rc(inst.enfraga("logg", "exportera", "--till", to), 22)
    assert not os.path.exists(to) and not os.path.exists(to + ".del")
    kept = os.path.join(inst.top, "kept")
    pipe = os.path.join(inst.top, "pipe")
    with open(kept, "w") as f:
        f.write("kept")
    os.symlink(kept, to + ".del")  # where the export lies until it is whole
    rc(inst.enfraga("logg", "exportera", "--till", to, konto="chef07"), 0)
    with open(kept) as f:
        assert f.read() == "kept"
    os.mkfifo(pipe)
    r = rc(inst.enfraga("logg", "exportera", "--till", pipe, konto="chef07"),
           64)
    assert "ingen vanlig fil" in r.stderr, r.stderr
    assert stat.S_ISFIFO(os.stat(pipe).st_mode), "the export took its place"
    with open(to) as f:
        log = json.load(f)
    assert log["entries"][0]["seq"] == 0 and log["checkpoints"]


def test_linear_mode():
    said = "1\n1\n\n2\nprov\nfråga\na\nm\n4\n=\n<\n<\n"
    env = dict(inst.env)
    r = subprocess.run(
        [os.path.join(I.BUILD, "enfraga"), "--instans", inst.dir, "--konto",
         "hl0142", "--linjar"], env=env, input=said, text=True,
        capture_output=True, timeout=120)
    rc(r, 0)
    assert "\x1b" not in r.stdout
    for word in ("Försäkringskassan", "Skickad", "Att kontrollera"):
        assert word in r.stdout, (word, r.stdout)


def test_withdrawn():
    rc(inst.enfraga("forsakran", "aterkalla"), 0)
    rc(inst.ask(), 21)


def test_log_when_it_has_stopped():
    inst.stop()
    rc(inst.verify(full=True), 0)
    rc(inst.enfraga("status"), 30)
    path = os.path.join(inst.dir, "run", "enfraga.sock")
    with socket.socket(socket.AF_UNIX) as left:  # as a killed one leaves it
        left.bind(path)
    r = rc(inst.enfraga("status"), 30)
    assert "enfragad svarar inte" in r.stderr, r.stderr
    assert "inget nytt" in r.stderr and "localhost" not in r.stderr, r.stderr
    os.unlink(path)
    found = inst.files_hold("-wal")
    assert not [f for f in os.listdir(inst.dir) if f.endswith("-wal")], found


def test_training_needs_nothing():
    top = os.path.join(inst.top, "hemma")
    os.mkdir(top)
    env = dict(inst.env, HOME=top, XDG_STATE_HOME=top)
    ask = [os.path.join(I.BUILD, "enfraga"), "fraga", "--arende", I.ARENDE,
           "--person", "sokande", "--syfte", "fortsatt", "--format", "json"]
    for n in range(2):
        r = subprocess.run(ask + ["--skal", "prov"], env=env, text=True,
                           capture_output=True, timeout=120,
                           stdin=subprocess.DEVNULL)
        rc(r, 0, 10)
        assert json.loads(r.stdout)["lage"] == "ovning"
    path = os.path.join(top, "enfraga", "ovning", "run", "enfraga.sock")
    assert not os.path.exists(path), "its enfragad goes on"


try:
    I.run([(n, f) for n, f in list(globals().items())
           if n.startswith("test_")])
finally:
    fake.stop()
    inst.remove()
