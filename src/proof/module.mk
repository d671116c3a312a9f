# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/proof/libproof.a
src_proof_libproof_a_SOURCES = \
	src/proof/author.c src/proof/batch.c src/proof/batch.h \
	src/proof/batch_check.c src/proof/binding.c src/proof/binding.h \
	src/proof/bevis.c src/proof/bevis.h \
	src/proof/box.c src/proof/box.h \
	src/proof/cosign.c src/proof/cosign.h \
	src/proof/entry.c src/proof/entry.h src/proof/erasure.c \
	src/proof/erasure.h src/proof/export.c src/proof/export.h \
	src/proof/kinds.c \
	src/proof/kinds.def src/proof/merkle.c src/proof/merkle.h \
	src/proof/merkle_proof.c src/proof/note.c src/proof/note.h \
	src/proof/receipt.c src/proof/receipt.h src/proof/receipt_code.c \
	src/proof/submission.c src/proof/submission.h \
	src/proof/verify.c src/proof/verify.h src/proof/verify_box.c \
	src/proof/verify_day.c src/proof/verify_derived.c \
	src/proof/verify_entry.c src/proof/verify_erase.c src/proof/verify_find.c \
	src/proof/verify_run.h src/proof/verify_sig.c \
	src/proof/verify_witness.c
PROOF_LIBS = src/proof/libproof.a $(SEAL_LIBS)

check_PROGRAMS += tests/unit/proof/test_entry tests/unit/proof/test_merkle
TESTS += tests/unit/proof/test_entry tests/unit/proof/test_merkle
tests_unit_proof_test_entry_SOURCES = tests/unit/proof/test_entry.c
tests_unit_proof_test_entry_LDADD = $(PROOF_LIBS) $(CMOCKA_LIBS)
tests_unit_proof_test_merkle_SOURCES = tests/unit/proof/test_merkle.c
tests_unit_proof_test_merkle_LDADD = $(PROOF_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/proof/test_witness
TESTS += tests/unit/proof/test_witness
tests_unit_proof_test_witness_SOURCES = tests/unit/proof/test_witness.c
tests_unit_proof_test_witness_LDADD = $(PROOF_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/proof/test_erasure
TESTS += tests/unit/proof/test_erasure
tests_unit_proof_test_erasure_SOURCES = tests/unit/proof/test_erasure.c
tests_unit_proof_test_erasure_LDADD = $(PROOF_LIBS) $(CMOCKA_LIBS)
EXTRA_DIST += doc/FORMATS.md tests/lib/tlog.py
