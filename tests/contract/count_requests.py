#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
#
# Proves: of every element, attribute and key that a question can hold by the
# contract's XSDs (v10, and what v11 adds), those of the authorities and LEFI's
# OpenAPI file, what enfraga does not write is what doc/FORMATS.md lists, no
# more and no less; and all that they demand is written. What is written is
# what data/rng has, against which the other tests hold each question, and
# LEFI's by the example in doc/FORMATS.md. Leaves out: CSN's question, whose
# type the contract lacks.
#
# `--rest` prints the list as it stands in doc/FORMATS.md.

import json
import os
import re
import sys
import xml.etree.ElementTree as ET

sys.dont_write_bytecode = True
import count_fields as cf  # noqa: E402

RNG = "{http://relaxng.org/ns/structure/1.0}"
GRAMMARS = ["ssbtek-v10.rng", "ssbtek-v11.rng", "bastjanst.rng"]


def rng_paths(node, at, defines, out):
    """Adds to out every path of elements and attributes below a pattern."""
    for c in node:
        here = at
        if c.tag == RNG + "element":
            here = at + (c.get("name"),)
            out.add(here)
        elif c.tag == RNG + "attribute":
            out.add(at + ("@" + c.get("name"),))
            continue
        elif c.tag == RNG + "ref":
            rng_paths(defines[c.get("name")], at, defines, out)
            continue
        rng_paths(c, here, defines, out)


def written():
    """Paths from the element in Body, of all grammars."""
    out = set()
    for name in GRAMMARS:
        top = ET.parse(os.path.join(cf.TOP, "data", "rng", name)).getroot()
        defines = {d.get("name"): d for d in top.iter(RNG + "define")}
        paths = set()
        rng_paths(top.find(RNG + "start"), (), defines, paths)
        out.update(p[2:] for p in paths if len(p) > 2)
    with open(os.path.join(cf.TOP, "doc", "FORMATS.md"),
              encoding="utf-8") as f:
        example = re.search(r'^\{"personnummer":.*\}$', f.read(), re.M)
    out.update(("LefiExternFormansinformationFraga", key)
               for key in json.loads(example.group(0)))
    return out


def demanded(path, decls):
    """Whether each element on the way must be there."""
    for i in range(1, len(path)):
        d = decls[path[:i + 1]]
        if isinstance(d, tuple) or d.get("minOccurs") == "0" or \
                path[i][0] == "@" and d.get("use") != "required":
            return False
    return True


def request_fields(source, data, other):
    asked = {p: d for p, d in other.items()
             if p[0] in cf.REQUESTS and p[0] != "Inkludera"}
    if source == "AF":  # what its request shares with its answer
        asked.update((("FragaMeddelande",) + p[1:], d)
                     for p, d in data.items() if p[:2] == ("data", "Fraga"))
    return asked


def page_block():
    with open(os.path.join(cf.TOP, "doc", "FORMATS.md"),
              encoding="utf-8") as f:
        m = re.search(r"^### Fields not written$.*?^```\n(.*?)^```$", f.read(),
                      re.M | re.S)
    return m.group(1) if m else ""


def main():
    if not os.path.isdir(cf.V10):
        print("ENFRAGA_SHARED is missing")
        return 77
    have, bad, rest = written(), [], ""
    places = missing = 0
    for source, (data, other) in cf.all_fields().items():
        asked = request_fields(source, data, other)
        not_written = [p for p in asked if p not in have]
        places += len(asked)
        missing += len(not_written)
        rest += cf.rest_text(source, not_written)
        bad += ["%s is demanded and not written" % "/".join(p)
                for p in not_written if demanded(p, asked)]
    if "--rest" in sys.argv:
        print(rest, end="")
        return 0
    print("%d of the %d fields of a question are written" %
          (places - missing, places))
    if places < 90:
        bad.append("only %d fields were found" % places)
    if page_block() != rest:
        bad.append("doc/FORMATS.md, Fields not written, is not the rest "
                   "(--rest prints it)")
    for b in bad:
        print("count_requests.py: " + b)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
