# SPDX-License-Identifier: EUPL-1.2
include $(srcdir)/src/screens/results.mk
noinst_LIBRARIES += src/screens/libscreens.a
src_screens_libscreens_a_SOURCES = $(RESULTS_SOURCES) \
	src/screens/case.c src/screens/lock.c src/screens/ownlog.c \
	src/screens/prefs.c src/screens/prefs.def \
	src/screens/run.c src/screens/session.h src/screens/start.c \
	src/screens/start.h src/screens/start_draw.c \
	src/screens/start_gate.c src/screens/support.c \
	src/screens/undertaking.c
SCREENS_ONLY = src/screens/libscreens.a
SCREENS_LIBS = $(SCREENS_ONLY) $(CLIENT_LIBS) $(PRESENT_LIBS) $(TUI_LIBS)
