package feed

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// PubSub is a publisher and subscriber of Watermill in which a topic is a stream and a message
// is an event. Publish returns when the events are durable. A subscription gets every event of
// the stream from its beginning, in order, each at least once. There are no consumer groups:
// two subscribers both get everything.
type PubSub struct {
	Store  eventstore.Store
	Logger *slog.Logger

	subscriptions
	shut atomic.Bool
}

// Type is the event type under which messages are stored. It is not in the registry: the
// streams of messages are no streams of the domain.
const Type = "feed.message.v1"

// envelope is a message's id and metadata, as the event's metadata.
type envelope struct {
	UUID     string           `json:"uuid"`
	Metadata message.Metadata `json:"metadata"`
}

// Publish appends all messages to the stream named by the topic, or none of them.
func (p *PubSub) Publish(topic string, messages ...*message.Message) error {
	if p.shut.Load() {
		return ErrClosed
	}
	if len(messages) == 0 {
		return nil
	}
	events := make([]eventstore.Event, len(messages))
	for i, m := range messages {
		metadata, err := json.Marshal(envelope{m.UUID, m.Metadata})
		if err != nil {
			return fmt.Errorf("publish to %s: %w", topic, err)
		}
		events[i] = eventstore.Event{ID: uuid.New(), Type: Type, Data: m.Payload, Metadata: metadata, Binary: true}
	}
	if _, err := p.Store.Append(messages[0].Context(), topic, eventstore.Any, events...); err != nil {
		return fmt.Errorf("publish to %s: %w", topic, err)
	}
	return nil
}

// Subscribe yields the stream's messages from its beginning.
func (p *PubSub) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	return p.begin(ctx, source{
		store: p.Store, log: p.Logger.With("topic", topic), most: 1, events: true,
		filter:  eventstore.Filter{Streams: []string{topic}},
		keep:    func(r eventstore.Recorded) bool { return r.Stream == topic && r.Type == Type },
		message: p.message,
	})
}

// Close ends publishing and all subscriptions.
func (p *PubSub) Close() error {
	p.shut.Store(true)
	return p.subscriptions.Close()
}

// message returns the message that an event carries.
func (p *PubSub) message(ctx context.Context, b machinery.Batch) *message.Message {
	r := b.Events[0]
	var e envelope
	if err := json.Unmarshal(r.Metadata, &e); err != nil {
		// It was not written by Publish. Its payload is delivered all the same.
		p.Logger.Warn("event without a message's metadata", "stream", r.Stream, "revision", r.Revision)
		e = envelope{UUID: r.ID.String()}
	}
	m := message.NewMessageWithContext(ctx, e.UUID, r.Data)
	m.Metadata = e.Metadata
	if m.Metadata == nil {
		m.Metadata = message.Metadata{}
	}
	return m
}
