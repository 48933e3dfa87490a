-- +goose Up
-- Who may connect to the event log's door. Streams are prefixes, a JSON array.
CREATE TABLE door_users (
	name       TEXT PRIMARY KEY,
	role       TEXT NOT NULL,
	hash       BLOB NOT NULL,
	streams    TEXT NOT NULL,
	created_at INTEGER NOT NULL
) STRICT;
