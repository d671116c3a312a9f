#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Every way in which the fake service behaves, good and bad, and two of our
own: each ends within the limit in a stated state, nothing is published from
an envelope that was not whole, memory stays low, and the log holds.

Leaves out: what each decoder reads (contract tests), power loss (faults)."""
import base64
import http.server
import json
import os
import socketserver
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

I.need_shared()

ALL = ["AF", "CSN", "FK", "PM", "SKV", "SO", "TNS", "MIV"]
GOOD = {"svar", "inga_uppgifter"}
LIMIT_S, SECONDS = 4, 8  # time to meet a ceiling first
MEMORY_KIB = 64 * 1024


def every(*words):
    return {k: set(words) for k in ALL}


def as_case(**other):
    """As the answer of case 110, but for what other says."""
    d = {"AF": {"inga_uppgifter"}, "CSN": {"fel"}, "FK": {"svar"},
         "PM": {"inga_uppgifter"}, "SKV": {"inga_uppgifter"}, "SO": {"fel"},
         "TNS": {"inga_uppgifter"}, "MIV": {"fel"}}
    d.update({k: set(v) for k, v in other.items()})
    return d


# What each mode must become; a mode that is not here fails the test, so that
# a new one is thought about.
EXPECT = {
    "normal": (as_case(), {}),
    "delay": (as_case(), {"delay": 1}),
    "drip": (as_case(), {"delay": 1}),
    "hang": (every("tidsgrans"), {}),
    "drop": (every("fel", "olasligt"), {}),
    "reset": (every("fel"), {}),
    "drop-mid": (every("olasligt"), {}),
    "fault": (every("fel"), {}),
    "fault200": (every("fel"), {}),
    "fault-bare": (every("fel"), {}),
    "http500": (every("fel"), {}),
    "http503": (every("fel", "otillganglig"), {}),
    "http403": (every("fel", "ej_behorig"), {}),
    "redirect": (every("fel"), {}),
    "huge": (every("fel"), {}),
    "huge-comment": (every("fel"), {}),
    "endless": (every("fel", "tidsgrans"), {"size": 200}),
    "deep": (every("fel", "olasligt"), {}),
    "truncated": (every("olasligt"), {}),
    "notxml": (every("olasligt"), {}),
    "empty": (every("olasligt"), {}),
    "xxe": (every("fel", "olasligt"), {}),
    "xxe-inner": (as_case(CSN={"olasligt"}, SKV={"olasligt"}), {}),
    "laughs": (every("fel", "olasligt"), {}),
    "laughs-inner": (as_case(CSN={"olasligt"}, SKV={"olasligt"}), {}),
    "wrong-type": (as_case(), {}),
    "soap12": (as_case(), {}),
    "latin1": (as_case(), {}),
    "utf16": (as_case(), {}),
    "bom": (as_case(), {}),
    "gzip": (every("olasligt", "fel"), {}),
    "chunked": (as_case(), {}),
    "error": (as_case(AF={"fel"}, FK={"fel"}, PM={"fel"}),
              {"error": "AF,FK"}),
    "broken-base64": (as_case(FK={"olasligt"}, PM={"olasligt"}), {}),
    # TNS and the empty SKV name nobody; every other source does
    "other-person": (as_case(AF={"fel"}), {}),
    "wrong-id": (every("fel"), {}),
}

fake = I.Fake("--strict", "--echo-id", "--case", "110-three-errors")
inst = I.Instance(fake.url, f"\n[grans]\nfraga_s = {LIMIT_S}\n"
                            "skur = 1000\ndagstak = 1000\n")


def judge(r, want, seconds):
    assert seconds < SECONDS, f"took {seconds:.1f} s"
    assert r.returncode in (0, 10, 11), (r.returncode, r.stderr)
    svar = json.loads(r.stdout)
    got = I.states(svar)
    wrong = {k: v for k, v in got.items() if v not in want[k]}
    assert not wrong, (wrong, r.stderr, inst.stderr()[-600:])
    whole = {k: v for k, v in got.items() if v not in GOOD | {"delsvar"}}
    for u in svar["utbetalningar"]:
        assert u["kalla"] not in whole, ("content from", u["kalla"])
    for k in svar["kallor"]:
        if k["lage"] in ("fel", "tidsgrans", "olasligt"):
            assert k["fel"]["felkod"] and k["fel"]["meddelande"], k
    assert "KANARIE" not in r.stdout + r.stderr
    return svar


def ask(want):
    began = time.monotonic()
    r = inst.ask()
    return judge(r, want, time.monotonic() - began)


def mode_test(mode):
    def test():
        want, cfg = EXPECT[mode]
        fake.control(**{"mode": mode, "delay": 0, "size": 50, "error": "",
                        **cfg})
        ask(want)
    return test


class Own(http.server.BaseHTTPRequestHandler):
    """Two hostile answers that the fake service does not have."""
    protocol_version = "HTTP/1.1"
    kind = "tag"

    def log_message(self, *a):
        pass

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        kid = raw.split("korrelationsid>")[1].split("<")[0]
        self.send_response(200)
        self.send_header("Content-Type", "text/xml;charset=UTF-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for piece in tag() if Own.kind == "tag" else nodes(kid):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True


HEAD = ('<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
        '<soap:Body><s:hamtaBastjanstInformationResponse xmlns:s="http://schema'
        '.forsakringskassan.se/integration/ssbt/10">')


def tag():
    """One tag of 8 MiB whose attribute is '>' upon '>', 200 bytes a time."""
    yield (HEAD + '<s:svarsdata x="').encode()
    for _ in range(8 * 1024 * 1024 // 200):
        yield b">" * 200


def nodes(kid):
    """FK's JSON is an array of a million nodes, well under an answer's size."""
    doc = base64.b64encode(b'{"utlamnare":[' + b"0," * 499999 + b"0]}")
    yield (HEAD + f"<s:korrelationsid>{kid}</s:korrelationsid><s:svarsdata>"
           "<s:FK><s:data><s:lefiJsonSvar>").encode()
    for i in range(0, len(doc), 16384):
        yield doc[i:i + 16384]
    yield (b"</s:lefiJsonSvar></s:data></s:FK></s:svarsdata>"
           b"</s:hamtaBastjanstInformationResponse></soap:Body>"
           b"</soap:Envelope>")


def own_test(kind, want):
    def test():
        Own.kind = kind
        global inst
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Own)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        inst.stop()
        conf = os.path.join(inst.dir, "enfragad.conf")
        text = open(conf).read()
        port = server.server_address[1]
        with open(conf, "w") as f:
            f.write(text.replace(fake.url, f"http://127.0.0.1:{port}/x"))
        try:
            inst.serve()
            ask(want)
        finally:
            memory()
            inst.stop()
            with open(conf, "w") as f:
                f.write(text)
            inst.serve()
            server.shutdown()
            server.server_close()
    return test


def memory():
    if not I.SANITIZED:
        kib = inst.high_water_kib()
        assert kib < MEMORY_KIB, f"{kib} KiB"


def test_every_mode_is_known():
    assert sorted(fake.get("/__modes")) == sorted(EXPECT)


def test_memory_stays_low():
    memory()


def test_no_entity_was_fetched():
    assert not [r for r in fake.get("/__requests") if "xxe_fetched" in r]
    assert not inst.files_hold("KANARIE")


def test_log_holds_after_all_of_it():
    inst.stop()
    left = os.listdir(inst.dir)
    assert not [f for f in left if f.endswith(("-wal", "-shm"))], left
    r = inst.verify()
    assert r.returncode == 0, r.stdout + r.stderr


def test_no_personnummer_outside_the_stores():
    """stderr is what syslog would get."""
    assert I.PERSON not in inst.stderr()


try:
    I.run([("every_mode_is_known", test_every_mode_is_known)]
          + [("mode_" + m.replace("-", "_"), mode_test(m)) for m in EXPECT]
          + [("memory_stays_low", test_memory_stays_low),
             ("tag_of_megabytes", own_test("tag", every("fel", "olasligt"))),
             ("json_of_a_million_nodes",
              own_test("nodes", {**every("saknas"), "FK": {"olasligt", "fel"},
                                 "PM": {"olasligt", "fel"}})),
             ("no_entity_was_fetched", test_no_entity_was_fetched),
             ("no_personnummer_outside_the_stores",
              test_no_personnummer_outside_the_stores),
             ("log_holds_after_all_of_it", test_log_holds_after_all_of_it)])
finally:
    inst.remove()
    fake.stop()
