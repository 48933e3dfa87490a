package log

import (
	"sleutelbos/eventstore/node/cache"
	"sleutelbos/eventstore/node/index"
)

// Memory is what a log keeps of its file: the committer publishes to it after each commit,
// and readers look here before they read the file. A log that is open for reading only has
// one in which nothing is published.
type Memory struct {
	Progress *cache.Progress
	Heads    *cache.Heads
	Tail     *cache.Tail
	Blocks   *cache.Blocks
	Streams  *cache.StreamNames
	Kinds    *index.Kinds
	Links    *index.Links
}

// NewMemory returns an empty memory that keeps the newest events, at most so many and of so
// many bytes.
func NewMemory(tailEvents, tailBytes int) *Memory {
	return &Memory{
		Progress: cache.NewProgress(), Heads: cache.NewHeads(), Tail: cache.NewTail(tailEvents, tailBytes),
		Blocks: cache.NewBlocks(), Streams: cache.NewStreamNames(), Kinds: index.NewKinds(), Links: &index.Links{},
	}
}
