package node

import (
	"context"
	"database/sql/driver"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// StreamInfo answers what shows of a stream. Errors: eventstore.ErrStreamDeleted once it
// was tombstoned, eventstore.ErrUnavailable.
func (l *Log) StreamInfo(ctx context.Context, stream string) (StreamInfo, error) {
	if err := checkName("stream", stream); err != nil {
		return StreamInfo{}, err
	}
	if isVirtual(stream) {
		return l.virtualInfo(ctx, stream)
	}
	_, info, err := l.look(ctx, stream)
	return info, err
}

// look answers the head of a stream and what shows of it.
func (l *Log) look(ctx context.Context, stream string) (head, StreamInfo, error) {
	if err := l.alive(ctx); err != nil {
		return head{}, StreamInfo{}, err
	}
	if isMetastream(stream) && len(stream) > len(MetastreamPrefix) {
		if _, err := l.head(ctx, stream[len(MetastreamPrefix):]); err != nil {
			return head{}, StreamInfo{}, err // it ends with its stream
		}
	}
	h, err := l.head(ctx, stream)
	if err != nil {
		return h, StreamInfo{}, err
	}
	info := StreamInfo{State: StreamLive, First: h.first(stream), Last: h.last}
	switch {
	case h.last < 0:
		info.State = StreamMissing
	case h.softDeleted():
		info.State = StreamSoftDeleted
	case h.meta != nil && h.meta.MaxAge > 0 && !isMetastream(stream):
		// Clocks are set back at times, so the oldest that is young enough is looked for.
		err = l.reading(ctx, func(c *sqlitex.Conn) (err error) {
			info.First, err = c.Integer(h.last+1, "SELECT rev FROM events WHERE sid=? AND rev>=? AND created>=? ORDER BY rev LIMIT 1",
				h.sid, info.First, l.oldest(h))
			return err
		})
	}
	return h, info, err
}

// oldest answers the creation time, in nanoseconds, of the oldest event that $maxAge shows.
func (l *Log) oldest(h head) int64 {
	if h.meta == nil || h.meta.MaxAge <= 0 {
		return 0
	}
	return l.now().Add(-h.meta.MaxAge).UnixNano()
}

// ReadStream answers up to limit events of a stream from a revision on, that one included;
// backwards, math.MaxInt64 is the last. A virtual stream answers links. Errors:
// eventstore.ErrStreamDeleted once it was tombstoned, eventstore.ErrUnavailable, ErrInvalid.
func (l *Log) ReadStream(ctx context.Context, stream string, from int64, dir eventstore.Direction, limit int) (StreamPage, error) {
	if err := checkName("stream", stream); err != nil {
		return StreamPage{}, err
	}
	if limit <= 0 {
		limit = defaultLimit
	}
	if isVirtual(stream) {
		return l.readVirtual(ctx, stream, from, dir, limit)
	}
	h, info, err := l.look(ctx, stream)
	if err != nil {
		return StreamPage{}, err
	}
	page := StreamPage{StreamInfo: info, AtEnd: true}
	low, high := page.window(from, dir)
	if info.State != StreamLive || low > high {
		return page, nil
	}
	if low == high && low == h.last && h.lastPos != 0 && h.meta == nil {
		page.Events = l.tail.between(h.lastPos, h.lastPos)
	}
	if page.Events == nil {
		if page.Events, err = l.readRevisions(ctx, stream, h, low, high, dir, limit); err != nil {
			return StreamPage{}, err
		}
	}
	if n := len(page.Events); n > 0 {
		page.goOn(page.Events[n-1].Revision, low, high, dir)
	}
	return page, nil
}

// window answers the revisions that a read may answer, and says where a later one goes on.
func (p *StreamPage) window(from int64, dir eventstore.Direction) (low, high int64) {
	if dir == eventstore.Backwards {
		p.Next = max(p.First-1, -1)
		return p.First, min(from, p.Last)
	}
	p.Next = max(from, p.Last+1)
	return max(from, p.First, 0), p.Last
}

func (p *StreamPage) goOn(last, low, high int64, dir eventstore.Direction) {
	if dir == eventstore.Backwards {
		p.Next, p.AtEnd = last-1, last <= low
		return
	}
	p.Next, p.AtEnd = last+1, last >= high
}

func (l *Log) readRevisions(ctx context.Context, stream string, h head, low, high int64, dir eventstore.Direction, limit int) (events []eventstore.Recorded, err error) {
	order, aged := "rev", ""
	if dir == eventstore.Backwards {
		order = "rev DESC"
	}
	args := []driver.Value{h.sid, low, high}
	if oldest := l.oldest(h); oldest > 0 && !isMetastream(stream) {
		aged = " AND created>=?"
		args = append(args, oldest)
	}
	// No LIMIT: SQLite would plan the query anew for each number. The reader stops by itself.
	where := "WHERE sid=? AND rev BETWEEN ? AND ?" + aged + " ORDER BY " + order
	err = l.reading(ctx, func(c *sqlitex.Conn) error {
		events, err = l.events(c, stream, limit, where, args...)
		return err
	})
	return events, err
}
