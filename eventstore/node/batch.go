package node

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// batch is one transaction of the committer. Nothing of it shows until publish.
type batch struct {
	w       *writer
	now     time.Time
	open    bool // BEGIN was run
	heads   map[string]head
	events  []eventstore.Recorded
	sids    []int64 // of events
	links   []newLink
	scratch []int64
	flushed place // links are written up to here, if they are

	head           place
	shown, lastSID int64
}

func newBatch(w *writer, requests int) *batch {
	return &batch{
		w: w, now: w.l.now(), heads: make(map[string]head, requests),
		events: make([]eventstore.Recorded, 0, requests), sids: make([]int64, 0, requests),
		head: w.head, shown: w.shown, lastSID: w.lastSID,
	}
}

// run decides and writes all requests, but those whose askers went away. An error means
// that the file failed, for all.
func (b *batch) run(requests []*request) error {
	for _, r := range requests {
		if !r.take() {
			continue
		}
		receipt, err := b.serve(r)
		if err != nil && !isAnswer(err) {
			return err
		}
		r.receipt, r.refusal = receipt, err
	}
	if !b.open {
		return nil
	}
	if b.head-b.w.l.links.flushed >= flushLinks {
		if err := b.w.l.links.flush(b.w.c, b.links, b.head); err != nil {
			return err
		}
		b.flushed = b.head
	}
	return b.w.c.Exec("COMMIT")
}

// isAnswer tells a refusal of one request from a failure of the file.
func isAnswer(err error) bool {
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

// serveTogether judges all before it writes the first, and answers that one's receipt.
func (b *batch) serveTogether(all []*request) (eventstore.Receipt, error) {
	heads, repeated := make([]head, len(all)), make([]bool, len(all))
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

// judge answers the head of a request's stream, and the first receipt if it stands there
// already.
func (b *batch) judge(r *request) (h head, old eventstore.Receipt, repeated bool, err error) {
	if h, err = b.headOf(r.Stream, r.Expected == eventstore.NoStream); err != nil {
		return h, old, false, err
	}
	if err = b.ended(r.Stream, h); err != nil {
		return h, old, false, err
	}
	old, repeated, err = b.decide(r, h)
	return h, old, repeated, err
}

// put writes what was judged good.
func (b *batch) put(r *request, h head) (eventstore.Receipt, error) {
	switch r.kind {
	case softDelete:
		if h.last < 0 {
			return eventstore.Receipt{}, conflict(r, h)
		}
		return b.truncate(r.Stream, h, Tombstoned)
	case tombstone:
		e := eventstore.Event{ID: uuid.New(), Type: TypeStreamDeleted}
		return b.write(r.Stream, h, Tombstoned, e)
	}
	if len(r.Events) == 0 {
		return eventstore.Receipt{Stream: r.Stream, Revision: h.last}, nil
	}
	if h.softDeleted() { // written first, so that the order of the log makes sense
		if _, err := b.truncate(r.Stream, h, h.last+1); err != nil {
			return eventstore.Receipt{}, err
		}
		h = b.heads[r.Stream]
	}
	return b.write(r.Stream, h, h.last+1, copied(r.Events, r.size)...)
}

// ended answers ErrStreamDeleted if the stream, or the one whose metadata it is, is no more.
func (b *batch) ended(stream string, h head) error {
	if isMetastream(stream) && !h.tombstoned() && len(stream) > len(MetastreamPrefix) {
		var err error
		if h, err = b.headOf(stream[len(MetastreamPrefix):], false); err != nil {
			return err
		}
	}
	if h.tombstoned() {
		return eventstore.ErrStreamDeleted
	}
	return nil
}

// headOf answers the head of a stream as the batch has left it.
func (b *batch) headOf(stream string, mayCreate bool) (head, error) {
	if h, ok := b.heads[stream]; ok {
		return h, nil
	}
	if h, ok := b.w.l.heads.cached(stream); ok {
		return h, nil
	}
	if mayCreate { // most streams are new when this is asked: one statement instead of two
		sid, err := b.createStream(stream)
		if err != nil || sid != 0 {
			return head{sid: sid, last: -1}, err
		}
	}
	return fetchHead(b.w.c, stream)
}

// createStream answers the number of a new stream, or 0 if there is one of the name.
func (b *batch) createStream(stream string) (int64, error) {
	if err := b.begin(); err != nil {
		return 0, err
	}
	created, err := b.w.c.Changed("INSERT INTO streams (sid, name) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", b.lastSID+1, stream)
	if err != nil || created == 0 {
		return 0, err
	}
	b.lastSID++
	b.heads[stream] = head{sid: b.lastSID, last: -1}
	return b.lastSID, nil
}

func (b *batch) begin() error {
	if b.open {
		return nil
	}
	b.open = true
	return b.w.c.Exec("BEGIN IMMEDIATE")
}

func (b *batch) rollback() {
	if b.open {
		// SQLite may have rolled back by itself; recover finds out what is true.
		_ = b.w.c.Exec("ROLLBACK")
	}
}

// publish shows a committed batch: first to those who look, then to those who wait.
func (b *batch) publish() {
	w, l := b.w, b.w.l
	if len(b.heads) > 0 {
		l.heads.publish(b.heads)
	}
	if len(b.events) == 0 {
		w.lastSID = b.lastSID
		return
	}
	w.head, w.shown, w.lastSID = b.head, b.shown, b.lastSID
	for i := range b.events {
		e := &b.events[i]
		w.recent.add(eventKey{b.sids[i], e.ID}, eventPlace{e.Revision, placeOf(e.Position)})
	}
	w.kinds.publish()
	l.links.publish(b.links, b.flushed)
	l.tail.add(b.events)
	l.newest(b.head, b.lastShown())
}

// lastShown answers the position of the batch's newest event that the port shows, or 0.
func (b *batch) lastShown() place {
	for i := len(b.events) - 1; i >= 0; i-- {
		if e := &b.events[i]; !isSystem(e.Stream, e.Type) {
			return placeOf(e.Position)
		}
	}
	return 0
}
