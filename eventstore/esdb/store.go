// Package esdb is the event store on EventStoreDB, through its official client.
//
// The client has faults that would hang or kill a program. If the server stays away, the
// client gives up for ever. Callers that wait at that moment never return, whatever their
// context says. Closing the client while a call fails panics. So here the client never stops
// looking for the server. Every call runs in a goroutine of its own, which its caller may
// leave behind. The client is closed only when no call runs any more. The number of calls
// left behind is bounded.
//
// Each time the server is lost, the client forgets to close its connection. After half an
// hour without calls gRPC frees it, except for some memory and one goroutine.
package esdb

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"sleutelbos/eventstore"
)

const (
	mostAbandoned        = 1000             // calls that may outlive their callers
	prefetch             = 64               // events read ahead of a slow consumer
	searchWindow         = 1000             // events considered between two checkpoints
	defaultTimeout       = 10 * time.Second // the client's own default for an append
	defaultMaxAppendSize = 16 << 20         // the most that a server can be set to; its own limit is its own to tell
	defaultLookEvery     = 200 * time.Millisecond
	firstPause           = 20 * time.Millisecond
	longestPause         = 500 * time.Millisecond
	leaveWithin          = time.Second // for calls that end once they are told to
)

// Options are the settings that the connection string has no words for. The zero value is good.
type Options struct {
	// Logger gets the client's messages (at debug) and the news that the server is out of
	// reach or back. Default: none.
	Logger *slog.Logger
	// Timeout is how long a caller whose context has no deadline waits for the server, and
	// how long the opening of a subscription may take. Default 10 s.
	Timeout time.Duration
	// MaxAppendSize is how many bytes of data and metadata one append may have. The server has a
	// limit of its own, and refuses what is beyond it. Default 16 MiB.
	MaxAppendSize int
	// LookEvery is the pause between two looks for a server that is away. Default 200 ms.
	LookEvery time.Duration
}

// Store is an event store on a server. It is safe for concurrent use.
type Store struct {
	client  *client.Client
	config  *client.Configuration
	calls   *calls
	health  *health
	timeout time.Duration
	most    int
}

var _ eventstore.Store = (*Store)(nil)

// Open prepares the connection that the string describes: esdb://, esdb+discover:// or
// esdb+unix:///path/of/socket. It returns an error if the string cannot be read. It does not ask the
// server, which may come later; Reach does.
func Open(connectionString string, o Options) (*Store, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxAppendSize <= 0 {
		o.MaxAppendSize = defaultMaxAppendSize
	}
	if o.LookEvery <= 0 {
		o.LookEvery = defaultLookEvery
	}
	h := &health{log: o.Logger}
	config, err := configuration(connectionString, h)
	if err != nil {
		return nil, err
	}
	config.DiscoveryInterval = int(o.LookEvery.Milliseconds())
	c, err := client.NewClient(config)
	if err != nil {
		return nil, fmt.Errorf("prepare the event store's client: %w", err)
	}
	return &Store{client: c, config: config, calls: newCalls(mostAbandoned), health: h, timeout: o.Timeout, most: o.MaxAppendSize}, nil
}

// Close ends the calls and subscriptions under way with an error, and then the connection. Calls that
// the client keeps waiting for a server that is away were left behind by their callers, and can't be
// ended: after a moment Close leaves them, and the connection, to the end of the process.
func (s *Store) Close() error {
	if !s.calls.end(leaveWithin) {
		s.health.log.Debug("calls of the event store's client still wait for the server; they end with the process")
		return nil
	}
	return s.client.Close()
}

// bounded returns the context with the default deadline, if it has none.
func (s *Store) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.timeout)
}
