# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/ask/libask.a
src_ask_libask_a_SOURCES = \
	src/ask/plan.c src/ask/plan.h src/ask/run.c src/ask/run.h
ASK_LIBS = src/ask/libask.a $(WIRE_LIBS) $(NET_LIBS) $(DOMAIN_LIBS) \
	$(BASE_LIBS)
