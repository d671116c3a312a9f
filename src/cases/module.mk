# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/cases/libcases.a
src_cases_libcases_a_SOURCES = \
	src/cases/account.c src/cases/case.c src/cases/import.c \
	src/cases/import.h src/cases/reader.c src/cases/reader.h \
	src/cases/reg.h src/cases/register.h src/cases/schema.c \
	src/cases/search.c src/cases/statements.def src/cases/strict.c \
	src/cases/strict.h
CASES_LIBS = src/cases/libcases.a $(STORE_LIBS) $(DOMAIN_LIBS) $(SEAL_LIBS) \
	$(CJSON_LIBS) $(BASE_LIBS)

