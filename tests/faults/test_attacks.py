#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Proves: each attack on a stored log is found by enfraga-verifiera, exit
status 1, under its right word and from its right entry; and by the second
implementation, which says exactly the same. Edits, cuts, forks, erasures,
swaps, doubles, a merge of two logs (one key, two histories; another key),
heads of another log, an older copy against a head kept elsewhere, and what
enfragad works from beside the log: open intents, recipients, day keys,
indexes. Leaves out: damage by chance (test_differential.py) and to bytes
(test_bytes); erasures by decision and too early (test_erase)."""
import base64
import json
import os
import shutil
import sqlite3
import subprocess
import sys

SRC = os.environ.get("srcdir", os.path.join(os.path.dirname(__file__), "../.."))
BUILD = os.environ.get("builddir", os.getcwd())
sys.path[:0] = [os.path.join(SRC, "tests", "lib"),
                os.path.join(SRC, "tests", "e2e")]
import instance as I  # noqa: E402
import logcheck  # noqa: E402
import tlog  # noqa: E402

SIZE, TWIN = 60, 30


def make_log(seed, *more):
    r = subprocess.run([os.path.join(BUILD, "tests", "faults", "make_log"),
                        str(seed), str(SIZE), *map(str, more)],
                       capture_output=True, text=True, timeout=120)
    assert r.returncode == 0, r.stderr
    return r.stdout.strip()


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return f.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


LOG, OTHER = make_log(10, TWIN), make_log(4)  # OTHER: same name, its own keys
AUDIT = os.path.join(LOG, "audit.db")
KEY, OTHER_KEY = read(LOG, "log.vkey"), read(OTHER, "log.vkey")
COPY = os.path.join(LOG, "copy.db")
count = 0


def rows(path, sql, *args):
    db = sqlite3.connect(path)
    try:
        return db.execute(sql, args).fetchall()
    finally:
        db.close()


def one(sql, *args):
    return rows(AUDIT, sql, *args)[0][0]


def note(path, size=None):
    return rows(path, "SELECT note FROM checkpoint WHERE size = coalesce(?, "
                "(SELECT max(size) FROM checkpoint))", size)[0][0]


def leaf(path, seq):
    return rows(path, "SELECT leaf_data FROM entry WHERE seq = ?", seq)[0][0]


END = one("SELECT max(seq) FROM entry") + 1
TWIN_END = rows(LOG + "/tvilling.db", "SELECT max(seq) FROM entry")[0][0] + 1
SHARED = next(i for i in range(END)
              if leaf(AUDIT, i) != leaf(LOG + "/tvilling.db", i))


def found(path, key=KEY, notes=(), full=True):
    """(exit status, findings) by the program; the second one agrees."""
    global count
    count += 1
    r = subprocess.run(
        [os.path.join(BUILD, "enfraga-verifiera"), "--format", "json",
         "--vkey", key, *(["--full"] if full else []),
         *(x for n in notes for x in ("--mot", n)), path],
        capture_output=True, text=True, timeout=60)
    ours = [(f["fel"], f["fran"], f["till"])
            for f in json.loads(r.stdout)["fynd"]]
    if full and len(ours) < 32:
        theirs = logcheck.check(path, tlog.Vkey(key), [read(n) for n in notes])
        assert set(ours) == set(theirs), (ours, theirs)
    return r.returncode, ours


def change(path, *sql):
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.create_function("leaf_hash", 1, tlog.leaf_hash)
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA foreign_keys = OFF")
        for (name,) in db.execute("SELECT name FROM sqlite_schema "
                                  "WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for s in sql:
            db.execute(*s) if isinstance(s, tuple) else db.execute(s)
    finally:
        db.close()


def attack(*sql, notes=(), first, full_only=False):
    """A copy of the log so changed: its first finding is `first`."""
    shutil.copy(AUDIT, COPY)
    change(COPY, *sql)
    rc, ours = found(COPY, notes=notes)
    assert rc == 1 and ours[0] == first, (sql, rc, ours, first)
    rc, ours = found(COPY, notes=notes, full=False)
    assert rc == (0 if full_only else 1), (sql, rc, ours)


def of_type(word, more="1"):
    number = next(n for n, k in logcheck.KINDS.items() if k[0] == word)
    return one(f"SELECT seq FROM entry WHERE type = {number} AND seq > "
               f"{TWIN} AND {more} ORDER BY seq LIMIT 1")


def head_above(seq):
    """Heads are signed per group: the range that the entry lies in."""
    sizes = [r[0] for r in rows(AUDIT, "SELECT size FROM checkpoint "
                                "ORDER BY size")]
    return (max([s for s in sizes if s <= seq], default=0),
            min(s for s in sizes if s > seq) - 1)


def test_it_holds():
    for path in (AUDIT, LOG + "/tvilling.db", AUDIT + ".json"):
        assert found(path) == (0, []), path
        assert found(path, full=False) == (0, [])
    assert found(OTHER + "/audit.db", OTHER_KEY) == (0, [])


def test_edited():
    seq = of_type("intent")
    for at in (5, 40, 200):  # the author's bytes; its hash left, then made anew
        data = bytearray(leaf(AUDIT, seq))
        data[at] ^= 4
        set_leaf = ("UPDATE entry SET leaf_data = ? WHERE seq = ?",
                    (bytes(data), seq))
        attack(set_leaf, first=("andrad", seq, seq))
        attack(set_leaf, ("UPDATE entry SET leaf_hash = leaf_hash(leaf_data) "
                          "WHERE seq = ?", (seq,)), first=("andrad", seq, seq))
    attack(f"UPDATE entry SET leaf_hash = zeroblob(32) WHERE seq = {seq}",
           first=("andrad", seq, seq))
    boxed = one("SELECT max(seq) FROM box")
    attack(f"UPDATE box SET data = CAST(data || x'00' AS BLOB) WHERE seq = {boxed}",
           first=("andrad", boxed, boxed), full_only=True)
    who = one("SELECT author FROM entry WHERE seq = ?", seq)
    attack(f"UPDATE entry SET author = 3 - author WHERE seq = {seq}",
           first=("andrad", seq, seq), full_only=True)
    attack(f"UPDATE forsakran SET account = 'hl0999' WHERE id = {who}",
           first=("andrad",) + 2 * (one("SELECT seq FROM forsakran WHERE id "
                                        "= ?", who),), full_only=True)


def test_an_erased_leaf_hides_nothing():
    """Its bytes gone and its hash another's: only the root tells."""
    seq = of_type("intent")
    low, high = head_above(seq)
    attack(f"UPDATE entry SET leaf_data = NULL WHERE seq = {seq}",
           first=("raderad", seq, seq))
    attack(f"UPDATE entry SET leaf_data = NULL, leaf_hash = zeroblob(32) "
           f"WHERE seq = {seq}", first=("raderad", seq, seq))
    assert low <= seq <= high
    attack(f"DELETE FROM box WHERE seq = {one('SELECT max(seq) FROM box')}",
           first=("raderad",) + 2 * (one("SELECT max(seq) FROM box"),),
           full_only=True)


