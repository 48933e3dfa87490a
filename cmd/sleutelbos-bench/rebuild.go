package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// rebuild measures rebuilding every read model, beside a loop of 500 upserts a transaction.
func (b *bench) rebuild(ctx context.Context) error {
	if err := b.fill(ctx); err != nil {
		return err
	}
	loop, err := b.upsertLoop(ctx)
	if err != nil {
		return err
	}
	b.line("bare loop, 500 upserts a transaction", "%.0f events/s", loop)
	for _, name := range b.v.Runner.Names() {
		events := int64(0)
		peak := watchMemory()
		begin := time.Now()
		if err := b.v.Runner.Rebuild(ctx, name, func(p machinery.Progress) { events = p.EventsDone }); err != nil {
			return errors.Join(err, fmt.Errorf("rebuild %s", name), ctx.Err())
		}
		rate := float64(events) / time.Since(begin).Seconds()
		b.line("rebuild "+name, "%.0f events/s; %s × bare loop; heap at most %d MiB", rate, ratio(rate, loop), peak()>>20)
	}
	return nil
}

// upsertLoop reads and decodes the log and upserts a row an event.
func (b *bench) upsertLoop(ctx context.Context) (float64, error) {
	begin, events := time.Now(), 0
	var tx *sql.Tx
	var statement *sql.Stmt
	for rec, err := range b.v.Journal.Store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return 0, err
		}
		event, record, err := b.v.Journal.Registry.Decode(ctx, b.v.Vault, rec)
		if err != nil {
			return 0, err
		}
		if tx == nil {
			if tx, err = b.bare.db.BeginTx(ctx, nil); err != nil {
				return 0, err
			}
			if statement, err = tx.PrepareContext(ctx, bareUpsert); err != nil {
				return 0, errors.Join(err, tx.Rollback())
			}
		}
		created, _ := event.(account.Created)
		if _, err := statement.ExecContext(ctx, record.Stream, created.Username, created.Name, string(created.Role),
			record.Envelope.OccurredAt.Format(time.RFC3339Nano), record.Revision); err != nil {
			return 0, errors.Join(err, tx.Rollback())
		}
		if events++; events%500 == 0 {
			if err := tx.Commit(); err != nil {
				return 0, err
			}
			tx = nil
		}
	}
	if tx != nil {
		if err := tx.Commit(); err != nil {
			return 0, err
		}
	}
	return float64(events) / time.Since(begin).Seconds(), nil
}

// watchMemory looks at the heap until it is asked for the most it saw, in bytes.
func watchMemory() func() uint64 {
	stop := make(chan struct{})
	most := make(chan uint64)
	go func() {
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		peak := uint64(0)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
			select {
			case <-ticker.C:
			case <-stop:
				most <- peak
				return
			}
		}
	}()
	return func() uint64 { close(stop); return <-most }
}
