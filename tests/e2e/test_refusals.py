#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A question that is not exactly what was signed, by whom it was signed, for
this log, is refused with its own word, the refusal stands in the log, and
nothing is sent. The control, with nothing wrong, is sent."""
import http.client
import os
import socket
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

I.need_shared()
FORGE = os.path.join(I.BUILD, "tests", "e2e", "forge")
fake = I.Fake("--strict", "--echo-id", "--case", "110-three-errors")
inst = I.Instance(fake.url, "\n[grans]\nskur = 1000\ndagstak = 100000\n")


def forge(variant, *more, konto="hl0142", case=I.ARENDE, person=I.PERSON):
    r = subprocess.run([FORGE, inst.dir, konto, case, person, variant, *more],
                       env=inst.env,
                       capture_output=True, text=True, timeout=60)
    assert r.returncode == 0, (r.returncode, r.stderr)
    return r.stdout.split()


def entries(kind):
    db = sqlite3.connect(f"file:{inst.dir}/audit.db?mode=ro", uri=True)
    n = db.execute("SELECT count(*) FROM entry WHERE type = ?",
                   (kind,)).fetchone()[0]
    db.close()
    return n


def refused(word, *args, **kw):
    fake.reset()
    before = entries(34)
    got = forge(*args, **kw)
    assert got[1] == word, (args, got)
    assert int(got[0]) >= 400, got
    assert fake.get("/__requests") == [], "something was sent"
    assert entries(34) == before + 1, "the refusal is not in the log"


def test_control_is_sent():
    fake.reset()
    assert forge("ok")[0] == "200"
    assert len(fake.get("/__requests")) == 1


def test_any_byte_of_the_payload():
    for n in range(0, 400, 7):
        refused("atagande", "payload", str(n))


def test_wrong_entries():
    for variant, word in [("signature", "signatur"),
                          ("authorities", "atagande"),
                          ("legal", "atagande"),
                          ("origin", "felaktig_indata"),
                          ("mode", "felaktig_indata"),
                          ("names", "atagande"),
                          ("no-payload", "atagande"),
                          ("type", "felaktig_indata"),
                          ("soap", "felaktig_indata")]:
        refused(word, variant)


def test_another_users_key():
    refused_any("key")


def refused_any(variant):
    fake.reset()
    got = forge(variant)
    assert int(got[0]) >= 400, got
    assert fake.get("/__requests") == []


def test_another_users_key_and_forsakran():
    """Found in review: rights were judged for the account that connected,
    and the entry was another's."""
    if "giltig" not in inst.enfraga("status", konto="chef07").stdout:
        inst.check(inst.enfraga("forsakran", "skriv-under", "--behov",
                                "--intrang", "--tystnad", "--loggning",
                                "--ort", "Sundby", konto="chef07"))
    refused("forsakran_saknas", "other")


def test_another_log_seen_is_an_alarm():
    alarms = entries(36)
    refused("annan_logg", "seen")
    assert entries(36) == alarms + 1
    status = inst.enfraga("status").stdout
    assert "hel=ja" in status, status


def test_unknown_account_is_an_entry():
    before = entries(34)
    status, body = raw("POST", "/v1/fragor", b"{}", konto="nobody")
    assert status == 403 and "okand_anvandare" in body, (status, body)
    assert entries(34) == before + 1


def raw(method, path, body=None, konto="hl0142"):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(10)
    s.connect(os.path.join(inst.dir, "run", "enfraga.sock"))
    c = http.client.HTTPConnection("enfragad")
    c.sock = s
    c.request(method, path, body, {"Enfraga-Konto": konto})
    r = c.getresponse()
    return r.status, r.read().decode()


def test_bodies_that_are_no_entry():
    for body in (b"", b"{", b"[]", b"null", b'"x"', b"{}" * 1000,
                 b'{"forfattardel":"AA==","signatur":"AA=="}', b"\x00"):
        for path in ("/v1/fragor", "/v1/forsakringar", "/v1/arenden/sok",
                     "/v1/arenden/lasning", "/v1/klarmarkeringar"):
            status, text = raw("POST", path, body)
            assert 400 <= status < 500, (path, body, status, text)
            assert "kod" in text
    assert raw("GET", "/v1/fragor")[0] == 404
    assert raw("GET", "/v2")[0] == 404


def test_unknown_forsakran():
    refused_any("forsakran")


def test_replay():
    fake.reset()
    got = forge("replay")
    assert got[1] == "nonce_upprepad", got
    assert len(fake.get("/__requests")) == 1


def test_false_retry_needs_a_reason():
    refused("skal_kravs", "retry")


def test_refusals_of_the_grant():
    refused("arende_saknas", "ok", case="EK-2026-99999")
    refused("person_utanfor", "ok", person="198503129804")
    refused("forsakran_saknas", "ok", konto="hl0143")
    refused("fel_roll", "ok", konto="chef07")


def test_log_holds():
    inst.stop()
    r = inst.verify()
    assert r.returncode == 0, r.stdout + r.stderr


try:
    I.run([(f.__name__[5:], f) for f in
           (test_control_is_sent, test_any_byte_of_the_payload,
            test_wrong_entries, test_another_users_key,
            test_another_users_key_and_forsakran,
            test_another_log_seen_is_an_alarm,
            test_unknown_account_is_an_entry, test_bodies_that_are_no_entry,
            test_unknown_forsakran,
            test_replay, test_false_retry_needs_a_reason,
            test_refusals_of_the_grant, test_log_holds)])
finally:
    inst.remove()
    fake.stop()
