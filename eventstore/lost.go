package eventstore

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// lost remembers the subjects whose values a registry could not read: whose key is damaged, or
// not there.
type lost struct {
	some     atomic.Bool // whether there are any, so that a read that went well need not wait
	mu       sync.Mutex
	subjects map[string]struct{}
}

// mostLost is how many subjects are remembered. Beyond that the vault as a whole is the trouble.
const mostLost = 1000

// note notes how it went with a subject, whose key may have been mended since.
func (l *lost) note(subject string, unreadable bool) {
	if !unreadable && !l.some.Load() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !unreadable:
		delete(l.subjects, subject)
	case len(l.subjects) < mostLost:
		if l.subjects == nil {
			l.subjects = map[string]struct{}{}
		}
		l.subjects[subject] = struct{}{}
	}
	l.some.Store(len(l.subjects) > 0)
}

// Lost returns the subjects whose values could not be read since the program began, because
// their key is damaged or not in the vault: sorted, a thousand at most. One that could be read
// later is not among them.
func (r *Registry) Lost() []string {
	r.lost.mu.Lock()
	defer r.lost.mu.Unlock()
	return slices.Sorted(maps.Keys(r.lost.subjects))
}
