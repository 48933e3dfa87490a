package engine

import (
	"context"
	"sync"
	"time"
)

// shared lets callers that read one stream at the same time share one read. A caller gets only
// a read that began after it asked: an older one might miss an event that was acknowledged to
// somebody before, in another process. (That is why it is not golang.org/x/sync/singleflight,
// which lets callers join a read that is under way.)
type shared[S any] struct {
	mu      sync.Mutex
	streams map[string]*reading[S]
}

// reading is a stream that is being read.
type reading[S any] struct{ next *flight[S] } // nil if nobody waits for another read

// flight is a read for those who asked while another was under way.
type flight[S any] struct {
	read  func() (S, error)
	done  chan struct{}
	state S
	err   error
}

// do returns what read finds. Only the caller's own read is ended with its context; one for
// several gets as long as patience.
func (s *shared[S]) do(ctx context.Context, stream string, patience time.Duration, read func(context.Context) (S, error)) (S, error) {
	s.mu.Lock()
	busy := s.streams[stream]
	if busy == nil {
		if s.streams == nil {
			s.streams = map[string]*reading[S]{}
		}
		busy = &reading[S]{}
		s.streams[stream] = busy
		s.mu.Unlock()
		defer s.ended(stream, busy)
		return read(ctx)
	}
	if busy.next == nil {
		busy.next = &flight[S]{done: make(chan struct{}), read: func() (S, error) {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
			defer cancel()
			return read(ctx)
		}}
	}
	f := busy.next
	s.mu.Unlock()
	select {
	case <-f.done:
		return f.state, f.err
	case <-ctx.Done():
		var none S
		return none, ctx.Err()
	}
}

// ended begins the read that others wait for, if there are any.
func (s *shared[S]) ended(stream string, busy *reading[S]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := busy.next
	if busy.next = nil; f == nil {
		delete(s.streams, stream)
		return
	}
	go func() {
		defer s.ended(stream, busy)
		defer close(f.done)
		f.state, f.err = f.read()
	}()
}
