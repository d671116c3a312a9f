#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The road to a witness and to a collector by mutual TLS: with the right
certificates heads are cosigned and batches reach the collector; with none, with
another CA's, towards a server of an unknown CA and by plain http nothing is
cosigned, the witness has seen nothing, and status says why. Leaves out: what
they do with it (test_witness.py, test_collector.py)."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certs as C  # noqa: E402
import instance as I  # noqa: E402
import witness as W  # noqa: E402

I.need_shared()
c = C.Certs()
for ca in ("ca", "other-ca"):
    c.ca(ca)
c.cert("server", "ca", "subjectAltName=IP:127.0.0.1\n"
       "extendedKeyUsage=serverAuth")
c.cert("log", "ca")
c.cert("stranger", "other-ca")
c.cert("not-a-client", "ca", "extendedKeyUsage=serverAuth")

with open(os.path.join(I.BUILD, "config.h")) as f:
    POSTGRESQL = "HAVE_POSTGRESQL 1" in f.read()
fake = I.Fake("--strict", "--echo-id", "--case", "110-three-errors")
inst = I.Instance(fake.url, sign=False, serve=False)
with open(os.path.join(inst.dir, "log.vkey")) as f:
    VKEY = f.read().strip()
ORIGIN = VKEY.split("+")[0]


def serving(roll, name, *more):
    """Such an instance with TLS, and its port."""
    role = W.Role(roll, name, *more)
    role.know(VKEY)
    role.conf(f"\n[server]\ntls_adress = 127.0.0.1:0\n"
              f"tls_certifikat = {c.crt('server')}\n"
              f"tls_nyckel = {c.key('server')}\nklient_ca = {c.crt('ca')}\n")
    role.serve()
    line = role.daemon.stdout.readline()
    assert line.startswith("tls "), (line, role.stderr())
    return role, int(line.split()[1])


witness, PORT = serving("vittne", "vittne.sundby.example/1")
URL = f"https://127.0.0.1:{PORT}/v1/vittne"


def conf(url=URL, ca="ca", cert="log", collector=None):
    """The log's roads, as told and no more."""
    with open(os.path.join(inst.dir, "policy"), "w") as f:
        f.write(f"witness w {witness.vkey} {url}\nquorum w\n")
    path = os.path.join(inst.dir, "enfragad.conf")
    with open(path) as f:
        text = f.read().split("\n[vittne]")[0]
    text += (f"\n[vittne]\npolicy = policy\nsekunder = 1\n"
             f"ca = {c.crt(ca)}\n")
    if cert:
        text += f"certifikat = {c.crt(cert)}\nnyckel = {c.key(cert)}\n"
    if collector:
        text += f"[insamling]\nurl = {collector}\n"
    with open(path, "w") as f:
        f.write(text)


def status():
    s, _, body = W.request(os.path.join(inst.dir, "run", "enfraga.sock"),
                           "GET", "/v1/status", None,
                           {"Enfraga-Konto": "hl0142"})
    assert s == 200, body
    return json.loads(body)


def safe():
    s = status()
    return s["vittne"]["storlek"] == s["logg"]["storlek"]


def refused(**how):
    """Nothing is cosigned and nothing arrives; the reason, in words."""
    before = witness.head(ORIGIN)
    conf(**how)
    inst.serve()
    try:
        assert I.wait_for(lambda: status()["vittne"]["text"]), status()
        time.sleep(1.1)  # a round more
        s = status()
        assert not safe() and s["vittne"]["lage"] == "farskt", s
    finally:
        inst.stop()
    assert witness.head(ORIGIN) == before
    return s["vittne"]["text"]


def test_right_certificates():
    conf()
    inst.serve()
    inst.check(inst.sign())
    assert I.wait_for(safe), status()
    assert status()["vittne"]["text"] == ""
    inst.stop()  # the stop itself is cosigned
    status_, _, note = witness.head(ORIGIN)
    assert status_ == 200 and f"— {witness.vkey.split('+')[0]} " in \
        note.decode(), note
    inst.check(inst.verify())


def test_who_is_not_known_to_the_witness():
    """With TLS 1.3 the refusal may come as a reset: the words vary."""
    for cert in (None, "stranger", "not-a-client"):
        assert refused(cert=cert), cert


def test_a_witness_of_an_unknown_ca():
    assert "certifi" in refused(ca="other-ca").lower()


def test_plain_http():
    for url in (f"http://192.0.2.1:{PORT}/v1/vittne",
                f"http://witness.example:{PORT}/v1/vittne"):
        assert "https" in refused(url=url), url
    # nor does the port for TLS speak it, on loopback, where test allows it
    assert refused(url=f"http://127.0.0.1:{PORT}/v1/vittne")


def test_collector():
    """Its database is away: whoever is heard is told so."""
    if not POSTGRESQL:
        return
    role, port = serving("insamling", "insamling.sundby.example/1",
                         "--databas", "host=/nonexistent dbname=x")
    url = f"https://127.0.0.1:{port}/v1/insamling"
    try:
        conf(collector=url)
        inst.serve()
        assert I.wait_for(lambda: "503" in status()["vittne"]["text"]), \
            (status(), role.stderr())
        assert I.wait_for(safe), status()  # the witness hears as before
        inst.stop()
        for cert, ca in (("stranger", "ca"), ("log", "other-ca")):
            assert "503" not in refused(cert=cert, ca=ca, collector=url)
    finally:
        role.remove()


try:
    I.run([(f.__name__[5:], inst.alone(f)) for f in (
        test_right_certificates, test_who_is_not_known_to_the_witness,
        test_a_witness_of_an_unknown_ca, test_plain_http, test_collector)])
finally:
    for x in (inst, witness):
        x.remove()
    fake.stop()
    c.remove()
