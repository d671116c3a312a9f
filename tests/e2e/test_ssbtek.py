#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""enfragad as SSBTEK. The same client, which validates every answer by the
service's XSD, asks an enfragad whose authorities are simulated, one whose
upstream is the national service (the stand-in), and one whose upstream is
another enfragad by mutual TLS. What is asked stands in the log first, in the
handläggare's name and marked with the system's, and waits for the witness as
theirs does; what the service or the municipality's own rules refuse is a
fault, and an entry."""
import base64
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certs as C  # noqa: E402
import instance as I  # noqa: E402
import soap as S  # noqa: E402
import witness as W  # noqa: E402

I.need_shared()
WHO = "198503129804"  # of the simulated population
OPEN, CLOSED, JAV = "EK-2026-00417", "EK-2026-00999", "EK-2026-00998"


def case(arende, person=WHO, **more):
    return dict({
        "arende": arende, "slag": "ekonomiskt_bistand", "lage": "pagaende",
        "enhet": "Norr", "oppnat": "2026-01-10", "avslutat": None,
        "handlaggare": ["hl0142", "hl0143"], "jav": [],
        "personer": [{"personnummer": person, "namn": "Prov, Person",
                      "roll": "sokande", "sekretess": False}]}, **more)


CASES = {"schema": "enfraga.arenden/1", "arenden": [
    case(OPEN), case("EK-2026-00500", I.PERSON),
    case(CLOSED, lage="avslutat", avslutat="2026-02-01"),
    case(JAV, jav=["hl0142"])]}
USERS = ("sys01:Verksamhetssystem:system",)
ON = "\n[ssbtek]\npaslagen = ja\n[grans]\nskur = 1\n"


def instance(url, conf="", **more):
    return I.Instance(url, ON + conf, cases=CASES, users=USERS, **more)


def connect(inst, konto=None):
    return S.UnixConnection(os.path.join(inst.dir, "run", "enfraga.sock"))


def ask(inst, q, konto="sys01", **headers):
    status, text = S.post(connect(inst), q, headers=dict(
        {"Enfraga-Konto": konto}, **headers))
    a = S.Answer(status, text, q.version if isinstance(q, S.Question) else "10")
    a.validate()
    return a


def question(**more):
    return S.Question(**dict({"person": WHO, "arende": OPEN}, **more))


def leaves(inst):
    path = os.path.join(inst.top, "log.json")
    if os.path.exists(path):
        os.unlink(path)
    inst.check(inst.enfraga("logg", "exportera", "--till", path,
                            konto="chef07"))
    with open(path) as f:
        return [fields(base64.b64decode(e["leaf_b64"]))
                for e in json.load(f)["entries"]]


def fields(leaf):
    """The author part's fields by tag (FORMATS.md)."""
    n, at, out = int.from_bytes(leaf[:4], "big"), 4, {}
    while at < 4 + n:
        size = int.from_bytes(leaf[at + 1:at + 5], "big")
        out[leaf[at]] = leaf[at + 5:at + 5 + size]
        at += 5 + size
    return out


def number(f, tag):
    return int.from_bytes(f[tag], "big")


INTENT, OUTCOME, NEKAD = 1, 33, 34


def entries(inst, kind):
    return [f for f in leaves(inst) if number(f, 1) == kind]


def refused(inst, q, felkod, client="Client", text=None, konto="sys01", **h):
    before = len(entries(inst, NEKAD)), len(entries(inst, INTENT))
    a = ask(inst, q, konto, **h)
    code, word, texts = a.felkod()
    assert (code, word) == (client, felkod), (code, word, texts)
    assert text is None or text in texts, texts
    assert WHO not in a.text.decode() and I.PERSON not in a.text.decode()
    after = len(entries(inst, NEKAD)), len(entries(inst, INTENT))
    assert after == (before[0] + 1, before[1]), (before, after)


