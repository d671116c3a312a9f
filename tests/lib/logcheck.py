#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The log's verifier a second time: standard library and openssl(1) alone,
written from doc/FORMATS.md ("Log") and the documents that it names. It reads
a database or an export and finds what full verification is to find; the kinds
of entry are read from the table in FORMATS.md.

  logcheck.py [--vkey VKEY] [--mot NOTE]... [--vittne VKEY]... FILE
                        prints JSON; 0 holds, 1 not
  logcheck.py [--vkey VKEY] [--vittne VKEY]... --bevis FILE
                        one entry's proof
"""
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tlog as T  # noqa: E402
from tlog import Bad, need, sha  # noqa: E402

FORMATS = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "..", "..", "doc", "FORMATS.md")
ZERO = bytes(32)


def kinds():
    """number: (word, who, ref, open), from the table under "Kinds"."""
    with open(FORMATS, encoding="utf-8") as f:
        part = f.read().split("### Kinds\n")[1].split("\n### ")[0]
    rows = re.findall(r"^\| (\d+) \| `([\w-]+)` \| (\w+) \| (\w+) \| (\w+) \|$",
                      part, re.M)
    return {int(n): tuple(rest) for n, *rest in rows}


KINDS = kinds()


def number(b):
    need(len(b) == 8, "integers are 8 bytes")
    return int.from_bytes(b, "big")


def text(b, most):
    need(len(b) <= most and b"\0" not in b, "text too long")
    try:
        s = b.decode()
    except UnicodeDecodeError:
        raise Bad("not UTF-8") from None
    need(all(ord(c) >= 0x20 and c != "\x7f" for c in s), "control character")
    need(unicodedata.normalize("NFC", s) == s, "not NFC")
    return s


def fixed(n):
    def take(b):
        need(len(b) == n, "field of another length")
        return b
    return take


def fields(b, table):
    """A part as {tag: value}; table: tag -> reader."""
    out, last = {}, 0
    while b:
        need(len(b) >= 5 and b[0] > last, "tags must rise")
        n, last = int.from_bytes(b[1:5], "big"), b[0]
        need(len(b) >= 5 + n, "field cut short")
        need(last in table or last >= 0x80, "unknown tag")
        if last in table:
            out[last] = table[last](b[5:5 + n])
        b = b[5 + n:]
    return out


def recipients(b):
    """[(certificate's hash, name)], hashes strictly rising."""
    out = []
    while b:
        need(len(b) >= 33 and len(b) >= 33 + b[32] and b[32], "recipient")
        out.append((b[:32], text(b[33:33 + b[32]], 63)))
        b = b[33 + b[32]:]
    need(1 <= len(out) <= 24 and
         all(x[0] < y[0] for x, y in zip(out, out[1:])), "recipients")
    return out


def erasure(b):
    """The terms of a gallring: (step, terms, id)."""
    need(b and 1 <= b[0] <= 6, "step")
    if b[0] in (3, 5):
        need(len(b) == 1, "a stop has no terms")
        return b[0], None, ""
    if b[0] == 6:
        need(len(b) == 41 and 0 < int.from_bytes(b[1:9], "big") < 2**63,
             "a registered head")
        return 6, None, ""
    need(66 <= len(b) <= 129 and b[1] in (1, 3), "terms")
    first, end, wait, age = (int.from_bytes(b[i:i + 8], "big")
                             for i in (2, 10, 18, 26))
    need(first < end < 2**63 and max(wait, age) <= 36500, "range")
    terms = b[1] == 3, first, end, wait, age, b[34:66]
    if b[0] == 4:
        need(len(b) == 98, "the amount")
        return 4, terms, ""
    need((len(b) > 66) == (b[0] == 1), "the decision's number")
    return b[0], terms, text(b[66:], 63)


AUTHOR = {1: number, 2: lambda b: text(b, 200), 3: lambda b: text(b, 15),
          4: fixed(36), 5: fixed(32), 6: fixed(16), 7: number, 8: number,
          9: number, 10: fixed(32), 11: number, 12: fixed(32), 13: number,
          14: number, 15: lambda b: text(b, 63), 16: fixed(32),
          17: fixed(32), 18: fixed(32), 19: number, 20: fixed(32),
          21: lambda b: text(b, 63), 22: recipients, 23: fixed(32),
          24: lambda b: text(b, 63), 25: erasure, 26: number}
HOST = {1: number, 2: number, 3: number, 4: lambda b: text(b, 36), 5: number,
        6: fixed(32), 7: fixed(32), 8: number}


class Entry:
    """A leaf decoded."""

    def __init__(self, leaf):
        self.split(leaf)
        self.a = self.author_part()
        self.h = fields(self.host, HOST)
        h = self.h
        need(len(self.host) <= 512 and {1, 2, 3, 4, 7} <= set(h) and
             not {5, 6} <= set(h) and 0 < h.get(8, 1) < 2**63,
             "enfragad's part")
        need(re.fullmatch("[0-9a-f-]{36}|", h[4]), "boot id")
        self.word, self.who, self.ref_rule, self.open = KINDS[self.a[1]]
        self.own = self.a[5] == ZERO
        self.ref = self.a.get(11)

    def split(self, leaf):
        need(72 <= len(leaf) <= 8192, "not a leaf's length")
        n = int.from_bytes(leaf[:4], "big")
        need(n <= len(leaf) - 72, "leaf cut short")
        self.author, self.sig = leaf[4:4 + n], leaf[4 + n:68 + n]
        self.host = leaf[72 + n:]
        need(int.from_bytes(leaf[68 + n:72 + n], "big") == len(self.host),
             "leaf of another length")

    def author_part(self):
        a = fields(self.author, AUTHOR)
        need(len(self.author) <= 4096, "author part too long")
        need(set(range(1, 11)) | {13, 14, 15} <= set(a), "a field is missing")
        need((11 in a) == (12 in a), "half a reference")
        need(a[1] in KINDS and T.name_ok(a[2]), "type or origin")
        need(a[3] in ("skarp", "test", "ovning"), "mode")
        need(a[9] or a[10] == ZERO, "root of nothing")
        need(26 not in a or (19 not in a and len(a.get(22, ())) == 1), "away")
        need((25 in a) == (KINDS[a[1]][0] == "gallring"), "gallring")
        need((19 in a) == (20 in a) and (21 in a) == (22 in a) and
             (19 not in a or 21 in a), "half a day key")
        need(KINDS[a[1]][0] == "nyckel" or
             not {17, 18, 19, 20, 21, 22, 26} & set(a), "key elsewhere")
        need((23 in a) == (24 in a), "half a name")
        need(23 not in a or (KINDS[a[1]][0] == "intent" and a[5] == ZERO and
                             a[24]), "a name elsewhere")
        return a

    @classmethod
    def author_of(cls, leaf):
        """The author part alone: enfragad's part may be damaged."""
        e = cls.__new__(cls)
        e.split(leaf)
        return e.author_part()


def der_whole(b):
    """One DER value and nothing behind it."""
    if len(b) < 2:
        return False
    if b[1] < 0x80:
        return len(b) == 2 + b[1]
    n = b[1] & 0x7f
    return n and len(b) == 2 + n + int.from_bytes(b[2:2 + n], "big")


CMS = {}


def cms_holds(cms, content):
    """openssl's word for a detached signature; the chain is not judged."""
    key = sha(cms), sha(content)
    if key not in CMS:
        with tempfile.TemporaryDirectory() as d:
            for name, data in (("cms", cms), ("text", content)):
                with open(os.path.join(d, name), "wb") as f:
                    f.write(data)
            r = subprocess.run(
                ["openssl", "cms", "-verify", "-noverify", "-binary",
                 "-inform", "DER", "-in", d + "/cms", "-content", d + "/text",
                 "-out", "/dev/null"], capture_output=True, timeout=30)
            CMS[key] = r.returncode == 0 and der_whole(cms)
    return CMS[key]


def binding_holds(f):
    head = f["text"].split(b"\n\n")[0] + b"\n"
    if b"\n\n" not in f["text"] or "\n" in f["vkey"] + f["account"]:
        return False
    said = all(("\n%s: %s\n" % (k, v)).encode() in head and v
               for k, v in (("nyckel", f["vkey"]), ("konto", f["account"])))
    try:
        T.Vkey(f["vkey"])
    except Bad:
        return False
    return said and cms_holds(f["cms"], f["text"])


I, B, S, NONE = (int,), (bytes,), (str,), type(None)


class Rows:
    """A statement's rows while each column is of its type; `broken` when one is
    not, and then that row and those behind it are not there."""

    def __init__(self, cursor, *types):
        self.rows, self.broken = [], False
        for r in cursor:
            if not all(isinstance(v, t) and
                       not (isinstance(v, str) and "\0" in v)
                       for v, t in zip(r, types)):
                self.broken = True
                break
            self.rows.append(r)


class Export:
    """Rows of an exported log. Damaged rows come as Bad."""

    boxes = nonces = state = days = pending = recipients = None
    broken = frozenset()

    def sound(self):
        return True

    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            self.log = json.load(f)
        self.key = T.Vkey(self.log["log_vkey"])
        need(self.log["origin"] == self.key.name, "not an exported log")
        self.witnesses = [T.Vkey(v) for v in self.log["witness_vkeys"]]
        self.quorum = self.log["quorum"]
        need(all(w.kind == T.WITNESS for w in self.witnesses) and
             self.quorum in range(len(self.witnesses) + 1), "witnesses")

    def entries(self):
        for e in self.log["entries"]:
            leaf = hash_ = None
            if "leaf_b64" in e:
                leaf = T.b64(e["leaf_b64"])
            else:
                hash_ = T.b64(e["leaf_hash_b64"], 32)
            yield e["seq"], leaf, hash_, None

    def notes(self):
        out = []
        for n in self.log["checkpoints"]:
            try:
                out.append((T.Checkpoint(n).size, n))
            except Bad:
                out.append((0, n))
        return sorted(out, key=lambda x: x[0])

    def forsakringar(self):
        for f in self.log.get("forsakringar", []):
            yield {"id": f["id"], "seq": f["seq"], "account": f["konto"],
                   "vkey": f["vkey"], "cms": T.b64(f["cms_b64"]),
                   "text": T.b64(f["text_b64"]), "sha": None}


class Database:
    """Rows of audit.db in one transaction."""

    key, witnesses, quorum = None, [], 0

    def __init__(self, path):
        self.db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        self.db.text_factory = lambda b: b.decode("utf-8", "surrogateescape")
        try:
            self.read()
        except Exception:
            self.db.close()
            raise

    def read(self):
        self.db.execute("BEGIN")
        mark, version = (self.db.execute("PRAGMA " + p).fetchone()[0]
                         for p in ("application_id", "user_version"))
        need(mark == 0x454e4647 and version in (2, 3), "not an audit log")
        need(not self.db.execute("SELECT 1 FROM pragma_table_list WHERE "
                                 "schema = 'main' AND type <> 'table'")
             .fetchone(), "a view in the place of a table")
        self.broken = set()
        self.boxes = self.rows("box", "SELECT seq, day, data FROM box "
                               "ORDER BY seq", I, I, B)
        self.days = {day: {"cms": sha(cms), "seq": seq, "unit": unit,
                           "declared": False}
                     for day, cms, seq, unit in self.rows(
                         "daykey", "SELECT day, cms, seq, unit FROM daykey "
                         "ORDER BY day", I, B, I, S)}
        self.nonces = dict(self.db.execute("SELECT nonce, seq FROM nonce"))
        rows = self.rows("state", "SELECT size, frontier FROM state "
                         "WHERE id = 1", I, B)
        self.state = rows[0] if rows else (None, None)
        self.pending = {r[0] for r in self.rows(
            "pending", "SELECT seq FROM pending ORDER BY seq", I)}
        self.recipients = self.rows(
            "recipient", "SELECT sha256, name, unit, cert, seq, gone FROM "
            "recipient ORDER BY sha256", B, S, S, B, I, (int, NONE))

    def rows(self, table, sql, *types):
        r = Rows(self.db.execute(sql), *types)
        if r.broken:
            self.broken.add(table)
        return r.rows

    def sound(self):
        """The indexes and free pages, by the database's own check."""
        return self.db.execute("PRAGMA integrity_check(1)").fetchone() == \
            ("ok",)

    def entries(self):
        for r in self.db.execute(
                "SELECT seq, leaf_data, leaf_hash, type, author, time_ms, ref "
                "FROM entry ORDER BY seq"):
            if not (isinstance(r[1], (bytes, type(None))) and
                    isinstance(r[2], bytes) and
                    all(isinstance(x, int) for x in r[3:6]) and
                    isinstance(r[6], (int, type(None)))):
                raise Bad("a column of another type")
            yield r[0], r[1], r[2] if len(r[2]) == 32 else ZERO, r[3:]

    def notes(self):
        return self.rows("checkpoint", "SELECT size, note FROM checkpoint "
                         "ORDER BY size", I, S)

    def forsakringar(self):
        for r in self.rows("forsakran", "SELECT id, seq, account, vkey, cms, "
                           "text, sha256 FROM forsakran ORDER BY id",
                           I, I, S, S, B, B, B):
            f = dict(zip(("id", "seq", "account", "vkey", "cms", "text",
                          "sha"), r))
            if len(f["sha"]) != 32:
                f["sha"] = ZERO
            yield f


class Check:
    """One verification; what is wrong gathers in found as (word, from, to)."""

    def __init__(self, source, key=None, heads=(), witnesses=()):
        self.src, self.key, self.found = source, key or source.key, set()
        self.tree, self.vouched, self.gap = T.Tree(), 0, False
        self.diverged, self.cut, self.ranges = False, False, []
        self.gone, self.gallringar = [], []
        self.mismatches, self.taken, self.user_seen = [], {}, False
        self.proposed, self.cosigned = {}, {}
        self.witnesses = witnesses or source.witnesses
        self.quorum = len(witnesses) or source.quorum
        self.signers, self.past, self.nonces = [], [], {}
        self.origin = self.mode = ""
        self.count = self.last = 0
        self.heads = [T.Checkpoint(h) for h in heads]
        self.differs = set()
        self.run()

    def add(self, word, first, last=None):
        self.found.add((word, first, first if last is None else last))

    def edited(self, seq):
        self.add("andrad", seq)

    def unreadable(self, table, left, seq):
        """The last row before one that cannot be read has been taken."""
        if table in self.src.broken and not left:
            self.src.broken.remove(table)
            self.gap = True
            self.edited(seq)

    # försäkringar and keys

    def load_forsakringar(self):
        for f in self.src.forsakringar():
            made = sha(f["cms"])
            if not binding_holds(f) or f["sha"] not in (None, made):
                self.edited(f["seq"])
            try:
                v = T.Vkey(f["vkey"])
                need(v.kind == T.LOG, "not an entry key")
            except Bad:
                continue
            self.signers.append({"id": f["id"], "sha": f["sha"] or made,
                                 "kid": v.id + sha(v.pub), "pub": v.pub,
                                 "seq": f["seq"], "came": False,
                                 "who": f["account"]})

    def declare(self, a):
        kid = T.key_id(a[2] + "/enfragad", T.LOG, a[17]) + sha(a[17])
        self.signers.append({"id": 0, "sha": ZERO, "kid": kid, "pub": a[17],
                             "seq": 0, "came": True, "who": None})

    def first(self, seq, leaf):
        try:
            need(leaf is not None, "erased")
            a = Entry.author_of(leaf)
            need({17, 18} <= set(a), "no keys")
        except Bad:
            self.edited(seq)
            return
        self.origin, self.mode = a[2], a[3]
        self.declare(a)
        said = T.Vkey(T.vkey_text(self.origin, T.LOG, a[18]))
        if not self.key:
            self.key = said
        if (self.key.name, self.key.pub) != (said.name, said.pub):
            self.edited(seq)

    # one entry

    def entry(self, seq, leaf, hash_, columns):
        self.past.append({"hash": hash_, "root": self.tree.root(),
                          "word": None, "closed": False,
                          "time": columns[2] if columns else 0, "box": None})
        if leaf is None:
            return
        try:
            e = Entry(leaf)
        except Bad:
            self.edited(seq)
            return
        self.past[-1].update(word=e.word, time=e.h[2],
                             box=e.h[7] if e.h[7] != ZERO else b"")
        peer = 5 in e.h or 6 in e.h
        if (e.own and 23 not in e.a) == peer or e.h[1] != seq or \
                e.a[2] != self.origin or e.a[3] != self.mode:
            self.edited(seq)
        if columns and (columns[0] != e.a[1] or columns[2] != e.h[2] or
                        columns[3] != e.ref):
            self.edited(seq)
        self.author(seq, e, columns)
        self.reference(seq, e)
        seen = e.a[9]
        if seen and not self.gap and (
                seen > seq or self.past[seen - 1]["root"] != e.a[10]):
            self.mismatches.append((seq, seen))
        self.user_seen = self.user_seen or peer
        if 22 in e.a:
            self.keys_to(seq, e, peer)
        s = self.signer(e)
        if 25 in e.a and s:
            step, terms, _ = e.a[25]
            self.gallringar.append({"seq": seq, "step": step, "terms": terms,
                                    "ref": e.ref, "time": e.h[2],
                                    "who": s["who"]})
        if e.a[6] in self.nonces:
            self.edited(seq)
        self.nonces.setdefault(e.a[6], seq)
        if self.src.nonces is not None and \
                self.src.nonces.get(e.a[6]) != seq:
            self.edited(seq)
        self.box(seq, e, peer)

    def keys_to(self, seq, e, peer):
        """A nyckel that takes recipients in or declares a day key."""
        unit, to = e.a[21], [cert for cert, _ in e.a[22]]
        if peer:
            if not self.two_agree(seq, e, unit, to):
                return
        elif 26 in e.a or (19 not in e.a and self.user_seen and
                           e.a[3] == "skarp"):
            self.edited(seq)
            return
        if 19 not in e.a:
            for cert, name in e.a[22]:
                if 26 in e.a:
                    t = self.taken.get(cert)
                    if t and (t[0], *t[2:]) == (unit, e.a[26], None):
                        self.taken[cert] = (*t[:3], seq)
                    else:
                        self.edited(seq)
                    continue
                if cert in self.taken:
                    self.edited(seq)
                self.taken.setdefault(cert, (unit, name, seq, None))
            return
        if set(to) != {c for c, t in self.taken.items()
                       if t[0] in ("", unit) and t[3] is None}:
            self.edited(seq)
        if self.src.days is None:
            return
        day = self.src.days.get(e.a[19])
        if not day:
            self.gone.append(("day", seq))
            return
        if (day["declared"], day["seq"], day["unit"], day["cms"]) != (
                False, seq, unit, e.a[20]):
            self.edited(seq)
        day["declared"] = True

    def two_agree(self, seq, e, unit, to):
        """A user's nyckel: is it the second person's, who takes in?"""
        s = self.signer(e)
        if not s or 19 in e.a or len(to) != 1:
            self.edited(seq)
        elif e.ref is None:
            self.proposed[seq] = (s["who"], unit, to[0], e.a.get(26))
        else:
            who, *what = self.proposed.get(e.ref, (s["who"],))
            if who != s["who"] and what == [unit, to[0], e.a.get(26)]:
                return True
            self.edited(seq)
        return False

    def signer(self, e):
        return next((s for s in self.signers if s["sha"] == e.a[5] and
                     s["kid"] == e.a[4]), None)

    def author(self, seq, e, columns):
        named = 23 in e.a
        if e.who not in ("both", "enfragad" if e.own and not named else
                         "user"):
            self.edited(seq)
        whose = next((s for s in self.signers if named and s["id"] and
                      s["sha"] == e.a[23] and s["seq"] < seq), None)
        if named and not whose:
            self.edited(seq)
        s = self.signer(e)
        if not s or not T.ed25519(s["pub"], b"enfraga/entry/1\n" + e.author,
                                  e.sig):
            self.edited(seq)
        if not s:
            return
        whose = whose or (None if named else s)
        if columns and whose and columns[1] != whose["id"]:
            self.edited(seq)
        brings = e.word == "forsakran"
        s["came"] = s["came"] or (brings and s["seq"] == seq)
        if not e.own and (seq < s["seq"] or (brings and s["seq"] != seq)):
            self.edited(seq)
        if e.own and 17 in e.a and seq > 0:
            self.declare(e.a)

    def reference(self, seq, e):
        if e.ref is None:
            if e.ref_rule == "must":
                self.edited(seq)
            return
        if self.gap:
            return
        if e.ref >= min(seq, len(self.past)) or \
                self.past[e.ref]["hash"] != e.a[12]:
            self.edited(seq)
            return
        p = self.past[e.ref]
        if e.ref_rule == "must" and p["word"] not in (None, "intent"):
            self.edited(seq)
        if e.open == "closes":
            if p["closed"]:
                self.edited(seq)
            p["closed"] = True

    def box(self, seq, e, peer):
        named = e.h[7] != ZERO
        if named != (16 in e.a) or (8 in e.h and not named):
            self.edited(seq)
        if self.src.boxes is None:
            return
        while self.src.boxes and self.src.boxes[0][0] < seq:
            self.edited(self.src.boxes.pop(0)[0])
            self.unreadable("box", self.src.boxes, seq)
        here = self.src.boxes and self.src.boxes[0][0] == seq
        if not here:
            if named and e.h[1] == seq:
                self.gone.append(("box", seq))
            return
        _, day, data = self.src.boxes.pop(0)
        self.sealed(seq, e, peer, named, day, data)
        self.unreadable("box", self.src.boxes, seq)

    def sealed(self, seq, e, peer, named, day, data):
        if not named or sha(data) != e.h[7]:
            self.edited(seq)
            return
        if day != e.h.get(8, 0):
            self.edited(seq)
        if data[:1] == b"\1":
            known = self.src.days.get(day)
            if len(data) < 101 or 8 not in e.h or not known or \
                    not known["declared"]:
                self.edited(seq)
        else:
            if e.a[3] == "skarp" and (peer or self.taken):
                self.add("oforseglad", seq)
            if len(data) < 33 or data[0] or 8 in e.h or \
                    sha(b"enfraga/commit/1", data[1:]) != e.a.get(16):
                self.edited(seq)

    # gallring

    def digest_holds(self, first, end, digest):
        total = sha(b"enfraga/gallring/1")
        for i, p in enumerate(self.past[first:end], first):
            if p["box"] is None:
                return True  # a leaf that is gone names no box
            if p["box"]:
                total = sha(total, i.to_bytes(8, "big"), p["box"])
        return total == digest

    @staticmethod
    def lifted(stop, about):
        return len({g["who"] for g in about if g["step"] == 5 and
                    g["ref"] == stop["seq"] < g["seq"]}) > 1

    def covers(self, x):
        """Was this carrying out decided by two, not stopped, and in time?"""
        if x["step"] != 4:
            return False
        about = [g for g in self.gallringar if g["seq"] < x["seq"]]
        d = next((g for g in about if g["seq"] == x["ref"] and
                  g["step"] == 1 and g["terms"] == x["terms"]), None)
        leaves, first, end, wait, age, digest = x["terms"]
        if not d or end > d["seq"]:
            return False
        said = [g for g in about if g["ref"] == d["seq"]]
        ok = next((g for g in said if g["step"] == 2 and
                   g["terms"] == x["terms"] and g["who"] != d["who"]), None)
        if not ok or any(g["step"] == 3 and g["ref"] in (None, d["seq"]) and
                         not self.lifted(g, about) for g in about):
            return False
        newest = self.past[end - 1]["time"] if end <= len(self.past) else 0
        day = 86400000
        if x["time"] < ok["time"] + wait * day or \
                (newest and x["time"] < newest + age * day) or \
                (self.mode == "skarp" and wait < 30):
            self.add("for_tidigt", x["seq"])
        return self.gap or self.digest_holds(first, end, digest)

    def judge_gone(self):
        ranges = [x["terms"] for x in self.gallringar if self.covers(x)]
        for what, seq in self.gone:
            if not any(first <= seq < end and (leaves or what != "leaf")
                       for leaves, first, end, *_ in ranges):
                self.add("raderad", seq)

    # signed heads

    def note(self, size, text):
        """The checkpoint, or None when it is not a signed head of that size."""
        try:
            c = T.Checkpoint(text)
            need(self.key and c.origin == self.key.name and
                 c.signed_by(self.key) and c.size == size, "not signed")
            return c
        except Bad:
            self.add("andrad", self.vouched, size - 1 if size else 0)
            return None

    def cosignatures(self, c):
        for w in self.witnesses:
            if not any(name == w.name and blob[:4] == w.id
                       for name, blob in c.sigs):
                continue
            if c.signed_by(w):
                self.cosigned[w.name, w.id] = c.size
            else:
                self.add("andrad", min(self.vouched, c.size - 1), c.size - 1)

    def witnessed(self):
        """So many entries has the quorum cosigned."""
        sizes = sorted(self.cosigned.values(), reverse=True)
        return sizes[self.quorum - 1] if 0 < self.quorum <= len(sizes) else 0

    def heads_here(self):
        agreed = False
        while self.notes and self.notes[0][0] <= self.tree.size:
            agreed = self.head(*self.notes.pop(0), agreed) or agreed
            self.unreadable("checkpoint", self.notes, self.last)

    def head(self, size, text, agreed):
        """One of the size reached; True when its root is the tree's."""
        if size < self.tree.size:
            self.add("andrad", self.vouched, size - 1 if size else 0)
            return False
        c = self.note(size, text)
        if c and c.root == self.tree.root():
            self.cosignatures(c)
            self.vouched = size
            return True
        if c and (agreed or self.vouched == size):
            self.add("forgrenad", size - 1)
        elif c and not self.diverged:
            self.diverged = True
            self.ranges.append((self.vouched, size - 1))
        return False

    def run(self):
        self.load_forsakringar()
        self.notes = list(self.src.notes())
        for table, left in (("forsakran", ()), ("daykey", ()),
                            ("checkpoint", self.notes),
                            ("box", self.src.boxes)):
            self.unreadable(table, left, 0)
        want = 0
        try:
            for seq, leaf, hash_, columns in self.src.entries():
                self.one(want, seq, leaf, hash_, columns)
                want = seq + 1
        except Bad:
            self.gap = True
            self.edited(want)
        self.finish()

    def one(self, want, seq, leaf, hash_, columns):
        if seq != want:
            self.gap = True
            if seq > want:
                self.add("raderad", want, seq - 1)
            else:
                self.edited(seq)
        if self.count == 0:
            self.first(seq, leaf)
        self.count, self.last = self.count + 1, seq
        if leaf is None:
            self.gone.append(("leaf", seq))
        else:
            made = T.leaf_hash(leaf)
            if hash_ not in (None, made):
                self.edited(seq)
            hash_ = hash_ or made
        if not self.gap:
            self.tree.add(hash_)
        self.entry(seq, leaf, hash_, columns)
        if not self.gap:
            self.differs |= {h for h in self.heads
                             if h.size == self.tree.size and
                             h.root != self.tree.root()}
            self.heads_here()

    def found_in(self, first, last):
        return any(first <= f[1] <= last for f in self.found)

    def finish(self):
        size = self.tree.size
        for head, text in self.notes:
            if not self.gap and self.note(head, text):
                self.cut = True
                self.add("kapad", size, head - 1)
        self.unreadable("checkpoint", (), self.last)
        if not self.cut:
            for seq, _, _ in self.src.boxes or ():
                self.edited(seq)
            self.unreadable("box", (), self.last)
        self.judge_gone()
        for first, last in self.ranges:
            if not self.found_in(first, last):
                self.add("andrad", first, last)
        for seq, seen in self.mismatches:
            if self.found_in(seq, seq):
                continue
            if seen > seq or not self.found_in(0, seen - 1):
                self.add("forgrenad", seq)
        if self.count == 0:
            self.add("kapad", 0)
        elif not (self.gap or self.diverged or self.cut) and \
                self.vouched < size:
            self.add("andrad", self.vouched, size - 1)
        for h in self.heads:
            if h.size > size and not self.gap:
                self.add("kapad", size, h.size - 1)
            elif h in self.differs and self.vouched >= h.size:
                self.add("forgrenad", 0, h.size - 1)
            elif h in self.differs and not self.found_in(0, h.size - 1):
                self.add("andrad", 0, h.size - 1)
        for s in self.signers:
            if not s["came"]:
                self.edited(s["seq"])
        for day in (self.src.days or {}).values():
            if not day["declared"] and not self.cut:
                self.edited(day["seq"])
        if not (self.gap or self.diverged or self.found):
            self.derived(size)

    def derived(self, size):
        """What stands beside the log and is made of it."""
        src = self.src
        if src.state and src.state != (size, self.tree.packed()):
            self.edited(self.last)
        for table in ("state", "pending", "recipient"):
            self.unreadable(table, (), self.last)
        if src.pending is not None:
            is_open = {i for i, p in enumerate(self.past)
                       if p["word"] == "intent" and not p["closed"]}
            gone = max((i for i, p in enumerate(self.past)
                        if p["word"] is None), default=-1)
            for seq in src.pending ^ is_open:
                if seq in src.pending or seq > gone:
                    self.edited(seq)
        left = dict(self.taken)
        for sha256, name, unit, cert, seq, gone in src.recipients or ():
            t = left.pop(sha256, None)
            if t != (unit, name, seq, gone) or sha(cert) != sha256:
                self.edited(t[2] if t else seq)
        for _, _, seq, _ in left.values() if src.recipients is not None else ():
            self.edited(seq)
        if not self.found and not src.sound():
            self.add("andrad", 0, self.last)


def check(path, key=None, heads=(), witnesses=()):
    """The sorted findings; [("trasig", 0, 0)] where nothing can be read."""
    return check_more(path, key, heads, witnesses)[0]


def check_more(path, key=None, heads=(), witnesses=()):
    """The same, and how many entries the witnesses' quorum has cosigned."""
    source = None
    try:
        with open(path, "rb") as f:
            database = f.read(16) == b"SQLite format 3\0"
        source = Database(path) if database else Export(path)
        c = Check(source, key, heads, witnesses)
    except (sqlite3.Error, Bad, KeyError, TypeError, ValueError):
        return [("trasig", 0, 0)], 0
    finally:
        if isinstance(source, Database):
            source.db.close()
    return sorted(c.found, key=lambda f: (f[1], f[2], f[0])), c.witnessed()


PROOF = {1: bytes, 2: bytes, 3: lambda b: text(b, 300),
         4: lambda b: b.decode(), 5: fixed(32), 6: bytes,
         7: lambda b: text(b, 300)}
RECEIPT = {1: number, 2: fixed(32), 3: lambda b: b.decode(), 4: bytes,
           5: bytes}


def check_proof(page, key=None, witnesses=()):
    """The entry that a proof proves; Bad where it does not hold."""
    try:
        armor = page.split("-----BEGIN ENFRAGA BEVIS-----\n")[1]
        armor = armor.split("-----END ENFRAGA BEVIS-----\n")[0]
        p = fields(T.b64("".join(armor.split())), PROOF)
        need({1, 2, 3} <= set(p) and (5 in p) == (6 in p), "a part is missing")
        r = fields(p[1], RECEIPT)
        need({1, 2, 3, 4} <= set(r) and len(r[4]) % 32 == 0, "receipt")
    except (IndexError, UnicodeDecodeError):
        raise Bad("no proof in it") from None
    key, head = key or T.Vkey(p[3]), T.Checkpoint(r[3])
    path = [r[4][i:i + 32] for i in range(0, len(r[4]), 32)]
    e = Entry(p[2])
    need(head.origin == key.name == e.a[2] and head.signed_by(key), "head")
    need(T.leaf_hash(p[2]) == r[2] and e.h[1] == r[1], "another entry")
    need(T.inclusion_root(r[1], head.size, r[2], path) == head.root, "path")
    need(5 not in p or sha(b"enfraga/commit/1", p[5], p[6]) == e.a.get(16),
         "payload")
    if 7 in p:
        author = T.Vkey(p[7])
        need(author.id + sha(author.pub) == e.a[4] and
             T.ed25519(author.pub, b"enfraga/entry/1\n" + e.author, e.sig),
             "author")
    for line in p.get(4, "").splitlines():
        need(head.signed_by(T.Vkey(line)), "witness")
    need(all(head.signed_by(w) for w in witnesses), "witness")
    return e


def main_proof(path, key, witnesses):
    with open(path, encoding="utf-8") as f:
        try:
            e = check_proof(f.read(), key, witnesses)
        except Bad as why:
            print(json.dumps({"haller": False, "text": str(why)}))
            return 1
    print(json.dumps({"haller": True, "seq": e.h[1], "typ": e.word}))
    return 0


def main(argv):
    key, heads, witnesses = None, [], []
    while len(argv) > 1 and argv[0] in ("--vkey", "--mot", "--vittne"):
        if argv[0] == "--vkey":
            key = T.Vkey(argv[1])
        elif argv[0] == "--vittne":
            witnesses.append(T.Vkey(argv[1]))
        else:
            with open(argv[1], encoding="utf-8") as f:
                heads.append(f.read())
        argv = argv[2:]
    if argv[:1] == ["--bevis"] and len(argv) == 2:
        return main_proof(argv[1], key, witnesses)
    if len(argv) != 1:
        sys.exit(__doc__)
    found, witnessed = check_more(argv[0], key, heads, witnesses)
    print(json.dumps({"haller": not found, "bevittnade": witnessed, "fynd": [
        {"fel": w, "fran": a, "till": b} for w, a, b in found]}))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
