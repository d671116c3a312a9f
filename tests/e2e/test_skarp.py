#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Proves skarp from end to end, each user a uid of its own, every passphrase
typed at a terminal: init with the users' CA, keys made by the user's own
client, certificates by `enfraga ca`, what is wrong with a certificate told,
the municipality's own wording signed, a question by mutual TLS, a review by two
chefs, the whole log verified; a changed entry key signed by the one before, and
one that waits until another chef attests it; and what skarp refuses: http,
test numbers, --losen-fil, a header that names another, no terminal. Uids other
than our own need root. Leaves out: systemd, and all of the screens but the first."""
import json
import os
import pty
import re
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
import fcntl

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certs as C  # noqa: E402
import instance as I  # noqa: E402

I.need_shared()
if os.getuid() != 0:
    print("other uids need root")
    sys.exit(77)
OWN = 64101  # enfragad's; users are accounts that every Debian has
HL, CHEF, CHEF2 = "games", "news", "mail"
UID = {"games": 5, "news": 9, "mail": 8}
PASS = {u: f"skog-{u}-sten" for u in UID}
SYSTEM = "backup"  # role system: the one that needs no one at a terminal
REVIEW = "granit-och-mossa"  # the reviewer's key has one of its own
CA_PASS = "ca-skog-och-sten"
TEST_NUMBER = "198503129804"
SIGN = ("forsakran", "skriv-under", "--behov", "--intrang", "--tystnad",
        "--loggning", "--ort", "Sundby")
ASK = ("fraga", "--arende", I.ARENDE, "--person", "sokande", "--syfte",
       "fortsatt", "--period", "2026-01-01..2026-06-30", "--kallor", "alla",
       "--skal", "prov", "--format", "json")


def become(uid, tty=None):
    def fn():
        if tty is not None:
            os.setsid()
            fcntl.ioctl(tty, termios.TIOCSCTTY, 0)
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    return fn


class Host:
    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="enfraga-skarp-")
        os.chmod(self.top, 0o755)
        for name in ("enfraga", "enfragad", "enfraga-verifiera"):
            shutil.copy(os.path.join(I.BUILD, name), self.at(name))
        shutil.copytree(os.path.join(I.SRC, "data"), self.at("data"))
        shutil.copytree(os.path.join(I.BUILD, "po", "locale"),
                        self.at("locale"))
        with open(self.at("data/forsakran/enfraga-1.txt")) as f:
            text = f.read()
        self.put("data/forsakran/kommun-1.txt", "Sundby kommun\n\n" + text)
        subprocess.run(["chmod", "-R", "a+rX", self.top], check=True)
        for name, uid in (("lib", OWN), (SYSTEM, 34), *UID.items()):
            os.mkdir(self.at(name), 0o700)
            os.chown(self.at(name), uid, uid)
        os.makedirs(self.at("klient/run"), 0o755)
        self.dir = self.at("lib/i")
        self.env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                    "ENFRAGA_DATA": self.at("data"),
                    "TEXTDOMAINDIR": self.at("locale")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        self.certs = C.Certs()
        self.daemon = None

    def at(self, name):
        return os.path.join(self.top, name)

    def put(self, name, text, uid=0):
        with open(self.at(name), "w") as f:
            f.write(text)
        os.chown(self.at(name), uid, uid)
        return self.at(name)

    def enfragad(self, *args):
        return subprocess.run([self.at("enfragad"), *args], timeout=60,
                              env=dict(self.env, HOME=self.at("lib")),
                              capture_output=True, text=True,
                              stdin=subprocess.DEVNULL,
                              preexec_fn=become(OWN))

    def serve(self):
        listener = socket.socket(socket.AF_UNIX)
        path = self.at("klient/run/enfraga.sock")
        if os.path.exists(path):
            os.unlink(path)
        listener.bind(path)
        os.chmod(path, 0o666)
        listener.listen(16)
        self.daemon = subprocess.Popen(
            ["/bin/sh", "-c", "exec 3<&0 0</dev/null; LISTEN_PID=$$ "
             "LISTEN_FDS=1 exec \"$0\" --instans \"$1\"", self.at("enfragad"),
             self.dir], env=dict(self.env, HOME=self.at("lib")),
            stdin=listener.fileno(), stdout=subprocess.PIPE, text=True,
            stderr=open(self.at("stderr"), "ab"), preexec_fn=become(OWN))
        line = self.daemon.stdout.readline()
        listener.close()
        assert line.startswith("redo "), (line, open(self.at("stderr")).read())

    def run(self, user, *args, typed=(), tty=True, env=None):
        """enfraga as that user; each line typed answers a prompt."""
        args = [self.at("enfraga"), *args] if user == "root" else \
            [self.at("enfraga"), "--instans", self.at("klient"), *args]
        master, slave = pty.openpty()
        p = subprocess.Popen(
            args, env={**self.env, "HOME": self.at(user), **(env or {})},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=not tty,
            preexec_fn=become(os.stat(self.at(user)).st_uid if user != "root"
                              else 0, slave if tty else None))
        out = {p.stdout.fileno(): b"", p.stderr.fileno(): b"", master: b""}
        waiting, rest, end = set(out), list(typed), time.time() + 60
        while waiting - {master} and time.time() < end:
            for fd in select.select(list(waiting), [], [], 1)[0]:
                got = os.read(fd, 65536)
                out[fd] += got
                if not got:
                    waiting.discard(fd)
                if fd == master and rest and out[fd].endswith(b": "):
                    out[fd] += b"*"
                    os.write(master, rest.pop(0).encode() + b"\n")
        os.close(slave)  # held till now: without a slave a read fails
        os.close(master)
        rc = p.wait(10)
        r = subprocess.CompletedProcess(args, rc, *(
            out[x.fileno()].decode() for x in (p.stdout, p.stderr)))
        p.stdout.close()
        p.stderr.close()
        r.tty = out[master].decode()
        for secret in (*PASS.values(), REVIEW, CA_PASS):
            assert secret not in r.tty + r.stdout + r.stderr, r
        assert not rest, (rest, r)
        return r

    def screens(self, user, *steps):
        """The screens at a terminal: what is waited for, then what is typed."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, 80, 0, 0))
        p = subprocess.Popen(
            [self.at("enfraga"), "--instans", self.at("klient")],
            env={**self.env, "HOME": self.at(user), "TERM": "xterm"},
            stdin=slave, stdout=slave, stderr=slave,
            preexec_fn=become(UID[user], slave))
        seen, steps, end = "", list(steps), time.time() + 60
        while p.poll() is None and time.time() < end:
            if select.select([master], [], [], 0.1)[0]:
                seen += os.read(master, 65536).decode(errors="replace")
            text = re.sub(r"\x1b(\[[0-9;?]*[a-zA-Z]|\([0B]|[=>78])", "", seen)
            if steps and steps[0][0] in text:
                os.write(master, steps.pop(0)[1].encode())
                seen = ""
        os.close(slave)
        os.close(master)
        p.kill()
        assert not steps and p.wait(10) == 0, (steps, p.returncode, text)

    def user(self, konto, *args, extra=(), **more):
        return self.run(konto, *args, typed=(PASS[konto], *extra), **more)

    def stop(self):
        if self.daemon:
            self.daemon.terminate()
            rc = self.daemon.wait(30)
            self.daemon = None
            assert rc == 0, (rc, open(self.at("stderr")).read())

    def remove(self):
        if self.daemon:
            self.daemon.kill()
            self.daemon.wait(10)
        self.certs.remove()
        shutil.rmtree(self.top)


