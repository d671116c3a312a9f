-- SPDX-License-Identifier: EUPL-1.2
-- The audit log (AUDIT 11). entry.author is forsakran.id, 0 for enfragad;
-- leaf_data is NULL only after gallring. The triggers are a guard against
-- mistakes; what guards against people is the tree.
CREATE TABLE entry (seq INTEGER PRIMARY KEY, leaf_hash BLOB NOT NULL,
    leaf_data BLOB, type INTEGER NOT NULL, author INTEGER NOT NULL,
    time_ms INTEGER NOT NULL, ref INTEGER) STRICT;
CREATE TABLE box (seq INTEGER PRIMARY KEY REFERENCES entry, day INTEGER NOT NULL,
    data BLOB NOT NULL) STRICT;
CREATE TABLE daykey (day INTEGER PRIMARY KEY, cms BLOB NOT NULL,
    seq INTEGER NOT NULL) STRICT;
-- The account stands here instead of a uid: several accounts may share a uid
-- outside skarp, and the uid of each call stands in its entry.
CREATE TABLE forsakran (id INTEGER PRIMARY KEY, sha256 BLOB UNIQUE NOT NULL,
    cms BLOB NOT NULL, text BLOB NOT NULL, vkey TEXT NOT NULL,
    account TEXT NOT NULL, seq INTEGER NOT NULL) STRICT;
CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL,
    frontier BLOB NOT NULL) STRICT;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
CREATE TABLE pending (seq INTEGER PRIMARY KEY) STRICT;
-- A nonce is used once. A table of its own costs half of what a column with
-- an index would.
CREATE TABLE nonce (nonce BLOB PRIMARY KEY, seq INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE INDEX entry_author ON entry(author, time_ms);
CREATE INDEX entry_time ON entry(time_ms);
CREATE INDEX forsakran_account ON forsakran(account);
INSERT INTO state VALUES (1, 0, x'');
CREATE TRIGGER entry_update BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entry_delete BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
CREATE TRIGGER box_update BEFORE UPDATE ON box
    BEGIN SELECT RAISE(ABORT, 'a box is never changed'); END;
CREATE TRIGGER box_delete BEFORE DELETE ON box
    BEGIN SELECT RAISE(ABORT, 'a box is erased by gallring alone'); END;
CREATE TRIGGER forsakran_update BEFORE UPDATE ON forsakran
    BEGIN SELECT RAISE(ABORT, 'a forsakran is never changed'); END;
CREATE TRIGGER forsakran_delete BEFORE DELETE ON forsakran
    BEGIN SELECT RAISE(ABORT, 'a forsakran is never deleted'); END;
CREATE TRIGGER nonce_update BEFORE UPDATE ON nonce
    BEGIN SELECT RAISE(ABORT, 'a nonce is never changed'); END;
CREATE TRIGGER nonce_delete BEFORE DELETE ON nonce
    BEGIN SELECT RAISE(ABORT, 'a nonce is never deleted'); END;
