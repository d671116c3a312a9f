-- SPDX-License-Identifier: EUPL-1.2
-- Version 3: the entries of type gallring are found without reading the log.
CREATE INDEX entry_gallring ON entry(seq) WHERE type = 12;
