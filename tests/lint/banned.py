# SPDX-License-Identifier: EUPL-1.2
"""Functions that cut, overflow, guess the locale or the time zone, or hide
an error are not called; ours in base are. Leaves out what a library does
inside."""
import re

from tree import Report, bare, files, read

BANNED = {
    "strcpy": "buf_add or mem_dup", "strcat": "buf_add",
    "strncpy": "snprintf", "strncat": "buf_add", "stpcpy": "buf_add",
    "sprintf": "snprintf or buf_addf", "vsprintf": "vsnprintf",
    "gets": "getline", "sscanf": "base/text.h", "scanf": "base/text.h",
    "fscanf": "base/text.h", "atoi": "strtol with its end, or base/text.h",
    "atol": "strtol with its end", "atoll": "strtoll with its end",
    "atof": "domain/money.h", "localtime": "base/clock.h",
    "localtime_r": "base/clock.h", "gmtime": "base/clock.h",
    "ctime": "base/clock.h", "asctime": "base/clock.h",
    "strtok": "strtok_r or a walk", "tmpnam": "mkstemp",
    "tempnam": "mkstemp", "mktemp": "mkstemp", "rand": "RAND_bytes",
    "random": "RAND_bytes", "srand": "RAND_bytes", "system": "posix_spawn",
    "popen": "posix_spawn", "alloca": "mem_alloc",
    "malloc": "mem_alloc", "calloc": "mem_alloc", "realloc": "mem_grow",
    "strdup": "mem_dup", "strndup": "mem_dup", "asprintf": "buf_addf",
    "time": "base/clock.h", "gettimeofday": "base/clock.h",
    "sleep": "the loop's timer", "usleep": "the loop's timer",
}
# Where one of them is at home, with the reason.
HOME = {
    ("src/base/mem.c", "malloc"), ("src/base/mem.c", "calloc"),
    ("src/base/mem.c", "realloc"), ("src/base/mem.c", "strdup"),
    ("src/base/free.c", "malloc"), ("src/base/free.c", "realloc"),
    ("src/base/clock.c", "localtime_r"), ("src/base/clock.c", "time"),
}
CALL = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(BANNED))

report = Report()
sources = files("src", ends=(".c", ".h"))
for path in sources:
    for number, line in enumerate(bare(read(path)).split("\n"), 1):
        for match in CALL.finditer(line):
            name = match.group(1)
            if (path, name) not in HOME:
                report.add(path, number, f"{name}: use {BANNED[name]}")
report.end(len(sources))
