// Package rowstest is the suite that every rows engine passes. Its cases are the sentences
// of machinery.DB.
package rowstest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Open opens an engine on the test's database. Called twice in a test it returns two engines
// that share the database, as two processes do.
type Open func(t *testing.T) machinery.DB

// Run runs the suite. The function prepares a fresh database for a test.
func Run(t *testing.T, fresh func(t *testing.T) Open) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, open Open)
	}{
		{"what is written is read", testRoundTrip},
		{"both engines sort bytewise", testOrder},
		{"a checkpoint that moved fences", testFencing},
		{"a change is all or nothing", testAtomic},
		{"many writers move each their own", testManyWriters},
		{"big changes and deletes", testBigChange},
		{"a table is switched with its checkpoint", testSwitch},
		{"a switch never goes back", testSwitchBehind},
		{"a snapshot shows one state", testSnapshot},
		{"a table is read in pages", testRows},
		{"a list is read in pages", testListInPages},
		{"who reads slowly holds nobody up", testSlowReaders},
		{"search finds parts", testSearch},
		{"search counts no further than anybody cares", testSearchCounts},
		{"search finds what another table names", testSearchNames},
		{"search follows changes", testSearchFollows},
		{"search finds what another writes", testSearchElsewhere},
		{"many search at once", testSearchCrowd},
		{"lists and members", testLists},
		{"a table that is not there", testNotBuilt},
		{"reactors' checkpoints", testReactors},
		{"one holds a lock", testLocks},
		{"a canceled query is an error", testCancelled},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

var noon = time.Date(2026, 3, 14, 12, 0, 0, 123456000, time.UTC)

// Row has a column of each kind.
type Row struct {
	ID     string    `db:"id"`
	Name   string    `db:"name,search"`
	Count  int64     `db:"count"`
	Active bool      `db:"active"`
	At     time.Time `db:"at"`
	Data   []byte    `db:"data"`
	Tags   []string  `db:"tags"`
}

const name = "thing_list_v1"

// definition is what a table of Row looks like to an engine.
var definition = machinery.Definition{
	Name: name,
	Columns: []machinery.Column{
		{Name: "id", Kind: machinery.Text}, {Name: "name", Kind: machinery.Text, Search: true},
		{Name: "count", Kind: machinery.Int}, {Name: "active", Kind: machinery.Bool},
		{Name: "at", Kind: machinery.Time}, {Name: "data", Kind: machinery.Bytes}, {Name: "tags", Kind: machinery.List},
	},
	Schema: "CREATE INDEX {index}_name ON {table} (name, id); CREATE INDEX {index}_at ON {table} (at, id);",
}

const all = "SELECT id, name, count, active, at, data, tags FROM thing_list_v1 ORDER BY id"

func values(r Row) []any {
	tags := "[]"
	if len(r.Tags) > 0 {
		tags = `["` + r.Tags[0] + `"]`
	}
	return []any{r.ID, r.Name, r.Count, r.Active, machinery.TimeText(r.At), append([]byte{}, r.Data...), tags}
}

var (
	anna = Row{ID: "a", Name: "anna de boer", Count: -1 << 62, Active: true, At: noon, Data: []byte{0, 1, 255}, Tags: []string{"x"}}
	bert = Row{ID: "b", Name: "bert"}
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T any](t *testing.T, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal("want -, got +:\n" + diff)
	}
}

// live makes the empty table as a runner does.
func live(t *testing.T, db machinery.DB) {
	t.Helper()
	build(t, db, 0)
}

func build(t *testing.T, db machinery.DB, to uint64, rows ...Row) {
	t.Helper()
	beside := name + "__rebuild"
	must(t, db.Create(t.Context(), definition, beside))
	must(t, db.Fill(t.Context(), definition, beside, storedRows(rows)))
	must(t, db.Finish(t.Context(), definition, beside))
	must(t, db.Switch(t.Context(), definition, beside, checkpoint(to)))
}

func storedRows(rows []Row) [][]any {
	var stored [][]any
	for _, r := range rows {
		stored = append(stored, values(r))
	}
	return stored
}

