package node

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"sleutelbos/eventstore"
)

// changes tells those who wait that something was committed.
type changes struct {
	mu   sync.Mutex
	next chan struct{}
}

func (c *changes) wait() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next
}

func (c *changes) broadcast() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.next)
	c.next = make(chan struct{})
}

// Changed answers a channel that the next commit, or Close, closes. Take it, read, and only
// then wait on it: so no commit is missed. A log opened for reading only never closes it.
func (l *Log) Changed() <-chan struct{} { return l.changes.wait() }

// Head answers the newest durable position, system events included; 0 if there is none.
// A log opened for reading only learns it with each read of the log.
func (l *Log) Head() eventstore.Position { return eventstore.Position(l.position.Load()) }

// newest shows a commit.
func (l *Log) newest(head, shown eventstore.Position) {
	if shown != 0 {
		l.visible.Store(uint64(shown))
	}
	l.position.Store(uint64(head))
	l.changes.broadcast()
}

// reading lends a connection of the pool.
func (l *Log) reading(ctx context.Context, use func(*conn) error) error {
	var c *conn
	select {
	case <-l.ctx.Done():
		return closedError()
	default:
	}
	select {
	case c = <-l.readers:
	case <-ctx.Done():
		return ctx.Err()
	case <-l.ctx.Done():
		return closedError()
	}
	defer func() { l.readers <- c }()
	if err := ctx.Err(); err != nil {
		return err
	}
	if c == nil {
		var err error
		if c, err = l.openReader(); err != nil {
			return err
		}
	}
	return use(c)
}

func (l *Log) openReader() (*conn, error) {
	return openConn(l.file, "ro", "query_only=1", fmt.Sprintf("cache_size=-%d", readCacheBytes>>10))
}

// refresh looks at the file for what another process wrote, if this one only reads.
func (l *Log) refresh(ctx context.Context) error {
	if l.writer != nil {
		return nil
	}
	return l.reading(ctx, func(c *conn) error {
		head, err := c.integer(0, "SELECT max(pos) FROM events")
		if err != nil {
			return err
		}
		l.position.Store(uint64(head))
		return nil
	})
}

// head answers what is known of a stream.
func (l *Log) head(ctx context.Context, stream string) (h head, err error) {
	fetch := func() (h head, err error) {
		err = l.reading(ctx, func(c *conn) error {
			h, err = fetchHead(c, stream)
			return err
		})
		return h, err
	}
	if l.writer == nil {
		h, err = fetch()
	} else {
		h, err = l.heads.get(stream, fetch)
	}
	if err != nil {
		return h, err
	}
	if h.tombstoned() {
		return h, eventstore.ErrStreamDeleted
	}
	return h, nil
}

// streamNames knows the names of the streams read last, by number.
type streamNames struct {
	mu  sync.Mutex
	lru *simplelru.LRU[int64, string]
}

func newStreamNames() *streamNames {
	lru, err := simplelru.NewLRU[int64, string](cachedHeads, nil)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return &streamNames{lru: lru}
}

// fill names the streams of events.
func (s *streamNames) fill(c *conn, events []eventstore.Recorded, sids []int64) error {
	var missing []int
	s.mu.Lock()
	for i, sid := range sids {
		name, ok := s.lru.Get(sid)
		if !ok {
			missing = append(missing, i)
		}
		events[i].Stream = name
	}
	s.mu.Unlock()
	if len(missing) == 0 {
		return nil
	}
	found := make(map[int64]string, len(missing))
	for _, i := range missing {
		sid := sids[i]
		if _, ok := found[sid]; !ok {
			err := c.each(func(v []driver.Value) error {
				found[sid] = v[0].(string)
				return nil
			}, "SELECT name FROM streams WHERE sid=?", sid)
			if err != nil {
				return err
			}
			if found[sid] == "" {
				return fmt.Errorf("%w: %w: position %d is of no stream", eventstore.ErrUnavailable, ErrCorrupt, events[i].Position)
			}
		}
		events[i].Stream = found[sid]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for sid, name := range found {
		s.lru.Add(sid, name)
	}
	return nil
}

// pageBytes bounds what one read of the file takes into memory, the last event aside.
const pageBytes = 4 << 20

const eventColumns = "SELECT pos, sid, rev, type, created, binary, id, meta, data FROM events "

// events reads events from the file. An empty stream name means that they are of many.
func (l *Log) events(c *conn, stream string, most int, where string, args ...driver.Value) ([]eventstore.Recorded, error) {
	names := l.kinds.shared.Load()
	out := make([]eventstore.Recorded, 0, min(most, 1024))
	var sids []int64
	if stream == "" {
		sids = make([]int64, 0, cap(out))
	}
	bytes := 0
	err := c.each(func(v []driver.Value) error {
		if len(out) == most || bytes > pageBytes {
			return errPageFull
		}
		var e eventstore.Recorded
		if err := scan(v, &e); err != nil {
			return err
		}
		if e.Type = names.typeName(v[3].(int64)); e.Type == "" {
			newer, err := loadKinds(c) // committed a moment ago, or by another process
			if err != nil {
				return err
			}
			if names = &newer; names.typeName(v[3].(int64)) == "" {
				return fmt.Errorf("%w: %w: position %d is of no type", eventstore.ErrUnavailable, ErrCorrupt, e.Position)
			}
			e.Type = names.typeName(v[3].(int64))
		}
		e.Stream = stream
		if stream == "" {
			sids = append(sids, v[1].(int64))
		}
		bytes += weight(&e)
		out = append(out, e)
		return nil
	}, eventColumns+where, args...)
	if err != nil && !errors.Is(err, errPageFull) {
		return nil, err
	}
	if stream != "" {
		return out, nil
	}
	return out, l.names.fill(c, out, sids)
}

// errPageFull ends a query early.
var errPageFull = errors.New("the page is full")

func missing(p eventstore.Position) error {
	return fmt.Errorf("%w: %w: position %d is missing", eventstore.ErrUnavailable, ErrCorrupt, p)
}

func scan(v []driver.Value, e *eventstore.Recorded) error {
	id := bytesOf(v[6])
	if len(id) != len(uuid.UUID{}) {
		return fmt.Errorf("%w: %w: position %d has no id", eventstore.ErrUnavailable, ErrCorrupt, v[0])
	}
	e.ID = uuid.UUID(id)
	e.Position = eventstore.Position(v[0].(int64))
	e.Revision = v[2].(int64)
	e.Created = time.Unix(0, v[4].(int64)).UTC()
	e.Binary = v[5].(int64) != 0
	e.Metadata, e.Data = bytesOf(v[7]), bytesOf(v[8])
	return nil
}

// lastShownPosition answers the newest position that is no system event. Up to it the
// count of shown events is lower, from it on it stays: a binary search.
func lastShownPosition(c *conn, head, shown int64) (eventstore.Position, error) {
	if shown == 0 {
		return 0, nil
	}
	low, high := int64(1), head
	for low < high {
		middle := low + (high-low)/2
		n, err := c.integer(-1, "SELECT shown FROM events WHERE pos=?", middle)
		if err != nil {
			return 0, err
		}
		if n < shown {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return eventstore.Position(low), nil
}
