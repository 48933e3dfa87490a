package app_test

import (
	"testing"

	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
	"sleutelbos/projections/machinery"
)

// TestF22_ALookAtTheLagReadsLittle, however many read models there are and however far they lag.
func TestF22_ALookAtTheLagReadsLittle(t *testing.T) {
	p := apptest.Start(t, apptest.Setup{Serving: app.Serving{BootstrapAPIKey: "0123456789abcdef0123456789abcdef"}})
	idle, err := machinery.NewRunner(machinery.Options{ // has taken nothing
		Store: p.Journal.Store, Registry: p.Journal.Registry, Keys: p.Vault, DB: p.Rows, Subscriber: p.Runner.Subscriber,
		Tables: p.Runner.Tables, Logger: p.Log, Now: p.Clock.Now, CountLag: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	before := p.Reach.Calls()
	all, err := idle.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if asked := p.Reach.Calls() - before; asked > 2*int64(places(all)) {
		t.Errorf("%d calls for %d read models at %d places", asked, len(all), places(all))
	}
	for _, s := range all {
		if s.LagEvents > 2 {
			t.Errorf("%s: counted up to %d", s.Name, s.LagEvents)
		}
	}
}

func places(all []machinery.Status) int {
	at := map[string]bool{}
	for _, s := range all {
		at[s.Position.String()] = true
	}
	return len(at)
}
