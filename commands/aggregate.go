package commands

import (
	"context"
	"errors"
	"fmt"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"sleutelbos/domain"
	"sleutelbos/domain/reservation"
	"sleutelbos/eventstore"
)

// decideAgain is how often a lost race is decided again before the caller hears of it.
const decideAgain = 4

// aggregate is the one way from a command to its stream. States are kept folded and are
// brought up to date by reading the stream from where they end, so nothing is ever decided
// on a state that was not checked.
type aggregate[S, C, E any] struct {
	category string
	decider  domain.Decider[S, C, E]
	service  *Service
	states   *lru.Cache[string, folded[S]]
}

// folded is a state and where its stream ended then.
type folded[S any] struct {
	state S
	tail  eventstore.Tail
}

func (f folded[S]) revision() int64 { return f.tail.Next - 1 }

func newAggregate[S, C, E any](s *Service, category string, d domain.Decider[S, C, E], size int) (*aggregate[S, C, E], error) {
	states, err := lru.New[string, folded[S]](size)
	if err != nil {
		return nil, fmt.Errorf("make the memory of %s states: %w", category, err)
	}
	return &aggregate[S, C, E]{category: category, decider: d, service: s, states: states}, nil
}

// stream answers the stream's name; without a category the id is the name.
func (a *aggregate[S, C, E]) stream(id string) string {
	if a.category == "" {
		return id
	}
	return a.category + "-" + id
}

// load answers the state as it is now.
func (a *aggregate[S, C, E]) load(ctx context.Context, id string) (folded[S], error) {
	stream := a.stream(id)
	from, _ := a.states.Get(stream)
	now, err := a.follow(ctx, stream, from)
	if err != nil {
		a.states.Remove(stream) // so that the next read is from the start
		return folded[S]{}, err
	}
	if now.tail.Next > from.tail.Next {
		a.states.Add(stream, now)
	}
	return now, nil
}

func (a *aggregate[S, C, E]) follow(ctx context.Context, stream string, f folded[S]) (folded[S], error) {
	for entry, err := range a.service.Journal.Read(ctx, stream, f.tail) {
		if err != nil {
			return folded[S]{}, err
		}
		event, ok := entry.Event.(E)
		if !ok {
			return folded[S]{}, fmt.Errorf("read %s: %s does not belong there", stream, entry.Record.Type)
		}
		f = folded[S]{a.decider.Evolve(f.state, event), entry.Tail}
	}
	return f, nil
}

// see is load as a call sees it: in a dry run with what the call would have appended.
func (a *aggregate[S, C, E]) see(ctx context.Context, c *Call, id string) (folded[S], error) {
	if c.DryRun {
		if f, ok := c.wouldBe(a.stream(id)); ok {
			return f.(folded[S]), nil //nolint:forcetypeassert // only this aggregate puts its streams there
		}
	}
	return a.load(ctx, id)
}

// step is one decision of a call.
type step struct {
	own bool // on the command's own aggregate: If-Match and repeated keys look at it
	new bool // the id was made for this call, so nothing can stand there yet
}

// decided is where a decision left the aggregate.
type decided[S any] struct {
	state S
	moved bool // events were appended by this very decision
}

// decide lets the domain decide and appends what it says. With step.own it honors
// If-Match, a command that a crash interrupted finds its own events and does not decide
// again, and the claims that wait for it go into the log with its events.
func (a *aggregate[S, C, E]) decide(ctx context.Context, c *Call, id string, command C, how step) (decided[S], error) {
	d, err := a.tryDecide(ctx, c, id, command, how)
	if conflict := (*eventstore.ConflictError)(nil); how.own && len(c.waiting) > 0 && errors.As(err, &conflict) {
		// Not before the stream is unlocked: a claim's stream may have the same lock.
		if err := c.takeWaiting(ctx); err != nil {
			return decided[S]{}, err
		}
		how.new = false
		return a.tryDecide(ctx, c, id, command, how)
	}
	return d, err
}

func (a *aggregate[S, C, E]) tryDecide(ctx context.Context, c *Call, id string, command C, how step) (decided[S], error) {
	stream := a.stream(id)
	unlock, err := a.service.locks.lock(ctx, stream)
	if err != nil {
		return decided[S]{}, err
	}
	defer unlock()
	for try := 0; ; try++ {
		f, again, err := a.before(ctx, c, id, how)
		if err != nil || again {
			return decided[S]{state: f.state}, err
		}
		events, err := a.decider.Decide(f.state, command)
		if err != nil {
			return decided[S]{}, err
		}
		if len(events) == 0 {
			c.note(stream, f.revision(), how.own)
			return decided[S]{state: f.state}, nil
		}
		after, err := a.append(ctx, c, stream, f, events, how.own)
		if conflict := (*eventstore.ConflictError)(nil); !errors.As(err, &conflict) {
			return decided[S]{after.state, err == nil}, err
		}
		if try == decideAgain || how.own && len(c.waiting) > 0 {
			return decided[S]{}, fmt.Errorf("append to %s: %w", stream, err)
		}
		how.new = false
	}
}

