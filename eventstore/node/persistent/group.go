package persistent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/log"
)

// message is one event on its way through a group.
type message struct {
	at      int64 // its place in the source; of a replayed one, in the parked stream
	event   eventstore.Recorded
	target  eventstore.Recorded // what event links to, if links are resolved; zero if gone
	link    bool                // event is a link that was resolved
	parked  bool                // it comes from the parked stream
	retries int
	reason  string // why it is to be parked

	holder   *Connection // who has it; nil if nobody
	sent     time.Time
	deadline time.Time // zero if there is none
	done     bool      // acknowledged, skipped or parked
}

// group is one persistent subscription at work. One goroutine reads, parks and saves
// (work); consumers come in from outside. Everything below mu is guarded by it.
type group struct {
	m       *Manager
	config  Config
	matcher Matcher
	wake    chan struct{} // one place: there may be something to do
	cancel  context.CancelFunc
	stopped chan struct{}

	mu        sync.Mutex
	closed    bool
	consumers []*Connection
	turn      int // of RoundRobin

	source window // messages of the source, and how far they are done
	replay window // parked messages that are handed out again
	until  int64  // replay ends before this revision of the parked stream
	ready  []*message
	again  []*message // to be retried, in order
	parks  []*message // to be parked

	stored   bool  // there is a checkpoint in the log
	saved    int64 // it, or what the group began after
	savedAt  time.Time
	unsaved  int   // messages done since
	truncate int64 // first parked revision that is not done, as stored
	atEnd    bool

	total    meter
	lastSeen int64 // place of the newest event that was read; -1 if none
}

func newGroup(ctx context.Context, m *Manager, c Config) (*group, error) {
	g := &group{
		m: m, config: c, wake: make(chan struct{}, 1), stopped: make(chan struct{}),
		saved: c.After, savedAt: m.o.Now(), lastSeen: -1,
	}
	if c.Filter != nil {
		var err error
		if g.matcher, err = c.Filter.Compile(); err != nil {
			return nil, err
		}
	}
	last, err := lastEvent(ctx, m.log, c.checkpointStream())
	if err != nil {
		return nil, err
	}
	if last != nil {
		var text string
		if err := json.Unmarshal(last.Data, &text); err != nil {
			return nil, fmt.Errorf("read the checkpoint: %w", err)
		}
		if g.saved, err = placeOf(text); err != nil {
			return nil, fmt.Errorf("read the checkpoint: %w", err)
		}
		g.stored = true
	}
	g.source.begin(g.saved)
	info, err := g.parkedInfo(ctx)
	if err != nil {
		return nil, err
	}
	g.truncate = max(0, info.First)
	g.until = g.truncate
	g.replay.begin(g.truncate - 1)
	return g, nil
}

// window is a row of messages in the order of their places, done or not.
type window struct {
	read int64      // everything up to here was read
	done int64      // everything up to here is done
	open []*message // what was read and follows the first that is not done
}

func (w *window) begin(after int64) { w.read, w.done, w.open = after, after, nil }

// settle moves done forward as far as it goes.
func (w *window) settle() {
	n := 0
	for n < len(w.open) && w.open[n].done {
		w.done = w.open[n].at
		w.open[n] = nil
		n++
	}
	w.open = w.open[n:]
	if len(w.open) == 0 {
		w.done = w.read
		w.open = nil
	}
}

// maxOpen bounds what is remembered behind a message that nobody finishes.
const maxOpen = 100_000

func (g *group) start(ctx context.Context) {
	ctx, g.cancel = context.WithCancel(ctx)
	go func() {
		defer close(g.stopped)
		g.work(ctx)
	}()
}

// stop drops the consumers, ends the work and saves the checkpoint.
func (g *group) stop() {
	g.cancel()
	<-g.stopped
	g.mu.Lock()
	g.closed = true
	for _, c := range g.consumers {
		c.drop()
	}
	g.consumers = nil
	g.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(g.m.ctx), saveOnStop)
	defer cancel()
	if err := errors.Join(g.park(ctx), g.persist(ctx, true)); err != nil {
		g.m.o.Logger.Error("save a persistent subscription", "group", g.config.Key().String(), "error", err)
	}
}

const (
	saveOnStop = 5 * time.Second
	afterFault = time.Second // pause after the log could not be read or written
)

func (g *group) nudge() {
	select {
	case g.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// work reads ahead, hands out, parks and saves until the context ends.
func (g *group) work(ctx context.Context) {
	for {
		changed := g.m.log.Changed()
		more, err := g.step(ctx)
		if ctx.Err() != nil {
			return
		}
		pause := g.next()
		if err != nil {
			g.m.o.Logger.Error("a persistent subscription cannot go on", "group", g.config.Key().String(), "error", err)
			pause, more, changed = afterFault, false, nil
		}
		if more {
			continue
		}
		timer := time.NewTimer(pause)
		select {
		case <-changed:
		case <-g.wake:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		if err != nil && ctx.Err() == nil { // acknowledgements must not make it spin
			sleep(ctx, afterFault)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// step does what there is to do once; more says that there is more.
func (g *group) step(ctx context.Context) (more bool, err error) {
	g.expire()
	if err := g.park(ctx); err != nil {
		return false, err
	}
	g.dispatch()
	replayed, err := g.readParked(ctx)
	if err != nil {
		return false, err
	}
	read, err := g.readSource(ctx)
	if err != nil {
		return false, err
	}
	g.dispatch()
	return replayed || read, g.persist(ctx, false)
}

// next is how long nothing is to be done if nothing happens.
func (g *group) next() time.Duration {
	const longest = time.Minute
	g.mu.Lock()
	defer g.mu.Unlock()
	now, pause := g.m.o.Now(), longest
	for _, c := range g.consumers {
		for _, m := range c.holds {
			if !m.deadline.IsZero() {
				pause = min(pause, m.deadline.Sub(now))
			}
		}
	}
	if g.unsaved >= max(1, g.config.Settings.MinCheckpoint) {
		pause = min(pause, g.savedAt.Add(g.config.Settings.CheckpointAfter).Sub(now))
	}
	return max(pause, time.Millisecond)
}

// finish marks a message as done. The caller holds mu.
func (g *group) finish(m *message) {
	m.done, m.event, m.target = true, eventstore.Recorded{}, eventstore.Recorded{}
	if m.parked {
		g.replay.settle()
		return
	}
	g.unsaved++
	g.source.settle()
}

func (g *group) parkedInfo(ctx context.Context) (log.StreamInfo, error) {
	return streamInfo(ctx, g.m.log, g.config.parkedStream())
}

func newID() uuid.UUID { return uuid.New() }
