#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The screens, and when the user has ended them the log's own verdict, on the
# same terminal: what was asked stands there and holds.
"$builddir/enfraga" --ovning --konto demo
echo "skärmarna slutade med $?"
"$builddir/enfraga" --ovning --konto demo logg verifiera --full
echo "loggen slutade med $?"
