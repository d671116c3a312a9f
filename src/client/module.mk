# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/client/libclient.a
src_client_libclient_a_SOURCES = \
	src/client/ask.c src/client/call.c src/client/cases.c \
	src/client/client.c src/client/client.h src/client/download.c \
	src/client/entry.c src/client/keys.c \
	src/client/gallring.c src/client/gallring.h \
	src/client/opener.c src/client/recipient.c src/client/review.c src/client/review.h \
	src/client/own.h src/client/seen.c src/client/session.c src/client/start.c
CLIENT_LIBS = src/client/libclient.a $(FORSAKRAN_LIBS) $(LOCAL_LIBS) \
	$(NET_LIBS) $(PROOF_LIBS) $(DOMAIN_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/client/test_client
TESTS += tests/unit/client/test_client
tests_unit_client_test_client_SOURCES = tests/unit/client/test_client.c \
	tests/unit/client/played.c tests/unit/client/played.h
tests_unit_client_test_client_LDADD = $(CLIENT_LIBS) $(CMOCKA_LIBS)
