# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/cases/libcases.a
src_cases_libcases_a_SOURCES = \
	src/cases/access.c src/cases/account.c src/cases/case.c \
	src/cases/import.c src/cases/import.h src/cases/keychange.c src/cases/ownlist.c \
	src/cases/reader.c src/cases/reader.h \
	src/cases/reg.h src/cases/register.h src/cases/schema.c \
	src/cases/sealed.c src/cases/search.c src/cases/statements.def src/cases/strict.c \
	src/cases/strict.h
CASES_LIBS = src/cases/libcases.a $(STORE_LIBS) $(DOMAIN_LIBS) $(SEAL_LIBS) \
	$(CJSON_LIBS) $(BASE_LIBS)

# The schema as C strings: a line of SQL is a line of C.
EXTRA_DIST += data/schema/register.sql data/schema/register_2.sql \
	data/schema/register_3.sql data/schema/register_4.sql
REGISTER_INC = src/cases/register.inc src/cases/register_2.inc \
	src/cases/register_3.inc src/cases/register_4.inc
BUILT_SOURCES += $(REGISTER_INC)
CLEANFILES += $(REGISTER_INC)
src/cases/schema.$(OBJEXT): $(REGISTER_INC)
src/cases/%.inc: data/schema/%.sql
	$(AM_V_GEN)$(MKDIR_P) src/cases && \
	$(SED) -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' \
		$< >$@.tmp && mv $@.tmp $@

cases_tests = \
	tests/unit/cases/test_access \
	tests/unit/cases/test_import \
	tests/unit/cases/test_register
check_PROGRAMS += $(cases_tests)
TESTS += $(cases_tests)
tests_unit_cases_test_access_SOURCES = \
	tests/unit/cases/test_access.c tests/unit/cases/scene.h
tests_unit_cases_test_access_LDADD = $(CASES_LIBS) $(CMOCKA_LIBS)
tests_unit_cases_test_import_SOURCES = \
	tests/unit/cases/test_import.c tests/unit/cases/scene.h
tests_unit_cases_test_import_LDADD = $(CASES_LIBS) $(CMOCKA_LIBS)
tests_unit_cases_test_register_SOURCES = \
	tests/unit/cases/test_register.c tests/unit/cases/scene.h
tests_unit_cases_test_register_LDADD = $(CASES_LIBS) $(CMOCKA_LIBS)
