#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A log, its witness and its collector on a real PostgreSQL: entries, boxes,
day keys and försäkringar arrive and are what the log has; two of two must
cosign; the roles hold (insert, read, erase boxes only, change nothing); what
is forged, of another log or out of order is refused, and kept where the log's
key signed it; the collector and the log are killed in the middle and the push
resumes with nothing twice; a log put back from a copy gets what it lacks from
the collector; put back from a copy itself, the collector signs nothing again;
it follows the log's gallring, halts at a stop, and finds what goes beyond it;
an auditor gets an export of what is collected, which both verifiers judge.
Leaves out: TLS between them (test_witness_tls.py)."""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402
import witness as W  # noqa: E402
import logcheck  # noqa: E402

I.need_shared()
pg = W.Postgres()
CASES = os.path.join(I.SHARED, "tools", "ssbtek", "cases")
fake = I.Fake("--case", sorted(os.listdir(CASES))[0], "--echo-id")
witness = W.Role("vittne", "vittne.sundby.example/1")
collector = W.Role("insamling", "insamling.sundby.example/1", "--databas",
                   pg.conninfo("insamlare"))
inst = I.Instance(fake.url, "\n[grans]\nskur = 1000\n[gallring]\n"
                  "alder_dagar = 1\nvanta_dagar = 1\nbeslut = x\n",
                  sign=False, serve=False)
with open(os.path.join(inst.dir, "log.vkey")) as f:
    VKEY = f.read().strip()
ORIGIN = VKEY.split("+")[0]
for role in (witness, collector):
    role.know(VKEY)
collector.conf("granskning = " + pg.conninfo("granskare") + "\ngallring = " +
               pg.conninfo("gallrare") + "\n")
with open(os.path.join(inst.dir, "policy"), "w") as f:
    f.write(f"witness w {witness.vkey} unix:{witness.socket}\n"
            f"witness c {collector.vkey}\ngroup both all w c\nquorum both\n")
with open(os.path.join(inst.dir, "enfragad.conf"), "a") as f:
    f.write(f"\n[vittne]\npolicy = policy\nsekunder = 1\n"
            f"[insamling]\nurl = unix:{collector.socket}\n")


def status():
    s, _, body = W.request(os.path.join(inst.dir, "run", "enfraga.sock"),
                           "GET", "/v1/status", None,
                           {"Enfraga-Konto": "hl0142"})
    assert s == 200, body
    return json.loads(body)


def safe():
    s = status()
    return s["vittne"]["storlek"] == s["logg"]["storlek"]


def count(table):
    return int(pg.psql(f"SELECT count(*) FROM enfraga.{table}"))


def local(sql):
    db = sqlite3.connect(f"file:{inst.dir}/audit.db?mode=ro", uri=True)
    got = db.execute(sql).fetchall()
    db.close()
    return got


def same(table, columns):
    """The collector's rows are the log's, byte for byte."""
    theirs = pg.psql("SELECT " + ", ".join(
        f"encode({c[1:]}, 'hex')" if c[0] == "*" else c for c in columns) +
        f" FROM enfraga.{table} ORDER BY 1").splitlines()
    ours = ["|".join("" if v is None else v.hex() if isinstance(v, bytes)
                     else str(v) for v in row)
            for row in local("SELECT " + ", ".join(
                c.lstrip("*") for c in columns) +
                f" FROM {table} ORDER BY 1")]
    assert theirs == ours, (table, len(theirs), len(ours))


def test_everything_arrives():
    witness.serve()
    collector.serve()
    inst.serve()
    inst.check(inst.sign())
    for _ in range(3):
        assert inst.ask().returncode in (0, 10)
    assert I.wait_for(safe), status()
    inst.stop()
    same("entry", ["seq", "*leaf_hash", "*leaf_data", "type", "author",
                   "time_ms", "ref"])
    same("box", ["seq", "day", "*data"])
    same("daykey", ["day", "*cms", "seq"])
    same("forsakran", ["id", "*sha256", "*cms", "*text", "vkey", "account",
                       "seq"])
    s, _, note = collector.head(ORIGIN)
    assert s == 200 and W.note_size(note.decode()) == count("entry")
    assert count("refused") == 0


def test_roles():
    def may(who, sql):
        return pg.psql(sql, who=who, ok=False).returncode == 0
    e = "enfraga."
    for who in ("insamlare", "granskare", "gallrare", "agare"):
        assert not may(who, f"UPDATE {e}entry SET type = 1"), who
        assert not may(who, f"DELETE FROM {e}entry"), who
        assert not may(who, f"UPDATE {e}box SET day = 1"), who
    assert not may("insamlare", f"DELETE FROM {e}box")
    assert not may("insamlare", f"SELECT data FROM {e}box")
    assert not may("insamlare", f"SELECT leaf_data FROM {e}entry")
    assert not may("granskare", f"INSERT INTO {e}box VALUES (1, 0, 0, '')")
    assert may("granskare", f"SELECT leaf_data FROM {e}entry")
    assert not may("gallrare", f"SELECT data FROM {e}box")
    assert not may("gallrare", f"DELETE FROM {e}forsakran")
    assert may("gallrare", f"DELETE FROM {e}box WHERE seq = -1")
    assert may("gallrare", f"DELETE FROM {e}daykey WHERE day = -1")


def records(data):
    """(tag, value) of a batch."""
    at = data.index(b"\n") + 1
    while at < len(data):
        n = int.from_bytes(data[at + 1:at + 5], "big")
        yield data[at], data[at + 5:at + 5 + n]
        at += 5 + n


def batch(rows):
    return b"enfraga/insamling/1\n" + b"".join(
        bytes([t]) + len(v).to_bytes(4, "big") + v for t, v in rows)


def post(data):
    return collector.request("POST", "/v1/insamling", data)


def test_refused_and_kept():
    to = os.path.join(inst.top, "satser")
    r = collector.command("aterlamna", ORIGIN, "--fran", "0", "--till", to)
    assert r.returncode == 0, r.stderr
    with open(to, "rb") as f:
        data = f.read()
    n = int.from_bytes(data[:4], "big")
    rows = list(records(data[4:4 + n]))
    size = count("entry")
    assert post(batch(rows))[:2] == (409, "text/x.tlog.size")
    assert post(batch(rows))[2] == b"%d\n" % size
    assert post(b"x")[0] == 400 and post(batch(rows)[:-1])[0] == 400
    # the same log anew, in an empty database
    pg.psql("CREATE DATABASE tom TEMPLATE template0", db="postgres")
    subprocess.run([pg.bin + "/psql", "-q", "-v", "ON_ERROR_STOP=1", "-h",
                    pg.dir, "-U", "agare", "-d", "tom", "-f",
                    os.path.join(I.SRC, "data", "schema", "insamling.sql")],
                   check=True, capture_output=True, timeout=60)
    other = W.Role("insamling", "insamling.annan.example/1", "--databas",
                   f"host={pg.dir} dbname=tom user=insamlare")
    try:
        other.serve()
        assert other.request("POST", "/v1/insamling", batch(rows))[0] == 404
        other.know(VKEY)

        def refused(change, want):
            changed = list(rows)
            change(changed)
            s, _, text = other.request("POST", "/v1/insamling",
                                       batch(changed))
            assert s in want, (s, text)

        def flip(tag, at, nth=0):
            def change(r):
                i = [i for i, x in enumerate(r) if x[0] == tag][nth]
                v = bytearray(r[i][1])
                v[at] ^= 1
                r[i] = (tag, bytes(v))
            return change
        entries = [i for i, x in enumerate(rows) if x[0] == 3]
        refused(flip(3, 200), (422,))          # an entry
        refused(flip(3, -1, 5), (422,))        # enfragad's part
        refused(flip(4, -1), (422,))           # a box
        refused(flip(5, -1), (422,))           # a day key
        refused(flip(2, 30), (422,))           # a försäkran
        refused(lambda r: r.pop(entries[4]), (400,))  # an entry missing
        a, b = entries[-1], entries[-2]
        refused(lambda r: r.__setitem__(slice(b, b + 1), [r[a]]), (422,))
        refused(flip(6, 40), (400, 403))           # the head
        q = "SELECT count(*), (SELECT count(*) FROM enfraga.entry) " \
            "FROM enfraga.refused"
        kept, stored = pg.psql(q, db="tom").split("|")
        assert int(kept) >= 6 and stored == "0", (kept, stored)
        s, _, line = other.request("POST", "/v1/insamling", batch(rows))
        assert s == 200 and b"insamling.annan" in line, line
        q = "SELECT count(*) FROM enfraga.entry"
        assert int(pg.psql(q, db="tom")) > 0
    finally:
        other.remove()


def test_killed_in_the_middle():
    inst.serve()
    for i in range(4):
        assert inst.ask().returncode in (0, 10)
        if i % 2:
            collector.kill()
            inst.ask()
            collector.serve()
        else:
            inst.kill()
            inst.serve()
    assert I.wait_for(safe, 20), status()
    inst.stop()
    same("entry", ["seq", "*leaf_hash", "*leaf_data", "type", "author",
                   "time_ms", "ref"])
    assert count("refused") == 0


def test_database_away():
    inst.serve()
    pg.stop()
    assert inst.ask().returncode in (0, 10)  # within the limits
    time.sleep(1.5)
    assert not safe() and "PostgreSQL" in status()["vittne"]["text"]
    pg.start()
    assert I.wait_for(safe, 20), status()
    inst.stop()


def test_log_put_back():
    """From a copy: what it lacks comes from the collector, verified."""
    copy = os.path.join(inst.top, "kopia")
    inst.check(inst.enfragad_run("--instans", inst.dir, "sakerhetskopiera",
                                 copy))
    inst.serve()
    inst.check(inst.enfragad_run("--instans", inst.dir, "sakerhetskopiera",
                                 copy + "2"))  # while it serves
    assert inst.ask().returncode in (0, 10)
    assert I.wait_for(safe, 20), status()
    inst.stop()
    size = local("SELECT count(*) FROM entry")[0][0]
    shutil.copy(os.path.join(copy, "audit.db"),
                os.path.join(inst.dir, "audit.db"))
    before = local("SELECT count(*) FROM entry")[0][0]
    assert before < size
    r = inst.enfragad_run("--instans", inst.dir)
    assert r.returncode == 20 and "aterlas" in r.stderr, r.stderr
    to = os.path.join(inst.top, "ater")
    r = collector.command("aterlamna", ORIGIN, "--fran", str(before),
                          "--till", to)
    assert r.returncode == 0, r.stderr
    with open(to, "rb") as f:
        data = bytearray(f.read())
    data[len(data) // 2] ^= 1
    with open(to + "x", "wb") as f:
        f.write(data)
    r = inst.enfragad_run("--instans", inst.dir, "aterlas", to + "x")
    assert r.returncode != 0, "a changed batch was put back"
    assert local("SELECT count(*) FROM entry")[0][0] == before
    inst.check(inst.enfragad_run("--instans", inst.dir, "aterlas", to))
    assert local("SELECT count(*) FROM entry")[0][0] > size
    assert local("SELECT type FROM entry ORDER BY seq DESC")[0][0] in (43, 13)
    inst.serve()
    assert I.wait_for(safe, 20), status()
    assert inst.ask().returncode in (0, 10)
    inst.stop()
    inst.check(inst.verify())


def test_a_recipient_proposed_and_taken_in():
    """A proposal has no certificate yet, the second person's entry has one;
    both arrive."""
    other = os.path.join(inst.top, "o")
    inst.check(inst.enfragad_run(
        "init", other, "--lage", "test", "--kommun", "Norrby kommun",
        "--orgnr", "162120000001", "--aktorsid", "999-01", "--upstream",
        "ssbtek", "--url", "http://127.0.0.1:9/", "--anvandare",
        "rev01:Rut Ny:chef"))
    cert = os.path.join(other, "anvandare", "rev01", "review.crt")
    inst.check(inst.enfragad_run("--instans", inst.dir, "anvandare",
                                 "lagg-till", "chef08:Per Tva:chef"))
    inst.serve()
    for konto in ("chef07", "chef08"):
        inst.check(inst.enfraga(
            "forsakran", "skriv-under", "--behov", "--intrang", "--tystnad",
            "--loggning", "--ort", "Sundby", konto=konto))
    inst.check(inst.enfraga("nycklar", "mottagare", "--namn", "rev01",
                            "--certifikat", cert, konto="chef07"))
    assert I.wait_for(safe, 20), status()
    r = inst.check(inst.enfraga("nycklar", "mottagare", konto="chef08"))
    seq = r.stdout.split("forslag=")[1].split()[0]
    before = count("recipient")
    inst.check(inst.enfraga("nycklar", "mottagare", "--godkann", seq,
                            "--certifikat", cert, konto="chef08"))
    assert I.wait_for(safe, 20), status()
    inst.stop()
    assert count("recipient") == before + 1 and count("refused") == 0


def lines_by_collector():
    """size: when the collector cosigned that head, as its tables have it."""
    out = {}
    for row in pg.psql("SELECT replace(note, chr(10), '|') FROM "
                       "enfraga.checkpoint").splitlines():
        note = row.replace("|", "\n")
        key = W.tlog.Vkey(collector.vkey)
        out[W.note_size(note)] = W.tlog.Checkpoint(note).signed_by(key)
    return out


def rename(was, to):
    pg.psql(f"ALTER DATABASE {was} RENAME TO {to}", db="postgres")


def test_an_older_database_signs_nothing_anew():
    """Put back as of yesterday, and the log goes on: what had been cosigned is
    collected again and not signed again; and a history that is not the one
    that was signed is refused, once it has been fed its own head."""
    inst.serve()
    assert I.wait_for(safe, 20), status()
    inst.stop()
    collector.stop()
    pg.psql("CREATE DATABASE igar TEMPLATE logg", db="postgres")
    old = count("entry")
    collector.serve()
    inst.serve()
    for _ in range(2):
        assert inst.ask().returncode in (0, 10)
        assert I.wait_for(safe, 20), status()
    inst.stop()
    collector.stop()
    newest = collector_head()
    claimed = W.note_size(newest)
    part, mid = batch_between(old, claimed)
    rename("logg", "idag")
    rename("igar", "logg")
    assert count("entry") == old
    pg.psql("CREATE DATABASE igen TEMPLATE logg", db="postgres")
    collector.serve()
    time.sleep(1.1)
    began = int(time.time())
    inst.serve()
    assert I.wait_for(safe, 20), status()
    inst.stop()
    at = lines_by_collector()
    assert max(at) > claimed and at[max(at)] >= began
    assert not [s for s in at if s < claimed and at[s] and at[s] >= began], at
    # fed a head that it has signed, of a size at which this history differs
    collector.stop()
    rename("logg", "sedan")
    rename("igen", "logg")
    head = os.path.join(inst.top, "huvud")
    with open(head, "w") as f:
        f.write(newest)
    assert collector.command("mata", head).returncode == 0
    collector.serve()  # so far it is the same history: taken, and not signed
    s, _, line = post(part)
    assert (s, line) == (200, b""), (s, line)
    assert count("entry") == mid and not [
        at for size, at in lines_by_collector().items()
        if size > old and at and at >= began]
    collector.stop()
    root = pg.psql("SELECT encode(own_root, 'hex') FROM enfraga.origin")
    assert root == W.tlog.Checkpoint(newest).root.hex()
    pg.psql("UPDATE enfraga.origin SET own_root = sha256('x')")
    with open(head, "w") as f:
        f.write(newest.split("\n\n")[0] + "\n\n" + [
            x for x in newest.split("\n") if ORIGIN in x][-1] + "\n")
    assert collector.command("mata", head).returncode != 0  # not cosigned
    collector.serve()
    inst.serve()
    assert I.wait_for(lambda: count("refused"), 20), status()
    assert count("entry") < claimed
    inst.stop()
    collector.stop()
    rename("logg", "fel")
    rename("sedan", "logg")
    collector.serve()
    inst.serve()
    assert I.wait_for(safe, 20), status()
    inst.stop()


def batch_between(old, claimed):
    """A batch from there to a head on the way; and that head's size."""
    note = local(f"SELECT note FROM checkpoint WHERE size > {old} AND "
                 f"size < {claimed} ORDER BY size LIMIT 1")[0][0]
    to = os.path.join(inst.top, "mellan")
    r = collector.command("aterlamna", ORIGIN, "--fran", str(old), "--till",
                          to)
    assert r.returncode == 0, r.stderr
    with open(to, "rb") as f:
        data = f.read()
    rows, left = [], W.note_size(note) - old
    for tag, value in records(data[4:4 + int.from_bytes(data[:4], "big")]):
        if tag == 3:
            left -= 1
        if left < 0:
            break
        rows.append((tag, value))
    return batch(rows + [(6, note.encode())]), W.note_size(note)


