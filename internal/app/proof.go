package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/http/ui/frame"
)

// seals proves the log to the UI.
type seals struct {
	store    eventstore.Store
	registry *eventstore.Registry
	dir, key string
	now      func() time.Time
}

// Last returns the newest seal.
func (s seals) Last(ctx context.Context) (frame.Seal, bool, error) {
	only := eventstore.Filter{Streams: []string{audit.StreamPrefix}}
	for r, err := range s.store.ReadAll(ctx, eventstore.End, eventstore.Backwards, only) {
		if err != nil {
			return frame.Seal{}, false, fmt.Errorf("read the last seal: %w", err)
		}
		event, _, err := s.registry.DecodeSealed(r)
		if errors.Is(err, eventstore.ErrPassedOver) {
			continue
		}
		if err != nil {
			return frame.Seal{}, false, fmt.Errorf("read the last seal: %w", err)
		}
		sealed, ok := event.(audit.Sealed)
		if !ok {
			continue
		}
		position, err := eventstore.ParsePosition(sealed.Position)
		if err != nil {
			return frame.Seal{}, false, fmt.Errorf("read the last seal: %w", err)
		}
		return frame.Seal{At: r.Created, Size: sealed.Size, Position: position, Root: sealed.Root}, true, nil
	}
	return frame.Seal{}, false, nil
}

// Verify reads the whole log and compares it with its seals.
func (s seals) Verify(ctx context.Context, progress func(int64)) (frame.Verification, error) {
	report, err := audit.Verify(ctx, s.store, audit.Options{
		Registry: s.registry,
		Keys:     []string{s.key}, Dir: s.dir, Progress: func(events int64, _ eventstore.Position) { progress(events) },
	})
	if err != nil {
		return frame.Verification{}, err
	}
	found := frame.Verification{
		Events: report.Events, Foreign: report.Foreign, Passed: report.Passed, Streams: report.Streams, Seals: report.Seals, Outside: report.Outside,
		Sealed: report.Sealed, Unsealed: report.Unsealed, Broken: report.Broken,
	}
	if report.Overdue(s.now()) {
		found.Overdue = &report.Oldest
	}
	for _, p := range report.Problems {
		found.Problems = append(found.Problems, p.String())
	}
	return found, nil
}

// sealNote returns the note of a seal as it is kept outside the log; that of the newest for 0.
func (a *App) sealNote(size int64) (string, bool, error) {
	note, found, err := audit.ReadNote(a.Places.Data, size)
	return string(note), found, err
}
