package rowstest

import (
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"

	"sleutelbos/projections/machinery"
)

func testFencing(t *testing.T, open Open) {
	one, other := open(t), open(t)
	live(t, one)
	must(t, one.Apply(t.Context(), change(0, 5, anna)))
	counted := anna
	counted.Count++
	for _, from := range []uint64{0, 4, 6} {
		if err := other.Apply(t.Context(), change(from, 9, counted, bert)); !errors.Is(err, machinery.ErrFenced) {
			t.Fatalf("from %d: want ErrFenced, got %v", from, err)
		}
	}
	earlier := change(5, 9, counted)
	earlier.From = preparedEarlier(5)
	if err := other.Apply(t.Context(), earlier); !errors.Is(err, machinery.ErrFenced) {
		t.Fatalf("from the same commit, prepared earlier: want ErrFenced, got %v", err)
	}
	equal(t, []Row{anna}, rowsOf(t, other))
	must(t, other.Apply(t.Context(), change(5, 9, counted)))
	equal(t, []Row{counted}, rowsOf(t, one))
}

func testAtomic(t *testing.T, open Open) {
	db := open(t)
	live(t, db)
	broken := change(0, 3, anna)
	broken.Upserts = append(broken.Upserts, values(bert))
	broken.Definition.Columns = append([]machinery.Column{}, definition.Columns...)
	broken.Definition.Columns[1].Name = "no_such_column"
	if err := db.Apply(t.Context(), broken); err == nil {
		t.Fatal("want an error")
	}
	equal(t, 0, len(rowsOf(t, db)))
	standing, err := db.Checkpoint(t.Context(), name)
	must(t, err)
	equal(t, at(0), standing.Position)
	must(t, db.Apply(t.Context(), change(0, 3, anna))) // the engine is as good as before
}

// testManyWriters writes from many sides at once; one of them is always fenced, and no one
// else may suffer for it.
func testManyWriters(t *testing.T, open Open) {
	db := open(t)
	const writers, rounds = 8, 20
	tables := make([]machinery.Definition, writers)
	for i := range tables {
		tables[i] = definition
		tables[i].Name = fmt.Sprintf("thing_%c_v1", 'a'+i)
		must(t, db.Create(t.Context(), tables[i], tables[i].Name))
	}
	var all sync.WaitGroup
	for i, def := range tables {
		all.Go(func() {
			for n := range uint64(rounds) {
				c := change(n, n+1, Row{ID: fmt.Sprint(n)})
				c.Definition, c.Physical = def, def.Name
				if err := db.Apply(t.Context(), c); err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
				if err := db.Apply(t.Context(), c); !errors.Is(err, machinery.ErrFenced) {
					t.Errorf("writer %d again: want ErrFenced, got %v", i, err)
				}
			}
		})
	}
	all.Wait()
	for _, def := range tables {
		n, err := machinery.Get[int64](t.Context(), db, "SELECT count(*) FROM "+def.Name)
		must(t, err)
		equal(t, int64(rounds), n)
	}
}

func testBigChange(t *testing.T, open Open) {
	db := open(t)
	live(t, db)
	var rows []Row
	var keys []any
	for i := range 1100 {
		rows = append(rows, Row{ID: fmt.Sprintf("%05d", i), Name: "row"})
		keys = append(keys, rows[i].ID)
	}
	must(t, db.Apply(t.Context(), change(0, 1, rows...)))
	equal(t, rows, rowsOf(t, db))
	loaded, err := collect(db.Load(t.Context(), definition, name, keys))
	must(t, err)
	equal(t, len(rows), len(loaded))
	c := change(1, 2)
	c.Deletes = keys[1:]
	must(t, db.Apply(t.Context(), c))
	equal(t, rows[:1], rowsOf(t, db))
}

func testSwitch(t *testing.T, open Open) {
	db := open(t)
	build(t, db, 3, anna)
	beside := name + "__rebuild"
	must(t, db.Create(t.Context(), definition, beside))
	must(t, db.Create(t.Context(), definition, beside)) // after one that was interrupted
	must(t, db.Fill(t.Context(), definition, beside, storedRows([]Row{bert})))
	equal(t, []Row{anna}, rowsOf(t, db))
	c := change(0, 5, anna)
	c.Physical = beside
	must(t, db.Apply(t.Context(), c))
	must(t, db.Finish(t.Context(), definition, beside))
	must(t, db.Switch(t.Context(), definition, beside, checkpoint(6)))
	equal(t, []Row{anna, bert}, rowsOf(t, db))
	at, err := db.Checkpoint(t.Context(), name)
	must(t, err)
	equal(t, checkpoint(6), at)
	if _, ok, err := db.Table(t.Context(), beside); ok || err != nil {
		t.Fatal("the table beside is still there", err)
	}
	if err := db.Apply(t.Context(), change(3, 7, anna)); !errors.Is(err, machinery.ErrFenced) {
		t.Fatal("want ErrFenced, got", err)
	}
	for n := range uint64(3) { // again and again, with the same names of indexes
		build(t, db, 7+n, bert)
	}
	equal(t, []Row{bert}, rowsOf(t, db))
	must(t, db.Remove(t.Context(), name))
	if _, ok, err := db.Table(t.Context(), name); ok || err != nil {
		t.Fatal("the table is still there", err)
	}
}

func testSwitchBehind(t *testing.T, open Open) {
	db := open(t)
	build(t, db, 9, anna)
	beside := name + "__rebuild"
	must(t, db.Create(t.Context(), definition, beside))
	must(t, db.Finish(t.Context(), definition, beside))
	if err := db.Switch(t.Context(), definition, beside, checkpoint(8)); !errors.Is(err, machinery.ErrFenced) {
		t.Fatal("want ErrFenced, got", err)
	}
	equal(t, []Row{anna}, rowsOf(t, db))
	must(t, db.Switch(t.Context(), definition, beside, checkpoint(9)))
	equal(t, 0, len(rowsOf(t, db)))
}

func testSnapshot(t *testing.T, open Open) {
	db := open(t)
	build(t, db, 4, bert, anna)
	err := db.Snapshot(t.Context(), definition, name, func(standing machinery.Checkpoint, rows iter.Seq2[[]any, error]) error {
		must(t, db.Apply(t.Context(), change(4, 5, Row{ID: "c"})))
		equal(t, at(4), standing.Position)
		got, err := collect(rows)
		equal(t, [][]any{values(anna), values(bert)}, got)
		return err
	})
	must(t, err)
	equal(t, 3, len(rowsOf(t, db)))
	wrong := errors.New("looked wrong")
	err = db.Snapshot(t.Context(), definition, name, func(machinery.Checkpoint, iter.Seq2[[]any, error]) error { return wrong })
	if !errors.Is(err, wrong) {
		t.Fatal("want the error of the look, got", err)
	}
}
