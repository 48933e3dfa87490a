package log

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/cache"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
)

// transaction is one commit in the making. Nothing of it shows until publish.
type transaction struct {
	c       *committer
	now     time.Time
	open    bool                  // BEGIN was run
	heads   map[string]index.Head // of the streams that it looked at or changed
	events  []eventstore.Recorded
	sids    []int64 // the numbers of the streams of events
	links   []index.Link
	flushed logfile.Place // links are written up to here; 0 if they are not

	head           logfile.Place
	shown, lastSID int64
}

func newTransaction(c *committer, requests int) *transaction {
	return &transaction{
		c: c, now: c.now(), heads: make(map[string]index.Head, requests),
		events: make([]eventstore.Recorded, 0, requests), sids: make([]int64, 0, requests),
		head: c.head, shown: c.shown, lastSID: c.lastSID,
	}
}

func (t *transaction) begin() error {
	if t.open {
		return nil
	}
	t.open = true
	return t.c.conn.Exec("BEGIN IMMEDIATE")
}

// commit makes the transaction durable. One in which nothing was written costs nothing.
func (t *transaction) commit() error {
	if !t.open {
		return nil
	}
	if t.c.memory.Links.Due(t.head) {
		if err := t.c.memory.Links.Flush(t.c.conn, t.links, t.head); err != nil {
			return err
		}
		t.flushed = t.head
	}
	return t.c.conn.Exec("COMMIT")
}

func (t *transaction) rollback() {
	if t.open {
		// SQLite may have rolled back by itself; recover finds out what is true.
		_ = t.c.conn.Exec("ROLLBACK")
	}
}

// publish shows a committed transaction: first to those who look, then to those who wait.
// Package cache draws who looks where.
func (t *transaction) publish() {
	c, m := t.c, t.c.memory
	if len(t.heads) > 0 {
		m.Heads.Publish(t.heads)
	}
	c.lastSID = t.lastSID
	if len(t.events) == 0 {
		return
	}
	c.head, c.shown = t.head, t.shown
	for i := range t.events {
		e := &t.events[i]
		c.ids.Add(cache.Key{Stream: t.sids[i], ID: e.ID}, cache.Stand{Revision: e.Revision, Place: logfile.PlaceOf(e.Position)})
	}
	m.Kinds.Publish()
	m.Links.Publish(t.links, t.flushed)
	m.Tail.Add(t.events)
	m.Progress.Advance(t.head, t.lastShown())
}

// lastShown returns the place of the newest event that the port shows, or 0.
func (t *transaction) lastShown() logfile.Place {
	for i := len(t.events) - 1; i >= 0; i-- {
		if e := &t.events[i]; !index.IsSystem(e.Stream, e.Type) {
			return logfile.PlaceOf(e.Position)
		}
	}
	return 0
}

// headOf returns the head of a stream as the transaction has left it.
func (t *transaction) headOf(stream string, mayCreate bool) (index.Head, error) {
	if h, ok := t.heads[stream]; ok {
		return h, nil
	}
	if h, ok := t.c.memory.Heads.Cached(stream); ok {
		return h, nil
	}
	if mayCreate { // most streams are new when this is asked: one statement instead of two
		sid, err := t.createStream(stream)
		if err != nil || sid != 0 {
			return index.Head{Stream: sid, Last: -1}, err
		}
	}
	return index.ReadHead(t.c.conn, stream)
}

// createStream returns the number of a new stream, or 0 if there is one of the name.
func (t *transaction) createStream(stream string) (int64, error) {
	if err := t.begin(); err != nil {
		return 0, err
	}
	created, err := t.c.conn.Changed("INSERT INTO streams (sid, name) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", t.lastSID+1, stream)
	if err != nil || created == 0 {
		return 0, err
	}
	t.lastSID++
	t.heads[stream] = index.Head{Stream: t.lastSID, Last: -1}
	return t.lastSID, nil
}

// truncate writes the metadata of a stream with another $tb.
func (t *transaction) truncate(stream string, h index.Head, before int64) (eventstore.Receipt, error) {
	data, err := index.WithTruncateBefore(h.Metadata, before)
	if err != nil {
		return eventstore.Receipt{}, fmt.Errorf("write metadata: %w", err)
	}
	metastream := index.MetastreamPrefix + stream
	m, err := t.headOf(metastream, true)
	if err != nil {
		return eventstore.Receipt{}, err
	}
	return t.write(metastream, m, m.Last+1, eventstore.Event{ID: uuid.New(), Type: index.TypeMetadata, Data: data})
}
