package machinery

import (
	"context"

	"sleutelbos/eventstore"
)

// Batch is a run of events that one message of the subscriber carries to a projection. It
// travels in the message's context; the payload is empty.
type Batch struct {
	Events   []eventstore.Recorded
	Position eventstore.Position // all events up to here are in this batch or an earlier one, or were filtered out
	CaughtUp bool                // these were the newest events when it was packed
}

type batchKey struct{}

// WithBatch puts a batch into a message's context.
func WithBatch(ctx context.Context, b Batch) context.Context {
	return context.WithValue(ctx, batchKey{}, b)
}

// BatchOf returns the batch in a message's context. It returns false if there is none.
func BatchOf(ctx context.Context) (Batch, bool) {
	b, ok := ctx.Value(batchKey{}).(Batch)
	return b, ok
}

type startKey struct{}

// WithStart tells the subscriber after which position to begin.
func WithStart(ctx context.Context, after eventstore.Position) context.Context {
	return context.WithValue(ctx, startKey{}, after)
}

type actsKey struct{}

// ActsOn tells the subscriber on which events the projection acts. What comes beside them may wait
// a little: it only moves a checkpoint on. Without it, everything comes at once.
func ActsOn(ctx context.Context, acts func(eventstore.Recorded) bool) context.Context {
	return context.WithValue(ctx, actsKey{}, acts)
}

// ActsOf returns what ActsOn told; nil if nothing was told.
func ActsOf(ctx context.Context) func(eventstore.Recorded) bool {
	acts, _ := ctx.Value(actsKey{}).(func(eventstore.Recorded) bool)
	return acts
}

type lastKey struct{}

// WithLast tells the subscriber which event is the last before that position.
func WithLast(ctx context.Context, last Mark) context.Context {
	return context.WithValue(ctx, lastKey{}, last)
}

// LastOf returns the last event before the position at which to begin. The subscriber looks for
// it each time that it subscribes again: when it is not there, the log is another one, and the
// subscription ends.
func LastOf(ctx context.Context) Mark {
	last, _ := ctx.Value(lastKey{}).(Mark)
	return last
}

// StartOf returns the position after which to begin; 0 is the beginning of the log.
func StartOf(ctx context.Context) eventstore.Position {
	after, _ := ctx.Value(startKey{}).(eventstore.Position)
	return after
}
