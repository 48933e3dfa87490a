package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"

	"sleutelbos/internal/sqlitex"
)

// writer has the one connection that writes. When several projections want to write at the
// same moment, it does so in one transaction.
type writer struct {
	conn   *sqlitex.Conn
	group  *sqlitex.Group[*request]
	closed sync.Once

	insertions map[insertion]string // their texts
	args       []driver.Value       // of the insertion under way
}

// request is a unit of writing that happens as a whole or not at all.
type request struct {
	do    func(*writer) error
	alone bool // in a transaction of its own
	done  chan error
}

// maxBatch is how many requests share a transaction at most.
const maxBatch = 64

var errClosed = errors.New("the read models are closed")

func newWriter(file sqlitex.File) (*writer, error) {
	if err := file.Prepare(); err != nil {
		return nil, err
	}
	conn, err := file.Conn()
	if err != nil {
		return nil, err
	}
	w := &writer{conn: conn, insertions: map[insertion]string{}}
	w.group = sqlitex.NewGroup(sqlitex.GroupOptions[*request]{
		Try:   w.transaction,
		Done:  func(r *request, err error) { r.done <- err },
		Alone: func(r *request) bool { return r.alone },
		Queue: maxBatch, Most: maxBatch,
	})
	return w, nil
}

// together writes, possibly in one transaction with others. It waits for a write that has
// begun even if the context ends, because the caller must know the outcome. A write that is
// long or changes the schema goes through alone instead.
func (w *writer) together(ctx context.Context, do func(*writer) error) error {
	return w.submit(ctx, &request{do: do, done: make(chan error, 1)})
}

func (w *writer) alone(ctx context.Context, do func(*writer) error) error {
	return w.submit(ctx, &request{do: do, alone: true, done: make(chan error, 1)})
}

func (w *writer) submit(ctx context.Context, r *request) error {
	if err := w.group.Submit(ctx, r); errors.Is(err, sqlitex.ErrClosed) {
		return errClosed
	} else if err != nil {
		return err
	}
	if came, ok := ctx.Value(cameKey{}).(func()); ok {
		came()
	}
	return translated(<-r.done)
}

func (w *writer) transaction(requests []*request) error {
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, r := range requests {
		if err := r.do(w); err != nil {
			return errors.Join(err, w.exec("ROLLBACK"))
		}
	}
	if err := w.exec("COMMIT"); err != nil {
		return errors.Join(err, w.exec("ROLLBACK"))
	}
	return nil
}

// exec runs a statement that is used often, and so prepares it once.
func (w *writer) exec(query string, args ...driver.Value) error { return w.conn.Exec(query, args...) }

// changed runs a statement and returns how many rows it changed.
func (w *writer) changed(query string, args ...driver.Value) (int64, error) {
	return w.conn.Changed(query, args...)
}

// once runs a statement that is not used again, and does not keep it prepared.
func (w *writer) once(query string, args ...driver.Value) error { return w.conn.Once(query, args...) }

// number returns the number that a query finds, 0 if it finds none.
func (w *writer) number(query string, args ...driver.Value) (int64, error) {
	return w.conn.Integer(0, query, args...)
}

// forget drops the prepared statements, since those of a table that is gone would stay for ever.
func (w *writer) forget() error {
	clear(w.insertions)
	return w.conn.Forget()
}

func (w *writer) close() error {
	var err error
	w.closed.Do(func() {
		w.group.Close()
		err = w.conn.Close()
	})
	return err
}
