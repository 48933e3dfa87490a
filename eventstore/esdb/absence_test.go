package esdb

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"sleutelbos/eventstore"
)

// A server may also take the connection and then say nothing.
func TestAServerThatDoesNotAnswer(t *testing.T) {
	path := socket(t)
	silent := silence(t, path)
	const timeout = 50 * time.Millisecond
	start := time.Now()
	s := open(t, "esdb+unix://"+path, Options{Timeout: timeout})
	if took := time.Since(start); took > timeout+slack {
		t.Errorf("open took %s", took)
	}
	for name, call := range methods(s) {
		start := time.Now()
		if err := call(t.Context()); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Errorf("%s: want unavailable, got: %v", name, err)
		}
		if took := time.Since(start); took > timeout+slack {
			t.Errorf("%s took %s", name, took)
		}
	}
	left := s.abandoned()
	if left < len(methods(s)) {
		t.Errorf("%d calls were left behind, of %d", left, len(methods(s)))
	}
	s.calls.most = left
	for name, call := range methods(s) {
		if err := call(t.Context()); !errors.Is(err, errTooMany) {
			t.Errorf("%s with too many left behind: %v", name, err)
		}
	}
	start = time.Now()
	if err := s.Close(); err != nil || time.Since(start) > leaveWithin+slack {
		t.Errorf("closing while calls hang took %s: %v", time.Since(start), err)
	}
	silent()
	serve(t, "unix:"+path) // lets the client go on and end
	eventually(t, "all calls left behind have ended", func() bool { return s.abandoned() == 0 })
}

// silence listens and never answers, until stopped.
func silence(t *testing.T, path string) (stop func()) {
	listener, err := net.Listen("unix", path)
	must(t, err)
	var conns []net.Conn
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conns = append(conns, conn)
		}
	}()
	return func() {
		must(t, listener.Close())
		<-done
		for _, c := range conns {
			_ = c.Close()
		}
	}
}

func TestAServerThatComesLater(t *testing.T) {
	path := socket(t)
	s := open(t, "esdb+unix://"+path, Options{Timeout: 100 * time.Millisecond})
	if _, err := s.Head(t.Context()); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("want unavailable, got: %v", err)
	}
	serve(t, "unix:"+path)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	must(t, methods(s)["Append"](ctx))
}

func TestAClosedStore(t *testing.T) {
	path := socket(t)
	serve(t, "unix:"+path)
	s := open(t, "esdb+unix://"+path, Options{})
	ended, caughtUp := make(chan error, 1), make(chan struct{})
	go func() {
		for d, err := range s.Subscribe(t.Context(), eventstore.Position{}, eventstore.Filter{}) {
			if d.CaughtUp {
				close(caughtUp)
			}
			if err != nil {
				ended <- err
			}
		}
		ended <- io.EOF
	}()
	<-caughtUp
	must(t, s.Close())
	must(t, s.Close())
	if err := <-ended; !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("the subscription ended with: %v", err)
	}
	for name, call := range methods(s) {
		if err := call(t.Context()); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Errorf("%s: want unavailable, got: %v", name, err)
		}
	}
}

// A cluster's next leader is elsewhere: who only reads must find it too.
func TestAnotherNodeTakesOver(t *testing.T) {
	first := serve(t, "127.0.0.1:0")
	must(t, methods(open(t, "esdb://"+first.listen+"?tls=false", Options{}))["Append"](t.Context()))
	reserved, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	elsewhere := reserved.Addr().String()
	must(t, reserved.Close())

	s := open(t, "esdb://"+first.listen+","+elsewhere+"?tls=false", Options{})
	must(t, methods(s)["ReadStream"](t.Context()))
	first.shut()
	first.listen = elsewhere
	first.open()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	must(t, methods(s)["ReadStream"](ctx))
}
