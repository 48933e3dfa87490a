// Package sqlite keeps read models in one SQLite file, in the process. It is never the only home
// of anything: every row can be made again from the log. So it does not wait for the disk; a
// crash of the machine may lose the newest rows with their checkpoint, and they are made again.
// The checkpoints of reactors cannot be made again. They have a file of their own, and each of
// their writes is durable when it returns.
//
// The file of the read models holds what the log keeps sealed, with indexes over it, and so it is
// encrypted as a whole.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"sleutelbos/internal/sqlitex"
	"sleutelbos/internal/sqlitex/sealed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/texts"
)

// DB is a rows engine on SQLite. It is safe for concurrent use. It has some twenty methods
// because it implements the whole port, a file for each part of it: queries in query.go, tables
// in tables.go and their rows in rows.go, searches in texts.go, reactors' checkpoints in reactors.go,
// locks in locks.go.
type DB struct {
	*texts.Index // the methods that search

	dir    string
	key    sealed.Key
	use    *os.File // locked for as long as the file is open, see heal
	healed Healed

	readers   *pool // of pages and lists
	streaming *pool // of long answers
	working   *pool // of the runner
	snapshots *pool // held for as long as somebody looks at one state of a table

	writer   *writer
	saves    *writer // of reactors' checkpoints
	reactors *sql.DB // reads them
	totals   *machinery.Totals
}

var _ machinery.DB = (*DB)(nil)

const bookkeeping = `
CREATE TABLE IF NOT EXISTS checkpoints (
	name TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL, prepare INTEGER NOT NULL, events_done INTEGER NOT NULL,
	updated_at TEXT NOT NULL, fingerprint TEXT NOT NULL, generation INTEGER NOT NULL, last_event TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID`

const rowsFile = "readmodels.db"

const reactorsFile = "reactors.db"

const reactorBookkeeping = `
CREATE TABLE IF NOT EXISTS reactor_checkpoints (
	name TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL, prepare INTEGER NOT NULL, updated_at TEXT NOT NULL,
	last_event TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID`

// FileError says which file could not be opened.
type FileError struct {
	Path string
	Err  error
}

// Error returns what happened to which file.
func (e *FileError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns what happened.
func (e *FileError) Unwrap() error { return e.Err }

// Open opens the read models in a folder, which must be there: readmodels.db, which is encrypted
// under the key, and reactors.db are made if they are missing. Another process may have them open too. Errors: *FileError.
func Open(ctx context.Context, dir string, key sealed.Key) (*DB, error) {
	db := &DB{dir: dir, key: key}
	db.totals, db.Index = machinery.NewTotals(db), texts.New(textEngine{db})
	if err := db.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the read models: %w", err), db.Close())
	}
	return db, nil
}

func (db *DB) open(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(db.dir, lockFolder), 0o700); err != nil {
		return err
	}
	if err := db.openReactors(ctx); err != nil {
		return &FileError{filepath.Join(db.dir, reactorsFile), err}
	}
	if err := db.openRows(ctx); err != nil {
		return &FileError{filepath.Join(db.dir, rowsFile), err}
	}
	return nil
}

func (db *DB) openRows(ctx context.Context) error {
	var err error
	if db.use, db.healed, err = heal(ctx, db.dir, db.key); err != nil {
		return err
	}
	path := filepath.Join(db.dir, rowsFile)
	// Rows can be made again, and rows and checkpoint are lost together or not at all, so
	// no commit has to wait for the disk.
	db.writer, err = newWriter(fileAt(path, &db.key, "synchronous=NORMAL", "cache_size=-32000", "wal_autocheckpoint=16000"))
	if err != nil {
		return err
	}
	if err = db.writer.prepare(ctx, bookkeeping, "checkpoints"); err != nil {
		return err
	}
	for _, p := range []struct {
		pool        **pool
		connections int
		cache       string
	}{
		{&db.readers, max(4, runtime.NumCPU()), "cache_size=-16000"},
		{&db.streaming, 2, "cache_size=-4000"},
		{&db.working, 4, "cache_size=-8000"},
		{&db.snapshots, 2, "cache_size=-4000"},
	} {
		opened, err := openFile(ctx, path, &db.key, p.connections, "query_only=1", p.cache)
		if err != nil {
			return err
		}
		*p.pool = newPool(opened)
	}
	return nil
}

// openReactors opens the file of the reactors' checkpoints. An effect that has happened must not be forgotten,
// so each commit waits for the disk.
func (db *DB) openReactors(ctx context.Context) error {
	path := filepath.Join(db.dir, reactorsFile)
	var err error
	if db.saves, err = newWriter(fileAt(path, nil, "synchronous=FULL")); err != nil {
		return err
	}
	if err = db.saves.prepare(ctx, reactorBookkeeping, "reactor_checkpoints"); err != nil {
		return err
	}
	db.reactors, err = openFile(ctx, path, nil, 1, "query_only=1")
	return err
}

// prepare makes a table of checkpoints, and adds what later programs keep of a checkpoint to one that an
// earlier program made: a position's second number, which was the same as the first then, and the last
// event.
func (w *writer) prepare(ctx context.Context, bookkeeping, table string) error {
	return w.alone(ctx, func(w *writer) error {
		if err := w.once(bookkeeping); err != nil {
			return err
		}
		for _, c := range []struct{ name, definition, value string }{
			{"prepare", "INTEGER NOT NULL DEFAULT 0", "position"}, {"last_event", "TEXT NOT NULL DEFAULT ''", "''"},
		} {
			there, err := w.number("SELECT count(*) FROM pragma_table_info(?) WHERE name = ?", table, c.name)
			if err != nil {
				return err
			}
			if there > 0 {
				continue
			}
			for _, statement := range []string{
				"ALTER TABLE " + table + " ADD COLUMN " + c.name + " " + c.definition, "UPDATE " + table + " SET " + c.name + " = " + c.value,
			} {
				if err := w.once(statement); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func fileAt(path string, key *sealed.Key, pragmas ...string) sqlitex.File {
	return sqlitex.File{
		Path: path, Mode: sqlitex.Create, Patience: 10 * time.Second, Key: key,
		Pragmas: append([]string{"journal_mode=WAL", "temp_store=MEMORY"}, pragmas...),
	}
}

func openFile(ctx context.Context, path string, key *sealed.Key, connections int, pragmas ...string) (*sql.DB, error) {
	file := fileAt(path, key, pragmas...)
	if err := file.Prepare(); err != nil {
		return nil, err
	}
	return file.Pool(ctx, connections)
}

// Close waits for the writes that were accepted and closes the files.
func (db *DB) Close() error {
	db.Stop()
	var errs []error
	if db.writer != nil {
		errs = append(errs, db.writer.close())
	}
	for _, p := range []*pool{db.readers, db.streaming, db.working, db.snapshots} {
		if p != nil {
			errs = append(errs, p.Close())
		}
	}
	if db.saves != nil {
		errs = append(errs, db.saves.close())
	}
	if db.reactors != nil {
		errs = append(errs, db.reactors.Close())
	}
	if db.use != nil {
		errs = append(errs, db.use.Close())
	}
	return errors.Join(errs...)
}

// translated gives the engine's errors the port's names.
func translated(err error) error {
	if err != nil && strings.Contains(err.Error(), "no such table") {
		return fmt.Errorf("%w: %w", machinery.ErrNotBuilt, err)
	}
	return err
}
