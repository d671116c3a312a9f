#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Proves: what `enfraga ca` issues is right by the openssl command: chain,
purpose, a CMS signature, the revocation list before and after; the request's
own subject and extensions say nothing; a key that others may read, a folder
they may write to, a short or wrong passphrase, a key of another kind and a
spoiled request are refused; the passphrase is asked for at a terminal, unseen;
enfragad that has the CA's ca.crt takes a försäkran under such a certificate, and
none under another account's; with its ca.crl, none under one that is revoked,
and no entry under what that has signed, from the moment the file is there; in
test keys are made, changed and attested without a prompt."""
import datetime
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

TOP = tempfile.mkdtemp(prefix="enfraga-ca-")
CA = os.path.join(TOP, "ca")
PASS = "skog-och-sten-1"
ENV = dict(os.environ, HOME=TOP, LC_ALL="C.UTF-8",
           TEXTDOMAINDIR=os.path.join(I.BUILD, "po", "locale"))
for name in ("ENFRAGA_INSTANS", "ENFRAGA_KONTO", "ENFRAGA_LOSEN_FIL"):
    ENV.pop(name, None)


def at(name):
    return os.path.join(TOP, name)


def put(name, text, mode=0o600):
    with open(at(name), "w") as f:
        f.write(text)
    os.chmod(at(name), mode)
    return at(name)


LOSEN = put("losen", PASS + "\n")


def ca(*args, losen=LOSEN):
    return subprocess.run(
        [os.path.join(I.BUILD, "enfraga"),
         *(["--losen-fil", losen] if losen else []), "ca", *args],
        env=ENV, capture_output=True, text=True, timeout=60,
        stdin=subprocess.DEVNULL, start_new_session=True)


def ok(r):
    assert r.returncode == 0, r
    return r


def refused(r, status, word=""):
    assert r.returncode == status and not r.stdout and word in r.stderr, r


def openssl(*args, data=None):
    return subprocess.run(["openssl", *args], input=data, timeout=60,
                          capture_output=True)


def request(name, *alg, subject="/CN=Annan Person/UID=chef07"):
    alg = alg or ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    ok(openssl("req", "-new", *alg, "-nodes", "-keyout", at(name + ".key"),
               "-out", at(name + ".csr"), "-subj", subject, "-addext",
               "basicConstraints=critical,CA:TRUE"))
    return at(name + ".csr")


def issue(name, *more, konto="hl0142", namn="Anna Åberg"):
    return ca("utfarda", request(name), "--katalog", CA, "--konto", konto,
              "--namn", namn, "--till", at(name + ".crt"), *more)


def verify(name, *more):
    return openssl("verify", "-CAfile", os.path.join(CA, "ca.crt"), *more,
                   at(name + ".crt"))


def sign_and_check(name):
    body = put("text", "Jag har tagit del av texten.\n")
    ok(openssl("cms", "-sign", "-binary", "-cades", "-in", body, "-signer",
               at(name + ".crt"), "-inkey", at(name + ".key"), "-outform",
               "DER", "-out", at("text.p7s")))
    return openssl("cms", "-verify", "-binary", "-inform", "DER", "-in",
                   at("text.p7s"), "-content", body, "-CAfile",
                   os.path.join(CA, "ca.crt"), "-out", os.devnull)


def test_init():
    refused(ca("init", CA), 64)
    refused(ca("init", CA, "--kommun", "Sundby kommun",
               losen=put("kort", "abc\n")), 22)
    refused(ca("init", CA, "--kommun", "Sundby kommun",
               losen=put("oppen", PASS + "\n", 0o644)), 22)
    assert not os.path.exists(CA)
    ok(ca("init", CA, "--kommun", "Sundby kommun"))
    for name, mode in (("", 0o700), ("ca.key", 0o600), ("index.txt", 0o600)):
        assert os.stat(os.path.join(CA, name)).st_mode & 0o777 == mode, name
    with open(os.path.join(CA, "ca.key")) as f:
        assert "BEGIN ENCRYPTED PRIVATE KEY" in f.read()
    refused(ca("init", CA, "--kommun", "Sundby kommun"), 64)


def test_openssl_accepts():
    r = ok(issue("anna"))
    serial = re.match(r"serie=([0-9A-F]{32}) konto=hl0142$", r.stdout)[1]
    ok(verify("anna", "-purpose", "smimesign"))
    ok(verify("anna", "-purpose", "sslclient"))
    assert verify("anna", "-purpose", "sslserver").returncode != 0
    ok(sign_and_check("anna"))
    text = ok(openssl("x509", "-in", at("anna.crt"), "-noout", "-text",
                      "-nameopt", "utf8,sep_comma_plus,sname")
              ).stdout.decode()
    assert "O=Sundby kommun,CN=Anna Åberg,UID=hl0142" in text, text
    assert "Digital Signature\n" in text and "CA:FALSE" in text, text
    assert "Annan" not in text and "chef07" not in text
    shown = openssl("x509", "-in", at("anna.crt"), "-noout", "-serial").stdout
    assert shown.decode().strip() == "serial=" + serial
    with open(at("anna.crt")) as f:
        pem = f.read()
    assert "PRIVATE" not in pem


def test_a_reviewers_opens_and_does_not_sign():
    ok(issue("rut", "--granskare", konto="chef07", namn="Rut Ek"))
    assert verify("rut", "-purpose", "smimesign").returncode != 0
    text = os.urandom(32)
    sealed = ok(openssl("cms", "-encrypt", "-binary", "-aes-256-gcm",
                        "-outform", "DER", at("rut.crt"), data=text)).stdout
    back = ok(openssl("cms", "-decrypt", "-binary", "-inform", "DER", "-recip",
                      at("rut.crt"), "-inkey", at("rut.key"), data=sealed))
    assert back.stdout == text


def test_refused():
    good = request("god")
    who = ("--katalog", CA, "--konto", "hl0143", "--namn", "Bo Ask")
    for name, alg in (("rsa", ("-newkey", "rsa:2048")),
                      ("p384", ("-newkey", "ec", "-pkeyopt",
                                "ec_paramgen_curve:P-384"))):
        refused(ca("utfarda", request(name, *alg), *who), 64, "P-256")
    der = bytearray(openssl("req", "-in", good, "-outform", "DER").stdout)
    der[-1] ^= 1  # the holder's signature
    pem = openssl("req", "-inform", "DER", "-outform", "PEM", data=bytes(der))
    refused(ca("utfarda", put("spoiled.csr", pem.stdout.decode()), *who), 64)
    refused(ca("utfarda", put("tom.csr", ""), *who), 64)
    refused(ca("utfarda", good, *who, losen=put("fel", "fel lösenfras\n")), 22)
    refused(ca("utfarda", good, *who, losen=None), 22, "--losen-fil")
    refused(ca("utfarda", good, "--katalog", CA, "--konto", "a/b", "--namn",
               "Bo"), 64)
    refused(ca("utfarda", good, "--katalog", CA, "--konto", "b", "--namn",
               "Bo/UID=chef07"), 64)
    os.chmod(os.path.join(CA, "ca.key"), 0o640)
    refused(ca("utfarda", good, *who), 64, "ca.key")
    os.chmod(os.path.join(CA, "ca.key"), 0o600)
    os.chmod(CA, 0o770)
    refused(ca("utfarda", good, *who), 64, CA)
    os.chmod(CA, 0o700)
    rows = ok(ca("lista", "--katalog", CA, losen=None)).stdout.splitlines()
    assert len(rows) == 2, rows
    assert 'konto=hl0142 ' in rows[0] and 'namn="Anna Åberg"' in rows[0], rows


def with_crl(name):
    return verify(name, "-crl_check", "-CRLfile", os.path.join(CA, "ca.crl"))


def number():
    out = ok(openssl("crl", "-in", os.path.join(CA, "ca.crl"), "-noout",
                     "-crlnumber")).stdout.decode()
    return int(out.strip().split("=")[1], 16)


def test_revocation():
    r = ok(issue("bo", konto="hl0143", namn="Bo Ask"))
    serial = re.search("serie=([0-9A-F]+)", r.stdout)[1]
    ok(openssl("crl", "-in", os.path.join(CA, "ca.crl"), "-noout", "-CAfile",
               os.path.join(CA, "ca.crt")))
    ok(with_crl("bo"))
    first = number()
    refused(ca("aterkalla", "00FF", "--katalog", CA), 22, "certifikat")
    ok(ca("aterkalla", serial, "--katalog", CA))
    r = with_crl("bo")
    assert r.returncode != 0 and b"revoked" in r.stderr, r
    ok(with_crl("anna"))
    assert number() == first + 1
    refused(ca("aterkalla", serial, "--katalog", CA), 64, "återkallat")
    ok(ca("sparrlista", "--katalog", CA))
    assert number() == first + 2 and with_crl("bo").returncode != 0
    rows = ok(ca("lista", "--katalog", CA, losen=None)).stdout.splitlines()
    assert [re.search("lage=([a-z]+)", x)[1] for x in rows] == [
        "giltigt", "giltigt", "aterkallat"], rows
    # The index is what `openssl ca` reads.
    conf = put("ca.conf", "[ca]\ndefault_ca=d\n[d]\ndatabase=%s\n" %
               os.path.join(CA, "index.txt"))
    r = openssl("ca", "-config", conf, "-status", serial)
    assert b"Revoked" in r.stdout + r.stderr, r


def test_a_spoiled_index_is_said():
    path = os.path.join(CA, "index.txt")
    with open(path) as f:
        whole = f.read()
    put("ca/index.txt", whole[:-30])
    assert ca("lista", "--katalog", CA).returncode == 64
    crl = number()
    assert ca("sparrlista", "--katalog", CA).returncode == 64
    assert number() == crl
    put("ca/index.txt", whole)


def test_at_a_terminal():
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(os.path.join(I.BUILD, "enfraga"),
                  ["enfraga", "ca", "init", at("ca2"), "--kommun", "Norrby"],
                  ENV)
    seen, said, end = b"", 0, time.time() + 30
    while time.time() < end:
        if not select.select([fd], [], [], 1)[0]:
            continue
        try:
            got = os.read(fd, 4096)
        except OSError:
            break
        seen += got
        if seen.count(b": ") > said and said < 2:
            said += 1
            os.write(fd, PASS.encode() + b"\n")
    os.close(fd)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, seen
    assert PASS.encode() not in seen, seen
    ok(openssl("pkey", "-in", at("ca2/ca.key"), "-passin", "pass:" + PASS,
               "-noout"))


def change_keys(x, keys):
    """In test nothing prompts: the account's own file has the passphrase."""
    x.check(x.enfraga("nycklar", "byt"))
    assert "bytt_av=hl0142" in x.enfraga("nycklar", "visa").stdout
    x.check(x.sign())
    assert x.enfraga("nycklar", "ny").returncode == 64  # there are keys
    x.check(x.enfraga("nycklar", "ny", "--ersatt"))
    ok(ca("utfarda", os.path.join(keys, "sign.csr"), "--katalog", CA, "--konto",
          "hl0142", "--namn", "Anna Ek", "--till", at("ny.crt")))
    x.check(x.enfraga("nycklar", "installera", at("ny.crt")))
    refused(x.sign(), 22, "intyga")
    r = x.check(x.enfraga("nycklar", "byt"))
    waits = re.search("[0-9a-f]{4}-[0-9a-f]{4}", r.stdout)[0]
    attest = ("nycklar", "attestera", "hl0142", "--nyckel", waits)
    assert x.enfraga(*attest, konto="chef07").returncode == 21  # not signed
    x.check(x.enfraga("forsakran", "skriv-under", "--behov", "--intrang",
                      "--tystnad", "--loggning", "--ort", "Sundby",
                      konto="chef07"))
    x.check(x.enfraga(*attest, konto="chef07"))
    assert "bytt_av=chef07" in x.enfraga("nycklar", "visa").stdout
    x.check(x.sign())


