package log

import (
	"database/sql/driver"
	"errors"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/cache"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// pageBytes bounds what one read of the file takes into memory, the last event aside.
const pageBytes = 4 << 20

const eventColumns = "SELECT pos, rev, type, created, binary, id, meta, data"

// errPageFull ends a query early.
var errPageFull = errors.New("the page is full")

// events reads events from the file. An empty stream name means that they are of many.
func (p pages) events(c *sqlitex.Conn, stream string, most int, where string, args ...driver.Value) ([]eventstore.Recorded, error) {
	types := typeNames{c: c, names: p.memory.Kinds.Committed()}
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
		e := eventstore.Recorded{Stream: stream}
		if err := scan(v, &e); err != nil {
			return err
		}
		var err error
		if e.Type, err = types.of(v[2].(int64), v[0].(int64)); err != nil {
			return err
		}
		if stream == "" {
			sids = append(sids, v[8].(int64))
		}
		bytes += cache.Weight(&e)
		out = append(out, e)
		return nil
	}, columns+where, args...)
	if err != nil && !errors.Is(err, errPageFull) {
		return nil, err
	}
	if stream != "" {
		return out, nil
	}
	return out, p.memory.Streams.Fill(out, sids, func(missing []int64) (map[int64]string, error) {
		return index.ReadStreamNames(c, missing)
	})
}

// typeNames knows the types of the events of one query.
type typeNames struct {
	c     *sqlitex.Conn
	names *index.Names
}

// of returns the type with a number. A type that is not known yet was committed a moment
// ago, or by another process: the file has it.
func (t *typeNames) of(kind, place int64) (string, error) {
	if name := t.names.Type(kind); name != "" {
		return name, nil
	}
	var err error
	if t.names, err = index.LoadNames(t.c); err != nil {
		return "", err
	}
	name := t.names.Type(kind)
	if name == "" {
		return "", logfile.Unavailable(logfile.Damaged("position %d is of no type", place))
	}
	return name, nil
}

func missing(p logfile.Place) error {
	return logfile.Unavailable(logfile.Damaged("position %d is missing", p))
}

// scan reads the columns of an event, its type and its stream aside.
func scan(v []driver.Value, e *eventstore.Recorded) error {
	id := sqlitex.Bytes(v[5])
	if len(id) != len(uuid.UUID{}) {
		return logfile.Unavailable(logfile.Damaged("position %d has no id", v[0]))
	}
	e.ID = uuid.UUID(id)
	e.Position = logfile.Place(v[0].(int64)).Position()
	e.Revision = v[1].(int64)
	e.Created = time.Unix(0, v[3].(int64)).UTC()
	e.Binary = v[4].(int64) != 0
	e.Metadata, e.Data = sqlitex.Bytes(v[6]), sqlitex.Bytes(v[7])
	return nil
}
