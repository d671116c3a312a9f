# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/net/libnet.a
src_net_libnet_a_SOURCES = \
	src/net/exchange.c src/net/fetch.c src/net/fetch.h \
	src/net/internal.h src/net/listen.c src/net/serve.c src/net/serve.h \
	src/net/tls.c src/net/tls.h
NET_LIBS = src/net/libnet.a $(CURL_LIBS) $(EVENT_SSL_LIBS) \
	$(EVENT_HTTP_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/net/test_net
TESTS += tests/unit/net/test_net
tests_unit_net_test_net_SOURCES = tests/unit/net/test_net.c
tests_unit_net_test_net_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/net/test_serve
TESTS += tests/unit/net/test_serve
tests_unit_net_test_serve_SOURCES = tests/unit/net/test_serve.c
tests_unit_net_test_serve_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)
