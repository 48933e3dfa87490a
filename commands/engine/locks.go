package engine

import (
	"context"
	"fmt"
	"hash/maphash"
)

// locks let one caller at a time in this process change what has a name, so that those who
// would only lose the race wait instead. They are no lock against other processes: the
// expected revision is. Two names may share a lock.
type locks struct {
	seed  maphash.Seed
	slots []chan struct{}
}

func newLocks() locks {
	l := locks{seed: maphash.MakeSeed(), slots: make([]chan struct{}, 1024)}
	for i := range l.slots {
		l.slots[i] = make(chan struct{}, 1)
	}
	return l
}

func (l locks) lock(ctx context.Context, name string) (unlock func(), err error) {
	slot := l.slots[maphash.String(l.seed, name)%uint64(len(l.slots))]
	select {
	case slot <- struct{}{}:
		return func() { <-slot }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for %s: %w", name, ctx.Err())
	}
}