def collector_head():
    return local("SELECT note FROM checkpoint WHERE note LIKE '%" +
                 collector.vkey.split("+")[0] + "%' ORDER BY size DESC "
                 "LIMIT 1")[0][0]


def export(name):
    to = os.path.join(inst.top, name)
    r = collector.command("exportera", ORIGIN, "--till", to)
    assert r.returncode == 0, r.stderr
    return to


def judged(path):
    """By both programs, with the keys as an auditor knows them."""
    r = subprocess.run(
        [os.path.join(I.BUILD, "enfraga-verifiera"), "--full", "--format",
         "json", "--vkey", VKEY, "--vittne", collector.vkey, path],
        capture_output=True, text=True, timeout=60)
    said = json.loads(r.stdout)
    theirs = logcheck.check_more(path, W.tlog.Vkey(VKEY), (),
                                 [W.tlog.Vkey(collector.vkey)])
    assert ([(f["fel"], f["fran"], f["till"]) for f in said["fynd"]],
            said["bevittnade"]) == theirs, (said, theirs)
    assert r.returncode == (not said["haller"])
    return said


def test_exported_for_an_auditor():
    """Without the database or the log: what is collected, judged by file."""
    said = judged(export("samlat.json"))
    assert said["haller"] and said["poster"] == count("entry") and \
        said["bevittnade"] == count("entry"), said
    for args in (["exportera", "audit.annan.se/x/1", "--till", "x"],
                 ["exportera", ORIGIN],
                 ["exportera", ORIGIN, "--till",
                  os.path.join(inst.top, "samlat.json")]):
        r = collector.command(*args)
        assert r.returncode not in (0, -6) and r.stderr, (args, r)
    pg.psql("ALTER TABLE enfraga.entry DISABLE TRIGGER kept")
    flip = "UPDATE enfraga.entry SET leaf_data = set_byte(leaf_data, 90, " \
        "get_byte(leaf_data, 90) # 1) WHERE seq IN (5, 8)"
    pg.psql(flip)
    said = judged(export("andrat.json"))
    assert (said["fynd"][0]["fel"], said["fynd"][0]["fran"]) == \
        ("andrad", 5), said
    pg.psql(flip)


