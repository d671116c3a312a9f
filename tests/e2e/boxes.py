# SPDX-License-Identifier: EUPL-1.2
"""A second implementation of the log's boxes, from doc/FORMATS.md and the
standards alone (FIPS 197, SP 800-38D, RFC 3394): it needs a day key, which
`openssl cms -decrypt` gives to a recipient. Standard library only, and slow."""
import hashlib
import os
import sqlite3
import struct
import subprocess


def _tables():
    exp, log, x = [0] * 512, [0] * 256, 1
    for i in range(255):
        exp[i], log[x] = x, i
        x ^= (x << 1) ^ (0x11b if x & 0x80 else 0)
        x &= 0xff if x < 0x100 else 0x1ff
    for i in range(255, 512):
        exp[i] = exp[i - 255]
    sbox = []
    for a in range(256):
        b = exp[255 - log[a]] if a else 0
        s = b
        for k in range(1, 5):
            s ^= (b << k | b >> (8 - k)) & 0xff
        sbox.append(s ^ 0x63)
    return exp, log, sbox


EXP, LOG, SBOX = _tables()
UNBOX = [SBOX.index(i) for i in range(256)]


def _mul(a, b):
    return EXP[LOG[a] + LOG[b]] if a and b else 0


class Aes:
    def __init__(self, key):
        n = len(key) // 4
        w = [list(key[4 * i:4 * i + 4]) for i in range(n)]
        rcon = 1
        for i in range(n, 4 * (n + 7)):
            t = list(w[-1])
            if i % n == 0:
                t = [SBOX[b] for b in t[1:] + t[:1]]
                t[0] ^= rcon
                rcon = _mul(rcon, 2)
            elif n > 6 and i % n == 4:
                t = [SBOX[b] for b in t]
            w.append([a ^ b for a, b in zip(w[i - n], t)])
        self.round = [sum(w[4 * i:4 * i + 4], []) for i in range(n + 7)]

    def encrypt(self, block):
        s = [a ^ b for a, b in zip(block, self.round[0])]
        for k in self.round[1:]:
            s = [SBOX[s[(i + 4 * (i % 4)) % 16]] for i in range(16)]
            if k is not self.round[-1]:
                s = self._mix(s, (2, 3, 1, 1))
            s = [a ^ b for a, b in zip(s, k)]
        return bytes(s)

    def decrypt(self, block):
        s = list(block)
        for k in reversed(self.round[1:]):
            s = [a ^ b for a, b in zip(s, k)]
            if k is not self.round[-1]:
                s = self._mix(s, (14, 11, 13, 9))
            s = [UNBOX[s[(i - 4 * (i % 4)) % 16]] for i in range(16)]
        return bytes(a ^ b for a, b in zip(s, self.round[0]))

    @staticmethod
    def _mix(s, m):
        out = []
        for c in range(0, 16, 4):
            for r in range(4):
                v = 0
                for i in range(4):
                    v ^= _mul(m[(i - r) % 4], s[c + i])
                out.append(v)
        return out


def unwrap(kek, wrapped):
    """RFC 3394 2.2.2; None where the key is another."""
    aes, a = Aes(kek), wrapped[:8]
    r = [wrapped[i:i + 8] for i in range(8, len(wrapped), 8)]
    for j in range(5, -1, -1):
        for i in range(len(r), 0, -1):
            t = int.from_bytes(a, "big") ^ (len(r) * j + i)
            b = aes.decrypt(t.to_bytes(8, "big") + r[i - 1])
            a, r[i - 1] = b[:8], b[8:]
    return b"".join(r) if a == b"\xa6" * 8 else None


