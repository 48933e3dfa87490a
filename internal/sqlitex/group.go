package sqlitex

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// ErrClosed says that a Group takes no more requests.
var ErrClosed = errors.New("the file is closed")

// Group is the one goroutine that writes to a file. Waiting for the disk is what a commit
// costs, so the requests that arrive meanwhile share the next one:
//
//	Submit ──► queue ──► collect ──► Try(batch) ──► Done(each)
//	                                    │ failed, more than one
//	                                    └──► Try(one), Done(one), for each of them
//
// A request that cannot be written therefore does not fail its neighbors.
type Group[R any] struct {
	o     GroupOptions[R]
	queue chan R
	held  []R // the request that ended the last batch, if one did
	crowd int // requests of the last batch: as many may come again soon
	ended chan struct{}

	expected atomic.Int64  // requests that were said to come, see Expect
	fewer    chan struct{} // holds a token when it may be fewer of them

	closing sync.RWMutex // held by whoever queues a request, so that Close can close the queue
	closed  bool
}

// GroupOptions say how requests are written. Try and Done are called on one goroutine.
type GroupOptions[R any] struct {
	// Try writes a batch in one transaction, or nothing of it.
	Try func(batch []R) error
	// Done tells a request how it ended: with the error of its last Try, or nil. It is called
	// once for each request and must not block.
	Done func(r R, err error)

	Queue int // requests that may wait before Submit blocks
	Most  int // most requests of a batch

	// Size and MostBytes bound a batch by what its requests write. Without Size there is no
	// such bound.
	Size      func(R) int
	MostBytes int
	// Alone says that a request gets a batch of its own. Without it none does.
	Alone func(R) bool
	// Linger is how long a batch waits for the writers of the last one to come back. A lone
	// writer never waits.
	Linger time.Duration
}

// NewGroup starts a group. Close ends it.
func NewGroup[R any](o GroupOptions[R]) *Group[R] {
	g := &Group[R]{o: o, queue: make(chan R, o.Queue), ended: make(chan struct{}), fewer: make(chan struct{}, 1)}
	go g.run()
	return g
}

// Submit queues a request, and returns without waiting for its commit. Done is called if and
// only if Submit returns no error. Errors: ErrClosed, the context's.
func (g *Group[R]) Submit(ctx context.Context, r R) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.closing.RLock()
	defer g.closing.RUnlock()
	if g.closed {
		return ErrClosed
	}
	select {
	case g.queue <- r:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// expectedWithin is how long a batch waits for requests that were said to come.
const expectedWithin = 2 * time.Millisecond

// Expect says that a request may come in a moment. A batch waits for it, but not long, so that those who
// have begun at the same time share a commit. The returned function says that it was submitted, or that
// it does not come; only its first call counts.
func (g *Group[R]) Expect() (came func()) {
	g.expected.Add(1)
	return sync.OnceFunc(func() {
		g.expected.Add(-1)
		select {
		case g.fewer <- struct{}{}:
		default:
		}
	})
}

// Close takes no more requests and returns when all that were queued are done.
func (g *Group[R]) Close() {
	g.closing.Lock()
	if !g.closed {
		g.closed = true
		close(g.queue)
	}
	g.closing.Unlock()
	<-g.ended
}

func (g *Group[R]) run() {
	defer close(g.ended)
	batch := make([]R, 0, g.o.Most)
	for r, ok := g.next(); ok; r, ok = g.next() {
		batch = g.collect(append(batch[:0], r))
		g.commit(batch)
		g.crowd = len(batch)
		clear(batch)
	}
}

// next returns the request that a batch begins with.
func (g *Group[R]) next() (r R, ok bool) {
	if len(g.held) > 0 {
		r, g.held = g.held[0], nil
		return r, true
	}
	r, ok = <-g.queue
	return r, ok
}

// collect adds what else is queued or expected. Only if more than one request waited, now or the last
// time, does it give their writers a moment to come back.
func (g *Group[R]) collect(batch []R) []R {
	if g.alone(batch[0]) {
		return batch
	}
	bytes := g.size(batch[0])
	var deadline, expected time.Time
	late := false // for what is expected
	for len(batch) < g.o.Most && (g.o.Size == nil || bytes < g.o.MostBytes) {
		select {
		case r, ok := <-g.queue:
			if !ok {
				return batch
			}
			if g.alone(r) {
				g.held = []R{r}
				return batch
			}
			batch, bytes = append(batch, r), bytes+g.size(r)
			continue
		default:
		}
		if !late && g.expected.Load() > 0 {
			late = !g.await(&expected)
			continue
		}
		if g.o.Linger == 0 || max(g.crowd, len(batch)) == 1 || len(batch) >= g.crowd {
			return batch
		}
		if now := time.Now(); deadline.IsZero() {
			deadline = now.Add(g.o.Linger)
		} else if now.After(deadline) {
			return batch
		}
		runtime.Gosched()
	}
	return batch
}

// await waits until fewer requests are expected. It returns false if they do not come soon enough.
func (g *Group[R]) await(deadline *time.Time) bool {
	if deadline.IsZero() {
		*deadline = time.Now().Add(expectedWithin)
	}
	timer := time.NewTimer(time.Until(*deadline))
	defer timer.Stop()
	select {
	case <-g.fewer:
		return true
	case <-timer.C:
		return false
	}
}

func (g *Group[R]) alone(r R) bool { return g.o.Alone != nil && g.o.Alone(r) }

func (g *Group[R]) size(r R) int {
	if g.o.Size == nil {
		return 0
	}
	return g.o.Size(r)
}

// commit tries a batch. If that fails, each request gets a transaction of its own.
func (g *Group[R]) commit(batch []R) {
	err := g.o.Try(batch)
	for _, r := range batch {
		if err != nil && len(batch) > 1 {
			g.o.Done(r, g.o.Try([]R{r}))
			continue
		}
		g.o.Done(r, err)
	}
}