def revoked(x, cert):
    """A revoked certificate, while enfragad runs."""
    crl = os.path.join(x.dir, "keys", "ca.crl")
    assert x.ask().returncode in (0, 10, 11)
    ok(ca("sparrlista", "--katalog", CA))
    shutil.copy(os.path.join(CA, "ca.crl"), crl)
    assert x.ask().returncode in (0, 10, 11)  # of others
    serial = ok(openssl("x509", "-in", cert, "-noout", "-serial"))
    ok(ca("aterkalla", serial.stdout.decode().strip().split("=")[1],
          "--katalog", CA))
    shutil.copy(os.path.join(CA, "ca.crl"), crl)
    r = x.ask()
    assert r.returncode == 21 and "spärrat" in r.stderr, r
    asked = x.enfraga("arenden", "visa", I.ARENDE)
    assert asked.returncode == 21 and "spärrat" in asked.stderr, asked
    r = x.sign()
    assert r.returncode == 21 and "spärrat" in r.stderr, r
    assert "spärrat certifikat" in x.enfraga("forsakran", "visa").stdout
    assert "sparrlista lage=giltig" in x.enfraga("status").stdout
    # past its day: still used, and said
    late = str(datetime.datetime.now(datetime.timezone.utc).year + 1)
    x.stop()
    x.env["ENFRAGA_TID"] = late + "-06-01T12:00:00Z"
    r = x.enfragad_run("--instans", x.dir, "--kontrollera")
    assert "har gått ut" in r.stdout, r
    x.serve()
    assert x.ask().returncode == 21
    assert "sparrlista lage=utgangen" in x.enfraga("status").stdout
    x.stop()
    del x.env["ENFRAGA_TID"]
    x.serve()
    # what is no list refuses everybody, and says which file
    with open(crl, "w") as f:
        f.write("inte en lista\n")
    r = x.ask()
    assert r.returncode == 64 and "ca.crl" in r.stderr, r
    r = x.enfraga("status", konto="hl0143")  # who has none to judge
    assert "sparrlista lage=olaslig" in r.stdout, r
    r = x.enfragad_run("--instans", x.dir, "--kontrollera")
    assert r.returncode == 64 and "ca.crl" in r.stdout, r
    os.unlink(crl)
    assert x.ask().returncode in (0, 10, 11)


