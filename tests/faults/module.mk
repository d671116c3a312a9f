# SPDX-License-Identifier: EUPL-1.2

# The log: damage done to it, and faults below it.
check_PROGRAMS += tests/faults/test_damage tests/faults/test_log_faults
TESTS += tests/faults/test_damage tests/faults/test_log_faults
tests_faults_test_damage_SOURCES = tests/faults/test_damage.c \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h
tests_faults_test_damage_LDADD = $(AUDIT_LIBS) $(ROWS_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/faults/test_bytes
TESTS += tests/faults/test_bytes
tests_faults_test_bytes_SOURCES = tests/faults/test_bytes.c \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h
tests_faults_test_bytes_LDADD = $(AUDIT_LIBS) $(ROWS_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/faults/test_day
TESTS += tests/faults/test_day
tests_faults_test_day_SOURCES = tests/faults/test_day.c \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h
tests_faults_test_day_LDADD = $(AUDIT_LIBS) $(ROWS_LIBS) $(CMOCKA_LIBS)
tests_faults_test_log_faults_SOURCES = tests/faults/test_log_faults.c \
	tests/faults/faultvfs.c tests/faults/faultvfs.h \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h
tests_faults_test_log_faults_LDADD = $(AUDIT_LIBS) $(ROWS_LIBS) \
	$(CMOCKA_LIBS)

check_PROGRAMS += tests/faults/test_rounds
TESTS += tests/faults/test_rounds
tests_faults_test_rounds_SOURCES = tests/faults/test_rounds.c \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h
tests_faults_test_rounds_LDADD = $(AUDIT_LIBS) $(ROWS_LIBS) $(CMOCKA_LIBS)

# A running enfragad with a shim below it.
TESTS += tests/faults/test_kill.py tests/faults/test_io_faults.py \
	tests/faults/test_storm.py tests/faults/test_limits.py \
	tests/faults/test_kill_erase.py
LONG_TESTS += tests/faults/test_kill.py tests/faults/test_io_faults.py \
	tests/faults/test_storm.py
check_DATA += tests/faults/shim_io.so
CLEANFILES += tests/faults/shim_io.so
tests/faults/shim_io.so: $(srcdir)/tests/faults/shim_io.c
	@mkdir -p tests/faults
	$(AM_V_CC)$(CC) -shared -fPIC -O1 -o $@ \
		$(srcdir)/tests/faults/shim_io.c -ldl

# Under check-long: 10,000 kills, each byte of a file, 200 logs changed by chance.
LONG_TESTS += tests/faults/test_log_faults tests/faults/test_rounds \
	tests/faults/test_bytes tests/faults/test_differential.py \
	tests/faults/test_verifier.py tests/faults/test_kill_erase.py

# The verifier against a second implementation of it.
check_PROGRAMS += tests/faults/make_log
tests_faults_make_log_SOURCES = tests/faults/make_log.c \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h
tests_faults_make_log_LDADD = $(AUDIT_LIBS)
TESTS += tests/faults/test_differential.py tests/faults/test_verifier.py \
	tests/faults/test_attacks.py

# Erasing by decision, and the verifier's view of it.
check_PROGRAMS += tests/faults/test_erase
TESTS += tests/faults/test_erase
tests_faults_test_erase_SOURCES = tests/faults/test_erase.c \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h
tests_faults_test_erase_LDADD = $(AUDIT_LIBS) $(ROWS_LIBS) $(CMOCKA_LIBS)
