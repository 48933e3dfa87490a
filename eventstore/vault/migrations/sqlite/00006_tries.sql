-- +goose Up
-- How often something was tried, such as a password. key is a keyed hash of what and by whom.
CREATE TABLE tries (
	key   TEXT PRIMARY KEY,
	count INTEGER NOT NULL,
	until INTEGER NOT NULL -- when the count is over, in microseconds since 1970
) STRICT;
CREATE INDEX tries_until ON tries (until);
