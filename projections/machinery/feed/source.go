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

// source is one subscription. It takes from the hub while that has what comes next, and otherwise
// reads the log by itself.
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

	hub  *hub                           // nil for a subscription that is always by itself
	acts func(eventstore.Recorded) bool // see machinery.ActsOn
}

func (s source) run(ctx context.Context, out chan<- *message.Message) {
	if s.hub == nil {
		s.alone(ctx, out, func() bool { return false })
		return
	}
	m := s.hub.enter(s.acts)
	defer s.hub.leave(m)
	for {
		near := s.hub.near(ctx, m, s.after)
		select {
		case <-m.of.over:
			return
		case <-ctx.Done():
			return
		default:
		}
		// The hub may have begun on another log than the one on which this subscription came so far.
		if near && (!s.sameLog(ctx, s.last) || !s.together(ctx, m, out)) {
			return
		}
		if !near && !s.alone(ctx, out, func() bool { return s.hub.near(ctx, m, s.after) }) {
			return
		}
	}
}

// together delivers what the hub has, until the hub no longer has what comes next. It returns
// false if the subscription ended.
func (s *source) together(ctx context.Context, m *member, out chan<- *message.Message) bool {
	for {
		batch, ok := s.hub.take(ctx, m, s.after, s.most)
		if !ok {
			return true // run finds out why
		}
		if !s.deliver(ctx, batch, out) {
			return false
		}
	}
}

// alone delivers what its own subscription to the store brings, until there is enough. It returns
// false if the subscription ended. A receiver fills a buffer, from which it makes messages.
func (s *source) alone(ctx context.Context, out chan<- *message.Message, enough func() bool) bool {
	ctx, end := context.WithCancel(ctx)
	b := newBuffer(s.after)
	b.last = s.last
	var receiving sync.WaitGroup
	receiving.Go(func() { s.receive(ctx, b) })
	defer receiving.Wait()
	defer end()
	for {
		batch, ok := b.take(ctx, s.most)
		if !ok {
			return false
		}
		if s.events && len(batch.Events) == 0 {
			continue
		}
		if !s.deliver(ctx, batch, out) {
			return false
		}
		if enough() {
			return true
		}
	}
}

// receive fills the buffer until the context ends, subscribing again when the store is lost.
func (s *source) receive(ctx context.Context, b *buffer) {
	again := pause.Between(firstPause, time.Second)
	for first := true; ctx.Err() == nil; first = false {
		if !first && !s.sameLog(ctx, b.newest()) {
			b.end()
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
func (s *source) sameLog(ctx context.Context, last machinery.Mark) bool {
	for again := pause.Between(firstPause, time.Second); ctx.Err() == nil; again.Wait(ctx) {
		err := last.Stands(ctx, s.store)
		if err == nil {
			return true
		}
		if _, ok := errors.AsType[*machinery.StrangerError](err); ok {
			s.log.Warn("the subscription can't go on", "error", err)
			return false
		}
	}
	return false
}

// deliver sends a batch until it is acknowledged. It returns false if the context ended first.
func (s *source) deliver(ctx context.Context, batch machinery.Batch, out chan<- *message.Message) bool {
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
			s.came(batch)
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

// came notes how far the subscription has come.
func (s *source) came(batch machinery.Batch) {
	s.after = batch.Position
	if n := len(batch.Events); n > 0 {
		s.last = machinery.MarkOf(batch.Events[n-1])
	}
}
