package sqlite

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
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
func live(t *testing.T, db *DB) {
	t.Helper()
	beside := things.Name + "__rebuild"
	must(t, db.Remove(t.Context(), things.Name))
	must(t, db.Create(t.Context(), things, beside))
	must(t, db.Switch(t.Context(), things, beside, machinery.Checkpoint{}))
}

func write(t *testing.T, db *DB, from uint64, upserts [][]any, deletes ...any) {
	t.Helper()
	must(t, db.Apply(t.Context(), machinery.Change{
		Definition: things, Physical: things.Name, Upserts: upserts, Deletes: deletes,
		From: eventstore.AtCommit(from), To: machinery.Checkpoint{Position: eventstore.AtCommit(from + 1)},
	}))
}

func search(t *testing.T, db *DB, text string) []int64 {
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
func TestSearchNaively(t *testing.T) {
	dir := t.TempDir()
	here, there := open(t, dir), open(t, dir)
	text := rapid.StringOf(rapid.SampledFrom([]rune("aab é%_'\"€")))
	rapid.Check(t, func(rt *rapid.T) {
		live(t, here)
		names := map[int64]string{}
		id := rapid.Int64Range(-2, 6)
		for n := range uint64(rapid.IntRange(1, 12).Draw(rt, "changes")) {
			var upserts [][]any
			for range rapid.IntRange(0, 3).Draw(rt, "upserts") {
				row := []any{id.Draw(rt, "id"), text.Draw(rt, "name")}
				upserts = append(upserts, row)
				names[row[0].(int64)] = row[1].(string)
			}
			var deletes []any
			if rapid.Bool().Draw(rt, "delete") {
				gone := id.Draw(rt, "gone")
				deletes = append(deletes, gone)
				delete(names, gone)
			}
			write(t, here, n, upserts, deletes...)
			for _, db := range []*DB{here, there} {
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
				if remembered, ok := remembered(db); ok && strings.TrimSpace(part) != "" && remembered != len(names) {
					rt.Fatalf("%d rows are remembered of %d", remembered, len(names))
				}
			}
		}
	})
}

// remembered returns how many rows are, and false while they are being loaded.
func remembered(db *DB) (int, bool) {
	kept, ok := db.texts.memories.Load("thing_v1.name")
	if !ok {
		return 0, false
	}
	m := kept.(*memory)
	m.RLock()
	defer m.RUnlock()
	return len(m.at), m.loaded && m.loading == nil
}

// TestSearchFarBehind lets one process change more rows than it keeps for another to follow.
func TestSearchFarBehind(t *testing.T) {
	dir := t.TempDir()
	here, there := open(t, dir), open(t, dir)
	live(t, here)
	write(t, here, 0, [][]any{{int64(0), "common"}})
	if got := search(t, there, "common"); len(got) != 1 {
		t.Fatalf("found %v", got)
	}
	const rows = keptChanges + 2*pruneEvery
	upserts := make([][]any, rows)
	for i := range upserts {
		upserts[i] = []any{int64(i), fmt.Sprintf("common n%d.", i)}
	}
	write(t, here, 1, upserts)
	kept, err := machinery.Get[int64](t.Context(), here, "SELECT count(*) FROM "+changedTable(things.Name))
	must(t, err)
	if kept < keptChanges || kept > keptChanges+pruneEvery {
		t.Errorf("%d changes are kept", kept)
	}
	for _, db := range []*DB{here, there} {
		if got := search(t, db, "n77."); !slices.Equal(got, []int64{77}) {
			t.Errorf("found %v", got)
		}
		if got := search(t, db, "common"); len(got) != rows { // more than are listed
			t.Errorf("found %d", len(got))
		}
	}
}

// TestMemoryIsCompacted changes the same rows for a long time.
func TestMemoryIsCompacted(t *testing.T) {
	m := newContent(columns{}, 0)
	for n := range 10_000 {
		m.put(int64(n%10), fmt.Sprintf("text %d.", n), "", place{})
	}
	if len(m.entries) > 20 || len(m.text) > 20*len("text 10000.") {
		t.Errorf("%d entries of %d bytes for 10 rows", len(m.entries), len(m.text))
	}
	if rows, few := m.find([]string{"9995.", "text"}, "", 10); !few || !slices.Equal(rows, []int64{5}) {
		t.Errorf("found %v", rows)
	}
	if rows, _ := m.find([]string{"text", "9985."}, "", 10); len(rows) > 0 {
		t.Errorf("found %v by what it held before", rows)
	}
	if rows, few := m.find([]string{"text"}, "", 9); few {
		t.Errorf("found %v, which is more than was asked for", rows)
	}
}
