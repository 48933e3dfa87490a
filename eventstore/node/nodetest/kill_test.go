package nodetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// The sizes of the kill tests.
const (
	killRounds  = 200
	fullRounds  = 20
	killWriters = 12
	killSeed    = 20260315
	sharedName  = "shared-1"
)

// acknowledged is what a writer was told of one event.
type acknowledged struct {
	stream   string
	revision int64
	position eventstore.Position
}

// books are what the writers wrote down, outside of the process that they wrote to.
type books struct {
	t        judge
	late     <-chan struct{} // closed when no response is waited for any longer
	mu       sync.Mutex
	acks     map[uuid.UUID]acknowledged
	unknown  map[uuid.UUID]bool // sent, and nobody heard what became of them
	repeated atomic.Int64       // appends sent again, because there was no response
	news     chan struct{}
}

// judge is what books need of a test.
type judge interface {
	Helper()
	Errorf(format string, args ...any)
}

// written is a log that is appended to.
type written interface {
	append(ctx context.Context, stream string, expected eventstore.Expected, ids []uuid.UUID) (eventstore.Receipt, error)
}

func newBooks(t judge, late <-chan struct{}) *books {
	return &books{t: t, late: late, acks: map[uuid.UUID]acknowledged{}, unknown: map[uuid.UUID]bool{}, news: make(chan struct{}, 1)}
}

// write appends until the context ends: to a stream of its own, whose revision it knows, and
// to the stream that all writers share, at any revision. It sends an append to which it gets
// no response again, with the same ids, until it gets one. It ends after a refusal, or when it is
// too late, since it does not know then where its stream ends.
func (b *books) write(ctx context.Context, n int, to written) {
	random := rand.New(rand.NewPCG(killSeed, uint64(n)))
	own := fmt.Sprintf("own-%d", n)
	last := eventstore.NoStream
	for ctx.Err() == nil {
		stream, expected := own, last
		if random.IntN(3) == 0 {
			stream, expected = sharedName, eventstore.Any
		}
		ids := newIDs(random)
		receipt, ok := b.insist(to, stream, expected, ids)
		if !ok {
			return
		}
		if stream == own {
			if want := int64(last) + int64(len(ids)); receipt.Revision != want {
				b.t.Errorf("%s is at revision %d, after %d events behind %d", own, receipt.Revision, len(ids), last)
			}
			last = eventstore.Expected(receipt.Revision)
		}
		b.note(receipt, ids)
	}
}

// insist returns the receipt of an append, and false if there is none: no outcome is made up for one
// that is unknown.
func (b *books) insist(to written, stream string, expected eventstore.Expected, ids []uuid.UUID) (eventstore.Receipt, bool) {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		receipt, err := to.append(ctx, stream, expected, ids)
		cancel()
		if err == nil {
			return receipt, true
		}
		if _, ok := errors.AsType[*eventstore.ConflictError](err); ok {
			b.t.Errorf("append to %s at %d: %v", stream, expected, err)
			return eventstore.Receipt{}, false
		}
		b.repeated.Add(1)
		select {
		case b.news <- struct{}{}: // for whoever waits for a disk that is full
		default:
		}
		select {
		case <-b.late:
			b.t.Errorf("append to %s at %d: there was no response in time: %v", stream, expected, err)
			b.forget(ids)
			return eventstore.Receipt{}, false
		case <-time.After(2 * time.Millisecond): // the next process has yet to start
		}
	}
}

// forget notes that nobody knows whether events are stored.
func (b *books) forget(ids []uuid.UUID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range ids {
		b.unknown[id] = true
	}
}

func (b *books) note(r eventstore.Receipt, ids []uuid.UUID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, id := range ids {
		before := int64(len(ids) - 1 - i)
		b.acks[id] = acknowledged{r.Stream, r.Revision - before, eventstore.AtCommit(r.Position.Commit() - uint64(before))}
	}
}

func (b *books) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.acks)
}

// check compares the log with the books: each event acknowledged stands where it was said
// to stand, once, and there are no others. A position or revision used again would have
// been acknowledged to two, or show here as a gap.
func (b *books) check(log []eventstore.Recorded) {
	b.t.Helper()
	next := map[string]int64{}
	stored := map[uuid.UUID]acknowledged{}
	for i, e := range log {
		if e.Position != eventstore.AtCommit(uint64(i+1)) || e.Revision != next[e.Stream] {
			b.t.Errorf("%s revision %d at %s: expected revision %d at %d", e.Stream, e.Revision, e.Position, next[e.Stream], i+1)
		}
		next[e.Stream] = e.Revision + 1
		if _, twice := stored[e.ID]; twice {
			b.t.Errorf("the event %s stands there twice", e.ID)
		}
		if want := `"` + e.ID.String() + `"`; string(e.Data) != want || e.Type != "tested" {
			b.t.Errorf("position %s holds %s of type %s", e.Position, e.Data, e.Type)
		}
		stored[e.ID] = acknowledged{e.Stream, e.Revision, e.Position}
	}
	for id, said := range b.acks {
		if is := stored[id]; is != said {
			b.t.Errorf("%s was acknowledged as %+v and is %+v", id, said, is)
		}
	}
	for id := range b.unknown {
		delete(stored, id) // it may be there or not
	}
	if len(stored) != len(b.acks) {
		b.t.Errorf("%d events are stored, %d were acknowledged", len(stored), len(b.acks))
	}
}

