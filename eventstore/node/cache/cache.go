// Package cache is what the embedded log keeps in memory of its file. Each cache has one
// lock, which guards only itself: nobody holds two of them, and nobody holds one while the
// disk is read or written.
//
//	the committer, after each commit                  readers, any number of them
//	────────────────────────────────                  ────────────────────────────
//	IDs       the newest ids, for repeated appends    (the committer's own: no lock)
//	Heads     publish ──────────► mutex ◄──────────── Get: one reads the file for all who ask
//	Tail      add ──────────────► RWMutex ◄────────── Between: the newest events
//	Progress  advance ──────────► atomics, mutex ◄─── Head, Visible, Changed
//	Blocks    (a block is full)   mutex ◄──────────── Get: one reads the file for all who ask
//	StreamNames (names last)      mutex ◄──────────── Fill
//
// The committer publishes in this order: heads, ids, kinds, links (package index), tail, and
// Progress last. Whoever sees a new head in Progress therefore finds everything up to it.
//
// The caches know no SQL: whoever asks them for what they do not have says how it is read.
package cache

import "github.com/hashicorp/golang-lru/v2/simplelru"

// newLRU returns a cache that keeps so many of the values used last. It has no lock.
func newLRU[K comparable, V any](size int) *simplelru.LRU[K, V] {
	lru, err := simplelru.NewLRU[K, V](size, nil)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return lru
}
