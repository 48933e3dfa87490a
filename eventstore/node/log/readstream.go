package log

import (
	"context"
	"database/sql/driver"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/internal/sqlitex"
)

// ReadStream returns up to limit events of a stream from a revision on, that one included;
// backwards, math.MaxInt64 is the last. A virtual stream returns links. Errors:
// eventstore.ErrStreamDeleted once it was tombstoned, eventstore.ErrUnavailable, ErrInvalid.
func (s *Streams) ReadStream(ctx context.Context, stream string, from int64, dir eventstore.Direction, limit int) (StreamPage, error) {
	if err := checkName("stream", stream); err != nil {
		return StreamPage{}, err
	}
	if limit <= 0 {
		limit = DefaultLimit
	}
	if index.IsVirtual(stream) {
		return s.readVirtual(ctx, stream, from, dir, limit)
	}
	h, info, err := s.look(ctx, stream)
	if err != nil {
		return StreamPage{}, err
	}
	page := StreamPage{StreamInfo: info, AtEnd: true}
	low, high := page.window(from, dir)
	if info.State != StreamLive || low > high {
		return page, nil
	}
	if low == high && low == h.Last && h.LastAt != 0 && h.Metadata == nil {
		page.Events = s.pages.memory.Tail.Between(h.LastAt, h.LastAt)
	}
	if page.Events == nil {
		if page.Events, err = s.readRevisions(ctx, stream, h, low, high, dir, limit); err != nil {
			return StreamPage{}, err
		}
	}
	if n := len(page.Events); n > 0 {
		page.goOn(page.Events[n-1].Revision, low, high, dir)
	}
	return page, nil
}

// window returns the revisions that a read may return, and says where a later one goes on.
func (p *StreamPage) window(from int64, dir eventstore.Direction) (low, high int64) {
	if dir == eventstore.Backwards {
		p.Next = max(p.First-1, -1)
		return p.First, min(from, p.Last)
	}
	p.Next = max(from, p.Last+1)
	return max(from, p.First, 0), p.Last
}

// goOn says where the next page begins, after a page that ends with the revision last.
func (p *StreamPage) goOn(last, low, high int64, dir eventstore.Direction) {
	if dir == eventstore.Backwards {
		p.Next, p.AtEnd = last-1, last <= low
		return
	}
	p.Next, p.AtEnd = last+1, last >= high
}

func (s *Streams) readRevisions(ctx context.Context, stream string, h index.Head, low, high int64, dir eventstore.Direction, limit int) (events []eventstore.Recorded, err error) {
	order, aged := "rev", ""
	if dir == eventstore.Backwards {
		order = "rev DESC"
	}
	args := []driver.Value{h.Stream, low, high}
	if oldest := s.oldest(h); oldest > 0 && !index.IsMetastream(stream) {
		aged = " AND created>=?"
		args = append(args, oldest)
	}
	// No LIMIT: SQLite would plan the query anew for each number. The reader stops by itself.
	where := "WHERE sid=? AND rev BETWEEN ? AND ?" + aged + " ORDER BY " + order
	err = s.pages.file.Read(ctx, func(c *sqlitex.Conn) error {
		events, err = s.pages.events(c, stream, limit, where, args...)
		return err
	})
	return events, err
}
