# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/client/libclient.a
src_client_libclient_a_SOURCES = \
	src/client/ask.c src/client/call.c src/client/cases.c \
	src/client/client.c src/client/client.h src/client/download.c \
	src/client/entry.c \
	src/client/own.h src/client/session.c src/client/start.c
CLIENT_LIBS = src/client/libclient.a $(FORSAKRAN_LIBS) $(LOCAL_LIBS) \
	$(NET_LIBS) $(PROOF_LIBS) $(DOMAIN_LIBS) $(BASE_LIBS)
