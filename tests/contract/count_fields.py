#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
#
# Proves: of every element, attribute and key that an answer can hold by the
# contract's XSDs (v10, and what v11 adds) and LEFI's OpenAPI file, envelope,
# echo, SSBTEK's faults and the authorities' own included, at least 95 % have a
# Swedish label that field_row finds by the source, the parent it stands in and
# its name (a fault's: that codecs.def has it read). What has none is what
# doc/FORMATS.md lists, no more and no less, with the test call, which is about
# no person. The questions: count_requests.py. Each code
# whose meaning the contract gives has words (codes_fk.def, deductions.def).
# Leaves out: whether a value is read right (tests/unit/wire), documents
# without a schema (SKV's), and CSN's hutgetinfo, a service that SSBTEK does
# not ask.
#
# A field is a place: its path from the message's root, so that what two
# elements share counts in each. `--list` prints each with its label, `--rest`
# the list as it stands in doc/FORMATS.md.

import os
import re
import sys
import xml.etree.ElementTree as ET

AT_LEAST = 95.0
XS = "{http://www.w3.org/2001/XMLSchema}"
TOP = os.environ.get("srcdir") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..")
SHARED = os.environ.get("ENFRAGA_SHARED", os.path.join(TOP, "..", "shared"))
V10 = os.path.join(SHARED, "contract", "v10")
LEFI = ("se/forsakringskassan/schema/lefi/"
        "lefi-formansinformation-v9.openapi.yaml")

V11 = ("../v11/se/forsakringskassan/schema/integration/ssbt/_11/"
       "sammansatt_bastjanst_v11.xsd")

# A source's file and the component that its data holds in SSBTEK's answer.
# What the file declares besides is asked with, or carries.
FILES = [
    ("SSBT", "se/forsakringskassan/schema/integration/ssbt/_10/"
             "sammansatt_bastjanst_v10.xsd", None),
    ("SSBT", V11, None),
    ("AF", "se/arbetsformedlingen/api/arbetssokande/ersattningsstod/v2/"
           "ers_stod.xsd", "SvarMeddelande"),
    ("CSN", "se/csn/schema/v4_0/kommunfraga/kommunfraga.xsd", "CSNSvar"),
    ("SKV", "se/rsv/zg/bs/service/ws/beskattningws/"
            "ZgBsBeskattningWSService_schema.xsd", None),
    ("SO", "schemas/ubpservice/int014/UnemploymentBenefitPaymentService.xsd",
     "GetUnemploymentBenefitPaymentResponseType"),
    ("TNS", "se/transportstyrelsen/schema/ssbtek/hamtauppgifterresponder/_1/"
            "HamtaUppgifterResponder_1.0.xsd", "HamtaUppgifterResponseType"),
    ("MIV", "se/migrationsverket/schema/ssbtek/_1/"
            "SSBTEKWebService_schema1.xsd", "findByPersonnummerResponse"),
]

# What is no answer about a person: the questions, and the test call.
REQUESTS = {
    "hamtaBastjanstInformation", "testaBastjanstInformation",
    "FragaMeddelande", "Inkludera", "SBNUppgEkBistandBegar",
    "BeskattningsuppgifterRequest", "GetUnemploymentBenefitPaymentRequest",
    "HamtaUppgifter", "findByPersonnummer",
    "LefiExternFormansinformationFraga",
}
TESTS = {"testaBastjanstInformationResponse", "testaBastjanstInformationFault"}