def gcm_open(key, nonce, aad, text, tag):
    """SP 800-38D with a nonce of 12 bytes; None where the tag does not hold."""
    aes = Aes(key)
    h = int.from_bytes(aes.encrypt(bytes(16)), "big")

    def ghash(data):
        y = 0
        for i in range(0, len(data), 16):
            y ^= int.from_bytes(data[i:i + 16], "big")
            z, v = 0, h
            for bit in range(127, -1, -1):
                if y >> bit & 1:
                    z ^= v
                v = v >> 1 ^ (0xe1 << 120 if v & 1 else 0)
            y = z
        return y

    def pad(b):
        return b + bytes(-len(b) % 16)
    s = ghash(pad(aad) + pad(text) +
              struct.pack(">QQ", 8 * len(aad), 8 * len(text)))
    first = int.from_bytes(aes.encrypt(nonce + b"\0\0\0\1"), "big")
    if (s ^ first).to_bytes(16, "big") != tag:
        return None
    out = b""
    for i in range(0, len(text), 16):
        ks = aes.encrypt(nonce + struct.pack(">I", 2 + i // 16))
        out += bytes(a ^ b for a, b in zip(text[i:i + 16], ks))
    return out


def fields(part):
    """{tag: value} of a run of fields."""
    out, i = {}, 0
    while i < len(part):
        n = int.from_bytes(part[i + 1:i + 5], "big")
        out[part[i]] = part[i + 5:i + 5 + n]
        i += 5 + n
    return out


def author(leaf):
    return fields(leaf[4:4 + int.from_bytes(leaf[:4], "big")])


def open_salted(day_key, leaf, box):
    """Salt and payload; None where the box does not open to what was signed."""
    a = author(leaf)
    if box[0] == 0:
        text = box[1:]
    else:
        key = unwrap(day_key, box[1:41])
        text = key and gcm_open(key, box[41:53],
                                b"enfraga/box/1" + a[2] + a[0x10],
                                box[53:-16], box[-16:])
    if not text or hashlib.sha256(b"enfraga/commit/1" + text).digest() != \
            a[0x10]:
        return None
    return text


def open_box(day_key, leaf, box):
    """The payload alone."""
    text = open_salted(day_key, leaf, box)
    return text and text[32:]


def day_key(cms, key, cert, passphrase=None):
    """A day key by the openssl tool; None where it does not open."""
    args = ["openssl", "cms", "-decrypt", "-inform", "DER", "-binary",
            "-inkey", key, "-recip", cert]
    if passphrase:
        args += ["-passin", "file:" + passphrase]
    r = subprocess.run(args, input=cms, capture_output=True, timeout=30)
    return r.stdout if r.returncode == 0 else None


def rows(instance, sql, *values):
    """From a stopped, running or killed instance's log; the last one's WAL
    wants a connection that may write."""
    db = sqlite3.connect(
        "file:%s?mode=rw" % os.path.join(instance, "audit.db"), uri=True)
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


class Opener:
    """Payloads of a training or test instance, by its archive key; each is
    opened once."""

    def __init__(self, instance):
        self.dir, self.keys, self.got = instance, {}, {}

    def _key(self, day):
        if day and day not in self.keys:
            cms, = rows(self.dir, "SELECT cms FROM daykey WHERE day = ?",
                        day)[0]
            self.keys[day] = day_key(
                cms, os.path.join(self.dir, "keys", "arkiv.key"),
                os.path.join(self.dir, "keys", "arkiv.crt"))
        return self.keys.get(day)

    def opened(self, seq):
        """The box in its clear form."""
        leaf, day, box = rows(
            self.dir, "SELECT e.leaf_data, b.day, b.data FROM entry e JOIN "
            "box b ON b.seq = e.seq WHERE e.seq = ?", seq)[0]
        return b"\0" + open_salted(self._key(day), leaf, box)

    def payloads(self, kind):
        """Of the entries of a type, oldest first."""
        out = []
        for seq, leaf, day, box in rows(
                self.dir, "SELECT e.seq, e.leaf_data, b.day, b.data "
                "FROM entry e JOIN box b ON b.seq = e.seq WHERE e.type = ? "
                "ORDER BY e.seq", kind):
            if seq not in self.got:
                self.got[seq] = open_box(self._key(day), leaf, box)
                assert self.got[seq] is not None, seq
            out.append(self.got[seq])
        return out
