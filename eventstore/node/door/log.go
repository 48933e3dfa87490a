package door

import (
	"context"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/persistent"
)

// Log is what the door needs of the log behind it.
type Log interface {
	persistent.Log
	AppendAsync(a eventstore.Append, done func(eventstore.Receipt, error))
	Tombstone(ctx context.Context, stream string, expected eventstore.Expected) (eventstore.Receipt, error)
}
