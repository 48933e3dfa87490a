package esdb

import (
	"context"
	"fmt"
	"sync"
	"time"

	"sleutelbos/eventstore"
)

var (
	errClosed  = fmt.Errorf("%w: it was closed here", eventstore.ErrUnavailable)
	errTooMany = fmt.Errorf("%w: too many calls wait for it already", eventstore.ErrUnavailable)
)

// calls runs what calls the client, each in its own goroutine: the client may hang past
// any context, and its callers must not. Left behind, a call ends when the client lets go
// of it; too many of them, and new ones are refused.
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

// start runs f with a context that ends when the caller leaves, its context ends, or the
// store closes. The caller must leave.
func (c *calls) start(ctx context.Context, f func(context.Context)) (leave func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errClosed
	}
	if c.abandoned >= c.most {
		return nil, errTooMany
	}
	ctx, cancel := context.WithCancelCause(ctx)
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

// end refuses new calls, ends the running ones and waits for them; false if some still
// run after the timeout.
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

// do answers what f answers, or that the context has ended.
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

// caught turns a panic of the client, which has some for answers it does not expect, into
// an error.
func caught[T any](f func() (T, error)) (value T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the event store's client panicked: %v", p)
		}
	}()
	return f()
}
