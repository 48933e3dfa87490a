package persistent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sleutelbos/eventstore/node/log"
)

// group is one persistent subscription at work. One goroutine (work) reads ahead, parks and
// saves; consumers come from outside and meet it at the desk, whose mu guards all fields below.
type group struct {
	m       *Manager
	config  Config
	matcher Matcher
	cancel  context.CancelFunc
	stopped chan struct{}
	desk

	until    int64 // the replay ends before this revision of the parked stream
	stored   bool  // there is a checkpoint in the log
	saved    int64 // what that checkpoint says; without one, what the group began after
	savedAt  time.Time
	truncate int64 // first parked revision that is not done, as stored
	atEnd    bool
	behind   bool  // the source has more than was read; of whoever reads it
	lastSeen int64 // place of the newest event that was read; -1 if none
}

func newGroup(ctx context.Context, m *Manager, c Config) (*group, error) {
	g := &group{
		m: m, config: c, stopped: make(chan struct{}),
		desk:  desk{settings: c.Settings, now: m.o.Now, wake: make(chan struct{}, 1)},
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
		if err != nil && ctx.Err() == nil { // acknowledgements must not cut the pause short
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

// step does once what there is to do. It returns true if there is more.
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

// next returns how long there is nothing to do if nothing happens.
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

func (g *group) parkedInfo(ctx context.Context) (log.StreamInfo, error) {
	return streamInfo(ctx, g.m.log, g.config.parkedStream())
}
