package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"sleutelbos/internal/sqlitex"
)

// maxBatch is how many writes share a commit, so that the first need not wait for too many.
const maxBatch = 512

// statements is what a write runs its SQL with: a transaction or a database.
type statements interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// write runs do in a transaction and returns once that is on the disk. If another write of the
// same batch fails, do is run again, in a transaction in which nothing was done.
func (c *core) write(ctx context.Context, do func(context.Context, statements) error) error {
	if c.committer != nil {
		return c.committer.submit(ctx, do)
	}
	return inTransaction(ctx, c.read, do)
}

// writeOne is like write, for a do that runs one statement. PostgreSQL commits that in one
// round trip.
func (c *core) writeOne(ctx context.Context, do func(context.Context, statements) error) error {
	if c.committer != nil {
		return c.committer.submit(ctx, do)
	}
	return do(ctx, c.read)
}

// exec runs one statement durably and returns how many rows it changed.
func (c *core) exec(ctx context.Context, query string, args ...any) (int64, error) {
	var changed int64 // after an error it may not be read: the committer may still write it
	err := c.writeOne(ctx, func(ctx context.Context, s statements) error {
		result, err := s.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		changed, err = result.RowsAffected()
		return err
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

// committer is the one writer of the SQLite file.
type committer struct {
	db    *sql.DB
	group *sqlitex.Group[*pending]
}

// pending is a write on its way to the disk.
type pending struct {
	ctx  context.Context
	do   func(context.Context, statements) error
	done chan error
}

func newCommitter(db *sql.DB) *committer {
	c := &committer{db: db}
	c.group = sqlitex.NewGroup(sqlitex.GroupOptions[*pending]{Try: c.try, Done: (*pending).end, Queue: maxBatch, Most: maxBatch})
	return c
}

func (c *committer) close() error {
	c.group.Close()
	return c.db.Close()
}

// submit waits for the commit. If the context ends first, the outcome is unknown.
func (c *committer) submit(ctx context.Context, do func(context.Context, statements) error) error {
	p := &pending{ctx: ctx, do: do, done: make(chan error, 1)}
	if err := c.group.Submit(ctx, p); errors.Is(err, sqlitex.ErrClosed) {
		return ErrClosed
	} else if err != nil {
		return err
	}
	select {
	case err := <-p.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// try runs a batch in one transaction. It leaves out the writes whose callers have gone.
func (c *committer) try(batch []*pending) error {
	return inTransaction(context.Background(), c.db, func(ctx context.Context, s statements) error {
		for _, p := range batch {
			if p.ctx.Err() != nil {
				continue
			}
			if err := p.do(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *pending) end(err error) {
	if gone := p.ctx.Err(); gone != nil {
		err = gone
	}
	p.done <- err
}

func inTransaction(ctx context.Context, db *sql.DB, do func(context.Context, statements) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write to the vault: %w", err)
	}
	if err := do(ctx, tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("write to the vault: %w", err)
	}
	return nil
}

// ignoreDone returns nil for the error that a transaction had ended already, with its context.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