// seen is an event as a subscriber got it.
type seen struct {
	position eventstore.Position
	id       uuid.UUID
}

// subscriber follows, and goes on where it was whenever the process dies.
type subscriber struct {
	name  string
	open  func(context.Context, *subscriber) (*client.Subscription, error)
	keeps func(eventstore.Recorded) bool
	last  *client.ResolvedEvent

	mu    sync.Mutex
	got   []seen
	lost  int
	ended chan struct{}
}

// follow runs until the context ends.
func (s *subscriber) follow(ctx context.Context) {
	s.ended = make(chan struct{})
	go func() {
		defer close(s.ended)
		for ctx.Err() == nil {
			s.once(ctx)
			<-time.After(2 * time.Millisecond) // the next process has yet to start
		}
	}()
}

func (s *subscriber) once(ctx context.Context) {
	sub, err := within(ctx, func() (*client.Subscription, error) { return s.open(ctx, s) })
	if err != nil {
		return
	}
	for {
		e := sub.Recv()
		switch {
		case e.SubscriptionDropped != nil:
			s.mu.Lock()
			s.lost++
			s.mu.Unlock()
			return
		case e.EventAppeared != nil:
			s.mu.Lock()
			s.last = e.EventAppeared
			s.got = append(s.got, seen{eventstore.AtCommit(s.last.Event.Position.Commit), s.last.Event.EventID})
			s.mu.Unlock()
		}
	}
}

func (s *subscriber) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.got)
}

// from is where a subscription to the whole log goes on.
func (s *subscriber) from() client.AllPosition {
	if s.last == nil {
		return client.Start{}
	}
	return s.last.Event.Position
}

func subscribers(t *testing.T, socket string) []*subscriber {
	all := connect(t, socket).client
	filtered := connect(t, socket).client
	stream := connect(t, socket).client
	return []*subscriber{
		{
			name: "of all", keeps: func(eventstore.Recorded) bool { return true },
			open: func(ctx context.Context, s *subscriber) (*client.Subscription, error) {
				return all.SubscribeToAll(ctx, client.SubscribeToAllOptions{From: s.from()})
			},
		},
		{
			name: "of some", keeps: func(e eventstore.Recorded) bool { return strings.HasPrefix(e.Stream, "own-1") },
			open: func(ctx context.Context, s *subscriber) (*client.Subscription, error) {
				return filtered.SubscribeToAll(ctx, client.SubscribeToAllOptions{
					From: s.from(), Filter: &client.SubscriptionFilter{Type: client.StreamFilterType, Prefixes: []string{"own-1"}},
				})
			},
		},
		{
			name: "of a stream", keeps: func(e eventstore.Recorded) bool { return e.Stream == sharedName },
			open: func(ctx context.Context, s *subscriber) (*client.Subscription, error) {
				o := client.SubscribeToStreamOptions{From: client.Start{}}
				if s.last != nil {
					o.From = client.Revision(s.last.Event.EventNumber)
				}
				return stream.SubscribeToStream(ctx, sharedName, o)
			},
		},
	}
}

// check waits until the subscriber has everything, and compares.
func (s *subscriber) check(t *testing.T, log []eventstore.Recorded) {
	t.Helper()
	var want []seen
	for _, e := range log {
		if s.keeps(e) {
			want = append(want, seen{e.Position, e.ID})
		}
	}
	for i := range min(len(want), len(s.got)) {
		if want[i] != s.got[i] {
			t.Fatalf("the subscriber %s got as number %d %v, not %v", s.name, i, s.got[i], want[i])
		}
	}
	if len(want) != len(s.got) {
		t.Errorf("the subscriber %s got %d events of %d", s.name, len(s.got), len(want))
	}
}

// lateFor returns what ends in time for a test to say what it waits for, before go test ends it.
func lateFor(t *testing.T) <-chan struct{} {
	end, ok := t.Deadline()
	if !ok {
		return nil
	}
	late, cancel := context.WithDeadline(context.Background(), end.Add(-time.Minute))
	t.Cleanup(cancel)
	return late.Done()
}