def holds(inst):
    r = inst.verify()
    assert r.returncode == 0, r.stdout


sim = instance(None)
fake = I.Fake("--strict", "--echo-id", "--filter", "--case", "101-fk-rich")
nat = instance(fake.url)


def test_all_seven_of_simulated_authorities():
    before = leaves(sim)
    a = ask(sim, question())
    assert a.one("korrelationsid") == "k-1"
    assert a.one("frageTidpunkt") == "2026-11-24T14:32:07+01:00"
    assert a.find("fraga") is None
    got = a.sources()
    assert list(got) == list(S.AUTHORITIES), got
    # The population's first person: SKV is not reached, the rest answers.
    assert got.pop("SKV") == "9071504" and set(got.values()) == {"data"}, got
    new = leaves(sim)[len(before):]
    assert [number(f, 1) for f in new] == [INTENT] + [32] * 7 + [OUTCOME]
    intent = new[0]
    assert intent[5] == bytes(32)  # enfragad's own key signs
    held = [f for f in leaves(sim) if number(f, 1) == 8][-1]
    assert intent[0x17] == held[5] and intent[0x18] == b"sys01"


def test_one_and_none():
    for sources in (("CSN",), ("FK",), ()):
        before = len(entries(sim, OUTCOME))
        a = ask(sim, question(sources=sources, id="", when=""))
        assert a.find("korrelationsid") is None
        assert tuple(a.sources()) == sources, a.sources()
        got = entries(sim, INTENT)[-1]
        assert (number(got, 0x0d) == 0) == (not sources)
        assert len(entries(sim, OUTCOME)) == before + 1


def test_question_comes_back():
    for prefix in ("s:", "ssbt:", ""):
        a = ask(sim, question(sources=("TNS",), echo="true", prefix=prefix))
        assert a.one("fraga", "generellaFrageparametrar",
                     "arendeidentitet") == OPEN
        assert a.element("TNS") is not None


def test_a_long_question_is_not_asked_and_then_lost():
    """Found in attack: one of more than 64 KiB was asked and logged, and then
    could not be sent back, so that its answer was a fault."""
    a = ask(sim, question(sources=("TNS",), echo="true", namn="n" * 120000))
    assert a.sources() == {"TNS": "data"}, a.text[:500]
    assert len(a.one("fraga", "generellaFrageparametrar", "ingivare",
                     "namn")) == 120000


def test_what_goes_back_is_valid():
    """Found in attack: an impossible zone and text between elements were
    taken, and made answers that the schema refuses."""
    for when in ("2026-11-24T14:32:07+99:99", "2026-11-24T14:32:07-14:01",
                 "2026-11-24T14:32:07+01:60"):
        refused(sim, question(when=when), "VALIDERING", text="frageTidpunkt")
    ask(sim, question(sources=("TNS",), when="2026-11-24T14:32:07-14:00"))
    q = question(echo="true").xml().replace("<s:ingivare>", "<s:ingivare>x")
    refused(sim, q, "VALIDERING", text="ingivare")


def test_own_row_of_the_handlaggare():
    ask(sim, question(sources=("TNS",)))
    r = sim.check(sim.enfraga("logg", "visa"))
    row = next(x for x in r.stdout.splitlines() if "system=" in x)
    assert "system=sys01" in row and "kallor=TNS" in row, row


def faulty(inst, text):
    with open(os.path.join(inst.dir, "training.ini"), "w") as f:
        f.write(text)


def test_errors_garbage_and_silence_in_some():
    sim.stop()
    faulty(sim, "[AF]\nfel = fel_bt\n[CSN]\nfel = avkortad\n"
           "[SO]\nfel = tyst\n[MIV]\nfel = annan_person\n")
    with open(os.path.join(sim.dir, "enfragad.conf"), "a") as f:
        f.write("\nkalla_s = 3\nfraga_s = 3\n")
    sim.serve()
    a = ask(sim, question())
    got = a.sources()
    assert list(got) == list(S.AUTHORITIES), got
    assert got["AF"] == "Server" and got["FK"] == "data", got
    assert got["SO"] == "tidsgrans", got
    assert got["CSN"] == "xml" and got["TNS"] == "data", got
    assert got["MIV"] == "annan_person", got
    os.unlink(os.path.join(sim.dir, "training.ini"))
    sim.stop()
    sim.serve()


