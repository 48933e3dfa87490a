package log

import (
	"database/sql/driver"
	"math"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/cache"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

func conflict(r *request, h index.Head) error {
	return &eventstore.ConflictError{Stream: r.Stream, Expected: r.Expected, Actual: h.Last}
}

// decide says whether a stream is as its appender expects. It returns no error if it is; the
// first receipt and true if just these events stand there already; a conflict otherwise, or
// ErrStreamDeleted if a stream that was deleted softly is expected to exist.
func (b *batch) decide(r *request, h index.Head) (eventstore.Receipt, bool, error) {
	if r.Expected == eventstore.StreamExists && h.Last < 0 && h.Metadata == nil {
		return eventstore.Receipt{}, false, conflict(r, h)
	}
	if r.Expected == eventstore.StreamExists && h.SoftDeleted() {
		return eventstore.Receipt{}, false, eventstore.ErrStreamDeleted
	}
	switch {
	case r.Expected == eventstore.Any || r.Expected == eventstore.StreamExists:
		return b.repeatedSomewhere(r, h)
	case int64(r.Expected) < h.Last:
		old, found, err := b.repeatedThere(r, h)
		if err != nil || found == len(r.Events) && found > 0 {
			return old, err == nil, err
		}
		if found == 0 && r.Expected == eventstore.NoStream && h.SoftDeleted() {
			return eventstore.Receipt{}, false, nil
		}
		return eventstore.Receipt{}, false, conflict(r, h)
	case int64(r.Expected) > h.Last:
		return eventstore.Receipt{}, false, conflict(r, h)
	}
	return eventstore.Receipt{}, false, nil
}

// repeatedSomewhere looks for the events among the newest of the log.
func (b *batch) repeatedSomewhere(r *request, h index.Head) (eventstore.Receipt, bool, error) {
	if h.Stream == 0 || len(r.Events) == 0 {
		return eventstore.Receipt{}, false, nil
	}
	found, last := 0, cache.Stand{}
	for i := range r.Events {
		stand, ok, err := b.find(h.Stream, r.Events[i].ID)
		if err != nil {
			return eventstore.Receipt{}, false, err
		}
		if ok {
			found, last = found+1, stand
		}
	}
	switch found {
	case 0:
		return eventstore.Receipt{}, false, nil
	case len(r.Events):
		return eventstore.Receipt{Stream: r.Stream, Revision: last.Revision, Position: last.Place.Position()}, true, nil
	}
	return eventstore.Receipt{}, false, conflict(r, h)
}

func (b *batch) find(sid int64, id uuid.UUID) (cache.Stand, bool, error) {
	for i := range b.events { // of this batch, not remembered yet
		if b.sids[i] == sid && b.events[i].ID == id {
			return cache.Stand{Revision: b.events[i].Revision, Place: logfile.PlaceOf(b.events[i].Position)}, true, nil
		}
	}
	return b.c.ids.Find(cache.Key{Stream: sid, ID: id})
}

// repeatedThere counts how many of the events stand just behind the expected revision, from
// the first on, and returns the receipt of the last.
func (b *batch) repeatedThere(r *request, h index.Head) (eventstore.Receipt, int, error) {
	if len(r.Events) == 0 {
		return eventstore.Receipt{}, 0, nil
	}
	receipt, found, differs := eventstore.Receipt{Stream: r.Stream}, 0, false
	from := int64(r.Expected) + 1
	to := from + int64(len(r.Events)) - 1
	if to < from {
		to = math.MaxInt64
	}
	err := b.c.conn.Each(func(v []driver.Value) error {
		id, err := uuid.FromBytes(sqlitex.Bytes(v[2]))
		if differs = differs || err != nil || id != r.Events[found].ID; !differs {
			found++
			receipt.Position, receipt.Revision = logfile.Place(v[0].(int64)).Position(), v[1].(int64)
		}
		return nil
	}, "SELECT pos, rev, id FROM events WHERE sid=? AND rev BETWEEN ? AND ? ORDER BY rev", h.Stream, from, to)
	return receipt, found, err
}
