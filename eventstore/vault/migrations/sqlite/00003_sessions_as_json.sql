-- +goose Up
-- Sessions were stored in the encoding of a library. They last for hours, so they end here.
DELETE FROM sessions;
