-- SPDX-License-Identifier: EUPL-1.2
-- A collector's tables in PostgreSQL (AUDIT 14): those of the logs, with the
-- log they are of. Run once by the database's owner:
--
--   psql -v ON_ERROR_STOP=1 -f insamling.sql DATABASE
--
-- Three group roles; give each login one of them. The collector inserts and
-- never changes or erases; the reviewer reads; the one who erases reaches boxes
-- and day keys alone. Nobody may change an entry: the triggers stop the owner's
-- mistakes too, and what guards against the owner is the tree.
BEGIN;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'enfraga_insamlare')
        THEN CREATE ROLE enfraga_insamlare NOLOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'enfraga_granskare')
        THEN CREATE ROLE enfraga_granskare NOLOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'enfraga_gallrare')
        THEN CREATE ROLE enfraga_gallrare NOLOGIN; END IF;
END $$;
CREATE SCHEMA enfraga;
SET LOCAL search_path = enfraga;
CREATE TABLE origin (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text UNIQUE NOT NULL, hash text UNIQUE NOT NULL, vkey text NOT NULL,
    mode text NOT NULL DEFAULT '', size bigint NOT NULL DEFAULT 0,
    frontier bytea NOT NULL DEFAULT '', note text NOT NULL DEFAULT '',
    -- A larger size that has been cosigned here: these tables are older than
    -- that. By anyone's word, and by our own signature, which also has a root.
    claimed bigint NOT NULL DEFAULT 0, own bigint NOT NULL DEFAULT 0,
    own_root bytea NOT NULL DEFAULT '');
CREATE TABLE entry (origin bigint NOT NULL REFERENCES origin,
    seq bigint NOT NULL, leaf_hash bytea NOT NULL, leaf_data bytea NOT NULL,
    type bigint NOT NULL, author bigint NOT NULL, time_ms bigint NOT NULL,
    ref bigint, PRIMARY KEY (origin, seq));
CREATE INDEX entry_author ON entry (origin, author, time_ms);
CREATE INDEX entry_time ON entry (origin, time_ms);
CREATE TABLE box (origin bigint NOT NULL, seq bigint NOT NULL,
    day bigint NOT NULL, data bytea NOT NULL, PRIMARY KEY (origin, seq),
    FOREIGN KEY (origin, seq) REFERENCES entry);
CREATE TABLE daykey (origin bigint NOT NULL REFERENCES origin,
    day bigint NOT NULL, cms bytea NOT NULL, seq bigint NOT NULL,
    PRIMARY KEY (origin, day));
CREATE TABLE recipient (origin bigint NOT NULL REFERENCES origin,
    sha256 bytea NOT NULL, cert bytea NOT NULL, seq bigint NOT NULL,
    PRIMARY KEY (origin, seq, sha256));
CREATE TABLE forsakran (origin bigint NOT NULL REFERENCES origin,
    id bigint NOT NULL, sha256 bytea NOT NULL, cms bytea NOT NULL,
    text bytea NOT NULL, vkey text NOT NULL, account text NOT NULL,
    seq bigint NOT NULL, from_ms bigint NOT NULL, till_ms bigint NOT NULL,
    PRIMARY KEY (origin, id), UNIQUE (origin, sha256));
CREATE TABLE own_key (origin bigint NOT NULL REFERENCES origin,
    kid bytea NOT NULL, pub bytea NOT NULL, seq bigint NOT NULL,
    PRIMARY KEY (origin, kid));
CREATE TABLE nonce (origin bigint NOT NULL REFERENCES origin,
    nonce bytea NOT NULL, seq bigint NOT NULL, PRIMARY KEY (origin, nonce));
CREATE TABLE checkpoint (origin bigint NOT NULL REFERENCES origin,
    size bigint NOT NULL, note text NOT NULL, PRIMARY KEY (origin, size));
-- Batches that were refused although the log's key has signed their head.
CREATE TABLE refused (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    origin text NOT NULL, time_ms bigint NOT NULL, why text NOT NULL,
    note text NOT NULL, body bytea NOT NULL, sha256 bytea UNIQUE NOT NULL);

CREATE FUNCTION is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%: what is collected is never changed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
    EXECUTE FUNCTION is_kept();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON forsakran
    EXECUTE FUNCTION is_kept();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON recipient
    EXECUTE FUNCTION is_kept();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON own_key
    EXECUTE FUNCTION is_kept();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON nonce
    EXECUTE FUNCTION is_kept();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint
    EXECUTE FUNCTION is_kept();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON refused
    EXECUTE FUNCTION is_kept();
CREATE TRIGGER kept BEFORE UPDATE OR TRUNCATE ON box
    EXECUTE FUNCTION is_kept();
CREATE TRIGGER kept BEFORE UPDATE OR TRUNCATE ON daykey
    EXECUTE FUNCTION is_kept();

GRANT USAGE ON SCHEMA enfraga
    TO enfraga_insamlare, enfraga_granskare, enfraga_gallrare;
GRANT INSERT ON origin, entry, box, daykey, recipient, forsakran, own_key,
    nonce, checkpoint, refused TO enfraga_insamlare;
-- what a check must see: keys, hashes of what is referred to, the head
GRANT SELECT ON origin, forsakran, own_key TO enfraga_insamlare;
GRANT SELECT (origin, seq, leaf_hash, type, author, time_ms) ON entry
    TO enfraga_insamlare;
GRANT SELECT (origin) ON refused TO enfraga_insamlare;
GRANT UPDATE (mode, size, frontier, note, claimed, own, own_root)
    ON origin TO enfraga_insamlare;
GRANT SELECT ON ALL TABLES IN SCHEMA enfraga TO enfraga_granskare;
GRANT SELECT (origin, seq, day) ON box TO enfraga_gallrare;
GRANT SELECT (origin, seq, day) ON daykey TO enfraga_gallrare;
GRANT SELECT ON origin TO enfraga_gallrare;
GRANT DELETE ON box, daykey TO enfraga_gallrare;
COMMIT;
