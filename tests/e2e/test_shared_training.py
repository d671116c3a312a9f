#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Several enfraga share one private training enfragad: the one that started
it ends, or is killed, while another asks, and the other's answer still comes
whole; many that start and end at the same time all reach it; and when the
last has gone nothing is left running. Leaves out: what the answers say
(test_commands)."""
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from instance import ARENDE, BUILD, SRC, run


class Training:
    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="enfraga-ovning-")
        self.env = {k: v for k, v in os.environ.items()
                    if not k.startswith("ENFRAGA_")}
        self.env.update(HOME=self.top, XDG_STATE_HOME=self.top,
                        ENFRAGA_DATA=os.path.join(SRC, "data"),
                        TEXTDOMAINDIR=os.path.join(BUILD, "po", "locale"))
        self.sock = os.path.join(self.top, "enfraga/ovning/run/enfraga.sock")

    def start(self, *args):
        return subprocess.Popen(
            [os.path.join(BUILD, "enfraga"), "--ovning", *args], env=self.env,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)

    def ask(self):
        return self.start("fraga", "--arende", ARENDE, "--person", "sokande",
                          "--syfte", "fortsatt", "--kallor", "CSN,SO",
                          "--skal", "prov", "--format", "text")

    def serves(self):
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(self.sock)
            return True
        except OSError:
            return False
        finally:
            s.close()

    def wait(self, there, seconds=30):
        end = time.time() + seconds
        while self.serves() != there:
            assert time.time() < end, "serves: %s" % (not there)
            time.sleep(0.05)

    def stop(self):
        self.wait(False)
        with open(os.path.join(self.top, "enfraga/ovning.use")) as f:
            fcntl.flock(f, fcntl.LOCK_EX)  # held until enfragad has ended
        shutil.rmtree(self.top)


def first_ends(how):
    t = Training()
    first = t.start("--linjar")  # stays until its input ends
    t.wait(True, 60)
    second = t.start("--konto", "demo", "--linjar")
    assert "enfraga." in second.stdout.readline()
    if how:
        first.send_signal(how)
    first.communicate(timeout=30)
    time.sleep(1.5)
    assert t.serves()
    third = t.ask()
    out, err = third.communicate(timeout=60)
    assert third.returncode in (0, 10), err
    assert "slutet" not in err and "kalla SO" in out, err + out
    second.communicate(timeout=30)
    t.stop()


def test_starter_ends_while_another_uses_it():
    first_ends(None)


def test_starter_is_killed_while_another_uses_it():
    first_ends(signal.SIGKILL)


def test_many_at_once_all_get_through():
    t = Training()
    p = t.start("status")
    assert p.wait(60) == 0, p.stderr.read()
    many = []
    for _ in range(6):
        many.append(t.start("status"))
        time.sleep(0.15)
    for p in many:
        out, err = p.communicate(timeout=60)
        assert p.returncode == 0, err
    t.stop()


def test_the_last_leaves_nothing_running():
    t = Training()
    p = t.start("--linjar")
    t.wait(True, 60)
    p.kill()
    p.communicate()
    t.wait(False, 15)
    with open(os.path.join(t.top, "enfraga/ovning.use")) as f:
        fcntl.flock(f, fcntl.LOCK_EX)
    assert not [n for n in os.listdir(os.path.join(t.top, "enfraga/ovning"))
                if n.endswith("-wal")]
    t.stop()


run([("starter_ends_while_another_uses_it",
      test_starter_ends_while_another_uses_it),
     ("starter_is_killed_while_another_uses_it",
      test_starter_is_killed_while_another_uses_it),
     ("many_at_once_all_get_through", test_many_at_once_all_get_through),
     ("the_last_leaves_nothing_running",
      test_the_last_leaves_nothing_running)])
