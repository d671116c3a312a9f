# SPDX-License-Identifier: EUPL-1.2
bin_PROGRAMS += enfraga
enfraga_SOURCES = \
	src/cli/cli.c src/cli/cli.h src/cli/cmd_arenden.c \
	src/cli/cmd_atkomst.c src/cli/cmd_bevis.c src/cli/cmd_forsakran.c \
	src/cli/cmd_fraga.c src/cli/cmd_granska.c src/cli/cmd_logg.c \
	src/cli/cmd_ca.c src/cli/cmd_nycklar.c src/cli/cmd_own_keys.c \
	src/cli/cmd_verifiera.c \
	src/cli/cmd_gallring.c src/cli/cli_gallring.h src/cli/gallring_print.c \
	src/cli/passphrase.c src/cli/passphrase.h \
	src/cli/cmd_status.c src/cli/linear_case.c src/cli/linear_mode.c \
	src/cli/linear_own.h src/cli/main.c \
	src/cli/screens_mode.c src/cli/unreviewed.c src/cli/unreviewed.h
enfraga_LDADD = $(SCREENS_LIBS)

check_PROGRAMS += tests/unit/cli/test_same
TESTS += tests/unit/cli/test_same tests/unit/cli/test_arguments.sh \
	tests/e2e/test_commands.py tests/e2e/test_ca.py
tests_unit_cli_test_same_SOURCES = tests/unit/cli/test_same.c \
	tests/lib/answers.c tests/lib/answers.h
tests_unit_cli_test_same_LDADD = $(LOCAL_LIBS) $(PRESENT_LIBS) $(CMOCKA_LIBS)
