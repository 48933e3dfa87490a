package cache

import (
	"github.com/google/uuid"

	"sleutelbos/eventstore/node/logfile"
)

// RememberedIDs is how many of the newest events an append without a revision is compared
// with, to tell a repeated one.
const RememberedIDs = 100_000

// Key is an event's id in its stream, which is given by its number.
type Key struct {
	Stream int64
	ID     uuid.UUID
}

// Stand says where an event stands, in its stream and in the log.
type Stand struct {
	Revision int64
	Place    logfile.Place
}

// IDs remembers where the newest events stand, by stream and id. Only the committer uses it.
//
// What was written before the start is read in the background, for that takes longer than
// opening may: the reader sends it once to Older.
type IDs struct {
	stands map[Key]Stand
	ring   []Key // in the order written; the next one overwrites ring[next]
	next   int

	older map[Key]Stand // of before the start, until as many were written since
	load  chan OlderIDs // nil once it was received
}

// OlderIDs are the ids of before the start, or the reason why they could not be read.
type OlderIDs struct {
	Stands map[Key]Stand
	Err    error
}

// NewIDs returns a memory without any id. Older must be sent to before Find returns.
func NewIDs() *IDs { return &IDs{stands: map[Key]Stand{}, load: make(chan OlderIDs, 1)} }

// Older is where the ids of before the start are to be sent, once. Sending does not block.
func (r *IDs) Older() chan<- OlderIDs { return r.load }

// Add remembers an event.
func (r *IDs) Add(k Key, s Stand) {
	if len(r.ring) < RememberedIDs {
		r.ring = append(r.ring, k)
	} else {
		r.older = nil
		delete(r.stands, r.ring[r.next])
		r.ring[r.next] = k
		r.next = (r.next + 1) % RememberedIDs
	}
	r.stands[k] = s
}

// Find returns where an event stands, if it is one of the newest.
func (r *IDs) Find(k Key) (Stand, bool, error) {
	if s, ok := r.stands[k]; ok {
		return s, true, nil
	}
	if r.load != nil {
		older := <-r.load
		if older.Err != nil {
			r.load <- older // nobody may append without knowing
			return Stand{}, false, older.Err
		}
		r.load, r.older = nil, older.Stands
	}
	s, ok := r.older[k]
	return s, ok, nil
}
