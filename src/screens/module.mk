# SPDX-License-Identifier: EUPL-1.2
include $(srcdir)/src/screens/results.mk
noinst_LIBRARIES += src/screens/libscreens.a
src_screens_libscreens_a_SOURCES = $(RESULTS_SOURCES)
SCREENS_ONLY = src/screens/libscreens.a
SCREENS_LIBS = $(SCREENS_ONLY) $(CLIENT_LIBS) $(PRESENT_LIBS) $(TUI_LIBS)
