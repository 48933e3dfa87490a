package sqlitex

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

// Conn is one connection to a file and the statements prepared on it. It speaks to the
// driver itself: database/sql would copy each value once more and take four locks a row.
// It serves one goroutine at a time.
type Conn struct {
	raw        driver.Conn
	statements map[string]*statement
	explain    func(error) error
}

type statement struct {
	driver.Stmt
	args []driver.NamedValue
	row  []driver.Value
}

func (c *Conn) prepare(sql string, args []driver.Value) (*statement, error) {
	s, ok := c.statements[sql]
	if !ok {
		prepared, err := c.raw.Prepare(sql)
		if err != nil {
			return nil, c.explain(err)
		}
		s = &statement{Stmt: prepared}
		c.statements[sql] = s
	}
	s.args = s.args[:0]
	for i, a := range args {
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return s, nil
}

// Exec runs a statement. It takes no context: the driver would start a goroutine for each.
func (c *Conn) Exec(sql string, args ...driver.Value) error {
	_, err := c.Changed(sql, args...)
	return err
}

// Changed runs a statement and returns how many rows it changed.
func (c *Conn) Changed(sql string, args ...driver.Value) (int64, error) {
	s, err := c.prepare(sql, args)
	if err != nil {
		return 0, err
	}
	result, err := s.Stmt.(driver.StmtExecContext).ExecContext(context.Background(), s.args)
	clear(s.args)
	if err != nil {
		return 0, c.explain(err)
	}
	return result.RowsAffected()
}

// Once runs a statement that is not used again, and does not keep it prepared.
func (c *Conn) Once(sql string, args ...driver.Value) error {
	_, kept := c.statements[sql]
	err := c.Exec(sql, args...)
	if s, ok := c.statements[sql]; ok && !kept {
		delete(c.statements, sql)
		err = errors.Join(err, c.explain(s.Close()))
	}
	return err
}

// Forget closes the prepared statements, since those of a table that is gone would stay for ever.
func (c *Conn) Forget() error {
	var errs []error
	for sql, s := range c.statements {
		errs = append(errs, s.Close())
		delete(c.statements, sql)
	}
	return c.explain(errors.Join(errs...))
}

// Each calls row with every row of a query, until row returns an error. The values may be
// kept; the slice is used again for the next row.
func (c *Conn) Each(row func([]driver.Value) error, sql string, args ...driver.Value) (err error) {
	s, err := c.prepare(sql, args)
	if err != nil {
		return err
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(context.Background(), s.args)
	clear(s.args)
	if err != nil {
		return c.explain(err)
	}
	defer func() {
		// What Close reports is the last step's error, which was returned already.
		if closing := rows.Close(); err == nil {
			err = c.explain(closing)
		}
	}()
	if s.row == nil {
		s.row = make([]driver.Value, len(rows.Columns()))
	}
	for {
		if err := rows.Next(s.row); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return c.explain(err)
		}
		if err := row(s.row); err != nil {
			return err
		}
	}
}

// Integer returns the one integer of a query, or otherwise if there is no row or a NULL.
func (c *Conn) Integer(otherwise int64, sql string, args ...driver.Value) (int64, error) {
	n := otherwise
	err := c.Each(func(v []driver.Value) error {
		if i, ok := v[0].(int64); ok {
			n = i
		}
		return nil
	}, sql, args...)
	return n, err
}

// Close closes the connection.
func (c *Conn) Close() error {
	return errors.Join(c.Forget(), c.explain(c.raw.Close()))
}

// Blob returns bytes as a value of a column that is NOT NULL: nil would be stored as NULL.
func Blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// Bytes returns the bytes of a value of a BLOB column. The driver has nil for an empty one.
func Bytes(v driver.Value) []byte {
	b, _ := v.([]byte)
	return b
}
