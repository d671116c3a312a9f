# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/ask/libask.a
src_ask_libask_a_SOURCES = \
	src/ask/plan.c src/ask/plan.h src/ask/run.c src/ask/run.h
ASK_LIBS = src/ask/libask.a $(WIRE_LIBS) $(NET_LIBS) $(DOMAIN_LIBS) \
	$(BASE_LIBS)

check_PROGRAMS += tests/unit/ask/test_probe
TESTS += tests/unit/ask/test_probe
tests_unit_ask_test_probe_SOURCES = tests/unit/ask/test_probe.c
tests_unit_ask_test_probe_LDADD = $(ASK_LIBS) $(CMOCKA_LIBS)
