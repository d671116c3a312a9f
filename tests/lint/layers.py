# SPDX-License-Identifier: EUPL-1.2
"""Each module includes only what layers.txt lists for it, each unit test
links and includes only what its module may see, and the layers have no ring.
Leaves out what a module reaches by calling through another."""
import os
import re

from tree import Report, bare, files, read

# Includes that are not POSIX's or C's, by their first part.
LIBRARIES = {"curl", "event2", "openssl", "sqlite3", "cjson", "libxml",
             "curses", "utf8proc", "ini", "libintl", "seccomp", "vterm", "cmocka",
             "hpdf", "libpq-fe"}
# Who may say which library's name in a unit test's LDADD.
LINKED = {"CMOCKA": "cmocka", "VTERM": "vterm", "CURL": "curl",
          "CRYPTO": "openssl", "SQLITE": "sqlite3", "CJSON": "cjson",
          "XML": "libxml", "NCURSES": "curses", "EVENT": "event2",
          "EVENT_HTTP": "event2", "UTF8PROC": "utf8proc", "INIH": "ini",
          "SECCOMP": "seccomp"}

report = Report()
may, owns = {}, {}
for number, line in enumerate(
        read("tests/lint/layers.txt").splitlines(), 1):
    if not line.strip() or line.startswith("#"):
        continue
    module, modules, libraries = (part.split() for part in line.split(":"))
    may[module[0]] = modules
    owns[module[0]] = libraries
    for other in modules:
        if other not in may:
            report.add("tests/lint/layers.txt", number,
                       f"{module[0]} stands before {other}, which it includes")

# local stands before those that it serves, so a ring would need a line that
# names a later one: the check above is the check for rings.

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def includes(path):
    text = bare(read(path), keep_strings=True)
    for match in INCLUDE.finditer(text):
        yield (text.count("\n", 0, match.start()) + 1, match.group(1),
               match.group(2))


sources = files("src", ends=(".c", ".h"))
for path in sources:
    module = path.split("/")[1]
    if module not in may:
        report.add(path, 0, f"layers.txt does not know {module}")
        continue
    for line, mark, name in includes(path):
        first = re.sub(r"\.h$", "", name.split("/")[0])
        if mark == "<":
            if first in LIBRARIES and first not in owns[module]:
                report.add(path, line,
                           f"<{first}> does not belong to {module}")
        elif name.startswith(f"src/{module}/") and name.endswith(".inc"):
            continue  # made by the build from the module's own data
        elif name != "config.h":
            if "/" not in name:
                report.add(path, line, f'"{name}" has no module before it')
            elif first != module and first not in may[module]:
                report.add(path, line, f"{module} may not include {first}")
    if path.endswith(".c"):
        order = [n for _, m, n in includes(path) if m == '"'
                 and n != "config.h"]
        first_line = next(includes(path), (1, "", ""))
        if first_line[2] != "config.h":
            report.add(path, first_line[0], "config.h is not included first")
        own = path[len("src/"):-1] + "h"
        if os.path.exists(os.path.join(os.environ.get("srcdir", "."),
                                       "src", own)) and own in order \
                and order[0] != own:
            report.add(path, 1, f'"{own}" is not the first of ours')

for path in files("tests/unit", ends=(".c", ".h")):
    module = path.split("/")[2]
    if module not in may:
        continue
    for line, mark, name in includes(path):
        first = name.split("/")[0]
        if mark == '"' and "/" in name and first in may \
                and first != module and first not in may[module]:
            report.add(path, line, f"a test of {module} may not see {first}")

LDADD = re.compile(r"^tests_unit_(\w+?)_test_\w+_LDADD\s*\+?=(.*)$", re.M)
for path in files("src", "tests", ends=(".mk",)):
    for match in LDADD.finditer(read(path).replace("\\\n", " ")):
        module = match.group(1)
        if module not in may:
            continue
        for name in re.findall(r"\$\((\w+)_LIBS\)", match.group(2)):
            if name in ("CMOCKA", "VTERM"):
                continue
            if name in LINKED:
                continue
            if name.lower() != module and name.lower() not in may[module] \
                    and name.lower() in may:
                report.add(path, 0,
                           f"a test of {module} may not link {name}_LIBS")

report.end(len(sources))
