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
	"sleutelbos/internal/pause"
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
type Subscriber struct {
	Store  eventstore.Store
	Logger *slog.Logger

	subscriptions
}

// Subscribe begins after machinery.StartOf(ctx) and ends with the context or Close.
func (s *Subscriber) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	after, last := machinery.StartOf(ctx), machinery.LastOf(ctx)
	return s.begin(ctx, source{
		store: s.Store, log: s.Logger.With("topic", topic), after: after, last: last, most: mostPacked,
		message: func(ctx context.Context, b machinery.Batch) *message.Message {
			id := b.Position.String()
			return message.NewMessageWithContext(machinery.WithBatch(ctx, b), id, nil)
		},
	})
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

// source is one subscription. Its receiver fills a buffer, from which run makes messages.
type source struct {
	store   eventstore.Store
	log     *slog.Logger
	filter  eventstore.Filter
	keep    func(eventstore.Recorded) bool // nil keeps all
	after   eventstore.Position
	last    machinery.Mark // the last event before after, if it is known
	most    int            // events in one message
	events  bool           // only batches with events become messages
	message func(context.Context, machinery.Batch) *message.Message
}

func (s source) run(ctx context.Context, out chan<- *message.Message) {
	b := newBuffer(s.after)
	b.last = s.last
	var receiving sync.WaitGroup
	receiving.Go(func() { s.receive(ctx, b) })
	defer receiving.Wait()
	for {
		batch, ok := b.take(ctx, s.most)
		if !ok {
			return
		}
		if s.events && len(batch.Events) == 0 {
			continue
		}
		if !s.deliver(ctx, batch, out) {
			return
		}
	}
}

// receive fills the buffer until the context ends, subscribing again when the store is lost.
func (s source) receive(ctx context.Context, b *buffer) {
	again := pause.Between(firstPause, time.Second)
	for first := true; ctx.Err() == nil; first = false {
		if !first && !s.sameLog(ctx, b, again) {
			return
		}
		for d, err := range s.store.Subscribe(ctx, b.reached(), s.filter) {
			if err != nil {
				if ctx.Err() == nil {
					s.log.Warn("subscription lost, subscribing again", "error", err)
				}
				break
			}
			again.Reset()
			if d.IsEvent && s.keep != nil && !s.keep(d.Event) {
				d = eventstore.Delivery{Position: d.Position}
			}
			if !b.put(ctx, d) {
				return
			}
		}
		b.lost()
		again.Wait(ctx)
	}
}

// sameLog looks, before a lost subscription is taken up again, whether the last event still stands
// where it stood. If not, the log is another one, or was put back to an earlier state while nobody
// looked. Then no position of it means anything here, and the subscription ends.
func (s source) sameLog(ctx context.Context, b *buffer, again *pause.Growing) bool {
	for ctx.Err() == nil {
		err := b.newest().Stands(ctx, s.store)
		if err == nil {
			return true
		}
		if _, ok := errors.AsType[*machinery.StrangerError](err); ok {
			s.log.Warn("the subscription can't go on", "error", err)
			b.end()
			return false
		}
		again.Wait(ctx)
	}
	return false
}

// deliver sends a batch until it is acknowledged. It returns false if the context ended first.
func (s source) deliver(ctx context.Context, batch machinery.Batch, out chan<- *message.Message) bool {
	again := pause.Between(firstPause, 5*time.Second)
	for {
		of, end := context.WithCancel(ctx)
		m := s.message(of, batch)
		select {
		case out <- m:
		case <-ctx.Done():
			end()
			return false
		}
		select {
		case <-m.Acked():
			end()
			return true
		case <-m.Nacked():
			end()
			if !again.Wait(ctx) {
				return false
			}
		case <-ctx.Done():
			end()
			return false
		}
	}
}

var (
	_ message.Subscriber = (*Subscriber)(nil)
	_ message.Subscriber = (*PubSub)(nil)
	_ message.Publisher  = (*PubSub)(nil)
)
