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
