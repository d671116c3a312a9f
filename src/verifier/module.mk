# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/verifier/librows.a
src_verifier_librows_a_SOURCES = \
	src/verifier/internal.h src/verifier/json_rows.c src/verifier/rows.c \
	src/verifier/rows.h src/verifier/sqlite_rows.c \
	src/verifier/statements.def
ROWS_LIBS = src/verifier/librows.a $(PROOF_LIBS) $(SQLITE_LIBS) $(CJSON_LIBS)

bin_PROGRAMS += enfraga-verifiera
enfraga_verifiera_SOURCES = \
	src/verifier/judge.c src/verifier/judge.h src/verifier/main.c \
	src/verifier/proof_file.c src/verifier/report.c \
	src/verifier/report.h src/verifier/state.c src/verifier/state.h
enfraga_verifiera_LDADD = $(ROWS_LIBS)
