package app

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"sleutelbos/internal/sqlitex/sealed"
	"sleutelbos/projections/machinery/rows/sqlite"
)

// TestF21_AJobRunsInOneProcess: of two processes one does a job, and the other takes it over when
// the first ends.
func TestF21_AJobRunsInOneProcess(t *testing.T) {
	dir := t.TempDir()
	begun := make(chan string, 10)
	run := func(name string) (stop func()) {
		rows, err := sqlite.Open(t.Context(), dir, sealed.Key{1})
		if err != nil {
			t.Fatal(err)
		}
		a := &App{Stores: &Stores{Rows: rows, Log: slog.New(slog.DiscardHandler)}}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- a.alone("seals", func(ctx context.Context) error {
				begun <- name
				<-ctx.Done()
				return nil
			})(ctx)
		}()
		return func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			if err := rows.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	next := func(want string) {
		t.Helper()
		select {
		case got := <-begun:
			if got != want {
				t.Fatalf("%s does the job, not %s", got, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%s does not do the job", want)
		}
	}
	stopFirst := run("first")
	next("first")
	stopSecond := run("second")
	defer stopSecond()
	select {
	case got := <-begun:
		t.Fatalf("%s does the job, too", got)
	case <-time.After(turnEvery + 500*time.Millisecond):
	}
	stopFirst()
	next("second")
}