h = Host()
fake = None


def ok(r, status=0):
    assert r.returncode == status, (r.args, r.returncode, r.stdout, r.stderr)
    return r


def refused(r, status, *words):
    assert r.returncode == status, (r.returncode, r.stdout, r.stderr)
    for word in words:
        assert word in r.stderr, (word, r.stderr)
    return r


def keys(user, name=""):
    return os.path.join(h.at(user), ".config", "enfraga", user, name)


def issue(user, csr, *more, konto=None, to=None):
    """enfraga ca utfarda, as the one who keeps the CA."""
    to = to or h.at(f"{user}.crt")
    ok(h.run("root", "ca", "utfarda", csr, "--katalog", h.at("ca"), "--konto",
             konto or user, "--namn", f"Namn {user}", "--till", to, *more,
             typed=(CA_PASS,)))
    return to


def init(*more, url=None):
    up = fake.url if url is None else url
    return h.enfragad(
        "init", h.dir, "--lage", "skarp", "--kommun", "Sundby kommun",
        "--orgnr", "162120000001", "--aktorsid", "999-01", "--ort", "Sundby",
        "--upstream", "ssbtek", "--url", up, "--ca", h.at("ssbtek-ca.crt"),
        "--certifikat", h.at("klient.crt"), "--nyckel", h.at("lib/klient.key"),
        "--anvandare", f"{HL}:Anna Ek:handlaggare", "--anvandare",
        f"{CHEF}:Maria Sund:chef", "--anvandare", f"{CHEF2}:Eva Berg:chef",
        "--anvandare", f"{SYSTEM}:Systemet:system", *more)


