# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/training/libtraining.a
src_training_libtraining_a_SOURCES = \
	src/training/af.c src/training/answer.c src/training/answer.h \
	src/training/asked.c src/training/asked.h \
	src/training/authorities.def src/training/benefits.def \
	src/training/cast.c src/training/cast.def src/training/cast.h \
	src/training/csn.c src/training/direct.c \
	src/training/direct_asked.c src/training/fault.c src/training/fault.h \
	src/training/faults.def src/training/fk.c src/training/fk_rows.c \
	src/training/fk_rows.h src/training/lefi.c src/training/lefi.h \
	src/training/miv.c src/training/pm.c src/training/put.c \
	src/training/put.h src/training/registers.def src/training/skv.c \
	src/training/so.c src/training/tns.c src/training/training.c \
	src/training/training.h
TRAINING_LIBS = src/training/libtraining.a $(WIRE_LIBS) $(NET_LIBS)

training_tests = \
	tests/unit/training/test_answers \
	tests/unit/training/test_direct \
	tests/unit/training/test_server \
	tests/unit/training/test_skv
check_PROGRAMS += $(training_tests)
TESTS += $(training_tests)
tests_unit_training_test_answers_SOURCES = \
	tests/unit/training/test_answers.c tests/unit/training/ask.h
tests_unit_training_test_answers_LDADD = $(TRAINING_LIBS) $(CMOCKA_LIBS)
tests_unit_training_test_direct_SOURCES = \
	tests/unit/training/test_direct.c tests/unit/training/ask.h
tests_unit_training_test_direct_LDADD = $(TRAINING_LIBS) $(CMOCKA_LIBS)
tests_unit_training_test_skv_SOURCES = \
	tests/unit/training/test_skv.c tests/unit/training/ask.h
tests_unit_training_test_skv_LDADD = $(TRAINING_LIBS) $(CMOCKA_LIBS)
tests_unit_training_test_server_SOURCES = \
	tests/unit/training/test_server.c tests/unit/training/ask.h
tests_unit_training_test_server_LDADD = $(TRAINING_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/training/write_answers
TESTS += tests/unit/training/test_contract.sh
tests_unit_training_write_answers_SOURCES = \
	tests/unit/training/write_answers.c tests/unit/training/ask.h
tests_unit_training_write_answers_LDADD = $(TRAINING_LIBS)
