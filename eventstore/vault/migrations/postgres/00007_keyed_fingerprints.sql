-- +goose Up
-- An earlier release kept a hash of each request that anybody could compute, so that a password in
-- it could be guessed from a copy of the vault. The hashes are keyed now; those others go.
UPDATE answers SET request_hash = '';
