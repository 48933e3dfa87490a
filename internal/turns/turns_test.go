package turns

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// TestF37_LongWorkLeavesProcessorsFree counts how many pieces are done at once.
func TestF37_LongWorkLeavesProcessorsFree(t *testing.T) {
	for processors, want := range map[int]int64{1: 1, 2: 1, 3: 1, 8: 4} {
		synctest.Test(t, func(t *testing.T) {
			turns := of(processors)
			var now, most atomic.Int64
			finish := make(chan struct{})
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					err := turns.do(t.Context(), func(context.Context) error {
						most.Store(max(most.Load(), now.Add(1)))
						<-finish
						now.Add(-1)
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			synctest.Wait()
			if got := turns.waiting.Load(); got != 20-want {
				t.Errorf("%d processors: %d pieces wait, want %d", processors, got, 20-want)
			}
			if got := now.Load(); got != want {
				t.Errorf("%d processors: %d pieces at once, want %d", processors, got, want)
			}
			close(finish)
			all.Wait()
			if got := most.Load(); got != want {
				t.Errorf("%d processors: up to %d pieces at once, want %d", processors, got, want)
			}
		})
	}
}

func TestDo(t *testing.T) {
	turns, broken := of(2), errors.New("broken")
	if err := turns.do(t.Context(), func(context.Context) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v, want what the piece returned", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = turns.do(t.Context(), func(context.Context) error { panic("broken") })
	}()
	over, end := context.WithCancelCause(t.Context())
	err := turns.do(t.Context(), func(context.Context) error { // in the only turn: the pieces before have given it back
		end(broken)
		return turns.do(over, func(context.Context) error {
			t.Error("a piece was done without a turn")
			return nil
		})
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want why it was no longer wanted", err)
	}
}

// TestF37_APieceWithinAPieceIsPartOfIt has one turn for both.
func TestF37_APieceWithinAPieceIsPartOfIt(t *testing.T) {
	turns, done := of(2), 0
	err := turns.do(t.Context(), func(ctx context.Context) error {
		return turns.do(ctx, func(ctx context.Context) error {
			return turns.do(ctx, func(context.Context) error {
				done++
				return nil
			})
		})
	})
	if err != nil || done != 1 || len(turns.taken) != 0 {
		t.Errorf("%v, done %d times, %d turns are taken", err, done, len(turns.taken))
	}
}
