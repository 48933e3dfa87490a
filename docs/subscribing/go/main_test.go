package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node"
	"sleutelbos/eventstore/node/door"
)

// TestResumes stops the consumer between and amid events: it sees each account's event, in
// order, once; here no crash comes between the work and the checkpoint.
func TestResumes(t *testing.T) {
	events, err := node.Open(t.Context(), node.Options{Dir: t.TempDir()})
	must(t, err)
	listener, err := door.Listen("127.0.0.1:0")
	must(t, err)
	d, err := door.New(context.Background(), events, door.Options{Listen: listener})
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- d.Serve(context.Background()) }()
	defer func() {
		d.Stop()
		must(t, <-served)
		must(t, events.Close())
	}()

	var want []string
	add := func(n int) {
		t.Helper()
		for range n {
			for _, stream := range []string{"account-1", "letter-1", "account-2"} {
				category, _, _ := strings.Cut(stream, "-")
				r, err := events.Append(t.Context(), stream, eventstore.Any, eventstore.Event{ID: uuid.New(), Type: category + ".changed.v1", Data: []byte("{}")})
				must(t, err)
				if category == "account" {
					want = append(want, fmt.Sprintf("%s account.changed.v1 %s", r.Position, stream))
				}
			}
		}
	}
	out, checkpoint := &lines{}, filepath.Join(t.TempDir(), "checkpoint")
	for _, n := range []int{0, 3, 20, 1} {
		add(n) // while nobody follows
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- run(ctx, "esdb://"+d.Addr().String()+"?tls=false", out, checkpoint) }()
		add(2) // while it follows
		deadline := time.Now().Add(20 * time.Second)
		for out.count() < len(want) && time.Now().Before(deadline) {
			time.Sleep(2 * time.Millisecond) // polling, with a deadline
		}
		stop()
		must(t, <-ended)
		if diff := cmp.Diff(want, out.all()); diff != "" {
			t.Fatal(diff)
		}
	}
}

type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.FieldsFunc(l.text.String(), func(r rune) bool { return r == '\n' })
}

func (l *lines) count() int { return len(l.all()) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
