package node

import (
	"context"
	"database/sql/driver"

	"github.com/google/uuid"

	"sleutelbos/internal/sqlitex"
)

// rememberedIDs is how many of the newest events an append without a revision is compared
// with, to tell a repeated one.
const rememberedIDs = 100_000

type eventKey struct {
	sid int64
	id  uuid.UUID
}

type eventPlace struct {
	revision int64
	place    place
}

// recent remembers where the newest events stand, by stream and id. The committer owns it.
// What was written before the start is read in the background, for it takes longer than
// opening may.
type recent struct {
	places map[eventKey]eventPlace
	ring   []eventKey // in the order written; the next one overwrites ring[next]
	next   int

	older map[eventKey]eventPlace // of before the start, until as many were written since
	load  chan olderIDs           // answers once
}

type olderIDs struct {
	places map[eventKey]eventPlace
	err    error
}

func newRecent() *recent {
	return &recent{places: map[eventKey]eventPlace{}, load: make(chan olderIDs, 1)}
}

func (r *recent) add(k eventKey, p eventPlace) {
	if len(r.ring) < rememberedIDs {
		r.ring = append(r.ring, k)
	} else {
		r.older = nil
		delete(r.places, r.ring[r.next])
		r.ring[r.next] = k
		r.next = (r.next + 1) % rememberedIDs
	}
	r.places[k] = p
}

// find answers where an event stands, if it is one of the newest.
func (r *recent) find(k eventKey) (eventPlace, bool, error) {
	if p, ok := r.places[k]; ok {
		return p, true, nil
	}
	if r.load != nil {
		answer := <-r.load
		if answer.err != nil {
			r.load <- answer // nobody may append without knowing
			return eventPlace{}, false, answer.err
		}
		r.load, r.older = nil, answer.places
	}
	p, ok := r.older[k]
	return p, ok, nil
}

// loadRecent reads the ids of the newest events up to a position.
func (l *Log) loadRecent(ctx context.Context, upTo place) olderIDs {
	answer := olderIDs{places: map[eventKey]eventPlace{}}
	from := max(int64(upTo)-rememberedIDs, 0)
	for from < int64(upTo) && answer.err == nil {
		to := min(from+4096, int64(upTo)) // in parts, so that Close need not wait long
		answer.err = l.reading(ctx, func(c *sqlitex.Conn) error {
			return c.Each(func(v []driver.Value) error {
				id, err := uuid.FromBytes(sqlitex.Bytes(v[3]))
				if err != nil {
					return err
				}
				answer.places[eventKey{v[1].(int64), id}] = eventPlace{v[2].(int64), place(v[0].(int64))}
				return nil
			}, "SELECT pos, sid, rev, id FROM events WHERE pos>? AND pos<=?", from, to)
		})
		from = to
	}
	return answer
}
