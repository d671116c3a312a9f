#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Quick verification beside sealed journalctl --verify, in one run (AUDIT 18,
V2): as many entries, each whole program timed, best of three. The journal is
made in a mount namespace of its own, so it needs root; without root,
unshare or systemd-journal-remote it says so and gives no figure.

  bench_journal.py [ENTRIES]"""
import os
import shutil
import subprocess
import sys
import time

BUILD = os.environ.get("builddir", ".")
REMOTE = "/lib/systemd/systemd-journal-remote"


def journal_entries(n):
    """In the journal's export format, about what a log entry holds."""
    now = time.time_ns() // 1000  # not before the key was made
    for i in range(n):
        yield (f"__REALTIME_TIMESTAMP={now + i * 1000}\n"
               f"__MONOTONIC_TIMESTAMP={i * 1000 + 1}\n"
               "_BOOT_ID=0123456789abcdef0123456789abcdef\n"
               f"MESSAGE={i:08d}{'x' * 440}\nPRIORITY=6\n\n").encode()


def best(*command, says=""):
    """Seconds of the best of three; each must say that."""
    took = []
    for _ in range(3):
        at = time.monotonic()
        r = subprocess.run(command, capture_output=True, text=True)
        took.append(time.monotonic() - at)
        assert r.returncode == 0 and says in r.stdout + r.stderr, (
            command, r.stdout, r.stderr)
    return min(took)


def inside(n):
    """In the namespace: /var/log/journal is empty and ours."""
    with open("/etc/machine-id") as f:
        where = os.path.join("/var/log/journal", f.read().strip())
    os.mkdir(where)
    key = subprocess.run(["journalctl", "--setup-keys", "--interval=1s"],
                         capture_output=True, text=True,
                         check=True).stdout.split()[-1]
    path = os.path.join(where, "prov.journal")
    feed = subprocess.Popen([REMOTE, "--seal=yes", "--compress=no", "-o", path,
                             "-"], stdin=subprocess.PIPE,
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    for entry in journal_entries(n):
        feed.stdin.write(entry)
    feed.stdin.close()
    assert feed.wait() == 0
    print(best("journalctl", "--verify", f"--verify-key={key}",
               f"--file={path}", says="Validated from"))


def log_seconds(n):
    made = subprocess.run([os.path.join(BUILD, "tests", "faults", "make_log"),
                           "1", str(n)], capture_output=True, text=True,
                          check=True).stdout.split()[-1]
    try:
        return best(os.path.join(BUILD, "enfraga-verifiera"),
                    os.path.join(made, "audit.db"))
    finally:
        shutil.rmtree(made)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 50000
    if len(sys.argv) > 2:
        return inside(n)
    if os.geteuid() != 0 or not os.path.exists(REMOTE):
        print("V2 journal not run: needs root and systemd-journal-remote")
        return None
    os.makedirs("/var/log/journal", exist_ok=True)
    r = subprocess.run(["unshare", "-m", "sh", "-c",
                        'mount -t tmpfs tmpfs /var/log/journal && exec "$@"',
                        "sh", sys.executable, os.path.abspath(__file__),
                        str(n), "inside"], capture_output=True, text=True)
    if r.returncode:
        print("V2 journal not run:", r.stderr.strip().split("\n")[-1])
        return None
    theirs, ours = float(r.stdout), log_seconds(n)
    print(f"V2 {'holds' if theirs / ours >= 2 else 'MISSED'}: {n / ours:.0f} "
          f"entries/s, {theirs / ours:.1f} x sealed journalctl --verify "
          f"({n / theirs:.0f}/s) (>= 2)")
    return None


main()
