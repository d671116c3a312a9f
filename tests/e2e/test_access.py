#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Access to a case that is not one's own, and the own list, through the two
programs: who may give it, that it opens the case in list and grant for a day
and not longer, that what is taken efterhand is approved or becomes an alarm,
and that each is an entry. Leaves out the register by itself
(tests/unit/cases/test_access)."""
import datetime
import http.client
import json
import os
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import boxes  # noqa: E402
import instance as I  # noqa: E402

I.need_shared()
ATKOMST, NEKAD, LARM, REGISTER = 7, 34, 36, 38
CLOSED, BARRED = "EK-2026-00501", "EK-2026-00502"


def case(arende, lage="pagaende", jav=()):
    first = I.CASES["arenden"][0]
    end = "2026-05-01" if lage == "avslutat" else None
    return dict(first, arende=arende, lage=lage, avslutat=end, jav=list(jav))


I.CASES["arenden"] += [case(CLOSED, "avslutat"),
                       case(BARRED, jav=["hl0143"])]
fake = I.Fake("--strict", "--echo-id", "--case", "110-three-errors")
inst = opener = None


def start(conf=""):
    global inst
    inst = I.Instance(fake.url, conf)
    for konto in ("hl0143", "chef07"):
        inst.check(inst.enfraga("forsakran", "skriv-under", "--behov",
                                "--intrang", "--tystnad", "--loggning",
                                "--ort", "Sundby", konto=konto))


def again(hours):
    """Stops, and serves with both programs' clocks that far from now."""
    inst.stop()
    at = datetime.datetime.now(datetime.timezone.utc) + \
        datetime.timedelta(hours=hours)
    inst.env["ENFRAGA_TID"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    inst.serve()


def entries(kind):
    """Payloads, oldest first."""
    global opener
    if not opener or opener.dir != inst.dir:
        opener = boxes.Opener(inst.dir)
    return [json.loads(p) for p in opener.payloads(kind)]


def ask(konto="hl0143"):
    return inst.enfraga("fraga", "--arende", I.ARENDE, "--person", "sokande",
                        "--syfte", "fortsatt", "--period",
                        "2026-01-01..2026-06-30", "--kallor", "alla", "--skal",
                        "prov", "--format", "json", konto=konto)


def listed(konto="hl0143"):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(10)
    s.connect(os.path.join(inst.dir, "run", "enfraga.sock"))
    c = http.client.HTTPConnection("enfragad")
    c.sock = s
    c.request("GET", "/v1/arenden", None, {"Enfraga-Konto": konto})
    return [a["arende"] for a in json.load(c.getresponse())["arenden"]]


def atkomst(*args, konto="chef07"):
    return inst.enfraga("arenden", "atkomst", *args, konto=konto)


def give(to="hl0143", arende=I.ARENDE, konto="chef07", skal="vikarie"):
    return atkomst("--arende", arende, "--till", to, "--skal", skal,
                   konto=konto)


def refused(r, status, word):
    assert r.returncode == status, (r.returncode, r.stdout, r.stderr)
    assert entries(NEKAD)[-1]["kod"] == word, entries(NEKAD)[-1]
    assert r.stdout == "", r.stdout


def asked(r):
    answer = json.loads(r.stdout)
    assert r.returncode in (0, 10), (r.returncode, r.stderr)
    assert answer["fraga"]["arende"] == I.ARENDE
    assert len(fake.get("/__requests")) == 1


def not_asked(word):
    fake.reset()
    refused(ask(), 22, word)
    assert fake.get("/__requests") == [], "something was sent"


def test_given_by_a_chef_for_a_day():
    start()
    assert listed() == []
    not_asked("arende_saknas")
    inst.check(give())
    p = entries(ATKOMST)
    assert p == [{"slag": "given", "arende": I.ARENDE, "till": "hl0143",
                  "skal": "vikarie"}], p
    assert listed() == [I.ARENDE]
    assert I.ARENDE in inst.enfraga("arenden", "sok", "417",
                                    konto="hl0143").stdout
    fake.reset()
    asked(ask())


def test_who_may_not():
    before = len(entries(ATKOMST))
    refused(give(konto="hl0142"), 22, "fel_roll")
    refused(give(to="chef07"), 22, "fel_roll")
    refused(give(arende=CLOSED), 22, "arende_avslutat")
    refused(give(arende=BARRED), 22, "jav")
    refused(give(arende="EK-2099-99999"), 22, "arende_saknas")
    refused(give(to="finnsej"), 22, "okand_anvandare")
    refused(give(skal=" "), 23, "skal_kravs")
    r = atkomst("--efterhand", "--arende", I.ARENDE, "--skal", "jour",
                konto="hl0143")
    refused(r, 22, "fel_roll")  # the setting is chef
    assert len(entries(ATKOMST)) == before


def test_ends_after_a_day():
    again(23.9)
    fake.reset()
    asked(ask())
    again(24.1)
    assert listed() == []
    not_asked("arende_saknas")
    assert entries(LARM) == []


def own_list(text, konto="hl0142"):
    path = os.path.join(inst.top, "egna")
    with open(path, "w") as f:
        f.write(text)
    return inst.enfragad_run("--instans", inst.dir, "anvandare", "egen-lista",
                             konto, path)


def test_own_list():
    inst.stop()
    was = len(entries(REGISTER))
    r = own_list(f"# släkt\n\n19850312980X\n{I.PERSON}\n")
    assert r.returncode == 64 and "rad 3" in r.stderr, (r.returncode, r.stderr)
    assert "1985" not in r.stderr + r.stdout
    assert own_list(I.PERSON, konto="finnsej").returncode == 22
    assert len(entries(REGISTER)) == was
    inst.check(own_list(f"# släkt\n198503129804\n{I.PERSON} # granne\n"))
    p = entries(REGISTER)[-1]
    assert p["slag"] == "egen_lista" and p["konto"] == "hl0142", p
    assert p["antal"] == 2 and len(p["sha256"]) == 64, p
    inst.serve()
    fake.reset()
    refused(ask("hl0142"), 22, "egen_lista")
    assert fake.get("/__requests") == []
    inst.stop()
    inst.check(own_list("# ingen\n"))
    inst.serve()
    fake.reset()
    asked(ask("hl0142"))
    end()


def end():
    inst.stop()
    r = inst.verify()
    assert r.returncode == 0, r.stdout + r.stderr
    inst.remove()


def test_efterhand_approved():
    start("\n[arende]\natkomst = efterhand\n")
    take = ("--efterhand", "--arende", I.ARENDE, "--skal", "jour i kväll")
    approve = ("--godkann", "--arende", I.ARENDE, "--till", "hl0143")
    refused(atkomst(*approve), 22, "saknas")
    refused(atkomst(*take, konto="chef07"), 22, "fel_roll")
    for shut in (CLOSED, BARRED, "EK-2099-99999"):
        r = atkomst("--efterhand", "--arende", shut, "--skal", "jour",
                    konto="hl0143")
        refused(r, 22, "arende_saknas")
    inst.check(atkomst(*take, konto="hl0143"))
    assert entries(ATKOMST)[-1]["slag"] == "efterhand"
    fake.reset()
    asked(ask())
    r = inst.check(atkomst())
    assert f"vantar {I.ARENDE} till=hl0143 " in r.stdout, r.stdout
    assert 'skal="jour i kväll"' in r.stdout
    assert atkomst(konto="hl0143").returncode == 22
    refused(atkomst(*approve, konto="hl0142"), 22, "fel_roll")
    inst.check(atkomst(*approve))
    assert entries(ATKOMST)[-1]["slag"] == "godkand"
    assert inst.check(atkomst()).stdout == ""
    again(24.1)
    assert listed() == []
    assert entries(LARM) == []
    end()


def test_efterhand_not_approved():
    start("\n[arende]\natkomst = efterhand\n")
    inst.check(atkomst("--efterhand", "--arende", I.ARENDE, "--skal", "jour",
                       konto="hl0143"))
    again(23.9)
    assert listed() == [I.ARENDE] and entries(LARM) == []
    again(24.1)  # at the start
    assert I.wait_for(lambda: len(entries(LARM)) == 1)
    p = entries(LARM)[0]
    assert p["slag"] == "efterhand" and p["arende"] == I.ARENDE, p
    assert p["till"] == "hl0143" and p["fore"], p
    assert listed() == []
    not_asked("arende_saknas")
    refused(atkomst("--godkann", "--arende", I.ARENDE, "--till", "hl0143"),
            22, "saknas")
    # Once each; then, another one that ends while enfragad serves.
    inst.check(atkomst("--efterhand", "--arende", I.ARENDE, "--skal", "jour",
                       konto="hl0143"))
    again(48.1 - 2 / 3600)
    assert len(entries(LARM)) == 1
    assert I.wait_for(lambda: len(entries(LARM)) == 2, 30)
    end()


def test_setting_is_checked():
    global inst
    inst = I.Instance(fake.url, serve=False)
    with open(os.path.join(inst.dir, "enfragad.conf"), "a") as f:
        f.write("\n[arende]\natkomst = alla\n")
    r = inst.enfragad_run("--instans", inst.dir)
    assert r.returncode == 64 and "arende.atkomst" in r.stderr, r.stderr


try:
    I.run([(f.__name__[5:], f) for f in
           (test_given_by_a_chef_for_a_day, test_who_may_not,
            test_ends_after_a_day, test_own_list, test_efterhand_approved,
            test_efterhand_not_approved, test_setting_is_checked)])
finally:
    if inst:
        inst.remove()
    fake.stop()
