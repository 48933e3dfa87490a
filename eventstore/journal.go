package eventstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"
)

// Journal is the typed layer over a store. It writes events of the registry with their
// envelope and hash chain, and reads them back.
type Journal struct {
	Store    Store
	Registry *Registry
	Keys     Keys
}

// Draft is an event that is about to be written.
type Draft struct {
	ID    uuid.UUID
	Event any // a type of the registry
}

// Written is the outcome of an append.
type Written struct {
	Receipt
	Tail    Tail // after the last event
	Records []Record
}

// Prepare returns the events in their stored form, chained behind the tail, and the tail
// after them. It appends nothing, so a dry run ends here.
func (j Journal) Prepare(ctx context.Context, stream string, tail Tail, e Envelope, drafts ...Draft) ([]Record, Tail, error) {
	if e.Outcome == "" {
		e.Outcome = OutcomeDone
	}
	e.OccurredAt = e.OccurredAt.UTC().Truncate(time.Microsecond) // every database keeps microseconds
	records := make([]Record, 0, len(drafts))
	for _, d := range drafts {
		k, subject, data, err := j.Registry.encode(ctx, j.Keys, stream, d.Event)
		if err != nil {
			return nil, Tail{}, err
		}
		e.SchemaVersion, e.PrevHash = k.version, tail.Hash
		metadata, err := encodeEnvelope(ctx, j.Keys, e, stream, k.name, subject)
		if err != nil {
			return nil, Tail{}, err
		}
		event := Event{ID: d.ID, Type: k.name, Data: data, Metadata: metadata}
		event.Metadata, e.Hash = withHash(stream, tail.Next, event)
		records = append(records, Record{
			Recorded: Recorded{Event: event, Stream: stream, Revision: tail.Next, Created: e.OccurredAt},
			Envelope: e, Subject: subject,
		})
		tail = Tail{Next: tail.Next + 1, Hash: e.Hash}
	}
	return records, tail, nil
}

// Append writes events behind the tail. Errors: those of Store.Append and of Keys.
func (j Journal) Append(ctx context.Context, stream string, tail Tail, e Envelope, drafts ...Draft) (Written, error) {
	records, after, err := j.Prepare(ctx, stream, tail, e, drafts...)
	if err != nil {
		return Written{}, err
	}
	events := make([]Event, len(records))
	for i, r := range records {
		events[i] = r.Event
	}
	receipt, err := j.Store.Append(ctx, stream, tail.Expected(), events...)
	if err != nil {
		return Written{}, err
	}
	return Written{Receipt: receipt, Tail: after, Records: records}, nil
}

// Entry is one event of a stream as Read yields it.
type Entry struct {
	Event  any // nil if it is passed over
	Record Record
	Tail   Tail // after this event
}

// Read yields the events of a stream behind a tail. It checks the chain on the way, so that
// no command builds on a broken one. Errors: *ChainError, *UnknownEventError, ErrUnhashed, ErrChanged, *PassesError, those
// of Store.ReadStream and Keys.
func (j Journal) Read(ctx context.Context, stream string, tail Tail) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for rec, err := range j.Store.ReadStream(ctx, stream, tail.Next, Forwards) {
			if err != nil {
				yield(Entry{}, fmt.Errorf("read %s: %w", stream, err))
				return
			}
			entry, err := j.entry(ctx, tail, rec)
			if !yield(entry, err) || err != nil {
				return
			}
			tail = entry.Tail
		}
	}
}

// entry checks an event that should come behind a tail, and decodes it. Whatever stands among the
// passes and is none means nothing there: it must not keep an operator from recording a pass.
func (j Journal) entry(ctx context.Context, tail Tail, rec Recorded) (Entry, error) {
	next, over, err := j.Registry.Follow(ctx, tail, rec)
	if err != nil && rec.Stream == PassesStream && Held(rec) != nil && rec.Revision == tail.Next {
		next, over, err = behind(rec), true, nil
	}
	if _, passing := errors.AsType[*PassesError](err); err != nil && !passing && !j.Registry.Readable(rec) { // the registry says more of it, and what to do
		_, _, unread := j.Registry.decode(ctx, rec, reading{})
		err = errors.Join(err, unread)
	}
	if err != nil {
		return Entry{}, fmt.Errorf("read %s: %w", rec.Stream, err)
	}
	if over {
		return Entry{Tail: next}, nil
	}
	event, record, err := j.Registry.read(ctx, rec, reading{keys: j.Keys, followed: true})
	if unknown := (*UnknownEventError)(nil); errors.Is(err, ErrPassedOver) || rec.Stream == PassesStream && errors.As(err, &unknown) {
		return Entry{Tail: next}, nil
	}
	return Entry{Event: event, Record: record, Tail: next}, err
}

// TailOf returns the tail of a stream. It reads the last event only.
func (j Journal) TailOf(ctx context.Context, stream string) (Tail, error) {
	for rec, err := range j.Store.ReadStream(ctx, stream, LastRevision, Backwards) {
		if err != nil {
			return Tail{}, fmt.Errorf("read the end of %s: %w", stream, err)
		}
		if why := Held(rec); why != nil {
			over, err := j.Registry.PassedOver(ctx, rec)
			if err == nil && !over {
				err = &ChainError{Stream: stream, Revision: rec.Revision, Problem: why.Error()}
			}
			if err != nil {
				return Tail{}, err
			}
		}
		return behind(rec), nil
	}
	return Tail{}, nil
}
