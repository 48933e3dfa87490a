package node

import (
	"context"
	"slices"
	"strings"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// mostLinked is how many kinds a filter may name to be answered from the links.
const mostLinked = 32

// sparse answers the kinds whose links hold all that a filter by prefix can keep, if these
// are few enough that looking them up costs less than looking at everything.
func (l *Log) sparse(q *AllQuery, head place) []int64 {
	// The links do not hold system events, and a reader beside the writer has none.
	if l.writer == nil || q.System || len(q.Filter.Streams)+len(q.Filter.Types) == 0 {
		return nil
	}
	names := l.kinds.shared.Load()
	found := []int64{} // not nil: a filter that nothing passes skips everything
	if len(q.Filter.Types) > 0 {
		for kid, name := range names.names {
			if t, ok := strings.CutPrefix(name, TypePrefix); ok && hasPrefix(t, q.Filter.Types) {
				found = append(found, int64(kid))
			}
		}
	} else {
		for _, prefix := range q.Filter.Streams {
			name, ok := category(prefix)
			if !ok {
				return nil // it may be the beginning of many categories, or of a stream without one
			}
			if kid, ok := names.ids[CategoryPrefix+name]; ok && !slices.Contains(found, kid) {
				found = append(found, kid)
			}
		}
	}
	if len(found) > mostLinked {
		return nil
	}
	total := int64(0)
	for _, kid := range found {
		total += l.links.get(kid).count
	}
	if total > int64(head)/8 {
		return nil
	}
	return found
}

// skip adds the next events of the kinds to a page, and moves it over all between them.
func (l *Log) skip(ctx context.Context, q *AllQuery, kinds []int64, end place, page *AllPage) error {
	room := q.Limit - len(page.Events)
	var targets []place
	err := l.reading(ctx, func(c *sqlitex.Conn) error {
		for _, kid := range kinds {
			found, err := l.links.get(kid).beyond(c, kid, placeOf(page.Next), room)
			if err != nil {
				return err
			}
			targets = append(targets, found...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(targets)
	targets = slices.Compact(targets)
	upTo := end
	if len(targets) >= room {
		targets = targets[:room]
		upTo = min(end, targets[room-1])
	}
	if i, _ := slices.BinarySearch(targets, end+1); i < len(targets) {
		targets = targets[:i]
	}
	events, err := l.at(ctx, targets)
	if err != nil {
		return err
	}
	for i := range events {
		if q.keeps(&events[i]) {
			page.Events = append(page.Events, events[i])
		}
		if len(events) > 0 && i == len(events)-1 && len(events) < len(targets) {
			upTo = placeOf(events[i].Position) // cut short: they are large
		}
	}
	page.Next = upTo.position()
	return nil
}

// denseBlock is how many positions of one block are worth reading all of it.
const denseBlock = 24

// at answers the events at positions in their order, at least the first, fewer than asked
// for if they are large.
func (l *Log) at(ctx context.Context, positions []place) ([]eventstore.Recorded, error) {
	out := make([]eventstore.Recorded, 0, len(positions))
	head, bytes := placeOf(l.Head()), 0
	var shared []eventstore.Recorded // of the block that was read last
	take := func(e eventstore.Recorded) {
		out, bytes = append(out, e), bytes+weight(&e)
	}
	for len(out) < len(positions) && bytes <= pageBytes {
		rest := positions[len(out):]
		p := rest[0]
		if len(shared) > 0 && p >= placeOf(shared[0].Position) && p <= placeOf(shared[len(shared)-1].Position) {
			take(shared[p-placeOf(shared[0].Position)])
			continue
		}
		if recent := l.tail.between(p, p); recent != nil {
			take(recent[0])
			continue
		}
		run := slices.IndexFunc(rest, func(q place) bool { return blockStart(q) != blockStart(p) })
		if run < 0 {
			run = len(rest)
		}
		var err error
		if run >= denseBlock {
			if shared, err = l.chunk(ctx, blockStart(p), head); err != nil {
				return nil, err
			}
			if p <= placeOf(shared[len(shared)-1].Position) {
				continue
			}
		}
		err = l.reading(ctx, func(c *sqlitex.Conn) error {
			for _, p := range rest[:run] {
				events, err := l.events(c, "", 1, "WHERE pos=?", int64(p))
				if err != nil {
					return err
				}
				if len(events) == 0 {
					return missing(p)
				}
				if take(events[0]); bytes > pageBytes {
					return nil
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
