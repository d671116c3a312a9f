#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
#
# Proves: every answer of the simulated authorities in v10 and v11, for each
# person, source and fault that keeps to the contract, is valid: the envelope by SSBTEK's
# XSD, CSN's inner document by CSN's (with a stand-in for the one type whose
# schema is not published), FK's by LEFI's OpenAPI with no member that it does
# not name, SKV's well-formed XML (v11: JSON); and what each authority answers by
# itself, its faults too, by its own schema. Leaves out: what they say
# (test_answers, test_direct).

: "${builddir:=.}" "${srcdir:=.}"
if [ ! -d "$ENFRAGA_SHARED/contract/v10" ]; then
    echo 'ENFRAGA_SHARED is missing'
    exit 77
fi
if ! command -v xmllint >/dev/null; then
    echo 'xmllint is missing'
    exit 77
fi

dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
bad=0
v10=$ENFRAGA_SHARED/contract/v10
mkdir "$dir/out" "$dir/out11" &&
    "$builddir/tests/unit/training/write_answers" "$dir/out" v10 &&
    "$builddir/tests/unit/training/write_answers" "$dir/out11" v11 || exit 1

# Every file by one schema; xmllint says nothing but faults.
valid() {
    find "$dir/${3:-out}" -name "*.$1" -print0 |
        xargs -0 xmllint --nonet --noout ${2:+--schema "$2"} \
            >"$dir/said" 2>&1 || bad=1
    grep -v ' validates$' "$dir/said" | head -20
    n=$(find "$dir/${3:-out}" -name "*.$1" | wc -l)
    echo "$n files $1 ${3:-out}"
    [ "$n" -gt 100 ] || bad=1
}

valid ssbt.xml "$v10/se/forsakringskassan/schema/integration/ssbt/_10/sammansatt_bastjanst_v10.xsd"

valid ssbt.xml "$ENFRAGA_SHARED/contract/v11/se/forsakringskassan/schema/integration/ssbt/_11/sammansatt_bastjanst_v11.xsd" out11
n=0
for f in "$dir"/out11/*.skv.json; do
    ${PYTHON3:-python3} -c 'import json, sys; json.load(open(sys.argv[1]))' \
        "$f" || bad=1
    n=$((n + 1))
done
echo "$n files skv.json out11"
[ "$n" -gt 10 ] || bad=1

cp -r "$v10/se" "$dir/se" && chmod -R u+w "$dir/se" &&
    mkdir -p "$dir/se/sambruk/sbnyttomeddelanden" &&
    cat >"$dir/se/sambruk/sbnyttomeddelanden/SBNUppgEkBistandBegar_v1_0.xsd" <<'X' || exit 1
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    targetNamespace="http://www.sambruk.se/SBNyttomeddelanden">
  <xs:complexType name="SBNUppgEkBistandBegar"/>
</xs:schema>
X
valid csn.xml "$dir/se/csn/schema/v4_0/kommunfraga/kommunfraga.xsd"

# Each authority by itself.
valid direct-AF.xml "$v10/se/arbetsformedlingen/api/arbetssokande/ersattningsstod/v2/ers_stod.xsd"
valid direct-CSN.xml "$dir/se/csn/schema/v4_0/kommunfraga/kommunfraga.xsd"
valid direct-SKV.xml "$v10/se/rsv/zg/bs/service/ws/beskattningws/ZgBsBeskattningWSService_schema.xsd"
valid direct-SO.xml "$v10/schemas/ubpservice/int014/UnemploymentBenefitPaymentService.xsd"
valid direct-TNS.xml "$v10/se/transportstyrelsen/schema/ssbtek/hamtauppgifterresponder/_1/HamtaUppgifterResponder_1.0.xsd"
valid direct-MIV.xml "$v10/se/migrationsverket/schema/ssbtek/_1/SSBTEKWebService_schema1.xsd"
valid skv.xml ''

if ${PYTHON3:-python3} -c 'import yaml, jsonschema' 2>/dev/null; then
    ${PYTHON3:-python3} "$srcdir/tests/unit/training/lefi_schema.py" \
        "$v10/se/forsakringskassan/schema/lefi/lefi-formansinformation-v9.openapi.yaml" \
        "$dir"/out/*.lefi.json "$dir"/out/*.felsvar.json \
        "$dir"/out/*.kinds.json || bad=1
else
    echo 'FK not checked: the Python modules yaml and jsonschema are missing'
fi
exit $bad
