package limits

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// ErrFull says that an asker, or all of them, wait for as many turns as may be waited for.
var ErrFull = errors.New("too many wait for their turn")

// Queue gives turns at work of which only little can be done at once, such as hashing passwords.
// Nobody is kept from it by others: those who are not signed in, those who are, and the program
// itself have a queue each and a turn in rotation, and so have the askers of each of these. Whoever
// waits for more than their share has to go when their queue is full. It is safe for concurrent use.
type Queue struct {
	atOnce, mostOfOne, mostOfAll int

	mu      sync.Mutex
	free    int
	classes [classes]class
	last    int // the class that had the last turn
}

// The classes, see classOf.
const (
	strangers = iota
	known
	ourselves
	classes
)

// class has the lines of its askers; whose turn is next stands first.
type class struct {
	lines   []*line
	waiting int
}

type line struct {
	who  string
	wait []*turn
}

type turn struct{ called chan error }

// NewQueue returns a queue for so much at once. So many turns one asker may wait for, and so many
// all askers of a class.
func NewQueue(atOnce, mostOfOne, mostOfAll int) *Queue {
	return &Queue{atOnce: atOnce, free: atOnce, mostOfOne: mostOfOne, mostOfAll: mostOfAll, last: classes - 1}
}

type askerKey struct{}

// For returns a context whose work is done for an asker.
func For(ctx context.Context, by Asker) context.Context {
	return context.WithValue(ctx, askerKey{}, by)
}

func classOf(ctx context.Context) (class int, who string) {
	by, ok := ctx.Value(askerKey{}).(Asker)
	switch {
	case !ok:
		return ourselves, ""
	case by.Account != "":
		return known, by.Account
	}
	return strangers, Network(by.Address)
}

// Enter waits for the turn of the context's asker (see For), and returns how to end it. Errors:
// ErrFull, those of the context.
func (q *Queue) Enter(ctx context.Context) (leave func(), err error) {
	q.mu.Lock()
	if q.free > 0 {
		q.free--
		q.mu.Unlock()
		return q.leave, nil
	}
	t := &turn{make(chan error, 1)}
	in, who := classOf(ctx)
	if !q.line(in, who, t) {
		q.mu.Unlock()
		return nil, ErrFull
	}
	q.mu.Unlock()
	select {
	case err := <-t.called:
		if err != nil {
			return nil, err
		}
		return q.leave, nil
	case <-ctx.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case err := <-t.called: // it came meanwhile
		if err == nil {
			q.pass()
		}
	default:
		q.classes[in].forget(t)
	}
	return nil, ctx.Err()
}

// line puts a turn into its line, and returns false if there is no room.
func (q *Queue) line(in int, who string, t *turn) bool {
	c := &q.classes[in]
	own := &line{who: who}
	i := slices.IndexFunc(c.lines, func(l *line) bool { return l.who == who })
	if i >= 0 {
		own = c.lines[i]
	}
	if len(own.wait) >= q.mostOfOne || c.waiting >= q.mostOfAll && !c.push(len(own.wait)) {
		return false
	}
	if i < 0 {
		c.lines = append(c.lines, own)
	}
	own.wait = append(own.wait, t)
	c.waiting++
	return true
}

// push sends away the last of the longest line, if that is longer than a line of so many would
// be with one more.
func (c *class) push(own int) bool {
	if len(c.lines) == 0 {
		return false
	}
	longest := slices.MaxFunc(c.lines, func(a, b *line) int { return len(a.wait) - len(b.wait) })
	if len(longest.wait) <= own+1 {
		return false
	}
	last := longest.wait[len(longest.wait)-1]
	longest.wait = longest.wait[:len(longest.wait)-1]
	c.waiting--
	last.called <- ErrFull
	return true
}

// forget takes a turn out of its line.
func (c *class) forget(t *turn) {
	for i, l := range c.lines {
		at := slices.Index(l.wait, t)
		if at < 0 {
			continue
		}
		l.wait = slices.Delete(l.wait, at, at+1)
		c.waiting--
		if len(l.wait) == 0 {
			c.lines = slices.Delete(c.lines, i, i+1)
		}
		return
	}
}

// next takes the turn that is next out of its line, and puts that line behind the others.
func (c *class) next() *turn {
	l := c.lines[0]
	t := l.wait[0]
	l.wait = l.wait[1:]
	c.waiting--
	c.lines = c.lines[1:]
	if len(l.wait) > 0 {
		c.lines = append(c.lines, l)
	}
	return t
}

// Len returns how many have a turn or wait for one.
func (q *Queue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := q.atOnce - q.free
	for _, c := range q.classes {
		n += c.waiting
	}
	return n
}

func (q *Queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pass()
}

// pass gives the turn that ends to whose turn is next.
func (q *Queue) pass() {
	for n := 1; n <= classes; n++ {
		c := (q.last + n) % classes
		if len(q.classes[c].lines) > 0 {
			q.last = c
			q.classes[c].next().called <- nil
			return
		}
	}
	q.free++
}
