# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/collect/libcollect.a
src_collect_libcollect_a_SOURCES = \
	src/collect/collect.h src/collect/known.c src/collect/statements.def \
	src/collect/witness.c src/collect/witness.h
if POSTGRESQL
src_collect_libcollect_a_SOURCES += \
	src/collect/collector.c src/collect/collector.def \
	src/collect/collector.h src/collect/collector_erase.c \
	src/collect/collector_export.c src/collect/collector_read.c \
	src/collect/pg.c src/collect/pg.h
endif
COLLECT_LIBS = src/collect/libcollect.a src/store/libstore.a $(PROOF_LIBS) \
	$(SQLITE_LIBS) $(PQ_LIBS)
EXTRA_DIST += data/schema/insamling.sql

# The schema as a C string: a line of SQL is a line of C.
EXTRA_DIST += data/schema/witness.sql
COLLECT_INC = src/collect/witness.inc
BUILT_SOURCES += $(COLLECT_INC)
CLEANFILES += $(COLLECT_INC)
src/collect/witness.$(OBJEXT): $(COLLECT_INC)
src/collect/%.inc: data/schema/%.sql
	$(AM_V_GEN)$(MKDIR_P) src/collect && \
	$(SED) -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' \
		$< >$@.tmp && mv $@.tmp $@

check_PROGRAMS += tests/unit/collect/test_witness_store
TESTS += tests/unit/collect/test_witness_store
tests_unit_collect_test_witness_store_SOURCES = \
	tests/unit/collect/test_witness_store.c
tests_unit_collect_test_witness_store_LDADD = $(COLLECT_LIBS) $(CMOCKA_LIBS)
