package esdb

import (
	"context"
	"errors"
	"fmt"
	"math"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/internal/pause"
)

// Append implements eventstore.Store. If the connection is lost, it sends the events again
// until its context ends. Their ids keep them from being stored twice.
func (s *Store) Append(ctx context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	if len(events) == 0 {
		return s.look(ctx, stream, expected)
	}
	belief, err := believed(expected)
	if err != nil {
		return eventstore.Receipt{}, fmt.Errorf("append to %s: %w", stream, err)
	}
	data, size, err := outgoing(stream, events)
	if err != nil {
		return eventstore.Receipt{}, fmt.Errorf("append to %s: %w", stream, err)
	}
	if size > s.most {
		return eventstore.Receipt{}, fmt.Errorf("append to %s: %w: %d bytes, at most %d", stream, eventstore.ErrTooLarge, size, s.most)
	}
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	result, err := do(ctx, s.calls, func(ctx context.Context) (*client.WriteResult, error) {
		return s.send(ctx, stream, belief, data)
	})
	if c, ok := conflict(err, stream, expected); ok {
		return eventstore.Receipt{}, s.answered(c)
	}
	if err := s.health.told(understand(ctx, err)); err != nil {
		return eventstore.Receipt{}, fmt.Errorf("append to %s: %w", stream, err)
	}
	return eventstore.Receipt{
		Stream:   stream,
		Revision: int64(result.NextExpectedVersion), // the revision of the last event, in spite of the name
		Position: eventstore.NewPosition(result.CommitPosition, result.PreparePosition),
	}, nil
}

// answered notes that the server is there, and returns what it said.
func (s *Store) answered(said error) error {
	_ = s.health.told(nil) // told returns its argument
	return said
}

func (s *Store) send(ctx context.Context, stream string, belief client.ExpectedRevision, data []client.EventData) (*client.WriteResult, error) {
	for again := pause.Between(firstPause, longestPause); ; {
		result, err := s.client.AppendToStream(ctx, stream, client.AppendToStreamOptions{ExpectedRevision: belief}, data...)
		if err == nil || !lost(err) || !again.Wait(ctx) {
			return result, err
		}
	}
}

// look does an append without events. It reads the stream, for the server gives the same
// answer to such an append at revision 0 and for a stream that was never written.
func (s *Store) look(ctx context.Context, stream string, expected eventstore.Expected) (eventstore.Receipt, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	at := eventstore.Receipt{Stream: stream, Revision: int64(eventstore.NoStream)}
	for last, err := range s.ReadStream(ctx, stream, math.MaxInt64, eventstore.Backwards) {
		if err != nil {
			return eventstore.Receipt{}, err
		}
		at.Revision = last.Revision
		break
	}
	switch {
	case expected == eventstore.Any, int64(expected) == at.Revision, expected == eventstore.StreamExists && at.Revision >= 0:
		return at, nil
	}
	return eventstore.Receipt{}, &eventstore.ConflictError{Stream: stream, Expected: expected, Actual: at.Revision}
}

func believed(expected eventstore.Expected) (client.ExpectedRevision, error) {
	switch expected {
	case eventstore.NoStream:
		return client.NoStream{}, nil
	case eventstore.Any:
		return client.Any{}, nil
	case eventstore.StreamExists:
		return client.StreamExists{}, nil
	}
	if expected < 0 {
		return nil, fmt.Errorf("no stream can be at revision %d", expected)
	}
	return client.Revision(uint64(expected)), nil
}

// outgoing returns the events in the form of the client, and their size in bytes.
func outgoing(stream string, events []eventstore.Event) ([]client.EventData, int, error) {
	data, size := make([]client.EventData, len(events)), 0
	for i, e := range events {
		if e.ID == uuid.Nil {
			return nil, 0, errors.New("an event has no id")
		}
		if e.Type == "" {
			return nil, 0, errors.New("an event has no type")
		}
		if system(stream, e.Type) {
			return nil, 0, errors.New("streams and types that start with $ are the store's own")
		}
		content := client.ContentTypeJson
		if e.Binary {
			content = client.ContentTypeBinary
		}
		data[i] = client.EventData{EventID: e.ID, EventType: e.Type, ContentType: content, Data: e.Data, Metadata: e.Metadata}
		size += len(e.Data) + len(e.Metadata)
	}
	return data, size, nil
}
