#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The tree, the proofs and the signed notes once more, standard library only
and written from RFC 6962, RFC 9162, RFC 8032 and C2SP signed-note,
tlog-checkpoint and tlog-cosignature. The product's own results are held
against it.

  tlog.py vectors          roots and proofs of trees of 0 to 64 leaves
"""
import base64
import binascii
import hashlib
import sys


class Bad(Exception):
    """What was read is not what the specification allows."""


def need(ok, why):
    if not ok:
        raise Bad(why)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(data):
    return sha(b"\0", data)


def node(left, right):
    return sha(b"\1", left, right)


def largest(n):
    """The largest power of two below n."""
    return 1 << (n - 1).bit_length() - 1


def root(d):
    """MTH of RFC 6962 2.1 over leaf hashes."""
    if len(d) < 2:
        return d[0] if d else sha()
    k = largest(len(d))
    return node(root(d[:k]), root(d[k:]))


class Tree:
    """A tree that grows: roots of its complete subtrees, largest first."""

    def __init__(self):
        self.size, self.stack = 0, []

    def add(self, leaf):
        n = self.size
        while n & 1:
            leaf = node(self.stack.pop(), leaf)
            n >>= 1
        self.stack.append(leaf)
        self.size += 1

    def root(self):
        if not self.stack:
            return sha()
        r = self.stack[-1]
        for left in reversed(self.stack[:-1]):
            r = node(left, r)
        return r

    def packed(self):
        return b"".join(self.stack)


def inclusion(m, d):
    """PATH(m, D) of RFC 6962 2.1.1."""
    if len(d) == 1:
        return []
    k = largest(len(d))
    if m < k:
        return inclusion(m, d[:k]) + [root(d[k:])]
    return inclusion(m - k, d[k:]) + [root(d[:k])]


def consistency(m, d, whole=True):
    """SUBPROOF(m, D, whole) of RFC 6962 2.1.2."""
    if m == len(d):
        return [] if whole else [root(d)]
    k = largest(len(d))
    if m <= k:
        return consistency(m, d[:k], whole) + [root(d[k:])]
    return consistency(m - k, d[k:], False) + [root(d[:k])]


def inclusion_root(index, size, leaf, path):
    """The root that a path leads to: RFC 6962 2.1.1 read backwards, by
    recursion and not by the bit loop of RFC 9162. Bad when it does not fit."""
    need(0 <= index < size, "index outside the tree")
    if size == 1:
        need(not path, "path too long")
        return leaf
    need(path, "path too short")
    k = largest(size)
    if index < k:
        return node(inclusion_root(index, k, leaf, path[:-1]), path[-1])
    return node(path[-1], inclusion_root(index - k, size - k, leaf, path[:-1]))


def consistency_roots(old, size, old_root, proof, whole=True):
    """(old root, root) that a consistency proof leads to, by recursion."""
    if old == size:
        if whole:
            need(not proof, "proof too long")
            return old_root, old_root
        need(len(proof) == 1, "proof of another length")
        return proof[0], proof[0]
    need(proof, "proof too short")
    k = largest(size)
    if old <= k:
        a, b = consistency_roots(old, k, old_root, proof[:-1], whole)
        return a, node(b, proof[-1])
    a, b = consistency_roots(old - k, size - k, old_root, proof[:-1], False)
    return node(proof[-1], a), node(proof[-1], b)


def vectors():
    d = [leaf_hash(b"leaf %d" % i) for i in range(64)]
    for n in range(65):
        print("root", n, root(d[:n]).hex())
        for m in range(n):
            print("path", m, n, *[h.hex() for h in inclusion(m, d[:n])])
        for m in range(1, n + 1):
            print("cons", m, n, *[h.hex() for h in consistency(m, d[:n])])


# Ed25519 of RFC 8032 5.1, in extended coordinates.
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


def compress(p):
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
KNOWN = {}


def ed25519(pub, msg, sig):
    """Does sig hold? The same question is answered once."""
    key = pub, msg, sig
    if key not in KNOWN:
        KNOWN[key] = ed25519_verify(*key)
    return KNOWN[key]


def ed25519_verify(pub, msg, sig):
    """RFC 8032 5.1.7, without the cofactor: R is held against its bytes."""
    a, s = decompress(pub), int.from_bytes(sig[32:], "little")
    if a is None or s >= L or len(sig) != 64:
        return False
    k = int.from_bytes(hashlib.sha512(sig[:32] + pub + msg).digest(), "little")
    minus_a = (P - a[0], a[1], 1, P - a[3])
    return compress(add(mul(s, BASE), mul(k % L, minus_a))) == sig[:32]


def ed25519_sign(secret, msg):
    """RFC 8032 5.1.5 and 5.1.6: (public key, signature)."""
    h = hashlib.sha512(secret).digest()
    a = int.from_bytes(h[:32], "little") & (2**254 - 8) | 2**254
    pub = compress(mul(a, BASE))
    r = int.from_bytes(hashlib.sha512(h[32:] + msg).digest(), "little") % L
    big_r = compress(mul(r, BASE))
    k = int.from_bytes(hashlib.sha512(big_r + pub + msg).digest(), "little")
    return pub, big_r + ((r + k * a) % L).to_bytes(32, "little")


# Signed notes.
LOG, WITNESS = 0x01, 0x04  # signature types


def b64(text, size=None):
    """Standard alphabet, padded, nothing else; of `size` bytes."""
    try:
        out = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Bad("not base64") from None
    need(base64.b64encode(out).decode() == text, "not canonical base64")
    need(size is None or len(out) == size, "base64 of another length")
    return out


def name_ok(name):
    return (1 <= len(name.encode()) <= 200 and "+" not in name and
            not any(c.isspace() or ord(c) < 0x20 or c == "\x7f" for c in name))


class Vkey:
    """name+hash+key: the name and key of who signs, and with which type."""

    def __init__(self, text):
        parts = text.split("+", 2)
        need(len(parts) == 3 and name_ok(parts[0]), "not a vkey")
        blob = b64(parts[2], 33)
        self.name, self.kind, self.pub = parts[0], blob[0], blob[1:]
        need(self.kind in (LOG, WITNESS), "key of another type")
        self.id = key_id(self.name, self.kind, self.pub)
        need(self.id.hex() == parts[1], "the id is not the key's")


def key_id(name, kind, pub):
    return sha(name.encode(), b"\n", bytes([kind]), pub)[:4]


def vkey_text(name, kind, pub):
    return "+".join((name, key_id(name, kind, pub).hex(),
                     base64.b64encode(bytes([kind]) + pub).decode()))


def note_split(text):
    """The signed text, and its signature lines as (name, blob)."""
    cut = text.rfind("\n\n")
    need(cut >= 0 and text.endswith("\n"), "not a signed note")
    body, sigs = text[:cut + 1], []
    for line in text[cut + 2:-1].split("\n"):
        parts = line.split(" ")
        need(len(parts) == 3 and parts[0] == "—" and name_ok(parts[1]),
             "not a signature line")
        blob = b64(parts[2])
        need(len(blob) > 4, "a signature without bytes")
        sigs.append((parts[1], blob))
    need(1 <= len(sigs) <= 16 and len(text.encode()) < 4096, "note too large")
    return body, sigs


class Checkpoint:
    """A checkpoint without extension lines; signatures are not judged."""

    def __init__(self, text):
        self.body, self.sigs = note_split(text)
        lines = self.body.split("\n")
        need(len(lines) == 4 and lines[3] == "", "not three lines")
        need(name_ok(lines[0]), "not an origin")
        need(lines[1].isascii() and lines[1].isdigit() and
             (lines[1] == "0" or lines[1][0] != "0") and
             int(lines[1]) < 2**63, "not a size")
        self.origin, self.size = lines[0], int(lines[1])
        self.root = b64(lines[2], 32)

    def signed_by(self, key):
        """The log's line holds; a cosignature also gives its time."""
        for name, blob in self.sigs:
            if name != key.name or blob[:4] != key.id:
                continue
            if key.kind == LOG:
                return len(blob) == 68 and ed25519(
                    key.pub, self.body.encode(), blob[4:])
            time = int.from_bytes(blob[4:12], "big")
            head = "cosignature/v1\ntime %d\n" % time
            return len(blob) == 76 and 0 < time < 2**63 and ed25519(
                key.pub, (head + self.body).encode(), blob[12:]) and time
        return False


def checkpoint_body(origin, size, r):
    return "%s\n%d\n%s\n" % (origin, size, base64.b64encode(r).decode())


def sign_line(name, kind, secret, body, time=None):
    """One signature line, made here: for tests."""
    stamp = b"" if kind == LOG else time.to_bytes(8, "big")
    head = "" if kind == LOG else "cosignature/v1\ntime %d\n" % time
    pub, sig = ed25519_sign(secret, (head + body).encode())
    blob = key_id(name, kind, pub) + stamp + sig
    return "— %s %s\n" % (name, base64.b64encode(blob).decode())


if __name__ == "__main__":
    if sys.argv[1:] != ["vectors"]:
        sys.exit(__doc__)
    vectors()
