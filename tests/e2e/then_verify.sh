#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The screens, and when the user has ended them the verifier's verdict on the
# log, on the same terminal: what was asked stands there and holds.
"$builddir/enfraga" --ovning --konto demo
echo "skärmarna slutade med $?"
"$builddir/enfraga-verifiera" --full "$XDG_STATE_HOME/enfraga/ovning/audit.db"
echo "loggen slutade med $?"
