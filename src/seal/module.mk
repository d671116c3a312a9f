# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/seal/libseal.a
src_seal_libseal_a_SOURCES = \
	src/seal/aead.c src/seal/aead.h src/seal/envelope.c \
	src/seal/envelope.h \
	src/seal/cms.c src/seal/cms.h src/seal/hash.c src/seal/hash.h \
	src/seal/hasher.c \
	src/seal/key.c src/seal/key.h src/seal/key_file.c src/seal/ssl.c \
	src/seal/ssl.h src/seal/vkey.c src/seal/vkey.h
SEAL_LIBS = src/seal/libseal.a $(BASE_LIBS) $(CRYPTO_LIBS)

check_PROGRAMS += tests/unit/seal/test_seal
TESTS += tests/unit/seal/test_seal
tests_unit_seal_test_seal_SOURCES = tests/unit/seal/test_seal.c
tests_unit_seal_test_seal_LDADD = $(SEAL_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/seal/test_aead
TESTS += tests/unit/seal/test_aead
tests_unit_seal_test_aead_SOURCES = tests/unit/seal/test_aead.c
tests_unit_seal_test_aead_LDADD = $(SEAL_LIBS) $(CMOCKA_LIBS)
