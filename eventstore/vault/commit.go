package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// maxBatch bounds how long the first of a batch waits for the others.
const maxBatch = 512

// statements is what a write may use: a transaction or a database.
type statements interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// write runs do in a transaction and returns when it is on the disk. It may run do again
// after an error of another one in the same batch; do then starts from nothing.
func (v *Vault) write(ctx context.Context, do func(context.Context, statements) error) error {
	if v.committer != nil {
		return v.committer.submit(ctx, do)
	}
	return inTransaction(ctx, v.read, do)
}

// writeOne is write for a single statement, which PostgreSQL commits by itself in one
// round trip.
func (v *Vault) writeOne(ctx context.Context, do func(context.Context, statements) error) error {
	if v.committer != nil {
		return v.committer.submit(ctx, do)
	}
	return do(ctx, v.read)
}

// exec runs one statement durably and answers how many rows it changed.
func (v *Vault) exec(ctx context.Context, query string, args ...any) (int64, error) {
	var changed int64 // the committer's until it has answered; whoever left may not look
	err := v.writeOne(ctx, func(ctx context.Context, s statements) error {
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

// committer is the one writer of the SQLite file. What arrives while it waits for the
// disk shares the next commit.
type committer struct {
	db    *sql.DB
	queue chan *pending // unbuffered: what was taken is answered
	quit  chan struct{}
	ended chan struct{}
	stop  sync.Once
}

type pending struct {
	ctx  context.Context
	do   func(context.Context, statements) error
	done chan error
}

func newCommitter(db *sql.DB) *committer {
	c := &committer{db: db, queue: make(chan *pending), quit: make(chan struct{}), ended: make(chan struct{})}
	go c.run()
	return c
}

func (c *committer) close() error {
	c.stop.Do(func() { close(c.quit) })
	<-c.ended
	return c.db.Close()
}

// submit waits for the commit. After an error of ctx the outcome is unknown.
func (c *committer) submit(ctx context.Context, do func(context.Context, statements) error) error {
	p := &pending{ctx: ctx, do: do, done: make(chan error, 1)}
	select {
	case c.queue <- p:
	case <-c.quit:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-p.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *committer) run() {
	defer close(c.ended)
	for {
		select {
		case <-c.quit:
			return
		case first := <-c.queue:
			c.commit(c.gather(first))
		}
	}
}

func (c *committer) gather(first *pending) []*pending {
	batch := []*pending{first}
	for len(batch) < maxBatch {
		select {
		case p := <-c.queue:
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}

// commit runs the batch in one transaction. If one of them fails, all are undone and each
// runs on its own, so that no one fails for another's fault.
func (c *committer) commit(batch []*pending) {
	err := inTransaction(context.Background(), c.db, func(ctx context.Context, s statements) error {
		for _, p := range batch {
			if p.ctx.Err() != nil {
				continue // its caller has gone
			}
			if err := p.do(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	for _, p := range batch {
		switch {
		case p.ctx.Err() != nil:
			p.done <- p.ctx.Err()
		case err != nil && len(batch) > 1:
			p.done <- inTransaction(p.ctx, c.db, p.do)
		default:
			p.done <- err
		}
	}
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

// ignoreDone forgets that a transaction had ended already, with its context.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
