package esdb

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/door"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, forgotten()...) }

// server is an embedded log with a door that can be shut and opened again, as a server
// that goes away and comes back.
type server struct {
	t      *testing.T
	log    *node.Log
	listen string // as door.Listen takes it
	shut   func()
}

func serve(t *testing.T, listen string) *server {
	t.Helper()
	log, err := node.Open(t.Context(), node.Options{Dir: t.TempDir()})
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	s := &server{t: t, log: log, listen: listen}
	s.open()
	t.Cleanup(func() { s.shut() })
	return s
}

// open opens the door, at the same place each time.
func (s *server) open() {
	s.t.Helper()
	listener, err := door.Listen(s.listen)
	must(s.t, err)
	if s.listen == "127.0.0.1:0" {
		s.listen = listener.Addr().String()
	}
	d, err := door.New(context.Background(), s.log, door.Options{Listen: listener, Open: true})
	must(s.t, err)
	served := make(chan error, 1)
	go func() { served <- d.Serve(context.Background()) }()
	s.shut = func() {
		d.Stop()
		must(s.t, <-served)
		s.shut = func() {}
	}
}

// socket is a path short enough for a Unix socket, which a test's own folder may not be.
func socket(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "esdb")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return filepath.Join(dir, "s")
}

func open(t *testing.T, connectionString string, o Options) *Store {
	t.Helper()
	s, err := Open(connectionString, o)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually polls until the condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never: %s", what)
		}
	}
}
