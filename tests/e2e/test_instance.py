#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""An instance that was tampered with or is in use: an emptied enfragad.conf
does not make training of a test instance, open file rights are said, and
importera goes through the enfragad that serves."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import instance as I  # noqa: E402

I.need_shared()
fake = I.Fake("--strict", "--echo-id", "--case", "110-three-errors")
inst = I.Instance(fake.url)
conf = os.path.join(inst.dir, "enfragad.conf")


def control():
    return inst.enfragad_run("--instans", inst.dir, "--kontrollera")


def test_import_goes_through_the_running_one():
    more = json.loads(json.dumps(I.CASES))
    more["arenden"][0]["arende"] = "EK-2026-00418"
    path = os.path.join(inst.top, "more.json")
    with open(path, "w") as f:
        json.dump(more, f)
    inst.check(inst.enfragad_run("--instans", inst.dir, "importera", path))
    assert inst.daemon.poll() is None
    assert "EK-2026-00418" in inst.enfraga("arenden", "sok", "418").stdout
    inst.stop()


def test_open_rights_are_said():
    key = os.path.join(inst.dir, "keys", "log.key")
    assert control().returncode == 0, control().stdout
    os.chmod(key, 0o644)
    r = control()
    os.chmod(key, 0o600)
    assert r.returncode == 64 and "log.key" in r.stdout, r.stdout


def test_emptied_settings_are_refused():
    with open(conf) as f:
        text = f.read()
    for broken in ("", "[instans]\nlage = ovning\n"):
        with open(conf, "w") as f:
            f.write(broken)
        assert control().returncode != 0, broken
        r = inst.enfragad_run("--instans", inst.dir)
        assert r.returncode == 64, (broken, r.returncode, r.stderr)
    with open(conf, "w") as f:
        f.write(text)
    assert inst.verify().returncode == 0


try:
    I.run([(f.__name__[5:], f) for f in
           (test_import_goes_through_the_running_one,
            test_open_rights_are_said, test_emptied_settings_are_refused)])
finally:
    inst.remove()
    fake.stop()
