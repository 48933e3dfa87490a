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
	"errors"
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
	defaultMaxAppendSize = 1 << 20          // the server's default
	firstPause           = 20 * time.Millisecond
	longestPause         = 500 * time.Millisecond
)

// Options are the settings that the connection string has no words for. The zero value is good.
type Options struct {
	// Logger gets the client's messages (at debug) and the news that the server is out of
	// reach or back. Default: none.
	Logger *slog.Logger
	// Timeout is how long a caller whose context has no deadline waits for the server, and
	// how long the opening of a subscription may take. Default 10 s.
	Timeout time.Duration
	// MaxAppendSize is the server's limit for data and metadata of one append, in bytes.
	// Default 1 MiB, as the server's.
	MaxAppendSize int
}

// Store is an event store on a server. It is safe for concurrent use.
type Store struct {
	client  *client.Client
	calls   *calls
	health  *health
	timeout time.Duration
	most    int
}

var _ eventstore.Store = (*Store)(nil)

// Open prepares the connection that the string describes: esdb://, esdb+discover:// or
// esdb+unix:///path/of/socket. It returns an error if the string cannot be read or the server
// refuses us, but not if the server does not answer, for it may come later.
func Open(ctx context.Context, connectionString string, o Options) (*Store, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxAppendSize <= 0 {
		o.MaxAppendSize = defaultMaxAppendSize
	}
	h := &health{log: o.Logger}
	config, err := configuration(connectionString, h)
	if err != nil {
		return nil, err
	}
	c, err := client.NewClient(config)
	if err != nil {
		return nil, fmt.Errorf("prepare the event store's client: %w", err)
	}
	s := &Store{client: c, calls: newCalls(mostAbandoned), health: h, timeout: o.Timeout, most: o.MaxAppendSize}
	if _, err := s.Head(ctx); err != nil && !errors.Is(err, eventstore.ErrUnavailable) {
		return nil, errors.Join(fmt.Errorf("open the event store: %w", err), s.Close())
	}
	return s, nil
}

// Close ends the calls and subscriptions under way with an error, and then the connection. If
// some of them still wait for a server that is away, it returns an error and leaves the
// connection open until the process ends.
func (s *Store) Close() error {
	if !s.calls.end(s.timeout) {
		return errors.New("close the event store: calls still wait for the server")
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
