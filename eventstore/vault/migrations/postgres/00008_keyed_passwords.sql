-- +goose Up
-- The hashes that earlier versions kept without a key, which the program keys when it opens the vault.
CREATE INDEX credentials_unkeyed ON credentials (id) WHERE kind = 'password' AND phc NOT LIKE '%,keyid=%';
