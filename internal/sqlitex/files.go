package sqlitex

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Private makes a file, and its folder, before SQLite does, which would let others read it.
// The files that SQLite makes beside it (-wal, -shm) get the same mode, 0600.
//
// A file that is there is not opened: closing it would release the locks that this process
// holds on it, those of an open connection included.
func Private(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Chmod(path, 0o600)
}

// SyncFolder makes the names in a folder durable. Without it a new file may be gone after a
// power cut, however durable its content is.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Copy writes a copy of a file, as it is at one moment, to a new one of mode 0600, while
// others read and write the first. The copy is durable when it returns. It refuses to
// overwrite (fs.ErrExist) and to copy what is not there (fs.ErrNotExist).
func Copy(ctx context.Context, from, to string) (err error) {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fs.ErrExist, err)
	}
	if _, err := os.Stat(from); err != nil {
		return err
	}
	source, err := File{Path: from, Mode: ReadOnly, Patience: 10 * time.Second}.Pool(ctx, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	if err := Private(to); err != nil {
		return err
	}
	if _, err := source.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return Sync(to)
}

// Sync makes a file and its name durable. No connection to the file may be open.
func Sync(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close(), SyncFolder(filepath.Dir(path)))
}
