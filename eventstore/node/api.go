package node

import (
	"context"

	"sleutelbos/eventstore"
)

// Log is the embedded event log. It is safe for concurrent use.
type Log struct{}

// Open opens the log for writing; it is created if there is none.
func Open(ctx context.Context, o Options) (*Log, error) { return nil, ErrClosed }

// OpenReadOnly opens the log for reading, beside a running writer.
func OpenReadOnly(ctx context.Context, o Options) (*Log, error) { return nil, ErrClosed }

func (l *Log) Close() error            { return ErrClosed }
func (l *Log) Store() eventstore.Store { return nil }
func (l *Log) Append(ctx context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	return eventstore.Receipt{}, ErrClosed
}
func (l *Log) AppendAsync(r AppendRequest, done func(eventstore.Receipt, error)) {}
func (l *Log) Delete(ctx context.Context, stream string, expected eventstore.Expected) (eventstore.Receipt, error) {
	return eventstore.Receipt{}, ErrClosed
}
func (l *Log) Tombstone(ctx context.Context, stream string, expected eventstore.Expected) (eventstore.Receipt, error) {
	return eventstore.Receipt{}, ErrClosed
}
func (l *Log) ReadStream(ctx context.Context, stream string, from int64, dir eventstore.Direction, limit int) (StreamPage, error) {
	return StreamPage{}, ErrClosed
}
func (l *Log) ReadAll(ctx context.Context, q AllQuery) (AllPage, error) { return AllPage{}, ErrClosed }
func (l *Log) Resolve(ctx context.Context, links []eventstore.Recorded) ([]eventstore.Recorded, error) {
	return nil, ErrClosed
}
func (l *Log) StreamInfo(ctx context.Context, stream string) (StreamInfo, error) {
	return StreamInfo{}, ErrClosed
}
func (l *Log) Metadata(ctx context.Context, stream string) (Metadata, error) {
	return Metadata{}, ErrClosed
}
func (l *Log) Head() eventstore.Position                                          { return 0 }
func (l *Log) Changed() <-chan struct{}                                           { return nil }
func (l *Log) Verify(ctx context.Context, progress func(done, total int64)) error { return ErrClosed }
func (l *Log) Backup(ctx context.Context, path string) (eventstore.Position, error) {
	return 0, ErrClosed
}
