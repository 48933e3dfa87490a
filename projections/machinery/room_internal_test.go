package machinery

import (
	"bytes"
	"context"
	"iter"
	"testing"

	"sleutelbos/eventstore"
)

// large is a store of events of so many bytes each.
type large struct {
	eventstore.Store
	events, bytes int
}

func (l large) ReadAll(context.Context, eventstore.Position, eventstore.Direction, eventstore.Filter) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		for i := range l.events {
			rec := eventstore.Recorded{Position: eventstore.AtCommit(uint64(i + 1))}
			rec.Type, rec.Data = "large.v1", make([]byte, l.bytes)
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// TestF64_AChunkHasABoundInBytes: however large the events are, a chunk holds no more than its bound
// and the event that crossed it, and none is lost.
func TestF64_AChunkHasABoundInBytes(t *testing.T) {
	for _, size := range []int{10, 1000, 13_000, 900_000, 3_000_000} {
		n := 20 * chunkBytes / size
		n = min(max(n, 5), 5000)
		got := 0
		read(t.Context(), large{events: n, bytes: size}, eventstore.Position{}, eventstore.AtCommit(uint64(n)), func(c *chunk) bool {
			got += len(c.events)
			if held := len(c.events) * size; held >= chunkBytes+size || len(c.events) > chunkSize {
				t.Errorf("events of %d bytes: a chunk has %d of them", size, len(c.events))
			}
			return true
		})
		if got != n {
			t.Errorf("events of %d bytes: %d of %d came", size, got, n)
		}
	}
}

type largeRow struct {
	ID   int64  `db:"id"`
	Text string `db:"text"`
	Data []byte `db:"data"`
}

type namedRow struct {
	ID   string   `db:"id"`
	Data []byte   `db:"data"`
	List []string `db:"list"`
}

// TestF64_RowsHaveABoundInBytes folds events into rows much larger than usual, each a row of its own or
// one of a few that grow: what is kept, and what waits to be written, stays within the room in bytes.
func TestF64_RowsHaveABoundInBytes(t *testing.T) {
	const size, events = 13_000, 5000
	keep := room{40_000, 4 << 20}
	single := NewTable[largeRow]("large_v1", "")
	Every(single, ByPosition, func(row largeRow, r eventstore.Record) largeRow {
		row.Data, row.Text = r.Data, "x"
		return row
	})
	shared := NewTable[namedRow]("named_v1", "")
	Every(shared, ByStream, func(row namedRow, r eventstore.Record) namedRow {
		row.Data = r.Data
		row.List = append(row.List[:len(row.List):len(row.List)], "a line more")
		return row
	})
	bound(t, single.newFolder(keep).(*folding[largeRow]), size, events)
	bound(t, shared.newFolder(keep).(*folding[namedRow]), size, events)
}

func bound[Row any](t *testing.T, f *folding[Row], size, events int) {
	t.Helper()
	written := 0
	for i := range events {
		rec := eventstore.Record{Recorded: eventstore.Recorded{Stream: "named-" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)), Position: eventstore.AtCommit(uint64(i + 1))}}
		rec.Type, rec.Data = "large.v1", bytes.Repeat([]byte{1}, size)
		if err := f.stage(taken{nil, rec}); err != nil {
			t.Fatal(err)
		}
		f.missing()
		if err := f.fold(); err != nil {
			t.Fatal(err)
		}
		if f.full() {
			c := f.changes()
			written += len(c.inserts) + len(c.upserts)
			f.settle()
		}
		kept, dirty := 0, 0
		for _, generation := range []map[string]*remembering[Row]{f.young, f.old} {
			for _, r := range generation {
				kept += f.table.codec.bytes(&r.row)
			}
		}
		for _, r := range f.touched {
			dirty += f.table.codec.bytes(&r.row)
		}
		// Two generations, each of half of the room and of what was changed before it was looked at.
		if most := f.keep.bytes + f.keep.bytes/2 + 4*size; kept > most || dirty > f.keep.bytes/4+2*size {
			t.Fatalf("after %d events %d bytes are kept and %d are dirty, of a room of %d", i+1, kept, dirty, f.keep.bytes)
		}
	}
	if written == 0 {
		t.Error("nothing was written meanwhile")
	}
}