def test_enfragad_takes_it():
    x = I.Instance(None, sign=False)
    try:
        keys = os.path.join(x.dir, "anvandare", "hl0142")
        ok(openssl("req", "-new", "-key", os.path.join(keys, "sign.key"),
                   "-passin", "file:" + os.path.join(keys, "losen"), "-subj",
                   "/CN=x", "-out", at("own.csr")))
        trusted = os.path.join(x.dir, "keys", "ca.crt")
        with open(trusted) as f:
            own_ca = f.read()
        shutil.copy(os.path.join(CA, "ca.crt"), trusted)
        assert x.sign().returncode != 0  # the certificate is another CA's
        for konto, taken in (("hl0143", False), ("hl0142", True)):
            ok(ca("utfarda", at("own.csr"), "--katalog", CA, "--konto", konto,
                  "--namn", "Anna Ek", "--till",
                  os.path.join(keys, "sign.crt")))
            r = x.sign()
            assert (r.returncode == 0) == taken, r
        x.check(x.enfraga("forsakran", "visa"))
        with open(trusted, "a") as f:
            f.write(own_ca)
        change_keys(x, keys)
        assert "sparrlista lage=saknas" in x.enfraga("status").stdout
        revoked(x, os.path.join(keys, "sign.crt"))
        x.check(x.verify())
    finally:
        x.remove()


try:
    I.run([(n, f) for n, f in list(globals().items())
           if n.startswith("test_")])
finally:
    shutil.rmtree(TOP)
