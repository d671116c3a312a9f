#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""enfragad among clients that behave badly: forty that ask for the whole log
and read none of it, some that leave midway, one that sends too much, and more
than there is room for. What it holds for them is bounded, the others are
served, and it stops in time with some of them still there.

Leaves out: uids other than one's own (tests/unit/net/test_serve)."""
import json
import os
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

I.need_shared()
ROWS = 4000
EXPORTS = 40
HELD_KIB = 40 * 1024

fake = I.Fake("--strict")
inst = I.Instance(fake.url)


def connect():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(60)
    s.connect(os.path.join(inst.dir, "run", "enfraga.sock"))
    return s


def get(path, konto="chef07"):
    return (f"GET {path} HTTP/1.1\r\nHost: x\r\n"
            f"Enfraga-Konto: {konto}\r\n\r\n").encode()


def status(s):
    got = b""
    while b"\r\n" not in got:
        more = s.recv(4096)
        assert more, got
        got += more
    return int(got.split()[1]), got


def served():
    s = connect()
    s.sendall(get("/v1/status"))
    assert status(s)[0] == 200
    s.close()


def resident_kib():
    with open(f"/proc/{inst.daemon.pid}/status") as f:
        return int(next(x for x in f if x.startswith("VmRSS")).split()[1])


def threads_idle(seconds):
    """Whether enfragad used next to no processor for so long."""
    def used():
        with open(f"/proc/{inst.daemon.pid}/stat") as f:
            w = f.read().rsplit(")", 1)[1].split()
        return (int(w[11]) + int(w[12])) / os.sysconf("SC_CLK_TCK")
    before = used()
    time.sleep(seconds)
    return used() - before < seconds / 5


def whole(s):
    """The body of a chunked answer, or None where it was cut."""
    f = s.makefile("rb")
    assert f.readline().split()[1] == b"200"
    while f.readline() != b"\r\n":
        pass
    body = b""
    while True:
        n = int(f.readline() or b"-1", 16)
        if n <= 0:
            return body if n == 0 else None
        body += f.read(n)
        f.readline()


def fill():
    """Refusals are entries, and cheap ones."""
    s = [connect() for _ in range(8)]
    for n in range(0, ROWS, len(s)):
        for c in s:
            c.sendall(get("/v1/logg/export", "hl0142"))
        for c in s:
            assert status(c)[0] == 403
    for c in s:
        c.close()


def test_exports_that_nobody_reads():
    fill()
    s = connect()
    s.sendall(get("/v1/logg/export"))
    size = len(whole(s))
    s.close()
    assert size * EXPORTS > 2 * HELD_KIB * 1024, size  # or nothing is shown
    before = resident_kib()
    readers = [connect() for _ in range(EXPORTS)]
    for r in readers:
        r.sendall(get("/v1/logg/export"))
    time.sleep(2)
    assert threads_idle(1), "the log is still read for nobody"
    held = resident_kib() - before
    print(f"  {EXPORTS} exports of {size >> 10} KiB: {held} KiB held")
    assert I.SANITIZED or held < HELD_KIB, held
    served()
    for r in readers[:20]:
        r.close()
    served()
    for r in readers[20:25]:
        json.loads(whole(r))
    for r in readers:
        r.close()


def test_export_stops_when_its_reader_leaves():
    for _ in range(20):
        s = connect()
        s.sendall(get("/v1/logg/export"))
        s.recv(1000)
        s.close()
    time.sleep(0.5)
    assert threads_idle(1)
    served()


def test_too_large_before_anyone_is_known():
    for path, n, want in [("/v1/fragor", 300 << 10, 413),
                          ("/v1/nothing", 300 << 10, 413),
                          ("/v1/arenden/import", 9 << 20, 413),
                          ("/v1/arenden/import", 3 << 20, 400)]:
        s = connect()
        s.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\n"
                  f"Content-Length: {n}\r\n\r\n".encode())
        s.sendall(b"x" * n)
        got, text = status(s)
        assert got == want, (path, n, got, text)
        s.close()


def test_more_than_there_is_room_for():
    many = [connect() for _ in range(64)]
    last = connect()
    assert status(last)[0] == 503
    many[0].sendall(get("/v1/status"))
    assert status(many[0])[0] == 200
    for s in many:
        s.close()
    served()


def test_stop_with_readers_there():
    readers = [connect() for _ in range(EXPORTS)]
    for r in readers:
        r.sendall(get("/v1/logg/export"))
    time.sleep(0.5)
    at = time.monotonic()
    inst.stop()
    took = time.monotonic() - at
    assert took < 10, took
    for r in readers:
        r.close()


tests = [(k, v) for k, v in list(globals().items()) if k.startswith("test_")]
try:
    I.run(tests)
finally:
    inst.remove()
    fake.stop()
