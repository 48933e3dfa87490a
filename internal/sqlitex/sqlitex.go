// Package sqlitex is the one way in which this program opens, copies and writes a SQLite
// file. It knows the driver, so that nobody else has to.
//
// A file is opened as a File says: as a pool of connections of database/sql (Pool), or as
// one connection that speaks to the driver itself where every row counts (Conn). Private
// makes the file readable for its owner only, Copy makes a durable copy of a file in use,
// and Group is the one goroutine that writes: what is asked for while it waits for the disk
// shares the next commit.
//
// A file with a Key is encrypted as a whole, see the package sealed.
//
// The package knows no table and no event. What a commit writes is the caller's matter.
package sqlitex

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"modernc.org/sqlite" // registers the driver "sqlite"

	"sleutelbos/internal/sqlitex/sealed"
)

// Mode says what may be done with a file.
type Mode string

// The modes of a file.
const (
	ReadOnly Mode = "ro"
	// ReadOnlyStill is for a file that nobody writes, in a folder that is read-only: SQLite
	// then makes no files beside it.
	ReadOnlyStill Mode = "ro&immutable=1"
	ReadWrite     Mode = "rw"  // the file must be there
	Create        Mode = "rwc" // the file is made if it is missing
)

// File says which file is opened, and how.
type File struct {
	Path     string
	Mode     Mode
	Patience time.Duration // how long a statement waits for another connection's lock
	Pragmas  []string      // each as "name=value"; they are run on every new connection
	Key      *sealed.Key   // encrypts the file; nil for one that holds nothing personal in the clear
	// Explain gives the driver's errors the names that callers of a Conn know. It may be nil.
	Explain func(error) error
}

// Prepare makes the file, readable for its owner only, unless it is there.
func (f File) Prepare() error {
	if f.Key == nil {
		return Private(f.Path)
	}
	return sealed.Make(f.Path, *f.Key)
}

// address returns the file's address for the driver. Transactions of database/sql lock the
// file when they begin: one that asked for the lock later could be refused halfway.
func (f File) address() (string, error) {
	path, err := filepath.Abs(f.Path)
	if err != nil {
		return "", err
	}
	query := url.Values{
		"_busy_timeout": {fmt.Sprint(f.Patience.Milliseconds())}, // the driver sets it first
		"_txlock":       {"immediate"},
		"_pragma":       f.Pragmas,
	}
	if f.Key != nil {
		name, err := sealed.Register(*f.Key)
		if err != nil {
			return "", err
		}
		query.Set("vfs", name)
	}
	address := url.URL{Scheme: "file", Path: path, RawQuery: "mode=" + string(f.Mode) + "&" + query.Encode()}
	return address.String(), nil
}

// Pool opens the file for database/sql with at most so many connections, which stay open.
func (f File) Pool(ctx context.Context, connections int) (*sql.DB, error) {
	address, err := f.address()
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", address)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Writable reports, within a short time, whether the file can be written: it returns an error for
// which Locked holds if another program keeps it locked. Opening it for use has more patience, and
// does not end with a context.
func (f File) Writable(ctx context.Context, within time.Duration) (err error) {
	f.Patience = within
	db, err := f.Pool(ctx, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	return tx.Rollback()
}

// Conn opens one connection to the file.
func (f File) Conn() (*Conn, error) {
	c := &Conn{statements: map[string]*statement{}, explain: f.Explain}
	if c.explain == nil {
		c.explain = func(err error) error { return err }
	}
	address, err := f.address()
	if err != nil {
		return nil, err
	}
	if c.raw, err = (&sqlite.Driver{}).Open(address); err != nil {
		return nil, c.explain(err)
	}
	return c, nil
}
