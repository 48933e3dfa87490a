package node

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"sleutelbos/eventstore"

	"sleutelbos/eventstore/node/log"
)

// TestF54_SparseBackwards: the few events of a filter are found through the index, however many
// others lie between, and are the same as those that a look at everything finds.
func TestF54_SparseBackwards(t *testing.T) {
	dir := t.TempDir()
	l, err := Open(t.Context(), Options{Dir: dir, TailEvents: 256})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { must(t, l.Close()) }()
	random, seals := rand.New(rand.NewPCG(1, 2)), 0
	for n := 0; n < 9000; {
		events := make([]eventstore.Event, 100)
		for i := range events {
			events[i] = eventstore.Event{ID: id(uint64(n + i + 1)), Type: "a.b.v1", Data: []byte("{}")}
		}
		stream := fmt.Sprintf("account-%d", n)
		if random.IntN(7) == 0 {
			stream, events = fmt.Sprintf("seals-%d", seals), events[:1+random.IntN(3)]
			seals++
		}
		add(t, l, stream, any_, events...)
		n += len(events)
	}
	filter := eventstore.Filter{Streams: []string{"seals-"}}
	places := func(q log.AllQuery) (all []eventstore.Position, pages int) {
		for q.Limit = 3; ; pages++ {
			page, err := l.ReadAll(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Events {
				all = append(all, e.Position)
			}
			if q.Beyond = page.Next; page.AtEnd {
				return all, pages
			}
		}
	}
	back, _ := places(log.AllQuery{Beyond: eventstore.End, Direction: eventstore.Backwards, Filter: filter})
	forth, _ := places(log.AllQuery{Filter: filter})
	slices.Reverse(forth)
	if !slices.Equal(back, forth) || len(back) == 0 {
		t.Errorf("backwards %v\nforwards, turned around, %v", back, forth)
	}
	// A hole among the others breaks whoever looks at everything.
	if err := l.file.Writer().Exec("DELETE FROM events WHERE pos IN (SELECT e.pos FROM events e JOIN streams s USING (sid) WHERE s.name LIKE 'account-%' AND e.pos BETWEEN 500 AND 700)"); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = Open(t.Context(), Options{Dir: dir, TailEvents: 256}); err != nil {
		t.Fatal(err)
	}
	again, _ := places(log.AllQuery{Beyond: eventstore.End, Direction: eventstore.Backwards, Filter: filter})
	if !slices.Equal(again, back) {
		t.Errorf("backwards over a hole %v\nbefore %v", again, back)
	}
}
