#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Seven authorities asked in their own contracts: all well, and each way of
failing in a stated state beside six that answer; one intent before any byte
and one disclosure; retries only where nothing had left; the breaker; the
agreements; a kill with a source hanging.

Leaves out: what each decoder reads (unit tests of wire), validity of the
requests by the schemas (contract tests)."""
import glob
import html
import http.client
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import authorities as A  # noqa: E402
import instance as I  # noqa: E402

ALL = ["AF", "CSN", "FK", "PM", "SKV", "SO", "TNS", "MIV"]
WELL = {"AF": "inga_uppgifter", "CSN": "inga_uppgifter", "FK": "svar",
        "PM": "inga_uppgifter", "SKV": "inga_uppgifter", "SO": "svar",
        "TNS": "inga_uppgifter", "MIV": "inga_uppgifter"}

fake = A.Authorities()
inst = I.Instance(fake.url, "\n[grans]\nfraga_s = 4\nskur = 1000\n",
                  upstream="bastjanster")
CONF = os.path.join(inst.dir, "enfragad.conf")
BASE = open(CONF).read()


def with_conf(text):
    """Serves with more settings; plain ones again where text is ''."""
    inst.stop()
    with open(CONF, "w") as f:
        f.write(BASE + text)
    inst.serve()


def ask(*more, codes=(0, 10, 11)):
    began = time.monotonic()
    r = inst.ask(*more)
    assert r.returncode in codes, (r.returncode, r.stdout, r.stderr)
    svar = json.loads(r.stdout)
    return svar, {k["kod"]: k for k in svar["kallor"]}, \
        time.monotonic() - began


def expect(got, **states):
    want = {**WELL, **states}
    lage = {k: v["lage"] for k, v in got.items()}
    assert lage == want, (lage, inst.stderr()[-500:])


def entries(kind):
    db = sqlite3.connect(f"file:{inst.dir}/audit.db?mode=ro", uri=True)
    n = db.execute("SELECT count(*) FROM entry WHERE type = ?",
                   (kind,)).fetchone()[0]
    db.close()
    return n


def call(method, path):
    c = http.client.HTTPConnection("enfraga")
    c.sock = socket.socket(socket.AF_UNIX)
    c.sock.settimeout(10)
    c.sock.connect(os.path.join(inst.dir, "run", "enfraga.sock"))
    c.request(method, path, b"{}" if method == "POST" else None,
              {"Enfraga-Konto": "hl0142", "Content-Type": "application/json"})
    r = c.getresponse()
    data = r.read()
    c.close()
    assert r.status == 200, data
    return {k["kod"]: k for k in json.loads(data)["kallor"]}


def test_all_well():
    before = entries(1)
    intents = []
    fake.reset()
    fake.on_request = lambda source: intents.append(entries(1))
    svar, got, _ = ask(codes=(0,))
    fake.on_request = None
    expect(got)
    assert svar["hel"] is True
    assert intents == [before + 1] * 7, (before, intents)
    assert sorted(r[0] for r in fake.requests) == sorted(
        s for s in ALL if s != "PM"), fake.requests
    paid = {(u["kalla"], u["datum"], u["netto"]) for u in svar["utbetalningar"]}
    assert paid == {("FK", "2026-03-20", "2650.00"),
                    ("SO", "2026-03-25", "8000.50")}, paid
    assert got["FK"]["person_bekraftad"] == "ja", got["FK"]
    r = inst.verify()
    assert r.returncode == 0, (r.stdout, r.stderr)


def test_what_each_is_asked():
    fake.reset()
    ask()
    for source, path, headers, body in fake.requests:
        if source == "FK":
            assert path == "/fk" + A.LEFI + "formansinformation/fraga", path
            q = json.loads(body)
            assert q["personnummer"] == A.PERSON, q
            assert q["period"] == {"from": "2026-01-01", "tom": "2026-06-30"}
            assert headers["Content-Type"] == "application/json"
            continue
        assert path == "/" + source.lower(), path
        assert A.REQUESTS[source] in body, body
        inside = html.unescape(body)
        assert A.PERSON in inside or A.PERSON[2:] in inside, body
        if source != "TNS":  # which is told nothing but the person
            assert "hl0142" in inside, body
            assert "162120000001" in inside, body
        if source in ("AF", "SO"):
            assert A.texts(body, "Referensnummer") == [I.ARENDE]
            assert A.texts(body, "From") == ["2026-01-01"]
            assert A.texts(body, "Tom") == ["2026-06-30"]


def test_one_hangs():
    with_conf("\n[SO]\ngrans_s = 1\n")
    fake.reset(SO="hang")
    svar, got, took = ask(codes=(10,))
    expect(got, SO="tidsgrans")
    assert 1.0 <= got["SO"]["tid_s"] < 2.5, got["SO"]
    assert took < 4, took
    assert got["SO"]["fel"]["felkod"] == "tidsgrans"
    assert svar["hel"] is False
    fake.released.set()
    fake.released.clear()
    fake.reset(MIV="hang")  # without a limit of its own: the question's
    svar, got, took = ask(codes=(10,))
    expect(got, MIV="tidsgrans")
    assert 4.0 <= got["MIV"]["tid_s"] < 6, got["MIV"]
    fake.released.set()
    fake.released.clear()
    with_conf("")


def fault_of(got, source):
    f = got[source]["fel"]
    assert f["meddelande"], f
    return f["kalla"], f["felkod"]


def test_each_failure_by_itself():
    """Seven at once, none of them touching another."""
    fake.reset(AF="wrong", CSN="garbage", FK="lefi403", SKV="http500",
               SO="huge", TNS="cut", MIV="fault")
    svar, got, _ = ask(codes=(10, 11))
    expect(got, AF="fel", CSN="olasligt", FK="fel", PM="fel", SKV="fel",
           SO="fel", TNS="olasligt", MIV="fel")
    assert fault_of(got, "AF") == ("ENFRAGA", "annan_person")
    assert got["AF"]["person_bekraftad"] == "nej"
    assert fault_of(got, "CSN") == ("ENFRAGA", "xml")
    assert fault_of(got, "FK") == ("BT", "403")
    assert fault_of(got, "PM") == ("BT", "403")
    assert fault_of(got, "SKV") == ("ENFRAGA", "http_500")
    assert fault_of(got, "SO") == ("ENFRAGA", "for_stort")
    assert fault_of(got, "TNS")[0] == "ENFRAGA"
    assert fault_of(got, "MIV") == ("BT", "M7")
    assert svar["utbetalningar"] == [], svar["utbetalningar"]
    assert "198503129804" not in json.dumps(svar)
    fake.reset(SKV="fault", FK="garbage", AF="fault", SO="cut")
    svar, got, _ = ask(codes=(10,))
    expect(got, SKV="fel", FK="olasligt", PM="olasligt", AF="fel",
           SO="olasligt")
    assert fault_of(got, "SKV") == ("BT", "9071001")
    assert "Tjänsten är stängd." in got["SKV"]["fel"]["meddelande"]
    assert fault_of(got, "AF")[0] == "BT"


def make_tls():
    """A CA and a certificate for 127.0.0.1."""
    def openssl(*args):
        subprocess.run(["openssl", *args], check=True, capture_output=True,
                       timeout=60, cwd=inst.top)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out",
            "ca.crt", "-subj", "/CN=prov", "-days", "2")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", "s.key", "-out", "s.csr", "-subj", "/CN=s")
    with open(os.path.join(inst.top, "s.ext"), "w") as f:
        f.write("subjectAltName=IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "s.csr", "-CA", "ca.crt", "-CAkey",
            "ca.key", "-CAcreateserial", "-out", "s.crt", "-days", "2",
            "-extfile", "s.ext")
    return [os.path.join(inst.top, n) for n in ("ca.crt", "s.crt", "s.key")]


def test_retry_only_before_a_byte():
    """A handshake that fails is tried once more and the question put once; a
    connection that ends behind the request is not tried again."""
    ca, crt, key = make_tls()
    tls = A.Authorities(tls=(crt, key), drop_first=1)
    with_conf(f"\n[SO]\nurl = {tls.url}/so\nca = {ca}\n")
    fake.reset()
    _, got, _ = ask(codes=(0,))
    expect(got)
    assert tls.dropped == 1 and len(tls.asked("SO")) == 1, tls.requests
    assert "trying once more" in inst.stderr()
    tls.stop()
    with_conf("")
    fake.reset(SO="cut")
    _, got, _ = ask(codes=(10,))
    expect(got, SO="olasligt")
    assert len(fake.asked("SO")) == 1, fake.requests


def test_unknown_certificate_sends_nothing():
    ca, crt, key = make_tls()
    tls = A.Authorities(tls=(crt, key))
    with_conf(f"\n[SO]\nurl = {tls.url}/so\n")
    fake.reset()
    _, got, _ = ask(codes=(10,))
    expect(got, SO="fel")
    assert fault_of(got, "SO") == ("ENFRAGA", "certifikat")
    assert not tls.requests
    tls.stop()
    with_conf("")


def test_breaker():
    port = A.free_port()
    with_conf(f"\n[TNS]\nurl = http://127.0.0.1:{port}/tns\n"
              "[grans]\nbrytare_fel = 2\nbrytare_s = 12\n")
    fake.reset()
    for _ in range(2):
        _, got, _ = ask("--kallor", "TNS,AF", codes=(10,))
        assert fault_of(got, "TNS") == ("ENFRAGA", "nat")
    _, got, took = ask("--kallor", "TNS,AF", codes=(10,))
    assert got["AF"]["lage"] == "inga_uppgifter"
    assert got["TNS"]["lage"] == "otillganglig", got["TNS"]
    assert fault_of(got, "TNS") == ("ENFRAGA", "brytare")
    said = got["TNS"]["fel"]["meddelande"][0]
    assert "inte svarat 2 gånger i rad" in said, said
    status = call("GET", "/v1/status")
    assert status["TNS"]["driftlage"] == "fel", status["TNS"]
    assert status["TNS"]["brytare"]["lage"] == "oppen", status["TNS"]
    assert status["TNS"]["brytare"]["fel"] == 2
    assert status["TNS"]["brytare"]["provas"]
    assert "brytare" not in status["AF"]
    there = A.Authorities(port=port)
    text = inst.ask("--kallor", "TNS", fmt="text")
    assert text.returncode == 11, text.stdout
    assert "lage=otillganglig" in text.stdout, text.stdout
    assert "Uppgifterna är okända, inte noll." in text.stdout, text.stdout
    assert "stängd" not in text.stdout, text.stdout
    assert not there.requests  # it is there again, and left alone

    def tries():
        _, got, _ = ask("--kallor", "TNS,AF", codes=(0, 10))
        return got["TNS"]["lage"] == "inga_uppgifter"
    assert I.wait_for(tries, 40)
    assert len(there.requests) == 1
    assert "brytare" not in call("GET", "/v1/status")["TNS"]
    there.stop()
    r = inst.verify()
    assert r.returncode == 0, (r.stdout, r.stderr)
    with_conf("")


def test_agreement_and_address():
    with_conf("\n[CSN]\navtal = A-17\navtal_fran = 2020-01-01\n"
              "avtal_till = 2020-12-31\n[SO]\navtal = A-18\n"
              "[MIV]\nurl =\n[AF]\navtal = A-19\navtal_fran = 2020-01-01\n"
              "avtal_till = 2999-12-31\n")
    fake.reset()
    parts = entries(32)
    _, got, _ = ask(codes=(10,))
    expect(got, CSN="ej_behorig", SO="ej_behorig", MIV="otillganglig")
    assert entries(32) == parts + 7  # a part-outcome each, asked or not
    assert fault_of(got, "CSN") == ("ENFRAGA", "avtal_ej_i_kraft")
    assert fault_of(got, "SO") == ("ENFRAGA", "avtal_saknas")
    assert fault_of(got, "MIV") == ("ENFRAGA", "adress_saknas")
    assert not fake.asked("CSN") + fake.asked("SO") + fake.asked("MIV")
    with_conf("")


def test_probe_asks_nobody():
    port = A.free_port()
    with_conf(f"\n[TNS]\nurl = http://127.0.0.1:{port}/tns\n[MIV]\nurl =\n")
    fake.reset()
    fake.kinds = 0
    of = {k: v["driftlage"] for k, v in call("POST", "/v1/prov").items()}
    assert of == {"AF": "klar", "CSN": "klar", "FK": "klar", "PM": "klar",
                  "SKV": "klar", "SO": "klar", "TNS": "fel",
                  "MIV": "okand"}, of
    assert fake.kinds == 1 and not fake.requests, fake.requests
    with_conf("")


def test_killed_with_one_hanging():
    fake.reset(SO="hang")
    outcomes, parts = entries(33), entries(32)
    child = subprocess.Popen(
        [os.path.join(I.BUILD, "enfraga"), "--instans", inst.dir, "--konto",
         "hl0142", "fraga", "--arende", I.ARENDE, "--person", "sokande",
         "--syfte", "fortsatt", "--period", "2026-01-01..2026-06-30",
         "--kallor", "alla", "--skal", "prov", "--format", "json"],
        env=inst.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL, text=True)
    assert I.wait_for(lambda: entries(32) >= parts + 6)
    assert fake.asked("SO")
    inst.kill()
    out, err = child.communicate(timeout=30)
    assert child.returncode == 10, (child.returncode, out, err)
    got = {k["kod"]: k for k in json.loads(out)["kallor"]}
    expect(got, SO="fel")  # the six were committed, and then shown
    assert fault_of(got, "SO") == ("ENFRAGA", "ingen_enfragad")
    assert entries(33) == outcomes
    unknown = entries(37)
    fake.released.set()
    fake.released.clear()
    inst.serve()
    assert entries(37) == unknown + 1  # okand-utfall
    r = inst.verify()
    assert r.returncode == 0, (r.stdout, r.stderr)
    fake.reset()
    _, got, _ = ask(codes=(0,))
    expect(got)


def skarp(*changes):
    """An instance in skarp, never served: what --kontrollera says of it."""
    data = os.path.join(inst.top, "data")
    if not os.path.exists(data):
        shutil.copytree(os.path.join(I.SRC, "data"), data)
        first = sorted(glob.glob(os.path.join(data, "forsakran",
                                              "enfraga-*.txt")))[0]
        shutil.copy(first, os.path.join(data, "forsakran", "kommun-1.txt"))
    env = dict(inst.env, ENFRAGA_DATA=data)
    path = os.path.join(inst.top, "skarp")

    def run(*args):
        return subprocess.run([os.path.join(I.BUILD, "enfragad"), *args],
                              env=env, capture_output=True, text=True,
                              timeout=120, stdin=subprocess.DEVNULL)
    if not os.path.exists(path):
        r = run("init", path, "--lage", "skarp", "--kommun", "Sundby kommun",
                "--orgnr", "162120000001", "--aktorsid", "999-01",
                "--upstream", "bastjanster", "--url",
                "https://bastjanst.invalid/")
        assert r.returncode == 0, (r.stdout, r.stderr)
        shutil.copy(os.path.join(path, "enfragad.conf"), path + ".conf")
    with open(path + ".conf") as f:
        text = f.read() + "".join(changes)
    with open(os.path.join(path, "enfragad.conf"), "w") as f:
        f.write(text)
    r = run("--instans", path, "--kontrollera")
    return r.returncode, r.stdout + r.stderr


def test_check_in_skarp():
    code, said = skarp()
    assert code == 30, (code, said)
    assert "https://bastjanst.invalid/af" in said, said
    assert said.count("inget avtal är satt") == 7, said
    assert "Sätt AF.avtal, AF.avtal_fran och AF.avtal_till" in said, said
    whole = "".join(f"\n[{s}]\navtal = A-{s}\navtal_fran = 2020-01-01\n"
                    "avtal_till = 2999-12-31\n" for s in ALL if s != "PM")
    code, said = skarp(whole)
    assert "inget avtal" not in said, said
    assert "avtal A-SO, 2020-01-01 till 2999-12-31" in said, said
    code, said = skarp(whole, "\n[SO]\navtal_till = 2020-02-01\n")
    assert code == 30 and "avtalet gäller 2020-01-01 till 2020-02-01" in said
    code, said = skarp("\n[SO]\nurl = http://127.0.0.1/so\n")
    assert code == 64 and "SO.url" in said and "https" in said, said
    code, said = skarp("\n[SO]\navtal_till = 2020-02-30\n")
    assert code == 64 and "SO.avtal_till" in said, said
    code, said = skarp("\n[upstream]\nkontrakt = v11\n")
    assert code == 64 and "v11" in said, said
    code, said = skarp("\n[upstream]\naktorsid =\n")
    assert code == 64 and "upstream.aktorsid" in said, said


TESTS = [(n[5:], f) for n, f in list(globals().items())
         if n.startswith("test_")]
try:
    I.run(TESTS)
finally:
    inst.remove()
    fake.stop()
