package door_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"sleutelbos/internal/turns"
)

// TestF37_FollowersThatCatchUpTakeTurns takes every turn at long work. Whoever has more than a page
// to read waits; whoever has read all there is gets what is new at once.
func TestF37_FollowersThatCatchUpTakeTurns(t *testing.T) {
	h := build(t)
	const page = 512
	h.write("a", 1, 3*page)
	same(t, fine, h.createGroup("a", "early"))
	follower := h.follow(ofStream("b"))
	take(t, follower, "confirmation", "caught up")
	taken, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	letGo := sync.OnceFunc(func() { close(release) })
	defer all.Wait()
	defer letGo()
	for range max(1, runtime.GOMAXPROCS(0)/2) {
		all.Go(func() {
			_ = turns.Do(t.Context(), func(context.Context) error {
				taken <- struct{}{}
				<-release
				return nil
			})
		})
		<-taken
	}
	waiting := func(n int64) {
		t.Helper()
		for turns.Waiting() < n {
			if within(t).Err() != nil {
				t.Fatalf("%d wait for a turn, want %d", turns.Waiting(), n)
			}
			runtime.Gosched()
		}
	}
	late := h.follow(ofStream("a"))
	take(t, late, "confirmation")
	waiting(1)
	whole := h.follow(ofAll)
	take(t, whole, "confirmation")
	waiting(2)
	consumer := h.connect("a", "early", 10)
	consumer.recv()
	waiting(3)
	h.write("b", 9000, 1)
	take(t, follower, "0@b")
	letGo()
	for n := range 3 * page {
		take(t, late, fmt.Sprintf("%d@a", n))
		take(t, whole, fmt.Sprintf("%d@a", n))
	}
}
