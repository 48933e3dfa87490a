package log

import (
	"context"
	"math"
	"slices"
	"strings"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/cache"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
)

// All reads the log as a whole.
type All struct{ pages pages }

// NewAll returns the reader of a file whose log has a memory.
func NewAll(f *logfile.File, m *Memory) *All { return &All{pages{f, m}} }

// ReadAll returns a part of the log. Errors: eventstore.ErrUnavailable, the context's.
func (a *All) ReadAll(ctx context.Context, q AllQuery) (AllPage, error) {
	if err := a.Refresh(ctx); err != nil {
		return AllPage{}, err
	}
	if err := a.pages.file.Alive(ctx); err != nil {
		return AllPage{}, err
	}
	if q.Limit <= 0 {
		q.Limit = DefaultLimit
	}
	if q.Consider <= 0 {
		q.Consider = math.MaxInt
	}
	if q.Direction == eventstore.Backwards {
		return a.backwards(ctx, q)
	}
	return a.forwards(ctx, q)
}

// keeps says whether an event passes the filters of a query.
func (q *AllQuery) keeps(e *eventstore.Recorded) bool {
	if !q.System && index.IsSystem(e.Stream, e.Type) {
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

func (a *All) forwards(ctx context.Context, q AllQuery) (AllPage, error) {
	head, next := a.pages.memory.Progress.Head(), logfile.PlaceOf(q.Beyond)
	page := AllPage{Next: q.Beyond}
	end := head
	if uint64(q.Consider) < uint64(head) && next+logfile.Place(q.Consider) < head {
		end = next + logfile.Place(q.Consider)
	}
	sparse := a.sparse(&q, head)
	// A page that ends with its chunk needs no copy, so half a page is enough.
	enough := min(q.Limit, cache.BlockEvents/2)
	for ; next < end && len(page.Events) < enough; next = logfile.PlaceOf(page.Next) {
		// What is in memory is looked at; what is not is skipped by the links, if they help.
		if sparse != nil && next+1 < a.pages.memory.Tail.Start(head+1) {
			if err := a.skip(ctx, &q, sparse, end, &page); err != nil {
				return AllPage{}, err
			}
			continue
		}
		chunk, err := a.pages.forwards(ctx, next+1, end)
		if err != nil {
			return AllPage{}, err
		}
		page.take(&q, chunk, end)
	}
	page.AtEnd = next >= head
	return page, nil
}

// take adds what a query keeps of a chunk. A page that is one whole run of a chunk shares it.
func (p *AllPage) take(q *AllQuery, chunk []eventstore.Recorded, end logfile.Place) {
	if over := logfile.PlaceOf(chunk[len(chunk)-1].Position); over > end {
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

func (a *All) backwards(ctx context.Context, q AllQuery) (AllPage, error) {
	head := a.pages.memory.Progress.Head()
	next := min(logfile.PlaceOf(q.Beyond), head+1)
	end := logfile.Place(1) // the last to consider
	if uint64(q.Consider) < uint64(next) {
		end = next - logfile.Place(q.Consider)
	}
	var page AllPage
	sparse := a.sparse(&q, head)
	for next > end && len(page.Events) < q.Limit {
		if sparse != nil && next-1 < a.pages.memory.Tail.Start(head+1) {
			var err error
			if next, err = a.skipBack(ctx, &q, sparse, next, end, &page); err != nil {
				return AllPage{}, err
			}
			continue
		}
		chunk, err := a.pages.backwards(ctx, next-1, head)
		if err != nil {
			return AllPage{}, err
		}
		for i := len(chunk) - 1; i >= 0 && len(page.Events) < q.Limit && logfile.PlaceOf(chunk[i].Position) >= end; i-- {
			if q.keeps(&chunk[i]) {
				page.Events = append(page.Events, chunk[i])
			}
			next = logfile.PlaceOf(chunk[i].Position)
		}
	}
	page.Next, page.AtEnd = next.Position(), next <= 1
	return page, nil
}
