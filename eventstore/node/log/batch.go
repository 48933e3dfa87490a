package log

import (
	"errors"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
)

// batch decides the requests of one transaction and writes those that are right.
type batch struct{ *transaction }

// run decides and writes all requests, but those whose askers went away. An error means
// that the file failed, for all.
func (b *batch) run(requests []*request) error {
	for _, r := range requests {
		if !r.take() {
			continue
		}
		receipt, err := b.serve(r)
		if err != nil && !isRefusal(err) {
			return err
		}
		r.receipt, r.refusal = receipt, err
	}
	return b.commit()
}

// isRefusal tells a refusal of one request from a failure of the file.
func isRefusal(err error) bool {
	_, conflict := errors.AsType[*eventstore.ConflictError](err)
	return conflict || errors.Is(err, eventstore.ErrStreamDeleted)
}

func (b *batch) serve(r *request) (eventstore.Receipt, error) {
	if len(r.beside) > 0 {
		return b.serveTogether(append([]*request{r}, r.beside...))
	}
	h, old, repeated, err := b.judge(r)
	if err != nil || repeated {
		return old, err
	}
	return b.put(r, h)
}

// serveTogether judges all before it writes the first, and returns that one's receipt.
func (b *batch) serveTogether(all []*request) (eventstore.Receipt, error) {
	heads, repeated := make([]index.Head, len(all)), make([]bool, len(all))
	for i, r := range all {
		var err error
		if heads[i], r.receipt, repeated[i], err = b.judge(r); err != nil {
			return eventstore.Receipt{}, err
		}
	}
	for i, r := range all {
		if repeated[i] {
			continue
		}
		var err error
		if r.receipt, err = b.put(r, heads[i]); err != nil {
			return eventstore.Receipt{}, err
		}
	}
	return all[0].receipt, nil
}

// judge returns the head of a request's stream, and the first receipt if the request was
// written before.
func (b *batch) judge(r *request) (h index.Head, old eventstore.Receipt, repeated bool, err error) {
	if h, err = b.headOf(r.Stream, r.Expected == eventstore.NoStream); err != nil {
		return h, old, false, err
	}
	if err = b.ended(r.Stream, h); err != nil {
		return h, old, false, err
	}
	old, repeated, err = b.decide(r, h)
	return h, old, repeated, err
}

// put writes what was judged right.
func (b *batch) put(r *request, h index.Head) (eventstore.Receipt, error) {
	switch r.kind {
	case softDelete:
		if h.Last < 0 && h.Metadata == nil { // a stream of which there is only metadata can be deleted
			return eventstore.Receipt{}, conflict(r, h)
		}
		return b.truncate(r.Stream, h, index.Tombstoned)
	case tombstone:
		e := eventstore.Event{ID: uuid.New(), Type: index.TypeStreamDeleted}
		return b.write(r.Stream, h, index.Tombstoned, e)
	}
	if len(r.Events) == 0 {
		return eventstore.Receipt{Stream: r.Stream, Revision: h.Last}, nil
	}
	if h.SoftDeleted() { // written first, so that the order of the log makes sense
		if _, err := b.truncate(r.Stream, h, h.Last+1); err != nil {
			return eventstore.Receipt{}, err
		}
		h = b.heads[r.Stream]
	}
	return b.write(r.Stream, h, h.Last+1, copied(r.Events, r.size)...)
}

// ended returns ErrStreamDeleted if the stream, or the one whose metadata it is, is no more.
func (b *batch) ended(stream string, h index.Head) error {
	if index.IsMetastream(stream) && !h.Tombstoned() && index.Described(stream) != "" {
		var err error
		if h, err = b.headOf(index.Described(stream), false); err != nil {
			return err
		}
	}
	if h.Tombstoned() {
		return eventstore.ErrStreamDeleted
	}
	return nil
}
