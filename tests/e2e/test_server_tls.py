#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""enfragad's own TLS: 1.3 alone, a client certificate from the CA or no
handshake, the account found by the certificate and by nothing else, and what
it asks stands in the log with that certificate. Handshakes that never end and
more connections than there is room for are bounded. A `system` account asks
with a försäkran of its own and a ceiling of its own.

Leaves out: the SOAP addresses (test_ssbtek)."""
import base64
import hashlib
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certs as C  # noqa: E402
import instance as I  # noqa: E402

I.need_shared()
c = C.Certs()
for ca in ("ca", "other-ca"):
    c.ca(ca)
c.cert("server", "ca", "subjectAltName=IP:127.0.0.1")
for name in ("chef", "nobody", "blocked", "forge"):
    c.cert(name, "ca")
c.cert("stranger", "other-ca")
c.cert("server-only", "ca", "extendedKeyUsage=serverAuth")

fake = I.Fake("--strict", "--echo-id", "--case", "110-three-errors")
inst = I.Instance(fake.url, f"""
[server]
tls_adress = 127.0.0.1:0
tls_certifikat = {c.crt("server")}
tls_nyckel = {c.key("server")}
klient_ca = {c.crt("ca")}
anslutningar = 32
anslutningar_konto = 8
[grans]
skur = 1
system_skur = 5
""", serve=False)


def user(*args):
    return inst.enfragad_run("--instans", inst.dir, "anvandare", *args)


inst.check(user("andra", "chef07", "--certifikat", c.crt("chef")))
inst.check(user("lagg-till", "sys01:System Ett:system", "--certifikat",
                c.crt("forge")))
inst.check(user("andra", "hl0143", "--certifikat", c.crt("blocked")))
inst.check(user("sparra", "hl0143"))
cases = dict(I.CASES)
cases["arenden"] = [dict(cases["arenden"][0], handlaggare=["hl0142", "sys01"])]
with open(os.path.join(inst.top, "c.json"), "w") as f:
    json.dump(cases, f)
inst.check(inst.enfragad_run("--instans", inst.dir, "importera",
                             os.path.join(inst.top, "c.json")))
inst.serve()
line = inst.daemon.stdout.readline()
assert line.startswith("tls "), line
PORT = int(line.split()[1])


def context(name, top=ssl.TLSVersion.TLSv1_3):
    x = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    x.load_verify_locations(c.crt("ca"))
    x.maximum_version = top
    if name:
        x.load_cert_chain(c.crt(name), c.key(name))
    return x


def get(name, path="/v1/mig", headers=None, **kw):
    h = http.client.HTTPSConnection("127.0.0.1", PORT, timeout=20,
                                    context=context(name, **kw))
    try:
        h.request("GET", path, headers=headers or {})
        r = h.getresponse()
        return r.status, r.read()
    finally:
        h.close()


def unheard(*args, **kw):
    try:
        got = get(*args, **kw)
    except OSError:  # ssl.SSLError, or the reset that follows it
        return
    raise AssertionError(got)


def sha(name):
    with open(c.crt(name)) as f:
        der = ssl.PEM_cert_to_DER_cert(f.read())
    return hashlib.sha256(der).digest()


def leaves():
    path = os.path.join(inst.top, "log.json")
    if os.path.exists(path):
        os.unlink(path)
    inst.check(inst.enfraga("logg", "exportera", "--till", path,
                            konto="chef07"))
    with open(path) as f:
        return [base64.b64decode(e["leaf_b64"])
                for e in json.load(f)["entries"]]


def test_known_by_the_certificate_alone():
    status, body = get("chef")
    assert status == 200, body
    assert json.loads(body)["konto"] == "chef07"
    # The header that picks an account on the socket says nothing here.
    status, body = get("chef", headers={"Enfraga-Konto": "hl0142"})
    assert json.loads(body)["konto"] == "chef07", body


def test_nobody_else_is_heard():
    unheard(None)
    unheard("stranger")
    unheard("server-only")
    unheard("chef", top=ssl.TLSVersion.TLSv1_2)


def test_unregistered_and_blocked_are_refused():
    before = len(leaves())
    status, body = get("nobody", "/v1/logg/export")
    assert status == 403 and json.loads(body)["kod"] == "okand_anvandare"
    status, body = get("blocked")
    assert status == 403 and json.loads(body)["kod"] == "sparrad", body
    assert len(leaves()) > before


def test_certificate_of_another_account():
    r = user("andra", "hl0142", "--certifikat", c.crt("chef"))
    assert r.returncode == 20, r.stderr  # enfragad has the instance


def test_handshakes_that_never_end():
    silent = [socket.create_connection(("127.0.0.1", PORT), 5)
              for _ in range(24)]
    try:
        assert get("chef")[0] == 200
        silent[-1].settimeout(20)
        at = time.monotonic()
        assert silent[-1].recv(1) == b""
        took = time.monotonic() - at
        assert 5 < took < 15, took
    finally:
        for s in silent:
            s.close()
    assert get("chef")[0] == 200


def test_garbage_for_a_handshake():
    for text in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"x" * 99,
                 os.urandom(4096)):
        with socket.create_connection(("127.0.0.1", PORT), 5) as s:
            s.settimeout(15)
            try:
                s.sendall(text)
                while s.recv(100):
                    pass
            except OSError:
                pass
    assert get("chef")[0] == 200


def test_more_connections_than_the_account_has():
    held = []
    try:
        for n in range(9):
            h = http.client.HTTPSConnection("127.0.0.1", PORT, timeout=20,
                                            context=context("chef"))
            h.request("GET", "/v1/status")
            r = h.getresponse()
            r.read()
            assert r.status == (200 if n < 8 else 503), n
            held.append(h)
        held[0].request("GET", "/v1/status")
        assert held[0].getresponse().status == 200
    finally:
        for h in held:
            h.close()


def test_a_system_asks():
    inst.check(inst.enfraga("forsakran", "skriv-under", "--behov", "--intrang",
                            "--tystnad", "--loggning", "--ort", "Sundby",
                            konto="sys01"))
    before = len(fake.get("/__requests"))

    def ask(person=I.PERSON):
        r = subprocess.run(
            [os.path.join(I.BUILD, "tests", "e2e", "forge"), inst.dir, "sys01",
             I.ARENDE, person, "ok"], capture_output=True, text=True,
            timeout=60, env=dict(inst.env, FORGE_CERTS=c.top,
                                 FORGE_TLS=f"https://127.0.0.1:{PORT}"))
        return r.stdout.split()
    for n in range(5):
        assert ask()[0] == "200", n
    assert len(fake.get("/__requests")) == before + 5
    assert ask()[:2] == ["429", "takt"]
    assert len(fake.get("/__requests")) == before + 5


def test_peer_stands_in_the_log():
    before = leaves()
    peers = [leaf for leaf in before if sha("forge") in leaf]
    assert len(peers) == 5, len(peers)
    assert get("nobody", "/v1/logg/export")[0] == 403
    after = leaves()
    assert len(after) == len(before) + 1, (len(before), len(after))
    with open(os.path.join(inst.dir, "audit.db"), "rb") as f:
        log = f.read()
    with open(os.path.join(inst.dir, "audit.db-wal"), "rb") as f:
        log += f.read()
    assert sha("nobody").hex().encode() not in log  # it is sealed
    inst.stop()
    r = inst.verify()
    assert r.returncode == 0, r.stdout


tests = [(k, v) for k, v in list(globals().items()) if k.startswith("test_")]
try:
    I.run(tests)
finally:
    inst.remove()
    fake.stop()
    c.remove()
