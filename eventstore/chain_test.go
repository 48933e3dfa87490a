package eventstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"testing"
	"time"

	"sleutelbos/eventstore"
)

// streams is as much of a store as a journal needs, over a slice that tests may break.
type streams struct {
	eventstore.Store
	log []eventstore.Recorded
}

func (s *streams) Append(_ context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	last := eventstore.NoStream
	for _, r := range s.log {
		if r.Stream == stream {
			last = eventstore.Expected(r.Revision)
		}
	}
	if last != expected {
		return eventstore.Receipt{}, &eventstore.ConflictError{Stream: stream, Expected: expected, Actual: int64(last)}
	}
	for _, e := range events {
		last++
		s.log = append(s.log, eventstore.Recorded{Event: e, Stream: stream, Revision: int64(last), Position: eventstore.AtCommit(uint64(len(s.log) + 1)), Created: noon})
	}
	return eventstore.Receipt{Stream: stream, Revision: int64(last), Position: eventstore.AtCommit(uint64(len(s.log)))}, nil
}

func (s *streams) ReadStream(_ context.Context, stream string, from int64, dir eventstore.Direction) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		log := slices.Clone(s.log)
		if dir == eventstore.Backwards {
			slices.Reverse(log)
		}
		for _, r := range log {
			inside := r.Revision >= from
			if dir == eventstore.Backwards {
				inside = r.Revision <= from
			}
			if r.Stream == stream && inside && !yield(r, nil) {
				return
			}
		}
	}
}

// written returns a journal with five events in a stream, and one in another.
func written(t *testing.T) (eventstore.Journal, *streams) {
	t.Helper()
	store := &streams{}
	j, _ := newJournal()
	j.Store = store
	tail := eventstore.Tail{}
	for i := range 5 {
		w, err := j.Append(t.Context(), "account-1", tail, envelope(), eventstore.Draft{ID: id(byte(i)), Event: accountBlocked{Reason: fmt.Sprint(i)}})
		must(t, err)
		tail = w.Tail
		same(t, w.Receipt, eventstore.Receipt{Stream: "account-1", Revision: int64(i), Position: eventstore.AtCommit(uint64(i + 1))})
	}
	_, err := j.Append(t.Context(), "account-2", eventstore.Tail{}, envelope(), eventstore.Draft{ID: id(9), Event: opened})
	must(t, err)
	return j, store
}

// read returns how many events of account-1 were read, and what ended it.
func read(t *testing.T, j eventstore.Journal) (n int, err error) {
	t.Helper()
	for entry, e := range j.Read(t.Context(), "account-1", eventstore.Tail{}) {
		if e != nil {
			return n, e
		}
		same(t, entry.Event, any(accountBlocked{Reason: fmt.Sprint(n)}))
		n++
		same(t, entry.Tail, eventstore.Tail{Next: int64(n), Hash: hashIn(entry.Record.Recorded)})
	}
	return n, nil
}

func TestChain(t *testing.T) {
	j, _ := written(t)
	n, err := read(t, j)
	same(t, []any{n, err}, []any{5, error(nil)})

	// Each breaks the event at revision 2 of account-1.
	for what, breaks := range map[string]func(log []eventstore.Recorded) []eventstore.Recorded{
		"changed data":     func(log []eventstore.Recorded) []eventstore.Recorded { flip(&log[2].Data, 12); return log },
		"changed metadata": func(log []eventstore.Recorded) []eventstore.Recorded { flip(&log[2].Metadata, 20); return log },
		"changed hash": func(log []eventstore.Recorded) []eventstore.Recorded {
			flip(&log[2].Metadata, len(log[2].Metadata)-9)
			return log
		},
		"no hash":            func(log []eventstore.Recorded) []eventstore.Recorded { log[2].Metadata = []byte(`{}`); return log },
		"changed type":       func(log []eventstore.Recorded) []eventstore.Recorded { log[2].Type = "account.opened.v2"; return log },
		"changed id":         func(log []eventstore.Recorded) []eventstore.Recorded { log[2].ID = id(77); return log },
		"taken from another": func(log []eventstore.Recorded) []eventstore.Recorded { log[2].Event = log[5].Event; return log },
		"removed": func(log []eventstore.Recorded) []eventstore.Recorded {
			return slices.Delete(log, 2, 3)
		},
		"removed and renumbered": func(log []eventstore.Recorded) []eventstore.Recorded {
			log = slices.Delete(log, 2, 3)
			log[2].Revision, log[3].Revision = 2, 3
			return log
		},
		"inserted": func(log []eventstore.Recorded) []eventstore.Recorded {
			log = slices.Insert(log, 2, log[1])
			for i := range log[:6] {
				log[i].Revision = int64(i)
			}
			return log
		},
		"reordered": func(log []eventstore.Recorded) []eventstore.Recorded {
			log[2], log[3] = log[3], log[2]
			return log
		},
		"reordered and renumbered": func(log []eventstore.Recorded) []eventstore.Recorded {
			log[2].Event, log[3].Event = log[3].Event, log[2].Event
			return log
		},
		"written anew behind another": func(log []eventstore.Recorded) []eventstore.Recorded {
			tail, err := eventstore.Tail{}.Follow(log[0])
			must(t, err)
			tail.Next = 2 // a right hash of its own, of an event that follows revision 0
			records, _, err := j.Prepare(t.Context(), "account-1", tail, envelope(), eventstore.Draft{ID: id(2), Event: accountBlocked{Reason: "2"}})
			must(t, err)
			log[2].Event = records[0].Event
			return log
		},
	} {
		t.Run(what, func(t *testing.T) {
			j, store := written(t)
			store.log = breaks(store.log)
			n, err := read(t, j)
			broken, ok := errors.AsType[*eventstore.ChainError](err)
			if !ok || n != 2 || broken.Stream != "account-1" || broken.Revision != 2 {
				t.Fatalf("read %d events and then %v", n, err)
			}
		})
	}
}

