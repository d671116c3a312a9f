#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
#
# Every header compiles by itself, twice over: it includes what it uses, and
# it may be included again. Leaves out the tables (*.def), which are no headers.
set -u
srcdir=${srcdir:-.}
CC=${CC:-cc}
flags=${LINT_CPPFLAGS:--std=gnu11 -D_GNU_SOURCE -I. -I$srcdir/src -I$srcdir}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
looked=0
bad=0
for path in $(cd "$srcdir" && find src tests -name '*.h' | sort); do
    looked=$((looked + 1))
    printf '#include "%s"\n#include "%s"\n' "$path" "$path" >"$work/one.c"
    # shellcheck disable=SC2086 # flags are words
    if ! $CC $flags -Wall -Wextra -Werror -Wno-unused-function \
        -fsyntax-only "$work/one.c" 2>"$work/said"; then
        echo "$path does not compile by itself:"
        grep -m 3 -E 'error' "$work/said"
        bad=$((bad + 1))
    fi
done
echo "$looked looked at, $bad found"
[ "$looked" -gt 0 ] && [ "$bad" -eq 0 ]
