package app

import (
	"context"
	"slices"
	"sync"

	"sleutelbos/eventstore"
	"sleutelbos/http/server"
	"sleutelbos/internal/doctor"
)

// troubles are what somebody should look into: what was found at the last look, and what reading
// the log has met since.
type troubles struct {
	registry *eventstore.Registry

	mu      sync.Mutex
	damaged []string // subjects
}

// all returns the troubles as they are told by /readyz and the metrics.
func (t *troubles) all() []server.Trouble {
	t.mu.Lock()
	lost := slices.Concat(t.damaged, t.registry.Lost())
	t.mu.Unlock()
	slices.Sort(lost)
	var told []server.Trouble
	for _, f := range doctor.LostKeys(slices.Compact(lost)) {
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
