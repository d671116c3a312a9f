# SPDX-License-Identifier: EUPL-1.2
"""A case system's client of SSBTEK, as small as one can be: writes a question,
posts it, and holds every answer against the service's XSD. It knows nothing
of who answers."""
import base64
import http.client
import json
import os
import socket
import subprocess
import tempfile
from xml.etree import ElementTree as ET

import instance as I

AUTHORITIES = ("AF", "CSN", "FK", "SKV", "SO", "TNS", "MIV")
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SSBT = "http://schema.forsakringskassan.se/integration/ssbt/"
SYFTE = ("Utredning och beslut i ärende om ekonomiskt bistånd (12 kap. "
         "socialtjänstlagen)")
LAGTEXT = ("15 kap. 10-12 §§ socialtjänstlagen (2025:400) samt 2-7 §§ "
           "förordningen (2008:975) om uppgiftsskyldighet i vissa fall på "
           "socialtjänstens område")
PARTS = ("foretagsinformation", "individuppgifter", "skattekonto",
         "skatteuppgifter", "beskattningsbilagor")


def xsd(version):
    return os.path.join(
        I.SHARED, "contract", f"v{version}", "se", "forsakringskassan",
        "schema", "integration", "ssbt", f"_{version}",
        f"sammansatt_bastjanst_v{version}.xsd")


def esc(s):
    return s.replace("&", "&amp;").replace("<", "&lt;")


class Question:
    """A question with everything in its place, and each thing to change."""

    def __init__(self, person, arende, **more):
        self.version, self.person, self.arende = "10", person, arende
        self.sources, self.id, self.echo = AUTHORITIES, "k-1", "false"
        self.when, self.handlaggare = "2026-11-24T14:32:07+01:00", "hl0142"
        self.orgnr, self.namn = "162120000001", "Sundby kommun"
        self.period = ("2026-09-01", "2026-11-30")
        self.syfte, self.lagtext, self.aktor = SYFTE, LAGTEXT, "999-01"
        self.codes = {"formansinformation": ["FK:ABB"], "ansprak": ["PM:AP"],
                      "utbetalningar": ["FK:ABB", "PM:AP"],
                      "ovrigInformation": ["FK:GEPI"]}
        self.skv, self.inside, self.drop = True, {}, ()
        self.prefix = "s:"
        self.__dict__.update(more)

    def el(self, name, text):
        if name in self.drop:
            return ""
        return f"<{self.prefix}{name}>{text}</{self.prefix}{name}>"

    def days(self):
        return self.el("tidsperiod", self.el("fromDatum", self.period[0]) +
                       self.el("tomDatum", self.period[1]))

    def fk(self):
        lefi = {"personnummer": self.person,
                "period": {"from": self.period[0], "tom": self.period[1]},
                **self.codes}
        b64 = base64.b64encode(json.dumps(lefi).encode()).decode()
        return self.el("fraga", self.el("version", "v9") +
                       self.el("aktorsid", self.aktor) +
                       self.el("lefiJsonFraga", b64))

    def authority(self, a):
        inside = self.inside.get(a, "")
        on = a in self.sources
        if a == "FK" and on and not inside:
            inside = self.fk()
        if a == "SKV" and on and self.version == "11" and self.skv:
            y = int(self.period[1][:4])
            inside = self.el("fraga", "".join(
                [self.el("ar", str(y - 2)), self.el("ar", str(y - 1))] +
                [self.el(p, "true") for p in PARTS]))
        p = self.prefix
        return (f'<{p}{a} inkludera="{"true" if on else "false"}">{inside}'
                f'</{p}{a}>')

    def call(self):
        general = (
            (self.el("frageTidpunkt", self.when) if self.when else "") +
            (self.el("korrelationsid", esc(self.id)) if self.id else "") +
            self.el("fraganSkallInkluderasISvaret", self.echo) +
            self.el("ingivare",
                    self.el("organisationsnummer", self.orgnr) +
                    self.el("namn", esc(self.namn)) +
                    self.el("handlaggare", esc(self.handlaggare))) +
            self.el("personidentitet", self.person) +
            self.el("arendeidentitet", esc(self.arende)) + self.days() +
            self.el("syfte", esc(self.syfte)) +
            self.el("lagtext", esc(self.lagtext)))
        return (self.el("generellaFrageparametrar", general) +
                self.el("specifikaFrageparametrar",
                        "".join(self.authority(a) for a in AUTHORITIES)))

    def xml(self):
        p = self.prefix
        ns = f'xmlns{":" + p[:-1] if p else ""}="{SSBT}{self.version}"'
        return ('<?xml version="1.0" encoding="UTF-8"?>'
                f'<e:Envelope xmlns:e="{SOAP}"><e:Header/><e:Body>'
                f'<{p}hamtaBastjanstInformation {ns}>{self.call()}'
                f'</{p}hamtaBastjanstInformation></e:Body></e:Envelope>')


