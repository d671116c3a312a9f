# SPDX-License-Identifier: EUPL-1.2
"""Words and numbers that have been published keep their meaning: each line of
published.txt still stands in its table, with the same number. New rows are
free; with --write they are added to the file, as a release does."""
import os
import re
import sys

from tree import TOP, Report, bare, files, read

# table, macro, and how a row becomes "key value"
TABLES = [
    ("src/base/errors.def", "ERROR", r'(\w+),\s*"([^"]+)",\s*(\d+)',
     lambda m: (m[2], m[3])),
    ("src/base/settings.def", "SETTING", r'"([^"]+)",\s*(\w+)',
     lambda m: (m[1], m[2])),
    ("src/base/settings.def", "SETTING_EACH", r'"([^"]+)",\s*(\w+)',
     lambda m: (m[1], m[2])),
    ("src/domain/sources.def", "SOURCE", r"(\w+),\s*(\d+)",
     lambda m: (m[1], m[2])),
    ("src/domain/states.def", "STATE", r'(\w+),\s*"([^"]+)"',
     lambda m: (m[2], m[1])),
    ("src/proof/kinds.def", "KIND", r'(\w+),\s*(\d+),\s*"([^"]+)"',
     lambda m: (m[3], m[2])),
]
SNAPSHOT = "tests/lint/published.txt"

report = Report()
now = {}
for path, macro, row, take in TABLES:
    text = bare(read(path), keep_strings=True)
    rows = re.findall(r"^%s\(" % macro, text, re.M)
    found = [take(m) for m in re.finditer(r"^%s\(%s" % (macro, row), text,
                                          re.M)]
    if len(found) != len(rows) or not found:
        report.add(path, 0, f"{len(rows)} rows, {len(found)} understood")
    values = {}
    for key, value in found:
        name = f"{macro} {key}"
        if name in now:
            report.add(path, 0, f"{key} stands twice")
        if macro in ("SOURCE", "KIND"):
            if value in values:
                report.add(path, 0, f"{value} belongs to {values[value]} "
                                    f"and to {key}")
            values[value] = key
        now[name] = value

kept = {}
if SNAPSHOT in files("tests/lint", ends=(".txt",)):
    for line in read(SNAPSHOT).splitlines():
        if line and not line.startswith("#"):
            macro, key, value = line.split()
            kept[f"{macro} {key}"] = value
for name, value in kept.items():
    if name not in now:
        report.add(SNAPSHOT, 0, f"{name} was published and is gone")
    elif now[name] != value:
        report.add(SNAPSHOT, 0,
                   f"{name} was published as {value} and is {now[name]}")

if sys.argv[1:] == ["--write"] and not report.count:
    with open(os.path.join(TOP, SNAPSHOT), "w", encoding="utf-8") as out:
        out.write("# Words and numbers that others hold on to; written by\n"
                  "# python3 tests/lint/published.py --write at a release.\n")
        for name in sorted(now):
            out.write(f"{name} {now[name]}\n")
report.end(len(now))
