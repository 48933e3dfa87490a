// Package storetest is the suite that every eventstore.Store passes. Its cases are the
// sentences of the contract. They may share the log with others. So every case uses new names,
// and filters out or allows for what others write.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"sleutelbos/eventstore"
)

// patience is how long a case may take. It ends before the deadline of go test, so that a store
// that hangs is reported by the sentence that it breaks.
const (
	patience = time.Minute
	toReport = time.Second
)

// Run tests the contract on stores that open returns, a new one for each case. open cleans up
// with t.Cleanup. The options name goroutines of others that come and go, which are no leak of
// the store.
func Run(t *testing.T, open func(t *testing.T) eventstore.Store, strangers ...goleak.Option) {
	for _, group := range []struct {
		name  string
		cases []sentence
	}{
		{"Append", appends}, {"ReadStream", streamReads}, {"ReadAll", allReads}, {"Subscribe", subscriptions},
		{"Head and Behind", heads}, {"Contexts", contexts}, {"Concurrency", races},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, c := range group.cases {
				t.Run(c.says, func(t *testing.T) { c.holds(newScene(t, open(t), strangers)) })
			}
		})
	}
}

// System is a store under test that can write system events, which the port can neither write
// nor show.
type System interface {
	AppendSystem(ctx context.Context, stream string, e eventstore.Event) error
}

// sentence is one promise of the contract.
type sentence struct {
	says  string
	holds func(scene)
}

// scene is a store, with names that no other case uses.
type scene struct {
	*testing.T
	eventstore.Store
	ctx       context.Context
	prefix    string              // of every stream and type of the case
	start     eventstore.Position // the head when the case began: others may have filled the log
	strangers []goleak.Option
}

func newScene(t *testing.T, store eventstore.Store, strangers []goleak.Option) scene {
	ends := time.Now().Add(patience)
	if all, ok := t.Deadline(); ok && all.Add(-toReport).Before(ends) {
		ends = all.Add(-toReport)
	}
	ctx, cancel := context.WithDeadline(t.Context(), ends)
	t.Cleanup(cancel)
	start, err := store.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	prefix := "storetest" + strings.ReplaceAll(uuid.NewString(), "-", "")
	return scene{T: t, Store: store, ctx: ctx, prefix: prefix, start: start, strangers: strangers}
}

// under returns the scene for a subtest.
func (s scene) under(t *testing.T) scene {
	s.T = t
	return s
}

// stream returns the name of a stream of the case.
func (s scene) stream(name string) string { return s.prefix + "-" + name }

// ours returns a filter that keeps the events of the case.
func (s scene) ours() eventstore.Filter { return eventstore.Filter{Streams: []string{s.prefix}} }

// event returns a new event with a payload of its own.
func (s scene) event(name string) eventstore.Event {
	id := uuid.New()
	return eventstore.Event{
		ID:       id,
		Type:     s.prefix + "." + name,
		Data:     fmt.Appendf(nil, `{"id":%q}`, id),
		Metadata: fmt.Appendf(nil, `{"about":%q}`, id),
	}
}

func (s scene) events(n int) []eventstore.Event {
	events := make([]eventstore.Event, n)
	for i := range events {
		events[i] = s.event("happened.v1")
	}
	return events
}

// must appends and returns the receipt.
func (s scene) must(stream string, expected eventstore.Expected, events ...eventstore.Event) eventstore.Receipt {
	s.Helper()
	r, err := s.Append(s.ctx, stream, expected, events...)
	if err != nil {
		s.Fatalf("append to %s: %v", stream, err)
	}
	return r
}

// written appends n new events one by one, and returns them with their positions.
func (s scene) written(stream string, n int) []eventstore.Recorded {
	s.Helper()
	all := make([]eventstore.Recorded, n)
	for i, e := range s.events(n) {
		r := s.must(stream, eventstore.Any, e)
		all[i] = eventstore.Recorded{Event: e, Stream: stream, Revision: r.Revision, Position: r.Position}
	}
	return all
}

