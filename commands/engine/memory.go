package engine

import "sleutelbos/internal/bounded"

// Memory is what commands remember between calls and keep nowhere else. Only a call can put
// something there, so that a dry run leaves nothing behind.
type Memory[V any] struct{ of *bounded.Map[string, V] }

// NewMemory returns a memory of so many things; beyond them it forgets what was asked for least
// recently.
func NewMemory[V any](size int) Memory[V] { return Memory[V]{bounded.New[string, V](size, 0)} }

// Get returns what is remembered of a key.
func (m Memory[V]) Get(c *Call, key string) (V, bool) { return m.of.Get(key, c.Now) }

// Put remembers something of a key, unless the call is a dry run.
func (m Memory[V]) Put(c *Call, key string, v V) {
	if !c.DryRun {
		m.of.Put(key, v, c.Now)
	}
}
