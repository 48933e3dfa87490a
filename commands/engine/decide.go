package engine

import (
	"context"
	"errors"
	"fmt"

	"sleutelbos/domain/reservation"
	"sleutelbos/eventstore"
)

// DecideAgain is how often a lost race is decided again before the caller hears of it.
const DecideAgain = 4

// Step is one decision of a call.
type Step struct {
	Own bool // on the command's own aggregate: If-Match and repeated keys look at it
	New bool // the id was made for this call, so nothing can stand there yet
	// At is the revision of the stream for which alone the decision is meant; nil for any.
	At *int64
}

// ErrMovedOn says that a stream is not at the revision for which alone a decision was meant.
var ErrMovedOn = errors.New("the stream has moved on")

// Decided is where a decision left the aggregate.
type Decided[S any] struct {
	Before   S // what was decided on
	State    S
	Moved    bool // events were appended by this very decision
	Revision int64
}

// Decide lets the domain decide and appends what it says. With Step.Own it honors If-Match,
// a command that a crash interrupted finds its own events and does not decide again, and the
// claims that wait for it go into the log with its events.
func (a *Aggregate[S, C, E]) Decide(ctx context.Context, c *Call, id string, command C, how Step) (Decided[S], error) {
	d, err := a.tryDecide(ctx, c, id, command, how)
	if conflict := (*eventstore.ConflictError)(nil); how.Own && len(c.waiting) > 0 && errors.As(err, &conflict) {
		// Not before the stream is unlocked: a claim's stream may have the same lock.
		if err := c.takeWaiting(ctx); err != nil {
			return Decided[S]{}, err
		}
		how.New = false
		return a.tryDecide(ctx, c, id, command, how)
	}
	return d, err
}

func (a *Aggregate[S, C, E]) tryDecide(ctx context.Context, c *Call, id string, command C, how Step) (Decided[S], error) {
	stream := a.Stream(id)
	unlock, err := a.engine.locks.lock(ctx, stream)
	if err != nil {
		return Decided[S]{}, err
	}
	defer unlock()
	seen, reuse := a.seen(c, id)
	reuse = reuse && !how.New
	for try := 0; ; {
		f, again, err := seen, false, error(nil)
		if !reuse {
			f, err = a.see(ctx, c, id, how)
		}
		if err == nil {
			again, err = a.before(ctx, c, f, stream, how)
		}
		if reuse && err != nil {
			reuse = false
			continue
		}
		if err != nil {
			return Decided[S]{}, err
		}
		if again {
			return Decided[S]{Before: f.State, State: f.State, Revision: f.Revision()}, a.tell(ctx, c, id, f, f)
		}
		events, err := a.decider.Decide(f.State, command)
		if reuse && (err != nil || len(events) == 0) {
			reuse = false // only an append shows that the state is not an old one
			continue
		}
		if err != nil {
			return Decided[S]{}, err
		}
		if len(events) == 0 {
			c.note(stream, f.Revision(), how.Own)
			return Decided[S]{Before: f.State, State: f.State, Revision: f.Revision()}, a.tell(ctx, c, id, f, f)
		}
		after, err := a.append(ctx, c, stream, f, events, how.Own)
		if err == nil {
			return Decided[S]{f.State, after.State, true, after.Revision()}, a.tell(ctx, c, id, f, after)
		}
		if conflict := (*eventstore.ConflictError)(nil); !errors.As(err, &conflict) {
			return Decided[S]{}, err
		}
		if try == DecideAgain || how.Own && len(c.waiting) > 0 {
			return Decided[S]{}, fmt.Errorf("append to %s: %w", stream, err)
		}
		how.New, reuse, try = false, false, try+1
	}
}

func (a *Aggregate[S, C, E]) tell(ctx context.Context, c *Call, id string, before, after Folded[S]) error {
	if a.moved == nil || c.DryRun {
		return nil
	}
	// Whoever asked may have gone, but the events stand.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.engine.options.Patience)
	defer cancel()
	if err := a.moved(ctx, id, before, after); err != nil {
		return fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
	}
	return nil
}

// Unchanged ends a command for which nothing is to be done, as Would said. It honors If-Match and
// repeated keys as Decide does, and appends nothing, even if there would be something to do now: the
// command took no claim for that.
func (a *Aggregate[S, C, E]) Unchanged(ctx context.Context, c *Call, id string) error {
	f, err := a.See(ctx, c, id)
	if err != nil {
		return err
	}
	again, err := a.before(ctx, c, f, a.Stream(id), Step{Own: true})
	if err != nil {
		return err
	}
	if !again {
		c.note(a.Stream(id), f.Revision(), true)
	}
	return a.tell(ctx, c, id, f, f)
}

