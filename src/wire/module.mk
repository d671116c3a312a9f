# SPDX-License-Identifier: EUPL-1.2
noinst_LIBRARIES += src/wire/libwire.a
src_wire_libwire_a_SOURCES = \
	src/wire/af.c src/wire/bastjanst.c src/wire/bastjanst.h \
	src/wire/bastjanst_own.h src/wire/codec.c src/wire/codec.h \
	src/wire/codecs.def src/wire/compile.c src/wire/compile.h \
	src/wire/csn.c src/wire/extent.c src/wire/extent.h \
	src/wire/facts.c src/wire/json.c src/wire/json.h src/wire/lefi.c \
	src/wire/lefi_fk.c src/wire/lefi_fk_arende.c src/wire/lefi_own.h \
	src/wire/lefi_pm.c src/wire/miv.c src/wire/part.c \
	src/wire/part.h src/wire/probe.c src/wire/put.c src/wire/put.h \
	src/wire/question.c src/wire/request.c \
	src/wire/requests.def src/wire/served.h src/wire/served_lefi.c \
	src/wire/served_read.c src/wire/skv.c \
	src/wire/skv_parts.c src/wire/soap.c src/wire/soap.h \
	src/wire/so.c src/wire/ssbtek.c src/wire/ssbtek.h src/wire/tns.c \
	src/wire/xml.c src/wire/xml.h
WIRE_LIBS = src/wire/libwire.a $(DOMAIN_LIBS) $(XML_LIBS) $(CJSON_LIBS)

wire_tests = \
	tests/unit/wire/test_bastjanst \
	tests/unit/wire/test_fields \
	tests/unit/wire/test_hostile \
	tests/unit/wire/test_json \
	tests/unit/wire/test_lefi \
	tests/unit/wire/test_samples \
	tests/unit/wire/test_skv_parts \
	tests/unit/wire/test_ssbtek \
	tests/unit/wire/test_states \
	tests/unit/wire/test_twice \
	tests/unit/wire/test_unread \
	tests/unit/wire/test_xml
check_PROGRAMS += $(wire_tests)
TESTS += $(wire_tests)

tests_unit_wire_test_bastjanst_SOURCES = \
	tests/unit/wire/test_bastjanst.c tests/unit/wire/alike.h \
	tests/unit/wire/direct.h \
	tests/unit/wire/fixture.h
tests_unit_wire_test_bastjanst_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_unit_wire_test_json_SOURCES = tests/unit/wire/test_json.c
tests_unit_wire_test_json_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_unit_wire_test_xml_SOURCES = tests/unit/wire/test_xml.c
tests_unit_wire_test_xml_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_unit_wire_test_states_SOURCES = \
	tests/unit/wire/test_states.c tests/unit/wire/fixture.h \
	tests/unit/wire/said.h
tests_unit_wire_test_states_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_unit_wire_test_ssbtek_SOURCES = \
	tests/unit/wire/test_ssbtek.c tests/unit/wire/fixture.h
tests_unit_wire_test_ssbtek_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_unit_wire_test_hostile_SOURCES = \
	tests/unit/wire/test_hostile.c tests/unit/wire/fixture.h
tests_unit_wire_test_hostile_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_unit_wire_test_fields_SOURCES = \
	tests/unit/wire/test_fields.c tests/unit/wire/fixture.h
tests_unit_wire_test_fields_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_unit_wire_test_skv_parts_SOURCES = \
	tests/unit/wire/test_skv_parts.c tests/unit/wire/fixture.h
tests_unit_wire_test_skv_parts_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_unit_wire_test_samples_SOURCES = \
	tests/unit/wire/test_samples.c tests/unit/wire/fixture.h
tests_unit_wire_test_samples_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_unit_wire_test_lefi_SOURCES = \
	tests/unit/wire/test_lefi.c tests/unit/wire/fixture.h
tests_unit_wire_test_lefi_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
tests_unit_wire_test_twice_SOURCES = \
	tests/unit/wire/test_twice.c tests/unit/wire/fixture.h \
	tests/unit/wire/said.h
tests_unit_wire_test_twice_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)

tests_unit_wire_test_unread_SOURCES = \
	tests/unit/wire/test_unread.c tests/unit/wire/fixture.h \
	tests/unit/wire/said.h
tests_unit_wire_test_unread_LDADD = $(WIRE_LIBS) $(CMOCKA_LIBS)
