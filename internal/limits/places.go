package limits

import (
	"sync"
	"time"
)

// places are what work of one kind may take up at once. However many answers one asker opens,
// the others find a place; and however many askers there are, the program goes on with its other
// work.
type places struct {
	bound AtOnce

	mu    sync.Mutex
	taken map[string]int // by asker, while they have a place
	total int
}

func newPlaces(bound AtOnce) *places {
	return &places{bound: bound, taken: map[string]int{}}
}

// comeBack is when to try again for a place.
const comeBack = 5 * time.Second

func (p *places) enter(work Work, by Asker) (leave func(), err error) {
	if p.bound == (AtOnce{}) {
		return func() {}, nil
	}
	who := by.Account
	if who == "" {
		who = "address " + Network(by.Address)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.taken[who] >= p.bound.One:
		return nil, &TooMuchError{Work: work, After: comeBack, Places: true}
	case p.total >= p.bound.All:
		return nil, &FullError{Work: work, After: comeBack}
	}
	p.taken[who]++
	p.total++
	return sync.OnceFunc(func() { p.leave(who) }), nil
}

func (p *places) leave(who string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total--
	if p.taken[who]--; p.taken[who] == 0 {
		delete(p.taken, who)
	}
}
