# SPDX-License-Identifier: EUPL-1.2
"""Nothing names the machine it was written on or is left for later, and no
personnummer belongs to a person: those that pass the check digit are in the
test range (birth numbers 980-999) or Skatteverket's known test number."""
import re

from tree import Report, files, read

LEFT = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|/(home|Users)/[a-z]+/|"
                  r"(?<![\w.$}])/(wor[k]|roo[t])/")
NUMBER = re.compile(r"(?<!\d)((?:18|19|20)\d{6})[-+]?(\d{4})(?!\d)")
# The known test number; the example of meddelande 2010:3; open data
# "Testpersonnummer".
PUBLISHED = {"197407029284", "197010632391", "201701012393"}


def is_person(number):
    month, day = int(number[4:6]), int(number[6:8])
    if not 1 <= month <= 12 or not (1 <= day <= 31 or 61 <= day <= 91):
        return False
    total = 0
    for i, digit in enumerate(number[2:]):
        twice = int(digit) * (2 - i % 2)
        total += twice // 10 + twice % 10
    return total % 10 == 0


TEXT = (".c", ".h", ".def", ".mk", ".sh", ".py", ".sql", ".ac", ".am", ".po",
        ".1", ".5", ".8", ".ini", ".md", ".txt", ".json", ".yaml", ".xml",
        ".keys", ".screen", ".conf", ".bash", ".expected", ".ord")
report = Report()
looked = 0
for path in files():
    if not (path.endswith(TEXT) or path.startswith(("scripts/", ".ci/"))
            or path in ("NEWS", "LICENSE", ".gitignore")):
        continue
    if path == "tests/lint/words.py":
        continue
    looked += 1
    for number, line in enumerate(read(path).split("\n"), 1):
        for match in LEFT.finditer(line):
            report.add(path, number, f"'{match.group(0)}' does not belong")
        for match in NUMBER.finditer(line):
            whole = match.group(1) + match.group(2)
            if is_person(whole) and not 980 <= int(whole[8:11]) <= 999 \
                    and whole not in PUBLISHED:
                report.add(path, number,
                           "a personnummer outside the test range")
report.end(looked)
