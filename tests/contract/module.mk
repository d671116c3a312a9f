# SPDX-License-Identifier: EUPL-1.2
# The contract: whole answers and questions against the service's own files.
contract_tests = \
	tests/contract/test_bastjanst \
	tests/contract/test_equal \
	tests/contract/test_equal_grid \
	tests/contract/test_compile \
	tests/contract/test_compile_same \
	tests/contract/test_question \
	tests/contract/test_ssbtek_cases
check_PROGRAMS += $(contract_tests)
TESTS += $(contract_tests)

tests_contract_test_ssbtek_cases_SOURCES = \
	tests/contract/test_ssbtek_cases.c tests/lib/files.h
tests_contract_test_ssbtek_cases_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_contract_test_bastjanst_SOURCES = \
	tests/contract/test_bastjanst.c tests/contract/schema.h \
	tests/lib/files.h
tests_contract_test_bastjanst_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_contract_test_compile_SOURCES = \
	tests/contract/test_compile.c tests/contract/schema.h \
	tests/lib/files.h
tests_contract_test_compile_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_contract_test_compile_same_SOURCES = tests/contract/test_compile_same.c
tests_contract_test_compile_same_LDADD = $(TRAINING_LIBS) $(CMOCKA_LIBS)
tests_contract_test_question_SOURCES = \
	tests/contract/test_question.c tests/contract/schema.h tests/lib/files.h
tests_contract_test_question_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
counts = tests/contract/count_fields.py tests/contract/count_requests.py
TESTS += $(counts)
EXTRA_DIST += $(counts)
TESTS += tests/contract/count_fields.py
EXTRA_DIST += tests/contract/count_fields.py
# More answers under check-long.
LONG_TESTS += tests/contract/test_equal tests/contract/test_equal_grid
tests_contract_test_equal_SOURCES = \
	tests/contract/test_equal.c tests/contract/told.c tests/contract/told.h \
	tests/contract/told_read.c tests/lib/rules.h
tests_contract_test_equal_LDADD = $(WIRE_LIBS) $(LOCAL_LIBS) $(PRESENT_LIBS) \
	$(CMOCKA_LIBS)
tests_contract_test_equal_grid_SOURCES = \
	tests/contract/test_equal_grid.c tests/contract/told.c \
	tests/contract/told.h tests/contract/told_read.c $(RESULTS_BENCH)
tests_contract_test_equal_grid_LDADD = $(RESULTS_TEST_LIBS) $(WIRE_LIBS) \
	$(CMOCKA_LIBS)
TESTS += tests/contract/test_tlog.py
EXTRA_DIST += tests/contract/test_tlog.py tests/lib/logcheck.py
