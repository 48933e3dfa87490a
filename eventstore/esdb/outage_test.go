package esdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"sleutelbos/eventstore"
)

const (
	awayFor = 2200 * time.Millisecond // ten tries, the client's default, last 1 s; at our interval 2 s
	slack   = 10 * time.Second        // for a busy machine; a call that hangs does so until the server is back
)

func event() eventstore.Event {
	return eventstore.Event{ID: uuid.New(), Type: "thing.happened.v1", Data: []byte(`{"n":1}`), Metadata: []byte(`{}`)}
}

// methods are the calls of a store that end by themselves.
func methods(s *Store) map[string]func(context.Context) error {
	read := func(ctx context.Context, dir eventstore.Direction) error {
		for _, err := range s.ReadAll(ctx, eventstore.AtCommit(1), dir, eventstore.Filter{}) {
			if err != nil {
				return err
			}
		}
		return nil
	}
	return map[string]func(context.Context) error{
		"Append": func(ctx context.Context) error {
			_, err := s.Append(ctx, "a", eventstore.Any, event())
			return err
		},
		"Append nothing": func(ctx context.Context) error {
			_, err := s.Append(ctx, "a", eventstore.Any)
			return err
		},
		"ReadStream": func(ctx context.Context) error {
			for _, err := range s.ReadStream(ctx, "a", 0, eventstore.Forwards) {
				if err != nil {
					return err
				}
			}
			return nil
		},
		"ReadAll forwards":  func(ctx context.Context) error { return read(ctx, eventstore.Forwards) },
		"ReadAll backwards": func(ctx context.Context) error { return read(ctx, eventstore.Backwards) },
		"Subscribe": func(ctx context.Context) error {
			for d, err := range s.Subscribe(ctx, eventstore.Position{}, eventstore.Filter{}) {
				if err != nil || d.CaughtUp {
					return err
				}
			}
			return nil
		},
		"Head":   func(ctx context.Context) error { _, err := s.Head(ctx); return err },
		"Behind": func(ctx context.Context) error { _, err := s.Behind(ctx, eventstore.Position{}, 10); return err },
	}
}

// forgotten are the goroutines of a connection that the client lost and did not close, with
// the server away; see the package comment.
func forgotten() []goleak.Option {
	return []goleak.Option{
		goleak.IgnoreAnyFunction("google.golang.org/grpc/internal/grpcsync.(*CallbackSerializer).run"),
		goleak.IgnoreAnyFunction("google.golang.org/grpc.(*addrConn).resetTransportAndUnlock"),
	}
}

func (s *Store) abandoned() int {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	return s.calls.abandoned
}

// looks counts how often the client looks for its server.
type looks struct{ n atomic.Int64 }

func (l *looks) Enabled(context.Context, slog.Level) bool { return true }
func (l *looks) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l *looks) WithGroup(string) slog.Handler            { return l }
func (l *looks) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if strings.Contains(a.Value.String(), "discovery attempt") {
			l.n.Add(1)
		}
		return true
	})
	return nil
}

// TestAServerAwayForAMinute: for as many looks as are made in a minute, which are made faster here.
func TestAServerAwayForAMinute(t *testing.T) {
	path := socket(t)
	server := serve(t, "unix:"+path)
	var looked looks
	s := open(t, "esdb+unix://"+path, Options{LookEvery: 2 * time.Millisecond, Logger: slog.New(&looked)})
	must(t, methods(s)["Append"](t.Context()))
	lost := make(chan error, 1)
	go func() {
		for _, err := range s.Subscribe(t.Context(), eventstore.Position{}, eventstore.Filter{}) {
			if err != nil {
				lost <- err
			}
		}
	}()
	server.shut()
	start := time.Now()
	for before := looked.n.Load(); looked.n.Load()-before < int64(time.Minute/defaultLookEvery); {
		if time.Since(start) > time.Minute {
			t.Fatal("the client looks no faster than it should in earnest")
		}
		for name, call := range methods(s) {
			returnsInTime(t, name, 30*time.Millisecond, call)
		}
	}
	if err := <-lost; !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("the subscription ended with: %v", err)
	}
	if s.abandoned() == 0 {
		t.Error("no call was left behind: the client has changed, and this driver may become simpler")
	}
	server.open()
	for name, call := range methods(s) {
		if err := call(t.Context()); err != nil {
			t.Errorf("%s, with the server back: %v", name, err)
		}
	}
	eventually(t, "all calls left behind have ended", func() bool { return s.abandoned() == 0 })
}