def cut(keep, heads=True):
    return [f"DELETE FROM {t} WHERE seq >= {keep}" for t in
            ("entry", "box", "nonce", "forsakran", "pending", "daykey",
             "recipient")] + (
        [f"DELETE FROM checkpoint WHERE size > {keep}"] if heads else [])


def test_cut():
    newest = write(LOG + "/newest", note(AUDIT))
    seq = END - 7
    attack(*cut(seq, heads=False), first=("kapad", seq, head_above(seq)[1]))
    # with the heads: entries behind the last one are seen, else nothing is
    # but by the head that is kept elsewhere
    low, _ = head_above(seq)
    assert low > 0
    attack(*cut(low), notes=[newest], first=("kapad", low, END - 1))
    attack("DELETE FROM entry", first=("kapad", 0, 0))
    attack("DELETE FROM checkpoint", first=("andrad", 0, END - 1))


def test_deleted_swapped_doubled():
    seq = of_type("intent")
    attack(f"DELETE FROM entry WHERE seq = {seq}", first=("raderad", seq, seq))
    attack(f"DELETE FROM entry WHERE seq BETWEEN {seq} AND {seq + 4}",
           first=("raderad", seq, seq + 4))
    # all behind it moved up: each was written with another number
    attack(f"DELETE FROM entry WHERE seq = {seq}",
           f"UPDATE entry SET seq = -seq WHERE seq > {seq}",
           "UPDATE entry SET seq = -seq - 1 WHERE seq < 0",
           first=("andrad", seq, seq))
    move = ("UPDATE entry SET (leaf_hash, leaf_data, type, author, time_ms, "
            "ref) = (SELECT leaf_hash, leaf_data, type, author, time_ms, ref "
            "FROM entry e WHERE e.seq = ?) WHERE seq = ?")
    attack("INSERT INTO entry SELECT -9, leaf_hash, leaf_data, type, author, "
           f"time_ms, ref FROM entry WHERE seq = {seq}",
           (move, (seq + 2, seq)), (move, (-9, seq + 2)),
           "DELETE FROM entry WHERE seq = -9", first=("andrad", seq, seq))
    attack((move, (seq, seq + 1)), first=("andrad", seq + 1, seq + 1))
    attack(f"INSERT INTO entry SELECT {END}, leaf_hash, leaf_data, type, "
           f"author, time_ms, ref FROM entry WHERE seq = {seq}",
           first=("andrad", END, END))