def test_init():
    global fake
    c = h.certs
    c.ca("ssbtek-ca")
    c.cert("server", "ssbtek-ca", "subjectAltName=IP:127.0.0.1")
    c.cert("klient", "ssbtek-ca")
    c.ca("annan-ca")
    c.cert("arkiv", "ssbtek-ca", "keyUsage=critical,keyAgreement")
    for name in ("ssbtek-ca.crt", "klient.crt", "arkiv.crt"):
        shutil.copy(os.path.join(c.top, name), h.at(name))
        os.chmod(h.at(name), 0o644)
    shutil.copy(c.key("klient"), h.at("lib/klient.key"))
    os.chown(h.at("lib/klient.key"), OWN, OWN)
    fake = I.Fake("--echo-id", "--case", "110-three-errors", "--tls-cert",
                  c.crt("server"), "--tls-key", c.key("server"), "--client-ca",
                  c.crt("ssbtek-ca"))
    ok(h.run("root", "ca", "init", h.at("ca"), "--kommun", "Sundby kommun",
             typed=(CA_PASS, CA_PASS)))
    shutil.copy(h.at("ca/ca.crt"), h.at("user-ca.crt"))
    os.chmod(h.at("user-ca.crt"), 0o644)
    more = ("--anvandar-ca", h.at("user-ca.crt"), "--arkiv", h.at("arkiv.crt"))
    r = h.enfragad("init", h.at("lib/t"), "--lage", "test", "--kommun", "S",
                   "--orgnr", "162120000001", "--aktorsid", "999-01",
                   "--upstream", "simulering", *more[:2])
    refused(r, 64, "--anvandar-ca")
    bad = init("--anvandar-ca", h.at("klient.crt"))  # no CA's
    refused(bad, 64, "--anvandar-ca")
    assert not os.path.exists(h.dir)
    refused(init(*more, url="http://127.0.0.1:9/ssbtek"), 64, "https")
    shutil.rmtree(h.dir)
    ok(init(*more))
    with open(os.path.join(h.dir, "keys", "ca.crt")) as a:
        with open(h.at("user-ca.crt")) as b:
            assert a.read() == b.read()
    assert not os.path.exists(os.path.join(h.dir, "anvandare"))
    assert not os.path.exists(os.path.join(h.dir, "keys", "ca.key"))


def test_cases_of_test_numbers_are_refused():
    cases = json.loads(json.dumps(I.CASES))
    cases["arenden"][0]["handlaggare"] = [HL]
    good = h.put("arenden.json", json.dumps(cases))
    cases["arenden"][0]["personer"][0]["personnummer"] = TEST_NUMBER
    bad = h.put("test.json", json.dumps(cases))
    refused(h.enfragad("--instans", h.dir, "importera", bad), 22)
    ok(h.enfragad("--instans", h.dir, "importera", good))


def test_kontrollera():
    r = h.enfragad("--instans", h.dir, "--kontrollera")
    ok(r)
    assert re.search(r"Användares CA +1 certifikat, 36\d\d dagar", r.stdout), r
    ca = os.path.join(h.dir, "keys", "ca.crt")
    os.rename(ca, ca + ".x")
    r = h.enfragad("--instans", h.dir, "--kontrollera")
    os.rename(ca + ".x", ca)
    assert r.returncode == 30 and "ca.crt" in r.stdout, r
    h.serve()
    shutil.copy(os.path.join(h.dir, "log.vkey"), h.at("klient/log.vkey"))
    os.chmod(h.at("klient/log.vkey"), 0o644)
    r = ok(h.run(HL, "status"))
    assert "lage=skarp" in r.stdout and f"konto {HL} " in r.stdout, r.stdout


