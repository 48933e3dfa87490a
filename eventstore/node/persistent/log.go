package persistent

import (
	"context"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/log"
)

// Log is what the groups need of the log that they read, and keep their settings in.
type Log interface {
	Head() eventstore.Position
	Changed() <-chan struct{}
	ReadAll(ctx context.Context, q log.AllQuery) (log.AllPage, error)
	ReadStream(ctx context.Context, stream string, from int64, dir eventstore.Direction, limit int) (log.StreamPage, error)
	StreamInfo(ctx context.Context, stream string) (log.StreamInfo, error)
	Resolve(ctx context.Context, links []eventstore.Recorded) ([]eventstore.Recorded, error)
	Append(ctx context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error)
	Delete(ctx context.Context, stream string, expected eventstore.Expected) (eventstore.Receipt, error)
}
