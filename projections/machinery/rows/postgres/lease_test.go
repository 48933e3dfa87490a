package postgres

import (
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