def test_keys_are_made_by_their_owner():
    r = refused(h.user(HL, *SIGN), 22, "nycklar ny")
    refused(h.run(HL, "nycklar", "ny", typed=(PASS[HL], "annan-fras-1")), 22)
    refused(h.run(HL, "nycklar", "ny", typed=("kort", "kort")), 22)
    assert not os.path.exists(keys(HL, "sign.key"))
    for user in UID:
        r = ok(h.run(user, "nycklar", "ny", typed=(PASS[user], PASS[user])))
        assert keys(user, "sign.csr") in r.stdout, r.stdout
        for name, mode in (("", 0o700), ("sign.key", 0o600),
                           ("entry.key", 0o600)):
            st = os.stat(keys(user, name))
            assert st.st_mode & 0o777 == mode and st.st_uid == UID[user], name
        with open(keys(user, "sign.key")) as f:
            assert "BEGIN ENCRYPTED PRIVATE KEY" in f.read()
    refused(h.run(HL, "nycklar", "ny"), 64, "finns redan")
    refused(h.user(HL, *SIGN), 22, "nycklar installera")
    r = ok(h.run(CHEF, "nycklar", "ny", "--granskare", typed=(REVIEW, REVIEW)))
    assert keys(CHEF, "review.csr") in r.stdout, r.stdout


def test_a_system_is_unattended():
    losen = h.put("losen", "system-skog-sten\n", 34)
    os.chmod(losen, 0o600)
    refused(h.run(SYSTEM, "nycklar", "ny", tty=False), 22, "terminal")
    ok(h.run(SYSTEM, "--losen-fil", losen, "nycklar", "ny", tty=False))
    assert os.path.exists(keys(SYSTEM, "sign.csr"))


def test_what_is_wrong_with_a_certificate_is_told():
    csr = keys(HL, "sign.csr")
    wrong = issue(HL, csr, konto=CHEF, to=h.at("annans.crt"))
    refused(h.run(HL, "nycklar", "installera", wrong), 64, "UID", HL)
    wrong = issue(HL, csr, "--granskare", to=h.at("fel-slag.crt"))
    refused(h.run(HL, "nycklar", "installera", wrong), 64, "digitalSignature")
    wrong = issue(CHEF, keys(CHEF, "sign.csr"))
    refused(h.run(HL, "nycklar", "installera", wrong), 64, "nyckel")
    refused(h.run(HL, "nycklar", "installera", h.at("ssbtek-ca.crt")), 64)
    refused(h.run(HL, "nycklar", "installera", csr), 64)
    c = h.certs
    for name, ca, usage, days, word in (
            ("annan", "annan-ca", "clientAuth,emailProtection", "2", "CA"),
            ("epost", "annan-ca", "clientAuth", "2", "emailProtection"),
            ("klient", "annan-ca", "emailProtection", "2", "clientAuth"),
            ("slut", "annan-ca", "clientAuth,emailProtection", "-1",
             "gått ut")):
        ext = h.put("ext", "keyUsage=critical,digitalSignature\n"
                    f"extendedKeyUsage={usage}\n")
        c.openssl("x509", "-req", "-in", csr, "-CA", f"{ca}.crt", "-CAkey",
                  f"{ca}.key", "-CAcreateserial", "-days", days, "-extfile",
                  ext, "-out", h.at(f"{name}.pem"))
        refused(h.run(HL, "nycklar", "installera", h.at(f"{name}.pem")), 64,
                word)
    assert not os.path.exists(keys(HL, "sign.crt"))


def test_certificates_are_installed():
    for user in UID:
        crt = issue(user, keys(user, "sign.csr"))
        ok(h.run(user, "nycklar", "installera", crt))
        assert os.path.exists(keys(user, "sign.crt"))
    crt = issue(CHEF, keys(CHEF, "review.csr"), "--granskare",
                to=h.at("review.crt"))
    r = ok(h.run(CHEF, "nycklar", "installera", crt))
    assert "review.crt" in r.stdout, r.stdout


def test_the_forsakran_is_signed_at_a_prompt():
    refused(h.user(HL, *ASK), 21)
    refused(h.run(HL, *SIGN, typed=("fel-lösenfras",)), 22)
    refused(h.run(HL, *SIGN, tty=False), 22, "terminal")
    losen = h.put("losen", PASS[HL] + "\n", UID[HL])
    os.chmod(losen, 0o600)
    refused(h.run(HL, "--losen-fil", losen, *SIGN), 22, "SKARP")
    refused(h.run(HL, *SIGN, env={"ENFRAGA_LOSEN_FIL": losen}), 22, "SKARP")
    for user in UID:
        ok(h.user(user, *SIGN))
    r = ok(h.run(HL, "forsakran", "visa"))
    assert "kommun-1" in r.stdout and "Sundby kommun\n" in r.stdout, r.stdout


