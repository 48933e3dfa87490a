package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// Backup writes a copy of the log as it is at one moment to a new file, while appends go
// on, and returns the copy's newest position. The file is durable when Backup returns; to
// restore it, put it into an empty folder as log.db. Backup refuses to overwrite.
func (l *Log) Backup(ctx context.Context, path string) (eventstore.Position, error) {
	if err := l.alive(ctx); err != nil {
		return eventstore.Position{}, err
	}
	position, err := l.backup(ctx, path)
	if err != nil {
		return eventstore.Position{}, fmt.Errorf("back the event log up: %w", err)
	}
	return position, nil
}

// backup makes the copy under another name, so that nobody takes a part of it for all.
func (l *Log) backup(ctx context.Context, path string) (eventstore.Position, error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return eventstore.Position{}, errors.Join(fs.ErrExist, err)
	}
	partial := path + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return eventstore.Position{}, err
	}
	if err := sqlitex.Copy(ctx, l.file, partial); err != nil {
		return eventstore.Position{}, diskError(err)
	}
	position, err := headOf(partial)
	if err == nil {
		err = os.Link(partial, path) // unlike a rename it never replaces a file
	}
	return position, errors.Join(err, os.Remove(partial), sqlitex.SyncFolder(filepath.Dir(path)))
}

// headOf returns the newest position of a log that nobody uses.
func headOf(path string) (eventstore.Position, error) {
	c, err := openConn(path, sqlitex.ReadOnly)
	if err != nil {
		return eventstore.Position{}, err
	}
	position, err := c.Integer(0, "SELECT max(pos) FROM events")
	return place(position).position(), errors.Join(err, c.Close())
}
