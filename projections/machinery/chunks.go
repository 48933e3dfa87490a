package machinery

import (
	"context"
	"iter"
	"runtime"
	"slices"

	"sleutelbos/eventstore"
	"sleutelbos/internal/turns"
)

// chunk is a run of events that one goroutine decodes.
type chunk struct {
	events []eventstore.Recorded
	taken  []taken
	last   Mark
	count  int64
	err    error
	ready  chan struct{}
}

// A chunk ends at so many events, or at the event with which it has so many bytes. A few chunks are
// read ahead, so this bounds the memory of a rebuild whatever the events hold.
const (
	chunkSize  = 1024
	chunkBytes = 1 << 20
)

// readChunks yields the events after the builder's position up to until, in order. They are
// decoded ahead of the folding, on every processor. An error ends the sequence; of the chunk
// with an event that cannot be read nothing is yielded.
func readChunks(ctx context.Context, b *builder, until eventstore.Position) iter.Seq2[*chunk, error] {
	return func(yield func(*chunk, error) bool) {
		ctx, end := context.WithCancel(ctx)
		ahead := make(chan *chunk, runtime.GOMAXPROCS(0))
		defer func() { // wait for the reader, which has a read of the store open
			end()
			for range ahead {
			}
		}()
		go func() {
			defer close(ahead)
			read(ctx, b.runner.Store, b.at, until, func(c *chunk) bool {
				c.ready = make(chan struct{})
				go func() {
					defer close(c.ready)
					c.decode(ctx, b)
				}()
				select {
				case ahead <- c:
					return true
				case <-ctx.Done():
					return false
				}
			})
		}()
		for c := range ahead {
			<-c.ready
			if !yield(c, c.err) || c.err != nil {
				return
			}
		}
		if ctx.Err() != nil { // without this an interrupted read would look like the end of the log
			yield(nil, context.Cause(ctx))
		}
	}
}

// read cuts the log into chunks and sends them. An error of the store is the last chunk.
func read(ctx context.Context, store eventstore.Store, after, until eventstore.Position, send func(*chunk) bool) {
	if !after.Before(until) {
		return
	}
	c, size := &chunk{}, 0
	for rec, err := range store.ReadAll(ctx, after, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			send(&chunk{err: err})
			return
		}
		if rec.Position.After(until) {
			break
		}
		c.events = append(c.events, rec)
		size += len(rec.Data) + len(rec.Metadata)
		if n := len(c.events); n == chunkSize || size >= chunkBytes {
			if !send(c) {
				return
			}
			c, size = &chunk{events: make([]eventstore.Recorded, 0, n)}, 0 // the chunk that was sent is the decoder's
		}
	}
	if len(c.events) > 0 {
		send(c)
	}
}

func (c *chunk) decode(ctx context.Context, b *builder) {
	if c.err != nil {
		return
	}
	c.count = int64(len(c.events))
	c.last = MarkOf(c.events[len(c.events)-1])
	c.taken = make([]taken, 0, len(c.events))
	for piece := range slices.Chunk(c.events, atATurn) {
		if c.err = turns.Do(ctx, func(ctx context.Context) error { return c.take(ctx, b, piece) }); c.err != nil {
			return
		}
	}
	c.events = nil
}

// atATurn is how many events are decoded at a turn; that takes a millisecond or so.
const atATurn = 64

func (c *chunk) take(ctx context.Context, b *builder, events []eventstore.Recorded) error {
	for _, rec := range events {
		event, ok, err := b.intake.take(ctx, b.decoder, rec)
		if err != nil {
			return err
		}
		if ok {
			c.taken = append(c.taken, event)
		}
	}
	return nil
}
