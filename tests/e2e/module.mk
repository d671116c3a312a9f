# SPDX-License-Identifier: EUPL-1.2
# Screens on a terminal. NAME.keys is a script (tests/e2e/run_keys.c says how),
# NAME.screen what it shall show; `make update-screens` writes those anew.

check_PROGRAMS += tests/e2e/run_keys tests/e2e/demo
tests_e2e_run_keys_SOURCES = tests/e2e/run_keys.c
tests_e2e_run_keys_LDADD = $(TE2E_LIBS)
tests_e2e_demo_SOURCES = tests/e2e/demo.c
tests_e2e_demo_LDADD = $(TUI_LIBS)

# A module adds scripts of its own to TESTS and SCREEN_TESTS in the same way.
KEYS_LOG_COMPILER = tests/e2e/run_keys
e2e_scripts = \
	tests/e2e/demo_80x24.keys tests/e2e/demo_132x43.keys \
	tests/e2e/demo_40x16.keys tests/e2e/demo_latin1.keys \
	tests/e2e/demo_input.keys tests/e2e/demo_vt220.keys \
	tests/e2e/ovning_first.keys tests/e2e/ovning_small.keys \
	tests/e2e/answer_80x24.keys tests/e2e/answer_40x16.keys \
	tests/e2e/answer_latin1.keys
TESTS += $(e2e_scripts)
SCREEN_TESTS += $(e2e_scripts)

check_PROGRAMS += tests/e2e/forge
tests_e2e_forge_SOURCES = tests/e2e/forge.c
tests_e2e_forge_LDADD = $(FORSAKRAN_LIBS) $(PROOF_LIBS) $(LOCAL_LIBS) \
	$(NET_LIBS) $(SEAL_LIBS) $(DOMAIN_LIBS) $(BASE_LIBS)

TESTS += tests/e2e/test_bastjanster.py tests/e2e/test_kontrakt.py tests/e2e/test_access.py \
	tests/e2e/test_witness.py tests/e2e/test_collector.py \
	tests/e2e/test_witness_tls.py
TESTS += tests/e2e/test_modes.py tests/e2e/test_refusals.py \
	tests/e2e/test_tls.py tests/e2e/test_server_tls.py tests/e2e/test_ssbtek.py tests/e2e/test_load.py tests/e2e/test_instance.py tests/e2e/test_rights.py tests/e2e/test_serve.py \
	tests/e2e/test_shared_training.py tests/e2e/test_workstation.py
TESTS += tests/e2e/test_sealed.py
TESTS += tests/e2e/test_leaks.py
# The sanitizers' heap is not the one that wipes.
if !SANITIZE
TESTS += tests/e2e/test_memory.py
endif
TESTS += tests/e2e/test_review.py
TESTS += tests/e2e/test_skarp.py
TESTS += tests/e2e/test_gallring.py
