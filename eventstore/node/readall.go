package node

import (
	"context"
	"math"
	"slices"
	"strings"

	"sleutelbos/eventstore"
)

const (
	defaultLimit = 512
	mostLinked   = 32 // kinds that a filter may name to be answered from the links
)

// ReadAll answers a part of the log. Errors: eventstore.ErrUnavailable, the context's.
func (l *Log) ReadAll(ctx context.Context, q AllQuery) (AllPage, error) {
	if err := l.refresh(ctx); err != nil {
		return AllPage{}, err
	}
	if err := l.alive(ctx); err != nil {
		return AllPage{}, err
	}
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	if q.Consider <= 0 {
		q.Consider = math.MaxInt
	}
	if q.Direction == eventstore.Backwards {
		return l.readAllBackwards(ctx, q)
	}
	return l.readAllForwards(ctx, q)
}

func (l *Log) alive(ctx context.Context) error {
	if l.ctx.Err() != nil {
		return closedError()
	}
	return ctx.Err()
}

// keeps says whether an event passes the filters of a query.
func (q *AllQuery) keeps(e *eventstore.Recorded) bool {
	if !q.System && isSystem(e.Stream, e.Type) {
		return false
	}
	if !hasPrefix(e.Stream, q.Filter.Streams) || !hasPrefix(e.Type, q.Filter.Types) {
		return false
	}
	return q.Match == nil || q.Match(e.Stream, e.Type)
}

func hasPrefix(s string, prefixes []string) bool {
	return len(prefixes) == 0 || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

func (l *Log) readAllForwards(ctx context.Context, q AllQuery) (AllPage, error) {
	head := l.Head()
	page := AllPage{Next: q.Beyond}
	end := head
	if uint64(q.Consider) < uint64(head) && q.Beyond+eventstore.Position(q.Consider) < head {
		end = q.Beyond + eventstore.Position(q.Consider)
	}
	sparse := l.sparse(&q, head)
	// A page that ends with its chunk needs no copy, so half a page is enough.
	enough := min(q.Limit, blockEvents/2)
	for page.Next < end && len(page.Events) < enough {
		// What is in memory is looked at; what is not is skipped by the links, if they help.
		if sparse != nil && page.Next+1 < l.tail.start(head+1) {
			if err := l.skip(ctx, &q, sparse, end, &page); err != nil {
				return AllPage{}, err
			}
			continue
		}
		chunk, err := l.chunk(ctx, page.Next+1, end)
		if err != nil {
			return AllPage{}, err
		}
		page.take(&q, chunk, end)
	}
	page.AtEnd = page.Next >= head
	return page, nil
}

// take adds what a query keeps of a chunk. A page that is one whole run of a chunk shares it.
func (p *AllPage) take(q *AllQuery, chunk []eventstore.Recorded, end eventstore.Position) {
	if over := chunk[len(chunk)-1].Position; over > end {
		chunk = chunk[:len(chunk)-int(over-end)]
	}
	kept := 0
	for kept < len(chunk) && kept < q.Limit && q.keeps(&chunk[kept]) {
		kept++
	}
	if len(p.Events) == 0 {
		p.Events = chunk[:kept:kept]
	} else {
		kept = 0
	}
	if kept > 0 {
		p.Next = chunk[kept-1].Position
	}
	for i := kept; i < len(chunk) && len(p.Events) < q.Limit; i++ {
		if q.keeps(&chunk[i]) {
			p.Events = append(p.Events, chunk[i])
		}
		p.Next = chunk[i].Position
	}
}

func (l *Log) readAllBackwards(ctx context.Context, q AllQuery) (AllPage, error) {
	head := l.Head()
	page := AllPage{Next: min(q.Beyond, head+1)}
	end := eventstore.Position(1) // the last to consider
	if uint64(q.Consider) < uint64(page.Next) {
		end = page.Next - eventstore.Position(q.Consider)
	}
	for page.Next > end && len(page.Events) < q.Limit {
		chunk, err := l.before(ctx, page.Next-1, head)
		if err != nil {
			return AllPage{}, err
		}
		for i := len(chunk) - 1; i >= 0 && len(page.Events) < q.Limit && chunk[i].Position >= end; i-- {
			if q.keeps(&chunk[i]) {
				page.Events = append(page.Events, chunk[i])
			}
			page.Next = chunk[i].Position
		}
	}
	page.AtEnd = page.Next <= 1
	return page, nil
}

// sparse answers the kinds whose links hold all that a filter by prefix can keep, if these
// are few enough that looking them up costs less than looking at everything.
func (l *Log) sparse(q *AllQuery, head eventstore.Position) []int64 {
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
func (l *Log) skip(ctx context.Context, q *AllQuery, kinds []int64, end eventstore.Position, page *AllPage) error {
	room := q.Limit - len(page.Events)
	var targets []eventstore.Position
	err := l.reading(ctx, func(c *conn) error {
		for _, kid := range kinds {
			found, err := l.links.get(kid).beyond(c, kid, page.Next, room)
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
			upTo = events[i].Position // cut short: they are large
		}
	}
	page.Next = upTo
	return nil
}

// at answers the events at ascending positions, at least the first, fewer than asked for
// if they are large.
func (l *Log) at(ctx context.Context, positions []eventstore.Position) ([]eventstore.Recorded, error) {
	out := make([]eventstore.Recorded, 0, len(positions))
	bytes := 0
	err := l.reading(ctx, func(c *conn) error {
		for _, p := range positions {
			if bytes > pageBytes {
				return nil
			}
			events := l.tail.between(p, p)
			if events == nil {
				var err error
				if events, err = l.events(c, "", 1, "WHERE pos=?", int64(p)); err != nil {
					return err
				}
				if len(events) == 0 {
					return missing(p)
				}
			}
			out = append(out, events[0])
			bytes += weight(&events[0])
		}
		return nil
	})
	return out, err
}
