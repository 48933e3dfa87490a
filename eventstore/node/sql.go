package node

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"sleutelbos/eventstore"
)

// conn is one connection to the file and the statements prepared on it. It speaks to the
// driver itself: database/sql would copy each value once more and take four locks a row.
// It serves one goroutine at a time.
type conn struct {
	raw   driver.Conn
	stmts map[string]*stmt
}

type stmt struct {
	driver.Stmt
	args []driver.NamedValue
	dest []driver.Value
}

// openConn opens the file. Mode is "ro", "rw" or "rwc".
func openConn(file, mode string, pragmas ...string) (*conn, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	dsn := url.URL{Scheme: "file", Path: abs, RawQuery: "mode=" + mode}
	raw, err := (&sqlite.Driver{}).Open(dsn.String())
	if err != nil {
		return nil, diskError(err)
	}
	c := &conn{raw: raw, stmts: map[string]*stmt{}}
	for _, p := range append([]string{"busy_timeout=5000"}, pragmas...) {
		if err := c.exec("PRAGMA " + p); err != nil {
			return nil, errors.Join(err, c.close())
		}
	}
	return c, nil
}

func (c *conn) prepare(sql string, args []driver.Value) (*stmt, error) {
	s, ok := c.stmts[sql]
	if !ok {
		prepared, err := c.raw.Prepare(sql)
		if err != nil {
			return nil, diskError(err)
		}
		s = &stmt{Stmt: prepared}
		c.stmts[sql] = s
	}
	s.args = s.args[:0]
	for i, a := range args {
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return s, nil
}

// exec runs a statement. Contexts stay outside: the driver would start a goroutine for each.
func (c *conn) exec(sql string, args ...driver.Value) error {
	_, err := c.changed(sql, args...)
	return err
}

// changed runs a statement and answers how many rows it changed.
func (c *conn) changed(sql string, args ...driver.Value) (int64, error) {
	s, err := c.prepare(sql, args)
	if err != nil {
		return 0, err
	}
	result, err := s.Stmt.(driver.StmtExecContext).ExecContext(context.Background(), s.args)
	clear(s.args)
	if err != nil {
		return 0, diskError(err)
	}
	return result.RowsAffected()
}

// each calls row with every row of a query. The values are the row's own to keep, the
// slice is not.
func (c *conn) each(row func([]driver.Value) error, sql string, args ...driver.Value) (err error) {
	s, err := c.prepare(sql, args)
	if err != nil {
		return err
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(context.Background(), s.args)
	clear(s.args)
	if err != nil {
		return diskError(err)
	}
	defer func() {
		// What Close reports is the last step's error, said already.
		if closing := rows.Close(); err == nil {
			err = diskError(closing)
		}
	}()
	if s.dest == nil {
		s.dest = make([]driver.Value, len(rows.Columns()))
	}
	for {
		if err := rows.Next(s.dest); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return diskError(err)
		}
		if err := row(s.dest); err != nil {
			return err
		}
	}
}

// integer answers the one integer of a query, or otherwise if there is no row or a NULL.
func (c *conn) integer(otherwise int64, sql string, args ...driver.Value) (int64, error) {
	n := otherwise
	err := c.each(func(v []driver.Value) error {
		if i, ok := v[0].(int64); ok {
			n = i
		}
		return nil
	}, sql, args...)
	return n, err
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	return diskError(errors.Join(append(errs, c.raw.Close())...))
}

// cannotOpen says whether the file, or one beside it, could not be opened or made.
func cannotOpen(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code()&0xff == sqlite3.SQLITE_CANTOPEN || e.Code()&0xff == sqlite3.SQLITE_READONLY)
}

// diskError says what an error of SQLite means for whoever waits for the log.
func diskError(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: %w: %w", eventstore.ErrUnavailable, ErrCorrupt, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: no space is left on the disk: %w", eventstore.ErrUnavailable, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%w: the disk or the file is read-only: %w", eventstore.ErrUnavailable, err)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM:
		return fmt.Errorf("%w: the disk failed: %w", eventstore.ErrUnavailable, err)
	}
	return err
}
