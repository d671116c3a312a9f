#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""enfragad as a gateway beside its peers, in one run: seven authorities on
loopback, each in its own contract, asked with signed questions of a `system`
account and the log on. Phases as in gw_bench.py of ENFRAGA_SHARED:
  A  one at a time, delays 20..140 ms     B  32 at a time, 327 KB a question
  C  32 at a time, 30 KB a question       D  1000 at once, 3 s of delay
enfragad runs on core 0, the driver on core 1. Prints figures, then each gate
of PERFORMANCE 4 with its ratio; medians over the rounds. Peers that are not
there are named and left out.

  bench_gateway.py [--rounds N] [--phases ABCD] [--without-peers]"""
import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "e2e"))
import instance as I  # noqa: E402

I.need_shared()
TOOLS = os.path.join(I.SHARED, "tools", "bench")
SAMPLES = os.path.join(I.SRC, "data", "samples", "bastjanst")
PORT, KONTO, PERSON = 18081, "sys01", "198503129804"
# Size in KB and, to grow by, what may come again in each contract's answer.
SOURCES = [("AF", "af.xml", "<er:Beslut>", "</er:Beslut>"),
           ("CSN", "csn.xml", "<sm:Utbetalning>", "</sm:Utbetalning>"),
           ("FK", "fk.json", None, None),
           ("SKV", "skv.xml", "<besko:Kapitaluppgift>",
            "</besko:Kapitaluppgift>"),
           ("SO", "so.xml", "<Utbetalningar>", "</Utbetalningar>"),
           ("TNS", "tns.xml", "<f:fordon>", "</f:fordon>"),
           ("MIV", "miv.xml", "<svar>", "</svar>")]
MIXED, SMALL = [2, 4, 9, 16, 32, 64, 200], [2, 2, 3, 4, 4, 6, 9]
PHASES = {"A": (MIXED, ["-c", "1", "-n", "30", "-d",
                        "20,40,60,80,100,120,140"]),
          "B": (MIXED, ["-c", "32", "-t", "3"]),
          "C": (SMALL, ["-c", "32", "-t", "3"]),
          "D": (SMALL, ["-c", "1000", "-n", "1000", "-t", "25", "-d",
                        "3000"])}
RAW, SAX = "raw libcurl multi (C, no parse)", \
    "libcurl multi -b + libxml2 SAX (C)"
PYTHON, NODE = "Python aiohttp + lxml", "Node.js http + fast-xml-parser"
LUA = "nginx lua capture_multi, no parse"
# Gate, phase, figure, better is more, [(peer, bound)]
GATES = [("G1 p50", "A", "after_p50", False,
          [(SAX, 2), (PYTHON, .25), (NODE, .25)]),
         ("G1 p99", "A", "after_p99", False,
          [(SAX, 2), (PYTHON, .25), (NODE, .25)]),
         ("G2", "A", "ttfa_p50", False, [(NODE, .6), (PYTHON, .4)]),
         ("G3", "B", "qps", True, [(PYTHON, 5), (NODE, 5), (SAX, .5)]),
         ("G4", "C", "qps", True, [(PYTHON, 4), (NODE, 2.5), (SAX, .75)]),
         ("G5", "D", "hwm_mib", False, [(RAW, 1), (NODE, .9)]),
         ("G7", "D", "over_p99", False, [(RAW, 1.2), (NODE, .8),
                                         (PYTHON, .3)])]


def grown(name, again, end, kb):
    """The sample with one of its members as often as it takes."""
    with open(os.path.join(SAMPLES, name), encoding="utf-8") as f:
        text = f.read()
    if again is None:
        doc = json.loads(text)
        rows = doc["formansinformation"]["utbetalningsuppgift"]
        more = len(json.dumps(rows[0], ensure_ascii=False).encode())
        have = len(json.dumps(doc, ensure_ascii=False).encode())
        rows += [rows[0]] * max(0, (kb * 1024 - have) // more)
        return "application/json\n" + json.dumps(doc, ensure_ascii=False)
    text = text.replace("<korrelationsid>k-1</korrelationsid>", "")
    at = text.index(again)
    one = text[at:text.index(end, at) + len(end)]
    n = max(0, (kb * 1024 - len(text.encode())) // len(one.encode()))
    return "text/xml;charset=UTF-8\n" + text[:at] + one * n + text[at:]


def bodies(top, sizes):
    where = os.path.join(top, "b" + "-".join(map(str, sizes)))
    if not os.path.exists(where):
        os.mkdir(where)
        for i, (_, name, again, end) in enumerate(SOURCES):
            with open(os.path.join(where, str(i)), "w",
                      encoding="utf-8") as f:
                f.write(grown(name, again, end, sizes[i]))
    return where


class Local(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.host)


class Gateway:
    def __init__(self):
        own = "".join(f"\n[{s[0]}]\nurl = http://127.0.0.1:{PORT + i}/\n"
                      for i, s in enumerate(SOURCES))
        self.inst = I.Instance(
            f"http://127.0.0.1:{PORT}", own +
            "\n[grans]\nsystem_skur = 1000000\nsystem_dagstak = 10000000\n"
            "fraga_s = 60\nkalla_s = 60\n[server]\nanslutningar = 2000\n"
            "anslutningar_konto = 2000\n", sign=False, serve=False,
            upstream="bastjanster")
        inst = self.inst
        inst.check(inst.enfragad_run("--instans", inst.dir, "anvandare",
                                     "lagg-till", f"{KONTO}:System:system"))
        cases = json.loads(json.dumps(I.CASES))
        case = cases["arenden"][0]
        case["handlaggare"] = [KONTO]
        case["personer"][0]["personnummer"] = PERSON
        path = os.path.join(inst.top, "c.json")
        with open(path, "w") as f:
            json.dump(cases, f)
        inst.check(inst.enfragad_run("--instans", inst.dir, "importera",
                                     path))
        self.serve()
        inst.check(inst.enfraga("forsakran", "skriv-under", "--behov",
                                "--intrang", "--tystnad", "--loggning",
                                "--ort", "Sundby", konto=KONTO))

    def serve(self):
        self.inst.serve()
        # All threads: the log's and the register's work counts as its own.
        subprocess.run(["taskset", "-acp", "0", str(self.inst.daemon.pid)],
                       stdout=subprocess.DEVNULL, check=True)

    def get(self, path):
        h = Local(os.path.join(self.inst.dir, "run", "enfraga.sock"))
        h.request("GET", path, headers={"Enfraga-Konto": KONTO})
        return json.loads(h.getresponse().read())

    def sign(self, n):
        path = os.path.join(self.inst.top, "posts")
        with open(path, "wb") as f:
            subprocess.run(
                [os.path.join(I.BUILD, "tests", "bench", "gateway_posts"),
                 self.inst.dir, KONTO, I.ARENDE, PERSON,
                 self.get("/v1/status")["origin"],
                 self.get("/v1/mig")["forsakran"]["sha256"], str(n)],
                stdout=f, env=self.inst.env, check=True)
        return path

    def drive(self, sizes, args, n):
        r = subprocess.run(
            ["taskset", "-c", "1",
             os.path.join(I.BUILD, "tests", "bench", "bench_gateway"), *args,
             "-P", str(self.inst.daemon.pid),
             os.path.join(self.inst.dir, "run", "enfraga.sock"), KONTO,
             self.sign(n), bodies(self.inst.top, sizes), str(PORT)],
            capture_output=True, text=True, timeout=120)
        assert r.stdout, (r.returncode, r.stderr, self.inst.stderr()[-2000:])
        return json.loads(r.stdout)

    def round(self, phases, into):
        """A process of its own for D, whose high-water mark is its own."""
        self.drive(MIXED, ["-c", "8", "-t", "1"], 3000)
        for ph in phases:
            sizes, args = PHASES[ph]
            if ph == "D":
                self.inst.stop()
                self.serve()
            into.setdefault(ph, []).append(self.drive(sizes, args, 12000))


def peers(build):
    """What of the peers can run here; the others are named."""
    missing = []
    libs = subprocess.run("xml2-config --cflags --libs", shell=True,
                          capture_output=True, text=True).stdout.split()
    for src, out, more in (("fanout_bench.c", "fanout_bench", []),
                           ("gw/gw_curl.c", "gw_curl", libs + ["-lcurl"])):
        subprocess.run(["cc", "-O2", "-w", os.path.join(TOOLS, src), "-o",
                        os.path.join(build, out), *more], check=True)
    names = [RAW, SAX]
    if subprocess.run(["/usr/bin/python3", "-c", "import aiohttp, lxml"],
                      stderr=subprocess.DEVNULL).returncode == 0:
        names.append(PYTHON)
    else:
        missing.append("python3-aiohttp python3-lxml")
    node = os.environ.get("ENFRAGA_NODE", "")  # has node_modules
    if shutil.which("node") and os.path.isdir(
            os.path.join(node, "node_modules", "fast-xml-parser")):
        os.symlink(node, os.path.join(build, "node"))
        names.append(NODE)
    else:
        missing.append("node with fast-xml-parser@4 (ENFRAGA_NODE: where its "
                       "node_modules is)")
    if os.path.exists("/usr/lib/nginx/modules/ngx_http_lua_module.so"):
        names.append(LUA)
    else:
        missing.append("libnginx-mod-http-lua")
    for m in missing:
        print("missing:", m)
    return names


def peer_round(build, names, phases, into):
    out = os.path.join(build, "r.json")
    for n in names:
        subprocess.run([sys.executable, os.path.join(TOOLS, "gw_bench.py"),
                        build, "--rounds", "1", "--only", n, "--phases",
                        phases, "--json", out], stdout=subprocess.DEVNULL,
                       check=True)
        with open(out) as f:
            for got in json.load(f).values():
                for ph, runs in got.items():
                    into.setdefault(n, {}).setdefault(ph, []).extend(runs)


def median(runs, ph, key):
    v = [r[key] for r in runs.get(ph, []) if key in r]
    return statistics.median(v) if v else None


def table(all_runs):
    columns = [("A", "after_p50"), ("A", "after_p99"), ("A", "ttfa_p50"),
               ("B", "qps"), ("B", "gw_cpu_ms_q"), ("B", "own_cpu"),
               ("C", "qps"), ("C", "gw_cpu_ms_q"), ("C", "own_cpu"),
               ("D", "rss_mib"), ("D", "hwm_mib"), ("D", "fds"),
               ("D", "over_p50"), ("D", "over_p99"), ("D", "failed")]
    print("| gateway | " + " | ".join(f"{p} {k}" for p, k in columns) + " |")
    print("|---|" + "---:|" * len(columns))
    for name, runs in all_runs.items():
        v = [median(runs, *c) for c in columns]
        print(f"| {name} | " + " | ".join(
            "-" if x is None else f"{x:.2f}" for x in v) + " |")


def gates(all_runs):
    ours = all_runs["enfragad"]
    for name, ph, key, more, bounds in GATES:
        for peer, bound in bounds:
            a = median(ours, ph, key)
            b = median(all_runs.get(peer, {}), ph, key)
            if a is None or not b:
                continue
            ok = a / b >= bound if more else a / b <= bound
            print(f"{name} {'holds' if ok else 'MISSED'}: {a / b:.2f}x of "
                  f"{peer} ({'>=' if more else '<='} {bound})")
    files = median(ours, "D", "fds")
    if files:
        failed = median(ours, "D", "failed")
        print(f"G6 {'holds' if files <= 8032 and not failed else 'MISSED'}: "
              f"{files:.0f} files, {failed:.0f} failed (<= 8032, 0)")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--phases", default="ABCD")
    p.add_argument("--without-peers", action="store_true")
    a = p.parse_args()
    build = tempfile.mkdtemp(prefix="enfraga-gw-")
    gw, runs = None, {"enfragad": {}}
    try:
        names = [] if a.without_peers else peers(build)
        gw = Gateway()
        for _ in range(a.rounds):
            peer_round(build, names, a.phases, runs)
            gw.round(a.phases, runs["enfragad"])
        print("load", " ".join(f"{x:.1f}" for x in os.getloadavg()))
        table(runs)
        gates(runs)
    finally:
        if gw:
            gw.inst.remove()
        shutil.rmtree(build)


main()