// before answers the state to decide on; again if the command has been decided before.
func (a *aggregate[S, C, E]) before(ctx context.Context, c *Call, id string, how step) (f folded[S], again bool, err error) {
	stream := a.stream(id)
	if !how.new {
		if f, err = a.see(ctx, c, id); err != nil {
			return f, false, err
		}
	}
	if !how.own {
		return f, false, nil
	}
	if c.repeatable && f.tail.Next > 0 {
		records, err := a.service.recordsOf(ctx, stream, c.ID.String(), c.Now)
		if err != nil {
			return f, false, err
		}
		if len(records) > 0 {
			c.add(stream, f.revision(), records[len(records)-1].Position, records, true)
			return f, true, nil
		}
	}
	if c.IfMatch != nil && *c.IfMatch != f.revision() {
		return f, false, ErrStale
	}
	return f, false, nil
}

// prepared is what a decision would append to a stream.
type prepared[S any] struct {
	append  eventstore.Append
	records []eventstore.Record
	after   folded[S]
}

func (a *aggregate[S, C, E]) prepare(ctx context.Context, c *Call, stream string, f folded[S], events []E) (prepared[S], error) {
	drafts := make([]eventstore.Draft, len(events))
	for i, e := range events {
		drafts[i] = eventstore.Draft{ID: c.eventID(stream, f.tail.Next+int64(i)), Event: e}
	}
	journal := a.service.Journal
	if c.DryRun {
		journal.Keys = c.keys()
	}
	records, tail, err := journal.Prepare(ctx, stream, f.tail, c.envelope(), drafts...)
	if err != nil {
		return prepared[S]{}, err
	}
	return prepared[S]{appendOf(stream, f.tail, records), records, folded[S]{a.decider.Fold(f.state, events...), tail}}, nil
}

// appendOf puts records behind the tail that they were prepared for.
func appendOf(stream string, tail eventstore.Tail, records []eventstore.Record) eventstore.Append {
	events := make([]eventstore.Event, len(records))
	for i, r := range records {
		events[i] = r.Event
	}
	return eventstore.Append{Stream: stream, Expected: tail.Expected(), Events: events}
}

func (a *aggregate[S, C, E]) append(ctx context.Context, c *Call, stream string, f folded[S], events []E, own bool) (folded[S], error) {
	p, err := a.prepare(ctx, c, stream, f, events)
	if err != nil {
		return folded[S]{}, err
	}
	if c.DryRun {
		c.would(stream, p.after)
		c.add(stream, p.after.revision(), 0, p.records, own)
		return p.after, nil
	}
	var claims []prepared[reservation.State]
	if own {
		if claims, err = c.prepareWaiting(ctx); err != nil {
			return folded[S]{}, err
		}
	}
	appends := make([]eventstore.Append, 0, len(claims)+1)
	for _, claim := range claims {
		appends = append(appends, claim.append)
	}
	receipts, err := a.service.write(ctx, append(appends, p.append)...)
	if err != nil {
		return folded[S]{}, err
	}
	for i, claim := range claims {
		a.service.reservations.keep(c, claim, receipts[i], false)
	}
	if own {
		c.waiting = nil
	}
	a.keep(c, p, receipts[len(claims)], own)
	return p.after, nil
}

// keep remembers what was appended.
func (a *aggregate[S, C, E]) keep(c *Call, p prepared[S], receipt eventstore.Receipt, own bool) {
	a.states.Add(p.append.Stream, p.after)
	c.add(p.append.Stream, p.after.revision(), receipt.Position, p.records, own)
}

// write appends prepared events, those of several streams together. While the store is out
// of reach the outcome is unknown, so the very same events are appended again until the
// deadline.
func (s *Service) write(ctx context.Context, appends ...eventstore.Append) ([]eventstore.Receipt, error) {
	once := func() ([]eventstore.Receipt, error) {
		if len(appends) > 1 {
			return s.together.AppendTogether(ctx, appends...)
		}
		receipt, err := s.Journal.Store.Append(ctx, appends[0].Stream, appends[0].Expected, appends[0].Events...)
		return []eventstore.Receipt{receipt}, err
	}
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		receipts, err := once()
		if !errors.Is(err, eventstore.ErrUnavailable) {
			return receipts, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pause):
		}
	}
}

// recordsOf answers the events of a stream that a command brought before, oldest first.
// It looks back as far as answers to repeated keys are kept.
func (s *Service) recordsOf(ctx context.Context, stream, commandID string, now time.Time) ([]eventstore.Record, error) {
	const last = int64(1<<63 - 1)
	var found []eventstore.Record
	for rec, err := range s.Journal.Store.ReadStream(ctx, stream, last, eventstore.Backwards) {
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", stream, err)
		}
		_, record, err := s.Journal.Registry.DecodeSealed(rec)
		if err != nil {
			return nil, err
		}
		switch {
		case record.Envelope.CommandID == commandID:
			found = append([]eventstore.Record{record}, found...)
		case len(found) > 0 || now.Sub(record.Envelope.OccurredAt) > keepAnswers:
			return found, nil
		}
	}
	return found, nil
}
