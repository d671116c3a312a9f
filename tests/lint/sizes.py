# SPDX-License-Identifier: EUPL-1.2
"""No C file is longer than 500 lines and no function longer than 100; those
past 60 are named, so that whoever is there next can see them."""
import re

from tree import Report, bare, files, read

FILE, NAMED, FUNCTION = 500, 60, 100
START = re.compile(r"^([A-Za-z_]\w*)\(", re.M)

report = Report()
sources = files("src", "tests", ends=(".c", ".h"))
for path in sources:
    text = read(path)
    length = text.count("\n")
    if length > FILE:
        report.add(path, 0, f"{length} lines; split it at {FILE}")
    lines = bare(text).split("\n")
    name, begun = None, 0
    for number, line in enumerate(lines, 1):
        start = START.match(line)
        if start:
            name, begun = start.group(1), 0
        elif line == "{" and name:
            begun = number
        elif line == "}" and name and begun:
            size = number - begun - 1
            if size > FUNCTION:
                report.add(path, begun, f"{name} is {size} lines")
            elif size > NAMED:
                print(f"{path}:{begun}: {name} is {size} lines (a note)")
            name = None
report.end(len(sources))