class Schemas:
    """The components of a schema document and of all that it imports."""

    def __init__(self, path):
        self.seen, self.elements, self.types, self.at = set(), {}, {}, {}
        self.space = self.load(path)

    def load(self, path):
        path = os.path.normpath(path)
        if path in self.seen or not os.path.exists(path):
            return None
        self.seen.add(path)
        prefixes = {}  # expat reads UTF-8 and, by its mark, UTF-16
        for _, (prefix, uri) in ET.iterparse(path, events=["start-ns"]):
            prefixes[prefix] = uri
        root = ET.parse(path).getroot()
        space = root.get("targetNamespace", "")
        for c in root.iter():
            self.at[c] = (prefixes, space)
        for c in root:
            if c.tag == XS + "element":
                self.elements[(space, c.get("name"))] = c
            elif c.tag in (XS + "complexType", XS + "simpleType"):
                self.types[(space, c.get("name"))] = c
            elif c.tag in (XS + "import", XS + "include"):
                if c.get("schemaLocation"):
                    self.load(os.path.join(os.path.dirname(path),
                                           c.get("schemaLocation")))
        return space

    def qname(self, node, text):
        prefix, _, local = text.rpartition(":")
        return (self.at[node][0].get(prefix, ""), local)

    def members(self, node):
        """(name, declaration) of what a type may hold; attributes with @."""
        for c in node:
            if c.tag == XS + "attribute" and c.get("name"):
                yield "@" + c.get("name"), c
            elif c.tag == XS + "element" and c.get("ref"):
                q = self.qname(c, c.get("ref"))
                yield q[1], self.elements.get(q, c)
            elif c.tag == XS + "element":
                yield c.get("name"), c
            elif c.tag == XS + "extension":
                base = self.types.get(self.qname(c, c.get("base")))
                if base is not None:
                    yield from self.members(base)
                yield from self.members(c)
            elif c.tag in (XS + "sequence", XS + "choice", XS + "all",
                           XS + "complexContent", XS + "simpleContent",
                           XS + "restriction", XS + "complexType"):
                yield from self.members(c)

    def type_of(self, element):
        if element.get("type"):
            return self.types.get(self.qname(element, element.get("type")))
        return element.find(XS + "complexType")

    def walk(self, at, node, out):
        """Adds to out every path below a type that stands at `at`."""
        for name, decl in self.members(node):
            here = at + (name,)
            out[here] = decl
            below = self.type_of(decl) if name[0] != "@" else None
            # The envelope stops where an authority's own file begins.
            if below is not None and here.count(name) < 4 and (
                    self.deep or self.at[below][1] == self.space):
                self.walk(here, below, out)


def xsd_fields(source, path, answer):
    """{path: declaration} of the source's data, and of all else."""
    s = Schemas(os.path.join(V10, path))
    s.deep = source != "SSBT"
    data, rest = {}, {}
    if answer:
        node = s.types.get((s.space, answer))
        if node is None:
            node = s.type_of(s.elements[(s.space, answer)])
        s.walk((answer if source == "CSN" else "data",), node, data)
    reached = set(data.values())
    for (space, name), e in s.elements.items():
        if space != s.space or name == answer and source == "CSN":
            continue
        rest[(name,)] = e
        below = s.type_of(e)
        if below is not None:
            s.walk((name,), below, rest)
    reached.update(rest.values())
    for (space, name), t in s.types.items():  # declared, and in no element
        if space == s.space and t.tag == XS + "complexType":
            own = {}
            s.walk((name,), t, own)
            if any(d not in reached for d in own.values()):
                rest.update(own)
    seen = set(data.values())
    return data, {p: d for p, d in rest.items() if d not in seen}


def all_fields():
    """{source: (data, all else)}; v11 adds to v10 what that does not have."""
    fields = {}
    for source, path, answer in FILES:
        data, rest = xsd_fields(source, path, answer)
        known = fields.setdefault(source, (data, {}))[1]
        known.update((p, d) for p, d in rest.items() if p not in known)
    fields["FK"] = lefi_fields(lefi_schemas())
    return fields


# ---- OpenAPI: the part of YAML that the file uses


class Yaml:
    def __init__(self, text):
        self.lines = [(len(l) - len(l.lstrip(" ")), l.strip())
                      for l in text.split("\n")]
        self.i = 0

    def next(self):
        while self.i < len(self.lines) and not self.lines[self.i][1]:
            self.i += 1
        return self.lines[self.i] if self.i < len(self.lines) else (-1, "")

    def fold(self, first, closed, indent):
        """A scalar over several lines: one break is a space, two a break."""
        text = first
        while self.i < len(self.lines) and not closed(text):
            depth, line = self.lines[self.i]
            if indent is not None and line and depth <= indent:
                break
            if text.endswith("\\"):
                text = text[:-1] + line.removeprefix("\\")
            elif not line:
                text += "\n"
            else:
                text += line if text.endswith("\n") else " " + line
            self.i += 1
        return text

    def scalar(self, first, indent):
        quote = first[:1]
        if quote == "'":
            t = self.fold(first, lambda s: len(s) > 1 and
                          re.search(r"(^|[^'])('')*'$", s[1:]), None)
            return t[1:-1].replace("''", "'")
        if quote == '"':
            t = self.fold(first, lambda s: len(s) > 1 and
                          re.search(r'(^|[^\\])(\\\\)*"$', s[1:]), None)
            return t[1:-1].replace("\\n", "\n").replace("\\ ", " ") \
                          .replace('\\"', '"')
        return self.fold(first, lambda s: False, indent).strip()

    def value(self, indent, rest):
        if rest:
            return self.scalar(rest, indent)
        depth, line = self.next()
        if depth > indent or depth == indent and line.startswith("- "):
            return self.block(depth)
        return None

    def block(self, indent):
        depth, line = self.next()
        if line.startswith("- "):
            items = []
            while self.next()[0] == indent and \
                    self.next()[1].startswith("- "):
                inner = self.lines[self.i][1][2:].lstrip()
                if re.match(r"[^'\"\s][^\s:]*:(\s|$)", inner):
                    self.lines[self.i] = (indent + 2, inner)
                    items.append(self.block(indent + 2))
                else:
                    self.i += 1
                    items.append(self.scalar(inner, indent))
            return items
        out = {}
        while self.next()[0] == indent:
            line = self.lines[self.i][1]
            key, _, rest = line.partition(": ") if ": " in line \
                else (line.rstrip(":"), "", "")
            self.i += 1
            out[key.strip("'\"")] = self.value(indent, rest.strip())
        return out


