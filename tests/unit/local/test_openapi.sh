#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
#
# doc/api/openapi.yaml names exactly the calls that enfragad's table has, every
# state and role that can stand in a message, and every reference in it is
# there. Leaves out: the members' types (tests/e2e).
set -u
yaml=$srcdir/doc/api/openapi.yaml
bad=0

# A row is GET("/path" ..., POST("/path" ..., has .method and .path, or
# belongs to a role: {ROLE_KIND_X, "GET", "/path" ...
awk -F'"' '/\.method = "(GET|POST)"/ { method = $2 }
    /\.path = "\/v1\// { print method, $2 }
    /(GET|POST)\("\/v1\// { print ($1 ~ /GET/ ? "GET" : "POST"), $2 }
    /\{ROLE_KIND_[A-Z]+, "(GET|POST)", "\/v1\// { print $2, $4 }' \
    "$srcdir/src/daemon/routes.c" "$srcdir/src/daemon/role_serve.c" |
    sort >routes.$$
awk '/^  \// { path = $1; sub(":", "", path); sub("{.*", "", path) }
     /^    (get|post):/ && path ~ "^/v1/" {
         m = $1; sub(":", "", m); print toupper(m), path }' \
    "$yaml" | sort >paths.$$
if [ ! -s routes.$$ ] || ! diff routes.$$ paths.$$; then
    echo "the calls of enfragad and of openapi.yaml differ"
    bad=1
fi
rm -f routes.$$ paths.$$

for word in $(sed -n 's/^STATE([A-Z_]*, "\([a-z_]*\)".*/\1/p' \
    "$srcdir/src/domain/states.def"); do
    grep -q "[[ ]$word[],]" "$yaml" || { echo "no state $word"; bad=1; }
done
for ref in $(sed -n 's/.*"#\/\([a-zA-Z\/]*\)".*/\1/p' "$yaml" | sort -u); do
    grep -q "^    ${ref##*/}:" "$yaml" || { echo "no $ref"; bad=1; }
done
exit $bad