def taken_from(path, start, end):
    """Entries of another log, with what belongs to them, in these places."""
    out = [("ATTACH ? AS b", (path,)), *cut(start)]
    for t in ("entry", "box", "nonce", "forsakran", "pending", "daykey",
              "recipient"):
        out.append(f"INSERT OR REPLACE INTO main.{t} SELECT * FROM b.{t} "
                   f"WHERE seq BETWEEN {start} AND {end - 1}")
    return out + ["INSERT OR REPLACE INTO main.checkpoint SELECT * FROM "
                  f"b.checkpoint WHERE size > {start}"]


def test_merged_of_two_histories():
    """One key, one beginning: our entries up to a point, then the twin's."""
    twin = LOG + "/tvilling.db"
    at = min(END, TWIN_END) - 12
    assert SHARED < at
    low, _ = head_above(at)
    attack(*taken_from(twin, low, TWIN_END), first=first_of_merge(twin, low))
    # and without the twin's heads: nobody vouches
    attack(*taken_from(twin, low, TWIN_END),
           f"DELETE FROM checkpoint WHERE size > {low}",
           first=first_of_merge(twin, low, heads=False))


def first_of_merge(twin, at, heads=True):
    """By hand: the first entry of the twin's that names an entry or a head of
    its own history, which the merged log has not; else the range."""
    leaves = [leaf(AUDIT if i < at else twin, i) for i in range(TWIN_END)]
    hashes = [tlog.leaf_hash(x) for x in leaves]
    roots = {}
    tree = tlog.Tree()
    for i, h in enumerate(hashes):
        tree.add(h)
        roots[i + 1] = tree.root()
    for i in range(at, TWIN_END):
        e = logcheck.Entry(leaves[i])
        if e.ref is not None and hashes[e.ref] != e.a[12]:
            return "andrad", i, i
        if e.a[9] and roots[e.a[9]] != e.a[10]:
            return "forgrenad", i, i
    low, high = (at, TWIN_END - 1) if not heads else (
        at, min(r[0] for r in rows(twin, "SELECT size FROM checkpoint WHERE "
                                   "size > ?", at)) - 1)
    return "andrad", low, high


def test_merged_with_another_log():
    """Another log's entries behind ours: another key's word for them."""
    low, _ = head_above(END - 8)
    attack(*taken_from(OTHER + "/audit.db", low, low + 6),
           first=("andrad", low, low))
    # two exports in one: each entry but the first log's is there twice
    ours, theirs = (json.loads(read(d, "audit.db.json"))
                    for d in (LOG, OTHER))
    both = sorted(ours["entries"] + theirs["entries"],
                  key=lambda e: e["seq"])
    path = write(COPY + ".json", json.dumps(dict(ours, entries=both)))
    rc, got = found(path)
    assert rc == 1 and got[0] == ("andrad", 0, 0), got
    # and one after the other
    both = ours["entries"] + [dict(e, seq=e["seq"] + END)
                              for e in theirs["entries"]]
    path = write(COPY + ".json", json.dumps(dict(ours, entries=both)))
    rc, got = found(path)
    assert rc == 1 and got[0] == ("andrad", END, END), got


def test_forked():
    twin = LOG + "/tvilling.db"
    kept = write(LOG + "/kept", note(AUDIT))
    rc, ours = found(twin, notes=[kept])
    size = int(note(AUDIT).split("\n")[1])
    want = ("forgrenad", 0, size - 1) if size <= TWIN_END else \
        ("kapad", TWIN_END, size - 1)
    assert rc == 1 and ours == [want], (ours, want)
    # two signed heads of one size in one export
    log = json.loads(read(LOG, "audit.db.json"))
    sizes = {r[0] for r in rows(twin, "SELECT size FROM checkpoint")}
    both = max(s for s in sizes
               if rows(AUDIT, "SELECT 1 FROM checkpoint WHERE size = ?", s)
               and note(twin, s) != note(AUDIT, s))
    log["checkpoints"].append(note(twin, both))
    rc, ours = found(write(COPY + ".json", json.dumps(log)))
    assert rc == 1 and ours[0][0] in ("forgrenad", "andrad") and \
        ours[0][2] == both - 1, ours
    assert ("forgrenad", both - 1, both - 1) in ours or \
        log["checkpoints"].index(note(twin, both)) == 0, ours


