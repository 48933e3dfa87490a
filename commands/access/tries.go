package access

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"sleutelbos/commands/engine"
)

// An account may try its own password so often within this time, and then waits for its end.
const (
	mostTries   = 10
	triesWithin = 15 * time.Minute
	// triesKept is of how many accounts the tries are remembered.
	triesKept = 1 << 14
)

// Tries counts how often signed-in accounts gave a wrong password of their own, by whatever
// pathway, dry runs too: whoever found a session open must not find the password with it. A
// try is counted before the password is verified, so that many at once are not one. Each
// process counts for itself.
type Tries struct {
	mu     sync.Mutex
	counts *simplelru.LRU[string, tries]
}

type tries struct {
	count int
	since time.Time
}

// NewTries returns a count of none.
func NewTries() (*Tries, error) {
	counts, err := simplelru.NewLRU[string, tries](triesKept, nil)
	return &Tries{counts: counts}, err
}

// VerifyOwnPassword says whether the password of a signed-in account is right. Errors:
// *engine.TooOftenError, engine.ErrBusy.
func (a Access) VerifyOwnPassword(ctx context.Context, account, credential, password string) (bool, error) {
	if wait := a.Tries.take(account, a.Engine.Now()); wait > 0 {
		return false, &engine.TooOftenError{RetryAfter: wait}
	}
	right, err := a.Engine.Look().VerifyPassword(ctx, credential, password)
	if right || err != nil { // what was not verified is no try
		a.Tries.giveBack(account, right)
	}
	return right, err
}

// take counts a try, and returns how long to wait if there have been too many.
func (t *Tries) take(account string, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	so, found := t.counts.Get(account)
	if !found || now.Sub(so.since) >= triesWithin {
		so = tries{since: now}
	}
	if so.count >= mostTries {
		return triesWithin - now.Sub(so.since)
	}
	so.count++
	t.counts.Add(account, so)
	return 0
}

// giveBack takes a try away, or all of them if the password was right.
func (t *Tries) giveBack(account string, all bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	so, found := t.counts.Get(account)
	if !found {
		return
	}
	if so.count--; all || so.count <= 0 {
		t.counts.Remove(account)
		return
	}
	t.counts.Add(account, so)
}
