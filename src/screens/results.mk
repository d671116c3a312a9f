# SPDX-License-Identifier: EUPL-1.2
# The question's and the answer's screens; part of libscreens.
RESULTS_SOURCES = \
	src/screens/answer.c src/screens/ask.c src/screens/ask_draw.c \
	src/screens/ask_own.h src/screens/ask_send.c \
	src/screens/basis.c src/screens/basistable.c src/screens/basistable.h \
	src/screens/behind.c src/screens/behind.h \
	src/screens/gathered.c src/screens/gathered.h \
	src/screens/gathered_set.c src/screens/gathered_set.h \
	src/screens/gathered_view.c src/screens/household.c \
	src/screens/mark.c src/screens/missing.c src/screens/months.c \
	src/screens/moves.c src/screens/moves.h src/screens/overview.c \
	src/screens/parts.c src/screens/parts.h src/screens/pane_draw.c \
	src/screens/pane_lines.c src/screens/pane_own.h \
	src/screens/picture.c src/screens/picture.h \
	src/screens/picture_view.c src/screens/rowsbehind.c \
	src/screens/screens.h src/screens/sourcetext.c \
	src/screens/sourcetext.h src/screens/wait.c

results_tests = tests/unit/screens/test_answer tests/unit/screens/test_question
check_PROGRAMS += $(results_tests)
TESTS += $(results_tests)
SCREEN_TESTS += $(results_tests)
RESULTS_BENCH = tests/unit/screens/bench.c tests/unit/screens/bench.h \
	tests/unit/screens/client_double.c tests/lib/answers.c \
	tests/lib/answers.h
RESULTS_TEST_LIBS = $(SCREENS_ONLY) $(PRESENT_LIBS) $(TUI_LIBS) \
	$(CMOCKA_LIBS)
tests_unit_screens_test_answer_SOURCES = \
	tests/unit/screens/test_answer.c $(RESULTS_BENCH)
tests_unit_screens_test_answer_LDADD = $(RESULTS_TEST_LIBS)
tests_unit_screens_test_question_SOURCES = \
	tests/unit/screens/test_question.c $(RESULTS_BENCH)
tests_unit_screens_test_question_LDADD = $(RESULTS_TEST_LIBS)
