// Package bounded keeps in memory what is known by something that clients choose: an address, an
// account, a key, a text. Whatever they choose, it holds no more than it was made for. Nothing
// else of the program keeps a map by such a key.
package bounded

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Map is a map that forgets what was asked for least recently, once it is full, and what is too
// old. It is safe for concurrent use.
type Map[K comparable, V any] struct {
	mu   sync.Mutex
	all  *simplelru.LRU[K, entry[V]]
	keep time.Duration
	gone func(K, V)
}

type entry[V any] struct {
	value V
	until time.Time // zero: for ever
}

// New returns a map of at most so many entries. An entry is forgotten once it was not put for
// as long as keep says; 0 is never. It panics if there is no room at all: a fault of the program.
func New[K comparable, V any](most int, keep time.Duration) *Map[K, V] {
	return NewClosing[K, V](most, keep, nil)
}

// NewClosing returns a map that calls a function with each entry that leaves it, except one
// that Update or Put replaces. The function must not use the map.
func NewClosing[K comparable, V any](most int, keep time.Duration, gone func(K, V)) *Map[K, V] {
	m := &Map[K, V]{keep: keep, gone: gone}
	all, err := simplelru.NewLRU(most, m.left)
	if err != nil {
		panic("bounded: a map without room: " + err.Error())
	}
	m.all = all
	return m
}

func (m *Map[K, V]) left(key K, e entry[V]) {
	if m.gone != nil {
		m.gone(key, e.value)
	}
}

// Get returns what is kept at a moment; false if nothing is.
func (m *Map[K, V]) Get(key K, now time.Time) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(key, now)
}

func (m *Map[K, V]) get(key K, now time.Time) (V, bool) {
	e, ok := m.all.Get(key)
	if ok && !e.until.IsZero() && !now.Before(e.until) {
		m.all.Remove(key)
		ok = false
	}
	if !ok {
		var none V
		return none, false
	}
	return e.value, true
}

// Put keeps a value from a moment on.
func (m *Map[K, V]) Put(key K, value V, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(key, value, now)
}

func (m *Map[K, V]) put(key K, value V, now time.Time) {
	e := entry[V]{value: value}
	if m.keep > 0 {
		e.until = now.Add(m.keep)
	}
	m.all.Add(key, e)
}

// Update keeps what follows from what is kept, and returns it. Nothing else happens to the map
// meanwhile. If the function returns false, nothing is kept any more.
func (m *Map[K, V]) Update(key K, now time.Time, follow func(old V, found bool) (V, bool)) V {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, found := m.get(key, now)
	value, keep := follow(old, found)
	if keep {
		m.put(key, value, now)
	} else if found {
		m.all.Remove(key)
	}
	return value
}

// Remove forgets an entry.
func (m *Map[K, V]) Remove(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all.Remove(key)
}

// Clear forgets all.
func (m *Map[K, V]) Clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all.Purge()
}

// Len returns how many entries there are, those that are too old among them.
func (m *Map[K, V]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.all.Len()
}
