package engine

import (
	"context"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"sleutelbos/domain"
	"sleutelbos/eventstore"
)

// Aggregate is the one way from a command to its stream. It keeps folded states, and brings
// one up to date by reading its stream from where the state ends, so nothing is ever decided
// on a state that was not checked.
type Aggregate[S, C, E any] struct {
	category string
	decider  domain.Decider[S, C, E]
	engine   *Engine
	states   *lru.Cache[string, Folded[S]]
	reads    shared[Folded[S]]
	moved    Moved[S] // nil if nobody has to know
	beside   func(c *Call, known S) []Read
}

// Moved is told where a command left an aggregate, before the command returns; it is not told
// of a dry run. before is the state that was decided on. If nothing was appended now, because
// the command, or another that did the same, was run before, the two are equal. An error fails
// the command, although its events stand.
type Moved[S any] func(ctx context.Context, id string, before, after Folded[S]) error

// OnMoved says who has to know. There is one at most.
func (a *Aggregate[S, C, E]) OnMoved(moved Moved[S]) {
	if a.moved != nil {
		panic("engine: somebody follows " + a.category + " already")
	}
	a.moved = moved
}

// Folded is a state and where its stream ended then.
type Folded[S any] struct {
	State S
	tail  eventstore.Tail

	unreadable bool // it has personal values that could not be read
}

// Revision returns the revision of the last event that the state has; -1 if there is none.
func (f Folded[S]) Revision() int64 { return f.tail.Next - 1 }

// NewAggregate returns the aggregate whose streams are named category-id; without a category
// the id is the whole name. There is one of each in a program: what it keeps in memory is
// for all who use it.
func NewAggregate[S, C, E any](e *Engine, category string, d domain.Decider[S, C, E]) *Aggregate[S, C, E] {
	states, err := lru.New[string, Folded[S]](e.options.States)
	if err != nil {
		panic(fmt.Sprintf("engine: the memory of %s states: %v", category, err)) // New sees to it that there is room
	}
	a := &Aggregate[S, C, E]{category: category, decider: d, engine: e, states: states}
	if category != "" {
		e.ahead[category] = a.readsOf
	}
	return a
}

// Stream returns the name of an aggregate's stream.
func (a *Aggregate[S, C, E]) Stream(id string) string {
	if a.category == "" {
		return id
	}
	return a.category + "-" + id
}

// Load returns the state as it is now. Callers at the same time share one read.
func (a *Aggregate[S, C, E]) Load(ctx context.Context, id string) (Folded[S], error) {
	stream := a.Stream(id)
	return a.reads.do(ctx, stream, a.engine.options.Patience, func(ctx context.Context) (Folded[S], error) {
		return a.load(ctx, stream)
	})
}

func (a *Aggregate[S, C, E]) load(ctx context.Context, stream string) (Folded[S], error) {
	from, _ := a.states.Get(stream)
	now, err := a.follow(ctx, stream, from)
	if err != nil {
		a.states.Remove(stream) // so that the next read is from the start
		return Folded[S]{}, err
	}
	switch {
	case now.unreadable:
		a.states.Remove(stream) // likewise: the vault may be mended by then
	case now.tail.Next > from.tail.Next:
		a.states.Add(stream, now)
	}
	return now, nil
}

func (a *Aggregate[S, C, E]) follow(ctx context.Context, stream string, f Folded[S]) (Folded[S], error) {
	for entry, err := range a.engine.options.Journal.Read(ctx, stream, f.tail) {
		if err != nil {
			return Folded[S]{}, err
		}
		if entry.Event == nil { // passed over
			f.tail = entry.Tail
			continue
		}
		event, ok := entry.Event.(E)
		if !ok {
			return Folded[S]{}, fmt.Errorf("read %s: %s does not belong there", stream, entry.Record.Type)
		}
		f = Folded[S]{a.decider.Evolve(f.State, event), entry.Tail, f.unreadable || entry.Record.Unreadable}
	}
	return f, nil
}

// See returns the state as a call sees it: in a dry run with what the call would have
// appended.
func (a *Aggregate[S, C, E]) See(ctx context.Context, c *Call, id string) (Folded[S], error) {
	if c.DryRun {
		if f, ok := c.wouldBe(a.Stream(id)); ok {
			return f.(Folded[S]), nil //nolint:forcetypeassert // only this aggregate puts its streams there
		}
	}
	if read, ok := c.foresaw(a.Stream(id)); ok {
		f := read.(Folded[S]) //nolint:forcetypeassert // likewise
		if known, _ := a.states.Peek(a.Stream(id)); known.tail.Next <= f.tail.Next {
			c.saw(a.Stream(id), f)
			return f, nil // nobody here has moved it meanwhile
		}
	}
	f, err := a.Load(ctx, id)
	if err == nil {
		c.saw(a.Stream(id), f)
	}
	return f, err
}

// Seen returns the state as the call has seen it before; it looks only if the call has not. It is
// for what is looked at again, or repaired, should it have changed meanwhile.
func (a *Aggregate[S, C, E]) Seen(ctx context.Context, c *Call, id string) (Folded[S], error) {
	if f, ok := a.seen(c, id); ok {
		return f, nil
	}
	return a.See(ctx, c, id)
}

// seen returns the newest state that the call has seen, or that is kept in memory if that is newer,
// and false if the call has not looked yet. It may be an old one: what is decided on it holds only
// if it is appended at its revision.
func (a *Aggregate[S, C, E]) seen(c *Call, id string) (Folded[S], bool) {
	last, ok := c.lastSeen(a.Stream(id))
	if !ok || c.DryRun {
		return Folded[S]{}, false
	}
	f := last.(Folded[S]) //nolint:forcetypeassert // only this aggregate puts its streams there
	if known, _ := a.states.Peek(a.Stream(id)); known.tail.Next > f.tail.Next {
		f = known
	}
	return f, true
}

// Check lets the domain refuse a command before anything else is done for it. The same is
// decided again when it is appended. A fresh id has no state to be read.
func (a *Aggregate[S, C, E]) Check(ctx context.Context, c *Call, id string, fresh bool, command C) error {
	if f, ok := a.seen(c, id); ok && !fresh {
		if _, err := a.decider.Decide(f.State, command); err == nil {
			return nil
		}
	}
	_, err := a.Would(ctx, c, id, fresh, command)
	return err
}

// Would is Check, and says whether there is anything to be done. Who claims a value for a command
// asks it: for what is so already nothing is claimed.
func (a *Aggregate[S, C, E]) Would(ctx context.Context, c *Call, id string, fresh bool, command C) (bool, error) {
	var f Folded[S]
	if !fresh {
		var err error
		if f, err = a.See(ctx, c, id); err != nil {
			return false, err
		}
	}
	events, err := a.decider.Decide(f.State, command)
	return len(events) > 0, err
}

// Matches refuses a stale If-Match before another stream is changed for the command.
func (a *Aggregate[S, C, E]) Matches(ctx context.Context, c *Call, id string) error {
	if c.IfMatch == nil {
		return nil
	}
	f, err := a.See(ctx, c, id)
	if err == nil && !c.IfMatch.holds(f.Revision()) && !c.repeatable {
		err = ErrStale
	}
	return err
}

// Brought says whether a command has appended to the stream before.
func (a *Aggregate[S, C, E]) Brought(ctx context.Context, id string, by eventstore.Envelope) (bool, error) {
	records, err := a.engine.recordsOf(ctx, a.Stream(id), by.CommandID, by.OccurredAt)
	return len(records) > 0, err
}
