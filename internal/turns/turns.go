// Package turns keeps work that goes through much, such as a rebuild, a download or a follower who
// catches up, from taking every processor. Such work is done in small pieces. Half of the processors
// take pieces, so that whoever waits for one page finds another one free, and does not stand behind
// as many pieces as there are followers.
package turns

import (
	"context"
	"runtime"
	"sync/atomic"
)

// processors are of the whole process, as the processors themselves are.
var processors = of(runtime.GOMAXPROCS(0))

// turns are the processors that may be at long work at once.
type turns struct {
	taken   chan struct{}
	waiting atomic.Int64
}

func of(all int) *turns { return &turns{taken: make(chan struct{}, max(1, all/2))} }

// Waiting returns how many pieces wait for their turn.
func Waiting() int64 { return processors.waiting.Load() }

// Do does a piece of long work when its turn comes; who waited longer comes first. A piece takes a few
// milliseconds at most and waits for nobody: neither for a client nor for a lock. The context that it
// gets says that it has a turn, so that a piece within it is part of it and does not wait for another
// turn, which there may not be before this one ends.
// Errors: the piece's; the context's, and then it was not done.
func Do(ctx context.Context, piece func(context.Context) error) error {
	return processors.do(ctx, piece)
}

// turnKey is of the turns of which a context has one.
type turnKey struct{ of *turns }

func (t *turns) do(ctx context.Context, piece func(context.Context) error) error {
	if ctx.Value(turnKey{t}) != nil {
		return piece(ctx)
	}
	if err := t.enter(ctx); err != nil {
		return err
	}
	defer func() { <-t.taken }()
	return piece(context.WithValue(ctx, turnKey{t}, true))
}

func (t *turns) enter(ctx context.Context) error {
	select {
	case t.taken <- struct{}{}:
		return nil
	default:
	}
	t.waiting.Add(1)
	defer t.waiting.Add(-1)
	select {
	case t.taken <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