// at returns a position whose two numbers differ, so that an engine must keep both.
func at(commit uint64) eventstore.Position { return eventstore.NewPosition(10*commit, 9*commit) }

// preparedEarlier returns a position that differs from at's by its second number only.
func preparedEarlier(commit uint64) eventstore.Position {
	return eventstore.NewPosition(10*commit, 8*commit)
}

func checkpoint(commit uint64) machinery.Checkpoint {
	return machinery.Checkpoint{Position: at(commit), Last: markAt(at(commit)), EventsDone: int64(commit), UpdatedAt: noon}
}

func change(from, to uint64, rows ...Row) machinery.Change {
	return machinery.Change{Definition: definition, Physical: name, Upserts: storedRows(rows), From: at(from), To: checkpoint(to)}
}

func rowsOf(t *testing.T, db machinery.DB) []Row {
	t.Helper()
	rows, err := machinery.Select[Row](t.Context(), db, all)
	must(t, err)
	return rows
}

func testRoundTrip(t *testing.T, open Open) {
	db := open(t)
	live(t, db)
	must(t, db.Apply(t.Context(), change(0, 7, anna, bert)))
	equal(t, []Row{anna, bert}, rowsOf(t, db))
	at, err := db.Checkpoint(t.Context(), name)
	must(t, err)
	equal(t, checkpoint(7), at)
	loaded, err := collect(db.Load(t.Context(), definition, name, []any{"b", "none", "b"}))
	must(t, err)
	equal(t, [][]any{values(bert)}, loaded)
	changed := anna
	changed.Name, changed.At, changed.Tags = "anna", time.Time{}, nil
	must(t, db.Apply(t.Context(), change(7, 8, changed)))
	equal(t, []Row{changed, bert}, rowsOf(t, db))
	count, err := machinery.Get[int64](t.Context(), db, "SELECT count FROM thing_list_v1 WHERE id = $1", "a")
	must(t, err)
	equal(t, changed.Count, count)
	when, err := machinery.Get[time.Time](t.Context(), db, "SELECT max(at) FROM thing_list_v1")
	must(t, err)
	equal(t, time.Time{}, when)
	standing, ok, err := db.Table(t.Context(), name)
	must(t, err)
	equal(t, machinery.Standing{Fingerprint: definition.Fingerprint(), Checkpoint: checkpoint(8)}, standing)
	equal(t, true, ok)
	_, err = machinery.One[Row](t.Context(), db, all+" LIMIT 0")
	if !errors.Is(err, machinery.ErrNoRow) {
		t.Fatal("want ErrNoRow, got", err)
	}
}

func collect(rows iter.Seq2[[]any, error]) ([][]any, error) {
	var list [][]any
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, nil
}

func testOrder(t *testing.T, open Open) {
	db := open(t)
	live(t, db)
	ids := []string{"é", "e", "Z", "z", "a b", "a-b", "ab", "10", "9", "", "\U0001F511"}
	var rows []Row
	for i, id := range ids {
		rows = append(rows, Row{ID: id, Name: id, At: noon.Add(time.Duration(len(ids)-i) * time.Microsecond)})
	}
	must(t, db.Apply(t.Context(), change(0, 1, rows...)))
	got, err := machinery.Select[Row](t.Context(), db, "SELECT id FROM thing_list_v1 ORDER BY name DESC")
	must(t, err)
	slices.Sort(ids)
	slices.Reverse(ids)
	for i, id := range ids {
		equal(t, id, got[i].ID)
	}
	later, err := machinery.Get[int64](t.Context(), db, "SELECT count(*) FROM thing_list_v1 WHERE at > $1", noon.Add(3*time.Microsecond))
	must(t, err)
	equal(t, int64(len(ids)-3), later)
}

func testCancelled(t *testing.T, open Open) {
	db := open(t)
	live(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := machinery.Select[Row](ctx, db, all); err == nil {
		t.Fatal("want an error")
	}
	if err := db.Apply(ctx, change(0, 1, anna)); err == nil {
		t.Fatal("want an error")
	}
	equal(t, 0, len(rowsOf(t, db)))
}
