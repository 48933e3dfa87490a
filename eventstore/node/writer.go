package node

import (
	"runtime"
	"time"

	"sleutelbos/eventstore"
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
	c      *conn
	kinds  kinds
	recent *recent

	head    eventstore.Position
	shown   int64 // events up to the head that are no system events
	lastSID int64
	broken  error // the file could not be read again after a failure
	crowd   int   // requests of the last batch: how many may come again at once
}

// run commits what is queued until the queue is closed and empty.
func (w *writer) run() {
	batch := make([]*request, 0, batchRequests)
	for r := range w.l.queue {
		batch = w.collect(append(batch[:0], r))
		w.commit(batch)
		w.crowd = len(batch)
		clear(batch)
	}
}

// collect takes what else is queued. Only if more than one append waited, now or the last
// time, does it give their writers a moment to come back: a lone writer never waits.
func (w *writer) collect(batch []*request) []*request {
	size := batch[0].size
	var deadline time.Time
	for len(batch) < batchRequests && size < batchBytes {
		select {
		case r, ok := <-w.l.queue:
			if !ok {
				return batch
			}
			batch, size = append(batch, r), size+r.size
			continue
		default:
		}
		if max(w.crowd, len(batch)) == 1 || len(batch) >= w.crowd {
			return batch
		}
		if now := time.Now(); deadline.IsZero() {
			deadline = now.Add(lingerTime)
		} else if now.After(deadline) {
			return batch
		}
		runtime.Gosched()
	}
	return batch
}

// commit writes a batch in one transaction. If that fails, each request gets a transaction
// of its own, so that one that cannot be written does not fail its neighbors.
func (w *writer) commit(requests []*request) {
	taken := make([]*request, 0, len(requests))
	for _, r := range requests {
		if r.taken.CompareAndSwap(false, true) {
			taken = append(taken, r)
		}
	}
	if len(taken) == 0 {
		return
	}
	err := w.try(taken)
	if err == nil {
		return
	}
	for _, r := range taken {
		if len(taken) > 1 {
			err = w.try([]*request{r})
		}
		if err != nil {
			r.done(eventstore.Receipt{}, err)
		}
	}
}

// try commits a batch and answers its requests, or undoes it and answers none.
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
		for i, r := range requests {
			r.done(b.answers[i].receipt, b.answers[i].err)
		}
		return nil
	}
	b.rollback()
	w.broken = w.l.recover()
	return unavailable(err)
}
