package node

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/log"
)

func describe(t *testing.T, l *Log, stream, metadata string) {
	t.Helper()
	add(t, l, "$$"+stream, any_, eventstore.Event{ID: id(l.Head().Commit() + 1000), Type: index.TypeMetadata, Data: []byte(metadata)})
}

// TestTruncation has a line for each way to hide events of a stream of ten.
func TestTruncation(t *testing.T) {
	for _, c := range []struct {
		name, metadata string
		want           []int64
		first          int64
	}{
		{"nothing", `{}`, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0},
		{"max count", `{"$maxCount":3}`, []int64{7, 8, 9}, 7},
		{"max count above", `{"$maxCount":11}`, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0},
		{"before", `{"$tb":8}`, []int64{8, 9}, 8},
		{"both, the count hides more", `{"$tb":2,"$maxCount":1}`, []int64{9}, 9},
		{"both, the other hides more", `{"$tb":8,"$maxCount":5}`, []int64{8, 9}, 8},
		{"all", `{"$tb":10}`, nil, 10},
		{"more than all", `{"$tb":99}`, nil, 10},
		{"age: an event a minute, the last at noon", `{"$maxAge":120}`, []int64{7, 8, 9}, 7},
		{"age: all too old", `{"$maxAge":0.5}`, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0},
		{"age and count", `{"$maxAge":300,"$maxCount":2}`, []int64{8, 9}, 8},
		{"no JSON", `{"$tb":8`, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0},
		{"no sense", `{"$tb":-8,"$maxCount":"x"}`, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0},
		{"null", `null`, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := noon.Add(-10 * time.Minute)
			l := openWith(t, Options{Dir: t.TempDir(), Now: func() time.Time { return now }})
			for i := range uint64(10) {
				now = now.Add(time.Minute)
				add(t, l, "a-1", any_, event(i))
			}
			describe(t, l, "a-1", c.metadata)
			if d := cmp.Diff(c.want, whole(t, l, "a-1")); d != "" {
				t.Error(d)
			}
			info, err := l.StreamInfo(t.Context(), "a-1")
			must(t, err)
			if d := cmp.Diff(log.StreamInfo{State: log.StreamLive, First: c.first, Last: 9}, info); d != "" {
				t.Error(d)
			}
			back, err := l.ReadStream(t.Context(), "a-1", math.MaxInt64, eventstore.Backwards, 100)
			must(t, err)
			if len(back.Events) != len(c.want) || !back.AtEnd {
				t.Errorf("backwards %d events, at the end %v", len(back.Events), back.AtEnd)
			}
			m, err := l.Metadata(t.Context(), "a-1")
			must(t, err)
			if string(m.JSON) != c.metadata || m.Revision != 0 {
				t.Errorf("metadata %s at %d", m.JSON, m.Revision)
			}
			all, err := l.ReadAll(t.Context(), log.AllQuery{System: true})
			must(t, err)
			if len(all.Events) != 11 {
				t.Errorf("the log itself shows %d events", len(all.Events))
			}
		})
	}
}

func TestMetastreamShowsItsNewest(t *testing.T) {
	l := open(t, t.TempDir())
	describe(t, l, "a-1", `{"$maxCount":5}`)
	describe(t, l, "a-1", `{"$maxCount":6,"own":true}`)
	if d := cmp.Diff([]int64{1}, whole(t, l, "$$a-1")); d != "" {
		t.Error(d)
	}
	m, err := l.Metadata(t.Context(), "a-1")
	must(t, err)
	if m.MaxCount != 6 || m.Revision != 1 {
		t.Errorf("%+v", m)
	}
	if info, err := l.StreamInfo(t.Context(), "a-1"); err != nil || info.State != log.StreamMissing {
		t.Errorf("described, never written: %+v %v", info, err)
	}
	if m, err := l.Metadata(t.Context(), "b-1"); err != nil || m.Revision != -1 || m.JSON != nil {
		t.Errorf("no metadata: %+v %v", m, err)
	}
}

