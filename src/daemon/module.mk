# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/daemon/libdaemon.a
src_daemon_libdaemon_a_SOURCES = \
	src/daemon/access.c src/daemon/backup.c src/daemon/backup.h src/daemon/check.c src/daemon/commands.c src/daemon/command_user.c \
	src/daemon/commands.h \
	src/daemon/daemon.h src/daemon/entries.c src/daemon/entries_forsakran.c \
	src/daemon/entries_import.c src/daemon/entries_witness.c src/daemon/keychange.c src/daemon/harden.c src/daemon/harden.def \
	src/daemon/erasing.c src/daemon/erasing.h src/daemon/gallring.c \
	src/daemon/harden.h src/daemon/held.c \
	src/daemon/regkey.c src/daemon/held.h src/daemon/init.c src/daemon/instance.c \
	src/daemon/instance.h src/daemon/note.c src/daemon/question.c \
	src/daemon/question.h \
	src/daemon/held.h src/daemon/init.c src/daemon/instance.c \
	src/daemon/instance.h src/daemon/question.c src/daemon/question.h \
	src/daemon/push.c src/daemon/push.h src/daemon/push_answer.c \
	src/daemon/push_own.h src/daemon/push_state.c \
	src/daemon/regkey.c src/daemon/review.c \
	src/daemon/recipient.c src/daemon/regkey.c src/daemon/review.c \
	src/daemon/recent.c src/daemon/record.c src/daemon/request.c \
	src/daemon/role.c src/daemon/role.h src/daemon/role_command.c \
	src/daemon/role_serve.c src/daemon/role_verify.c \
	src/daemon/routes.c src/daemon/routes.h src/daemon/routes_log.c src/daemon/serve.c \
	src/daemon/ssbtek.c src/daemon/ssbtek.h src/daemon/ssbtek_compile.c \
	src/daemon/upstream.c
DAEMON_LIBS = src/daemon/libdaemon.a $(TRAINING_LIBS) $(ASK_LIBS) \
	$(CASES_LIBS) $(FORSAKRAN_LIBS) $(COLLECT_LIBS) $(AUDIT_LIBS) $(PROOF_LIBS) \
	$(STORE_LIBS) $(LOCAL_LIBS) $(WIRE_LIBS) $(NET_LIBS) $(SEAL_LIBS) \
	$(DOMAIN_LIBS) $(BASE_LIBS) $(SECCOMP_LIBS)

check_PROGRAMS += tests/unit/daemon/test_harden
TESTS += tests/unit/daemon/test_harden
tests_unit_daemon_test_harden_SOURCES = tests/unit/daemon/test_harden.c
tests_unit_daemon_test_harden_LDADD = $(DAEMON_LIBS) $(CMOCKA_LIBS)

sbin_PROGRAMS += enfragad
enfragad_SOURCES = src/daemon/main.c
enfragad_LDADD = $(DAEMON_LIBS)
