package machinery_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

func entryOf(stream string, revision int64, event any) eventstore.Entry {
	return eventstore.Entry{Event: event, Record: eventstore.Record{
		Recorded: eventstore.Recorded{Stream: stream, Revision: revision, Position: eventstore.AtCommit(uint64(revision + 1))},
		Envelope: eventstore.Envelope{OccurredAt: noon}, Subject: stream,
	}}
}

func TestFoldAllAndOne(t *testing.T) {
	table := things(thingTable, "")
	entries := []eventstore.Entry{
		entryOf("account-1", 0, made{"Anna"}), entryOf("account-2", 0, made{"Bert"}),
		entryOf("account-1", 1, counted{2}), entryOf("note-1", 0, noted{"passed over"}), entryOf("account-2", 1, gone{}),
	}
	anna := thing{ID: "1", Name: "Anna", Count: 2, Last: noon, Revision: 1}
	rows := table.FoldAll(nil, entries...)
	equal(t, map[string]thing{"1": anna}, rows)
	row, ok := table.FoldOne("1", entries...)
	equal(t, true, ok)
	equal(t, anna, row)
	_, ok = table.FoldOne("2", entries...)
	equal(t, false, ok)
	rows = table.FoldAll(rows, entryOf("account-1", 2, counted{1}))
	equal(t, int64(3), rows["1"].Count)
	all := history().FoldAll(nil, entries[0])
	equal(t, map[string]entry{"1": {Position: 1}}, all)
}

func TestBadTables(t *testing.T) {
	type noKey struct {
		Name string
	}
	type boolKey struct {
		ID bool `db:"id"`
	}
	type strange struct {
		ID string         `db:"id"`
		M  map[string]int `db:"m"`
	}
	type searched struct {
		ID    string `db:"id"`
		Count int64  `db:"count,search"`
	}
	type misspelled struct {
		ID string `db:"id,serach"`
	}
	for want, make := range map[string]func(){
		"not the name of a read model: things":              func() { machinery.NewTable[thing]("things", "") },
		"not the name of a read model: a;b_v1":              func() { machinery.NewTable[thing]("a;b_v1", "") },
		"must begin with its key":                           func() { machinery.NewTable[noKey]("a_v1", "") },
		"the row of a_v1 must begin with its key, a string": func() { machinery.NewTable[boolKey]("a_v1", "") },
		"M of a_v1 has a type that no column can hold":      func() { machinery.NewTable[strange]("a_v1", "") },
		`Count of a_v1 can't be "search"`:                   func() { machinery.NewTable[searched]("a_v1", "") },
		`ID of a_v1 can't be "serach"`:                      func() { machinery.NewTable[misspelled]("a_v1", "") },
		"the row of a_v1 is not a struct":                   func() { machinery.NewTable[string]("a_v1", "") },
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Fatalf("want a panic with %q, got %q", want, got)
				}
			}()
			make()
		})
	}
}

func TestTimeTextSortsAsTimesDo(t *testing.T) {
	times := []time.Time{{}, noon.Add(-time.Hour), noon, noon.Add(time.Microsecond), noon.Add(time.Second), noon.AddDate(1, 0, 0)}
	for i, at := range times {
		text := machinery.TimeText(at.In(time.FixedZone("", 7200)))
		back, err := machinery.ParseTime(text)
		must(t, err)
		equal(t, true, back.Equal(at))
		if i > 0 && text <= machinery.TimeText(times[i-1]) {
			t.Fatalf("%q comes before %q", text, machinery.TimeText(times[i-1]))
		}
	}
	equal(t, "2026-03-14T12:00:00.000000Z", machinery.TimeText(noon.Add(999*time.Nanosecond)))
	if _, err := machinery.ParseTime("yesterday"); err == nil {
		t.Fatal("want an error")
	}
}

func TestArgument(t *testing.T) {
	type name string
	for _, c := range []struct{ in, want any }{
		{"a\x00b\xff", "a\uFFFDb\uFFFD"}, {7, int64(7)}, {int32(7), int64(7)}, {uint64(7), int64(7)}, {true, true},
		{noon, "2026-03-14T12:00:00.000000Z"}, {time.Time{}, ""}, {[]string{"a", `"`}, `["a","\""]`}, {[]string(nil), "[]"}, {name("x"), "x"}, {[]byte{1}, []byte{1}},
	} {
		got, err := machinery.Argument(c.in)
		must(t, err)
		equal(t, c.want, got)
	}
	for _, bad := range []any{nil, 1.5, struct{}{}, eventstore.AtCommit(7)} {
		if _, err := machinery.Argument(bad); err == nil {
			t.Errorf("%v is no argument", bad)
		}
	}
}