// TestF62_DescribedOnlyCanBeDeleted: a stream of which there is only metadata is deleted as one that
// was never written, and takes events again.
func TestF62_DescribedOnlyCanBeDeleted(t *testing.T) {
	for _, expected := range []eventstore.Expected{none, any_} {
		l := open(t, t.TempDir())
		describe(t, l, "a-1", `{"$maxCount":5}`)
		_, err := l.Delete(t.Context(), "a-1", expected)
		must(t, err)
		if r := add(t, l, "a-1", any_, events(1, 2)...); r.Revision != 1 {
			t.Errorf("written after that: %+v", r)
		}
		if d := cmp.Diff([]int64{0, 1}, whole(t, l, "a-1")); d != "" {
			t.Error(d)
		}
		must(t, l.Verify(t.Context(), nil))
	}
}

func TestSoftDelete(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	if _, err := l.Delete(t.Context(), "a-1", any_); !errors.As(err, new(*eventstore.ConflictError)) {
		t.Errorf("never written: %v", err)
	}
	add(t, l, "a-1", none, events(1, 4)...)
	describe(t, l, "a-1", `{"$maxCount":3,"own":"kept"}`)
	if _, err := l.Delete(t.Context(), "a-1", 2); !errors.As(err, new(*eventstore.ConflictError)) {
		t.Errorf("at another revision: %v", err)
	}
	r, err := l.Delete(t.Context(), "a-1", 3)
	must(t, err)
	if want := (eventstore.Receipt{Stream: "$$a-1", Revision: 1, Position: eventstore.AtCommit(6)}); r != want {
		t.Errorf("got %+v, want %+v", r, want)
	}
	check := func(l *Log) {
		t.Helper()
		p, err := l.ReadStream(t.Context(), "a-1", 0, eventstore.Forwards, 10)
		must(t, err)
		if p.State != log.StreamSoftDeleted || len(p.Events) != 0 || !p.AtEnd {
			t.Errorf("deleted: %+v", p)
		}
	}
	check(l)
	must(t, l.Close())
	l = open(t, dir)
	check(l)
	if r := add(t, l, "a-1", none, event(10)); r.Revision != 4 || r.Position != eventstore.AtCommit(8) {
		t.Errorf("numbering goes on after the metadata: %+v", r)
	}
	if d := cmp.Diff([]int64{4}, whole(t, l, "a-1")); d != "" {
		t.Error(d)
	}
	m, err := l.Metadata(t.Context(), "a-1")
	must(t, err)
	if want := `{"$maxCount":3,"$tb":4,"own":"kept"}`; string(m.JSON) != want {
		t.Errorf("got %s, want %s", m.JSON, want)
	}
	must(t, l.Verify(t.Context(), nil))
}

func TestTombstone(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	add(t, l, "a-1", none, events(1, 2)...)
	describe(t, l, "a-1", `{}`)
	r, err := l.Tombstone(t.Context(), "a-1", 1)
	must(t, err)
	if want := (eventstore.Receipt{Stream: "a-1", Revision: index.Tombstoned, Position: eventstore.AtCommit(4)}); r != want {
		t.Errorf("got %+v, want %+v", r, want)
	}
	if _, err := l.Tombstone(t.Context(), "never-1", none); err != nil {
		t.Errorf("never written: %v", err)
	}
	must(t, l.Close())
	l = open(t, dir)
	for _, stream := range []string{"a-1", "$$a-1", "never-1"} {
		_, reading := l.ReadStream(t.Context(), stream, 0, eventstore.Forwards, 1)
		_, asking := l.StreamInfo(t.Context(), stream)
		_, appending := l.Append(t.Context(), stream, any_, event(9))
		for _, err := range []error{reading, asking, appending} {
			if !errors.Is(err, eventstore.ErrStreamDeleted) {
				t.Errorf("%s: %v", stream, err)
			}
		}
	}
	for _, end := range []func() error{
		func() error { _, err := l.Tombstone(t.Context(), "a-1", any_); return err },
		func() error { _, err := l.Delete(t.Context(), "a-1", any_); return err },
	} {
		if err := end(); !errors.Is(err, eventstore.ErrStreamDeleted) {
			t.Errorf("twice: %v", err)
		}
	}
	must(t, l.Verify(t.Context(), nil))
}
