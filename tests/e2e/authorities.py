# SPDX-License-Identifier: EUPL-1.2
"""Seven authorities on loopback, each in its own contract, for the tests of
upstream.typ = bastjanster: what they were asked is kept, and each may behave
badly in a way of its own. The answers are written here, apart from those of
the simulated authorities in src/training."""
import http.server
import json
import re
import socketserver
import ssl
import threading

PERSON = "197407029284"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SKV = "http://beskattningws.ws.service.bs.zg.rsv.se/"
LEFI = "/lefi-extern-formansinformation/v9/aktorer/999-01/"


def envelope(body):
    return (f'<?xml version="1.0"?><e:Envelope xmlns:e="{SOAP}"><e:Body>'
            f"{body}</e:Body></e:Envelope>")


def fault(text, detail=""):
    return envelope("<e:Fault><faultcode>e:Server</faultcode><faultstring>"
                    f"{text}</faultstring>{detail}</e:Fault>")


def af(person):
    return ('<SvarMeddelande xmlns="http://api.arbetsformedlingen.se/'
            'arbetssokande/ersattningsstod/v2"><Svar><Schemaversion>4.0'
            "</Schemaversion><Referensnummer>x</Referensnummer><LagParagraf>x"
            "</LagParagraf><IdentitetsbeteckningFysiskPerson>"
            f"{person}</IdentitetsbeteckningFysiskPerson><Fornamn>Anna"
            "</Fornamn><StatusSokandeinformationKod>0"
            "</StatusSokandeinformationKod><StatusSokandeinformationKodText>"
            "OK</StatusSokandeinformationKodText></Svar></SvarMeddelande>")


def csn(person):
    kinds = ["Studiemedel", "Studiehjalp", "HemutrustningsLan",
             "Studiestartsstod", "Omstallningsstudiestod"]
    counts = "".join(f"<{k}>0</{k}>" for k in
                     ["studiemedel", "studiehjalp", "hemutrustningslan",
                      "studiestartsstod", "omstallningsstudiestod"])
    return ('<CSNSvar xmlns="http://schema.csn.se/v4.0/kommunfraga" '
            'schemaVersion="4.0"><GemensamtSvarEkbistand><Resultat>'
            "<ResultatKod>0</ResultatKod><ResultatText>OK</ResultatText>"
            "</Resultat></GemensamtSvarEkbistand><Personer>"
            f'<Person personnummer="{person[2:]}" sekel="{person[:2]}">'
            f"<Studiestodstypforteckning>{counts}</Studiestodstypforteckning>"
            + "".join(f"<{k}/>" for k in kinds)
            + "</Person></Personer></CSNSvar>")


def skv(person):
    inner = ('<SvarBeskattningsuppgifterEnligtSFS2008-975 xmlns="http://xmls.'
             "skatteverket.se/se/skatteverket/zg/instans/standardiserad"
             'Information/1.0"><PersonuppgiftLista/>'
             "</SvarBeskattningsuppgifterEnligtSFS2008-975>")
    return (f'<s:BeskattningsuppgifterResponse xmlns:s="{SKV}"><svar>'
            f"<![CDATA[{inner}]]></svar></s:BeskattningsuppgifterResponse>")


def so(person):
    return ('<GetUnemploymentBenefitPaymentResponse xmlns="http://INT014.'
            'UBPService.Schemas"><IdentificationNumber>'
            f"{person}</IdentificationNumber><ArbetsloshetsersattningLista>"
            "<Arbetsloshetsersattning><SvarandeOrganisation>A-kassa Prov"
            "</SvarandeOrganisation><StatusSvarandeOrganisation>1"
            "</StatusSvarandeOrganisation><Utbetalningar><Utbetalningsdatum>"
            "2026-03-25</Utbetalningsdatum><NettoEfterSkatt>8100.50"
            "</NettoEfterSkatt><NettoEfterAvdrag>8000.50</NettoEfterAvdrag>"
            "<Ersattningsdagar>10</Ersattningsdagar><AvserFrom>2026-03-01"
            "</AvserFrom><AvserTom>2026-03-14</AvserTom></Utbetalningar>"
            "</Arbetsloshetsersattning></ArbetsloshetsersattningLista>"
            "</GetUnemploymentBenefitPaymentResponse>")


def tns(person):
    return ('<HamtaUppgifterResponse xmlns="http://schema.transportstyrelsen.'
            'se/ssbtek/hamtauppgifterresponder/1"><resultat>OK</resultat>'
            "<fordonsinnehav/></HamtaUppgifterResponse>")


def miv(person):
    return ('<m:findByPersonnummerResponse xmlns:m="http://schema.migrations'
            'verket.se/ssbtek/1/"><response><correlationid>1</correlationid>'
            f"<personnummer>{person}</personnummer><svarCollection/>"
            "</response></m:findByPersonnummerResponse>")


def deliverers():
    return [{"utlamnare": {"kod": k, "namn": k}, "tillstand": {"kod": "OK"}}
            for k in ("FK", "PM")]