def test_refusals_of_the_service_itself():
    refused(sim, "this is no XML", "VALIDERING", text="XML")
    refused(sim, question().xml().replace("?>", '?><!DOCTYPE e [<!ENTITY a "b">'
                                          "]>", 1), "VALIDERING")
    for drop in ("personidentitet", "fraganSkallInkluderasISvaret", "syfte",
                 "ingivare", "tidsperiod", "specifikaFrageparametrar"):
        refused(sim, question(drop=(drop,)), "VALIDERING")
    q = question().xml()
    one, two = q.index("<s:AF "), q.index("<s:CSN ")
    three = q.index("<s:FK ")
    refused(sim, q[:one] + q[two:three] + q[one:two] + q[three:], "VALIDERING")
    refused(sim, q.replace("ssbt/10", "ssbt/9"), "VALIDERING", text="Body")
    refused(sim, q.replace("ssbt/10", "ssbt/11"), "VALIDERING", text="Body")
    refused(sim, q.replace("<s:SO ", '<s:SO extra="1" '), "VALIDERING")
    refused(sim, question(when="2026-13-01T00:00:00"), "VALIDERING")
    refused(sim, question(orgnr="2120000001"), "VALIDERING")
    refused(sim, question(period=("2026-11-30", "2026-09-01")), "VALIDERING")
    refused(sim, question(), "VALIDERING", text="SOAPAction", SOAPAction=None)
    refused(sim, question(), "VALIDERING", text="Content-Type",
            **{"Content-Type": "application/json"})


def test_refusals_of_the_grant():
    refused(sim, question(handlaggare="hl0143"), "forsakran_saknas")
    refused(sim, question(handlaggare="nobody"), "okand_anvandare")
    refused(sim, question(handlaggare="sys01"), "fel_roll")
    refused(sim, question(handlaggare="chef07"), "fel_roll")
    refused(sim, question(), "fel_roll", konto="hl0142")
    refused(sim, question(arende="EK-2026-12345"), "arende_saknas")
    refused(sim, question(arende=CLOSED), "arende_avslutat")
    refused(sim, question(arende=JAV), "jav")
    refused(sim, question(arende="x" * 32), "arendeidentitet")
    refused(sim, question(person="198307049810"), "person_utanfor")
    refused(sim, question(period=("2023-09-01", "2026-11-30")), "period_fk")
    refused(sim, question(syfte="Nyfikenhet"), "syfte")
    refused(sim, question(orgnr="162120000019"), "annan_ingivare")
    refused(sim, question(aktor="999-02"), "felaktig_indata")
    refused(sim, question(codes={"utbetalningar": ["FK:XX"]}),
            "felaktig_indata", text="lefiJsonFraga")


def test_what_our_question_cannot_say_is_not_asked_otherwise():
    own = ("<s:tidsperiod><s:fromDatum>{}</s:fromDatum><s:tomDatum>2026-11-30"
           "</s:tomDatum></s:tidsperiod>")
    refused(sim, question(inside={"AF": own.format("2026-10-01")}), "period")
    a = ask(sim, question(sources=("AF",),
                          inside={"AF": own.format("2026-09-01")}))
    assert a.sources() == {"AF": "data"}
    a = ask(sim, question(sources=("CSN",),
                          inside={"CSN": own.format("2026-07-01")}))
    assert a.sources() == {"CSN": "data"}


