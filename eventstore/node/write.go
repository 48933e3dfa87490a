package node

import (
	"fmt"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// truncate writes the metadata of a stream with another $tb.
func (b *batch) truncate(stream string, h head, before int64) (eventstore.Receipt, error) {
	data, err := withTruncateBefore(h.meta, before)
	if err != nil {
		return eventstore.Receipt{}, fmt.Errorf("write metadata: %w", err)
	}
	meta := MetastreamPrefix + stream
	m, err := b.headOf(meta, true)
	if err != nil {
		return eventstore.Receipt{}, err
	}
	return b.write(meta, m, m.last+1, eventstore.Event{ID: uuid.New(), Type: TypeMetadata, Data: data})
}

// write adds events to a stream from a revision on.
func (b *batch) write(stream string, h head, revision int64, events ...eventstore.Event) (eventstore.Receipt, error) {
	if h.sid == 0 {
		sid, err := b.createStream(stream)
		if err != nil {
			return eventstore.Receipt{}, err
		}
		if h.sid = sid; sid == 0 {
			return eventstore.Receipt{}, fmt.Errorf("%w: a stream exists that was not found", ErrCorrupt)
		}
	}
	if err := b.begin(); err != nil {
		return eventstore.Receipt{}, err
	}
	for i := range events {
		if err := b.insert(stream, h.sid, revision+int64(i), &events[i]); err != nil {
			return eventstore.Receipt{}, err
		}
	}
	h.last, h.lastPos = revision+int64(len(events))-1, b.head
	b.heads[stream] = h
	if isMetastream(stream) && h.last != Tombstoned {
		last := events[len(events)-1]
		if err := b.describe(stream[len(MetastreamPrefix):], h.sid, parseMetadata(h.last, last.Data)); err != nil {
			return eventstore.Receipt{}, err
		}
	}
	return eventstore.Receipt{Stream: stream, Revision: h.last, Position: b.head.position()}, nil
}

// describe notes new metadata at the stream that it is about.
func (b *batch) describe(stream string, metaSID int64, m *Metadata) error {
	if stream == "" {
		return nil
	}
	h, err := b.headOf(stream, true)
	if err != nil {
		return err
	}
	if h.sid == 0 {
		if h.sid, err = b.createStream(stream); err != nil {
			return err
		}
	}
	if h.meta == nil {
		if err := b.w.c.Exec("UPDATE streams SET metastream=? WHERE sid=?", metaSID, h.sid); err != nil {
			return err
		}
	}
	h.meta = m
	b.heads[stream] = h
	return nil
}

func (b *batch) insert(stream string, sid, revision int64, e *eventstore.Event) error {
	kind, err := b.w.kinds.number(b.w.c, TypePrefix, e.Type)
	if err != nil {
		return err
	}
	e.Type = b.w.kinds.own.typeName(kind) // the one copy of the name
	position := b.head + 1
	kinds, err := b.linkKinds(stream, e.Type, kind, revision)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		b.links = append(b.links, newLink{k, position})
	}
	if !isSystem(stream, e.Type) {
		b.shown++
	}
	err = b.w.c.Exec(`INSERT INTO events (pos, sid, rev, type, shown, created, binary, id, meta, data)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, int64(position), sid, revision, kind, b.shown,
		b.now.UnixNano(), e.Binary, e.ID[:], sqlitex.Blob(e.Metadata), sqlitex.Blob(e.Data))
	if err != nil {
		return err
	}
	b.head = position
	b.events = append(b.events, eventstore.Recorded{
		Event: *e, Stream: stream, Revision: revision, Position: position.position(), Created: b.now,
	})
	b.sids = append(b.sids, sid)
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
