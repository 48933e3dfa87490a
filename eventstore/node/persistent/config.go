package persistent

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// The streams that a group keeps itself in.
const (
	configStream = "$persistentSubscriptionConfig"
	configType   = "$PersistentConfig"       // all groups
	changeType   = "$PersistentConfigChange" // one of them

	ownPrefix        = "$persistentsubscription-"
	checkpointSuffix = "-checkpoint"
	checkpointType   = "$SubscriptionCheckpoint"
	parkedSuffix     = "-parked"
)

// Strategy is how a group chooses the consumer for a message.
type Strategy string

// The strategies, by the names that clients use.
const (
	DispatchToSingle    Strategy = "DispatchToSingle"
	RoundRobin          Strategy = "RoundRobin"
	Pinned              Strategy = "Pinned"              // one consumer a stream, as long as it is there
	PinnedByCorrelation Strategy = "PinnedByCorrelation" // one consumer a $correlationId
)

// FromEnd as a start means behind the last event, as it is when the group is created.
const FromEnd int64 = -1

// Settings of a group. Counts are of messages.
type Settings struct {
	ResolveLinks     bool          `json:"resolve_links"`
	ExtraStatistics  bool          `json:"extra_statistics"`
	MessageTimeout   time.Duration `json:"message_timeout_ns"` // not acknowledged for so long, a message is retried; 0 is no limit
	MaxRetries       int           `json:"max_retries"`        // parked when retried more often
	CheckpointAfter  time.Duration `json:"checkpoint_after_ns"`
	MinCheckpoint    int           `json:"min_checkpoint"`  // no checkpoint for fewer
	MaxCheckpoint    int           `json:"max_checkpoint"`  // at once for so many; 0 is no limit
	MaxSubscribers   int           `json:"max_subscribers"` // 0 is no limit
	LiveBuffer       int           `json:"live_buffer"`
	ReadBatch        int           `json:"read_batch"`
	HistoryBuffer    int           `json:"history_buffer"` // read ahead of the consumers
	ConsumerStrategy Strategy      `json:"consumer_strategy"`
}

// Config is a group as it is stored.
type Config struct {
	Stream string `json:"stream"` // or All
	Group  string `json:"group"`
	// Start is the first revision or position to deliver, or FromEnd.
	Start int64 `json:"start"`
	// After is the last revision or position that is not delivered. It follows from Start as
	// that was meant when the group was made.
	After     int64     `json:"after"`
	Filter    *Filter   `json:"filter,omitempty"` // only of All
	Settings  Settings  `json:"settings"`
	Created   time.Time `json:"created"`
	CreatedBy string    `json:"created_by"`
}

// Key returns the group's name.
func (c Config) Key() Key { return Key{Stream: c.Stream, Group: c.Group} }

func (c Config) checkpointStream() string { return ownPrefix + c.Key().String() + checkpointSuffix }
func (c Config) parkedStream() string     { return ownPrefix + c.Key().String() + parkedSuffix }

// The buffers of clients that name none, and the most that a client may ask for.
const (
	defaultBuffer = 500
	defaultBatch  = 20
	maxBuffer     = 100_000
)

// check refuses settings that make no sense, and fills in those that were left out.
func (c *Config) check() error {
	s := &c.Settings
	switch {
	case c.Group == "":
		return &InvalidError{"A persistent subscription needs a group name."}
	case s.MessageTimeout < 0 || s.CheckpointAfter < 0 || s.MaxRetries < 0 || s.MinCheckpoint < 0 || s.MaxCheckpoint < 0 ||
		s.MaxSubscribers < 0 || s.LiveBuffer < 0 || s.ReadBatch < 0 || s.HistoryBuffer < 0:
		return &InvalidError{"A setting of the persistent subscription is negative."}
	case s.LiveBuffer > maxBuffer || s.ReadBatch > maxBuffer || s.HistoryBuffer > maxBuffer:
		return &InvalidError{fmt.Sprintf("A buffer of the persistent subscription is larger than %d.", maxBuffer)}
	}
	for n, usual := range map[*int]int{&s.LiveBuffer: defaultBuffer, &s.HistoryBuffer: defaultBuffer, &s.ReadBatch: defaultBatch} {
		if *n == 0 {
			*n = usual
		}
	}
	switch s.ConsumerStrategy {
	case DispatchToSingle, RoundRobin, Pinned, PinnedByCorrelation:
	case "":
		s.ConsumerStrategy = RoundRobin
	default:
		return &InvalidError{"The consumer strategy is unknown."}
	}
	if c.Filter != nil {
		if _, err := c.Filter.Compile(); err != nil {
			return err
		}
	}
	return nil
}

// begin notes what the start means now, so that it means the same after a restart.
func (c *Config) begin(ctx context.Context, l Log) error {
	switch {
	case c.Start == FromEnd && c.Stream == All:
		c.After = int64(l.Head().Commit())
	case c.Start == FromEnd:
		info, err := l.StreamInfo(ctx, c.Stream)
		if err != nil {
			return fmt.Errorf("look for the end of the stream: %w", err)
		}
		c.After = info.Last
	case c.Stream == All:
		c.After = max(0, c.Start-1)
	default:
		c.After = c.Start - 1
	}
	return nil
}

// lastEvent returns the newest event of a stream; nil if there is none.
func lastEvent(ctx context.Context, l Log, stream string) (*eventstore.Recorded, error) {
	p, err := l.ReadStream(ctx, stream, math.MaxInt64, eventstore.Backwards, 1)
	if errors.Is(err, eventstore.ErrStreamDeleted) {
		return nil, nil // as if it was never written
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", stream, err)
	}
	if len(p.Events) == 0 {
		return nil, nil // never written, or deleted since
	}
	return &p.Events[0], nil
}

// write appends one JSON event to a stream that only this package writes.
func write(ctx context.Context, l Log, stream, eventType string, data []byte) error {
	_, err := l.Append(ctx, stream, eventstore.Any, eventstore.Event{ID: uuid.New(), Type: eventType, Data: data})
	if err != nil {
		return fmt.Errorf("write %s: %w", stream, err)
	}
	return nil
}

// place returns a revision or position as clients read it: "5", or "C:5/P:5" in All.
func (c Config) place(at int64) string {
	if c.Stream == All {
		return fmt.Sprintf("C:%d/P:%d", at, at)
	}
	return fmt.Sprint(at)
}

// placeOf reads what place wrote.
func placeOf(text string) (int64, error) {
	text, _, _ = strings.Cut(strings.TrimPrefix(text, "C:"), "/")
	var at int64
	_, err := fmt.Sscanf(text, "%d", &at)
	return at, err
}
