package eventstore_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"sleutelbos/eventstore"
)

// outcome is a store of which every call ends in the same way.
type outcome struct {
	eventstore.Store
	err error
}

func (o *outcome) Head(context.Context) (eventstore.Position, error) {
	return eventstore.Position{}, o.err
}

func TestWatched(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	inner := &outcome{}
	store, watched := eventstore.Watch(inner, func() time.Time { return now })
	for _, step := range []struct {
		name string
		err  error
		away bool
	}{
		{"an answer", nil, false},
		{"it is lost", eventstore.ErrUnavailable, true},
		{"it is still lost", eventstore.ErrUnavailable, true},
		{"a caller gave up", context.Canceled, true},
		{"a caller's time was over", context.DeadlineExceeded, true},
		{"a refusal is an answer", eventstore.ErrStreamDeleted, false},
		{"lost again", errors.Join(errors.New("read"), eventstore.ErrUnavailable), true},
		{"back again", nil, false},
		{"a caller gave up meanwhile", context.Canceled, false},
		{"a caller left during an append", errors.Join(eventstore.ErrUnavailable, context.Canceled), false},
	} {
		was, wasAway := watched.Away()
		inner.err = step.err
		now = now.Add(time.Second)
		if _, err := store.Head(t.Context()); !errors.Is(err, step.err) {
			t.Fatalf("%s: got %v", step.name, err)
		}
		since, away := watched.Away()
		if away != step.away {
			t.Errorf("%s: away is %v", step.name, away)
		}
		if want := now; away && !wasAway && !since.Equal(want) || wasAway && away && !since.Equal(was) {
			t.Errorf("%s: away since %v", step.name, since)
		}
	}
}
