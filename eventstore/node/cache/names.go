package cache

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
)

// StreamNames knows the names of the streams read last, by number.
type StreamNames struct {
	mu  sync.Mutex
	lru *simplelru.LRU[int64, string]
}

// NewStreamNames returns an empty cache.
func NewStreamNames() *StreamNames { return &StreamNames{lru: newLRU[int64, string](cachedStreams)} }

// Fill names the streams of events, given their numbers. It asks fetch for the names that it
// does not know, and keeps all that fetch returns.
func (s *StreamNames) Fill(events []eventstore.Recorded, numbers []int64, fetch func(numbers []int64) (map[int64]string, error)) error {
	missing := s.known(events, numbers)
	if len(missing) == 0 {
		return nil
	}
	found, err := fetch(missing)
	if err != nil {
		return err
	}
	for i, number := range numbers {
		if events[i].Stream != "" {
			continue
		}
		if events[i].Stream = found[number]; found[number] == "" {
			return logfile.Unavailable(logfile.Damaged("position %d is of no stream", logfile.PlaceOf(events[i].Position)))
		}
	}
	s.keep(found)
	return nil
}

// known fills in the names that are here, and returns the numbers of those that are not.
func (s *StreamNames) known(events []eventstore.Recorded, numbers []int64) (missing []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, number := range numbers {
		name, ok := s.lru.Get(number)
		if !ok {
			missing = append(missing, number)
		}
		events[i].Stream = name
	}
	return missing
}

func (s *StreamNames) keep(names map[int64]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for number, name := range names {
		s.lru.Add(number, name)
	}
}

// Forget drops all names.
func (s *StreamNames) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lru.Purge()
}
