-- SPDX-License-Identifier: EUPL-1.2
--
-- register.db from version 2 to 3: what says who a person is, is sealed. data
-- is the number and the name, tag an HMAC by which a row is found; both under
-- a key that does not lie here (doc/FORMATS.md "Register"). The rows of
-- version 2 wait in the _plain tables until the first opening has sealed and
-- erased them; account.namn and own are then base64 of the sealed text.

ALTER TABLE person RENAME TO person_plain;
ALTER TABLE own_list RENAME TO own_list_plain;
CREATE TABLE person (
    arende TEXT NOT NULL REFERENCES cases,
    tag BLOB NOT NULL CHECK (length(tag) = 32),
    place INTEGER NOT NULL, -- order in the household
    data BLOB NOT NULL,
    roll INTEGER NOT NULL,
    shielded INTEGER NOT NULL, -- says the import
    seen_shielded INTEGER NOT NULL DEFAULT 0, -- said an answer
    asked INTEGER NOT NULL DEFAULT 0,
    states TEXT NOT NULL DEFAULT '',
    checks INTEGER NOT NULL DEFAULT 0,
    import INTEGER NOT NULL,
    PRIMARY KEY (arende, tag)
) STRICT, WITHOUT ROWID;
CREATE TABLE own_list ( -- persons that an account may not ask about
    konto TEXT NOT NULL REFERENCES account,
    tag BLOB NOT NULL CHECK (length(tag) = 32),
    PRIMARY KEY (konto, tag)
) STRICT, WITHOUT ROWID;
ALTER TABLE account ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
CREATE TABLE seal ( -- which key it is
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    mark BLOB NOT NULL CHECK (length(mark) = 32)
) STRICT;
