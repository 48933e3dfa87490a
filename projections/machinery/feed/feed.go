// Package feed carries events from the store to Watermill. Subscriber is what projections
// run on: it packs whatever has arrived since the last acknowledgement into one message.
// PubSub is the plain form, one event a message and a stream a topic. Neither keeps a
// checkpoint: whoever handles a message saves how far it came beside its own result.
package feed

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// ErrClosed says that the subscriber or publisher was closed. Compare with errors.Is.
var ErrClosed = errors.New("the feed is closed")

// mostPacked is the greatest number of events in a message; mostWaiting is how many may wait
// while a message is being handled.
const (
	mostPacked  = 1000
	mostWaiting = 4 * mostPacked
)

// firstPause is how long a lost subscription or a refused message waits at first.
const firstPause = 10 * time.Millisecond

// Subscriber is a Watermill subscriber to the whole log. A topic is only a name: each
// subscription gets every event after machinery.StartOf of its context. A message has no
// payload; machinery.BatchOf returns the events in its context. The next message comes when
// the last one was acknowledged. After a Nack the same message comes again, after a pause that
// grows. When the store is lost the subscriber subscribes again by itself. When the
// store comes back as another log, the subscription ends.
//
// All subscriptions that are near the end of the log share one to the store. The messages of one
// that acts on few events (machinery.ActsOn) come a little later while there are none of these.
type Subscriber struct {
	Store  eventstore.Store
	Logger *slog.Logger

	once sync.Once
	hub  *hub
	subscriptions
}

// Subscribe begins after machinery.StartOf(ctx) and ends with the context or Close.
func (s *Subscriber) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	s.once.Do(func() { s.hub = &hub{store: s.Store, log: s.Logger} })
	return s.begin(ctx, source{
		store: s.Store, log: s.Logger.With("topic", topic), most: mostPacked,
		after: machinery.StartOf(ctx), last: machinery.LastOf(ctx), hub: s.hub, acts: machinery.ActsOf(ctx),
		message: func(ctx context.Context, b machinery.Batch) *message.Message {
			id := b.Position.String()
			return message.NewMessageWithContext(machinery.WithBatch(ctx, b), id, nil)
		},
	})
}

// Close ends all subscriptions and waits until their channels are closed. It may be called
// more than once.
func (s *Subscriber) Close() error {
	err := s.subscriptions.Close()
	if s.hub != nil {
		s.hub.running.Wait()
	}
	return err
}

// subscriptions are the running subscriptions, which Close ends.
type subscriptions struct {
	mu      sync.Mutex
	closed  bool
	ends    map[int]context.CancelFunc
	number  int
	running sync.WaitGroup
}

// Close ends all subscriptions and waits until their channels are closed. It may be called
// more than once.
func (s *subscriptions) Close() error {
	s.mu.Lock()
	s.closed = true
	for _, end := range s.ends {
		end()
	}
	s.mu.Unlock()
	s.running.Wait()
	return nil
}

func (s *subscriptions) begin(ctx context.Context, from source) (<-chan *message.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	ctx, end := context.WithCancel(ctx)
	number := s.number
	s.number++
	if s.ends == nil {
		s.ends = map[int]context.CancelFunc{}
	}
	s.ends[number] = end
	out := make(chan *message.Message)
	s.running.Go(func() {
		defer close(out)
		from.run(ctx, out)
		end()
		s.mu.Lock()
		delete(s.ends, number)
		s.mu.Unlock()
	})
	return out, nil
}

var (
	_ message.Subscriber = (*Subscriber)(nil)
	_ message.Subscriber = (*PubSub)(nil)
	_ message.Publisher  = (*PubSub)(nil)
)
