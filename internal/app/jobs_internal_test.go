package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sleutelbos/projections/machinery"
)

// TestF77_AJobThatFailsIsTold once it has failed for longer than its schedule promises, and until it is done.
func TestF77_AJobThatFailsIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failed := errors.New("the append is too large")
		var with sync.Map // how it fails, if it does
		fails := func(err error) { with.Store("error", err) }
		j := &job{name: "seals", every: sealEvery, now: time.Now, log: slog.New(slog.DiscardHandler), work: func(context.Context) error {
			err, _ := with.Load("error")
			failure, _ := err.(error)
			return failure
		}}
		ctx, stop := context.WithCancel(t.Context())
		go func() { _ = j.run(ctx) }()
		late := func() bool {
			synctest.Wait()
			trouble, late := j.late()
			if late && (trouble.Code != "job-seals" || trouble.Count == 0) {
				t.Errorf("got %+v", trouble)
			}
			return late
		}
		if s := j.status(); late() || s.Failures != 0 {
			t.Errorf("at the start: %+v", s)
		}
		first := j.status().Done
		fails(failed)
		time.Sleep(time.Hour + time.Minute)
		if late() || j.status().Failures != 1 || !j.status().Done.Equal(first) {
			t.Errorf("after a failure: %+v", j.status())
		}
		time.Sleep(time.Hour + lateAfter)
		if !late() || j.status().Failures != 2 {
			t.Errorf("after two: %+v", j.status())
		}
		fails(machinery.ErrNotBuilt) // its turn has not come
		time.Sleep(time.Hour)
		if !late() || j.status().Failures != 2 {
			t.Errorf("while it has nothing to work on: %+v", j.status())
		}
		with.Clear()
		time.Sleep(time.Hour)
		if late() || j.status().Failures != 0 || !j.status().Done.After(first) {
			t.Errorf("once it was done: %+v", j.status())
		}
		stop()
	})
}
