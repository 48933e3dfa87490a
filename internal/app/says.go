package app

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"sleutelbos/internal/reach"
	"sleutelbos/internal/sqlitex"
	"sleutelbos/internal/sqlitex/sealed"
)

// postgresSays gives an error of PostgreSQL its sentence.
func (s *Stores) postgresSays(err error) error {
	config, unreadable := pgx.ParseConfig(s.Places.Database)
	if err == nil || unreadable != nil {
		return err
	}
	address := config.Host // a folder, if it is reached by a socket
	if !filepath.IsAbs(address) {
		address = net.JoinHostPort(address, strconv.Itoa(int(config.Port)))
	}
	return reach.Postgres(address, err)
}

// free returns an error if another program holds a file locked, which a key may encrypt. Opening it would wait for longer
// than a stop may take.
func free(ctx context.Context, path string, key *sealed.Key) error {
	if _, err := os.Stat(path); err != nil {
		return nil //nolint:nilerr // it is made, or whoever opens it says why not
	}
	err := sqlitex.File{Path: path, Mode: sqlitex.ReadWrite, Key: key}.Writable(ctx, freeWithin)
	if sqlitex.Locked(err) {
		return reach.File(path, err)
	}
	return nil // whoever opens it says what else is wrong
}

// freeWithin is longer than another process of this program takes for a write.
const freeWithin = 500 * time.Millisecond

// headWithin leaves time to look why the log does not tell where it ends.
const headWithin = 2 * time.Second

// reachLog asks the log where it ends.
func (s *Stores) reachLog(ctx context.Context) error {
	asked, cancel := context.WithTimeout(ctx, headWithin)
	defer cancel()
	_, err := s.Journal.Store.Head(asked)
	if err != nil && s.explain != nil {
		return s.explain(ctx, err)
	}
	return err
}

// reachVault asks whether the vault can be written.
func (s *Stores) reachVault(ctx context.Context) error {
	err := s.Vault.Ping(ctx)
	if s.Places.Database != "" {
		return s.postgresSays(err)
	}
	return reach.File(filepath.Join(s.Places.Data, "vault.db"), err)
}
