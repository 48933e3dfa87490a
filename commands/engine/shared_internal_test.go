package engine

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestReadsAtTheSameTimeShareOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s shared[int64]
		var reads, now atomic.Int64 // now is what a read that begins finds
		read := func(context.Context) (int64, error) {
			reads.Add(1)
			found := now.Load()
			time.Sleep(time.Second) // of the fake clock: the others ask meanwhile
			return found, nil
		}
		var all sync.WaitGroup
		ask := func(want int64) {
			all.Go(func() {
				if got, err := s.do(t.Context(), "stream", time.Minute, read); err != nil || got != want {
					t.Errorf("got %d and %v, want %d", got, err, want)
				}
			})
		}
		ask(0)
		synctest.Wait()
		now.Store(1) // acknowledged to somebody, so whoever asks from here on has to see it
		for range 20 {
			ask(1)
		}
		all.Wait()
		if reads.Load() != 2 {
			t.Errorf("%d reads, want 2", reads.Load())
		}
		ask(1)
		all.Wait()
		if reads.Load() != 3 || len(s.streams) != 0 {
			t.Errorf("%d reads, want 3; %d streams are remembered", reads.Load(), len(s.streams))
		}
	})
}

func TestWhoLeavesEndsNoSharedRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s shared[int]
		read := func(ctx context.Context) (int, error) {
			select {
			case <-time.After(time.Second):
				return 1, nil
			case <-ctx.Done():
				return 0, ctx.Err()
			}
		}
		var all sync.WaitGroup
		begin := func(ctx context.Context, want error) {
			all.Go(func() {
				if _, err := s.do(ctx, "stream", time.Minute, read); !errors.Is(err, want) {
					t.Errorf("got %v, want %v", err, want)
				}
			})
			synctest.Wait()
		}
		leaving, leave := context.WithCancel(t.Context())
		begin(leaving, context.Canceled) // reads by itself
		begin(leaving, context.Canceled) // asked first for the shared one
		begin(t.Context(), nil)
		leave()
		all.Wait()
	})
}
