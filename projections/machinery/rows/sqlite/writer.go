package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"sleutelbos/internal/sqlitex"
)

// writer has the one connection that writes. When several projections want to write at the
// same moment, it does so in one transaction.
type writer struct {
	db     *sql.DB
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt
	group  *sqlitex.Group[*request]
	closed sync.Once

	insertions map[insertion]string // their texts
	args       []any                // of the insertion under way
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

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{db: db, conn: conn, stmts: map[string]*sql.Stmt{}, insertions: map[insertion]string{}}
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
func (w *writer) exec(query string, args ...any) error {
	_, err := w.changed(query, args...)
	return err
}

// changed runs a statement and returns how many rows it changed.
func (w *writer) changed(query string, args ...any) (int64, error) {
	stmt, ok := w.stmts[query]
	if !ok {
		var err error
		if stmt, err = w.conn.PrepareContext(context.Background(), query); err != nil {
			return 0, err
		}
		w.stmts[query] = stmt
	}
	result, err := stmt.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// once runs statements that are not used again, and does not keep them prepared.
func (w *writer) once(query string, args ...any) error {
	_, err := w.conn.ExecContext(context.Background(), query, args...)
	return err
}

// number returns the number that a query finds, 0 if it finds none.
func (w *writer) number(query string, args ...any) (int64, error) {
	var n int64
	err := w.conn.QueryRowContext(context.Background(), query, args...).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// forget drops the prepared statements, since those of a table that is gone would stay for ever.
func (w *writer) forget() error {
	var errs []error
	for query, stmt := range w.stmts {
		errs = append(errs, stmt.Close())
		delete(w.stmts, query)
	}
	clear(w.insertions)
	return errors.Join(errs...)
}

func (w *writer) close() error {
	var err error
	w.closed.Do(func() {
		w.group.Close()
		err = errors.Join(w.forget(), w.conn.Close(), w.db.Close())
	})
	return err
}
