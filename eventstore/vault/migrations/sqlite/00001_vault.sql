-- +goose Up
-- Times are microseconds since 1970. Hashes are keyed, sealed columns are ciphertext.
CREATE TABLE vault_check (
	id   INTEGER PRIMARY KEY,
	mark BLOB NOT NULL
) STRICT;

-- A destroyed key stays as a row without one, so that nobody makes it again. Destructions
-- are counted: other processes ask for what was destroyed since the number they know.
CREATE TABLE subject_keys (
	subject      TEXT PRIMARY KEY,
	wrapped      BLOB,
	created_at   INTEGER NOT NULL,
	destroyed_at INTEGER,
	destruction  INTEGER
) STRICT;
CREATE INDEX subject_keys_destruction ON subject_keys (destruction) WHERE destruction IS NOT NULL;

CREATE TABLE destructions (
	id   INTEGER PRIMARY KEY,
	last INTEGER NOT NULL
) STRICT;
INSERT INTO destructions (id, last) VALUES (1, 0);

CREATE TABLE credentials (
	id         TEXT PRIMARY KEY,
	account    TEXT NOT NULL,
	kind       TEXT NOT NULL,
	prefix     TEXT,
	hash       BLOB,
	phc        TEXT,
	sealed     BLOB,
	tries      INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	expires_at INTEGER,
	used_at    INTEGER,
	revoked_at INTEGER
) STRICT;
CREATE INDEX credentials_account ON credentials (account);
CREATE UNIQUE INDEX credentials_hash ON credentials (kind, hash) WHERE kind IN ('link', 'api_key', 'setup');
CREATE INDEX credentials_prefix ON credentials (prefix) WHERE prefix IS NOT NULL;
CREATE INDEX credentials_sealed ON credentials (expires_at) WHERE sealed IS NOT NULL;

CREATE TABLE sessions (
	hash       BLOB PRIMARY KEY,
	account    TEXT NOT NULL,
	sealed     BLOB NOT NULL,
	created_at INTEGER NOT NULL,
	seen_at    INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_account ON sessions (account);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE answers (
	actor        TEXT NOT NULL,
	key          TEXT NOT NULL,
	request_hash BLOB NOT NULL,
	status       INTEGER NOT NULL,
	sealed       BLOB NOT NULL,
	expires_at   INTEGER NOT NULL,
	PRIMARY KEY (actor, key)
) STRICT;
CREATE INDEX answers_expiry ON answers (expires_at);
