# SPDX-License-Identifier: EUPL-1.2

BENCHES += tests/bench/bench_last_byte.py tests/bench/bench_terminal.sh
check_PROGRAMS += tests/bench/bench_log
BENCHES += tests/bench/bench_log
tests_bench_bench_log_SOURCES = tests/bench/bench_log.c \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h
tests_bench_bench_log_LDADD = $(AUDIT_LIBS) $(ROWS_LIBS)
check_PROGRAMS += tests/bench/bench_parse
BENCHES += tests/bench/bench_parse
tests_bench_bench_parse_SOURCES = tests/bench/bench_parse.c tests/lib/files.h
tests_bench_bench_parse_LDADD = $(WIRE_LIBS)
