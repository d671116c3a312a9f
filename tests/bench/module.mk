# SPDX-License-Identifier: EUPL-1.2

BENCHES += tests/bench/bench_last_byte.py tests/bench/bench_terminal.sh
check_PROGRAMS += tests/bench/bench_log
BENCHES += tests/bench/bench_log
tests_bench_bench_log_SOURCES = tests/bench/bench_log.c \
	tests/bench/raw_insert.c tests/bench/raw_insert.h \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h
tests_bench_bench_log_LDADD = $(AUDIT_LIBS) $(ROWS_LIBS)
check_PROGRAMS += tests/bench/bench_parse
BENCHES += tests/bench/bench_parse
tests_bench_bench_parse_SOURCES = tests/bench/bench_parse.c tests/lib/files.h
tests_bench_bench_parse_LDADD = $(WIRE_LIBS)
check_PROGRAMS += tests/bench/bench_gateway tests/bench/gateway_posts
tests_bench_bench_gateway_SOURCES = tests/bench/bench_gateway.c \
	tests/bench/gateway_up.c tests/bench/gateway_up.h tests/lib/files.h
tests_bench_gateway_posts_SOURCES = tests/bench/gateway_posts.c
tests_bench_gateway_posts_LDADD = $(FORSAKRAN_LIBS) $(PROOF_LIBS) \
	$(LOCAL_LIBS) $(SEAL_LIBS) $(DOMAIN_LIBS) $(BASE_LIBS)
BENCHES += tests/bench/bench_gateway.py
check_PROGRAMS += tests/bench/bench_review
BENCHES += tests/bench/bench_review
tests_bench_bench_review_SOURCES = tests/bench/bench_review.c
tests_bench_bench_review_LDADD = $(CLIENT_LIBS)
check_PROGRAMS += tests/bench/bench_entries
BENCHES += tests/bench/bench_entries.py
tests_bench_bench_entries_SOURCES = tests/bench/bench_entries.c \
	tests/bench/raw_insert.c tests/bench/raw_insert.h
tests_bench_bench_entries_LDADD = $(BASE_LIBS) $(SQLITE_LIBS)
check_DATA += tests/bench/shim_sync.so
CLEANFILES += tests/bench/shim_sync.so
tests/bench/shim_sync.so: $(srcdir)/tests/bench/shim_sync.c
	@mkdir -p tests/bench
	$(AM_V_CC)$(CC) -shared -fPIC -O1 -o $@ \
		$(srcdir)/tests/bench/shim_sync.c -ldl
BENCHES += tests/bench/bench_journal.py
