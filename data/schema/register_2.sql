-- SPDX-License-Identifier: EUPL-1.2
--
-- register.db from version 1 to 2: accounts that come by TLS.

CREATE TABLE certificate (
    konto TEXT NOT NULL PRIMARY KEY REFERENCES account,
    sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32) -- of its DER
) STRICT, WITHOUT ROWID;
