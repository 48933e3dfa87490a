-- +goose Up
-- How often something was tried, such as a password. key is a keyed hash of what and by whom.
CREATE TABLE tries (
	key   TEXT PRIMARY KEY,
	count BIGINT NOT NULL,
	until BIGINT NOT NULL -- when the count is over, in microseconds since 1970
);
CREATE INDEX tries_until ON tries (until);
