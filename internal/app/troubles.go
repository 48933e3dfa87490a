package app

import (
	"context"
	"errors"
	"slices"
	"sync"

	"sleutelbos/eventstore"
	"sleutelbos/http/server"
	"sleutelbos/internal/doctor"
	"sleutelbos/projections/machinery"
)

// troubles are what somebody should look into: what was found at the last look, and what reading
// the log has met since.
type troubles struct {
	registry *eventstore.Registry

	mu      sync.Mutex
	damaged []string         // subjects
	found   []doctor.Finding // at the start
}

// all returns the troubles as they are told by /readyz and the metrics.
func (t *troubles) all() []server.Trouble {
	t.mu.Lock()
	lost := slices.Concat(t.damaged, t.registry.Lost())
	found := slices.Clone(t.found)
	t.mu.Unlock()
	slices.Sort(lost)
	var told []server.Trouble
	for _, f := range append(found, doctor.LostKeys(slices.Compact(lost))...) {
		told = append(told, server.Trouble(f))
	}
	return told
}

// lookAtKeys opens every key of the vault. What it finds is logged and told until it is mended.
func (a *App) lookAtKeys(ctx context.Context) error {
	damaged, err := a.Vault.CheckKeys(ctx)
	if err != nil {
		return err
	}
	for _, f := range doctor.LostKeys(damaged) {
		a.Log.ErrorContext(ctx, f.What, "trouble", f.Code, "do", f.Do)
	}
	a.troubles.mu.Lock()
	defer a.troubles.mu.Unlock()
	a.troubles.damaged = damaged
	return nil
}

// House returns what belongs together, for whoever looks whether it does. Keys are the public keys
// of the seals.
func (s *Stores) House(keys []string) doctor.House {
	h := doctor.House{Journal: s.Journal, Vault: s.Vault, Dir: s.Places.Data, Keys: keys}
	if s.Rows != nil {
		h.Rows = s.Rows
		for _, model := range ReadModels() {
			h.Models = append(h.Models, model.Name())
		}
	}
	return h
}

// belong looks whether the stores belong together before anything is written. Errors: they are of
// two installations. Anything else is said aloud, and told until somebody has looked into it.
func (a *App) belong(ctx context.Context, _ Adjust) error {
	found, err := a.House([]string{a.Sealer.Key.Public}).Look(ctx)
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.Code == doctor.AnotherLog {
			return errors.New(f.String())
		}
		a.Log.ErrorContext(ctx, f.What, "trouble", f.Code, "do", f.Do)
	}
	a.troubles.found = found
	return nil
}

// mark tells the vault how far the log reaches and the reactors have come. Once something of the log
// was missing it waits until that is accepted: what the vault has seen is the evidence.
func (a *App) mark(ctx context.Context) error {
	a.troubles.mu.Lock()
	missing := slices.ContainsFunc(a.troubles.found, doctor.Finding.OfLog)
	a.troubles.mu.Unlock()
	if missing {
		return nil
	}
	return a.House(nil).Mark(ctx)
}

// kept returns how far the vault has seen the reactors come.
func (s *Stores) kept(ctx context.Context) (map[string]machinery.Kept, error) {
	marks, err := s.Vault.ReactorMarks(ctx)
	kept := make(map[string]machinery.Kept, len(marks))
	for name, m := range marks {
		kept[name] = machinery.Kept{Stream: m.Stream, Revision: m.Revision, ID: m.Event}
	}
	return kept, err
}
