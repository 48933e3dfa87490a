package vault_test

import (
	"testing"
	"time"

	"sleutelbos/eventstore/vault"
)

// TestTries counts within a time that begins with the first try, and takes back what was none.
func TestTries(t *testing.T) {
	on(t, func(t *testing.T, p place) {
		now := noon
		v, ctx := p.vault(t, func(o *vault.Options) { o.Now = func() time.Time { return now } }), t.Context()
		try := func(who string, want int, over time.Time) {
			t.Helper()
			count, until, err := v.CountTry(ctx, "door", who, time.Hour)
			must(t, err)
			if count != want || !until.Equal(over) {
				t.Errorf("try %d until %s, want %d until %s", count, until, want, over)
			}
		}
		try("one", 1, noon.Add(time.Hour))
		now = noon.Add(time.Minute)
		try("one", 2, noon.Add(time.Hour))
		try("other", 1, now.Add(time.Hour))
		must(t, v.TakeBackTry(ctx, "door", "one"))
		try("one", 2, noon.Add(time.Hour))
		for range 3 {
			must(t, v.TakeBackTry(ctx, "door", "one")) // there are two
		}
		try("one", 1, noon.Add(time.Hour))
		now = noon.Add(time.Hour)
		try("one", 1, now.Add(time.Hour))
		must(t, v.ForgetTries(ctx, "door", "one"))
		count, err := v.TriesOf(ctx, "door", "one")
		must(t, err)
		if count != 0 {
			t.Errorf("%d tries after they were forgotten", count)
		}
	})
}
