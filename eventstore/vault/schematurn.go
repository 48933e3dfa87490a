package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"
)

// schemaLock is the advisory lock of the process that brings the schema up to date.
const schemaLock = 0x736c5f7661756c74

// turn says how long processes wait for each other's turn with the schema.
type turn struct {
	silence  time.Duration // after which PostgreSQL ends the turn of a process that stands still or is cut off
	patience time.Duration // of whoever waits for a turn; then the start says so, and tries again
}

var standardTurn = turn{silence: 10 * time.Second, patience: 15 * time.Second}

func migratePostgres(ctx context.Context, db *sql.DB) error {
	return standardTurn.take(ctx, db, func(ctx context.Context) error {
		if _, err := db.ExecContext(ctx, `CREATE SCHEMA IF NOT EXISTS vault`); err != nil {
			return fmt.Errorf("make the schema of the vault: %w", err)
		}
		return migrate(ctx, db, goose.DialectPostgres, "migrations/postgres")
	})
}

// take does the work while no other process does. The lock is that of a transaction which says every
// now and then that it is there. PostgreSQL ends it once it is silent, and with it the turn of a process
// that was frozen in the middle; the work's own transaction ends in the same way. A process that is woken
// after that finds its context ended.
func (t turn) take(ctx context.Context, db *sql.DB, work func(context.Context) error) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("open the vault: %w", err)
	}
	defer func() {
		if end := tx.Rollback(); err == nil && end != nil { // it changed nothing, and only held the lock
			err = fmt.Errorf("end the turn with the vault's schema: %w", end)
		}
	}()
	for _, set := range []string{
		fmt.Sprintf("SET LOCAL idle_in_transaction_session_timeout = %d", t.silence.Milliseconds()),
		fmt.Sprintf("SET LOCAL lock_timeout = %d", t.patience.Milliseconds()),
		fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", int64(schemaLock)),
	} {
		if _, err := tx.ExecContext(ctx, set); err != nil {
			return fmt.Errorf("wait for the turn with the vault's schema: %w", err)
		}
	}
	working, end := context.WithCancelCause(ctx)
	said := make(chan struct{})
	go func() {
		defer close(said)
		t.keep(working, tx, end)
	}()
	err = work(working)
	lost := context.Cause(working)
	end(nil)
	<-said
	if ctx.Err() == nil && lost != nil {
		err = errors.Join(lost, err)
	}
	return err
}

// keep says that the transaction is there until the work is done; if it can't, the work has to end.
func (t turn) keep(ctx context.Context, tx *sql.Tx, end context.CancelCauseFunc) {
	tick := time.NewTicker(t.silence / 5)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		// The context of the work would end the transaction's connection in the middle.
		within, done := context.WithTimeout(context.WithoutCancel(ctx), t.silence)
		_, err := tx.ExecContext(within, "SELECT 1")
		done()
		if err != nil {
			end(fmt.Errorf("keep the turn with the vault's schema: %w", err))
			return
		}
	}
}
