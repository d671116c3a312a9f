# SPDX-License-Identifier: EUPL-1.2
# Fuzz targets: fuzz_NAME.c with seeds under corpus/NAME. make check replays
# the seeds (replay_NAME); with --enable-fuzz (clang) the fuzzers themselves
# are built as fuzz_NAME: tests/fuzz/fuzz_NAME [-max_total_time=S] DIR SEEDS.
fuzz_replays = \
	tests/fuzz/replay_bastjanst \
	tests/fuzz/replay_cases \
	tests/fuzz/replay_compile \
	tests/fuzz/replay_conf \
	tests/fuzz/replay_csn \
	tests/fuzz/replay_entry \
	tests/fuzz/replay_forsakran \
	tests/fuzz/replay_insamling \
	tests/fuzz/replay_json \
	tests/fuzz/replay_keys \
	tests/fuzz/replay_lefi \
	tests/fuzz/replay_log \
	tests/fuzz/replay_message \
	tests/fuzz/replay_note \
	tests/fuzz/replay_probe \
	tests/fuzz/replay_question \
	tests/fuzz/replay_served \
	tests/fuzz/replay_ssbtek \
	tests/fuzz/replay_svar \
	tests/fuzz/replay_witness
check_PROGRAMS += $(fuzz_replays)
TESTS += $(fuzz_replays)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/fuzz.sh

tests_fuzz_replay_bastjanst_SOURCES = \
	tests/fuzz/replay.c tests/fuzz/fuzz_bastjanst.c
tests_fuzz_replay_bastjanst_LDADD = $(WIRE_LIBS)
tests_fuzz_replay_compile_SOURCES = \
	tests/fuzz/replay.c tests/fuzz/fuzz_compile.c
tests_fuzz_replay_compile_LDADD = $(WIRE_LIBS)
tests_fuzz_replay_csn_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_csn.c
tests_fuzz_replay_csn_LDADD = $(WIRE_LIBS)
tests_fuzz_replay_json_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_json.c
tests_fuzz_replay_json_LDADD = $(WIRE_LIBS)
tests_fuzz_replay_lefi_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_lefi.c
tests_fuzz_replay_lefi_LDADD = $(WIRE_LIBS)
tests_fuzz_replay_probe_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_probe.c
tests_fuzz_replay_probe_LDADD = $(WIRE_LIBS)
tests_fuzz_replay_served_SOURCES = \
	tests/fuzz/replay.c tests/fuzz/fuzz_served.c
tests_fuzz_replay_served_LDADD = $(WIRE_LIBS)
tests_fuzz_replay_ssbtek_SOURCES = \
	tests/fuzz/replay.c tests/fuzz/fuzz_ssbtek.c
tests_fuzz_replay_ssbtek_LDADD = $(WIRE_LIBS)

fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
fuzz_programs = \
	tests/fuzz/fuzz_bastjanst \
	tests/fuzz/fuzz_cases \
	tests/fuzz/fuzz_compile \
	tests/fuzz/fuzz_conf \
	tests/fuzz/fuzz_csn \
	tests/fuzz/fuzz_entry \
	tests/fuzz/fuzz_forsakran \
	tests/fuzz/fuzz_insamling \
	tests/fuzz/fuzz_json \
	tests/fuzz/fuzz_keys \
	tests/fuzz/fuzz_lefi \
	tests/fuzz/fuzz_log \
	tests/fuzz/fuzz_message \
	tests/fuzz/fuzz_note \
	tests/fuzz/fuzz_probe \
	tests/fuzz/fuzz_question \
	tests/fuzz/fuzz_served \
	tests/fuzz/fuzz_ssbtek \
	tests/fuzz/fuzz_svar \
	tests/fuzz/fuzz_witness
if FUZZ
noinst_PROGRAMS += $(fuzz_programs)
endif
EXTRA_PROGRAMS += $(fuzz_programs)

