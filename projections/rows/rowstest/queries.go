package rowstest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/projections"
)

func found(t *testing.T, db projections.DB, text string) []string {
	t.Helper()
	args := []any{-5}
	holds, err := db.Contains(t.Context(), name, "name", text, "count >= $1", func(value any) string {
		args = append(args, value)
		return fmt.Sprint("$", len(args))
	})
	must(t, err)
	rows, err := projections.Select[Row](t.Context(), db, "SELECT id FROM thing_list_v1 WHERE "+holds+" ORDER BY id LIMIT 600", args...)
	must(t, err)
	ids := []string{}
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

func testSearch(t *testing.T, open Open) {
	db := open(t)
	build(t, db, 1, Row{ID: "1", Name: projections.Searchable("Zoë", "van  Dijk\n")}, Row{ID: "2", Name: `100%_\"q" 'x'`},
		Row{ID: "3", Name: "dijkstra"}, Row{ID: "4", Name: ""})
	for text, want := range map[string][]string{
		"": {"1", "2", "3", "4"}, "zoe": {"1"}, "zo": {"1"}, "dijk": {"1", "3"}, "van dijk": {"1"}, "stra": {"3"}, "d": {"1", "3"},
		"%": {"2"}, "0%_": {"2"}, `_\"`: {"2"}, `"q" 'x'`: {"2"}, "DIJK": {}, "none": {}, "di_k": {}, "k": {"1", "3"},
		projections.Searchable("ZOË VAN"): {"1"},
	} {
		// Asked before the index was built in the background, and perhaps after.
		equal(t, want, found(t, db, text))
	}
}

// testSearchFollows asks while the index follows in the background: nothing may be missed
// and nothing found that is gone, at any moment.
func testSearchFollows(t *testing.T, open Open) {
	db := open(t)
	var rows []Row
	for i := range 1000 {
		rows = append(rows, Row{ID: fmt.Sprintf("%04d", i), Name: fmt.Sprintf("common person%04d", i)})
	}
	build(t, db, 0, rows...)
	check := func() {
		t.Helper()
		equal(t, []string{"0007"}, found(t, db, "person0007"))
		equal(t, 600, len(found(t, db, "common")))
	}
	check()
	for n := range eventstore.Position(30) {
		var some []Row
		for i := range 20 {
			some = append(some, Row{ID: fmt.Sprintf("n%02d%02d", n, i), Name: fmt.Sprintf("newcomer%02d", n)})
		}
		moved := Row{ID: "0500", Name: fmt.Sprintf("moved to %02d", n)}
		c := change(n, n+1, append(some, moved)...)
		if n > 0 {
			c.Deletes = []any{fmt.Sprintf("n%02d00", n-1)}
		}
		must(t, db.Apply(t.Context(), c))
		equal(t, 20, len(found(t, db, fmt.Sprintf("newcomer%02d", n))))
		equal(t, []string{"0500"}, found(t, db, moved.Name))
		if n > 0 {
			equal(t, []string{}, found(t, db, fmt.Sprintf("moved to %02d", n-1)))
			equal(t, 19, len(found(t, db, fmt.Sprintf("newcomer%02d", n-1))))
		}
		check()
	}
}

func testLists(t *testing.T, open Open) {
	db := open(t)
	build(t, db, 1, Row{ID: "1", Tags: []string{"red"}}, Row{ID: "2", Tags: []string{`re`}}, Row{ID: "3"})
	ids := func(where string, arg any) (ids []string) {
		rows, err := projections.Select[Row](t.Context(), db, "SELECT id FROM thing_list_v1 WHERE "+where+" ORDER BY id", arg)
		must(t, err)
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		return ids
	}
	equal(t, []string{"1"}, ids(db.HasMember("tags", "$1"), "red"))
	equal(t, []string{"2"}, ids(db.HasMember("tags", "$1"), "re"))
	equal(t, []string{"1", "3"}, ids(db.InList("id", "$1"), []string{"3", "1", "9"}))
	equal(t, nil, ids(db.InList("id", "$1"), []string{}))
	equal(t, []string{"1", "2", "3"}, ids("NOT active AND active = $1", false))
}

func testNotBuilt(t *testing.T, open Open) {
	db := open(t)
	if _, err := projections.Select[Row](t.Context(), db, all); !errors.Is(err, projections.ErrNotBuilt) {
		t.Fatal("want ErrNotBuilt, got", err)
	}
	if _, ok, err := db.Table(t.Context(), name); ok || err != nil {
		t.Fatal("want nothing, got", ok, err)
	}
	at, err := db.Checkpoint(t.Context(), name)
	must(t, err)
	equal(t, projections.Checkpoint{}, at)
	live(t, db)
	equal(t, 0, len(rowsOf(t, db)))
	type narrow struct {
		ID string `db:"id"`
	}
	if _, err := projections.Select[narrow](t.Context(), db, "SELECT id, name FROM thing_list_v1"); err != nil {
		t.Fatal("an empty result has no column to complain of:", err)
	}
	must(t, db.Apply(t.Context(), change(0, 1, anna)))
	if _, err := projections.Select[narrow](t.Context(), db, "SELECT id, name FROM thing_list_v1"); err == nil {
		t.Fatal("want an error for a column without a field")
	}
}

func testReactors(t *testing.T, open Open) {
	db, other := open(t), open(t)
	ctx := t.Context()
	if _, ok, err := db.ReactorCheckpoint(ctx, "mail"); ok || err != nil {
		t.Fatal("want none, got", ok, err)
	}
	fenced := func(err error) {
		t.Helper()
		if !errors.Is(err, projections.ErrFenced) {
			t.Fatal("want ErrFenced, got", err)
		}
	}
	fenced(db.SaveReactor(ctx, "mail", 0, 1, noon))
	must(t, db.SaveReactor(ctx, "mail", projections.NeverRan, 4, noon))
	fenced(other.SaveReactor(ctx, "mail", projections.NeverRan, 0, noon))
	must(t, other.SaveReactor(ctx, "mail", 4, 6, noon))
	fenced(db.SaveReactor(ctx, "mail", 4, 5, noon))
	at, ok, err := db.ReactorCheckpoint(ctx, "mail")
	must(t, err)
	equal(t, true, ok)
	equal(t, projections.Checkpoint{Position: 6, UpdatedAt: noon}, at)
}

func testLocks(t *testing.T, open Open) {
	one, other := open(t), open(t)
	try := func(db projections.DB, name string) (projections.Lock, bool) {
		t.Helper()
		lock, ok, err := db.TryLock(t.Context(), name)
		must(t, err)
		return lock, ok
	}
	lock, ok := try(one, "rebuild a")
	equal(t, true, ok)
	for _, db := range []projections.DB{one, other} {
		if _, ok := try(db, "rebuild a"); ok {
			t.Fatal("two hold the lock")
		}
	}
	second, ok := try(other, "b")
	equal(t, true, ok)
	select {
	case <-lock.Lost():
		t.Fatal("it was not lost")
	default:
	}
	lock.Release()
	lock.Release() // again changes nothing
	lock, ok = try(other, "rebuild a")
	equal(t, true, ok)
	lock.Release()
	second.Release()
	until(t, func() bool { // who goes away takes no lock along
		lock, ok, err := one.TryLock(context.WithoutCancel(t.Context()), "b")
		if ok {
			lock.Release()
		}
		return ok && err == nil
	})
}

func until(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); {
		if time.Now().After(deadline) {
			t.Fatal("it did not come to pass within ten seconds")
		}
		time.Sleep(time.Millisecond) // a poll with a deadline
	}
}
