package engine

import lru "github.com/hashicorp/golang-lru/v2"

// Memory is what commands remember between calls and keep nowhere else. Only a call can put
// something there, so that a dry run leaves nothing behind.
type Memory[V any] struct{ of *lru.Cache[string, V] }

// NewMemory returns a memory of so many things; beyond them it forgets what was asked for last.
func NewMemory[V any](size int) (Memory[V], error) {
	of, err := lru.New[string, V](size)
	return Memory[V]{of}, err
}

// Get returns what is remembered of a key.
func (m Memory[V]) Get(key string) (V, bool) { return m.of.Get(key) }

// Put remembers something of a key, unless the call is a dry run.
func (m Memory[V]) Put(c *Call, key string, v V) {
	if !c.DryRun {
		m.of.Add(key, v)
	}
}
