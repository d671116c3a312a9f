-- SPDX-License-Identifier: EUPL-1.2
-- What a witness remembers (AUDIT 6): of each log the newest head it has
-- cosigned. `claimed` is a larger size that a log says has been cosigned here:
-- until our own signature on it is shown, nothing of that log is signed, for
-- then these rows are older than we are (AUDIT 15); -1 for a copy put back.
CREATE TABLE log (origin TEXT PRIMARY KEY, hash TEXT UNIQUE NOT NULL,
    size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL,
    claimed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- Heads that the log's key has signed and that do not go on from ours.
CREATE TABLE evidence (id INTEGER PRIMARY KEY, origin TEXT NOT NULL,
    time_ms INTEGER NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL,
    sha256 BLOB NOT NULL, UNIQUE (origin, sha256)) STRICT;
CREATE TRIGGER evidence_update BEFORE UPDATE ON evidence
    BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER evidence_delete BEFORE DELETE ON evidence
    BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;
