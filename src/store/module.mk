# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/store/libstore.a
src_store_libstore_a_SOURCES = \
	src/store/internal.h src/store/open.c src/store/place.c \
	src/store/place.def src/store/store.c src/store/store.h
STORE_LIBS = src/store/libstore.a $(BASE_LIBS) $(SQLITE_LIBS)

check_PROGRAMS += tests/unit/store/test_store
TESTS += tests/unit/store/test_store
tests_unit_store_test_store_SOURCES = tests/unit/store/test_store.c
tests_unit_store_test_store_LDADD = $(STORE_LIBS) $(CMOCKA_LIBS)
