package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// target is where the service is at this moment: a process that is killed comes back
// elsewhere.
type target struct {
	mu    sync.Mutex
	base  string
	moved chan struct{} // closed when base changes
}

func newTarget() *target { return &target{moved: make(chan struct{})} }

func (a *target) set(base string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.base = base
	close(a.moved)
	a.moved = make(chan struct{})
}

func (a *target) get() (base string, moved <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.base, a.moved
}

// load is clients that write until they are stopped, and remember what was acknowledged.
// It lives outside of the process that it writes to.
type load struct {
	t            testing.TB
	at           *target
	organization string
	clients      []*writer
	answered     atomic.Int64
	stopping     chan struct{}
	running      sync.WaitGroup
}

// writer is one of them.
type writer struct {
	*load
	n       int
	random  *rand.Rand
	acks    []outcome
	created int             // accounts
	invited int             // of these
	blocked map[string]bool // what the accounts that it alone writes to must be now
	lost    int             // answers: each was asked for again
}

// shared is how many accounts all clients block and unblock at the same time.
const shared = 3

func startLoad(t testing.TB, at *target, organization string, clients int, seed uint64) *load {
	l := &load{t: t, at: at, organization: organization, stopping: make(chan struct{})}
	for n := range clients {
		w := &writer{load: l, n: n, random: rand.New(rand.NewPCG(seed, uint64(n))), blocked: map[string]bool{}}
		l.clients = append(l.clients, w)
		l.running.Go(w.run)
	}
	return l
}

// waitFor waits until so many commands were acknowledged in all.
func (l *load) waitFor(t testing.TB, answers int64) {
	t.Helper()
	eventually(t, time.Minute, func() error {
		if n := l.answered.Load(); n < answers {
			return fmt.Errorf("%d of %d commands were answered", n, answers)
		}
		return nil
	})
}

// stop lets every client finish what it began.
func (l *load) stop() {
	close(l.stopping)
	l.running.Wait()
}

func (l *load) acks() []outcome {
	var all []outcome
	for _, w := range l.clients {
		all = append(all, w.acks...)
	}
	return all
}

func (w *writer) run() {
	for {
		select {
		case <-w.stopping:
			return
		default:
			w.step()
		}
	}
}

// step does one command to its end.
func (w *writer) step() {
	own := len(w.blocked)
	switch dice := w.random.IntN(10); {
	case dice < 4 || own == 0:
		in := newAccount(w.organization, 100+w.n, w.created)
		if w.until("CreateAccount", in, w.random.IntN(4) > 0) {
			w.blocked[in["accountId"].(string)] = false
		}
		w.created++
		if w.random.IntN(2) == 0 {
			w.until("SendActivation", body{"accountId": in["accountId"]}, true)
			w.invited++
		}
	case dice < 9:
		account := id(100+w.n, w.random.IntN(w.created))
		blocked, known := w.blocked[account]
		if !known {
			return // its creation was refused: a fault, reported already
		}
		w.until(toggle(blocked), body{"accountId": account, "reason": "under load"}, true)
		w.blocked[account] = !blocked
	default:
		// Everybody's: what it is now nobody knows, and a lost answer stays unknown.
		w.once(toggle(w.random.IntN(2) == 0), body{"accountId": id(2, w.random.IntN(shared)), "reason": "under load"})
	}
}

func toggle(blocked bool) string {
	if blocked {
		return "UnblockAccount"
	}
	return "BlockAccount"
}

// until repeats a command, with its key if it is keyed, until it is answered.
func (w *writer) until(name string, in body, keyed bool) bool {
	var headers []string
	if keyed {
		var key uuid.UUID
		for i := range key {
			key[i] = byte(w.random.IntN(256))
		}
		headers = []string{"Idempotency-Key", key.String()}
	}
	for {
		base, moved := w.at.get()
		o, err := w.send(base, name, in, headers)
		if err == nil {
			w.acked(o)
			return true
		}
		if refusal, ok := errors.AsType[*answered](err); ok {
			w.t.Errorf("%s of client %d: %v", name, w.n, refusal)
			return false
		}
		w.lost++
		<-moved
	}
}

// once sends a command and forgets it if there is no answer.
func (w *writer) once(name string, in body) {
	base, moved := w.at.get()
	o, err := w.send(base, name, in, nil)
	if refusal, ok := errors.AsType[*answered](err); ok {
		w.t.Errorf("%s of client %d: %v", name, w.n, refusal)
	} else if err != nil {
		<-moved
	} else {
		w.acked(o)
	}
}

func (w *writer) acked(o outcome) {
	w.acks = append(w.acks, o)
	w.answered.Add(1)
}

func (w *writer) send(base, name string, in body, headers []string) (outcome, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := &client{base: base, key: bootKey, http: http.Client{Transport: transport}}
	return c.command(ctx, name, in, headers...)
}

var transport = &http.Transport{MaxIdleConnsPerHost: 64}

// follower reads the event feed, and goes on where it was when the line broke.
type follower struct {
	mu    sync.Mutex
	seen  []eventstore.Position
	ended chan struct{}
}

// follow follows at whatever address the service has, by one of the two ways, until the
// context ends.
func follow(ctx context.Context, at *target, stream func(ctx context.Context, base string, after eventstore.Position, take func(eventstore.Position)) error) *follower {
	f := &follower{ended: make(chan struct{})}
	go func() {
		defer close(f.ended)
		for ctx.Err() == nil {
			base, moved := at.get()
			_ = stream(ctx, base, f.last(), f.take) // it ends whenever the process does
			if again, _ := at.get(); again != base {
				continue
			}
			select {
			case <-moved:
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond): // the line broke and the service is still there
			}
		}
	}()
	return f
}

func (f *follower) take(p eventstore.Position) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, p)
}

func (f *follower) last() eventstore.Position {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.seen) == 0 {
		return eventstore.Position{}
	}
	return f.seen[len(f.seen)-1]
}

// bySSE is the feed of the API.
func bySSE(ctx context.Context, base string, after eventstore.Position, take func(eventstore.Position)) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/v1/events", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+bootKey)
	req.Header.Set("Last-Event-ID", after.String())
	res, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the feed answers %d", res.StatusCode)
	}
	var position eventstore.Position
	var data string
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		switch name, value, _ := strings.Cut(lines.Text(), ": "); {
		case name == "id":
			position, err = eventstore.ParsePosition(value)
		case name == "data":
			data = value
		case lines.Text() == "" && data != "": // an event counts once it is there as a whole
			if !json.Valid([]byte(data)) {
				return fmt.Errorf("the feed sends %q", data)
			}
			take(position)
			data = ""
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// byDoor is a subscription of the official client.
func byDoor(store eventstore.Store) func(context.Context, string, eventstore.Position, func(eventstore.Position)) error {
	return func(ctx context.Context, _ string, after eventstore.Position, take func(eventstore.Position)) error {
		for d, err := range store.Subscribe(ctx, after, eventstore.Filter{}) {
			if err != nil {
				return err
			}
			if d.IsEvent {
				take(d.Event.Position)
			}
		}
		return nil
	}
}
