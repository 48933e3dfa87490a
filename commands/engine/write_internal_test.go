package engine

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"sleutelbos/eventstore"
)

// failing is a store whose appends fail: the first in its own way, the others as those of a full disk.
type failing struct {
	eventstore.Store
	first error
	tries int
}

var errFull = fmt.Errorf("%w: %w: the disk is full", eventstore.ErrUnavailable, eventstore.ErrNotAppended)

func (f *failing) Append(context.Context, string, eventstore.Expected, ...eventstore.Event) (eventstore.Receipt, error) {
	if f.tries++; f.tries == 1 && f.first != nil {
		return eventstore.Receipt{}, f.first
	}
	return eventstore.Receipt{}, errFull
}

// TestF59_WhatIsKnownOfAFullDiskIsSaid tells apart an append of which nothing stands and one of which that is not known.
func TestF59_WhatIsKnownOfAFullDiskIsSaid(t *testing.T) {
	const patience = 10 * time.Second
	for name, c := range map[string]struct {
		first   error
		unknown bool
		within  time.Duration
	}{
		"nothing was appended":                  {nil, false, 2 * time.Second},
		"the first attempt may have been taken": {eventstore.ErrUnavailable, true, patience},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &failing{first: c.first}
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				began := time.Now()
				_, err := (&Engine{options: Options{Journal: eventstore.Journal{Store: store}}}).write(ctx, 0, eventstore.Append{Stream: "account-1"})
				if !errors.Is(err, eventstore.ErrUnavailable) || errors.Is(err, ErrOutcomeUnknown) != c.unknown {
					t.Errorf("got %v", err)
				}
				if took := time.Since(began); took > c.within || store.tries < 3 {
					t.Errorf("it took %s and %d attempts", took, store.tries)
				}
			})
		})
	}
}

// TestF68_NobodyWaitsForAStoreThatIsKnownToBeAway gives a request with a deadline of its own less time once the store has been away for
// longer than commands are patient, and leaves it its time before.
func TestF68_NobodyWaitsForAStoreThatIsKnownToBeAway(t *testing.T) {
	now := time.Now()
	for name, c := range map[string]struct {
		since time.Duration
		away  bool
		most  time.Duration
	}{
		"within reach":      {0, false, time.Minute},
		"away for a moment": {time.Second, true, time.Minute},
		"away for long":     {time.Hour, true, time.Second},
		"back":              {time.Hour, false, time.Minute},
	} {
		e := &Engine{options: Options{Patience: 10 * time.Second, Now: func() time.Time { return now }, Away: func() (time.Time, bool) { return now.Add(-c.since), c.away }}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		patient, leave := e.Patient(ctx)
		deadline, _ := patient.Deadline()
		if left := time.Until(deadline); left > c.most || c.most == time.Minute && left < 50*time.Second {
			t.Errorf("%s: %s are left", name, left)
		}
		leave()
		cancel()
	}
}
