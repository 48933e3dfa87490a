-- +goose Up
-- Times are microseconds since 1970. Hashes are keyed, sealed columns are ciphertext.
CREATE TABLE vault_check (
	id   INTEGER PRIMARY KEY,
	mark BYTEA NOT NULL
);

-- A destroyed key stays as a row without one, so that nobody makes it again. Destructions
-- are counted: other processes ask for what was destroyed since the number they know.
CREATE TABLE subject_keys (
	subject      TEXT PRIMARY KEY,
	wrapped      BYTEA,
	created_at   BIGINT NOT NULL,
	destroyed_at BIGINT,
	destruction  BIGINT
);
CREATE INDEX subject_keys_destruction ON subject_keys (destruction) WHERE destruction IS NOT NULL;

CREATE TABLE destructions (
	id   INTEGER PRIMARY KEY,
	last BIGINT NOT NULL
);
INSERT INTO destructions (id, last) VALUES (1, 0);

CREATE TABLE credentials (
	id         TEXT PRIMARY KEY,
	account    TEXT NOT NULL,
	kind       TEXT NOT NULL,
	prefix     TEXT,
	hash       BYTEA,
	phc        TEXT,
	sealed     BYTEA,
	tries      INTEGER NOT NULL DEFAULT 0,
	created_at BIGINT NOT NULL,
	expires_at BIGINT,
	used_at    BIGINT,
	revoked_at BIGINT
);
CREATE INDEX credentials_account ON credentials (account);
CREATE UNIQUE INDEX credentials_hash ON credentials (kind, hash) WHERE kind IN ('link', 'api_key', 'setup');
CREATE INDEX credentials_prefix ON credentials (prefix) WHERE prefix IS NOT NULL;
CREATE INDEX credentials_sealed ON credentials (expires_at) WHERE sealed IS NOT NULL;

CREATE TABLE sessions (
	hash       BYTEA PRIMARY KEY,
	account    TEXT NOT NULL,
	sealed     BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	seen_at    BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE answers (
	actor        TEXT NOT NULL,
	key          TEXT NOT NULL,
	request_hash BYTEA NOT NULL,
	status       INTEGER NOT NULL,
	sealed       BYTEA NOT NULL,
	expires_at   BIGINT NOT NULL,
	PRIMARY KEY (actor, key)
);
CREATE INDEX answers_expiry ON answers (expires_at);
