#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
#
# Runs every fuzz target of a build made with --enable-fuzz (CC=clang) and
# prints what each did: executions, edges covered of all there are, inputs
# kept, and what was found. Bounded: FUZZ_SECONDS in all (default 600), shared
# out evenly; FUZZ_JOBS at once (default 1). The corpus grows under fuzz/ in
# the build; a finding lies in fuzz/NAME-found. Fails where something was.
set -eu

: "${srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${builddir:=$PWD}"
: "${FUZZ_SECONDS:=600}" "${FUZZ_JOBS:=1}"
targets=$(cd "$builddir/tests/fuzz" && ls fuzz_* 2>/dev/null |
    grep -v '\.' | sed 's/^fuzz_//') || :
if [ -z "$targets" ]; then
    echo "fuzz: no targets: configure with CC=clang --enable-fuzz" >&2
    exit 69
fi
n=$(echo "$targets" | wc -l)
each=$((FUZZ_SECONDS * FUZZ_JOBS / n))
work=$builddir/fuzz
mkdir -p "$work"
ASAN_OPTIONS=${ASAN_OPTIONS-detect_leaks=1:allocator_may_return_null=1}
export ASAN_OPTIONS

run_one() {
    mkdir -p "$work/$1" "$work/$1-found"
    seeds=$srcdir/tests/fuzz/corpus/$1
    [ -d "$seeds" ] || seeds=
    # shellcheck disable=SC2086 # no seeds is no argument
    "$builddir/tests/fuzz/fuzz_$1" -max_total_time="$each" -timeout=20 \
        -rss_limit_mb=2048 -print_final_stats=1 -reload=0 -max_len=131072 \
        -artifact_prefix="$work/$1-found/" "$work/$1" $seeds \
        >"$work/$1.log" 2>&1 </dev/null || echo "exit $?" >>"$work/$1.log"
}

if [ "${1-}" = --one ]; then
    run_one "$2"
    exit
fi
echo "fuzz: $n targets, $each s each, $FUZZ_JOBS at once"
export srcdir builddir FUZZ_SECONDS FUZZ_JOBS
echo "$targets" | xargs -P "$FUZZ_JOBS" -n 1 sh "$0" --one
bad=0
printf '%-12s %12s %8s %8s %8s %7s  %s\n' \
    target executions edges of corpus seconds found
for t in $targets; do
    log=$work/$t.log
    found=$(find "$work/$t-found" -type f | wc -l)
    [ "$found" -eq 0 ] && ! grep -q '^exit' "$log" || bad=1
    awk -v t="$t" -v found="$found" '
        /inline 8-bit counters/ && match($0, /\([0-9]+ inline/) {
            all += substr($0, RSTART + 1, RLENGTH - 8) }
        / cov: / { for (i = 1; i < NF; i++) {
            if ($i == "cov:") cov = $(i + 1)
            if ($i == "corp:") corp = $(i + 1) } }
        /^Done / { runs = $2; s = $5 }
        END { printf "%-12s %12s %8s %8s %8s %7s  %s\n",
                     t, runs, cov, all, corp, s, found }' "$log"
done
exit $bad