def gallring(*args, konto="chef07", code=0):
    r = inst.enfraga("gallring", *args, konto=konto)
    assert r.returncode == code, (args, r.stdout, r.stderr)
    return r.stdout


def test_gallring_followed():
    """The log erases when witness and collector have seen it, the collector
    then follows; a stop halts it there too; what goes beyond it is found."""
    inst.serve()
    last = local("SELECT max(seq) FROM entry")[0][0]
    gallring("foresla", "--poster", f"0-{last}")
    rows = json.loads(gallring("lista", "--format", "json"))["gallringar"]
    n = str(rows[0]["loggpost"])
    gallring("bekrafta", n, konto="chef08")
    inst.stop()
    later = time.gmtime(time.time() + 3 * 86400)
    inst.env["ENFRAGA_TID"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", later)
    collector.stop()
    inst.serve()
    assert " lage=vantar_vittne " in gallring("utfor", n)
    left = f"SELECT count(*) > 0 FROM box WHERE seq <= {last}"
    assert local(left) == [(1,)]  # the collector has not got it
    collector.serve()
    assert I.wait_for(lambda: local(left) == [(0,)], 30), status()
    gallring("stoppa", "--skal", "tillsyn")
    stop = json.loads(gallring("lista", "--format", "json"))["stopp"][0]
    assert I.wait_for(safe, 20), status()
    boxes = count("box")
    r = collector.command("gallra", ORIGIN)
    assert r.returncode == 22 and count("box") == boxes, r.stderr
    for konto in ("chef07", "chef08"):
        gallring("havstopp", str(stop["loggpost"]), "--skal", "klar",
                 konto=konto)
    assert I.wait_for(safe, 20), status()
    inst.stop()
    boxes = count("box")
    r = collector.command("gallra", ORIGIN, "--prova")
    assert r.returncode == 0 and count("box") == boxes, r.stderr
    inst.check(collector.command("gallra", ORIGIN))
    same("box", ["seq", "day", "*data"])
    same("daykey", ["day", "*cms", "seq"])
    assert count("box") < boxes
    inst.check(collector.command("verifiera", ORIGIN))
    inst.check(inst.verify())
    again = inst.check(collector.command("gallra", ORIGIN)).stdout
    assert " 0 l" in again, again
    seq = pg.psql("SELECT max(seq) FROM enfraga.box")
    pg.psql("CREATE TABLE saved AS SELECT * FROM enfraga.box WHERE "
            f"seq = {seq}")
    pg.psql(f"DELETE FROM enfraga.box WHERE seq = {seq}", who="gallrare")
    r = collector.command("verifiera", ORIGIN)
    assert r.returncode == 20 and f"post {seq}:" in r.stderr, r.stderr
    assert collector.command("gallra", ORIGIN).returncode == 20
    pg.psql("INSERT INTO enfraga.box SELECT * FROM saved")


def test_verified_anew():
    """From the stored bytes; the first bad entry is named."""
    r = collector.command("verifiera", ORIGIN)
    assert r.returncode == 0 and str(count("entry")) in r.stdout, r.stderr
    pg.psql("ALTER TABLE enfraga.entry DISABLE TRIGGER kept")
    pg.psql("UPDATE enfraga.entry SET leaf_data = set_byte(leaf_data, 300, "
            "get_byte(leaf_data, 300) # 1) WHERE seq = 7")
    r = collector.command("verifiera", ORIGIN)
    assert r.returncode == 20 and "entry 7:" in r.stderr, r.stderr
    pg.psql("UPDATE enfraga.entry SET leaf_data = set_byte(leaf_data, 300, "
            "get_byte(leaf_data, 300) # 1) WHERE seq = 7")
    assert collector.command("verifiera", ORIGIN).returncode == 0
    pg.psql("ALTER TABLE enfraga.box DISABLE TRIGGER kept")
    pg.psql("UPDATE enfraga.box SET data = data || '\\x00' WHERE seq = "
            "(SELECT max(seq) FROM enfraga.box)")
    assert collector.command("verifiera", ORIGIN).returncode == 20


try:
    I.run([(f.__name__[5:], inst.alone(f)) for f in (
        test_everything_arrives, test_roles, test_refused_and_kept,
        test_killed_in_the_middle, test_database_away, test_log_put_back,
        test_a_recipient_proposed_and_taken_in,
        test_an_older_database_signs_nothing_anew,
        test_exported_for_an_auditor, test_gallring_followed,
        test_verified_anew)])
finally:
    for x in (inst, witness, collector, pg):
        x.remove()
    fake.stop()