tests_fuzz_fuzz_bastjanst_SOURCES = tests/fuzz/fuzz_bastjanst.c
tests_fuzz_fuzz_bastjanst_LDADD = $(WIRE_LIBS)
tests_fuzz_fuzz_bastjanst_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_compile_SOURCES = tests/fuzz/fuzz_compile.c
tests_fuzz_fuzz_compile_LDADD = $(WIRE_LIBS)
tests_fuzz_fuzz_compile_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_csn_SOURCES = tests/fuzz/fuzz_csn.c
tests_fuzz_fuzz_csn_LDADD = $(WIRE_LIBS)
tests_fuzz_fuzz_csn_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c
tests_fuzz_fuzz_json_LDADD = $(WIRE_LIBS)
tests_fuzz_fuzz_json_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_lefi_SOURCES = tests/fuzz/fuzz_lefi.c
tests_fuzz_fuzz_lefi_LDADD = $(WIRE_LIBS)
tests_fuzz_fuzz_lefi_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_probe_SOURCES = tests/fuzz/fuzz_probe.c
tests_fuzz_fuzz_probe_LDADD = $(WIRE_LIBS)
tests_fuzz_fuzz_probe_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_served_SOURCES = tests/fuzz/fuzz_served.c
tests_fuzz_fuzz_served_LDADD = $(WIRE_LIBS)
tests_fuzz_fuzz_served_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_ssbtek_SOURCES = tests/fuzz/fuzz_ssbtek.c
tests_fuzz_fuzz_ssbtek_LDADD = $(WIRE_LIBS)
tests_fuzz_fuzz_ssbtek_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_replay_entry_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_entry.c
tests_fuzz_replay_entry_LDADD = $(PROOF_LIBS)
tests_fuzz_fuzz_entry_SOURCES = tests/fuzz/fuzz_entry.c
tests_fuzz_fuzz_entry_LDADD = $(PROOF_LIBS)
tests_fuzz_fuzz_entry_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_replay_note_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_note.c
tests_fuzz_replay_note_LDADD = $(PROOF_LIBS)
tests_fuzz_fuzz_note_SOURCES = tests/fuzz/fuzz_note.c
tests_fuzz_fuzz_note_LDADD = $(PROOF_LIBS)
tests_fuzz_fuzz_note_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_replay_witness_SOURCES = tests/fuzz/replay.c \
	tests/fuzz/fuzz_witness.c
tests_fuzz_replay_witness_LDADD = $(PROOF_LIBS)
tests_fuzz_fuzz_witness_SOURCES = tests/fuzz/fuzz_witness.c
tests_fuzz_fuzz_witness_LDADD = $(PROOF_LIBS)
tests_fuzz_fuzz_witness_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_replay_cases_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_cases.c
tests_fuzz_replay_cases_LDADD = $(CASES_LIBS)
tests_fuzz_fuzz_cases_SOURCES = tests/fuzz/fuzz_cases.c
tests_fuzz_fuzz_cases_LDADD = $(CASES_LIBS)
tests_fuzz_fuzz_cases_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_replay_conf_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_conf.c
tests_fuzz_replay_conf_LDADD = $(BASE_LIBS)
tests_fuzz_fuzz_conf_SOURCES = tests/fuzz/fuzz_conf.c
tests_fuzz_fuzz_conf_LDADD = $(BASE_LIBS)
tests_fuzz_fuzz_conf_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_replay_forsakran_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_forsakran.c
tests_fuzz_replay_forsakran_LDADD = $(FORSAKRAN_LIBS)
tests_fuzz_fuzz_forsakran_SOURCES = tests/fuzz/fuzz_forsakran.c
tests_fuzz_fuzz_forsakran_LDADD = $(FORSAKRAN_LIBS)
tests_fuzz_fuzz_forsakran_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_replay_keys_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_keys.c
tests_fuzz_replay_keys_LDADD = $(TUI_LIBS)
tests_fuzz_fuzz_keys_SOURCES = tests/fuzz/fuzz_keys.c
tests_fuzz_fuzz_keys_LDADD = $(TUI_LIBS)
tests_fuzz_fuzz_keys_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_replay_log_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_log.c
tests_fuzz_replay_log_LDADD = $(ROWS_LIBS)
tests_fuzz_fuzz_log_SOURCES = tests/fuzz/fuzz_log.c
tests_fuzz_fuzz_log_LDADD = $(ROWS_LIBS)
tests_fuzz_fuzz_log_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_replay_message_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_message.c
tests_fuzz_replay_message_LDADD = $(LOCAL_LIBS)
tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz_message.c
tests_fuzz_fuzz_message_LDADD = $(LOCAL_LIBS)
tests_fuzz_fuzz_message_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_replay_question_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_question.c
tests_fuzz_replay_question_LDADD = $(WIRE_LIBS)
tests_fuzz_fuzz_question_SOURCES = tests/fuzz/fuzz_question.c
tests_fuzz_fuzz_question_LDADD = $(WIRE_LIBS)
tests_fuzz_fuzz_question_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_replay_svar_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_svar.c
tests_fuzz_replay_svar_LDADD = $(LOCAL_LIBS)
tests_fuzz_fuzz_svar_SOURCES = tests/fuzz/fuzz_svar.c
tests_fuzz_fuzz_svar_LDADD = $(LOCAL_LIBS)
tests_fuzz_fuzz_svar_LDFLAGS = $(fuzz_ldflags)

# Bounded by FUZZ_SECONDS; needs a build with --enable-fuzz.
fuzz: all
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/fuzz/fuzz.sh
.PHONY: fuzz

tests_fuzz_replay_insamling_SOURCES = tests/fuzz/replay.c \
	tests/fuzz/fuzz_insamling.c
tests_fuzz_replay_insamling_LDADD = $(PROOF_LIBS)
tests_fuzz_fuzz_insamling_SOURCES = tests/fuzz/fuzz_insamling.c
tests_fuzz_fuzz_insamling_LDADD = $(PROOF_LIBS)
tests_fuzz_fuzz_insamling_LDFLAGS = $(fuzz_ldflags)
