#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Proves: the second implementation (tests/lib/tlog.py), which judges the
product, is itself right: Ed25519 against RFC 8032 7.1, the tree of RFC 6962
over the eight leaves of its published vectors, every proof of small trees by
two roads and no proof that has been altered, notes, checkpoints and
cosignatures of types 01 and 04 as C2SP writes them, signed here and held
against openssl(1).

Leaves out: entries and logs (tests/faults/test_differential.py)."""
import base64
import os
import subprocess
import sys
import tempfile

SRC = os.environ.get("srcdir", os.path.join(os.path.dirname(__file__), "../.."))
sys.path[:0] = [os.path.join(SRC, "tests", "lib"),
                os.path.join(SRC, "tests", "e2e")]
import instance as I  # noqa: E402
import tlog as T  # noqa: E402

H = bytes.fromhex

# secret, public, message, signature: RFC 8032 7.1, tests 1 to 3
RFC8032 = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
     "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]

LEAVES = [H(x) for x in ("", "00", "10", "2021", "3031", "40414243",
                         "5051525354555657",
                         "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"]


def refused(fn, *args):
    try:
        return fn(*args) is False
    except T.Bad:
        return True


def test_ed25519_is_rfc_8032s():
    for secret, pub, msg, sig in RFC8032:
        assert T.ed25519_sign(H(secret), H(msg)) == (H(pub), H(sig))
        assert T.ed25519(H(pub), H(msg), H(sig))
        for at in (0, 31, 32, 63):
            bad = bytearray(H(sig))
            bad[at] ^= 1
            assert not T.ed25519(H(pub), H(msg), bytes(bad))
        assert not T.ed25519(H(pub), H(msg) + b"x", H(sig))
        s = int.from_bytes(H(sig)[32:], "little") + T.L  # not canonical
        assert not T.ed25519(H(pub), H(msg),
                             H(sig)[:32] + s.to_bytes(32, "little"))


def test_tree_is_rfc_6962s():
    d, grown = [T.leaf_hash(x) for x in LEAVES], T.Tree()
    for n, want in enumerate(ROOTS):
        assert T.root(d[:n]).hex() == want == grown.root().hex()
        if n < len(d):
            grown.add(d[n])
    # RFC 6962 2.1.3: the worked paths of seven leaves, node by node
    n = T.node
    a, b, c, e, f, g, j = d[:7]
    ab, cd, ef = n(a, b), n(c, e), n(f, g)
    assert T.root(d[:7]) == n(n(ab, cd), n(ef, j))
    assert T.inclusion(0, d[:7]) == [b, cd, n(ef, j)]
    assert T.inclusion(3, d[:7]) == [c, ab, n(ef, j)]
    assert T.inclusion(4, d[:7]) == [g, j, n(ab, cd)]
    assert T.inclusion(6, d[:7]) == [ef, n(ab, cd)]
    assert T.consistency(3, d[:7]) == [c, e, ab, n(ef, j)]
    assert T.consistency(4, d[:7]) == [n(ef, j)]
    assert T.consistency(6, d[:7]) == [ef, j, n(ab, cd)]


def test_every_proof_and_no_other():
    d = [T.leaf_hash(b"%d" % i) for i in range(17)]
    for n in range(1, 18):
        for i in range(n):
            p = T.inclusion(i, d[:n])
            assert T.inclusion_root(i, n, d[i], p) == T.root(d[:n])
            assert refused(T.inclusion_root, i, n, d[i], p + [d[0]])
            if p:
                assert refused(T.inclusion_root, i, n, d[i], p[:-1])
            if i + 1 < n:
                try:
                    other = T.inclusion_root(i + 1, n, d[i], p)
                except T.Bad:
                    other = None
                assert other != T.root(d[:n])
        for m in range(1, n + 1):
            p, old = T.consistency(m, d[:n]), T.root(d[:m])
            assert T.consistency_roots(m, n, old, p) == (old, T.root(d[:n]))
            assert refused(T.consistency_roots, m, n, old, p + [d[0]])


def openssl_verifies(pub, msg, sig):
    with tempfile.TemporaryDirectory() as tmp:
        for name, data in (("k", H("302a300506032b6570032100") + pub),
                           ("m", msg), ("s", sig)):
            with open(os.path.join(tmp, name), "wb") as f:
                f.write(data)
        return subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER",
             "-inkey", tmp + "/k", "-rawin", "-in", tmp + "/m", "-sigfile",
             tmp + "/s"], capture_output=True, timeout=30).returncode == 0


SECRET = H(RFC8032[0][0])
PUB = H(RFC8032[0][1])
ORIGIN = "audit.sundby.example/host/1"
BODY = T.checkpoint_body(ORIGIN, 8, H(ROOTS[8]))


def test_a_note_is_c2sps():
    # signed-note: key id is SHA-256(name, newline, type, key), 4 bytes; the
    # text and its newline are signed; then an empty line and the lines
    key = T.Vkey(T.vkey_text(ORIGIN, T.LOG, PUB))
    assert key.id == T.sha(ORIGIN.encode(), b"\n\1", PUB)[:4]
    note = BODY + "\n" + T.sign_line(ORIGIN, T.LOG, SECRET, BODY)
    c = T.Checkpoint(note)
    assert (c.origin, c.size, c.root) == (ORIGIN, 8, H(ROOTS[8]))
    assert c.signed_by(key)
    blob = base64.b64decode(note.split(" ")[-1])
    assert blob[:4] == key.id
    assert openssl_verifies(PUB, BODY.encode(), blob[4:])
    assert not openssl_verifies(PUB, BODY.encode()[:-1], blob[4:])
    for bad in (note.replace("\n8\n", "\n08\n"), note.replace("\n8\n", "\n+8\n"),
                note[:-1], note.replace("— ", "- "), BODY, BODY + "\n",
                note.replace("\n8\n", "\n8\nextension\n"),
                note.replace(" ", "  ", 1)):
        assert refused(T.Checkpoint, bad), bad
    assert not T.Checkpoint(note.replace("\n8\n", "\n9\n")).signed_by(key)
    for bad in (T.vkey_text(ORIGIN, 2, PUB), "x" + key.name,
                T.vkey_text(ORIGIN, T.LOG, PUB).replace("+", "+0", 1)):
        assert refused(T.Vkey, bad), bad


def test_a_cosignature_is_c2sps():
    # tlog-cosignature: type 04; eight bytes of time, then Ed25519 over
    # "cosignature/v1", the time in words and the whole note text
    name, secret = "vittne.example/w1", H(RFC8032[1][0])
    key = T.Vkey(T.vkey_text(name, T.WITNESS, H(RFC8032[1][1])))
    assert key.id == T.sha(name.encode(), b"\n\4", key.pub)[:4]
    note = (BODY + "\n" + T.sign_line(ORIGIN, T.LOG, SECRET, BODY) +
            T.sign_line(name, T.WITNESS, secret, BODY, 1795527127))
    c = T.Checkpoint(note)
    assert c.signed_by(key) == 1795527127
    assert c.signed_by(T.Vkey(T.vkey_text(ORIGIN, T.LOG, PUB)))
    blob = base64.b64decode(note.split(" ")[-1])
    assert blob[4:12] == (1795527127).to_bytes(8, "big")
    said = ("cosignature/v1\ntime 1795527127\n" + BODY).encode()
    assert openssl_verifies(key.pub, said, blob[12:])
    later = bytearray(blob)
    later[11] ^= 1
    moved = note.replace(base64.b64encode(blob).decode(),
                         base64.b64encode(bytes(later)).decode())
    assert T.Checkpoint(moved).signed_by(key) is False
    # the log's own type with a witness's bytes is no signature of the log
    assert not T.Checkpoint(note).signed_by(
        T.Vkey(T.vkey_text(name, T.LOG, key.pub)))


I.run([(n[5:], f) for n, f in list(globals().items())
       if n.startswith("test_") and callable(f)])
