# SPDX-License-Identifier: EUPL-1.2

BENCHES += tests/bench/bench_last_byte.py tests/bench/bench_terminal.sh
