package feed

import (
	"context"
	"errors"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/internal/pause"
	"sleutelbos/projections/machinery"
)

// reading is one subscription of a hub to the store, which is taken up again when the store is
// lost. It ends with its last member, or when the store comes back as another log. The hub's lock
// guards the window, the members and late.
type reading struct {
	hub     *hub
	end     context.CancelFunc
	over    <-chan struct{} // closed when it ends
	began   chan struct{}   // closed when there is a window
	news    chan struct{}   // holds a token when members are to be woken
	window  window
	members map[*member]struct{}
	late    bool // the members that were not woken will be
}

// read begins to read. The lock of the hub is held.
func (h *hub) read() *reading {
	ctx, end := context.WithCancel(context.Background())
	r := &reading{
		hub: h, end: end, over: ctx.Done(), began: make(chan struct{}), news: make(chan struct{}, 1), members: map[*member]struct{}{},
	}
	h.running.Go(func() { r.run(ctx) })
	h.running.Go(func() { r.wakeAll(ctx) })
	return r
}

// wakeAll wakes the members when something has come. It is not done by whoever receives, so that
// events that come together are taken together.
func (r *reading) wakeAll(ctx context.Context) {
	for {
		select {
		case <-r.news:
			r.hub.wake(r, false)
		case <-ctx.Done():
			return
		}
	}
}

func (r *reading) run(ctx context.Context) {
	defer r.finish()
	again := pause.Between(firstPause, time.Second)
	for !r.begin(ctx) {
		if !again.Wait(ctx) {
			return
		}
	}
	for first := true; ctx.Err() == nil; first = false {
		if !first && !r.sameLog(ctx, again) {
			return
		}
		for d, err := range r.hub.store.Subscribe(ctx, r.newest().reached, eventstore.Filter{}) {
			if err != nil {
				if ctx.Err() == nil {
					r.hub.log.Warn("subscription lost, subscribing again", "error", err)
				}
				break
			}
			again.Reset()
			r.hub.put(r, d)
		}
		r.lost()
		again.Wait(ctx)
	}
}

// begin finds out where the log ends: the window begins there.
func (r *reading) begin(ctx context.Context) bool {
	head, err := r.hub.store.Head(ctx)
	if err != nil {
		return false
	}
	var last machinery.Mark
	if !head.IsZero() {
		rec, found, err := r.hub.store.At(ctx, head)
		if err != nil || !found {
			return false
		}
		last = machinery.MarkOf(rec)
	}
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	r.window = windowAfter(last)
	close(r.began)
	return true
}

// newest returns the window.
func (r *reading) newest() window {
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	return r.window
}

// lost notes that the subscription ended, so that nobody knows whether these are the newest events.
func (r *reading) lost() {
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	r.window.caughtUp = false
	for m := range r.members {
		m.told = false
	}
}

// finish ends the reading for its members.
func (r *reading) finish() {
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	r.end()
	if r.hub.current == r {
		r.hub.current = nil
	}
}

// sameLog looks whether the store came back as the log that it was; see source.sameLog.
func (r *reading) sameLog(ctx context.Context, again *pause.Growing) bool {
	for ctx.Err() == nil {
		err := r.newest().last.Stands(ctx, r.hub.store)
		if err == nil {
			return true
		}
		if _, ok := errors.AsType[*machinery.StrangerError](err); ok {
			r.hub.log.Warn("the subscription can't go on", "error", err)
			return false
		}
		again.Wait(ctx)
	}
	return false
}
