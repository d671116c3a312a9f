# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/present/libpresent.a
src_present_libpresent_a_SOURCES = \
	src/present/fields.def \
	src/present/linear.c src/present/linear.h \
	src/present/text.c src/present/text.h \
	src/present/rows.c src/present/rows.h src/present/rows_own.h \
	src/present/rows_conclusion.c src/present/rows_facts.c \
	src/present/rows_money.c src/present/rows_overview.c \
	src/present/rows_pane.c src/present/rows_state.c
PRESENT_LIBS = src/present/libpresent.a $(DOMAIN_LIBS)

check_PROGRAMS += tests/unit/present/test_forms
TESTS += tests/unit/present/test_forms
SCREEN_TESTS += tests/unit/present/test_forms
tests_unit_present_test_forms_SOURCES = tests/unit/present/test_forms.c \
	tests/lib/answers.c tests/lib/answers.h
tests_unit_present_test_forms_LDADD = $(PRESENT_LIBS) $(CMOCKA_LIBS)
