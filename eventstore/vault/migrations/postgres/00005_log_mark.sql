-- +goose Up
-- Which log the vault belongs to, and how far it is known to reach: the first event of the log,
-- and the last that was seen of it. An event is named by its place in its stream, which a copy of
-- the log keeps.
CREATE TABLE log_mark (
	id          INTEGER PRIMARY KEY CHECK (id = 1),
	first_event TEXT NOT NULL,
	stream      TEXT NOT NULL, -- of the last event; empty for none
	revision    BIGINT NOT NULL,
	last_event  TEXT NOT NULL
);