def test_heads_of_another_log():
    size = int(note(AUDIT).split("\n")[1])
    low = max(r[0] for r in rows(AUDIT, "SELECT size FROM checkpoint WHERE "
                                 "size < ?", size))
    foreign = note(OTHER + "/audit.db")
    attack(("UPDATE checkpoint SET note = ? WHERE size = ?", (foreign, size)),
           first=("andrad", low, size - 1))
    renamed = note(AUDIT).replace("/prov/1\n", "/prov/2\n", 1)
    attack(("UPDATE checkpoint SET note = ? WHERE size = ?", (renamed, size)),
           first=("andrad", low, size - 1))
    # a whole log under another key than the one that is pinned
    rc, ours = found(OTHER + "/audit.db")
    assert rc == 1 and ours[0] == ("andrad", 0, 0), ours
    # a head of another log to hold ours against is no answer at all
    other = write(LOG + "/foreign", foreign)
    r = subprocess.run([os.path.join(BUILD, "enfraga-verifiera"), "--vkey",
                        KEY, "--mot", other, AUDIT], capture_output=True,
                       timeout=60)
    assert r.returncode == 2, r


def test_an_older_copy_put_back():
    """Whole in itself: only what was kept elsewhere tells."""
    old = LOG + "/older.db"
    shutil.copy(AUDIT, old)
    low, _ = head_above(END - 20)
    tree = tlog.Tree()
    for i in range(low):
        tree.add(tlog.leaf_hash(leaf(AUDIT, i)))
    change(old, *cut(low), "DELETE FROM pending",
           "INSERT INTO pending SELECT seq FROM entry WHERE type = 1 AND seq "
           "NOT IN (SELECT ref FROM entry WHERE type IN (33, 35, 37))",
           ("UPDATE state SET size = ?, frontier = ?", (low, tree.packed())))
    assert found(old) == (0, [])
    kept = write(LOG + "/kept", note(AUDIT))
    assert found(old, notes=[kept]) == (1, [("kapad", low, END - 1)])
    line = " ".join(["2026-11-21", *note(AUDIT).split("\n")[:3]])
    r = subprocess.run([os.path.join(BUILD, "enfraga-verifiera"), "--vkey",
                        KEY, "--format", "json", "--mot", line, old],
                       capture_output=True, text=True, timeout=60)
    assert r.returncode == 1, r
    assert json.loads(r.stdout)["fynd"][0]["fel"] == "kapad", r.stdout


def witnessed(path, *more):
    """What the quorum has cosigned, by both programs."""
    r = subprocess.run([os.path.join(BUILD, "enfraga-verifiera"), "--format",
                        "json", "--full", "--vkey", KEY,
                        *(x for v in more for x in ("--vittne", v)), path],
                       capture_output=True, text=True, timeout=60)
    said = json.loads(r.stdout)
    theirs = logcheck.check_more(path, tlog.Vkey(KEY), (),
                                 [tlog.Vkey(v) for v in more])
    assert ([(f["fel"], f["fran"], f["till"]) for f in said["fynd"]],
            said["bevittnade"]) == theirs, (said, theirs)
    return said