def test_testa():
    a = ask(sim, S.testa())
    got = {e.tag[len(a.ns):]: e.find(a.ns + "anropad").text for e in a.body}
    assert got == {k: "true" for k in ("AF", "CSN", "FK", "SKV", "SO")}, got
    before = len(leaves(sim))
    ask(sim, S.testa())
    assert len(leaves(sim)) == before


def test_other_version_than_upstream():
    refused(sim, question(version="11"), "annat_kontrakt")
    code, word, _ = ask(sim, question(version="11", skv=False)).felkod()
    assert (code, word) == ("Server", None)


def test_off_unless_configured():
    off = I.Instance(None, cases=CASES, users=USERS, sign=False)
    try:
        status, _ = S.post(connect(off), question(),
                           headers={"Enfraga-Konto": "sys01"})
        assert status == 404
    finally:
        off.remove()


def test_a_system_waits_for_the_witness_too():
    """Strict, or past the hard limit: as a handläggare's question (AUDIT 6)."""
    witness = W.Role("vittne", "vittne.sundby.example/1")  # never there
    inst = instance(fake.url, "\n[vittne]\npolicy = policy\nstrikt = ja\n"
                    "sekunder = 1\nhard_poster = 20\n", serve=False)
    try:
        with open(os.path.join(inst.dir, "policy"), "w") as f:
            f.write(f"witness w1 {witness.vkey} unix:{witness.socket}\n"
                    "quorum w1\n")
        inst.serve()
        inst.check(inst.sign())
        fake.reset()
        waited, word, _ = ask(inst, national()).felkod()
        assert waited == "Server", (waited, word)
        assert len(entries(inst, INTENT)) == 1
        while len(leaves(inst)) <= 20:  # refusals are entries too
            ask(inst, question(arende=CLOSED))
        assert ask(inst, national()).felkod()[0] == "Server"
        assert len(entries(inst, INTENT)) == 1, "asked past the hard limit"
        assert fake.get("/__requests") == [], "sent without a cosignature"
        holds(inst)
    finally:
        inst.remove()
        witness.remove()


def national(q=None, **more):
    return q or S.Question(I.PERSON, "EK-2026-00500", **more)


def raw_case(name):
    with open(os.path.join(os.path.dirname(I.FAKE), "cases", name,
                           "response.xml"), "rb") as f:
        return f.read()


def inside(text, name):
    """What stands between an authority's tags, as bytes."""
    text = text[text.index(b"svarsdata"):]
    return re.search(rb"<(\w+:)?%s[^>]*>(.*?)</(\w+:)?%s>" % (
        name.encode(), name.encode()), text, re.S).group(2)


def test_national_answer_is_passed_on_byte_for_byte():
    raw = raw_case("101-fk-rich")
    fake.reset()
    status, text = S.post(connect(nat), national(),
                          headers={"Enfraga-Konto": "sys01"})
    assert status == 200, text
    for name in S.AUTHORITIES:
        assert inside(raw, name) == inside(text, name), name
    assert len(fake.get("/__requests")) == 1
    sent = fake.get("/__requests")[0]["facts"]
    assert sent["handlaggare"] == "hl0142" and sent["korrelationsid"] != "k-1"


def test_fk_is_asked_what_the_system_asked_and_no_more():
    """Found in review: the codes of all lists were united, each asked in
    every list that takes it, and GEPI was added."""
    for codes in ({"utbetalningar": ["FK:ABB"]},
                  {"ansprak": ["PM:AP"], "beslut": ["PM:AP", "PM:EF"],
                   "formansinformation": ["FK:SJP", "FK:FP"],
                   "ovrigInformation": ["FK:GEPI"]}):
        fake.reset()
        status, text = S.post(connect(nat), national(codes=codes),
                              headers={"Enfraga-Konto": "sys01"})
        assert status == 200, text
        sent = fake.get("/__requests")[0]["facts"]["fk"]["lefi"]
        assert {k: set(v) for k, v in sent.items() if isinstance(v, list)} \
            == {k: set(v) for k, v in codes.items()}, sent