def test_a_reviewer_is_taken_in_by_two():
    ok(h.user(CHEF, "nycklar", "mottagare", "--namn", CHEF, "--certifikat",
              keys(CHEF, "review.crt")))
    crt = h.at("review.crt")  # from its holder
    r = ok(h.run(CHEF2, "nycklar", "mottagare"))
    number = re.search(r"forslag=(\d+)", r.stdout)[1]
    ok(h.user(CHEF2, "nycklar", "mottagare", "--godkann", number,
              "--certifikat", crt))


def asked(*more):
    r = h.user(HL, *ASK, *more)
    assert r.returncode == 10, (r.returncode, r.stdout, r.stderr)
    return json.loads(r.stdout)


def test_a_question():
    svar = asked()
    assert svar["lage"] == "skarp", svar["lage"]
    assert I.states(svar)["FK"] == "svar", I.states(svar)
    refused(h.run(HL, *ASK, tty=False), 22, "terminal")
    refused(h.user(CHEF, *ASK), 22)


def test_no_header_names_another():
    r = ok(h.run(HL, "--konto", CHEF, "status"))
    assert f"konto {HL} " in r.stdout, r.stdout
    refused(h.run(HL, "--konto", CHEF, "granska", "lista"), 22)


def verify():
    r = ok(h.run(CHEF, "logg", "verifiera", "--full"))
    return r.stdout


def test_the_log_holds():
    verify()


def shown(user=HL):
    r = ok(h.run(user, "nycklar", "visa"))
    return dict(x.split("=", 1) for x in r.stdout.split())


def test_a_key_is_changed_by_the_one_before():
    was = shown()
    assert was["bytt_av"] == "-" and was["vantar"] == "-", was
    refused(h.run(HL, "nycklar", "byt", typed=("fel-lösenfras",)), 22)
    r = ok(h.user(HL, "nycklar", "byt"))
    now = shown()
    assert now["postnyckel"] != was["postnyckel"], now
    assert now["postnyckel"] in r.stdout and now["bytt_av"] == HL, (now, r)
    assert not os.path.exists(keys(HL, "ny"))
    refused(h.user(HL, *ASK), 21)
    ok(h.user(HL, *SIGN))
    asked()


def test_a_change_cut_short_is_finished():
    """The entry stands, and the files were not yet moved."""
    old = {n: open(keys(HL, n)).read() for n in ("entry.key", "entry.vkey")}
    ok(h.user(HL, "nycklar", "byt"))
    os.mkdir(keys(HL, "ny"), 0o700)
    os.chown(keys(HL, "ny"), UID[HL], UID[HL])
    for name, text in old.items():
        os.rename(keys(HL, name), keys(HL, "ny/" + name))
        h.put(keys(HL, name), text, UID[HL])
    refused(h.user(HL, *SIGN), 22, "intyga")
    ok(h.run(HL, "nycklar", "byt"))
    ok(h.user(HL, *SIGN))


def test_an_unattested_key_is_refused():
    old = shown()
    PASS[HL] = "en-ny-fras-sedan"  # the old one is forgotten
    r = ok(h.run(HL, "nycklar", "ny", "--ersatt", typed=(PASS[HL], PASS[HL])))
    assert "nycklar byt" in r.stdout, r.stdout
    assert os.path.isdir(keys(HL, "ersatta"))
    ok(h.run(HL, "nycklar", "installera", issue(HL, keys(HL, "sign.csr"))))
    refused(h.user(HL, *SIGN), 22, "intyga")
    refused(h.user(HL, *ASK), 22, "intyga")
    assert shown()["postnyckel"] == old["postnyckel"]
    r = ok(h.run(HL, "nycklar", "byt"))
    new = shown()
    assert new["postnyckel"] == old["postnyckel"], new
    assert new["vantar"] in r.stdout and new["vantar"] != "-", (new, r.stdout)
    refused(h.user(HL, *SIGN), 22, "intyga")
    ok(h.run(HL, "nycklar", "byt"))  # asks again, no new entry


