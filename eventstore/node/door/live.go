package door

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sleutelbos/eventstore/node/log"
)

// LiveSubscriber is a client that follows the log right now.
type LiveSubscriber struct {
	ID       string // as the client was told
	From     string // the client's address
	User     string
	Stream   string // or "$all"
	Group    string // of a persistent subscription; empty for a catch-up subscription
	Filter   string // in words; empty if it sees everything
	Since    time.Time
	Position int64 // last revision of the stream, or position of $all, that was dealt with; -1 or 0 before the first
	Lag      int64 // events of the stream or the log beyond it
}

// subscription is what is known of a call when it begins. A call that follows nothing has no
// stream.
type subscription struct {
	id, stream, group, filter string
}

// liveCall is a call that sends as long as its client reads.
type liveCall struct {
	subscription
	from, user string
	since      time.Time
	position   atomic.Int64
	sending    atomic.Int64 // when the send under way began, in nanoseconds since the registry; 0 if none is
	cut        chan struct{}
	registry   *registry
}

// send runs one send and notes how long it lasts.
func (c *liveCall) send(send func() error) error {
	c.sending.Store(max(1, int64(time.Since(c.registry.epoch))))
	err := send()
	c.sending.Store(0)
	return err
}

// registry knows every call that sends.
type registry struct {
	limit time.Duration
	epoch time.Time
	mu    sync.Mutex
	calls map[*liveCall]bool // true once it was cut off
}

func newRegistry(limit time.Duration) *registry {
	return &registry{limit: limit, epoch: time.Now(), calls: map[*liveCall]bool{}}
}

// watch cuts off the calls whose client does not read.
func (r *registry) watch(ctx context.Context) {
	ticker := time.NewTicker(max(r.limit/4, time.Millisecond))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := int64(time.Since(r.epoch))
		r.mu.Lock()
		for c, cut := range r.calls {
			if began := c.sending.Load(); !cut && began > 0 && now-began > int64(r.limit) {
				r.calls[c] = true
				close(c.cut)
			}
		}
		r.mu.Unlock()
	}
}

func (r *registry) add(c *liveCall) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls[c] = false
}

func (r *registry) remove(c *liveCall) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.calls, c)
}

// run does the work of a call that sends. It returns when the work does, but also when the
// client is too slow or the door stops: gRPC then ends a send that is under way.
func (s *Server) run(ctx context.Context, about subscription, work func(context.Context, *liveCall) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &liveCall{
		subscription: about, from: from(ctx), user: caller(ctx).Name, since: s.o.Now(),
		cut: make(chan struct{}), registry: s.live,
	}
	c.position.Store(-1)
	s.live.add(c)
	done := make(chan error, 1)
	s.workers.Go(func() {
		defer s.live.remove(c)
		done <- work(ctx, c)
	})
	select {
	case err := <-done:
		return err
	case <-c.cut:
		s.o.Logger.WarnContext(ctx, "a slow reader of the event log was cut off", "from", c.from, "subscription", c.id)
		return errTooSlow
	case <-s.stopping:
		return errStopping
	}
}

// Subscribers returns who follows the log through the door right now, those first that are
// furthest behind.
func (s *Server) Subscribers(ctx context.Context) []LiveSubscriber {
	s.live.mu.Lock()
	var found []LiveSubscriber
	for c := range s.live.calls {
		if c.stream != "" {
			found = append(found, LiveSubscriber{
				ID: c.id, From: c.from, User: c.user, Stream: c.stream, Group: c.group, Filter: c.filter,
				Since: c.since, Position: c.position.Load(),
			})
		}
	}
	s.live.mu.Unlock()
	ends := map[string]int64{allStream: int64(s.log.Head().Commit())}
	for i := range found {
		f := &found[i]
		if _, known := ends[f.Stream]; !known {
			ends[f.Stream] = s.lastRevision(ctx, f.Stream)
		}
		f.Lag = max(0, ends[f.Stream]-f.Position)
	}
	slices.SortFunc(found, func(a, b LiveSubscriber) int {
		if a.Lag != b.Lag {
			return int(b.Lag - a.Lag)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return found
}

// lastRevision returns the last revision of a stream; -1 if there is none or it cannot be known
// now.
func (s *Server) lastRevision(ctx context.Context, stream string) int64 {
	info, err := s.log.StreamInfo(ctx, stream)
	if err != nil || info.State == log.StreamMissing {
		return -1
	}
	return info.Last
}

const allStream = "$all"
