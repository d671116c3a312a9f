#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Entries through a whole enfragad against SQLite's bare inserts of 500 bytes,
in one run, on the disk of TMPDIR (AUDIT 18):
  A1  one client               A2  the same, 1 ms more for each sync of both
  A3  eight clients            A5  their longest wait in 10,000 entries
The entry is a reading (`lasning`): as an intent it is signed, its försäkran,
case and person are checked, its payload is sealed, and it is synced before
its answer; nothing is sent. Medians over the rounds.

  bench_entries.py [--rounds N] [--entries N]"""
import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "e2e"))
import instance as I  # noqa: E402

BENCH = os.path.join(I.BUILD, "tests", "bench")
PERSON = I.CASES["arenden"][0]["personer"][0]["personnummer"]
KONTO = "hl0142"


class Local(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.host)


class Log:
    def __init__(self, sync_us):
        self.inst = I.Instance(None, "\n[server]\nanslutningar = 200\n",
                               serve=False)
        if sync_us:
            self.inst.env.update(ENFRAGA_SYNC_US=str(sync_us),
                                 LD_PRELOAD=os.path.join(BENCH,
                                                         "shim_sync.so"))
        self.inst.serve()
        self.inst.check(self.inst.sign())
        self.socket = os.path.join(self.inst.dir, "run", "enfraga.sock")

    def get(self, path):
        h = Local(self.socket)
        h.request("GET", path, headers={"Enfraga-Konto": KONTO})
        return json.loads(h.getresponse().read())

    def tool(self, name, *args, **more):
        env = dict(self.inst.env)
        if name == "gateway_posts":
            env.pop("LD_PRELOAD", None)
        return subprocess.run([os.path.join(BENCH, name), *map(str, args)],
                              env=env, check=True, **more)

    def raw(self, n):
        r = self.tool("bench_entries", "--raw", self.inst.top, n, 1,
                      stdout=subprocess.PIPE)
        return json.loads(r.stdout)["per_s"]

    def entries(self, clients, n):
        posts = os.path.join(self.inst.top, "posts")
        with open(posts, "wb") as f:
            self.tool("gateway_posts", self.inst.dir, KONTO, I.ARENDE, PERSON,
                      self.get("/v1/status")["origin"],
                      self.get("/v1/mig")["forsakran"]["sha256"], n,
                      "lasning", stdout=f)
        r = self.tool("bench_entries", self.socket, KONTO, posts, clients, n,
                      stdout=subprocess.PIPE)
        return json.loads(r.stdout)


def say(goal, value, unit, ratio, bound, words):
    holds = ratio >= bound if bound > 0 else ratio <= -bound
    print(f"{goal} {'holds' if holds else 'MISSED'}: {value:.0f} {unit}, "
          f"{ratio:.2f} {words} ({'>=' if bound > 0 else '<='} "
          f"{abs(bound):.2f})")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--entries", type=int, default=1000)
    a = p.parse_args()
    fast, slow = Log(0), Log(1000)
    try:
        fast.entries(1, 200)
        got = {k: [] for k in ("A1", "A2", "A3")}
        rate = {k: [] for k in got}
        for _ in range(a.rounds):
            raw = fast.raw(a.entries)
            for k, r in (("A1", fast.entries(1, a.entries)),
                         ("A3", fast.entries(8, a.entries))):
                rate[k].append(r["per_s"])
                got[k].append(r["per_s"] / raw)
            raw = slow.raw(a.entries // 2)
            r = slow.entries(1, a.entries // 2)
            rate["A2"].append(r["per_s"])
            got["A2"].append(r["per_s"] / raw)
        print("load", " ".join(f"{x:.1f}" for x in os.getloadavg()))
        for k, bound, words in (
                ("A1", .40, "of bare inserts"),
                ("A2", .85, "of bare inserts with the same slower disk"),
                ("A3", .90, "of bare inserts one at a time")):
            say(k, statistics.median(rate[k]), "entries/s",
                statistics.median(got[k]), bound, words)
        r = fast.entries(8, 10 * a.entries)
        say("A5", r["max_ms"], "ms", r["max_ms"] / r["median_ms"], -20,
            f"x the median of {r['median_ms']:.2f} ms, 8 clients, "
            f"{10 * a.entries} entries")
        say("A5", r["max_ms"], "ms", r["max_ms"], -100, "ms")
        assert fast.inst.verify().returncode == 0
    finally:
        fast.inst.remove()
        slow.inst.remove()


main()
