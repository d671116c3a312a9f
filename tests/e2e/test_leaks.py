#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Proves: after questions, refusals, a reading, an export, a backup, an import
and an abort in the middle of a question, no personnummer of a household, no name and
no text of an answer stands in any file that the instance has made, in what
the programs wrote on stderr, or in the command lines and environments of
their processes while they ran; no core is left; the register of an earlier
version is sealed when it is opened, and with the wrong key or none is refused.
Leaves out: memory (test_memory.py) and swap."""
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

I.need_shared()
SECOND = "198503129804"
I.CASES["arenden"][0]["personer"].append(
    {"personnummer": SECOND, "namn": "Lindqvist, Maj-Britt",
     "roll": "medsokande", "sekretess": False})
NAMES = ["Ek, Anna", "Lindqvist", "Maj-Britt"]


def spellings(number):
    return [number, number[2:], number[:8] + "-" + number[8:],
            number[2:8] + "-" + number[8:]]


def texts(v):
    """Every text of an answer that is long enough to be only its own."""
    if isinstance(v, dict):
        for w in v.values():
            yield from texts(w)
    elif isinstance(v, list):
        for w in v:
            yield from texts(w)
    elif isinstance(v, str) and len(v) >= 14:
        yield v


def canaries(svar):
    """Those that no program, catalogue or request has by itself."""
    known = b""
    for at in (os.path.join(I.BUILD, "enfragad"),
               os.path.join(I.BUILD, "po", "locale", "sv", "LC_MESSAGES",
                            "enfraga.mo")):
        if os.path.exists(at):
            with open(at, "rb") as f:
                known += f.read()
    found = {t for part in ("uppgifter", "utbetalningar", "beslut")
             for t in texts(svar[part])}
    return sorted(t for t in found if t.encode() not in known)


def processes(top):
    """(pid, command line and environment) of the processes of this test."""
    out = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                args = f.read()
            if top.encode() not in args:
                continue
            with open(f"/proc/{pid}/environ", "rb") as f:
                out.append((int(pid), args + b"\0" + f.read()))
        except OSError:
            pass
    return out


def clean(x, words, what):
    for w in words:
        assert x.files_hold(w) == [], (what, w, x.files_hold(w))


def secrets():
    return spellings(I.PERSON) + spellings(SECOND) + NAMES


def test_nothing_leaks():
    fake = I.Fake("--echo-id", "--case", "101-fk-rich")
    x = I.Instance(fake.url)
    try:
        os.unlink(os.path.join(x.top, "arenden.json"))  # the test's own
        svar = json.loads(x.ask().stdout)
        words = secrets() + canaries(svar)
        assert len(words) > len(secrets()) + 3, "too few texts to look for"
        text = x.ask(fmt="text")
        assert text.returncode in (0, 10, 11), text
        # a refusal, a search, an export, a bad import, each with the person
        number = I.PERSON[2:8] + "-" + I.PERSON[8:]
        err = text.stderr
        for args in (("fraga", "--arende", "EK-2026-99999", "--person",
                       I.PERSON, "--syfte", "fortsatt", "--period", "3m",
                       "--kallor", "alla", "--skal", "prov"),
                      ("fraga", "--arende", I.ARENDE, "--person", SECOND,
                       "--syfte", "fortsatt", "--period", "9m", "--kallor",
                       "FK", "--skal", "prov", "--format", "json"),
                      ("fraga", "--arende", I.ARENDE, "--person",
                       "199001019802", "--syfte", "fortsatt", "--period",
                       "3m", "--kallor", "alla", "--skal", "prov"),
                      ("arenden", "sok", number),
                      ("arenden", "visa", I.ARENDE)):
            err += x.enfraga(*args).stderr
        bad = json.loads(json.dumps(I.CASES))
        bad["arenden"][0]["personer"][0]["roll"] = "granne"
        path = os.path.join(x.top, "bad.json")
        with open(path, "w") as f:
            json.dump(bad, f)
        r = x.enfragad_run("--instans", x.dir, "importera", path)
        os.unlink(path)
        assert r.returncode != 0
        err += r.stderr
        export = os.path.join(x.top, "logg.json")
        x.check(x.enfraga("logg", "exportera", "--till", export,
                          konto="chef07"))
        assert os.path.getsize(export) > 1000
        copy = os.path.join(x.top, "kopia")
        r = x.enfragad_run("--instans", x.dir, "sakerhetskopiera", copy)
        assert r.returncode == 0 and os.path.getsize(
            os.path.join(copy, "audit.db")) > 1000, r
        for w in words:
            assert w not in err, (w, err)
        clean(x, words, "running")

        # in the middle of a question: processes, and then an abort
        fake.control(delay=3)
        asking = subprocess.Popen(
            [os.path.join(I.BUILD, "enfraga"), "--instans", x.dir, "--konto",
             "hl0142", "fraga", "--arende", I.ARENDE, "--person", I.PERSON,
             "--syfte", "fortsatt", "--period", "3m", "--kallor", "alla",
             "--skal", "prov"], env=x.env, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        assert I.wait_for(lambda: b"\n1\n" in b"\n%d\n" % len(
            [1 for p, _ in processes(x.top) if p == asking.pid]))
        seen = len(fake.get("/__requests"))
        I.wait_for(lambda: len(fake.get("/__requests")) > seen, 2)
        seen = processes(x.top)
        assert {asking.pid, x.daemon.pid} <= {p for p, _ in seen}
        for _, said in seen:
            for w in words:
                assert w.encode() not in said, w
        # a search typed on the command line, caught while it waits
        x.daemon.send_signal(signal.SIGSTOP)
        looking = subprocess.Popen(
            [os.path.join(I.BUILD, "enfraga"), "--instans", x.dir, "--konto",
             "hl0142", "arenden", "sok", number], env=x.env,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL)
        assert I.wait_for(lambda: any(
            p == looking.pid and b"\0xxxxxx" in said
            for p, said in processes(x.top)))
        assert not any(w.encode() in said for w in words
                       for _, said in processes(x.top))
        x.daemon.send_signal(signal.SIGCONT)
        looking.wait(30)
        x.daemon.send_signal(signal.SIGABRT)
        x.daemon.wait(20)
        x.daemon = None
        asking.wait(30)
        said = asking.stderr.read().decode(errors="replace")
        assert not any(w in said for w in words), said
        assert not [n for n in os.listdir(".") + os.listdir(x.dir)
                    if n == "core" or n.startswith("core.")]
        clean(x, words, "aborted")
        fake.control(delay=0)
        x.serve()
        assert x.verify().returncode == 0
        x.stop()
        clean(x, words, "stopped")
    finally:
        x.remove()
        fake.stop()


def old_register(x):
    """Version 2, as it was before anything was sealed."""
    path = os.path.join(x.dir, "register.db")
    os.unlink(path)
    db = sqlite3.connect(path)
    for name in ("register.sql", "register_2.sql"):
        with open(os.path.join(I.SRC, "data", "schema", name)) as f:
            db.executescript(f.read())
    db.executescript(
        "PRAGMA application_id = 1701737063; PRAGMA user_version = 2;"
        "INSERT INTO account VALUES ('hl0142', 'Anna Ekström', '', 1,"
        " '199001019810', 0, '', 0, NULL, 0);"
        "INSERT INTO cases VALUES ('%s', 'Norr', 0, 1, '2026-01-10', '');"
        "INSERT INTO part VALUES ('%s', 'hl0142', 0);"
        "INSERT INTO person VALUES ('%s', '%s', 0, 'Lindqvist, Maj-Britt', 0,"
        " 0, 0, 0, '', 0, 1);"
        "INSERT INTO own_list VALUES ('hl0142', '199001019802');"
        % (I.ARENDE, I.ARENDE, I.ARENDE, SECOND))
    db.close()
    os.chmod(path, 0o600)


def test_a_register_in_clear_is_sealed():
    x = I.Instance("http://127.0.0.1:9/ssbtek", serve=False)
    key = os.path.join(x.dir, "keys", "register.key")
    words = spellings(SECOND) + ["Lindqvist", "Ekström", "199001019810",
                                 "199001019802"]
    try:
        os.unlink(os.path.join(x.top, "arenden.json"))
        old_register(x)
        os.unlink(key)
        assert x.files_hold(SECOND)
        r = x.enfragad_run("--instans", x.dir, "--kontrollera")
        assert os.path.exists(key) and "samma disk" in r.stdout, r
        clean(x, words, "sealed")
        db = sqlite3.connect(os.path.join(x.dir, "register.db"))
        assert db.execute("SELECT count(*) FROM person").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM own_list").fetchone() == (1,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.close()
        # moved elsewhere, and named
        elsewhere = os.path.join(x.top, "nyckel")
        shutil.move(key, elsewhere)
        r = x.enfragad_run("--instans", x.dir)
        assert r.returncode == 64 and "nyckel saknas" in r.stderr, r
        assert not os.path.exists(key)
        conf = os.path.join(x.dir, "enfragad.conf")
        with open(conf) as f:
            was = f.read()
        with open(conf, "a") as f:
            f.write("\n[register]\nnyckel = %s\n" % elsewhere)
        r = x.enfragad_run("--instans", x.dir, "--kontrollera")
        assert elsewhere in r.stdout and "samma disk" not in r.stdout, r
        # another key; one that others may read; one that is no key
        with open(elsewhere) as f:
            digits = f.read()
        for text, mode, why in (
                (re.sub("^.", lambda m: "0" if m[0] != "0" else "1", digits),
                 0o600, "annan nyckel"),
                (digits, 0o644, "läsas av andra"),
                (digits[:-2] + "\n", 0o600, "64 hexadecimala")):
            with open(elsewhere, "w") as f:
                f.write(text)
            os.chmod(elsewhere, mode)
            r = x.enfragad_run("--instans", x.dir)
            assert r.returncode == 64 and why in r.stderr, (r, why)
        # a credential of the service comes first
        with open(conf, "w") as f:
            f.write(was)
        cred = os.path.join(x.top, "cred")
        os.mkdir(cred)
        with open(os.path.join(cred, "register.key"), "w") as f:
            f.write(digits)
        os.chmod(os.path.join(cred, "register.key"), 0o400)
        x.env["CREDENTIALS_DIRECTORY"] = cred
        r = x.enfragad_run("--instans", x.dir, "--kontrollera")
        assert cred in r.stdout and not os.path.exists(key), r
        clean(x, words, "with a credential")
    finally:
        x.remove()


I.run([(n, f) for n, f in list(globals().items()) if n.startswith("test_")])
