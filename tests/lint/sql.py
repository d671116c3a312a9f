# SPDX-License-Identifier: EUPL-1.2
"""SQL stands in statements.def and *.sql, where all of it can be read at
once; a string of C code never begins as a statement does. store alone says
BEGIN, COMMIT and the pragmas that open a database: that is what it is for."""
import re

from tree import Report, bare, files, read

STATEMENT = re.compile(
    r'"\s*(SELECT\s|INSERT\s+(INTO|OR)|UPDATE\s+\w+\s+SET|DELETE\s+FROM|'
    r"CREATE\s+(TABLE|INDEX|TRIGGER|VIEW)|DROP\s|ALTER\s+TABLE|"
    r"BEGIN(\s+IMMEDIATE)?[;\"]|COMMIT[;\"]|ROLLBACK[;\"]|SAVEPOINT\s|"
    r"PRAGMA\s|VACUUM|ATTACH\s)")
report = Report()
sources = files("src", ends=(".c", ".h"))
for path in sources:
    for number, line in enumerate(
            bare(read(path), keep_strings=True).split("\n"), 1):
        said = STATEMENT.search(line)
        if said and not (path.startswith("src/store/") and re.match(
                r'"\s*(BEGIN|COMMIT|ROLLBACK|PRAGMA)', said.group(0))):
            report.add(path, number, "SQL outside the tables")
report.end(len(sources))
