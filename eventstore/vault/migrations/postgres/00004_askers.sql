-- +goose Up
-- What must be known of whoever asks, so that a request can be judged without the event log:
-- a row for each stream that it follows from. sealed is null until it was read from the log.
CREATE TABLE askers (
	stream   TEXT PRIMARY KEY,
	beside   TEXT NOT NULL,   -- the other stream that is needed with it; empty for none
	revision BIGINT NOT NULL, -- of the stream, that what is sealed follows from; -1 for none
	sealed   BYTEA
);