// many appends n new events, 250 in an append at most.
func (s scene) many(stream string, n int) []eventstore.Event {
	s.Helper()
	events := s.events(n)
	for chunk := range slices.Chunk(events, 250) {
		s.must(stream, eventstore.Any, chunk...)
	}
	return events
}

// collect returns all of a sequence, which must not end with an error.
func (s scene) collect(seq iter.Seq2[eventstore.Recorded, error]) []eventstore.Recorded {
	s.Helper()
	all := []eventstore.Recorded{}
	for r, err := range seq {
		if err != nil {
			s.Fatalf("the read ended after %d events with: %v", len(all), err)
		}
		all = append(all, r)
	}
	return all
}

// inLog returns what was appended since the case began.
func (s scene) inLog(f eventstore.Filter) []eventstore.Recorded {
	s.Helper()
	return s.collect(s.ReadAll(s.ctx, s.start, eventstore.Forwards, f))
}

// back returns what was appended since the case began, the newest first.
func (s scene) back(beyond eventstore.Position, f eventstore.Filter) []eventstore.Recorded {
	s.Helper()
	all := []eventstore.Recorded{}
	for r, err := range s.ReadAll(s.ctx, beyond, eventstore.Backwards, f) {
		if err != nil {
			s.Fatalf("the read ended after %d events with: %v", len(all), err)
		}
		if !r.Position.After(s.start) {
			break
		}
		all = append(all, r)
	}
	return all
}

// inStream returns the events of a stream from its start.
func (s scene) inStream(stream string) []eventstore.Recorded {
	s.Helper()
	return s.collect(s.ReadStream(s.ctx, stream, 0, eventstore.Forwards))
}

// stored requires that the events read are those written, whatever their times.
func (s scene) stored(got, want []eventstore.Recorded) {
	s.Helper()
	equal(s, got, want, func(a, b eventstore.Recorded) bool {
		return alike(a.Event, b.Event) && a.Stream == b.Stream && a.Revision == b.Revision && a.Position == b.Position
	})
}

// same requires the same events in the same order, wherever they stand.
func (s scene) same(got []eventstore.Recorded, want []eventstore.Event) {
	s.Helper()
	events := make([]eventstore.Event, len(got))
	for i, r := range got {
		events[i] = r.Event
	}
	equal(s, events, want, alike)
}

// alike reports whether two events are the same, with nil like no bytes.
func alike(a, b eventstore.Event) bool {
	return a.ID == b.ID && a.Type == b.Type && a.Binary == b.Binary &&
		bytes.Equal(a.Data, b.Data) && bytes.Equal(a.Metadata, b.Metadata)
}

// equal requires that two lists are equal. It shows the first difference only, because a diff
// of thousands of events takes seconds.
func equal[T any](s scene, got, want []T, alike func(a, b T) bool) {
	s.Helper()
	for i := range min(len(got), len(want)) {
		if !alike(got[i], want[i]) {
			diff := cmp.Diff(want[i], got[i])
			s.Fatalf("event %d of %d (want %d) differs; want (-), got (+):\n%s", i, len(got), len(want), diff[:min(len(diff), 4000)])
		}
	}
	if len(got) != len(want) {
		s.Fatalf("%d events, want %d", len(got), len(want))
	}
}

// conflicts requires a conflict with these details.
func (s scene) conflicts(err error, want eventstore.ConflictError) {
	s.Helper()
	got, ok := errors.AsType[*eventstore.ConflictError](err)
	if !ok {
		s.Fatalf("want a conflict, got: %v", err)
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		s.Fatalf("want (-), got (+):\n%s", diff)
	}
}

func (s scene) fails(err, want error) {
	s.Helper()
	if !errors.Is(err, want) {
		s.Fatalf("want %v, got: %v", want, err)
	}
}

func (s scene) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// reversed returns a reversed copy.
func reversed[T any](all []T) []T {
	all = slices.Clone(all)
	slices.Reverse(all)
	return all
}