def testa(version="10"):
    return (f'<e:Envelope xmlns:e="{SOAP}"><e:Body>'
            f'<testaBastjanstInformation xmlns="{SSBT}{version}"/>'
            '</e:Body></e:Envelope>')


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self.path)


def post(connection, body, version="10", headers=None):
    """(HTTP status, the answer's bytes), one call a connection."""
    if isinstance(body, Question):
        version, body = body.version, body.xml()
    h = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
    h.update(headers or {})
    h = {k: v for k, v in h.items() if v is not None}
    try:
        connection.request("POST", f"/ssbtek/v{version}",
                           body.encode() if isinstance(body, str) else body, h)
        r = connection.getresponse()
        got = r.read()
        if r.status != 404:
            assert r.getheader("Content-Type").startswith("text/xml"), got
        return r.status, got
    finally:
        connection.close()


class Answer:
    """What came back, read by its names; valid by the XSD, or it says why."""

    def __init__(self, status, text, version="10"):
        self.status, self.text, self.version = status, text, version
        self.ns = "{%s%s}" % (SSBT, version)
        root = ET.fromstring(text)
        assert root.tag == "{%s}Envelope" % SOAP, root.tag
        self.body = root.find("{%s}Body" % SOAP)[0]
        self.fault = self.body.tag == "{%s}Fault" % SOAP
        assert self.fault == (status == 500), (status, text)

    def find(self, *path):
        e = self.body
        for p in path:
            e = e.find(self.ns + p) if e is not None else None
        return e

    def one(self, *path):
        e = self.find(*path)
        return None if e is None else e.text or ""

    def sources(self):
        """AF -> "data", or the felkod of its error."""
        out = {}
        for e in self.find("svarsdata"):
            if e.find(self.ns + "error") is not None:
                out[e.tag[len(self.ns):]] = e.find(
                    self.ns + "error").find(self.ns + "felkod").text
            else:
                out[e.tag[len(self.ns):]] = "data"
        return out

    def element(self, name):
        return self.find("svarsdata", name)

    def felkod(self, call="hamta"):
        """Of a fault: (faultcode, felkod, texts); felkod None without detail."""
        assert self.fault, self.text
        detail = self.body.find("detail")
        code = self.body.find("faultcode").text.split(":")[1]
        if detail is None:
            return code, None, [self.body.find("faultstring").text]
        f = detail.find(f"{self.ns}{call}BastjanstInformationFault")
        return (code, f.find(self.ns + "felkod").text,
                [t.text for t in f.findall(self.ns + "felmeddelande")])

    def validate(self):
        """By our own schema, and against the XSD, also a fault's detail."""
        problem = xmllint(self.text, "--relaxng", os.path.join(
            I.SRC, "data", "rng", f"ssbtek-svar-v{self.version}.rng"))
        assert not problem, problem
        e = self.body
        if self.fault:
            if e.find("detail") is None:
                return
            e = e.find("detail")[0]
        problem = invalid(e, self.version)
        assert not problem, problem


def invalid(element, version):
    return xmllint(ET.tostring(element), "--schema", xsd(version))


def xmllint(document, how, schema):
    with tempfile.NamedTemporaryFile(suffix=".xml") as f:
        f.write(document)
        f.flush()
        r = subprocess.run(["xmllint", "--nonet", "--noout", how, schema,
                            f.name], capture_output=True, text=True,
                           timeout=60)
    return r.stderr if r.returncode else ""