def lefi_schemas():
    with open(os.path.join(V10, LEFI), encoding="utf-8") as f:
        y = Yaml(f.read())
    doc = y.block(0)
    return doc["components"]["schemas"]


def target(prop):
    """The schema that a property's value or items are, if it is one."""
    ref = prop.get("$ref") or (prop.get("items") or {}).get("$ref")
    return ref.rsplit("/", 1)[1] if ref else None


def lefi_walk(schemas, at, name, out):
    for key, prop in (schemas[name].get("properties") or {}).items():
        out[at + (key,)] = (name, key)
        below = target(prop or {})
        if below:
            lefi_walk(schemas, at + (key,), below, out)


def lefi_fields(schemas):
    data, rest = {}, {}
    lefi_walk(schemas, ("data",), "LefiExternFormansinformationSvar", data)
    reached = set(data.values())
    for name in schemas:
        own = {}
        lefi_walk(schemas, (name,), name, own)
        if any(d not in reached for d in own.values()):
            rest.update({p: d for p, d in own.items() if d not in reached})
    return data, rest


CODE = re.compile(r"- `?([^\s`=]+)`? (?:= |\()(.*?)\)?[.,]?$")
SPELT = {"ersättning": "ersattning", "foraldertype": "foraldertyp"}


def code_lines(text, name):
    """(field, code, meaning) of a description that lists codes."""
    for line in re.split(r"\n|(?<=\)) (?=- )|(?<=, )(?=- )", text or ""):
        said = re.findall(r"[Ff]ältet `(\w+)`", line)
        name = SPELT.get(said[-1], said[-1]) if said else name
        m = CODE.match(line.strip())
        if m and name and not m.group(1).endswith(":"):
            yield name, m.group(1), m.group(2)


def lefi_codes(schemas):
    """{(member of formansinformation, field, code): meaning}."""
    data, out = lefi_fields(schemas)[0], {}
    where = {}
    for path, (schema, _) in data.items():
        top = path[2] if path[1] == "formansinformation" and len(path) > 2 \
            else path[1]
        where.setdefault(schema, set()).add(top)
    for schema in where:
        own = schemas[schema]
        found = list(code_lines(own.get("description"), None))
        for name, prop in own["properties"].items():
            found += code_lines((prop or {}).get("description"), name)
        for top in where[schema]:
            for field, code, meaning in found:
                below = target(own["properties"].get(field) or {}) or ""
                if code.startswith("_"):  # which member to look at, no code
                    continue
                if "typ" in (schemas.get(below, {}).get("properties") or {}):
                    field = "typ"  # said of the list, stands in its items
                out[(top, field, code)] = meaning
    return out


# ---- the tables and the page


def label_rows():
    rows = {}
    for name in ("fields.def", "fields_fk.def"):
        with open(os.path.join(TOP, "src", "domain", name),
                  encoding="utf-8") as f:
            for s, parent, field, label in re.findall(
                    r'^FIELD\((\w+),\s*"([^"]*)",\s*"([^"]*)",\s*\w+,'
                    r'\s*\w+,\s*"([^"]*)"\)', f.read(), re.M):
                rows[(s, parent, field)] = label
    return rows


def fault_rows(rows):
    """Labels of the authorities' own faults, by what codecs.def reads."""
    with open(os.path.join(TOP, "src", "wire", "codecs.def"),
              encoding="utf-8") as f:
        codecs = re.findall(r"^CODEC\((\w+),(.*?),\s*\w+\)", f.read(),
                            re.M | re.S)
    out = {}
    for source, row in codecs:
        fault, code, text = re.findall(r'"([^"]*)"', row)[4:7]
        if code:
            out[(source, fault, code)] = rows[("ANY", "error", "felkod")]
        if text:
            out[(source, fault, text)] = rows[("ANY", "error",
                                               "felmeddelande")]
    return out


