package pause_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"sleutelbos/internal/pause"
)

func TestGrowing(t *testing.T) {
	const first, most = 10 * time.Millisecond, 80 * time.Millisecond
	p := pause.Between(first, most)
	for round := range 2 {
		for _, about := range []time.Duration{first, 2 * first, 4 * first, most, most} {
			if got := p.Next(); got < about/2 || got > about*3/2 {
				t.Errorf("round %d: %s, want about %s", round, got, about)
			}
		}
		p.Reset()
	}
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if !pause.For(t.Context(), time.Minute) || time.Since(began) != time.Minute {
			t.Errorf("waited %s", time.Since(began))
		}
		ctx, end := context.WithTimeout(t.Context(), time.Second)
		defer end()
		began = time.Now()
		if pause.Between(time.Hour, time.Hour).Wait(ctx) || time.Since(began) != time.Second {
			t.Errorf("waited %s for a context that had ended", time.Since(began))
		}
	})
}
