package nodetest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node"
)

// The sizes of a history. Few streams, so that the clients get in each other's way.
const (
	historyClients = 64
	historyStreams = 8
	historySeed    = 20260314
)

// call is what a client asks for, and outcome what it got.
type call struct {
	stream   string
	read     bool
	expected eventstore.Expected
	ids      []uuid.UUID // to append
}

type outcome struct {
	conflict bool
	revision int64  // of the last event appended; the actual one of a conflict; of the last event read
	ids      uint64 // of all that was read
}

// streamState is a stream as the model knows it: how long it is, and all ids in their order.
type streamState struct {
	last int64
	ids  uint64
}

func (s streamState) with(ids []uuid.UUID) streamState {
	for _, id := range ids {
		h := fnv.New64a()
		_, _ = fmt.Fprint(h, s.ids, id) // a hash takes everything
		s = streamState{s.last + 1, h.Sum64()}
	}
	return s
}

// model is a stream as the contract of the port has it, one call at a time.
var model = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		streams := map[string][]porcupine.Operation{}
		for _, op := range history {
			name := op.Input.(call).stream
			streams[name] = append(streams[name], op)
		}
		var parts [][]porcupine.Operation
		for _, ops := range streams {
			parts = append(parts, ops)
		}
		return parts
	},
	Init: func() any { return streamState{last: -1} },
	Step: func(state, input, output any) (bool, any) {
		s, c, o := state.(streamState), input.(call), output.(outcome)
		if c.read {
			return o.revision == s.last && o.ids == s.ids, s
		}
		fits := c.expected == eventstore.Any || int64(c.expected) == s.last || c.expected == eventstore.StreamExists && s.last >= 0
		if o.conflict {
			return !fits && o.revision == s.last, s
		}
		next := s.with(c.ids)
		return fits && o.revision == next.last, next
	},
}

// history is what all clients did and were told.
type history struct {
	began time.Time
	mu    sync.Mutex
	ops   []porcupine.Operation
	open  []porcupine.Operation // appends without a response
}

// more waits for the responses to so many further calls, and then for a random moment.
func (h *history) more(t *testing.T, n int, random *rand.Rand) {
	t.Helper()
	count := func() int {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.ops)
	}
	want := count() + n
	eventually(t, "calls are answered", func() bool { return count() >= want })
	<-time.After(time.Duration(random.IntN(20)) * time.Millisecond) // the clients go on
}

func (h *history) now() int64 { return time.Since(h.began).Nanoseconds() }

// client makes calls until the context ends. It expects of a stream what it was told last.
func (h *history) client(ctx context.Context, n int, to func() appender) {
	random := rand.New(rand.NewPCG(historySeed, uint64(n)))
	known := map[string]int64{}
	for ctx.Err() == nil {
		c := call{stream: fmt.Sprintf("a-%d", random.IntN(historyStreams))}
		last, told := known[c.stream]
		switch dice := random.IntN(20); {
		case dice < 3 || !told:
			c.read = true
		case dice == 3:
			c.expected = eventstore.Any
		case dice == 4:
			c.expected = eventstore.StreamExists
		case dice == 5:
			c.expected = eventstore.NoStream
		default:
			c.expected = eventstore.Expected(last)
		}
		if !c.read {
			c.ids = newIDs(random)
		}
		o, ok := h.do(n, to(), c)
		if !ok {
			<-time.After(time.Millisecond) // it is being closed or killed: a call in vain proves nothing
			continue
		}
		known[c.stream] = o.revision
	}
}

// do makes a call and notes it.
func (h *history) do(n int, to appender, c call) (o outcome, answered bool) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	op := porcupine.Operation{ClientId: n, Input: c, Call: h.now()}
	var err error
	if c.read {
		var ids []uuid.UUID
		ids, err = to.read(ctx, c.stream)
		s := streamState{last: -1}.with(ids)
		o = outcome{revision: s.last, ids: s.ids}
	} else {
		var r eventstore.Receipt
		r, err = to.append(ctx, c.stream, c.expected, c.ids)
		o.revision = r.Revision
	}
	if conflict, ok := errors.AsType[*eventstore.ConflictError](err); ok {
		o, err = outcome{conflict: true, revision: conflict.Actual}, nil
	}
	op.Output, op.Return = o, h.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case err == nil:
		h.ops = append(h.ops, op)
	case !c.read:
		h.open = append(h.open, op)
	}
	return o, err == nil
}

