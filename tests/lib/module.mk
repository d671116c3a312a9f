# SPDX-License-Identifier: EUPL-1.2
check_LIBRARIES += tests/lib/libte2e.a
tests_lib_libte2e_a_SOURCES = tests/lib/te2e.c tests/lib/te2e.h \
	tests/lib/te2e_keys.c
TE2E_LIBS = tests/lib/libte2e.a $(BASE_LIBS) $(VTERM_LIBS) -lutil