def test_national_errors_pass_and_some_are_ours():
    fake.control(mode="error", error="AF,SO", felkod="4711")
    a = S.Answer(*S.post(connect(nat), national(), headers={
        "Enfraga-Konto": "sys01"}))
    got = a.sources()
    assert got["AF"] == got["SO"] == "4711" and got["FK"] == "data", got
    fake.control(mode="other-person")
    a = S.Answer(*S.post(connect(nat), national(), headers={
        "Enfraga-Konto": "sys01"}))
    got = a.sources()
    assert got["MIV"] == "annan_person" and got["TNS"] == "data", got
    fake.control(mode="notxml")
    a = ask(nat, national())
    assert set(a.sources().values()) == {"xml"}, a.sources()
    fake.control(mode="normal", error="")


def test_national_fault_is_passed_on():
    fake.control(mode="fault", felkod="SSBT-77", felmeddelande="Stängt|I dag")
    assert ask(nat, national()).felkod() == ("Server", "SSBT-77",
                                             ["Stängt", "I dag"])
    fake.control(mode="fault-bare")
    assert ask(nat, national()).felkod() == ("Server", None,
                                             ["Internal error"])
    fake.control(mode="normal")


def test_v11():
    inst = instance(None, kontrakt="v11")
    try:
        a = ask(inst, question(version="11"))
        assert list(a.sources()) == list(S.AUTHORITIES), a.sources()
        code, word, texts = ask(inst, question(version="11",
                                               skv=False)).felkod()
        assert (code, word, texts) == ("Server", None, ["Internal error"])
        refused(inst, question(), "annat_kontrakt")
        holds(inst)
    finally:
        inst.remove()


def test_a_circle_of_two():
    """enfragad asks another enfragad as its SSBTEK, by mutual TLS."""
    c = C.Certs()
    c.ca("ca")
    c.cert("server", "ca", "subjectAltName=IP:127.0.0.1")
    c.cert("forge", "ca")
    inner = outer = None
    try:
        inner = instance(None, f"""
[server]
tls_adress = 127.0.0.1:0
tls_certifikat = {c.crt("server")}
tls_nyckel = {c.key("server")}
klient_ca = {c.crt("ca")}
""", serve=False)
        inner.check(inner.enfragad_run("--instans", inner.dir, "anvandare",
                                       "andra", "sys01", "--certifikat",
                                       c.crt("forge")))
        inner.serve()
        port = int(inner.daemon.stdout.readline().split()[1])
        inner.check(inner.sign())
        outer = instance(f"https://127.0.0.1:{port}/ssbtek/v10", f"""
[upstream]
ca = {c.crt("ca")}
certifikat = {c.crt("forge")}
nyckel = {c.key("forge")}
""")
        a = ask(outer, question())
        got = a.sources()
        assert got.pop("SKV") == "9071504", got
        assert set(got.values()) == {"data"}, got
        r = outer.enfraga("fraga", "--arende", OPEN, "--person", "sokande",
                          "--syfte", "fortsatt", "--period",
                          "2026-09-01..2026-11-30", "--kallor", "alla",
                          "--skal", "prov", "--format", "json")
        svar = json.loads(r.stdout)
        assert I.states(svar)["AF"] in ("svar", "inga_uppgifter"), svar
        assert len(entries(inner, INTENT)) == 2
        named = entries(inner, INTENT)[-1]
        assert named[0x18] == b"sys01"
        holds(inner)
        holds(outer)
    finally:
        for i in (inner, outer):
            if i:
                i.remove()
        c.remove()


def test_logs_hold():
    holds(sim)
    holds(nat)
    sim.stop()
    nat.stop()
    holds(sim)
    holds(nat)


tests = [(k, v) for k, v in list(globals().items()) if k.startswith("test_")]
try:
    I.run(tests)
finally:
    sim.remove()
    nat.remove()
    fake.stop()