def test_a_chef_attests_another():
    waits = shown()["vantar"]
    refused(h.run(HL, "nycklar", "attestera"), 22)
    r = ok(h.run(CHEF, "nycklar", "attestera"))
    assert f'konto={HL} namn="Anna Ek" nyckel={waits} ' in r.stdout, r.stdout
    refused(h.run(CHEF, "nycklar", "attestera", HL), 64)
    refused(h.run(CHEF, "nycklar", "attestera", HL, "--nyckel", "0000-0000"),
            64)
    refused(h.run(CHEF, "nycklar", "attestera", CHEF2, "--nyckel", waits), 22)
    ok(h.user(CHEF, "nycklar", "attestera", HL, "--nyckel", waits))
    now = shown()
    assert now["postnyckel"] == waits and now["bytt_av"] == CHEF, now
    assert now["vantar"] == "-", now
    refused(h.run(CHEF, "nycklar", "attestera", HL, "--nyckel", waits), 22)
    ok(h.user(HL, *SIGN))


def test_the_user_is_told_at_login():
    """On the first screen, and apart until the next question."""
    told = f"Din nyckel {shown()['postnyckel']}, bytt"
    h.screens(HL, (told, PASS[HL] + "\r"), (told, "X"))
    r = h.run(HL, "--linjar")
    assert told in r.stdout and f"intygad av {CHEF}" in r.stdout, r.stdout
    asked()


def test_a_review():
    today = time.strftime("%Y-%m-%d")
    r = ok(h.user(CHEF, "granska", "sok", "--fran", today, "--till", today,
                  "--skal", "prov"))
    number = re.search(r"\d+", r.stdout)[0]
    ok(h.user(CHEF2, "granska", "godkann", number, "--skal", "prov"))
    r = ok(h.user(CHEF, "granska", "las", number, extra=(REVIEW,)))
    for row in (f"konto={HL} typ=intent .*person=19740702-9284",
                f'konto={HL} typ=nyckel innehall=.*"slag":"byte"',
                'konto=enfragad typ=nyckel innehall=.*"slag":"begaran"',
                f"konto={CHEF} typ=nyckel egen",
                f'typ=nekad .*"nyckel_ej_intygad".*"{HL}"'):
        assert re.search(row, r.stdout), (row, r.stdout)


def test_nobody_attests_oneself():
    """A chef's new computer; the keys of the old one are still there."""
    before = shown(CHEF)
    os.mkdir(h.at("dator2"), 0o700)
    os.chown(h.at("dator2"), UID[CHEF], UID[CHEF])
    there = {"env": {"HOME": h.at("dator2")}}
    new = os.path.join(h.at("dator2"), ".config", "enfraga", CHEF)
    ok(h.run(CHEF, "nycklar", "ny", typed=(PASS[CHEF], PASS[CHEF]), **there))
    crt = issue(CHEF, os.path.join(new, "sign.csr"))
    ok(h.run(CHEF, "nycklar", "installera", crt, **there))
    ok(h.run(CHEF, "nycklar", "byt", **there))
    waits = shown(CHEF)["vantar"]
    own = ("nycklar", "attestera", CHEF, "--nyckel", waits)
    refused(h.user(CHEF, *own), 22, "inte en själv")
    assert shown(CHEF)["postnyckel"] == before["postnyckel"]
    ok(h.user(CHEF2, *own))
    refused(h.user(CHEF, *SIGN), 22, "intyga")  # on the old one
    ok(h.user(CHEF, *SIGN, **there))


def test_the_log_holds_after():
    verify()
    h.stop()
    r = h.enfragad("--instans", h.dir, "--kontrollera")
    ok(r)
    r = subprocess.run([h.at("enfraga-verifiera"), "--full",
                        os.path.join(h.dir, "audit.db")], env=h.env,
                       capture_output=True, text=True, timeout=60)
    ok(r)
    r = subprocess.run([sys.executable, os.path.join(
        I.SRC, "tests", "lib", "logcheck.py"),
        os.path.join(h.dir, "audit.db")], capture_output=True, text=True,
        timeout=60)  # by the second verifier too
    ok(r)
    with open(os.path.join(h.dir, "audit.db"), "rb") as f:
        assert I.PERSON.encode() not in f.read()


broken = []


def step(name, fn):
    """Each goes on from the one before: after a failure the rest say so."""
    def run():
        assert not broken, f"not tried: {broken[0]} failed"
        broken.append(name)
        fn()
        broken.clear()
    return name, run


try:
    I.run([step(n, f) for n, f in list(globals().items())
           if n.startswith("test_")])
finally:
    h.remove()
    if fake:
        fake.stop()
