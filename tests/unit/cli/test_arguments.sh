#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
#
# What enfraga says of arguments it cannot use: exit 64 and a reason on stderr
# before anything is opened or asked, nothing on stdout, and a personnummer is
# in no message. --help anywhere says how a command is used. Leaves out: what
# the commands do (tests/e2e/test_commands.py).
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
enfraga=$builddir/enfraga
HOME=$dir XDG_STATE_HOME=$dir
export HOME XDG_STATE_HOME
unset ENFRAGA_INSTANS ENFRAGA_KONTO ENFRAGA_LOSEN_FIL ACCESSIBLE
TERM=xterm
export TERM
bad=0

refused() { # STATUS ARGUMENTS...
    want=$1
    shift
    "$enfraga" "$@" >"$dir/out" 2>"$dir/err" </dev/null
    got=$?
    if [ "$got" != "$want" ] || [ -s "$dir/out" ] || [ ! -s "$dir/err" ] ||
        grep -Eq '19850312-?9804|850312-9804' "$dir/err"; then
        echo "enfraga $*: exit $got, not $want; or stdout, or no reason"
        cat "$dir/out" "$dir/err"
        bad=1
    fi
}

who="--arende EK-2026-00417 --person sokande"
refused 64 --finns-inte
refused 64 finnsinte
refused 64 fraga
refused 64 fraga $who
refused 64 fraga $who --syfte nyfiken
refused 64 fraga $who --syfte fortsatt --format xml
refused 64 fraga $who --syfte fortsatt --period 3m --manad 2026-11
refused 64 fraga $who --syfte fortsatt --manad 2026-13
refused 64 fraga $who --syfte fortsatt --period 2026-06-30..2026-01-01
refused 64 fraga $who --syfte fortsatt --period i-gar
refused 64 fraga $who --syfte fortsatt 198503129804
refused 64 fraga --arende "" --person sokande --syfte fortsatt
refused 64 fraga --arende "$(printf '%032d' 0)" --person sokande --syfte fortsatt
refused 64 fraga $who --syfte fortsatt --manad 2999-01
refused 64 fraga $who --syfte fortsatt --period 2998-01-01..2999-01-31
refused 64 fraga $who --syfte fortsatt --skal "   "
refused 64 fraga $who --syfte fortsatt --skal "$(printf '%02000d' 0)"
refused 64 fraga $who --syfte fortsatt --kallor ""
refused 64 fraga $who --syfte fortsatt --koder
# A number in the wrong place is in no message either.
refused 64 19850312-9804
refused 64 --19850312-9804
refused 64 -850312-9804
refused 64 fraga --850312-9804
refused 64 fraga $who --syfte 198503129804
refused 64 fraga $who --syfte fortsatt --manad 19850312-9804
refused 64 fraga $who --syfte fortsatt --period 19850312-9804
refused 64 logg 19850312-9804
refused 64 --instans "$dir/19850312-9804" status
refused 64 forsakran
refused 64 forsakran skriv-under --behov --intrang --tystnad
refused 64 forsakran skriv-under --alla
refused 64 arenden
refused 64 arenden sok
refused 64 arenden visa A B
refused 64 arenden atkomst --arende EK-2026-00417
refused 64 arenden atkomst --arende EK-2026-00417 --till hl0131
refused 64 arenden atkomst --efterhand --arende EK-2026-00417
refused 64 arenden atkomst --efterhand --godkann --arende A --skal B
refused 64 arenden atkomst --arende A --till B --skal C 198503129804
refused 64 logg
refused 64 logg exportera
refused 2 logg verifiera --snabbt
refused 64 status nu
refused 64 prov nu
# An instance that is not there: named, not made.
refused 64 --instans "$dir/ingen" status
[ ! -e "$dir/ingen" ] || { echo "an instance was made"; bad=1; }
[ ! -e "$dir/enfraga" ] || { echo "training was started"; bad=1; }

# Every command says how it is used, and is known to the completion.
commands=$("$enfraga" --help 2>/dev/null | sed -n 's/^  \([a-z]*\)  .*/\1/p')
[ "$(echo "$commands" | wc -w)" -ge 10 ] || { echo "commands: $commands"; bad=1; }
for c in "" $commands; do
    if [ -n "$c" ] && [ "$c" != prov ] && [ "$c" != status ] &&
        ! grep -q "^    $c) words" "$srcdir/doc/enfraga.bash.in"; then
        echo "$c is not completed"
        bad=1
    fi
    if ! "$enfraga" $c --help >"$dir/out" 2>"$dir/err" || [ -s "$dir/err" ] ||
        ! grep -q enfraga "$dir/out"; then
        echo "enfraga $c --help"
        bad=1
    fi
done
"$enfraga" --version | grep -q '^enfraga [0-9]' || bad=1
exit $bad
