# SPDX-License-Identifier: EUPL-1.2
"""What the lints share: the tree's files, C without comments and strings,
and a report that ends the program."""
import os
import re
import sys

TOP = os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__),
                                               "..", "..")
SKIPPED = {"build", "build-check", "build-aux", "autom4te.cache", ".git",
           "__pycache__", "m4", ".deps", "_build", "_inst"}
MADE = {"configure", "aclocal.m4", "Makefile.in", "configure~"}


def files(*under, ends=("",)):
    """Paths below the tree's top, relative to it and sorted."""
    found = []
    for start in under or ("",):
        for folder, names, plain in os.walk(os.path.join(TOP, start)):
            names[:] = sorted(n for n in names if n not in SKIPPED
                              and not n.startswith(("build-", "enfraga-")))
            for name in plain:
                path = os.path.relpath(os.path.join(folder, name), TOP)
                if path in MADE or name.endswith((".o", ".a", ".pyc", "~")):
                    continue
                if name.endswith(tuple(ends)):
                    found.append(path)
    return sorted(found)


def read(path):
    """Its text; what is not UTF-8 (a corpus may hold anything) is replaced."""
    with open(os.path.join(TOP, path), encoding="utf-8",
              errors="replace") as f:
        return f.read()


C_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def bare(text, keep_strings=False):
    """C without comments and, unless kept, without what strings hold; lines
    stay where they are."""
    def blank(match):
        token = match.group(0)
        if token[0] == "/":
            return re.sub(r"[^\n]", " ", token)
        return token if keep_strings else token[0] + token[-1]
    return C_TOKEN.sub(blank, text)


class Report:
    """Findings, one a line as file:line: what. end() leaves the program."""

    def __init__(self):
        self.count = 0

    def add(self, path, line, what):
        print(f"{path}:{line}: {what}" if line else f"{path}: {what}")
        self.count += 1

    def end(self, looked):
        if not looked:
            print("nothing to look at: the lint is blind")
            sys.exit(1)
        print(f"{looked} looked at, {self.count} found")
        sys.exit(1 if self.count else 0)
