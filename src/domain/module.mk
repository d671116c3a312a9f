# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/domain/libdomain.a
src_domain_libdomain_a_SOURCES = \
	src/domain/answer.c src/domain/answer.h \
	src/domain/checks.c src/domain/checks.def src/domain/checks_days.c \
	src/domain/checks_fact.c src/domain/checks_payment.c \
	src/domain/code.c src/domain/code.h \
	src/domain/codes_fk.def src/domain/deductions.def \
	src/domain/field.c src/domain/field.h src/domain/fields.def \
	src/domain/fields_fk.def \
	src/domain/grant.c src/domain/grant.h \
	src/domain/kontrakt.c src/domain/kontrakt.h src/domain/kontrakt.def \
	src/domain/legal.c src/domain/legal.h \
	src/domain/lefi.c src/domain/lefi.h src/domain/lefi_codes.def \
	src/domain/money.c src/domain/money.h \
	src/domain/overview.c src/domain/overview.h \
	src/domain/overview_family.c src/domain/overview_rows.c \
	src/domain/overview_sum.c src/domain/picture.h \
	src/domain/period.c src/domain/period.h \
	src/domain/places.c src/domain/places.h src/domain/places.def \
	src/domain/personnummer.c src/domain/personnummer.h \
	src/domain/question.c src/domain/question.h \
	src/domain/rules.c src/domain/rules.h \
	src/domain/question_code.c \
	src/domain/source.c src/domain/source.h \
	src/domain/sources.def src/domain/states.def \
	src/domain/zero.c src/domain/zero.h src/domain/zero.def
DOMAIN_LIBS = src/domain/libdomain.a $(BASE_LIBS)

domain_tests = \
	tests/unit/domain/test_answer \
	tests/unit/domain/test_bounds \
	tests/unit/domain/test_checks \
	tests/unit/domain/test_code \
	tests/unit/domain/test_grant \
	tests/unit/domain/test_legal \
	tests/unit/domain/test_money \
	tests/unit/domain/test_overview \
	tests/unit/domain/test_period \
	tests/unit/domain/test_personnummer \
	tests/unit/domain/test_question \
	tests/unit/domain/test_rules \
	tests/unit/domain/test_source \
	tests/unit/domain/test_zero
check_PROGRAMS += $(domain_tests)
TESTS += $(domain_tests)

tests_unit_domain_test_money_SOURCES = tests/unit/domain/test_money.c
tests_unit_domain_test_money_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_period_SOURCES = tests/unit/domain/test_period.c
tests_unit_domain_test_period_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_personnummer_SOURCES = \
	tests/unit/domain/test_personnummer.c
tests_unit_domain_test_personnummer_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_source_SOURCES = tests/unit/domain/test_source.c
tests_unit_domain_test_source_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_answer_SOURCES = tests/unit/domain/test_answer.c
tests_unit_domain_test_answer_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_question_SOURCES = tests/unit/domain/test_question.c
tests_unit_domain_test_question_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
EXTRA_DIST += doc/FORMATS.md
tests_unit_domain_test_zero_SOURCES = tests/unit/domain/test_zero.c
tests_unit_domain_test_zero_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_rules_SOURCES = tests/unit/domain/test_rules.c \
	tests/lib/rules.h \
	tests/unit/domain/made.c tests/unit/domain/made.h
tests_unit_domain_test_rules_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_bounds_SOURCES = tests/unit/domain/test_bounds.c \
	tests/unit/domain/made.c tests/unit/domain/made.h
tests_unit_domain_test_bounds_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_checks_SOURCES = tests/unit/domain/test_checks.c \
	tests/unit/domain/made.c tests/unit/domain/made.h
tests_unit_domain_test_checks_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_overview_SOURCES = tests/unit/domain/test_overview.c \
	tests/unit/domain/made.c tests/unit/domain/made.h
tests_unit_domain_test_overview_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_grant_SOURCES = tests/unit/domain/test_grant.c
tests_unit_domain_test_grant_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_legal_SOURCES = tests/unit/domain/test_legal.c
tests_unit_domain_test_legal_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
tests_unit_domain_test_code_SOURCES = tests/unit/domain/test_code.c
tests_unit_domain_test_code_LDADD = $(DOMAIN_LIBS) $(CMOCKA_LIBS)