// siege runs writers and subscribers, has the process killed so many times, and judges.
func siege(t *testing.T, rounds int, round func(dir, socket string, random *rand.Rand, b *books)) {
	t.Helper()
	dir, socket := t.TempDir(), socketPath(t)
	b, random := newBooks(t, lateFor(t)), rand.New(rand.NewPCG(killSeed, 1000))
	writing, stopWriting := context.WithCancel(context.Background())
	following, stopFollowing := context.WithCancel(context.Background())
	defer stopFollowing()
	var writers sync.WaitGroup
	for n := range killWriters {
		to := connect(t, socket)
		writers.Go(func() { b.write(writing, n, to) })
	}
	followers := subscribers(t, socket)
	for _, s := range followers {
		s.follow(following)
	}
	for range rounds {
		round(dir, socket, random, b)
	}
	last := spawn(t, dir, socket, 0)
	stopWriting()
	writers.Wait()
	b.mu.Lock()
	total, shared := len(b.acks), 0
	for _, a := range b.acks {
		if a.stream == sharedName {
			shared++
		}
	}
	b.mu.Unlock()
	eventually(t, "the subscribers have everything", func() bool {
		return followers[0].count() >= total && followers[2].count() >= shared
	})
	log := readBeside(t, dir)
	own := 0
	for _, e := range log {
		if followers[1].keeps(e) {
			own++
		}
	}
	eventually(t, "the filtered subscriber has everything", func() bool { return followers[1].count() >= own })
	stopFollowing()
	last.killed(t)
	for _, s := range followers {
		<-s.ended
	}
	log = whole(t, dir)
	b.check(log)
	lost := 0
	for _, s := range followers {
		s.check(t, log)
		lost += s.lost
	}
	t.Logf("%d events acknowledged over %d kills, %d appends sent again, %d subscriptions lost", total, rounds, b.repeated.Load(), lost)
	if total < 2*rounds || int(b.repeated.Load()) < rounds || lost < rounds/2 {
		t.Error("that is too little to prove anything")
	}
}

// TestKilled kills the process 200 times: while it starts, and amid the appends.
func TestKilled(t *testing.T) {
	t.Parallel()
	siege(t, killRounds, func(dir, socket string, random *rand.Rand, b *books) {
		before := b.count()
		c := spawn(t, dir, socket, 0)
		if random.IntN(5) > 0 {
			c.serving(t)
			eventually(t, "it acknowledges", func() bool { return b.count() > before })
		}
		<-time.After(time.Duration(random.IntN(80)) * time.Millisecond) // the writers go on
		c.killed(t)
	})
}

// TestKilledOnAFullDisk lets the files grow a little in each round, until appends fail, and
// kills the process then.
func TestKilledOnAFullDisk(t *testing.T) {
	t.Parallel()
	siege(t, fullRounds, func(dir, socket string, random *rand.Rand, b *books) {
		c := spawn(t, dir, socket, 50_000+random.IntN(200_000))
		c.serving(t)
		for before := b.repeated.Load(); b.repeated.Load() < before+3*killWriters; { // beyond what the start cost
			<-b.news
		}
		<-time.After(time.Duration(random.IntN(60)) * time.Millisecond) // the writers try on
		c.killed(t)
	})
}

// verdict notes what books find.
type verdict struct{ said []string }

func (*verdict) Helper() {}
func (v *verdict) Errorf(format string, args ...any) {
	v.said = append(v.said, fmt.Sprintf(format, args...))
}

// silent is a log that stores what it gets and gives no response.
type silent struct {
	log  []eventstore.Recorded
	late chan struct{}
}

func (s *silent) append(_ context.Context, stream string, _ eventstore.Expected, ids []uuid.UUID) (eventstore.Receipt, error) {
	if len(s.log) == 0 {
		for i, id := range ids {
			s.log = append(s.log, eventstore.Recorded{
				Event:  eventstore.Event{ID: id, Type: "tested", Data: []byte(`"` + id.String() + `"`)},
				Stream: stream, Revision: int64(i), Position: eventstore.AtCommit(uint64(i + 1)),
			})
		}
		close(s.late)
	}
	return eventstore.Receipt{}, context.DeadlineExceeded
}

// TestF66_AnUnknownOutcomeIsNoAcknowledgement: a writer that hears nothing on a loaded machine says so
// once, and books nothing. It took revision 0 for acknowledged, and then found the event lost.
func TestF66_AnUnknownOutcomeIsNoAcknowledgement(t *testing.T) {
	var v verdict
	to := &silent{late: make(chan struct{})}
	b := newBooks(&v, to.late)
	b.write(t.Context(), 1, to)
	if b.count() != 0 || len(v.said) != 1 || !strings.Contains(v.said[0], "there was no response in time") {
		t.Errorf("%d acknowledged, and it said %q", b.count(), v.said)
	}
	b.check(to.log) // what was stored unheard is no fault of the log
	if len(v.said) != 1 {
		t.Errorf("of the log it said %q", v.said[1:])
	}
}
