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

// readAhead reads what a command is declared to look at. What can't be read now the use case
// tries again, and meets the error itself. Nothing is read for an asker without the right.
func (c *Call) readAhead(ctx context.Context, of Command, body any) {
	if of.reads == nil || !of.Open() && c.Need(of.Right) != nil {
		return
	}
	var all errgroup.Group
	for _, read := range of.reads(body) {
		all.Go(func() error { return read(ctx, c) })
	}
	_ = all.Wait() // see above
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
