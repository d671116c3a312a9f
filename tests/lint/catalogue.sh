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

keywords=$(sed -n 's/^\([A-Z_a-z]*:[0-9,c]*\)$/--keyword=\1/p' \
    "$srcdir/po/keywords")
(cd "$srcdir" && find src \( -name '*.[ch]' -o -name '*.def' \) | sort) \
    >"$work/files"
# shellcheck disable=SC2086 # keywords are words
xgettext --language=C --from-code=UTF-8 --keyword=_ --keyword=N_ \
    --keyword=ngettext:1,2 $keywords --directory="$srcdir" \
    --files-from="$work/files" -o "$work/texts.pot" 2>"$work/said" || {
    cat "$work/said"
    exit 1
}
[ -s "$work/texts.pot" ] || found "no texts were found: the lint is blind"

# xgettext leaves a plain ASCII template in no charset at all.
sed -i 's/charset=CHARSET/charset=UTF-8/' "$work/texts.pot"
cat "$srcdir/po/header.po" "$srcdir"/po/parts/*.po >"$work/all.po"
msguniq --unique --no-wrap "$work/all.po" -o "$work/once.po" \
    2>"$work/said" || found "the parts cannot be read: $(cat "$work/said")"
msguniq --repeated --no-wrap "$work/all.po" -o "$work/twice.po" 2>/dev/null
if [ -s "$work/twice.po" ] && grep -q '^"#-#-#-#-#' "$work/twice.po"; then
    found "these have more than one translation:"
    grep -B3 -A8 '^"#-#-#-#-#' "$work/twice.po" | grep -E '^(msgid|")'
fi
msguniq --use-first --no-wrap "$work/all.po" -o "$work/sv.po"
msgfmt --check-format -o /dev/null "$work/sv.po" || found "a format differs"
if ! msgcmp "$work/sv.po" "$work/texts.pot" >"$work/said" 2>&1; then
    sed "s,$work/texts.pot,msgid,; s,$srcdir/,," "$work/said" |
        grep -vE '^msgcmp|not used'
    found "texts lack their Swedish"
    # The texts themselves, ready for po/parts/.
    msgcat --use-first --no-wrap "$work/sv.po" -o "$work/have.po"
    msgcomm --no-wrap --unique "$work/texts.pot" "$work/sv.po" \
        -o "$work/lack.po" 2>/dev/null &&
        sed -n 's/^\(#: .*\)/\1/p; /^msgid/p' "$work/lack.po" |
        grep -A1 '^#: src' | grep -v '^--' | head -n 80
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
