package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sleutelbos/eventstore"
)

// Backup writes a copy of the log as it is at one moment to a new file, while appends go
// on, and answers the copy's newest position. The file is durable when it returns; to
// restore it, put it into an empty folder as log.db. It refuses to overwrite.
func (l *Log) Backup(ctx context.Context, path string) (eventstore.Position, error) {
	if err := l.alive(ctx); err != nil {
		return 0, err
	}
	if _, err := os.Lstat(path); err == nil {
		return 0, fmt.Errorf("back the event log up: %w", os.ErrExist)
	} else if !errors.Is(err, os.ErrNotExist) {
		return 0, fmt.Errorf("back the event log up: %w", err)
	}
	partial := path + ".partial"
	position, err := l.copyTo(partial)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = os.Link(partial, path) // unlike a rename it never replaces a file
	}
	if removing := os.Remove(partial); err == nil {
		err = removing
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return 0, fmt.Errorf("back the event log up: %w", err)
	}
	return position, nil
}

func (l *Log) copyTo(path string) (eventstore.Position, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return 0, err
	}
	c, err := openConn(l.file, "ro")
	if err != nil {
		return 0, err
	}
	err = c.exec("VACUUM INTO ?", path)
	if closing := c.close(); err == nil {
		err = closing
	}
	if err != nil {
		return 0, err
	}
	if c, err = openConn(path, "ro"); err != nil {
		return 0, err
	}
	position, err := c.integer(0, "SELECT max(pos) FROM events")
	if closing := c.close(); err == nil {
		err = closing
	}
	if err != nil {
		return 0, err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	return eventstore.Position(position), errors.Join(f.Sync(), f.Close())
}
