#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The road to SSBTEK by mutual TLS: asked and answered with the right
certificates; with none, with another CA's and towards an unknown server the
states say so, in words, and nothing looks like an answer."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

I.need_shared()
top = tempfile.mkdtemp(prefix="enfraga-tls-")


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True,
                   cwd=top)


def make_ca(name):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.crt")


def make_cert(name, ca, ext):
    with open(os.path.join(top, "ext"), "w") as f:
        f.write(ext)
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key",
            "-out", f"{name}.csr")
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.crt",
            "-CAkey", f"{ca}.key", "-CAcreateserial", "-days", "2",
            "-extfile", "ext", "-out", f"{name}.crt")


def path(name):
    return os.path.join(top, name)


for ca in ("good-ca", "other-ca"):
    make_ca(ca)
make_cert("server", "good-ca", "subjectAltName=IP:127.0.0.1\n")
make_cert("client", "good-ca", "extendedKeyUsage=clientAuth\n")
make_cert("stranger", "other-ca", "extendedKeyUsage=clientAuth\n")

fake = I.Fake("--strict", "--echo-id", "--case", "110-three-errors",
              "--tls-cert", path("server.crt"), "--tls-key",
              path("server.key"), "--client-ca", path("good-ca.crt"))


def conf(ca, cert):
    text = f"\n[upstream]\nca = {path(ca + '.crt')}\n"
    if cert:
        text += (f"certifikat = {path(cert + '.crt')}\n"
                 f"nyckel = {path(cert + '.key')}\n")
    return text


def ask(ca, cert):
    inst = I.Instance(fake.url, conf(ca, cert))
    try:
        r = inst.ask()
        check = inst.enfragad_run("--instans", inst.dir, "--kontrollera")
        return r, json.loads(r.stdout), check
    finally:
        inst.remove()


def test_right_certificates_are_answered():
    r, svar, check = ask("good-ca", "client")
    assert r.returncode == 10, r.stderr
    assert I.states(svar)["FK"] == "svar"
    assert check.returncode == 0, check.stdout


def refused(r, svar, words=("certifikat",)):
    assert r.returncode == 11, (r.returncode, r.stderr)
    for k in svar["kallor"]:
        assert k["lage"] == "fel", k
        assert k["fel"]["kalla"] == "ENFRAGA", k
        assert k["fel"]["felkod"] in words, k


# With TLS 1.3 the server refuses after our handshake is done, and its alert
# may be lost to the reset that follows: then all we know is the network.
LATE = ("certifikat", "nat")


def test_no_client_certificate():
    refused(*ask("good-ca", None)[:2], LATE)


def test_client_certificate_of_another_ca():
    refused(*ask("good-ca", "stranger")[:2], LATE)


def test_server_of_an_unknown_ca():
    refused(*ask("other-ca", "client")[:2])


try:
    I.run([(f.__name__[5:], f) for f in
           (test_right_certificates_are_answered, test_no_client_certificate,
            test_client_certificate_of_another_ca,
            test_server_of_an_unknown_ca)])
finally:
    fake.stop()
    subprocess.run(["rm", "-rf", top], check=True)
