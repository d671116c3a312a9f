#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""An instance that asks in v11: the strict service takes the question with
SKV's block for the parts that the legal table opens, SKV's parts come out as
they came in, an answer in v10 is read and says so, a part without a ground is
never sent, and a version that is not spoken is refused at the start. The log
holds throughout. Leaves out: what the service makes of the parts."""
import base64
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

I.need_shared()

SAMPLES = os.path.join(I.SRC, "data", "samples")
PARTS = ["foretagsinformation", "individuppgifter", "skattekonto",
         "skatteuppgifter", "beskattningsbilagor"]
TABLE = """[tabell]
kod = egen
galler_fran = 2026-01-01
[AF]
syften = fortsatt
[SKV]
syften = fortsatt
"""


def sample(i, name):
    """The sample about the case's person, in its base64 too."""
    def about(text):
        return text.replace("198503129804", I.PERSON)

    def inside(m):
        text = about(base64.b64decode(m[1]).decode())
        return "<s:data>%s</s:data>" % base64.b64encode(text.encode()).decode()

    with open(os.path.join(SAMPLES, name), encoding="utf-8") as f:
        s = re.sub(r"<s:data>([A-Za-z0-9+/=\s]+)</s:data>", inside,
                   about(f.read()))
    path = os.path.join(i.top, os.path.basename(name))
    with open(path, "w", encoding="utf-8") as f:
        f.write(s)
    return path


def fake():
    return I.Fake("--strict", "--echo-id", "--filter")


def close(i, f):
    i.check(i.verify())
    i.stop()
    i.remove()
    f.stop()


def answer(r):
    assert r.stdout, (r.returncode, r.stderr)
    return json.loads(r.stdout)


def source(svar, kod):
    return next(k for k in svar["kallor"] if k["kod"] == kod)


def test_asks_in_v11():
    f = fake()
    i = I.Instance(f.url, kontrakt="v11")
    f.control(response=sample(i, "ssbtek-v11/skv-delvis.xml"))
    svar = answer(i.ask())
    asked = f.get("/__requests")[-1]
    assert not asked["problems"], asked["problems"]
    assert asked["facts"]["namespace"].endswith("/11")
    assert asked["facts"]["skv"] == dict(
        {p: ["true"] for p in PARTS}, ar=["2024", "2025"]), asked["facts"]
    assert svar["fraga"]["kontrakt"] == "v11"
    assert svar["fraga"]["delar_skv"].split() == PARTS
    skv = source(svar, "SKV")
    assert skv["lage"] == "delsvar" and "kontrakt" not in skv, skv
    assert [m["kod"] for m in skv["saknade"]] == ["individuppgifter"], skv
    facts = svar["uppgifter"]["SKV"]
    assert facts["skattekonto"]["aterbetalningar"][0]["belopp"] == "1200.00"
    status = i.enfraga("status")
    assert "kontrakt=v11" in status.stdout, status.stdout
    assert i.enfraga("prov").returncode == 0
    close(i, f)


def test_answered_in_v10():
    f = fake()
    i = I.Instance(f.url, kontrakt="v11")
    f.control(response=sample(i, "ssbtek/skv.xml"))
    svar = answer(i.ask("--kallor", "SKV"))
    skv = source(svar, "SKV")
    assert skv["lage"] == "svar" and skv["kontrakt"] == "v10", skv
    assert any("v10" in a and "v11" in a for a in skv["anmarkningar"]), skv
    close(i, f)


def test_only_parts_with_a_ground():
    f = fake()
    table = TABLE + "[SKV/skattekonto]\nsyften =\n"
    i = I.Instance(f.url, kontrakt="v11", tables={"egen.ini": table},
                   extra_conf="\n[lagstod]\nfil = egen.ini\n")
    f.control(response=sample(i, "ssbtek-v11/skv-inga.xml"))
    # test has all on that the table knows: one part
    svar = answer(i.ask("--kallor", "SKV"))
    assert f.get("/__requests")[-1]["facts"]["skv"]["skattekonto"] == ["true"]
    assert f.get("/__requests")[-1]["facts"]["skv"]["skatteuppgifter"] == [
        "false"]
    skv = source(svar, "SKV")
    assert skv["lage"] == "inga_uppgifter", skv
    assert len(skv["anmarkningar"]) == 4, skv  # came without being asked for
    close(i, f)


def test_no_part_no_question():
    f = fake()
    i = I.Instance(f.url, kontrakt="v11", tables={"egen.ini": TABLE},
                   extra_conf="\n[lagstod]\nfil = egen.ini\n")
    f.control(response=sample(i, "ssbtek-v11/skv-inga.xml"))
    n = len(f.get("/__requests"))
    r = i.ask("--kallor", "SKV", fmt="text")
    assert r.returncode == 22, (r.returncode, r.stderr)
    assert len(f.get("/__requests")) == n
    svar = answer(i.ask())  # alla: the others
    assert source(svar, "SKV")["lage"] == "ej_tillfragad", svar["kallor"]
    close(i, f)


def test_unknown_version():
    f = fake()
    i = I.Instance(f.url, serve=False)
    path = os.path.join(i.dir, "enfragad.conf")
    with open(path, encoding="utf-8") as c:
        text = c.read()
    assert "kontrakt = v10" in text or "kontrakt" not in text, text
    with open(path, "a", encoding="utf-8") as c:
        c.write("\n[upstream]\nkontrakt = v12\n")
    r = i.enfragad_run("--instans", i.dir, "--kontrollera")
    assert r.returncode == 64, (r.returncode, r.stdout, r.stderr)
    assert "v10 or v11" in r.stdout + r.stderr, (r.stdout, r.stderr)
    i.remove()
    f.stop()


I.run([("asks_in_v11", test_asks_in_v11),
       ("answered_in_v10", test_answered_in_v10),
       ("only_parts_with_a_ground", test_only_parts_with_a_ground),
       ("no_part_no_question", test_no_part_no_question),
       ("unknown_version", test_unknown_version)])
