#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Proves: an instance made by init seals every payload from the first one on;
`openssl cms -decrypt` opens the day keys with the chef's key and with the
archive's, and with no other; a second implementation opens every box to what
its entry committed to, the question's own bytes among them; no personnummer
stands in the log's files in clear; each start has a key of its own; skarp
without a reviewer says so. Leaves out: processes (test_leaks.py).
"""
import hashlib
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import boxes  # noqa: E402
import instance as i  # noqa: E402

NYCKEL, INTENT = 13, 1


def test_the_second_implementation_agrees_with_the_standards():
    h = bytes.fromhex
    assert boxes.Aes(bytes(range(32))).encrypt(
        h("00112233445566778899aabbccddeeff")) == \
        h("8ea2b7ca516745bfeafc49904b496089")  # FIPS 197 C.3
    assert boxes.unwrap(bytes(range(32)), h(  # RFC 3394 4.6
        "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43b"
        "fb988b9b7a02dd21")) == h(
        "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f")
    assert boxes.gcm_open(bytes(32), bytes(12), b"", bytes.fromhex(
        "cea7403d4d606b6e074ec5d3baf39d18"), bytes.fromhex(
        "d0d1c8a799996bf0265b98b5d48ab919")) == bytes(16)  # GCM case 14


class Log:
    """The log of a stopped instance, its day keys opened by openssl."""

    def __init__(self, d):
        user, keys = os.path.join(d, "anvandare", "chef07"), os.path.join(
            d, "keys")
        self.leaf = dict(boxes.rows(d, "SELECT seq, leaf_data FROM entry"))
        self.box = boxes.rows(d, "SELECT seq, day, data FROM box ORDER BY seq")
        self.key = {}
        for day, cms, seq in boxes.rows(d, "SELECT day, cms, seq FROM daykey"):
            a = boxes.author(self.leaf[seq])
            assert a[1] == NYCKEL.to_bytes(8, "big")
            assert a[0x13] == day.to_bytes(8, "big")
            assert a[0x14] == hashlib.sha256(cms).digest()
            self.key[day] = boxes.day_key(
                cms, user + "/review.key", user + "/review.crt",
                user + "/losen") if b"chef07" in a[0x16] else None
            archive = boxes.day_key(cms, keys + "/arkiv.key",
                                    keys + "/arkiv.crt")
            assert len(archive) == 32
            assert self.key[day] in (None, archive)
            self.key[day] = archive
            assert boxes.day_key(cms, user + "/sign.key", user + "/sign.crt",
                                 user + "/losen") is None

    def open(self):
        for seq, day, box in self.box:
            assert box[0] == 1 and day > 0, (seq, day)
            payload = boxes.open_box(self.key[day], self.leaf[seq], box)
            assert payload is not None, seq
            yield seq, day, payload


def test_every_box_is_sealed_and_opens():
    i.need_shared()
    fake = i.Fake()
    x = i.Instance(fake.url)
    try:
        asked = json.loads(x.ask().stdout)["fraga"]["loggpost"]
        assert x.verify().returncode == 0
        x.stop()
        x.serve()
        x.stop()
        log = Log(x.dir)
        got = {seq: (day, payload) for seq, day, payload in log.open()}
        assert i.PERSON.encode() in got[asked][1]
        types = {s: int.from_bytes(boxes.author(v)[1], "big")
                 for s, v in log.leaf.items()}
        # the start after the stop has a key that no entry before it had
        last = max(got)
        assert got[last][0] > got[asked][0]
        assert sum(t == NYCKEL for t in types.values()) > len(log.key)
        for name in ("audit.db", "audit.db-wal"):
            path = os.path.join(x.dir, name)
            if os.path.exists(path):
                with open(path, "rb") as f:
                    data = f.read()
                assert i.PERSON.encode() not in data
                assert i.PERSON[2:].encode() not in data
        # a box moved to another entry opens for nobody
        (s1, d1, b1), (s2, d2, b2) = log.box[-1], log.box[-2]
        assert boxes.open_box(log.key[d1], log.leaf[s2], b1) is None
        assert x.verify().returncode == 0
    finally:
        x.remove()
        fake.stop()


def test_skarp_without_a_reviewer_says_so():
    x = i.Instance.__new__(i.Instance)
    x.daemon = None
    x.top = i.tempfile.mkdtemp(prefix="enfraga-e2e-")
    x.dir = os.path.join(x.top, "i")
    data = os.path.join(x.top, "data")
    shutil.copytree(os.path.join(i.SRC, "data"), data)
    shutil.copy(os.path.join(data, "forsakran", "enfraga-1.txt"),
                os.path.join(data, "forsakran", "kommun-1.txt"))
    x.env = dict(os.environ, HOME=x.top, ENFRAGA_DATA=data,
                 TEXTDOMAINDIR=os.path.join(i.BUILD, "po", "locale"))
    try:
        common = ["--lage", "skarp", "--kommun", "Sundby kommun", "--orgnr",
                  "162120000001", "--aktorsid", "999-01", "--upstream",
                  "ssbtek", "--url", "https://127.0.0.1:9/ssbtek",
                  "--anvandare", "chef07:Maria Sund:chef"]
        x.check(x.enfragad_run("init", x.dir, *common))
        r = x.enfragad_run("--instans", x.dir, "--kontrollera")
        assert r.returncode != 0 and "ingen kan öppna loggen" in r.stdout, r
        # with a certificate that two others made: sealed from the first box
        other = os.path.join(x.top, "o")
        x.check(x.enfragad_run("init", other, "--lage", "test", *common[2:]))
        cert = os.path.join(other, "anvandare", "chef07", "review.crt")
        wrong = os.path.join(other, "anvandare", "chef07", "sign.crt")
        x.dir = os.path.join(x.top, "j")
        r = x.enfragad_run("init", x.dir, *common, "--granskare",
                           "chef07:" + wrong)
        assert r.returncode == 64 and "keyAgreement" in r.stderr, r
        x.dir = os.path.join(x.top, "k")
        x.check(x.enfragad_run("init", x.dir, *common, "--granskare",
                               "chef07:" + cert, "--arkiv", cert.replace(
                                   "anvandare/chef07/review", "keys/arkiv")))
        r = x.enfragad_run("--instans", x.dir, "--kontrollera")
        assert "ingen kan öppna loggen" not in r.stdout, r
        assert all(b[0] == 1 for b, in
                   boxes.rows(x.dir, "SELECT data FROM box"))
        r = i.subprocess.run([os.path.join(i.BUILD, "enfraga-verifiera"),
                              "--full", os.path.join(x.dir, "audit.db")],
                             env=x.env, capture_output=True, text=True)
        assert r.returncode == 0, r
    finally:
        x.remove()


i.run([(n, f) for n, f in list(globals().items()) if n.startswith("test_")])
