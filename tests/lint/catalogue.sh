#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
#
# The Swedish catalogue is whole: each text of src/ has its translation, one
# text has one translation, formats agree, the tables' sentences are there,
# and every Swedish text fits ISO-8859-1 (UX 1). Leaves out taste.
set -u
srcdir=${srcdir:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
found() {
    echo "$*"
    bad=$((bad + 1))
}

# One pass for the code, then one for each argument of each table's rows: a
# table may have several texts a row, which one pass would not take.
(cd "$srcdir" && find src -name '*.[ch]' | sort) >"$work/files"
(cd "$srcdir" && find src -name '*.def' | sort) >"$work/tables"
extract() {
    xgettext --language=C --from-code=UTF-8 --directory="$srcdir" \
        -o "$work/texts.pot" "$@" 2>"$work/said" || {
        cat "$work/said"
        exit 1
    }
    # xgettext leaves a template with ASCII alone in no charset at all.
    [ ! -f "$work/texts.pot" ] ||
        sed -i 's/charset=CHARSET/charset=UTF-8/' "$work/texts.pot"
}
extract --keyword=_ --keyword=N_ --keyword=ngettext:1,2 \
    --files-from="$work/files"
for keyword in $(sed -n 's/^\([A-Z_]*:[0-9]*\)$/\1/p' \
    "$srcdir/po/keywords"); do
    extract --join-existing --keyword --keyword="$keyword" \
        --files-from="$work/tables"
done
[ -s "$work/texts.pot" ] || found "no texts were found: the lint is blind"

cat "$srcdir/po/header.po" "$srcdir"/po/parts/*.po >"$work/all.po"
msguniq --unique --no-wrap "$work/all.po" -o "$work/once.po" \
    2>"$work/said" || found "the parts cannot be read: $(cat "$work/said")"
msguniq --repeated --no-wrap "$work/all.po" -o "$work/twice.po" 2>/dev/null
if [ -s "$work/twice.po" ] && grep -q '^"#-#-#-#-#' "$work/twice.po"; then
    found "these have more than one translation:"
    grep -B2 -A1 '^"#-#-#-#-#' "$work/twice.po" | grep -E '^(msgid|")'
fi
msguniq --use-first --no-wrap "$work/all.po" -o "$work/sv.po"
msgfmt --check-format -o /dev/null "$work/sv.po" || found "a format differs"
# What is used and has no Swedish, ready to be filled in in po/parts/.
msgmerge --quiet --no-fuzzy-matching --no-wrap "$work/sv.po" \
    "$work/texts.pot" -o "$work/merged.po" 2>"$work/said" ||
    found "the catalogue cannot be merged: $(cat "$work/said")"
msgattrib --untranslated --no-wrap "$work/merged.po" -o "$work/lack.po"
lack=$(grep -c '^msgid "..*"\|^msgid ""$' "$work/lack.po" 2>/dev/null || :)
if [ -s "$work/lack.po" ]; then
    found "$((lack - 1)) texts lack their Swedish:"
    sed -n '/^#: /p; /^msgid/p; /^"/p; /^msgstr/p; /^$/p' "$work/lack.po" |
        sed '1,/^$/d'
fi
if ! iconv -f UTF-8 -t ISO-8859-1 "$work/sv.po" >/dev/null 2>&1; then
    found "these Swedish texts do not fit ISO-8859-1:"
    while IFS= read -r line; do
        printf '%s\n' "$line" | iconv -f UTF-8 -t ISO-8859-1 >/dev/null 2>&1 ||
            printf '  %s\n' "$line"
    done <"$work/sv.po"
fi
echo "$(grep -c '^msgid' "$work/texts.pot") looked at, $bad found"
[ "$bad" -eq 0 ]
