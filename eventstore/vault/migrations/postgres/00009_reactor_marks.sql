-- +goose Up
-- How far each reactor is known to have come: the last event that it has come past. An event is
-- named by its place in its stream, which a copy of the log keeps.
CREATE TABLE reactor_marks (
	name     TEXT NOT NULL PRIMARY KEY,
	stream   TEXT NOT NULL, -- of the event; empty for none
	revision BIGINT NOT NULL,
	event    TEXT NOT NULL
);
