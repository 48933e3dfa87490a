package rowstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

func testLists(t *testing.T, open Open) {
	db := open(t)
	build(t, db, 1, Row{ID: "1", Tags: []string{"red"}}, Row{ID: "2", Tags: []string{`re`}}, Row{ID: "3"})
	ids := func(where string, arg any) (ids []string) {
		rows, err := machinery.Select[Row](t.Context(), db, "SELECT id FROM thing_list_v1 WHERE "+where+" ORDER BY id", arg)
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
	if _, err := machinery.Select[Row](t.Context(), db, all); !errors.Is(err, machinery.ErrNotBuilt) {
		t.Fatal("want ErrNotBuilt, got", err)
	}
	if _, ok, err := db.Table(t.Context(), name); ok || err != nil {
		t.Fatal("want nothing, got", ok, err)
	}
	at, err := db.Checkpoint(t.Context(), name)
	must(t, err)
	equal(t, machinery.Checkpoint{}, at)
	live(t, db)
	equal(t, 0, len(rowsOf(t, db)))
	type narrow struct {
		ID string `db:"id"`
	}
	if _, err := machinery.Select[narrow](t.Context(), db, "SELECT id, name FROM thing_list_v1"); err != nil {
		t.Fatal("an empty result has no column to complain of:", err)
	}
	must(t, db.Apply(t.Context(), change(0, 1, anna)))
	if _, err := machinery.Select[narrow](t.Context(), db, "SELECT id, name FROM thing_list_v1"); err == nil {
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
		if !errors.Is(err, machinery.ErrFenced) {
			t.Fatal("want ErrFenced, got", err)
		}
	}
	fenced(db.SaveReactor(ctx, "mail", at(0), reached(at(1))))
	must(t, db.SaveReactor(ctx, "mail", machinery.NeverRan, reached(at(4))))
	fenced(other.SaveReactor(ctx, "mail", machinery.NeverRan, reached(at(0))))
	must(t, other.SaveReactor(ctx, "mail", at(4), reached(at(6))))
	fenced(db.SaveReactor(ctx, "mail", at(4), reached(at(5))))
	fenced(db.SaveReactor(ctx, "mail", preparedEarlier(6), reached(at(7))))
	standing, ok, err := db.ReactorCheckpoint(ctx, "mail")
	must(t, err)
	equal(t, true, ok)
	equal(t, reached(at(6)), standing)
	must(t, db.SaveReactor(ctx, "letters", machinery.NeverRan, reached(at(2))))
	all, err := db.Reactors(ctx)
	must(t, err)
	equal(t, []machinery.NamedCheckpoint{{Name: "letters", Checkpoint: reached(at(2))}, {Name: "mail", Checkpoint: reached(at(6))}}, all)
}

func testLocks(t *testing.T, open Open) {
	one, other := open(t), open(t)
	try := func(db machinery.DB, name string) (machinery.Lock, bool) {
		t.Helper()
		lock, ok, err := db.TryLock(t.Context(), name)
		must(t, err)
		return lock, ok
	}
	lock, ok := try(one, "rebuild a")
	equal(t, true, ok)
	for _, db := range []machinery.DB{one, other} {
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

// reached is the checkpoint of a reactor.
func reached(position eventstore.Position) machinery.Checkpoint {
	return machinery.Checkpoint{Position: position, Last: markAt(position), UpdatedAt: noon}
}

// markAt is that of an event.
func markAt(position eventstore.Position) machinery.Mark {
	return machinery.Mark{Position: position, ID: uuid.NewSHA1(uuid.Nil, []byte(position.String()))}
}
