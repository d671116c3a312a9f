-- SPDX-License-Identifier: EUPL-1.2
-- Version 2: who boxes are sealed to. A row of recipient is derived from the
-- nyckel entry seq, which names the certificate by its hash; gone is the entry
-- that took the recipient away. daykey.unit is the entry's.
ALTER TABLE daykey ADD COLUMN unit TEXT NOT NULL DEFAULT '';
CREATE TABLE recipient (sha256 BLOB PRIMARY KEY, name TEXT NOT NULL,
    unit TEXT NOT NULL, cert BLOB NOT NULL, seq INTEGER NOT NULL,
    gone INTEGER) STRICT;
CREATE TRIGGER daykey_update BEFORE UPDATE ON daykey
    BEGIN SELECT RAISE(ABORT, 'a day key is never changed'); END;
CREATE TRIGGER daykey_delete BEFORE DELETE ON daykey
    BEGIN SELECT RAISE(ABORT, 'a day key is erased by gallring alone'); END;
CREATE TRIGGER recipient_delete BEFORE DELETE ON recipient
    BEGIN SELECT RAISE(ABORT, 'a recipient is never deleted'); END;
