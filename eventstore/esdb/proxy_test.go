package esdb

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// proxy stands between client and server and may cut the answers off.
type proxy struct {
	t      *testing.T
	server string
	mu     sync.Mutex
	cut    func(passed int) bool // asked before each answer is passed on; true ends the connection
	all    sync.WaitGroup
}

func standBetween(t *testing.T, server string) (*proxy, string) {
	path := socket(t)
	listener, err := net.Listen("unix", path)
	must(t, err)
	p := &proxy{t: t, server: server}
	p.all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.all.Go(func() { p.carry(conn) })
		}
	})
	t.Cleanup(func() {
		must(t, listener.Close())
		p.all.Wait()
	})
	return p, path
}

func (p *proxy) carry(client net.Conn) {
	server, err := net.Dial("unix", p.server)
	if err != nil {
		_ = client.Close()
		return
	}
	end := sync.OnceFunc(func() { _ = client.Close(); _ = server.Close() })
	p.all.Go(func() {
		defer end()
		_, _ = io.Copy(server, client)
	})
	defer end()
	buffer, passed := make([]byte, 4<<10), 0
	for {
		n, err := server.Read(buffer)
		if err != nil || p.cuts(passed) {
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
		passed += n
	}
}

func (p *proxy) cuts(passed int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut == nil || !p.cut(passed) {
		return false
	}
	p.cut = nil // once
	return true
}

func (p *proxy) arm(cut func(passed int) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = cut
}

func TestAnAppendWhoseAnswerIsLostIsStoredOnce(t *testing.T) {
	for _, expected := range []eventstore.Expected{eventstore.NoStream, eventstore.Any} {
		path := socket(t)
		server := serve(t, "unix:"+path)
		p, address := standBetween(t, path)
		s := open(t, "esdb+unix://"+address, Options{})
		head := server.log.Head()
		p.arm(func(int) bool { return server.log.Head().After(head) })
		e := event()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		r, err := s.Append(ctx, "a", expected, e)
		must(t, err)
		if p.cut != nil {
			t.Fatal("the answer was not lost")
		}
		var ids []uuid.UUID
		for rec, err := range s.ReadStream(ctx, "a", 0, eventstore.Forwards) {
			must(t, err)
			ids = append(ids, rec.ID)
		}
		if len(ids) != 1 || ids[0] != e.ID || r.Revision != 0 || r.Position != server.log.Head() {
			t.Errorf("expected %d: %+v, %d events", expected, r, len(ids))
		}
	}
}

func TestAReadGoesOnWhereItsConnectionBroke(t *testing.T) {
	path := socket(t)
	serve(t, "unix:"+path)
	p, address := standBetween(t, path)
	s := open(t, "esdb+unix://"+address, Options{})
	var want []uuid.UUID
	for range 8 {
		events := make([]eventstore.Event, 250)
		for i := range events {
			events[i] = event()
			want = append(want, events[i].ID)
		}
		_, err := s.Append(t.Context(), "a", eventstore.Any, events...)
		must(t, err)
	}
	for _, dir := range []eventstore.Direction{eventstore.Forwards, eventstore.Backwards} {
		from, beyond := int64(0), eventstore.Position{}
		if dir == eventstore.Backwards {
			from, beyond = int64(len(want)-1), eventstore.End
		}
		for name, seq := range map[string]func() eventSeq{
			"stream": func() eventSeq { return s.ReadStream(t.Context(), "a", from, dir) },
			"log":    func() eventSeq { return s.ReadAll(t.Context(), beyond, dir, eventstore.Filter{}) },
		} {
			cuts := 0
			p.arm(func(passed int) bool {
				if passed > 60<<10 {
					cuts++
				}
				return passed > 60<<10
			})
			i := 0
			for r, err := range seq() {
				must(t, err)
				at := i
				if dir == eventstore.Backwards {
					at = len(want) - 1 - i
				}
				if at < 0 || at >= len(want) || r.ID != want[at] {
					t.Fatalf("%s: event %d is another one", name, i)
				}
				i++
			}
			if i != len(want) || cuts != 1 {
				t.Errorf("%s: %d events, want %d; cut %d times", name, i, len(want), cuts)
			}
		}
	}
}

type eventSeq = func(func(eventstore.Recorded, error) bool)
