package node

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
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
func (s *streamNames) fill(c *sqlitex.Conn, events []eventstore.Recorded, sids []int64) error {
	var missing []int64
	s.mu.Lock()
	for i, sid := range sids {
		name, ok := s.lru.Get(sid)
		if !ok {
			missing = append(missing, sid)
		}
		events[i].Stream = name
	}
	s.mu.Unlock()
	if len(missing) == 0 {
		return nil
	}
	found, err := fetchNames(c, missing)
	if err != nil {
		return err
	}
	for i, sid := range sids {
		if events[i].Stream != "" {
			continue
		}
		if events[i].Stream = found[sid]; found[sid] == "" {
			return fmt.Errorf("%w: %w: position %s is of no stream", eventstore.ErrUnavailable, ErrCorrupt, events[i].Position)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for sid, name := range found {
		s.lru.Add(sid, name)
	}
	return nil
}

// nearNumbers is how far apart two streams' numbers may be to be read in one go: a row in
// between costs a sixth of a query.
const nearNumbers = 6

// fetchNames reads the names of streams, some neighbors' too. Numbers are given in
// sequence, so streams that began together have neighboring rows.
func fetchNames(c *sqlitex.Conn, sids []int64) (map[int64]string, error) {
	slices.Sort(sids)
	names := make(map[int64]string, len(sids))
	for len(sids) > 0 {
		run := 1
		for run < len(sids) && sids[run]-sids[run-1] <= nearNumbers {
			run++
		}
		err := c.Each(func(v []driver.Value) error {
			names[v[0].(int64)] = v[1].(string)
			return nil
		}, "SELECT sid, name FROM streams WHERE sid BETWEEN ? AND ?", sids[0], sids[run-1])
		if err != nil {
			return nil, err
		}
		sids = sids[run:]
	}
	return names, nil
}

// pageBytes bounds what one read of the file takes into memory, the last event aside.
const pageBytes = 4 << 20

const eventColumns = "SELECT pos, rev, type, created, binary, id, meta, data"

// events reads events from the file. An empty stream name means that they are of many.
func (l *Log) events(c *sqlitex.Conn, stream string, most int, where string, args ...driver.Value) ([]eventstore.Recorded, error) {
	names := l.kinds.shared.Load()
	out := make([]eventstore.Recorded, 0, min(most, 1024))
	columns := eventColumns + " FROM events "
	var sids []int64
	if stream == "" {
		columns = eventColumns + ", sid FROM events "
		sids = make([]int64, 0, cap(out))
	}
	bytes := 0
	err := c.Each(func(v []driver.Value) error {
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
				return fmt.Errorf("%w: %w: position %s is of no type", eventstore.ErrUnavailable, ErrCorrupt, e.Position)
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

func missing(p place) error {
	return fmt.Errorf("%w: %w: position %d is missing", eventstore.ErrUnavailable, ErrCorrupt, p)
}

func scan(v []driver.Value, e *eventstore.Recorded) error {
	id := sqlitex.Bytes(v[5])
	if len(id) != len(uuid.UUID{}) {
		return fmt.Errorf("%w: %w: position %d has no id", eventstore.ErrUnavailable, ErrCorrupt, v[0])
	}
	e.ID = uuid.UUID(id)
	e.Position = place(v[0].(int64)).position()
	e.Revision = v[1].(int64)
	e.Created = time.Unix(0, v[3].(int64)).UTC()
	e.Binary = v[4].(int64) != 0
	e.Metadata, e.Data = sqlitex.Bytes(v[6]), sqlitex.Bytes(v[7])
	return nil
}