// flip changes one bit of a copy.
func flip(b *[]byte, at int) {
	*b = bytes.Clone(*b)
	(*b)[at] ^= 1
}

func TestTailOf(t *testing.T) {
	j, store := written(t)
	tail, err := j.TailOf(t.Context(), "account-1")
	must(t, err)
	same(t, tail, eventstore.Tail{Next: 5, Hash: hashIn(store.log[4])})
	same(t, tail.Expected(), eventstore.Expected(4))
	tail, err = j.TailOf(t.Context(), "account-9")
	must(t, err)
	same(t, []any{tail, tail.Expected()}, []any{eventstore.Tail{}, eventstore.NoStream})
	store.log[4].Metadata = []byte(`{}`)
	if _, err := j.TailOf(t.Context(), "account-1"); err == nil {
		t.Error("an end without a hash was accepted")
	}
	if _, err := j.Append(t.Context(), "account-1", eventstore.Tail{}, envelope(), eventstore.Draft{ID: id(8), Event: opened}); err == nil {
		t.Error("an append behind a tail that moved was accepted")
	}
}

func TestReadBehindATail(t *testing.T) {
	j, _ := written(t)
	var tails []eventstore.Tail
	for entry, err := range j.Read(t.Context(), "account-1", eventstore.Tail{}) {
		must(t, err)
		tails = append(tails, entry.Tail)
	}
	n := 0
	for entry, err := range j.Read(t.Context(), "account-1", tails[2]) {
		must(t, err)
		same(t, entry.Tail, tails[3+n])
		n++
	}
	same(t, n, 2)
	for _, err := range j.Read(t.Context(), "account-1", eventstore.Tail{Next: 3, Hash: tails[1].Hash}) {
		if err == nil {
			t.Error("events were read behind a tail that is not theirs")
		}
	}
}

func TestReadEndsAtTheUnknown(t *testing.T) {
	j, _ := written(t)
	j.Registry = eventstore.NewRegistry()
	n, err := read(t, j)
	unknown, ok := errors.AsType[*eventstore.UnknownEventError](err)
	if !ok || n != 0 || unknown.Type != "account.blocked.v1" {
		t.Fatalf("read %d and then %v", n, err)
	}
}

func TestWrittenRecords(t *testing.T) {
	j, store := written(t)
	e := envelope()
	w, err := j.Append(t.Context(), "account-3", eventstore.Tail{}, e, eventstore.Draft{ID: id(20), Event: opened})
	must(t, err)
	got, kept := w.Records[0], store.log[len(store.log)-1]
	e.SchemaVersion, e.Hash = 2, hashIn(kept)
	same(t, []any{got.Envelope, got.Subject, got.Event, got.Revision, got.Created}, []any{e, "account-3", kept.Event, int64(0), noon})
	same(t, math.MaxInt64 > w.Tail.Next && w.Tail.Hash == e.Hash && e.OccurredAt.Location() == time.UTC, true)
}
