#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""From the last upstream byte to the complete JSON at the client: one
question at a time through enfragad with the log on, over loopback. Prints
p50 and p99 in ms. The upstream stamps the time behind its last write; the
client is `enfraga fraga --format json`, whose output is read to its end."""
import http.server
import os
import socketserver
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "e2e"))
import instance as I  # noqa: E402

I.need_shared()
ROUNDS = 40
CASE = os.path.join(I.SHARED, "tools", "ssbtek", "cases", "101-fk-rich",
                    "response.xml")
TEXT = open(CASE, encoding="utf-8").read()
stamp = [0.0]


class Up(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *a):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = TEXT.encode()
        time.sleep(0.05)
        self.send_response(200)
        self.send_header("Content-Type", "text/xml;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        stamp[0] = time.monotonic()


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Up)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
inst = I.Instance(f"http://127.0.0.1:{server.server_address[1]}/x",
                  "\n[grans]\nskur = 1000\n")
try:
    took = []
    for i in range(ROUNDS + 3):
        p = subprocess.Popen(
            [os.path.join(I.BUILD, "enfraga"), "--instans", inst.dir,
             "--konto", "hl0142", "fraga", "--arende", I.ARENDE, "--person",
             "sokande", "--syfte", "fortsatt", "--period",
             "2026-01-01..2026-06-30", "--kallor", "alla", "--skal", "matning",
             "--format", "json"], env=inst.env, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        last = 0.0
        size = 0
        while True:
            data = os.read(p.stdout.fileno(), 1 << 20)
            if not data:
                break
            last = time.monotonic()
            size += len(data)
        rc = p.wait()
        assert rc in (0, 10), rc
        if i >= 3:
            took.append((last - stamp[0]) * 1000)
    took.sort()
    print(f"last upstream byte to complete JSON ({len(TEXT)} bytes in, {size} "
          f"out): p50 {statistics.median(took):.2f} ms, "
          f"p99 {took[int(len(took) * 0.99) - 1]:.2f} ms, {ROUNDS} rounds")
finally:
    inst.remove()
    server.shutdown()
