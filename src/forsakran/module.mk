# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/forsakran/libforsakran.a
src_forsakran_libforsakran_a_SOURCES = \
	src/forsakran/ca.c src/forsakran/ca.h src/forsakran/cert.c src/forsakran/cert.h \
	src/forsakran/crl.c src/forsakran/crl.h src/forsakran/file.c src/forsakran/file.h \
	src/forsakran/forsakran.h src/forsakran/head.c \
	src/forsakran/identity.c src/forsakran/identity.h \
	src/forsakran/keys.c src/forsakran/keys.h \
	src/forsakran/request.c src/forsakran/request.h \
	src/forsakran/reviewer.c src/forsakran/reviewer.h \
	src/forsakran/sign.c src/forsakran/wording.c
FORSAKRAN_LIBS = src/forsakran/libforsakran.a $(DOMAIN_LIBS) $(SEAL_LIBS) \
	$(CRYPTO_LIBS) $(BASE_LIBS)

forsakran_tests = \
	tests/unit/forsakran/test_identity \
	tests/unit/forsakran/test_keys \
	tests/unit/forsakran/test_forsakran
check_PROGRAMS += $(forsakran_tests)
TESTS += $(forsakran_tests)
tests_unit_forsakran_test_identity_SOURCES = \
	tests/unit/forsakran/test_identity.c tests/unit/forsakran/scene.h
tests_unit_forsakran_test_identity_LDADD = $(FORSAKRAN_LIBS) $(CMOCKA_LIBS)
tests_unit_forsakran_test_keys_SOURCES = \
	tests/unit/forsakran/test_keys.c tests/unit/forsakran/scene.h
tests_unit_forsakran_test_keys_LDADD = $(FORSAKRAN_LIBS) $(CMOCKA_LIBS)
tests_unit_forsakran_test_forsakran_SOURCES = \
	tests/unit/forsakran/test_forsakran.c tests/unit/forsakran/scene.h
tests_unit_forsakran_test_forsakran_LDADD = $(FORSAKRAN_LIBS) $(CMOCKA_LIBS)

forsakrandir = $(pkgdatadir)/forsakran
dist_forsakran_DATA = data/forsakran/enfraga-1.txt data/forsakran/enfraga-1.ord
