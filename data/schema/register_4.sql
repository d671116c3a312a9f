-- SPDX-License-Identifier: EUPL-1.2
--
-- register.db from version 3 to 4: who a changed entry key rests on, and those
-- that wait for a chef's attestation.

ALTER TABLE account ADD COLUMN key_by TEXT NOT NULL DEFAULT ''; -- '': the first
CREATE TABLE key_request (
    konto TEXT NOT NULL PRIMARY KEY REFERENCES account,
    vkey TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
