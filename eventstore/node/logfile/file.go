// Package logfile is the file of the embedded event log: one SQLite file in a folder that
// one process at a time may write.
//
// It knows the tables and how the file is opened, locked, lent to readers, checked at the
// start and copied. It does not know what an append may do; the packages above write and
// read the rows.
package logfile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"sleutelbos/internal/sqlitex"
)

// Name is the file of a log in its folder.
const Name = "log.db"

const (
	lockName = "log.lock"

	busyTimeout     = 2 * time.Second // for the lock of another connection
	writeCacheBytes = 64 << 20
	readCacheBytes  = 16 << 20
	scanCacheBytes  = 2 << 20 // of a reader beside the writer, which goes through the log once
)

// File is the open file of a log. It is safe for concurrent use, its Writer aside.
type File struct {
	path   string
	lock   *os.File      // nil if the file is open for reading only
	writer *sqlitex.Conn // nil if the file is open for reading only
	*Pool
}

// Open opens the file of a folder for writing; both are made if they are missing. The work
// does not grow with the log. Errors: ErrInUse, ErrCorrupt, eventstore.ErrUnavailable.
func Open(ctx context.Context, dir string) (*File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, Unavailable(err)
	}
	lock, err := lockFolder(ctx, dir)
	if err != nil {
		return nil, err
	}
	f := &File{path: filepath.Join(dir, Name), lock: lock}
	f.Pool = newPool(f.reader(sqlitex.ReadOnly, readCacheBytes))
	if err := f.openWriter(); err != nil {
		f.Stop()
		return nil, errors.Join(fmt.Errorf("open the event log: %w", err), f.Close())
	}
	return f, nil
}

func (f *File) openWriter() (err error) {
	if err := sqlitex.Private(f.path); err != nil {
		return Unavailable(err)
	}
	f.writer, err = open(f.path, sqlitex.Create, "journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000",
		fmt.Sprintf("cache_size=-%d", writeCacheBytes>>10), fmt.Sprintf("journal_size_limit=%d", 64<<20))
	if err != nil {
		return err
	}
	// A file that another program keeps locked can be read, and no event could be appended.
	for _, try := range []string{"BEGIN IMMEDIATE", "ROLLBACK"} {
		if err := f.writer.Exec(try); err != nil {
			return err
		}
	}
	if err := migrate(f.writer); err != nil {
		return err
	}
	if err := checkTail(f.writer); err != nil {
		return err
	}
	// A new file must be found again after a power cut: its name in the folder counts too.
	if err := sqlitex.SyncFolder(filepath.Dir(f.path)); err != nil {
		return Unavailable(err)
	}
	return nil
}

// OpenReadOnly opens the file of a folder for reading, beside a process that writes it or
// without one.
func OpenReadOnly(dir string) (*File, error) {
	f := &File{path: filepath.Join(dir, Name)}
	written := f.written() // asked before a reader makes the file that tells of it
	f.Pool = newPool(f.reader(sqlitex.ReadOnly, scanCacheBytes))
	err := f.first(checkFile)
	if sqlitex.CannotOpen(err) && !written {
		f.open = f.reader(sqlitex.ReadOnlyStill, scanCacheBytes)
		err = f.first(checkFile)
	}
	if err != nil {
		f.Stop()
		return nil, errors.Join(fmt.Errorf("open the event log for reading: %w", err), f.Close())
	}
	return f, nil
}

// written says whether a writer has the file open, or left something to be put away: its
// write-ahead log is there then.
func (f *File) written() bool {
	_, err := os.Stat(f.path + "-wal")
	return !errors.Is(err, fs.ErrNotExist)
}

// Writer returns the connection that writes, which serves one goroutine at a time. It is
// nil if the file is open for reading only.
func (f *File) Writer() *sqlitex.Conn { return f.writer }

// Reader opens a connection for one long reading, so that those of the pool stay free.
func (f *File) Reader() (*sqlitex.Conn, error) { return f.open() }

func (f *File) reader(mode sqlitex.Mode, cache int) func() (*sqlitex.Conn, error) {
	return func() (*sqlitex.Conn, error) {
		return open(f.path, mode, "query_only=1", fmt.Sprintf("cache_size=-%d", cache>>10))
	}
}

func open(path string, mode sqlitex.Mode, pragmas ...string) (*sqlitex.Conn, error) {
	return sqlitex.File{Path: path, Mode: mode, Patience: busyTimeout, Pragmas: pragmas, Explain: explain}.Conn()
}

// Close closes the file. Call Stop first, and end whoever uses the Writer.
func (f *File) Close() error {
	errs := []error{f.Pool.close()}
	if f.writer != nil { // last, so that it can put the write-ahead log away
		errs = append(errs, f.writer.Close())
	}
	if f.lock != nil {
		// A process being started at this moment holds a copy of the file until it runs, so
		// closing alone would not let go of the lock.
		errs = append(errs, syscall.Flock(int(f.lock.Fd()), syscall.LOCK_UN), f.lock.Close())
	}
	return errors.Join(errs...)
}

// lockFolder keeps every other process from writing here, until the file is closed. A
// process that was killed is gone a moment after its successor starts, so the lock is tried
// for a while.
func lockFolder(ctx context.Context, dir string) (*os.File, error) {
	const (
		patience = 2 * time.Second
		pause    = 20 * time.Millisecond
	)
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, Unavailable(err)
	}
	ctx, end := context.WithTimeout(ctx, patience)
	defer end()
	for syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("%w (%s is locked)", ErrInUse, lockName), f.Close())
		}
	}
	return f, nil
}
