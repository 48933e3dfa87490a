package node

import (
	"context"
	"math"
	"slices"
	"strings"

	"sleutelbos/eventstore"
)

const defaultLimit = 512

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
	head, next := placeOf(l.Head()), placeOf(q.Beyond)
	page := AllPage{Next: q.Beyond}
	end := head
	if uint64(q.Consider) < uint64(head) && next+place(q.Consider) < head {
		end = next + place(q.Consider)
	}
	sparse := l.sparse(&q, head)
	// A page that ends with its chunk needs no copy, so half a page is enough.
	enough := min(q.Limit, blockEvents/2)
	for ; next < end && len(page.Events) < enough; next = placeOf(page.Next) {
		// What is in memory is looked at; what is not is skipped by the links, if they help.
		if sparse != nil && next+1 < l.tail.start(head+1) {
			if err := l.skip(ctx, &q, sparse, end, &page); err != nil {
				return AllPage{}, err
			}
			continue
		}
		chunk, err := l.chunk(ctx, next+1, end)
		if err != nil {
			return AllPage{}, err
		}
		page.take(&q, chunk, end)
	}
	page.AtEnd = next >= head
	return page, nil
}

// take adds what a query keeps of a chunk. A page that is one whole run of a chunk shares it.
func (p *AllPage) take(q *AllQuery, chunk []eventstore.Recorded, end place) {
	if over := placeOf(chunk[len(chunk)-1].Position); over > end {
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
	head := placeOf(l.Head())
	next := min(placeOf(q.Beyond), head+1)
	end := place(1) // the last to consider
	if uint64(q.Consider) < uint64(next) {
		end = next - place(q.Consider)
	}
	var page AllPage
	for next > end && len(page.Events) < q.Limit {
		chunk, err := l.before(ctx, next-1, head)
		if err != nil {
			return AllPage{}, err
		}
		for i := len(chunk) - 1; i >= 0 && len(page.Events) < q.Limit && placeOf(chunk[i].Position) >= end; i-- {
			if q.keeps(&chunk[i]) {
				page.Events = append(page.Events, chunk[i])
			}
			next = placeOf(chunk[i].Position)
		}
	}
	page.Next, page.AtEnd = next.position(), next <= 1
	return page, nil
}
