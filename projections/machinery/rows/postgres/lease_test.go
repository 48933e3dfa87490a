package postgres

import (
	"context"
	"testing"
	"time"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
)

// TestF57_AFrozenHolderIsReplaced: the connection of a frozen process stays, and with it its locks.
// Once its lease has run out another takes them, and the frozen one knows it before it goes on.
func TestF57_AFrozenHolderIsReplaced(t *testing.T) {
	url := postgrestest.URL(t)
	frozen, other := open(t, url), open(t, url)
	lock, ok, err := frozen.TryLock(t.Context(), "mails")
	if !ok || err != nil || !lock.Held() {
		t.Fatalf("got %v, %v", ok, err)
	}
	frozen.locker.stop() // as if the process stood still: nobody renews
	frozen.locker.ended.Wait()
	take := func() (machinery.Lock, bool) {
		t.Helper()
		lock, ok, err := other.TryLock(t.Context(), "mails")
		if err != nil {
			t.Fatal(err)
		}
		return lock, ok
	}
	if _, ok := take(); ok {
		t.Fatal("a lock was taken whose lease runs")
	}
	began := time.Now()
	var taken machinery.Lock
	for ok = false; !ok; taken, ok = take() {
		if time.Since(began) > 15*time.Second {
			t.Fatal("a frozen holder is not replaced within 15 s")
		}
		time.Sleep(100 * time.Millisecond) // a poll with a deadline
	}
	if lock.Held() || !taken.Held() {
		t.Error("two hold the lock")
	}
	t.Logf("taken over after %s", time.Since(began).Round(time.Second))
	frozen.locker.check(t.Context())
	select {
	case <-lock.Lost():
	default:
		t.Error("the frozen one is not told")
	}
}

// TestF57_ACutConnection: a process that asks for a lock over a connection that carries nothing hears
// in time that those which it held are lost.
func TestF57_ACutConnection(t *testing.T) {
	url := postgrestest.URL(t)
	cable := postgrestest.LayCable(t, url)
	far, other := open(t, cable.URL()), open(t, url)
	lock, ok, err := far.TryLock(t.Context(), "mails")
	if !ok || err != nil {
		t.Fatalf("got %v, %v", ok, err)
	}
	if _, ok, err := other.TryLock(t.Context(), "letters"); !ok || err != nil {
		t.Fatalf("got %v, %v", ok, err)
	}
	cable.Cut()
	ctx, end := context.WithCancel(t.Context())
	asked := make(chan error, 1)
	go func() {
		_, _, err := far.TryLock(ctx, "letters")
		asked <- err
	}()
	select {
	case <-lock.Lost():
	case <-time.After(15 * time.Second):
		t.Error("it is not told within 15 s")
	}
	end()
	if err := <-asked; err == nil {
		t.Error("it was answered")
	}
	cable.Mend()
}
