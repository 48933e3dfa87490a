package feed

import (
	"context"
	"iter"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// counted counts the subscriptions to a store: those that are open and all that there were.
type counted struct {
	eventstore.Store
	open, all atomic.Int64
	lose      chan struct{} // a token loses a subscription at its next delivery
}

func (s *counted) Subscribe(ctx context.Context, after eventstore.Position, f eventstore.Filter) iter.Seq2[eventstore.Delivery, error] {
	return func(yield func(eventstore.Delivery, error) bool) {
		s.all.Add(1)
		s.open.Add(1)
		defer s.open.Add(-1)
		for d, err := range s.Store.Subscribe(ctx, after, f) {
			select {
			case <-s.lose:
				yield(eventstore.Delivery{}, eventstore.ErrUnavailable)
				return
			default:
			}
			if !yield(d, err) {
				return
			}
		}
	}
}

func count(store eventstore.Store) *counted {
	return &counted{Store: store, lose: make(chan struct{}, 1)}
}

func subscribe(t *testing.T, s *Subscriber, ctx context.Context) <-chan *message.Message { //nolint:revive // t comes first in helpers
	t.Helper()
	messages, err := s.Subscribe(ctx, "list")
	if err != nil {
		t.Fatal(err)
	}
	return messages
}

// TestF71_OneSubscriptionFeedsAll: also those that begin far behind join it.
func TestF71_OneSubscriptionFeedsAll(t *testing.T) {
	store := count(openLog(t).Store())
	appendTo(t, store, 0, 9000)
	s := &Subscriber{Store: store, Logger: quiet}
	defer s.Close()
	var all []<-chan *message.Message
	starts := []uint64{0, 100, 8000, 8999, 9000, 9000, 9000}
	for _, after := range starts {
		all = append(all, subscribe(t, s, machinery.WithStart(t.Context(), eventstore.AtCommit(after))))
	}
	for i, from := range all {
		equal(t, numbers(int(starts[i]), 9000), collect(t, from, 9000-int(starts[i])))
	}
	appendTo(t, store, 9000, 3)
	for _, from := range all {
		equal(t, numbers(9000, 9003), collect(t, from, 3))
	}
	until(t, func() bool { return store.open.Load() == 1 })
	if n := store.all.Load(); n > 5 { // the hub's, and one for each that was behind
		t.Errorf("there were %d subscriptions", n)
	}
}

// TestF71_NobodyWaitsForASlowOne: it reads by itself what the hub no longer has, and joins again.
func TestF71_NobodyWaitsForASlowOne(t *testing.T) {
	store := count(openLog(t).Store())
	s := &Subscriber{Store: store, Logger: quiet}
	defer s.Close()
	slow, quick := subscribe(t, s, t.Context()), subscribe(t, s, t.Context())
	const events = 3 * 2 * leastKept
	held, _ := receive(t, slow)
	for from := 0; from < events; from += 500 {
		appendTo(t, store, from, 500)
		equal(t, numbers(from, from+500), collect(t, quick, 500))
	}
	equal(t, int64(1), store.all.Load())
	held.Ack()
	equal(t, numbers(0, events), collect(t, slow, events))
	appendTo(t, store, events, 1)
	equal(t, numbers(events, events+1), collect(t, slow, 1))
	equal(t, int64(2), store.all.Load())
	until(t, func() bool { return store.open.Load() == 1 })
}

// TestF71_ALostSubscriptionIsTakenUpForAll asks for each event once.
func TestF71_ALostSubscriptionIsTakenUpForAll(t *testing.T) {
	store := count(openLog(t).Store())
	s := &Subscriber{Store: store, Logger: quiet}
	defer s.Close()
	one, other := subscribe(t, s, t.Context()), subscribe(t, s, t.Context())
	for n := range 10 {
		store.lose <- struct{}{}
		appendTo(t, store, n, 1)
		equal(t, numbers(n, n+1), collect(t, one, 1))
		equal(t, numbers(n, n+1), collect(t, other, 1))
	}
}

// TestF71_MemoryIsBounded also when the events are large.
func TestF71_MemoryIsBounded(t *testing.T) {
	w := windowAfter(machinery.Mark{})
	large := []byte(strings.Repeat("x", 1<<20))
	for n := range uint64(100) {
		at := eventstore.AtCommit(n + 1)
		w.add(eventstore.Delivery{IsEvent: true, Position: at, Event: eventstore.Recorded{Event: eventstore.Event{Data: large}, Position: at}})
		if w.bytes > mostBytes || w.bytes != len(w.events)<<20 || len(w.events) == 0 {
			t.Fatalf("%d bytes of %d events", w.bytes, len(w.events))
		}
		if first := w.events[0].Position.Commit(); w.from != eventstore.AtCommit(first-1) {
			t.Fatalf("from %s, the first event is at %d", w.from, first)
		}
	}
}

// TestF71_WhatItDoesNotActOnComesLater, and all together.
func TestF71_WhatItDoesNotActOnComesLater(t *testing.T) {
	store := openLog(t).Store()
	s := &Subscriber{Store: store, Logger: quiet}
	defer s.Close()
	acts := func(r eventstore.Recorded) bool { return string(r.Data) == "20" }
	messages := subscribe(t, s, machinery.ActsOn(t.Context(), acts))
	for b := (machinery.Batch{}); !b.CaughtUp; {
		var m *message.Message
		m, b = receive(t, messages)
		m.Ack()
	}
	began := time.Now()
	appendTo(t, store, 0, 10)
	m, b := receive(t, messages)
	if took := time.Since(began); took < lateAfter/2 || len(b.Events) != 10 {
		t.Errorf("%d events after %s", len(b.Events), took)
	}
	m.Ack()
	appendTo(t, store, 10, 11)
	equal(t, numbers(10, 21), collect(t, messages, 11))
}

func until(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); {
		if time.Now().After(deadline) {
			t.Fatal("not within ten seconds")
		}
		time.Sleep(time.Millisecond) // between two looks
	}
}
