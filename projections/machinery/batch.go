package machinery

import (
	"context"

	"sleutelbos/eventstore"
)

// Batch is what one message of the subscriber carries to a projection, in its context:
// the payload is empty.
type Batch struct {
	Events   []eventstore.Recorded
	Position eventstore.Position // up to which everything was considered
	CaughtUp bool                // these were the newest events when it was packed
}

type batchKey struct{}

// WithBatch puts a batch into a message's context.
func WithBatch(ctx context.Context, b Batch) context.Context {
	return context.WithValue(ctx, batchKey{}, b)
}

// BatchOf takes the batch out of a message's context; false if there is none.
func BatchOf(ctx context.Context) (Batch, bool) {
	b, ok := ctx.Value(batchKey{}).(Batch)
	return b, ok
}

type startKey struct{}

// WithStart tells the subscriber after which position to begin.
func WithStart(ctx context.Context, after eventstore.Position) context.Context {
	return context.WithValue(ctx, startKey{}, after)
}

// StartOf answers after which position to begin; 0 is the beginning of the log.
func StartOf(ctx context.Context) eventstore.Position {
	after, _ := ctx.Value(startKey{}).(eventstore.Position)
	return after
}
