-- SPDX-License-Identifier: EUPL-1.2
--
-- The tables of register.db, version 1. A published version is never changed:
-- a new one is a file of its own behind it.

CREATE TABLE account (
    konto TEXT NOT NULL PRIMARY KEY,
    namn TEXT NOT NULL,
    enhet TEXT NOT NULL,
    roles INTEGER NOT NULL,
    own TEXT NOT NULL, -- own personnummer or ''
    blocked INTEGER NOT NULL CHECK (blocked IN (0, 1)),
    vkey TEXT NOT NULL,
    key_since INTEGER NOT NULL,
    uid INTEGER, -- NULL: asked of the system by the account's name
    last_asked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE asked (
    konto TEXT NOT NULL,
    at INTEGER NOT NULL,
    day TEXT NOT NULL -- Swedish calendar day of at
) STRICT;
CREATE INDEX asked_konto ON asked (konto, at);
CREATE INDEX asked_at ON asked (at);
CREATE TABLE cases (
    arende TEXT NOT NULL PRIMARY KEY,
    enhet TEXT NOT NULL,
    prepared INTEGER NOT NULL CHECK (prepared IN (0, 1)),
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    opened TEXT NOT NULL,
    closed TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE part (
    arende TEXT NOT NULL REFERENCES cases,
    konto TEXT NOT NULL,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1)), -- takes part, jäv
    PRIMARY KEY (arende, konto, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX part_konto ON part (konto, kind);
CREATE TABLE person (
    arende TEXT NOT NULL REFERENCES cases,
    number TEXT NOT NULL CHECK (length(number) = 12),
    place INTEGER NOT NULL, -- order in the household
    namn TEXT NOT NULL,
    roll INTEGER NOT NULL,
    shielded INTEGER NOT NULL, -- says the import
    seen_shielded INTEGER NOT NULL DEFAULT 0, -- said an answer
    asked INTEGER NOT NULL DEFAULT 0,
    states TEXT NOT NULL DEFAULT '',
    checks INTEGER NOT NULL DEFAULT 0,
    import INTEGER NOT NULL,
    PRIMARY KEY (arende, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE access (
    arende TEXT NOT NULL REFERENCES cases,
    konto TEXT NOT NULL,
    given_by TEXT NOT NULL,
    until INTEGER NOT NULL,
    waiting INTEGER NOT NULL CHECK (waiting IN (0, 1)), -- for approval
    post INTEGER NOT NULL, -- its entry in the log
    skal TEXT NOT NULL, -- while it waits
    PRIMARY KEY (arende, konto)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_konto ON access (konto);
CREATE TABLE own_list ( -- persons that an account may not ask about
    konto TEXT NOT NULL REFERENCES account,
    number TEXT NOT NULL CHECK (length(number) = 12),
    PRIMARY KEY (konto, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE import (
    id INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    cases INTEGER NOT NULL,
    persons INTEGER NOT NULL
) STRICT;
