#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Write the manuals' tables from the tables of the sources, between the lines
`.\\" begin NAME` and `.\\" end NAME`.

    doc/tables.py           writes the pages of this tree
    doc/tables.py --check   says which differ, status 1 if any do
"""
import os
import re
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
STRING = r'"((?:\\.|[^"\\])*)"'


def rows(path, macro, pattern):
    text = open(os.path.join(TOP, path), encoding="utf-8").read()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r'"\s*\n\s*"', "", text)
    return re.findall(r"^%s\(%s" % (macro, pattern), text, re.M)


def roff(text):
    """Text that mdoc reads as text: no escapes, no macros, no delimiters."""
    text = text.replace("\\", "\\e")
    text = re.sub(r"(^| )([A-Z][a-z])(?= |$)", r"\1\\&\2", text)
    text = re.sub(r" (\S{1,2})([.,])$", r" \1\\&\2", text)
    return re.sub(r"^([.'])", r"\\&\1", text)


def setting(name, kind, low, high, preset, sentence):
    what = {"TEXT": "text", "BOOL": "ja | nej", "PATH": "path",
            "NUMBER": f"{low} to {high}"}[kind]
    given = f"default {preset}" if preset else "no default"
    return [f".It Ic {name} Pq {what} ; {given}", roff(sentence)]


def settings():
    out = []
    row = r"%s,\s*(\w+),\s*(\d+),\s*(\d+),\s*%s,\s*%s" \
        % (STRING, STRING, STRING)
    found = rows("src/base/settings.def", "SETTING", row)
    sections = []
    for name, *_ in found:
        if name.split(".")[0] not in sections:
            sections.append(name.split(".")[0])
    for section in sections:
        out += [f".Ss Section {section}", ".Bl -tag -width Ds"]
        for name, *rest in found:
            if name.split(".")[0] == section:
                out += setting(name.split(".", 1)[1], *rest)
        out.append(".El")
    asked = [code for code, _, name in rows(
        "src/domain/sources.def", "SOURCE",
        r"\w+,\s*\d+,\s*%s,\s*%s,\s*%s" % (STRING, STRING, STRING))
        if code == name]
    out += [f".Ss Sections {' '.join(asked)}", ".Bl -tag -width Ds"]
    for each in rows("src/base/settings.def", "SETTING_EACH", row):
        out += setting(*each)
    return out + [".El"]


def prefs():
    out = [".Bl -tag -width Ds"]
    for name, values, preset, sentence in rows(
            "src/screens/prefs.def", "PREF",
            r"\w+,\s*%s,\s*%s,\s*%s,\s*%s"
            % (STRING, STRING, STRING, STRING)):
        what = values.replace("|", " | ").replace("-", " to ", 1) \
            if values[0].isdigit() else values.replace("|", " | ")
        out.append(f".It Ic {name} Pq {what} ; default {preset}")
        out.append(roff(sentence))
    out.append(".El")
    return out


def sources():
    out = [".Bl -column -compact XXXX XXXXXXXXXXXXXXXXXXXXXXXX"]
    for code, label, name in rows(
            "src/domain/sources.def", "SOURCE",
            r"\w+,\s*\d+,\s*%s,\s*%s,\s*%s" % (STRING, STRING, STRING)):
        via = "" if code == name else f", asked through {name}"
        out.append(f".It Li {code} Ta {roff(label)}{via}")
    return out + [".El"]


def codes():
    out = [".Bl -column -compact XXXXXXX XXXXXXXXXXXXXXXXXXXXXXXX"]
    for code, name in rows("src/domain/lefi_codes.def", "LEFI",
                           r"%s,\s*%s" % (STRING, STRING)):
        out.append(f".It Li {code} Ta {roff(name)}")
    return out + [".El"]


def states():
    out = [".Bl -column -compact X XXXXXXXXXXXXXXXX XXXXXXXXXX"]
    for word, symbol, label in rows(
            "src/domain/states.def", "STATE",
            r"\w+,\s*%s,\s*'(.)',\s*%s" % (STRING, STRING)):
        out.append(f".It Li \\&{symbol} Ta Li {word} Ta {roff(label)}")
    return out + [".El"]


def errors():
    out = [".Bl -column -compact XX XXXXXXXXXXXXXXXXXX XXXXXXXXX"]
    found = rows("src/base/errors.def", "ERROR",
                 r"\w+,\s*%s,\s*(\d+),\s*\w+,\s*%s" % (STRING, STRING))
    for word, status, message in sorted(found, key=lambda r: int(r[1])):
        out.append(f".It {status} Ta Li {word} Ta {roff(message)}")
    return out + [".El"]


PAGES = {
    "enfraga.1": {"sources": sources, "codes": codes,
                  "states": states, "errors": errors},
    "enfraga.conf.5": {"settings": settings, "prefs": prefs},
}


def main():
    check = sys.argv[1:] == ["--check"]
    differ = 0
    for page, blocks in PAGES.items():
        path = os.path.join(TOP, "doc", page)
        text = new = open(path, encoding="utf-8").read()
        for name, make in blocks.items():
            block = make()
            if len(block) < 3:
                print(f"{page}: the table {name} came out empty")
                differ += 1
            begin, end = f'.\\" begin {name}\n', f'.\\" end {name}\n'
            if begin not in new or end not in new:
                print(f"{page}: no place for the table {name}")
                differ += 1
                continue
            head, rest = new.split(begin)
            tail = rest.split(end)[1]
            new = head + begin + "\n".join(block) + "\n" + end + tail
        if new != text:
            if check:
                print(f"{page}: a table is old; run doc/tables.py")
                differ += 1
            else:
                with open(path, "w", encoding="utf-8") as out:
                    out.write(new)
    return 1 if differ else 0


sys.exit(main())
