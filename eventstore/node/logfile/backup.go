package logfile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sleutelbos/internal/sqlitex"
)

// Backup writes a copy of the log as it is at one moment to a new file, while appends go
// on, and returns the copy's newest place. The file is durable when Backup returns; to
// restore it, put it into an empty folder as log.db. Backup refuses to overwrite.
func (f *File) Backup(ctx context.Context, path string) (Place, error) {
	if err := f.Alive(ctx); err != nil {
		return 0, err
	}
	head, err := f.backup(ctx, path)
	if err != nil {
		return 0, fmt.Errorf("back the event log up: %w", err)
	}
	return head, nil
}

// backup makes the copy under another name, so that nobody takes a part of it for all.
func (f *File) backup(ctx context.Context, path string) (Place, error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return 0, errors.Join(fs.ErrExist, err)
	}
	partial := path + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	if err := sqlitex.Copy(ctx, f.path, partial); err != nil {
		return 0, explain(err)
	}
	head, err := headIn(partial)
	if err == nil {
		err = os.Link(partial, path) // unlike a rename it never replaces a file
	}
	return head, errors.Join(err, os.Remove(partial), sqlitex.SyncFolder(filepath.Dir(path)))
}

// headIn returns the newest place of a log that nobody uses.
func headIn(path string) (Place, error) {
	c, err := open(path, sqlitex.ReadOnly)
	if err != nil {
		return 0, err
	}
	head, err := c.Integer(0, "SELECT max(pos) FROM events")
	return Place(head), errors.Join(err, c.Close())
}
