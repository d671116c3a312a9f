#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
#
# The manuals are clean mdoc, their tables say what the tables of the sources
# say, and the scripts parse. Leaves out whether what they say is true.
set -u
srcdir=${srcdir:-.}
bad=0
looked=0
for page in "$srcdir"/doc/*.[1-8]; do
    looked=$((looked + 1))
    # A page that refers to one not installed yet is no fault here, and a
    # line is measured after its letters have been spelt out.
    said=$(mandoc -Tlint -Wstyle "$page" 2>&1 |
        grep -vE 'referenced manual not found|longer than 80 bytes')
    if [ -n "$said" ]; then
        echo "$said"
        bad=$((bad + 1))
    fi
done
python3 "$srcdir/doc/tables.py" --check || bad=$((bad + 1))
for script in "$srcdir"/scripts/* "$srcdir"/.ci/run \
    "$srcdir"/tests/lint/*.sh; do
    looked=$((looked + 1))
    case $(head -n 1 "$script") in
    *sh) sh -n "$script" || bad=$((bad + 1)) ;;
    esac
    case $script in
    *.sh) ;;
    *)
        [ -x "$script" ] || {
            echo "$script is not executable"
            bad=$((bad + 1))
        }
        ;;
    esac
done
echo "$looked looked at, $bad found"
[ "$looked" -gt 0 ] && [ "$bad" -eq 0 ]