// returnsInTime asks that a call of an absent server ends by its deadline, saying why.
func returnsInTime(t *testing.T, name string, timeout time.Duration, call func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	start := time.Now()
	err := call(ctx)
	if took := time.Since(start); took > timeout+slack {
		t.Errorf("%s took %s of %s", name, took, timeout)
	}
	if !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("%s: want unavailable, got: %v", name, err)
	}
}

func TestManyCallersWhileTheServerGoesAway(t *testing.T) {
	const callers = 200
	before := goleak.IgnoreCurrent()
	path := socket(t)
	server := serve(t, "unix:"+path)
	s := open(t, "esdb+unix://"+path, Options{})

	o := outage{busy: make(chan struct{}, callers), told: make(chan struct{}, callers)}
	var all sync.WaitGroup
	acknowledged := make([][]uuid.UUID, callers)
	for i := range callers {
		all.Go(func() { acknowledged[i] = o.work(t, s, fmt.Sprint("caller-", i)) })
	}
	o.everybody(t, callers, "has succeeded and goes on", o.busy)
	server.shut()
	o.away.Store(true)
	start := time.Now()
	o.everybody(t, callers, "has been told that the server is away", o.told)
	<-time.After(awayFor - time.Since(start))
	server.open()
	o.back.Store(true)
	all.Wait()

	for i, want := range acknowledged {
		var got []uuid.UUID
		for r, err := range s.ReadStream(t.Context(), fmt.Sprint("caller-", i), 0, eventstore.Forwards) {
			must(t, err)
			got = append(got, r.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("caller %d: %d events in the stream, %d acknowledged", i, len(got), len(want))
		}
	}
	eventually(t, "all calls left behind have ended", func() bool { return s.abandoned() == 0 })
	must(t, s.Close())
	server.shut()
	must(t, server.log.Close())
	if err := goleak.Find(append(forgotten(), before)...); err != nil {
		t.Error(err)
	}
}

// outage is what callers know and tell while the server goes away and comes back.
type outage struct {
	away, back atomic.Bool
	busy, told chan struct{} // once each caller
}

// everybody waits for all callers, with the server away for as long as it takes.
func (o *outage) everybody(t *testing.T, callers int, what string, told <-chan struct{}) {
	t.Helper()
	late := time.After(time.Minute)
	for i := range callers {
		select {
		case <-told:
		case <-late:
			t.Fatalf("%d of %d callers: never %s", callers-i, callers, what)
		}
	}
}

// work appends and reads until it has succeeded with the server back, and returns what it
// appended. An append of unknown outcome is repeated with the same id.
func (o *outage) work(t *testing.T, s *Store, stream string) []uuid.UUID {
	var ids []uuid.UUID
	e := event()
	busy := sync.OnceFunc(func() { o.busy <- struct{}{} })
	told := sync.OnceFunc(func() { o.told <- struct{}{} })
	for start := time.Now(); time.Since(start) < time.Minute; {
		away, back := o.away.Load(), o.back.Load()
		ctx, cancel := context.WithTimeout(t.Context(), awayFor)
		_, err := s.Append(ctx, stream, eventstore.Expected(len(ids)-1), e)
		if err == nil {
			ids, e = append(ids, e.ID), event()
			for _, err = range s.ReadStream(ctx, stream, int64(len(ids)-1), eventstore.Forwards) {
			}
		}
		cancel()
		switch {
		case err == nil && back:
			return ids
		case err == nil:
			busy()
		case !errors.Is(err, eventstore.ErrUnavailable):
			t.Errorf("%s: %v", stream, err)
			return ids
		case away && !back:
			told()
		}
	}
	t.Errorf("%s: no success within a minute", stream)
	return ids
}
