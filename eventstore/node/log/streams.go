package log

import (
	"context"
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
