package node

import (
	"fmt"
	"testing"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/log"
)

// The names of many streams come in few queries; each event must still get its own, also
// where the streams' numbers lie apart, are doubled or were remembered before.
func TestStreamNames(t *testing.T) {
	l := openWith(t, Options{Dir: t.TempDir(), TailEvents: 1})
	var want []string
	write := func(n int) {
		stream := fmt.Sprintf("thing-%d", n)
		add(t, l, stream, any_, event(uint64(len(want))))
		want = append(want, stream)
	}
	for n := range 100 {
		write(n)
	}
	for _, n := range []int{3, 99, 3, 50, 51, 57, 58, 65, 0} {
		write(n)
	}
	for name, forget := range map[string]func(){
		"none": l.memory.Streams.Forget,
		"some": func() { l.memory.Streams.Forget(); remember(t, l, 4, "thing-3") },
		"all":  func() {},
	} {
		for from := range want {
			forget()
			l.memory.Blocks.Forget()
			page, err := l.ReadAll(t.Context(), log.AllQuery{Beyond: eventstore.AtCommit(uint64(from)), Limit: 256})
			must(t, err)
			if len(page.Events) != len(want)-from {
				t.Fatalf("%s remembered, beyond %d: got %d events", name, from, len(page.Events))
			}
			for i, e := range page.Events {
				if e.Stream != want[from+i] {
					t.Fatalf("%s remembered, position %s: got %s, want %s", name, e.Position, e.Stream, want[from+i])
				}
			}
		}
	}
}

// remember has the log know the name of one stream.
func remember(t *testing.T, l *Log, number int64, name string) {
	t.Helper()
	must(t, l.memory.Streams.Fill(make([]eventstore.Recorded, 1), []int64{number}, func([]int64) (map[int64]string, error) {
		return map[int64]string{number: name}, nil
	}))
}
