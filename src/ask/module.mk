# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/ask/libask.a
src_ask_libask_a_SOURCES = \
	src/ask/breaker.c src/ask/breaker.h \
	src/ask/plan.c src/ask/plan.h src/ask/probe.c src/ask/run.c \
	src/ask/run.h
ASK_LIBS = src/ask/libask.a $(WIRE_LIBS) $(NET_LIBS) $(DOMAIN_LIBS) \
	$(BASE_LIBS)

ask_tests = tests/unit/ask/test_breaker tests/unit/ask/test_probe \
	tests/unit/ask/test_run
check_PROGRAMS += $(ask_tests)
TESTS += $(ask_tests)
tests_unit_ask_test_run_SOURCES = tests/unit/ask/test_run.c
tests_unit_ask_test_run_LDADD = $(ASK_LIBS) $(CMOCKA_LIBS)
tests_unit_ask_test_breaker_SOURCES = tests/unit/ask/test_breaker.c
tests_unit_ask_test_breaker_LDADD = $(ASK_LIBS) $(CMOCKA_LIBS)
tests_unit_ask_test_probe_SOURCES = tests/unit/ask/test_probe.c
tests_unit_ask_test_probe_LDADD = $(ASK_LIBS) $(CMOCKA_LIBS)