// DecideHeld decides for an aggregate that has the claim which the command needs, e.g. for another
// spelling of its name. held says so of a state; ErrMovedOn says that it is no longer so, and that
// the command has to claim.
func (a *Aggregate[S, C, E]) DecideHeld(ctx context.Context, c *Call, id string, held func(S) bool, command C) error {
	f, err := a.See(ctx, c, id)
	if err != nil {
		return err
	}
	if !held(f.State) {
		return ErrMovedOn
	}
	at := f.Revision()
	_, err = a.Decide(ctx, c, id, command, Step{Own: true, At: &at})
	return err
}

// see returns the state to decide on: nothing of a stream in which nothing can stand yet.
func (a *Aggregate[S, C, E]) see(ctx context.Context, c *Call, id string, how Step) (Folded[S], error) {
	if how.New {
		return Folded[S]{}, nil
	}
	return a.See(ctx, c, id)
}

// before looks whether the command has been decided before, and refuses one that was to be decided
// on another state.
func (a *Aggregate[S, C, E]) before(ctx context.Context, c *Call, f Folded[S], stream string, how Step) (again bool, err error) {
	if how.At != nil && *how.At != f.Revision() {
		return false, ErrMovedOn
	}
	if !how.Own {
		return false, nil
	}
	if c.repeatable && f.tail.Next > 0 {
		records, err := a.engine.recordsOf(ctx, stream, c.ID.String(), c.Now)
		if err != nil {
			return false, err
		}
		if len(records) > 0 {
			c.add(stream, f.Revision(), records[len(records)-1].Position, records, true)
			return true, nil
		}
	}
	if !c.IfMatch.holds(f.Revision()) {
		return false, ErrStale
	}
	return false, nil
}

// prepared is what a decision would append to a stream.
type prepared[S any] struct {
	append  eventstore.Append
	records []eventstore.Record
	after   Folded[S]
}

func (a *Aggregate[S, C, E]) prepare(ctx context.Context, c *Call, stream string, f Folded[S], events []E) (prepared[S], error) {
	drafts := make([]eventstore.Draft, len(events))
	for i, e := range events {
		drafts[i] = eventstore.Draft{ID: c.eventID(stream, f.tail.Next+int64(i)), Event: e}
	}
	journal := a.engine.options.Journal
	if c.DryRun {
		journal.Keys = c.Keys()
	}
	records, tail, err := journal.Prepare(ctx, stream, f.tail, c.envelope(), drafts...)
	if err != nil {
		return prepared[S]{}, err
	}
	return prepared[S]{appendOf(stream, f.tail, records), records, Folded[S]{State: a.decider.Fold(f.State, events...), tail: tail}}, nil
}

func (a *Aggregate[S, C, E]) append(ctx context.Context, c *Call, stream string, f Folded[S], events []E, own bool) (Folded[S], error) {
	p, err := a.prepare(ctx, c, stream, f, events)
	if err != nil {
		return Folded[S]{}, err
	}
	if c.DryRun {
		c.would(stream, p.after)
		c.add(stream, p.after.Revision(), eventstore.Position{}, p.records, own)
		return p.after, nil
	}
	var claims []prepared[reservation.State]
	if own {
		if claims, err = c.prepareWaiting(ctx); err != nil {
			return Folded[S]{}, err
		}
	}
	appends := make([]eventstore.Append, 0, len(claims)+1)
	for _, claim := range claims {
		appends = append(appends, claim.append)
	}
	receipts, err := a.engine.write(ctx, c.Settle, append(appends, p.append)...)
	if err != nil {
		return Folded[S]{}, err
	}
	for i, claim := range claims {
		a.engine.reservations.keep(c, claim, receipts[i], false)
	}
	if own {
		c.waiting = nil
	}
	a.keep(c, p, receipts[len(claims)], own)
	return p.after, nil
}

// keep remembers what was appended.
func (a *Aggregate[S, C, E]) keep(c *Call, p prepared[S], receipt eventstore.Receipt, own bool) {
	a.states.Add(p.append.Stream, p.after)
	c.add(p.append.Stream, p.after.Revision(), receipt.Position, p.records, own)
}
