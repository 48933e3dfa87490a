package engine

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Read is one look at an aggregate that a command needs.
type Read func(ctx context.Context, c *Call) error

// Reads says what a command looks at before it decides. All of it is read at once when the
// command begins, instead of one after the other as its use case comes to it.
func Reads[Body any](of func(Body) []Read) Option {
	return func(c *Command) {
		c.reads = func(body any) []Read { return of(body.(Body)) } //nolint:forcetypeassert // of the same declaration
	}
}

// Read returns the look at one aggregate. The call's first See of it returns what was found.
func (a *Aggregate[S, C, E]) Read(id string) Read {
	return func(ctx context.Context, c *Call) error {
		f, err := a.Load(ctx, id)
		if err == nil {
			c.foresee(a.Stream(id), f)
		}
		return err
	}
}

// Beside says what else is read at once when a command acts on an aggregate of the category: what
// whether it may depends on. known is the state that is kept in memory, maybe an old one.
func (a *Aggregate[S, C, E]) Beside(of func(c *Call, known S) []Read) { a.beside = of }

// targetReads returns the reads of what a command acts on, and of what is beside it.
func (e *Engine) targetReads(c *Call, of Command, body any) []Read {
	ahead := e.ahead[of.On.Category]
	if of.On.Member == "" || ahead == nil {
		return nil
	}
	id, ok := ParseID(of.targetOf(body))
	if !ok {
		return nil
	}
	return ahead(c, id)
}

func (a *Aggregate[S, C, E]) readsOf(c *Call, id string) []Read {
	reads := []Read{a.Read(id)}
	if a.beside != nil {
		known, _ := a.states.Peek(a.Stream(id))
		reads = append(reads, a.beside(c, known.State)...)
	}
	return reads
}

// readAhead reads what a command acts on, and what it is declared to look at. What can't be read now the use case
// tries again, and meets the error itself. Nothing is read for an asker without the right.
func (c *Call) readAhead(ctx context.Context, of Command, body any) {
	if !of.Open() && c.Need(of.Right) != nil {
		return
	}
	reads := c.engine.targetReads(c, of, body)
	if of.reads != nil {
		reads = append(reads, of.reads(body)...)
	}
	if len(reads) < 2 {
		return // the use case reads it as soon
	}
	var all errgroup.Group
	for _, read := range reads {
		all.Go(func() error { return read(ctx, c) })
	}
	_ = all.Wait() // see above
}

// saw notes the last state of a stream that the call has seen.
func (c *Call) saw(stream string, state any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[string]any{}
	}
	c.seen[stream] = state
}

func (c *Call) lastSeen(stream string) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.seen[stream]
	return f, ok
}

func (c *Call) foresee(stream string, state any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.foreseen == nil {
		c.foreseen = map[string]any{}
	}
	c.foreseen[stream] = state
}

// foresaw returns a state that was read ahead, once: whoever looks again wants to see what has
// changed meanwhile.
func (c *Call) foresaw(stream string) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.foreseen[stream]
	delete(c.foreseen, stream)
	return f, ok
}
