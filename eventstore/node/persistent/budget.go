package persistent

import (
	"sync"
	"time"
)

// budget is how much of something may be spent: some at once, and then as much as comes in again.
type budget struct {
	most      float64
	perSecond float64

	mu    sync.Mutex
	spent float64
	at    time.Time
}

// spend takes an amount. It takes nothing and returns false if less is left.
func (b *budget) spend(amount float64, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.at.IsZero() {
		b.spent = max(0, b.spent-b.perSecond*now.Sub(b.at).Seconds())
	}
	b.at = now
	if b.spent+amount > b.most {
		return false
	}
	b.spent += amount
	return true
}
