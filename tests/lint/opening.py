# SPDX-License-Identifier: EUPL-1.2
"""Each file names its licence at its top, and each header and each test says
there what it is for. Leaves out pages, data that is signed or exchanged byte
for byte, and goldens."""
import re

from tree import Report, files, read

CODE = (".c", ".h", ".def", ".mk", ".sh", ".py", ".sql", ".ac", ".am", ".po",
        ".1", ".5", ".8", ".ini", ".bash")
report = Report()
looked = 0
for path in files():
    name = path.rsplit("/", 1)[-1]
    script = path.startswith(("scripts/", ".ci/"))
    if not (name.endswith(CODE) or script):
        continue
    looked += 1
    text = read(path)
    top = "\n".join(text.split("\n")[:4])
    if "SPDX-License-Identifier: EUPL-1.2" not in top:
        report.add(path, 1, "no SPDX line at the top")
        continue
    header = path.startswith("src/") and name.endswith(".h")
    test = re.match(r"tests/(?!lib/|lint/).*\btest_\w+\.(c|py|sh)$", path)
    if header or test:
        opening = re.sub(r"^#!.*\n", "", text)[:700]
        opening = opening.replace("SPDX-License-Identifier: EUPL-1.2", "")
        words = re.search(r"[A-Za-zåäöÅÄÖ]+(\W+\w+){4}",
                          re.split(r"#include|#ifndef|\bimport\b",
                                   opening)[0])
        if not words:
            report.add(path, 1, "does not say at its top what it is for")
report.end(looked)