// judge reads every stream at the end, finds out which of the appends without a response took
// place, and has porcupine say whether one order explains all outcomes. An append of which
// the log knows nothing never took place, because nothing is removed from a log.
func (h *history) judge(t *testing.T, log []eventstore.Recorded) {
	t.Helper()
	stored := map[uuid.UUID]int64{}
	streams := map[string][]uuid.UUID{}
	for _, e := range log {
		if _, twice := stored[e.ID]; twice {
			t.Errorf("the event %s stands there twice", e.ID)
		}
		stored[e.ID] = e.Revision
		streams[e.Stream] = append(streams[e.Stream], e.ID)
	}
	took := 0
	for _, op := range h.open {
		c := op.Input.(call)
		found := 0
		for _, id := range c.ids {
			if _, ok := stored[id]; ok {
				found++
			}
		}
		switch found {
		case 0:
			continue
		case len(c.ids):
			took++
			op.Output, op.Return = outcome{revision: stored[c.ids[len(c.ids)-1]]}, math.MaxInt64-1
			h.ops = append(h.ops, op)
		default:
			t.Errorf("%d of %d events of one append were stored", found, len(c.ids))
		}
	}
	for stream, ids := range streams {
		s := streamState{last: -1}.with(ids)
		h.ops = append(h.ops, porcupine.Operation{
			Input: call{stream: stream, read: true}, Output: outcome{revision: s.last, ids: s.ids}, Call: math.MaxInt64 - 1, Return: math.MaxInt64,
		})
	}
	conflicts := 0
	for _, op := range h.ops {
		if op.Output.(outcome).conflict {
			conflicts++
		}
	}
	t.Logf("%d calls answered (%d conflicts), %d appends not answered, of which %d took place; %d events",
		len(h.ops), conflicts, len(h.open), took, len(log))
	if conflicts < 100 || len(h.open) == 0 || len(log) < 200 {
		t.Error("that is too little to prove anything")
	}
	if got := porcupine.CheckOperationsTimeout(model, h.ops, time.Minute); got != porcupine.Ok {
		t.Errorf("no order of the calls explains the answers: %s", got)
	}
}

// TestLinearInside has the clients call the log, which is closed and opened under them.
func TestLinearInside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := func() *node.Log {
		log, err := node.Open(t.Context(), node.Options{Dir: dir, TailEvents: 64})
		must(t, err)
		return log
	}
	var current atomic.Pointer[node.Log]
	current.Store(open())
	h := &history{began: time.Now()}
	ctx, stop := context.WithCancel(context.Background())
	var clients sync.WaitGroup
	for n := range historyClients {
		clients.Go(func() { h.client(ctx, n, func() appender { return inside{current.Load()} }) })
	}
	random := rand.New(rand.NewPCG(historySeed, 1000))
	for range 12 {
		h.more(t, 150, random)
		must(t, current.Load().Close())
		current.Store(open())
	}
	stop()
	clients.Wait()
	must(t, current.Load().Close())
	h.judge(t, whole(t, dir))
}

// TestLinearKilled has the clients call through the door of a process that is killed.
func TestLinearKilled(t *testing.T) {
	t.Parallel()
	dir, socket := t.TempDir(), socketPath(t)
	c := spawn(t, dir, socket, 0)
	c.serving(t)
	h := &history{began: time.Now()}
	ctx, stop := context.WithCancel(context.Background())
	var clients sync.WaitGroup
	var to outside
	for n := range historyClients {
		if n%8 == 0 { // eight to a connection
			to = connect(t, socket)
		}
		at := to
		clients.Go(func() { h.client(ctx, n, func() appender { return at }) })
	}
	random := rand.New(rand.NewPCG(historySeed, 2000))
	for range 20 {
		h.more(t, 100, random)
		c.killed(t)
		c = spawn(t, dir, socket, 0)
		c.serving(t)
	}
	stop()
	clients.Wait()
	c.killed(t)
	h.judge(t, whole(t, dir))
}
