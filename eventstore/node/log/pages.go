package log

import (
	"context"
	"slices"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/cache"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// pages reads events by their places: from the tail if they are new, from the blocks if they
// are old, from the file if neither has them.
type pages struct {
	file   *logfile.File
	memory *Memory
}

// writes says whether this process writes the log, so that memory holds the newest of it.
func (p pages) writes() bool { return p.file.Writer() != nil }

// forwards returns events from a place on, that one included, as many as are at hand and at
// least one. The place is not beyond the head.
func (p pages) forwards(ctx context.Context, from, head logfile.Place) ([]eventstore.Recorded, error) {
	if events := p.memory.Tail.Between(from, head); events != nil {
		return events, nil
	}
	first := cache.BlockStart(from)
	if last := first + cache.BlockEvents - 1; last <= head {
		p.prefetch(first, head)
		events, err := p.block(ctx, first)
		if err != nil {
			return nil, err
		}
		if i := int(from - first); i < len(events) {
			return events[i:], nil
		}
		head = last
	}
	return p.readRange(ctx, from, min(head, from+cache.BlockEvents-1))
}

// backwards returns events up to a place, that one included, in the order of the log.
func (p pages) backwards(ctx context.Context, to, head logfile.Place) ([]eventstore.Recorded, error) {
	if from := p.memory.Tail.Start(head + 1); from <= to {
		return p.memory.Tail.Between(from, to), nil
	}
	first := cache.BlockStart(to)
	if last := first + cache.BlockEvents - 1; last <= head {
		events, err := p.block(ctx, first)
		if err != nil {
			return nil, err
		}
		if n := int(to-first) + 1; n <= len(events) {
			return events[:n:n], nil
		}
	}
	events, err := p.readRange(ctx, first, to)
	if err != nil || len(events) == int(to-first)+1 {
		return events, err
	}
	return p.readRange(ctx, to, to) // the events are large: one at a time
}

func (p pages) block(ctx context.Context, first logfile.Place) ([]eventstore.Recorded, error) {
	return p.memory.Blocks.Get(ctx, first, func(from, to logfile.Place) ([]eventstore.Recorded, error) {
		return p.readRange(ctx, from, to)
	})
}

// prefetch reads the next block in the background for whoever comes from the one before:
// so the disk's work and the reader's go side by side.
func (p pages) prefetch(first, head logfile.Place) {
	next := first + cache.BlockEvents
	if next+cache.BlockEvents-1 > head || !p.memory.Blocks.ReadOn(first) {
		return
	}
	p.file.Background(func(ctx context.Context) {
		// Whoever comes for the block finds it, or gets the error from a read of its own.
		_, _ = p.block(ctx, next)
	})
}

func (p pages) readRange(ctx context.Context, from, to logfile.Place) (events []eventstore.Recorded, err error) {
	err = p.file.Read(ctx, func(c *sqlitex.Conn) error {
		events, err = p.events(c, "", int(to-from)+1, "WHERE pos BETWEEN ? AND ? ORDER BY pos", int64(from), int64(to))
		if err == nil && (len(events) == 0 || logfile.PlaceOf(events[0].Position) != from) {
			err = missing(from)
		}
		return err
	})
	return events, err
}

// denseBlock is how many places of one block are worth reading all of it.
const denseBlock = 24

// at returns the events at places in their order: at least the first, fewer than asked for
// if they are large.
func (p pages) at(ctx context.Context, places []logfile.Place) ([]eventstore.Recorded, error) {
	out := make([]eventstore.Recorded, 0, len(places))
	head, bytes := p.memory.Progress.Head(), 0
	var shared []eventstore.Recorded // the block that was read last
	take := func(e eventstore.Recorded) {
		out, bytes = append(out, e), bytes+cache.Weight(&e)
	}
	for len(out) < len(places) && bytes <= pageBytes {
		rest := places[len(out):]
		place := rest[0]
		if e, ok := within(shared, place); ok {
			take(*e)
			continue
		}
		if recent := p.memory.Tail.Between(place, place); recent != nil {
			take(recent[0])
			continue
		}
		run := slices.IndexFunc(rest, func(q logfile.Place) bool { return cache.BlockStart(q) != cache.BlockStart(place) })
		if run < 0 {
			run = len(rest)
		}
		if run >= denseBlock {
			var err error
			if shared, err = p.forwards(ctx, cache.BlockStart(place), head); err != nil {
				return nil, err
			}
			if place <= logfile.PlaceOf(shared[len(shared)-1].Position) {
				continue
			}
		}
		err := p.readEach(ctx, rest[:run], func(e eventstore.Recorded) bool {
			take(e)
			return bytes <= pageBytes
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// within returns the event at a place, if it is one of a dense run of events.
func within(run []eventstore.Recorded, place logfile.Place) (*eventstore.Recorded, bool) {
	if len(run) == 0 {
		return nil, false
	}
	first, last := logfile.PlaceOf(run[0].Position), logfile.PlaceOf(run[len(run)-1].Position)
	if place < first || place > last {
		return nil, false
	}
	return &run[place-first], true
}

// readEach reads the events at places one by one, until take has had enough.
func (p pages) readEach(ctx context.Context, places []logfile.Place, take func(eventstore.Recorded) bool) error {
	return p.file.Read(ctx, func(c *sqlitex.Conn) error {
		for _, place := range places {
			events, err := p.events(c, "", 1, "WHERE pos=?", int64(place))
			if err != nil {
				return err
			}
			if len(events) == 0 {
				return missing(place)
			}
			if !take(events[0]) {
				return nil
			}
		}
		return nil
	})
}
