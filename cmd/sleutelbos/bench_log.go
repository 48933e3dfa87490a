package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// fill brings the store to the number of accounts, past HTTP and the rules, which are
// measured elsewhere.
func (b *bench) fill(ctx context.Context) error {
	if b.filled {
		return nil
	}
	b.filled = true
	begin := time.Now()
	var next atomic.Int64
	var all sync.WaitGroup
	errs := make(chan error, 64)
	for range 64 {
		all.Go(func() {
			for n := next.Add(1); n <= int64(b.Accounts); n = next.Add(1) {
				if err := b.put(ctx, int(n)); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(errs)
	if err := <-errs; err != nil {
		return err
	}
	filled := time.Since(begin)
	if err := b.caughtUp(ctx); err != nil {
		return err
	}
	b.line(fmt.Sprintf("%d accounts put into the log", b.Accounts), "%.0f/s; every read model there %s later",
		float64(b.Accounts)/filled.Seconds(), (time.Since(begin) - filled).Round(time.Millisecond))
	return nil
}

func (b *bench) put(ctx context.Context, n int) error {
	id := uuid.NewString()
	at := time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC)
	envelope := eventstore.Envelope{
		Actor: eventstore.Actor{Kind: eventstore.ActorSystem, ID: "bench"}, Origin: eventstore.Origin{Channel: "system"},
		Organization: b.organization, CommandID: id, OccurredAt: at,
	}
	created := account.Created{
		OrganizationID: b.organization, Username: fmt.Sprintf("persoon%06d@voorbeeld%02d.nl", n, n%97), UsernameReservation: "username-" + id,
		Name: demoFirst[n%len(demoFirst)] + " " + demoLast[n/7%len(demoLast)] + " " + strconv.Itoa(n), Role: account.RoleUser, Channel: account.ChannelMailLink,
	}
	drafts := []eventstore.Draft{{ID: uuid.New(), Event: created}}
	if n%3 == 0 {
		drafts = append(drafts, eventstore.Draft{ID: uuid.New(), Event: account.ActivationSent{
			Channel: account.ChannelMailLink, CredentialID: id, Attempt: 1, ExpiresAt: at.AddDate(1, 0, 0),
		}}, eventstore.Draft{ID: uuid.New(), Event: account.ActivationSuperseded{CredentialID: id}}) // so that nobody mails a third of them
	}
	if n%10 == 0 {
		drafts = append(drafts, eventstore.Draft{ID: uuid.New(), Event: account.Blocked{Reason: "bench"}})
	}
	_, err := b.v.Journal.Append(ctx, eventstore.AccountSubject(id), eventstore.Tail{}, envelope, drafts...)
	return err
}

// replay measures reading the whole log, every event decoded and opened.
func (b *bench) replay(ctx context.Context) error {
	if err := b.fill(ctx); err != nil {
		return err
	}
	if _, err := b.v.Vault.Preload(ctx); err != nil {
		return err
	}
	begin := time.Now()
	events, err := replayAll(ctx, b.v.Journal)
	b.line("replay of the whole log, decoded", "%.0f events/s (%d events)", float64(events)/time.Since(begin).Seconds(), events)
	return err
}

// replayAll decodes the log on every core.
func replayAll(ctx context.Context, j eventstore.Journal) (int64, error) {
	chunks := make(chan []eventstore.Recorded, 8)
	var done atomic.Int64
	var all sync.WaitGroup
	errs := make(chan error, runtime.GOMAXPROCS(0))
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for chunk := range chunks {
				for _, rec := range chunk {
					if _, _, err := j.Registry.Decode(ctx, j.Keys, rec); err != nil {
						errs <- err
						for range chunks { //nolint:revive // lets the reader end
						}
						return
					}
				}
				done.Add(int64(len(chunk)))
			}
		})
	}
	const most = 500
	var readErr error
	chunk := make([]eventstore.Recorded, 0, most)
	for rec, err := range j.Store.ReadAll(ctx, 0, eventstore.Forwards, eventstore.Filter{}) {
		if readErr = err; err != nil {
			break
		}
		if chunk = append(chunk, rec); len(chunk) == most {
			chunks <- chunk
			chunk = make([]eventstore.Recorded, 0, most)
		}
	}
	chunks <- chunk
	close(chunks)
	all.Wait()
	close(errs)
	return done.Load(), errors.Join(readErr, <-errs)
}

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
	for rec, err := range b.v.Journal.Store.ReadAll(ctx, 0, eventstore.Forwards, eventstore.Filter{}) {
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
