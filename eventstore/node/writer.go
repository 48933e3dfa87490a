package node

import (
	"time"

	"sleutelbos/internal/sqlitex"
)

const (
	queueLength   = 1024
	batchRequests = 512
	batchBytes    = 8 << 20
	lingerTime    = 200 * time.Microsecond
)

// writer is the one goroutine that writes. Its fields are what the file says, known by
// heart; after a failed commit they are read again.
type writer struct {
	l      *Log
	c      *sqlitex.Conn
	kinds  kinds
	recent *recent

	head    place
	shown   int64 // events up to the head that are no system events
	lastSID int64
	broken  error // the file could not be read again after a failure
}

// start begins to commit what is queued.
func (w *writer) start() *sqlitex.Group[*request] {
	return sqlitex.NewGroup(sqlitex.GroupOptions[*request]{
		Try: w.try, Done: (*request).end,
		Queue: queueLength, Most: batchRequests, Linger: lingerTime,
		Size: func(r *request) int { return r.size }, MostBytes: batchBytes,
	})
}

// try commits a batch and notes the outcome at its requests, or undoes it.
func (w *writer) try(requests []*request) error {
	if w.broken != nil {
		if w.broken = w.l.recover(); w.broken != nil {
			return unavailable(w.broken)
		}
	}
	b := newBatch(w, len(requests))
	err := b.run(requests)
	if err == nil {
		b.publish()
		return nil
	}
	b.rollback()
	w.broken = w.l.recover()
	return unavailable(err)
}
