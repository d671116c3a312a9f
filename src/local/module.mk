# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/local/liblocal.a
src_local_liblocal_a_SOURCES = \
	src/local/json.c src/local/json.h \
	src/local/message.c src/local/message.h \
	src/local/svar.c src/local/svar.h src/local/svar_read.c
LOCAL_LIBS = src/local/liblocal.a $(DOMAIN_LIBS) $(CJSON_LIBS) -lm

local_tests = \
	tests/unit/local/test_message \
	tests/unit/local/test_svar
check_PROGRAMS += $(local_tests)
TESTS += $(local_tests) tests/unit/local/test_openapi.sh
tests_unit_local_test_message_SOURCES = tests/unit/local/test_message.c
tests_unit_local_test_message_LDADD = $(LOCAL_LIBS) $(CMOCKA_LIBS)
tests_unit_local_test_svar_SOURCES = tests/unit/local/test_svar.c \
	tests/lib/answers.c tests/lib/answers.h
tests_unit_local_test_svar_LDADD = $(LOCAL_LIBS) $(CMOCKA_LIBS)
