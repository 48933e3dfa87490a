package esdb

import (
	"context"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc/metadata"

	"sleutelbos/eventstore"
)

var (
	errClosed  = fmt.Errorf("%w: it was closed here", eventstore.ErrUnavailable)
	errTooMany = fmt.Errorf("%w: too many calls wait for it already", eventstore.ErrUnavailable)
)

// calls runs each call of the client, and tells the server that only the leader of a cluster is to
// answer it: another node may not have yet what was acknowledged. (The client says so where it does
// not leave the program.) Each runs in a goroutine of its own, because the client may hang
// longer than its context, and the callers must not. A call that its caller left behind ends
// when the client returns. If too many were left behind, new calls are refused.
type calls struct {
	life    context.Context // ended by end
	finish  context.CancelFunc
	most    int
	running sync.WaitGroup

	mu        sync.Mutex
	abandoned int
	closed    bool
}

func newCalls(most int) *calls {
	life, finish := context.WithCancel(context.Background())
	return &calls{life: life, finish: finish, most: most}
}

// start runs f in a goroutine. The context of f ends when the caller leaves, when ctx ends or
// when the store closes. The caller must call leave.
func (c *calls) start(ctx context.Context, f func(context.Context)) (leave func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errClosed
	}
	if c.abandoned >= c.most {
		return nil, errTooMany
	}
	ctx, cancel := context.WithCancelCause(metadata.AppendToOutgoingContext(ctx, "requires-leader", "true"))
	detach := context.AfterFunc(c.life, func() { cancel(errClosed) })
	ended, left := false, false
	c.running.Go(func() {
		f(ctx)
		detach()
		c.mu.Lock()
		defer c.mu.Unlock()
		ended = true
		if left {
			c.abandoned--
		}
	})
	return func() {
		cancel(nil)
		c.mu.Lock()
		defer c.mu.Unlock()
		if !ended {
			left = true
			c.abandoned++
		}
	}, nil
}

// end refuses new calls, ends the running ones and waits for them. It returns false if some
// still run after the timeout.
func (c *calls) end(timeout time.Duration) bool {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.finish()
	drained := make(chan struct{})
	go func() {
		c.running.Wait()
		close(drained)
	}()
	select {
	case <-drained:
		return true
	case <-time.After(timeout):
		return false
	}
}

type answer[T any] struct {
	value T
	err   error
}

// do returns the result of f, or an error if the context ends first.
func do[T any](ctx context.Context, c *calls, f func(context.Context) (T, error)) (T, error) {
	answers := make(chan answer[T], 1)
	leave, err := c.start(ctx, func(ctx context.Context) {
		value, err := caught(func() (T, error) { return f(ctx) })
		answers <- answer[T]{value, err}
	})
	var none T
	if err != nil {
		return none, err
	}
	defer leave()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		return none, ended(ctx)
	case <-c.life.Done():
		return none, errClosed
	}
}

// caught returns a panic of f as an error. The client panics at some answers that it does not
// expect.
func caught[T any](f func() (T, error)) (value T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the event store's client panicked: %v", p)
		}
	}()
	return f()
}
