package esdb

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"sleutelbos/eventstore"
)

func TestATombstonedStream(t *testing.T) {
	path := socket(t)
	server := serve(t, "unix:"+path)
	s := open(t, "esdb+unix://"+path, Options{})
	_, err := s.Append(t.Context(), "gone é", eventstore.NoStream, event())
	must(t, err)
	_, err = server.log.Tombstone(t.Context(), "gone é", eventstore.Any)
	must(t, err)
	for _, expected := range []eventstore.Expected{eventstore.NoStream, eventstore.Any, 0} {
		if _, err := s.Append(t.Context(), "gone é", expected, event()); !errors.Is(err, eventstore.ErrStreamDeleted) {
			t.Errorf("append: %v", err)
		}
		if _, err := s.Append(t.Context(), "gone é", expected); !errors.Is(err, eventstore.ErrStreamDeleted) {
			t.Errorf("append of nothing: %v", err)
		}
	}
	for _, err = range s.ReadStream(t.Context(), "gone é", 0, eventstore.Forwards) {
	}
	if !errors.Is(err, eventstore.ErrStreamDeleted) {
		t.Errorf("read: %v", err)
	}
}

func TestASoftlyDeletedStreamGoesOn(t *testing.T) {
	path := socket(t)
	server := serve(t, "unix:"+path)
	s := open(t, "esdb+unix://"+path, Options{})
	_, err := s.Append(t.Context(), "a", eventstore.NoStream, event(), event())
	must(t, err)
	_, err = server.log.Delete(t.Context(), "a", eventstore.Any)
	must(t, err)
	for _, err := range s.ReadStream(t.Context(), "a", 0, eventstore.Forwards) {
		t.Errorf("the stream shows an event (%v)", err)
	}
	r, err := s.Append(t.Context(), "a", eventstore.NoStream, event())
	must(t, err)
	if r.Revision != 2 {
		t.Errorf("revision %d, want 2", r.Revision)
	}
}

func TestBadInput(t *testing.T) {
	path := socket(t)
	serve(t, "unix:"+path)
	s := open(t, "esdb+unix://"+path, Options{MaxAppendSize: 100})
	anonymous, untyped, heavy := event(), event(), event()
	anonymous.ID = [16]byte{}
	untyped.Type = ""
	heavy.Data = make([]byte, 101)
	for want, call := range map[string]func() error{
		"no id": func() error {
			_, err := s.Append(t.Context(), "a", eventstore.Any, anonymous)
			return err
		},
		"no type": func() error {
			_, err := s.Append(t.Context(), "a", eventstore.Any, untyped)
			return err
		},
		"revision -3": func() error {
			_, err := s.Append(t.Context(), "a", -3, event())
			return err
		},
		"at most 100": func() error {
			_, err := s.Append(t.Context(), "a", eventstore.Any, heavy)
			return err
		},
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got: %v", want, err)
		}
	}
}

func TestTheServersOwnSizeLimit(t *testing.T) {
	path := socket(t)
	serve(t, "unix:"+path)
	s := open(t, "esdb+unix://"+path, Options{MaxAppendSize: 100 << 20})
	for _, size := range []int{1<<20 + 1, 18 << 20} {
		e := event()
		e.Data, e.Binary = make([]byte, size), true
		if _, err := s.Append(t.Context(), "a", eventstore.Any, e); !errors.Is(err, eventstore.ErrTooLarge) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestConnectionStrings(t *testing.T) {
	const secret = "CANARY"
	for _, wrong := range []string{
		"", "localhost:2113", "http://localhost:2113", "esdb://", "esdb+unix://relative", "esdb://admin:" + secret + "@local host:2113",
		"esdb://admin:" + secret + "%zz@localhost:2113", "esdb://admin:" + secret + "@localhost:port", "esdb://:" + secret + "@localhost:2113",
		"esdb://admin:" + secret + "@localhost:2113/path", "esdb://admin:" + secret + "@localhost:2113?tls=perhaps",
		"esdb://admin:" + secret + "@a:1,b:x", "esdb://admin:" + secret + "@a:1,b:2,,?tls=%zz",
		"esdb://admin:" + secret + "@localhost:2113?tlsCAFile=/nowhere/ca.crt",
	} {
		s, err := Open(wrong, Options{})
		if err == nil {
			t.Errorf("%s was taken", wrong)
			must(t, s.Close())
			continue
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the password is in: %v", err)
		}
	}
	var printed strings.Builder // by the client, in the log that everybody shares
	log.SetOutput(&printed)
	defer log.SetOutput(os.Stderr)
	h := &health{log: slog.New(slog.DiscardHandler)}
	config, err := configuration("esdb+discover://admin:"+secret+"@localhost:2113?tls=true&connectionName=x&keepAliveInterval=20", h)
	must(t, err)
	if config.Username != "admin" || config.Password != secret || !config.DnsDiscover || config.DisableTLS || config.MaxDiscoverAttempts != foreverTries ||
		config.KeepAliveInterval != 10*time.Second || printed.Len() > 0 {
		t.Errorf("%+v; printed: %s", config, printed.String())
	}
}

// What the client says of an absent server is one warning here, not one a call.
func TestTheNewsIsToldOnce(t *testing.T) {
	var said strings.Builder
	path := socket(t)
	server := serve(t, "unix:"+path)
	s := open(t, "esdb+unix://"+path, Options{Logger: slog.New(slog.NewTextHandler(&said, nil))})
	server.shut()
	for range 3 {
		for name, call := range methods(s) {
			returnsInTime(t, name, 20*time.Millisecond, call)
		}
	}
	server.open()
	for range 3 {
		for _, call := range methods(s) {
			must(t, call(context.WithoutCancel(t.Context())))
		}
	}
	for line, want := range map[string]int{"level=WARN": 1, "level=INFO": 1, "discovery attempt": 0} {
		if got := strings.Count(said.String(), line); got != want {
			t.Errorf("%q was said %d times, want %d:\n%s", line, got, want, said.String())
		}
	}
}