def authorities():
    with open(os.path.join(TOP, "src", "domain", "sources.def"),
              encoding="utf-8") as f:
        return dict(re.findall(r'^SOURCE\((\w+), \d+, "\w*", "([^"]*)"',
                               f.read(), re.M))


def label(rows, source, path, names):
    name, parent = path[-1].lstrip("@"), path[-2] if len(path) > 1 else "-"
    if source == "SSBT":
        if parent == "svarsdata":
            return names.get(name)
        return rows.get(("ANY", parent, name)) or \
            rows.get((parent, parent, name)) \
            if "fraga" not in path else None
    return rows.get((source, parent, name)) or rows.get((source, "", name))


def wordless_codes(codes):
    """Codes that the contract explains and that no table has words for."""
    def rows(name, pattern):
        with open(os.path.join(TOP, "src", "domain", name),
                  encoding="utf-8") as f:
            return re.findall(pattern, f.read(), re.M)

    words = {}
    for field, code, member in rows(
            "codes_fk.def", r'^CODE\("(\w+)", "([^"]+)", "(\w*)",\s*"[^"]+"'):
        words.setdefault((field, code), []).append(member)
    deductions = set(rows("deductions.def", r'^DEDUCTION\("([^"]+)"'))
    for (top, field, code), meaning in codes.items():
        if not any(top.startswith(m) for m in words.get((field, code), [])) \
                and not (field == "beloppstyp" and code in deductions):
            yield "%s %s %s has no words (%s)" % (top, field, code, meaning)


def page_block():
    with open(os.path.join(TOP, "doc", "FORMATS.md"), encoding="utf-8") as f:
        m = re.search(r"^### Fields not read$.*?^```\n(.*?)^```$", f.read(),
                      re.M | re.S)
    return m.group(1) if m else ""


def wrapped(first, names, width=120):
    lines, line = [], first
    for n in names:
        if len(line) + 1 + len(n) > width:
            lines.append(line)
            line = "     "
        line += " " + n
    return "\n".join(lines + [line]) + "\n"


def rest_text(source, unread):
    """One line for each element and what is not read of what it holds."""
    by = {}
    for path in unread:
        by.setdefault(path[-2] if len(path) > 1 else "-", set()).add(path[-1])
    return "".join(wrapped("%-4s %s:" % (source, parent), sorted(by[parent]))
                   for parent in sorted(by))


class Count:
    def __init__(self):
        self.places = self.labelled = self.tests = 0
        self.declared, self.known, self.rest = set(), set(), ""

    def add(self, source, data, other, rows, faults, names):
        unread = []
        for path, decl in list(data.items()) + list(other.items()):
            if path[0] in REQUESTS:
                continue
            text = faults.get((source,) + path)
            if path in data or source == "SSBT" and path[0] not in TESTS:
                text = label(rows, source, path, names)
            key = decl if source == "FK" else id(decl)
            if "--list" in sys.argv:
                print(source, "/".join(path), "=", text or "-")
            if not text:
                unread.append(path)
            if path[0] in TESTS:
                self.tests += 1
                continue
            self.places += 1
            self.declared.add((source, key))
            if text:
                self.labelled += 1
                self.known.add((source, key))
        self.rest += rest_text(source, unread)


def main():
    if not os.path.isdir(V10):
        print("ENFRAGA_SHARED is missing")
        return 77
    rows, names, n, bad = label_rows(), authorities(), Count(), []
    faults = fault_rows(rows)
    fields = all_fields()  # declarations are told apart by id: all are kept
    for source in fields:
        n.add(source, *fields[source], rows, faults, names)
    codes = lefi_codes(lefi_schemas())
    if "--rest" in sys.argv:
        print(n.rest, end="")
    if len(sys.argv) > 1:
        return 0
    part = 100.0 * n.labelled / n.places
    print("%d of the %d fields of an answer are read into labelled facts: "
          "%.1f %%" % (n.labelled, n.places, part))
    print("%d of the %d declarations behind them; %d fields of the test call"
          % (len(n.known), len(n.declared), n.tests))
    print("%d codes with a meaning" % len(codes))
    bad += wordless_codes(codes)
    if len(codes) < 400:
        bad.append("only %d codes were found" % len(codes))
    if part < AT_LEAST:
        bad.append("%.1f %% is under %.0f %%" % (part, AT_LEAST))
    if page_block() != n.rest:
        bad.append("doc/FORMATS.md, Fields not read, is not the rest "
                   "(--rest prints it)")
    for b in bad:
        print("count_fields.py: " + b)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
