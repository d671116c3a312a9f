# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/tui/libtui.a
src_tui_libtui_a_SOURCES = \
	src/tui/actions.def src/tui/app.c src/tui/app.h \
	src/tui/app_impl.h src/tui/app_keys.c src/tui/app_run.c src/tui/caps.c \
	src/tui/caps.h src/tui/dialog.c \
	src/tui/dialog.h src/tui/form.c src/tui/form.h src/tui/frame.c \
	src/tui/frame.h src/tui/grid.c src/tui/grid.h src/tui/help.c \
	src/tui/input.c src/tui/input.h src/tui/key.c src/tui/key.h \
	src/tui/keymap.c src/tui/keymap.h src/tui/list.c src/tui/list.h \
	src/tui/looks.c src/tui/looks.h \
	src/tui/menu.c src/tui/outlet.c src/tui/outlet.h src/tui/term.c src/tui/term.h
TUI_LIBS = src/tui/libtui.a $(BASE_LIBS) $(NCURSES_LIBS)

check_PROGRAMS += tests/unit/tui/test_app tests/unit/tui/test_grid tests/unit/tui/test_input \
	tests/unit/tui/test_widgets
TESTS += tests/unit/tui/test_app tests/unit/tui/test_grid tests/unit/tui/test_input \
	tests/unit/tui/test_widgets
tests_unit_tui_test_grid_SOURCES = tests/unit/tui/test_grid.c
tests_unit_tui_test_grid_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
tests_unit_tui_test_input_SOURCES = tests/unit/tui/test_input.c
tests_unit_tui_test_input_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
tests_unit_tui_test_widgets_SOURCES = tests/unit/tui/test_widgets.c
tests_unit_tui_test_widgets_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
tests_unit_tui_test_app_SOURCES = tests/unit/tui/test_app.c
tests_unit_tui_test_app_LDADD = $(TUI_LIBS) $(CMOCKA_LIBS)
