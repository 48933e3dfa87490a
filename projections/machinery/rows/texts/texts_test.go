package texts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/texts"
)

var things = machinery.Definition{
	Name:    "thing_v1",
	Columns: []machinery.Column{{Name: "id", Kind: machinery.Int}, {Name: "name", Kind: machinery.Text, Search: true}},
}

type failing interface {
	Helper()
	Fatal(args ...any)
}

func must(t failing, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// live makes the table of things anew, empty.
func live(t *testing.T, db engine) {
	t.Helper()
	beside := things.Name + "__rebuild"
	must(t, db.Remove(t.Context(), things.Name))
	must(t, db.Create(t.Context(), things, beside))
	must(t, db.Finish(t.Context(), things, beside))
	must(t, db.Switch(t.Context(), things, beside, machinery.Checkpoint{}))
}

func write(t *testing.T, db engine, from uint64, upserts [][]any, deletes ...any) {
	t.Helper()
	must(t, db.Apply(t.Context(), machinery.Change{
		Definition: things, Physical: things.Name, Upserts: upserts, Deletes: deletes,
		From: eventstore.AtCommit(from), To: machinery.Checkpoint{Position: eventstore.AtCommit(from + 1)},
	}))
}

func search(t *testing.T, db engine, text string) []int64 {
	t.Helper()
	var args []any
	holds, err := db.Contains(t.Context(), things.Name, "name", strings.Fields(text), "", func(value any) string {
		args = append(args, value)
		return fmt.Sprint("$", len(args))
	})
	must(t, err)
	type row struct {
		ID int64 `db:"id"`
	}
	rows, err := machinery.Select[row](t.Context(), db, "SELECT id FROM thing_v1 WHERE "+holds+" ORDER BY id", args...)
	must(t, err)
	found := []int64{}
	for _, r := range rows {
		found = append(found, r.ID)
	}
	return found
}

// TestSearchNaively compares searches in two processes with a look at every row.
func TestSearchNaively(t *testing.T) { onBoth(t, testSearchNaively) }

func testSearchNaively(t *testing.T, open func() engine) {
	here, there := open(), open()
	text := rapid.StringOf(rapid.SampledFrom([]rune("aab é%_'\"€")))
	rapid.Check(t, func(rt *rapid.T) {
		live(t, here)
		names := map[int64]string{}
		id := rapid.Int64Range(-2, 6)
		for n := range uint64(rapid.IntRange(1, 12).Draw(rt, "changes")) {
			var upserts [][]any
			for _, row := range rapid.SliceOfNDistinct(id, 0, 3, rapid.ID).Draw(rt, "ids") {
				name := text.Draw(rt, "name")
				upserts = append(upserts, []any{row, name})
				names[row] = name
			}
			var deletes []any
			if rapid.Bool().Draw(rt, "delete") {
				gone := id.Draw(rt, "gone")
				deletes = append(deletes, gone)
				delete(names, gone)
			}
			write(t, here, n, upserts, deletes...)
			for _, db := range []engine{here, there} {
				if rapid.Bool().Draw(rt, "later") {
					continue
				}
				part := text.Draw(rt, "part")
				want := []int64{}
				for id, name := range names {
					if !slices.ContainsFunc(strings.Fields(part), func(word string) bool { return !strings.Contains(name, word) }) {
						want = append(want, id)
					}
				}
				slices.Sort(want)
				if got := search(t, db, part); !slices.Equal(want, got) {
					rt.Fatalf("%q in %v: want %v, got %v", part, names, want, got)
				}
				if remembered, ok := db.index.Remembered("thing_v1", "name"); ok && strings.TrimSpace(part) != "" && remembered != len(names) {
					rt.Fatalf("%d rows are remembered of %d", remembered, len(names))
				}
			}
		}
	})
}

// TestSearchFarBehind lets one process change more rows than it keeps for another to follow.
func TestSearchFarBehind(t *testing.T) { onBoth(t, testSearchFarBehind) }

func testSearchFarBehind(t *testing.T, open func() engine) {
	here, there := open(), open()
	live(t, here)
	write(t, here, 0, [][]any{{int64(0), "common"}})
	if got := search(t, there, "common"); len(got) != 1 {
		t.Fatalf("found %v", got)
	}
	const rows = texts.KeptChanges + 2*texts.PruneEvery
	upserts := make([][]any, rows)
	for i := range upserts {
		upserts[i] = []any{int64(i), fmt.Sprintf("common n%d.", i)}
	}
	write(t, here, 1, upserts)
	kept, err := machinery.Get[int64](t.Context(), here, "SELECT count(*) FROM "+texts.ChangedTable(things.Name))
	must(t, err)
	if kept < texts.KeptChanges || kept > texts.KeptChanges+texts.PruneEvery {
		t.Errorf("%d changes are kept", kept)
	}
	for _, db := range []engine{here, there} {
		if got := search(t, db, "n77."); !slices.Equal(got, []int64{77}) {
			t.Errorf("found %v", got)
		}
		if got := search(t, db, "common"); len(got) != rows { // more than are listed
			t.Errorf("found %d", len(got))
		}
	}
}