def test_cosignatures():
    log = json.loads(read(LOG, "audit.db.json"))
    vkey, = log["witness_vkeys"]
    assert log["quorum"] == 1 and vkey.startswith("vittne.prov/1+")
    sizes = [int(n.split("\n")[1]) for n in log["checkpoints"]
             if "vittne.prov/1" in n]
    assert len(sizes) > 1
    said = witnessed(AUDIT + ".json")
    assert (said["haller"], said["bevittnade"], said["vittnen"],
            said["kvorum"]) == (True, sizes[-1], 1, 1), said
    # the database names no witness; one is pinned, right or wrong
    assert witnessed(AUDIT)["vittnen"] == 0
    assert witnessed(AUDIT, vkey)["bevittnade"] == sizes[-1]
    wrong = tlog.vkey_text("vittne.prov/1", tlog.WITNESS,
                           tlog.ed25519_sign(bytes(32), b"")[0])
    assert witnessed(AUDIT + ".json", wrong)["bevittnade"] == 0
    assert witnessed(AUDIT, vkey, wrong)["bevittnade"] == 0  # both are asked
    # the newest cosignature taken away, and one changed
    at = next(i for i, n in enumerate(log["checkpoints"])
              if n.split("\n")[1] == str(sizes[-1]))
    note_ = log["checkpoints"][at]
    head, line = note_[:-1].rsplit("\n", 1)
    log["checkpoints"][at] = head + "\n"
    said = witnessed(write(COPY + ".json", json.dumps(log)))
    assert said["haller"] and said["bevittnade"] == sizes[-2], said
    words = line.split(" ")
    blob = bytearray(base64.b64decode(words[2]))
    for byte in (7, 20, 75):  # of the time, of the signature
        blob[byte] ^= 1
        words[2] = base64.b64encode(bytes(blob)).decode()
        blob[byte] ^= 1
        log["checkpoints"][at] = head + "\n" + " ".join(words) + "\n"
        said = witnessed(write(COPY + ".json", json.dumps(log)))
        assert not said["haller"] and said["fynd"][0]["till"] == \
            sizes[-1] - 1, said
    for bad in (["x"], [KEY], [vkey, 7], "x", None):
        said = subprocess.run(
            [os.path.join(BUILD, "enfraga-verifiera"), "--format", "json",
             write(COPY + ".json", json.dumps(dict(log, witness_vkeys=bad)))],
            capture_output=True, text=True, timeout=60)
        assert said.returncode == 1 and "trasig" in said.stdout, (bad, said)


def test_what_stands_beside_the_log():
    listed = rows(AUDIT, "SELECT seq FROM pending")
    assert listed, "no intent is open"
    seq = listed[0][0]
    attack("DELETE FROM pending", first=("andrad", seq, seq), full_only=True)
    closed = one("SELECT ref FROM entry WHERE type = 33")
    attack(f"INSERT INTO pending VALUES ({closed})",
           first=("andrad", closed, closed), full_only=True)
    attack("INSERT INTO pending VALUES (999)", first=("andrad", 999, 999),
           full_only=True)
    by = one("SELECT seq FROM recipient")
    for how in ("name = 'chef08'", "unit = 'Norr'", "cert = CAST(cert || x'00' AS BLOB)",
                "gone = 4", "sha256 = zeroblob(32)"):
        attack(f"UPDATE recipient SET {how}", first=("andrad", by, by),
               full_only=True)
    attack("UPDATE recipient SET seq = seq + 1", first=("andrad", by, by),
           full_only=True)
    attack("DELETE FROM recipient", first=("andrad", by, by), full_only=True)
    sealed = one("SELECT seq FROM box WHERE day > 0")
    attack(f"UPDATE box SET day = day + 1 WHERE seq = {sealed}",
           first=("andrad", sealed, sealed), full_only=True)
    # a second key, declared by nobody; and the box laid under it
    attack("INSERT INTO daykey SELECT 77, cms, seq, unit FROM daykey "
           "ORDER BY seq LIMIT 1",
           f"UPDATE box SET day = 77 WHERE seq = {sealed}",
           first=("andrad",) + 2 * (one("SELECT min(seq) FROM daykey"),),
           full_only=True)


def test_indexes():
    """A reviewer's search by time goes through one: it may hide nothing."""
    attack("PRAGMA writable_schema = ON",
           "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM "
           "sqlite_schema WHERE name = 'forsakran_account') WHERE name = "
           "'entry_time'", first=("andrad", 0, END - 1), full_only=True)
    attack("PRAGMA application_id = 1", first=("trasig", 0, 0))


def test_a_view_in_the_place_of_a_table():
    """It could go on without end, or say one thing now and another then."""
    endless = ("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 "
               "FROM c) SELECT ")
    for table, columns in (("pending", "n AS seq"),
                           ("checkpoint", "n AS size, 'x' AS note")):
        attack(f"ALTER TABLE {table} RENAME TO kept",
               f"CREATE VIEW {table} AS {endless}{columns} FROM c",
               first=("trasig", 0, 0))
    attack("CREATE TABLE kept AS SELECT * FROM nonce", "DROP TABLE nonce",
           "CREATE VIEW nonce AS SELECT * FROM kept", first=("trasig", 0, 0))


def test_how_many():
    print(f"{count} verifications")
    assert count > 80


try:
    I.run([(n[5:], f) for n, f in list(globals().items())
           if n.startswith("test_") and callable(f)])
finally:
    shutil.rmtree(LOG)
    shutil.rmtree(OTHER)
