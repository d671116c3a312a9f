# SPDX-License-Identifier: EUPL-1.2
"""Certificates for a test, by openssl, in a scratch directory."""
import os
import shutil
import subprocess
import tempfile

CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Certs:
    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="enfraga-certs-")

    def remove(self):
        shutil.rmtree(self.top, ignore_errors=True)

    def openssl(self, *args):
        subprocess.run(["openssl", *args], check=True, capture_output=True,
                       cwd=self.top)

    def ca(self, name):
        self.openssl("req", "-x509", *CURVE, "-days", "2", "-subj",
                     f"/CN={name}", "-keyout", f"{name}.key", "-out",
                     f"{name}.crt")

    def cert(self, name, ca, ext="extendedKeyUsage=clientAuth", days="2"):
        with open(os.path.join(self.top, "ext"), "w") as f:
            f.write(ext + "\n")
        self.openssl("req", *CURVE, "-subj", f"/CN={name}", "-keyout",
                     f"{name}.key", "-out", f"{name}.csr")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.crt",
                     "-CAkey", f"{ca}.key", "-CAcreateserial", "-days", days,
                     "-extfile", "ext", "-out", f"{name}.crt")

    def crt(self, name):
        return os.path.join(self.top, name + ".crt")

    def key(self, name):
        return os.path.join(self.top, name + ".key")
