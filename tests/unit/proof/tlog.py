#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A second implementation of the log's tree, leaves and notes, standard
library only and written from RFC 6962, RFC 8032 and C2SP alone. The product's
own results are held against it.

  tlog.py vectors          roots and proofs of trees of 0 to 40 leaves
  tlog.py check LOG.json   0 the exported log holds, 1 it does not (why)
"""
import base64
import hashlib
import json
import sys


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(data):
    return sha(b"\0", data)


def root(hashes):
    if not hashes:
        return sha()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return sha(b"\1", root(hashes[:k]), root(hashes[k:]))


def largest(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def inclusion(m, d):
    if len(d) == 1:
        return []
    k = largest(len(d))
    if m < k:
        return inclusion(m, d[:k]) + [root(d[k:])]
    return inclusion(m - k, d[k:]) + [root(d[:k])]


def consistency(m, d, whole=True):
    if m == len(d):
        return [] if whole else [root(d)]
    k = largest(len(d))
    if m <= k:
        return consistency(m, d[:k], whole) + [root(d[k:])]
    return consistency(m - k, d[k:], False) + [root(d[:k])]


def vectors():
    d = [leaf_hash(b"leaf %d" % i) for i in range(40)]
    for n in range(41):
        print("root", n, root(d[:n]).hex())
        for m in range(n):
            print("path", m, n, *[h.hex() for h in inclusion(m, d[:n])])
        for m in range(1, n + 1):
            print("cons", m, n, *[h.hex() for h in consistency(m, d[:n])])


# Ed25519 verification of RFC 8032 5.1.7, in affine-free coordinates.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT = pow(2, (P - 1) // 4, P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def mul(s, p):
    q = (0, 1, 1, 0)
    while s:
        if s & 1:
            q = add(q, p)
        p = add(p, p)
        s >>= 1
    return q


def decompress(b):
    y = int.from_bytes(b, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * SQRT % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519(pub, msg, sig):
    a, r = decompress(pub), decompress(sig[:32])
    s = int.from_bytes(sig[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(sig[:32] + pub + msg).digest(), "little")
    left, right = mul(s, BASE), add(r, mul(k % L, a))
    return ((left[0] * right[2] - right[0] * left[2]) % P == 0 and
            (left[1] * right[2] - right[1] * left[2]) % P == 0)


def vkey(text):
    name, hexid, b64 = text.split("+", 2)
    blob = base64.b64decode(b64, validate=True)
    assert blob[0] == 1 and len(blob) == 33, "vkey"
    assert sha(name.encode(), b"\n", blob)[:4].hex() == hexid, "vkey id"
    return name, bytes.fromhex(hexid), blob[1:]


def note(text, key):
    body, sigs = text.split("\n\n")
    body += "\n"
    name, kid, pub = key
    origin, size, b64 = body.split("\n")[:3]
    assert origin == name, "origin"
    for line in sigs.splitlines():
        _, signer, blob = line.split(" ")
        blob = base64.b64decode(blob)
        if signer == name and blob[:4] == kid:
            assert ed25519(pub, body.encode(), blob[4:]), "note signature"
            return int(size), base64.b64decode(b64)
    raise AssertionError("not signed by the log")


def fields(b):
    out, last = {}, 0
    while b:
        assert b[0] > last, "tags must rise"
        n = int.from_bytes(b[1:5], "big")
        assert len(b) >= 5 + n, "field cut short"
        last, out[b[0]], b = b[0], b[5:5 + n], b[5 + n:]
    return out


def split(leaf):
    n = int.from_bytes(leaf[:4], "big")
    author, sig = leaf[4:4 + n], leaf[4 + n:68 + n]
    assert int.from_bytes(leaf[68 + n:72 + n], "big") == len(leaf) - 72 - n
    return author, sig, leaf[72 + n:]


def number(b):
    assert len(b) == 8, "integers are 8 bytes"
    return int.from_bytes(b, "big")


def check(log):
    key = vkey(log["log_vkey"])
    assert log["origin"] == key[0], "origin"
    keys, nonces, hashes = {}, set(), []
    for f in log.get("forsakringar", []):
        cms, text = (base64.b64decode(f[x]) for x in ("cms_b64", "text_b64"))
        assert f["vkey"].encode() in text, "text names another key"
        _, kid, pub = vkey(f["vkey"])
        keys[sha(cms), kid + sha(pub)] = pub
    for i, row in enumerate(log["entries"]):
        assert row["seq"] == i, "seq %d is missing" % i
        leaf = base64.b64decode(row["leaf_b64"], validate=True)
        author, sig, host = split(leaf)
        a, h = fields(author), fields(host)
        if i == 0:
            pub = a[0x11]
            name = (a[2] + b"/enfragad", b"\n\1", pub)
            keys[bytes(32), sha(*name)[:4] + sha(pub)] = pub
        pub = keys.get((a[5], a[4]))
        assert pub, "entry %d: unknown key" % i
        assert ed25519(pub, b"enfraga/entry/1\n" + author, sig), \
            "entry %d: signature" % i
        assert number(h[1]) == i and a[2].decode() == log["origin"], \
            "entry %d: place" % i
        assert a[6] not in nonces, "entry %d: nonce" % i
        if 0x0b in a:
            assert hashes[number(a[0x0b])] == a[0x0c], "entry %d: ref" % i
        nonces.add(a[6])
        hashes.append(leaf_hash(leaf))
    last = 0
    for text in log["checkpoints"]:
        size, r = note(text, key)
        assert size <= len(hashes), "cut"
        assert root(hashes[:size]) == r, "root at %d" % size
        last = max(last, size)
    assert last == len(hashes), "entries behind the last checkpoint"


def main(argv):
    if argv[1:] == ["vectors"]:
        vectors()
        return 0
    try:
        with open(argv[2], encoding="utf-8") as f:
            check(json.load(f))
    except (AssertionError, KeyError, ValueError, IndexError) as why:
        print(repr(why))
        return 1
    print("holds")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
