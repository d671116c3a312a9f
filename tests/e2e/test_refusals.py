#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A question that is not exactly what was signed, by whom it was signed, for
this log, is refused with its own word, the refusal stands in the log, and
nothing is sent. The control, with nothing wrong, is sent."""
import os
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
                          ("type", "felaktig_indata")]:
        refused(word, variant)


def test_another_users_key():
    refused_any("key")


def refused_any(variant):
    fake.reset()
    got = forge(variant)
    assert int(got[0]) >= 400, got
    assert fake.get("/__requests") == []


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
            test_wrong_entries, test_another_users_key, test_unknown_forsakran,
            test_replay, test_false_retry_needs_a_reason,
            test_refusals_of_the_grant, test_log_holds)])
finally:
    inst.remove()
    fake.stop()
