package log

import (
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// write adds events to a stream from a revision on.
func (t *transaction) write(stream string, h index.Head, revision int64, events ...eventstore.Event) (eventstore.Receipt, error) {
	if h.Stream == 0 {
		sid, err := t.createStream(stream)
		if err != nil {
			return eventstore.Receipt{}, err
		}
		if h.Stream = sid; sid == 0 {
			return eventstore.Receipt{}, logfile.Damaged("a stream exists that was not found")
		}
	}
	if err := t.begin(); err != nil {
		return eventstore.Receipt{}, err
	}
	for i := range events {
		if err := t.insert(stream, h.Stream, revision+int64(i), &events[i]); err != nil {
			return eventstore.Receipt{}, err
		}
	}
	h.Last, h.LastAt = revision+int64(len(events))-1, t.head
	t.heads[stream] = h
	if index.IsMetastream(stream) && !h.Tombstoned() {
		newest := index.ParseMetadata(h.Last, events[len(events)-1].Data)
		if err := t.describe(index.Described(stream), h.Stream, newest); err != nil {
			return eventstore.Receipt{}, err
		}
	}
	return eventstore.Receipt{Stream: stream, Revision: h.Last, Position: t.head.Position()}, nil
}

// describe notes new metadata at the stream that it is about.
func (t *transaction) describe(stream string, metastream int64, m *index.Metadata) error {
	if stream == "" {
		return nil
	}
	h, err := t.headOf(stream, true)
	if err != nil {
		return err
	}
	if h.Stream == 0 {
		if h.Stream, err = t.createStream(stream); err != nil {
			return err
		}
	}
	if h.Metadata == nil {
		if err := t.c.conn.Exec("UPDATE streams SET metastream=? WHERE sid=?", metastream, h.Stream); err != nil {
			return err
		}
	}
	h.Metadata = m
	t.heads[stream] = h
	return nil
}

// insert writes one event at the end of the log.
func (t *transaction) insert(stream string, sid, revision int64, e *eventstore.Event) (err error) {
	conn, kinds := t.c.conn, t.c.memory.Kinds
	var kind int64
	if kind, e.Type, err = kinds.Type(conn, e.Type); err != nil {
		return err
	}
	place := t.head + 1
	linked, err := kinds.Of(conn, stream, e.Type, kind, revision)
	if err != nil {
		return err
	}
	for _, k := range linked {
		t.links = append(t.links, index.Link{Kind: k, Target: place})
	}
	if !index.IsSystem(stream, e.Type) {
		t.shown++
	}
	err = conn.Exec(`INSERT INTO events (pos, sid, rev, type, shown, created, binary, id, meta, data)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, int64(place), sid, revision, kind, t.shown,
		t.now.UnixNano(), e.Binary, e.ID[:], sqlitex.Blob(e.Metadata), sqlitex.Blob(e.Data))
	if err != nil {
		return err
	}
	t.head = place
	t.events = append(t.events, eventstore.Recorded{
		Event: *e, Stream: stream, Revision: revision, Position: place.Position(), Created: t.now,
	})
	t.sids = append(t.sids, sid)
	return nil
}

// copied takes the events out of the caller's hands, in one allocation for all payloads.
func copied(events []eventstore.Event, size int) []eventstore.Event {
	arena := make([]byte, 0, size)
	own := func(b []byte) []byte {
		if len(b) == 0 {
			return nil
		}
		from := len(arena)
		arena = append(arena, b...)
		return arena[from:len(arena):len(arena)]
	}
	out := make([]eventstore.Event, len(events))
	for i, e := range events {
		e.Data, e.Metadata = own(e.Data), own(e.Metadata)
		out[i] = e
	}
	return out
}