def fk(person):
    paid = {"typ": {"id": 1}, "foretag": {"id": 1001},
            "formansfamilj": {"id": "BB", "beskrivning": "Barnbidrag"},
            "datum": "2026-03-20", "nettobelopp": {"summa": 2650.00,
                                                   "valuta": "SEK"}}
    return {"utlamnare": deliverers(), "avvikelser": {},
            "formansinformation": {
                "generellPersoninformation": [
                    {"personnummer": person, "skyddad": False}],
                "utbetalningsuppgift": [paid]},
            "utbetalningar": [], "preliminaraUtbetalningar": [],
            "ansprak": [], "beslut": []}


WRITERS = {"AF": af, "CSN": csn, "SKV": skv, "SO": so, "TNS": tns, "MIV": miv}
REQUESTS = {"AF": "FragaMeddelande", "CSN": "SBNUppgEkBistandBegar",
            "SKV": "BeskattningsuppgifterRequest",
            "SO": "GetUnemploymentBenefitPaymentRequest",
            "TNS": "HamtaUppgifter", "MIV": "findByPersonnummer"}
DETAIL = {
    "SKV": f'<detail><s:Exception xmlns:s="{SKV}"><MeddelandeKod>9071001'
           "</MeddelandeKod><MeddelandeText>Tjänsten är stängd."
           "</MeddelandeText></s:Exception></detail>",
    "MIV": '<detail><m:SSBTEKSoapException xmlns:m="http://schema.migrations'
           'verket.se/ssbtek/1/"><faultCode>M7</faultCode><faultString>Stopp'
           "</faultString></m:SSBTEKSoapException></detail>",
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *a):
        pass

    def send(self, status, kind, data):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path == "/fk" + LEFI + "tillgangligaInformationstyper":
            self.server.owner.kinds += 1
            self.send(200, "application/json", json.dumps(
                {"utlamnare": deliverers()}).encode())
        else:
            self.send(404, "text/plain", b"")

    def do_POST(self):
        owner = self.server.owner
        source = self.path.split("/")[1].upper()
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if owner.on_request:
            owner.on_request(source)
        owner.requests.append((source, self.path, dict(self.headers), body))
        try:
            self.answer(source, owner.modes.get(source, "normal"), owner)
        except OSError:
            self.close_connection = True

    def answer(self, source, mode, owner):
        person = "198503129804" if mode == "wrong" else PERSON
        if source == "FK":
            data = json.dumps(fk(person)).encode()
            kind = "application/json"
        else:
            data = envelope(WRITERS[source](person)).encode()
            kind = "text/xml; charset=utf-8"
        if mode == "hang":
            owner.released.wait(20)
            self.close_connection = True
        elif mode == "garbage":
            self.send(200, kind, b"\x00<<<" + data[:50])
        elif mode == "http500":
            self.send(500, "text/html", b"<html>500</html>")
        elif mode == "http503":
            self.send(503, "text/html", b"<html>503</html>")
        elif mode == "fault":
            self.send(500, kind, fault("Tekniskt fel",
                                       DETAIL.get(source, "")).encode())
        elif mode == "lefi403":
            self.send(403, kind, json.dumps(
                {"meddelande": "Aktören är okänd.",
                 "timestamp": "2026-11-21T10:00:00Z"}).encode())
        elif mode == "cut":
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[:len(data) // 2])
            self.close_connection = True
        elif mode == "huge":
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(1 << 30))
            self.end_headers()
            for _ in range(20):
                self.wfile.write(b" " * (1 << 20))
            self.close_connection = True
        else:
            self.send(200, kind, data)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


class Authorities:
    """All seven, at BASE/af ... BASE/miv; port 0: any."""

    def __init__(self, port=0, tls=None, drop_first=0):
        self.requests, self.modes, self.kinds = [], {}, 0
        self.on_request = None
        self.released = threading.Event()
        self.dropped = 0
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.owner = self
        self.port = self.server.server_address[1]
        if tls:
            self.wrap(tls, drop_first)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever,
                         kwargs={"poll_interval": 0.05}, daemon=True).start()

    def wrap(self, tls, drop_first):
        """TLS; the first connections end before the handshake."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        plain = self.server.get_request

        def get_request():
            peer, address = plain()
            if self.dropped < drop_first:
                self.dropped += 1
                peer.close()
                raise OSError("dropped")
            peer.settimeout(10)
            return context.wrap_socket(peer, server_side=True), address

        self.server.get_request = get_request

    def asked(self, source):
        return [r for r in self.requests if r[0] == source]

    def reset(self, **modes):
        self.requests.clear()
        self.modes = modes

    def stop(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


def free_port():
    with socketserver.TCPServer(("127.0.0.1", 0), None) as s:
        return s.server_address[1]


def texts(body, name):
    """Texts of the elements of that name, whatever their prefix."""
    return re.findall(rf"<(?:\w+:)?{name}>([^<]*)<", body)

