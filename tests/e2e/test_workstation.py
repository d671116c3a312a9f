#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""enfraga as a guest on a workstation: what it leaves in the process list, in
cores and on the terminal, what it says of a path that is too long, and how it
ends where its output cannot be written. Leaves out: the answers themselves
(test_commands), what screens show (the .keys scripts)."""
import os
import pty
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import termios
import threading
import time

from instance import ARENDE, BUILD, SRC, run

ENFRAGA = os.path.join(BUILD, "enfraga")
TOP = tempfile.mkdtemp(prefix="enfraga-ws-")
ENV = {k: v for k, v in os.environ.items() if not k.startswith("ENFRAGA_")}
ENV.update(HOME=TOP, XDG_STATE_HOME=TOP, TERM="xterm",
           ENFRAGA_DATA=os.path.join(SRC, "data"),
           TEXTDOMAINDIR=os.path.join(BUILD, "po", "locale"))


def until(what, seconds=30):
    end = time.time() + seconds
    while not what():
        assert time.time() < end, "it did not happen"
        time.sleep(0.02)


def mute_instance(name):
    """An instance whose enfragad takes the call and never answers."""
    d = os.path.join(TOP, name)
    os.makedirs(os.path.join(d, "run"))
    open(os.path.join(d, "log.vkey"), "w").close()
    s = socket.socket(socket.AF_UNIX)
    s.bind(os.path.join(d, "run/enfraga.sock"))
    s.listen(5)
    return d, s


def test_number_searched_for_is_not_in_the_process_list():
    d, s = mute_instance("mute")
    p = subprocess.Popen([ENFRAGA, "--instans", d, "arenden", "sok",
                          "19850312-9804"], env=ENV)
    c, _ = s.accept()
    with open("/proc/%d/cmdline" % p.pid, "rb") as f:
        line = f.read()
    p.terminate()
    p.wait(20)
    c.close()
    assert b"sok" in line and b"9804" not in line, line


def test_no_core_is_written():
    d, s = mute_instance("core")
    p = subprocess.Popen(
        [ENFRAGA, "--instans", d, "status"], env=ENV,
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_CORE, (4096, resource.RLIM_INFINITY)))
    c, _ = s.accept()
    limit = resource.prlimit(p.pid, resource.RLIMIT_CORE)
    p.terminate()
    p.wait(20)
    c.close()
    assert limit == (0, 0), limit


def test_a_path_too_long_says_what_to_do():
    r = subprocess.run([ENFRAGA, "status"], capture_output=True, text=True,
                       env=dict(ENV, XDG_STATE_HOME="/tmp/" + "l" * 100))
    assert r.returncode == 64, r
    assert "107" in r.stderr and "XDG_STATE_HOME" in r.stderr, r.stderr


def test_an_answer_that_could_not_be_written_is_no_answer():
    ask = [ENFRAGA, "--ovning", "fraga", "--arende", ARENDE, "--person",
           "sokande", "--syfte", "fortsatt", "--skal", "prov"]
    with open("/dev/full", "w") as full:
        r = subprocess.run(ask, stdout=full, stderr=subprocess.PIPE,
                           text=True, env=ENV)
    assert r.returncode == 20 and "enfraga:" in r.stderr, r


class Terminal:
    """enfraga on a terminal whose other end this test holds."""

    def __init__(self, *args, **env):
        self.master, self.slave = pty.openpty()
        termios.tcsetwinsize(self.slave, (24, 80))
        self.before = termios.tcgetattr(self.slave)
        self.said = b""
        self.reading = True
        self.p = subprocess.Popen(
            [ENFRAGA, *args], env=dict(ENV, **env), stdin=self.slave,
            stdout=self.slave, stderr=self.slave, start_new_session=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            if not self.reading:
                time.sleep(0.02)
                continue
            try:
                self.said += os.read(self.master, 4096)
            except OSError:
                return

    def shows(self, text):
        until(lambda: text.encode() in self.said)

    def keys(self, text):
        os.write(self.master, text.encode())

    def as_before(self):
        return termios.tcgetattr(self.slave) == self.before


def open_training():
    """Its passphrase is asked for, once the file with it is away."""
    subprocess.run([ENFRAGA, "--ovning", "status"], env=ENV, check=True,
                   stdout=subprocess.DEVNULL)
    users = os.path.join(TOP, "enfraga/ovning/anvandare")
    for konto in os.listdir(users):
        losen = os.path.join(users, konto, "losen")
        if os.path.exists(losen):
            os.rename(losen, os.path.join(users, konto, "undan"))


def test_the_terminal_echoes_after_an_interrupted_passphrase():
    open_training()
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        t = Terminal("--ovning", "--linjar")
        t.shows("senfras")
        until(lambda: not t.as_before())
        t.p.send_signal(sig)
        assert t.p.wait(20) == -sig
        assert t.as_before()


def test_a_terminal_that_stands_still_holds_nothing_up():
    t = Terminal("--ovning")
    t.shows("senfras")
    t.reading = False
    for _ in range(150):
        t.keys("\x0c")  # paints all anew
        time.sleep(0.01)
    t.p.terminate()
    assert t.p.wait(20) == 0
    assert t.as_before()


def test_a_terminal_that_goes_on_shows_what_is_now():
    t = Terminal("--ovning")
    t.shows("senfras")
    t.reading = False
    for _ in range(150):
        t.keys("\x0c")
        time.sleep(0.01)
    t.said = b""
    t.keys("\x1bOP")  # F1
    time.sleep(0.3)
    t.reading = True
    t.shows("lp:")
    t.p.terminate()
    assert t.p.wait(20) == 0


try:
    run([("number_searched_for_is_not_in_the_process_list",
          test_number_searched_for_is_not_in_the_process_list),
         ("no_core_is_written", test_no_core_is_written),
         ("a_path_too_long_says_what_to_do",
          test_a_path_too_long_says_what_to_do),
         ("an_answer_that_could_not_be_written_is_no_answer",
          test_an_answer_that_could_not_be_written_is_no_answer),
         ("the_terminal_echoes_after_an_interrupted_passphrase",
          test_the_terminal_echoes_after_an_interrupted_passphrase),
         ("a_terminal_that_stands_still_holds_nothing_up",
          test_a_terminal_that_stands_still_holds_nothing_up),
         ("a_terminal_that_goes_on_shows_what_is_now",
          test_a_terminal_that_goes_on_shows_what_is_now)])
finally:
    shutil.rmtree(TOP, ignore_errors=True)
