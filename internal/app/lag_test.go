package app_test

import (
	"context"
	"sync/atomic"
	"testing"

	"sleutelbos/eventstore"
	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
	"sleutelbos/projections/machinery"
)

// TestF22_ALookAtTheLagReadsLittle, however many read models there are and however far they lag.
func TestF22_ALookAtTheLagReadsLittle(t *testing.T) {
	p := apptest.Start(t, apptest.Setup{Serving: app.Serving{BootstrapAPIKey: "0123456789abcdef0123456789abcdef"}})
	store := &asked{Store: p.Journal.Store}
	idle, err := machinery.NewRunner(machinery.Options{ // has taken nothing
		Store: store, Registry: p.Journal.Registry, Keys: p.Vault, DB: p.Rows, Subscriber: p.Runner.Subscriber,
		Tables: p.Runner.Tables, Logger: p.Log, Now: p.Clock.Now, CountLag: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := idle.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if calls := store.calls.Load(); calls == 0 || calls > 2*int64(places(all)) {
		t.Errorf("%d calls for %d read models at %d places", calls, len(all), places(all))
	}
	for _, s := range all {
		if s.LagEvents > 2 {
			t.Errorf("%s: counted up to %d", s.Name, s.LagEvents)
		}
	}
}

// asked counts what a store is asked for the lag.
type asked struct {
	eventstore.Store
	calls atomic.Int64
}

func (a *asked) Head(ctx context.Context) (eventstore.Position, error) {
	a.calls.Add(1)
	return a.Store.Head(ctx)
}

func (a *asked) Behind(ctx context.Context, after eventstore.Position, limit int64) (int64, error) {
	a.calls.Add(1)
	return a.Store.Behind(ctx, after, limit)
}

func places(all []machinery.Status) int {
	at := map[string]bool{}
	for _, s := range all {
		at[s.Position.String()] = true
	}
	return len(at)
}
