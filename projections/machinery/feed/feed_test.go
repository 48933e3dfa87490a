package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/tests"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/esdb"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/door"
	"sleutelbos/projections/machinery"
)

func TestMain(m *testing.M) {
	// Watermill's suite leaves goroutines of its own behind.
	const theirs = "github.com/ThreeDotsLabs/watermill/internal/subscriber.(*multiplier).Subscribe.func"
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction(theirs+"2"), goleak.IgnoreAnyFunction(theirs+"3"))
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// TestPubSub runs the tests of Watermill's own suite that apply, on both drivers: there are
// no consumer groups, and what a server's absence does is tested where the drivers are.
func TestPubSub(t *testing.T) {
	t.Run("node", func(t *testing.T) { testPubSub(t, openLog(t).Store()) })
	t.Run("esdb", func(t *testing.T) { testPubSub(t, openDoor(t)) })
}

func testPubSub(t *testing.T, store eventstore.Store) {
	open := func(t *testing.T) (message.Publisher, message.Subscriber) {
		publisher, subscriber := &PubSub{Store: store, Logger: quiet}, &PubSub{Store: store, Logger: quiet}
		t.Cleanup(func() { _ = subscriber.Close() }) // it is always nil; some of the tests leave it open
		return publisher, subscriber
	}
	features := tests.Features{
		GuaranteedOrder: true, GuaranteedOrderWithSingleSubscriber: true, Persistent: true,
		NewSubscriberReceivesOldMessages: true, ForceShort: true,
		GenerateTopicFunc: func(c tests.TestContext) string { return "topic-" + c.TestID.String() },
	}
	for name, run := range map[string]func(*testing.T, tests.TestContext, tests.PubSubConstructor){
		"PublishSubscribe":                  tests.TestPublishSubscribe,
		"ConcurrentSubscribe":               tests.TestConcurrentSubscribe,
		"ConcurrentSubscribeMultipleTopics": tests.TestConcurrentSubscribeMultipleTopics,
		"ResendOnError":                     tests.TestResendOnError,
		"NoAck":                             tests.TestNoAck,
		"ContinueAfterSubscribeClose":       tests.TestContinueAfterSubscribeClose,
		"ConcurrentClose":                   tests.TestConcurrentClose,
		"ContinueAfterErrors":               tests.TestContinueAfterErrors,
		"PublishSubscribeInOrder":           tests.TestPublishSubscribeInOrder,
		"PublisherClose":                    tests.TestPublisherClose,
		"Topic":                             tests.TestTopic,
		"MessageCtx":                        tests.TestMessageCtx,
		"SubscribeCtx":                      tests.TestSubscribeCtx,
		"NewSubscriberReceivesOldMessages":  tests.TestNewSubscriberReceivesOldMessages,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, tests.TestContext{TestID: tests.NewTestID(), Features: features}, open)
		})
	}
}

