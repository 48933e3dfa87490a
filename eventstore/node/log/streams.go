package log

import (
	"context"
	"database/sql/driver"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// Streams reads streams, those of the log and the virtual ones.
type Streams struct {
	pages pages
	now   func() time.Time
}

// NewStreams returns the reader of a file whose log has a memory and a clock.
func NewStreams(f *logfile.File, m *Memory, now func() time.Time) *Streams {
	return &Streams{pages{f, m}, now}
}

// StreamInfo returns what shows of a stream. Errors: eventstore.ErrStreamDeleted once it was
// tombstoned, eventstore.ErrUnavailable, ErrInvalid.
func (s *Streams) StreamInfo(ctx context.Context, stream string) (StreamInfo, error) {
	if err := checkName("stream", stream); err != nil {
		return StreamInfo{}, err
	}
	if index.IsVirtual(stream) {
		_, _, info, err := s.virtual(ctx, stream)
		return info, err
	}
	_, info, err := s.look(ctx, stream)
	return info, err
}

// Metadata returns what the newest event of "$$stream" says; Revision is -1 if there is
// none. Errors: eventstore.ErrStreamDeleted, eventstore.ErrUnavailable.
func (s *Streams) Metadata(ctx context.Context, stream string) (index.Metadata, error) {
	h, err := s.head(ctx, stream)
	if err != nil {
		return index.Metadata{}, err
	}
	if h.Metadata == nil {
		return index.Metadata{Revision: -1}, nil
	}
	return *h.Metadata, nil
}

// head returns what is known of a stream.
func (s *Streams) head(ctx context.Context, stream string) (h index.Head, err error) {
	fetch := func() (h index.Head, err error) {
		err = s.pages.file.Read(ctx, func(c *sqlitex.Conn) error {
			h, err = index.ReadHead(c, stream)
			return err
		})
		return h, err
	}
	if s.pages.writes() {
		h, err = s.pages.memory.Heads.Get(stream, fetch)
	} else {
		h, err = fetch()
	}
	if err != nil {
		return h, err
	}
	if h.Tombstoned() {
		return h, eventstore.ErrStreamDeleted
	}
	return h, nil
}

// look returns the head of a stream and what shows of it.
func (s *Streams) look(ctx context.Context, stream string) (index.Head, StreamInfo, error) {
	if err := s.pages.file.Alive(ctx); err != nil {
		return index.Head{}, StreamInfo{}, err
	}
	if index.IsMetastream(stream) && index.Described(stream) != "" {
		if _, err := s.head(ctx, index.Described(stream)); err != nil {
			return index.Head{}, StreamInfo{}, err // it ends with its stream
		}
	}
	h, err := s.head(ctx, stream)
	if err != nil {
		return h, StreamInfo{}, err
	}
	info := StreamInfo{State: StreamLive, First: h.First(stream), Last: h.Last}
	switch {
	case h.Last < 0:
		info.State = StreamMissing
	case h.SoftDeleted():
		info.State = StreamSoftDeleted
	case h.Metadata != nil && h.Metadata.MaxAge > 0 && !index.IsMetastream(stream):
		// Clocks are set back at times, so the oldest that is young enough is looked for.
		err = s.pages.file.Read(ctx, func(c *sqlitex.Conn) (err error) {
			info.First, err = c.Integer(h.Last+1, "SELECT rev FROM events WHERE sid=? AND rev>=? AND created>=? ORDER BY rev LIMIT 1",
				h.Stream, info.First, s.oldest(h))
			return err
		})
	}
	return h, info, err
}

// oldest returns the creation time, in nanoseconds, of the oldest event that $maxAge shows.
func (s *Streams) oldest(h index.Head) int64 {
	if h.Metadata == nil || h.Metadata.MaxAge <= 0 {
		return 0
	}
	return s.now().Add(-h.Metadata.MaxAge).UnixNano()
}

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
