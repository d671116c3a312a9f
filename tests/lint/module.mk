# SPDX-License-Identifier: EUPL-1.2
# The lints judge the sources, not the programs: one script for each rule.
