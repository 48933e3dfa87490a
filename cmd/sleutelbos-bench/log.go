package main

import (
	"context"
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
		Name: firstNames[n%len(firstNames)] + " " + lastNames[n/7%len(lastNames)] + " " + strconv.Itoa(n), Role: account.RoleUser, Channel: account.ChannelMailLink,
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
	for rec, err := range j.Store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
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

// The names of the accounts: searching for one finds some of many.
var (
	firstNames = []string{
		"Anna", "Bram", "Chantal", "Daan", "Emma", "Fatima", "Gijs", "Hanna", "Ibrahim", "Jasmijn", "Koen", "Lotte", "Mehmet",
		"Noor", "Oscar", "Petra", "Quinten", "Rosa", "Sander", "Tess", "Umar", "Vera", "Wouter", "Xandra", "Youssef", "Zoë",
	}
	lastNames = []string{
		"de Vries", "Janssens", "Bakker", "van den Berg", "Peeters", "Visser", "Smit", "Meijer", "Maes", "Mulder", "de Groot",
		"Jacobs", "Willems", "Yılmaz", "El Idrissi", "Hendriks", "Vermeulen", "Dijkstra", "Claes", "Kuipers",
	}
)
