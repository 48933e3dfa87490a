package node

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"sleutelbos/eventstore"
)

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

const eventColumns = "SELECT pos, rev, type, created, binary, id, meta, data"

// events reads events from the file. An empty stream name means that they are of many.
func (l *Log) events(c *conn, stream string, most int, where string, args ...driver.Value) ([]eventstore.Recorded, error) {
	names := l.kinds.shared.Load()
	out := make([]eventstore.Recorded, 0, min(most, 1024))
	columns := eventColumns + " FROM events "
	var sids []int64
	if stream == "" {
		columns = eventColumns + ", sid FROM events "
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
		if e.Type = names.typeName(v[2].(int64)); e.Type == "" {
			newer, err := loadKinds(c) // committed a moment ago, or by another process
			if err != nil {
				return err
			}
			if names = &newer; names.typeName(v[2].(int64)) == "" {
				return fmt.Errorf("%w: %w: position %d is of no type", eventstore.ErrUnavailable, ErrCorrupt, e.Position)
			}
			e.Type = names.typeName(v[2].(int64))
		}
		e.Stream = stream
		if stream == "" {
			sids = append(sids, v[8].(int64))
		}
		bytes += weight(&e)
		out = append(out, e)
		return nil
	}, columns+where, args...)
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
	id := bytesOf(v[5])
	if len(id) != len(uuid.UUID{}) {
		return fmt.Errorf("%w: %w: position %d has no id", eventstore.ErrUnavailable, ErrCorrupt, v[0])
	}
	e.ID = uuid.UUID(id)
	e.Position = eventstore.Position(v[0].(int64))
	e.Revision = v[1].(int64)
	e.Created = time.Unix(0, v[3].(int64)).UTC()
	e.Binary = v[4].(int64) != 0
	e.Metadata, e.Data = bytesOf(v[6]), bytesOf(v[7])
	return nil
}
