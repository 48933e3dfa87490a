package cache

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
)

var errDisk = errors.New("the disk failed")

func events(from, to logfile.Place) (out []eventstore.Recorded) {
	for p := from; p <= to; p++ {
		out = append(out, eventstore.Recorded{Position: p.Position()})
	}
	return out
}

func TestHeadsShareARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		heads, reads := NewHeads(), 0
		var wait sync.WaitGroup
		for range 5 {
			wait.Go(func() {
				h, err := heads.Get("a-1", func() (index.Head, error) {
					time.Sleep(time.Second) // of the fake clock: the others ask meanwhile
					reads++
					return index.Head{Last: 7}, nil
				})
				if err != nil || h.Last != 7 {
					t.Errorf("got %+v, %v", h, err)
				}
			})
		}
		wait.Wait()
		if h, ok := heads.Cached("a-1"); reads != 1 || !ok || h.Last != 7 {
			t.Errorf("%d reads, then %+v, %v", reads, h, ok)
		}
	})
}

// A head that was read while its stream was written may be old, so it is not kept.
func TestHeadsOvertakenByACommit(t *testing.T) {
	heads := NewHeads()
	_, err := heads.Get("a-1", func() (index.Head, error) {
		heads.Publish(map[string]index.Head{"a-1": {Last: 8}})
		return index.Head{Last: 7}, nil
	})
	if h, ok := heads.Cached("a-1"); err != nil || !ok || h.Last != 8 {
		t.Errorf("got %+v, %v, %v", h, ok, err)
	}
	_, err = heads.Get("b-1", func() (index.Head, error) {
		heads.Forget()
		return index.Head{Last: 7}, nil
	})
	if h, ok := heads.Cached("b-1"); err != nil || ok {
		t.Errorf("forgotten meanwhile: got %+v, %v", h, err)
	}
}

func TestTailKeepsTheNewest(t *testing.T) {
	tail := NewTail(10, 1<<20)
	for p := logfile.Place(1); p <= 30; p++ {
		tail.Add(events(p, p))
	}
	start := tail.Start(0)
	if start < 11 || start > 21 {
		t.Errorf("it starts at %d", start)
	}
	if got := tail.Between(start-1, 30); got != nil {
		t.Errorf("got %d events, the first of which is not there", len(got))
	}
	if got := tail.Between(28, 99); len(got) != 3 || got[0].Position != logfile.Place(28).Position() {
		t.Errorf("got %v", got)
	}
	if got := NewTail(10, 1).Between(1, 1); got != nil {
		t.Errorf("empty: got %v", got)
	}
}

func TestBlocksThatCannotBeRead(t *testing.T) {
	blocks := NewBlocks()
	if _, err := blocks.Get(t.Context(), 1, func(_, _ logfile.Place) ([]eventstore.Recorded, error) { return nil, errDisk }); !errors.Is(err, errDisk) {
		t.Errorf("got %v", err)
	}
	got, err := blocks.Get(t.Context(), 1, func(from, to logfile.Place) ([]eventstore.Recorded, error) { return events(from, to), nil })
	if err != nil || len(got) != BlockEvents {
		t.Errorf("again: got %d events, %v", len(got), err)
	}
	got, err = blocks.Get(t.Context(), 1, func(_, _ logfile.Place) ([]eventstore.Recorded, error) { return nil, errDisk })
	if err != nil || len(got) != BlockEvents {
		t.Errorf("a third time, from memory: got %d events, %v", len(got), err)
	}
}

// Whoever waits for the read of another may leave, and reads by itself if the other fails.
func TestBlocksShareARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		blocks := NewBlocks()
		var wait sync.WaitGroup
		wait.Go(func() {
			_, err := blocks.Get(t.Context(), 1, func(_, _ logfile.Place) ([]eventstore.Recorded, error) {
				time.Sleep(time.Minute) // of the fake clock: the other asks meanwhile
				return nil, errDisk
			})
			if !errors.Is(err, errDisk) {
				t.Errorf("the first: %v", err)
			}
		})
		synctest.Wait()
		wait.Go(func() {
			got, err := blocks.Get(t.Context(), 1, func(from, to logfile.Place) ([]eventstore.Recorded, error) { return events(from, to), nil })
			if err != nil || len(got) != BlockEvents {
				t.Errorf("the second: %d events, %v", len(got), err)
			}
		})
		wait.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err := blocks.Get(ctx, 1, nil); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the third: %v", err)
			}
		})
		wait.Wait()
	})
}

func TestIDs(t *testing.T) {
	key := func(n int) Key {
		return Key{Stream: 1, ID: uuid.UUID{14: byte(n >> 8), 15: byte(n), 13: byte(n >> 16)}}
	}
	ids := NewIDs()
	ids.Older() <- OlderIDs{Stands: map[Key]Stand{key(0): {Revision: 5}}}
	for n := 1; n <= RememberedIDs; n++ {
		ids.Add(key(n), Stand{Revision: int64(n)})
	}
	for _, n := range []int{0, 1, RememberedIDs} {
		if _, found, err := ids.Find(key(n)); !found || err != nil {
			t.Errorf("%d: got %v, %v", n, found, err)
		}
	}
	ids.Add(key(RememberedIDs+1), Stand{})
	for n, want := range map[int]bool{0: false, 1: false, 2: true} {
		if _, found, err := ids.Find(key(n)); found != want || err != nil {
			t.Errorf("%d, after one more: got %v, %v", n, found, err)
		}
	}
}

// Without the ids of before the start no append may be taken for a new one.
func TestIDsThatCouldNotBeRead(t *testing.T) {
	ids := NewIDs()
	ids.Older() <- OlderIDs{Err: errDisk}
	for range 2 {
		if _, _, err := ids.Find(Key{Stream: 1}); !errors.Is(err, errDisk) {
			t.Errorf("got %v", err)
		}
	}
}
