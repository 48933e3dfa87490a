package node

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
)

// linksOf reads a virtual stream forwards and backwards and returns what its links say.
func linksOf(t *testing.T, l *Log, stream string) []string {
	t.Helper()
	var forwards, backwards []string
	read := func(from int64, dir eventstore.Direction, out *[]string) {
		for next, end := from, false; !end; {
			p, err := l.ReadStream(t.Context(), stream, next, dir, 7)
			must(t, err)
			for _, e := range p.Events {
				*out = append(*out, fmt.Sprintf("%d %s", e.Revision, e.Data))
			}
			next, end = p.Next, p.AtEnd
		}
	}
	read(0, eventstore.Forwards, &forwards)
	read(math.MaxInt64, eventstore.Backwards, &backwards)
	slices.Reverse(backwards)
	if d := cmp.Diff(forwards, backwards); d != "" {
		t.Error(d)
	}
	return forwards
}

// TestVirtualStreams goes past a flush of the links, and a restart.
func TestVirtualStreams(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	var things, others, streams []string
	n := uint64(0)
	revisions := map[string]int64{}
	batch := func() {
		addAll(t, l, 900, func(i uint64) (string, eventstore.Event) {
			n++
			stream, e := fmt.Sprintf("thing-%d", i%200), event(n)
			link := fmt.Sprintf("%d@%s", revisions[stream], stream)
			things = append(things, fmt.Sprintf("%d %s", len(things), link))
			if i%300 == 7 {
				e.Type = "other"
				others = append(others, fmt.Sprintf("%d %s", len(others), link))
			}
			if revisions[stream] == 0 {
				streams = append(streams, fmt.Sprintf("%d %s", len(streams), link))
			}
			revisions[stream]++
			return stream, e
		})
	}
	check := func() {
		t.Helper()
		for stream, want := range map[string][]string{
			"$ce-thing": things, "$et-other": others, "$streams": streams, "$ce-nothing": nil, "$et-$metadata": nil,
		} {
			if d := cmp.Diff(want, linksOf(t, l, stream)); d != "" {
				t.Errorf("%s: %s", stream, d)
			}
		}
		must(t, l.Verify(t.Context(), nil))
	}
	batch()
	describe(t, l, "thing-0", `{}`)
	check()
	batch()
	if l.memory.Links.Flushed() == 0 {
		t.Fatal("no links were flushed")
	}
	check()
	must(t, l.Close())
	l = open(t, dir)
	check()
	batch()
	check()
}

func TestResolve(t *testing.T) {
	l := open(t, t.TempDir())
	add(t, l, "a-1", none, events(1, 3)...)
	add(t, l, "a-2", none, events(4, 1)...)
	add(t, l, "a-3", none, events(5, 1)...)
	describe(t, l, "a-1", `{"$tb":1}`)
	_, err := l.Delete(t.Context(), "a-2", any_)
	must(t, err)
	_, err = l.Tombstone(t.Context(), "a-3", any_)
	must(t, err)
	p, err := l.ReadStream(t.Context(), "$ce-a", 0, eventstore.Forwards, 10)
	must(t, err)
	made := eventstore.Event{ID: id(50), Type: index.TypeLink, Data: []byte("2@a-1")}
	add(t, l, "my-links", none, made, eventstore.Event{ID: id(51), Type: index.TypeLink, Data: []byte("x@a-1")}, event(52))
	mine, err := l.ReadStream(t.Context(), "my-links", 0, eventstore.Forwards, 10)
	must(t, err)
	targets, err := l.Resolve(t.Context(), append(slices.Clone(p.Events), mine.Events...))
	must(t, err)
	var got []string
	for _, e := range targets {
		got = append(got, fmt.Sprintf("%d@%s", e.Revision, e.Stream))
	}
	gone := "0@"
	if d := cmp.Diff([]string{gone, "1@a-1", "2@a-1", gone, gone, "2@a-1", gone, gone}, got); d != "" {
		t.Error(d)
	}
}