func openLog(t *testing.T) *node.Log {
	t.Helper()
	log, err := node.Open(context.Background(), node.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	return log
}

// openDoor returns a log as the official client sees it.
func openDoor(t *testing.T) eventstore.Store {
	t.Helper()
	listener, err := door.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d, err := door.New(context.Background(), openLog(t), door.Options{Listen: listener, Open: true})
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- d.Serve(context.Background()) }()
	t.Cleanup(func() {
		d.Stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	store, err := esdb.Open("esdb://"+listener.Addr().String()+"?tls=false", esdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func appendTo(t *testing.T, store eventstore.Store, from, n int) {
	t.Helper()
	for n > 0 {
		events := make([]eventstore.Event, min(n, 500))
		for i := range events {
			events[i] = eventstore.Event{ID: uuid.New(), Type: "note.noted.v1", Data: fmt.Append(nil, from+i), Metadata: []byte("{}")}
		}
		if _, err := store.Append(t.Context(), "note-1", eventstore.Any, events...); err != nil {
			t.Fatal(err)
		}
		from, n = from+len(events), n-len(events)
	}
}

func receive(t *testing.T, from <-chan *message.Message) (*message.Message, machinery.Batch) {
	t.Helper()
	select {
	case m, ok := <-from:
		if !ok {
			t.Fatal("the channel is closed")
		}
		b, ok := machinery.BatchOf(m.Context())
		if !ok {
			t.Fatal("the message carries no batch")
		}
		return m, b
	case <-time.After(time.Minute):
		t.Fatal("no message within ten seconds")
	}
	return nil, machinery.Batch{}
}

// collect acknowledges until so many events have come.
func collect(t *testing.T, from <-chan *message.Message, n int) (numbers []string) {
	t.Helper()
	for len(numbers) < n {
		m, b := receive(t, from)
		for _, e := range b.Events {
			numbers = append(numbers, string(e.Data))
		}
		m.Ack()
	}
	return numbers
}

func numbers(from, to int) (all []string) {
	for n := from; n < to; n++ {
		all = append(all, fmt.Sprint(n))
	}
	return all
}

func equal[T any](t *testing.T, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal("want -, got +:\n" + diff)
	}
}

func TestPacksWhatHasArrived(t *testing.T) {
	store := openLog(t).Store()
	s := &Subscriber{Store: store, Logger: quiet}
	defer s.Close()
	messages, err := s.Subscribe(machinery.WithStart(t.Context(), eventstore.Position{}), "list")
	if err != nil {
		t.Fatal(err)
	}
	m, b := receive(t, messages)
	equal(t, true, b.CaughtUp && len(b.Events) == 0) // an empty log is news too
	m.Ack()
	appendTo(t, store, 0, 1)
	first, b := receive(t, messages)
	equal(t, eventstore.AtCommit(1), b.Position)
	appendTo(t, store, 1, 5)
	equal(t, 0, len(messages)) // nothing comes before the first is acknowledged
	first.Ack()
	equal(t, numbers(1, 6), collect(t, messages, 5))
}

func TestBeginsWhereItIsTold(t *testing.T) {
	store := openLog(t).Store()
	appendTo(t, store, 0, 2500)
	s := &Subscriber{Store: store, Logger: quiet}
	defer s.Close()
	messages, err := s.Subscribe(machinery.WithStart(t.Context(), eventstore.AtCommit(100)), "list")
	if err != nil {
		t.Fatal(err)
	}
	m, b := receive(t, messages)
	if len(b.Events) > mostPacked || b.Events[0].Position != eventstore.AtCommit(101) {
		t.Fatalf("%d events from %s", len(b.Events), b.Events[0].Position)
	}
	m.Ack()
	equal(t, numbers(100+len(b.Events), 2500), collect(t, messages, 2400-len(b.Events)))
}

func TestNackBringsTheSameAgain(t *testing.T) {
	store := openLog(t).Store()
	appendTo(t, store, 0, 1)
	s := &Subscriber{Store: store, Logger: quiet}
	defer s.Close()
	messages, err := s.Subscribe(t.Context(), "list")
	if err != nil {
		t.Fatal(err)
	}
	first, b := receive(t, messages)
	ctx := first.Context()
	appendTo(t, store, 1, 1)
	first.Nack()
	second, again := receive(t, messages)
	equal(t, b, again)
	equal(t, true, ctx.Err() != nil) // that of the first is over
	equal(t, nil, second.Context().Err())
	second.Ack()
	equal(t, numbers(1, 2), collect(t, messages, 1))
}

func TestCloseEndsWhateverItWaitsFor(t *testing.T) {
	store := openLog(t).Store()
	appendTo(t, store, 0, 1)
	s := &Subscriber{Store: store, Logger: quiet}
	unread, err := s.Subscribe(t.Context(), "unread")
	if err != nil {
		t.Fatal(err)
	}
	unacknowledged, err := s.Subscribe(t.Context(), "unacknowledged")
	if err != nil {
		t.Fatal(err)
	}
	receive(t, unacknowledged)
	ctx, cancel := context.WithCancel(t.Context())
	canceled, err := s.Subscribe(ctx, "canceled")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for range canceled {
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for range unacknowledged {
	}
	for range unread {
	}
	if _, err := s.Subscribe(t.Context(), "late"); !errors.Is(err, ErrClosed) {
		t.Fatal("want ErrClosed, got", err)
	}
}

// breaking loses each subscription after some deliveries.
type breaking struct {
	eventstore.Store
	lost atomic.Int64
}

func (s *breaking) Subscribe(ctx context.Context, after eventstore.Position, f eventstore.Filter) iter.Seq2[eventstore.Delivery, error] {
	return func(yield func(eventstore.Delivery, error) bool) {
		n := 0
		for d, err := range s.Store.Subscribe(ctx, after, f) {
			if n++; n > 7 {
				s.lost.Add(1)
				yield(eventstore.Delivery{}, eventstore.ErrUnavailable)
				return
			}
			if !yield(d, err) {
				return
			}
		}
	}
}

func TestSubscribesAgainWhenTheStoreIsLost(t *testing.T) {
	store := &breaking{Store: openLog(t).Store()}
	appendTo(t, store, 0, 30)
	s := &Subscriber{Store: store, Logger: quiet}
	defer s.Close()
	messages, err := s.Subscribe(t.Context(), "list")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, numbers(0, 30), collect(t, messages, 30))
	appendTo(t, store, 30, 20)
	equal(t, numbers(30, 50), collect(t, messages, 20))
	if store.lost.Load() < 5 {
		t.Fatal("the store was not lost:", store.lost.Load())
	}
}

// TestWaitsWhenItIsFull keeps the memory bounded while a handler is slow.
func TestWaitsWhenItIsFull(t *testing.T) {
	b := newBuffer(eventstore.Position{})
	ctx, cancel := context.WithCancel(t.Context())
	filled := make(chan int)
	go func() {
		n := 0
		for b.put(ctx, eventstore.Delivery{IsEvent: true, Position: eventstore.AtCommit(uint64(n + 1)), Event: eventstore.Recorded{Position: eventstore.AtCommit(uint64(n + 1))}}) {
			n++
		}
		filled <- n
	}()
	taken := 0
	for range 20 {
		batch, ok := b.take(ctx, mostPacked)
		equal(t, true, ok)
		taken += len(batch.Events)
	}
	cancel()
	if most := taken + mostWaiting; <-filled > most {
		t.Fatal("it took in more than fits")
	}
	if _, ok := newBuffer(eventstore.Position{}).take(ctx, 1); ok {
		t.Fatal("a canceled take is the end")
	}
}
