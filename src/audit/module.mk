# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/audit/libaudit.a
src_audit_libaudit_a_SOURCES = \
	src/audit/append.c src/audit/batch.h src/audit/day.c \
	src/audit/export.c \
	src/audit/head.c src/audit/erase.c src/audit/erase.h \
	src/audit/erase_run.c src/audit/internal.h src/audit/judge.c \
	src/audit/ledger.h src/audit/open.c src/audit/proof.c src/audit/read.c \
	src/audit/review.c \
	src/audit/policy.c src/audit/policy.h src/audit/restore.c \
	src/audit/space.c src/audit/statements.def src/audit/tail.c \
	src/audit/witness.c src/audit/witness.h
AUDIT_LIBS = src/audit/libaudit.a src/store/libstore.a $(PROOF_LIBS) \
	$(SQLITE_LIBS)
EXTRA_DIST += data/schema/audit.sql data/schema/audit-2.sql \
	data/schema/audit-3.sql

# The schema as C strings: a line of SQL is a line of C.
AUDIT_INC = src/audit/schema.inc src/audit/schema-2.inc src/audit/schema-3.inc
BUILT_SOURCES += $(AUDIT_INC)
CLEANFILES += $(AUDIT_INC)
AUDIT_SQL = $(SED) -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/'
src/audit/open.$(OBJEXT): $(AUDIT_INC)
src/audit/schema.inc: data/schema/audit.sql
	$(AM_V_GEN)$(MKDIR_P) src/audit && \
	$(AUDIT_SQL) $(srcdir)/data/schema/audit.sql >$@.tmp && mv $@.tmp $@
src/audit/schema-%.inc: data/schema/audit-%.sql
	$(AM_V_GEN)$(MKDIR_P) src/audit && \
	$(AUDIT_SQL) $< >$@.tmp && mv $@.tmp $@

check_PROGRAMS += tests/unit/audit/test_ledger
TESTS += tests/unit/audit/test_ledger
tests_unit_audit_test_ledger_SOURCES = tests/unit/audit/test_ledger.c \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h
tests_unit_audit_test_ledger_LDADD = $(AUDIT_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/audit/test_named
TESTS += tests/unit/audit/test_named
tests_unit_audit_test_named_SOURCES = tests/unit/audit/test_named.c \
	tests/unit/audit/fixture.c tests/unit/audit/fixture.h
tests_unit_audit_test_named_LDADD = $(AUDIT_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/audit/test_policy
TESTS += tests/unit/audit/test_policy
tests_unit_audit_test_policy_SOURCES = tests/unit/audit/test_policy.c
tests_unit_audit_test_policy_LDADD = $(AUDIT_LIBS) $(CMOCKA_LIBS)
