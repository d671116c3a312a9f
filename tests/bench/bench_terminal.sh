#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Start-up time and bytes a key of the workstation in training mode, beside
# peers in one run (ttybench of ENFRAGA_SHARED). Peers that are not installed
# are left out by the tool.
set -eu
tools=$ENFRAGA_SHARED/tools/bench
[ -f "$tools/ttybench.py" ] || { echo "ENFRAGA_SHARED is missing"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export XDG_STATE_HOME=$scratch/state ENFRAGA_DATA=$srcdir/data
export TEXTDOMAINDIR=$builddir/po/locale
python=/usr/bin/python3
$python "$tools/tty_fixtures.py" "$scratch/fx" >/dev/null
cc -O2 "$tools/ttyfloor.c" -o "$scratch/fx/ttyfloor" -lncursesw
# The training instance is made once; what is timed is a start.
"$builddir/enfraga" --ovning status >/dev/null
$python "$tools/ttybench.py" suite "$tools/ttybench_peers.json" \
    --fixtures "$scratch/fx" --rounds 3 --cpu 0 --own-cpu 1 \
    --only tig,less,htop,floor-curses \
    --add "enfraga=$builddir/enfraga --ovning" \
    --ref tig,less,htop,floor-curses
