# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/base/libbase.a
src_base_libbase_a_SOURCES = \
	src/base/buf.c src/base/buf.h src/base/clock.c src/base/clock.h \
	src/base/config.c src/base/config.h src/base/err.c src/base/err.h \
	src/base/errors.def src/base/free.c src/base/i18n.c src/base/i18n.h src/base/log.c src/base/log.h src/base/loop.c \
	src/base/loop.h src/base/mem.c src/base/mem.h src/base/settings.def \
	src/base/text.c src/base/text.h src/base/tlv.c src/base/tlv.h
BASE_LIBS = src/base/libbase.a $(UTF8PROC_LIBS) $(INIH_LIBS) $(EVENT_LIBS)

check_PROGRAMS += tests/unit/base/test_base
TESTS += tests/unit/base/test_base
tests_unit_base_test_base_SOURCES = tests/unit/base/test_base.c
tests_unit_base_test_base_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
