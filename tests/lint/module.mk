# SPDX-License-Identifier: EUPL-1.2
# The lints judge the sources, not the programs: one script for each rule.
LINT_TESTS += \
	tests/lint/layers.py tests/lint/headers.sh tests/lint/sizes.py \
	tests/lint/banned.py tests/lint/opening.py tests/lint/sql.py \
	tests/lint/words.py tests/lint/catalogue.sh tests/lint/published.py \
	tests/lint/manuals.sh
