package esdb

import (
	"context"
	"math"
	"slices"
	"strings"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"sleutelbos/eventstore"
)

type streamCursor struct {
	stream string
	next   int64
	dir    eventstore.Direction
}

func (c *streamCursor) open(ctx context.Context, to *client.Client, count uint64) (*client.ReadStream, error) {
	o := client.ReadStreamOptions{Direction: direction(c.dir), From: client.Revision(uint64(max(c.next, 0)))}
	if c.next == math.MaxInt64 {
		o.From = client.End{}
	}
	return to.ReadStream(ctx, c.stream, o, count)
}

func (c *streamCursor) take(r eventstore.Recorded) bool {
	if c.dir == eventstore.Forwards {
		c.next = r.Revision + 1
	} else {
		c.next = r.Revision - 1
	}
	return shown(r)
}

func (c *streamCursor) finished() bool {
	return c.dir == eventstore.Backwards && c.next < 0 || c.dir == eventstore.Forwards && c.next == math.MaxInt64
}

type allCursor struct {
	beyond eventstore.Position
	dir    eventstore.Direction
	filter eventstore.Filter
}

// open begins to read at the cursor. Forwards the server includes the event at the position,
// which take drops; backwards it does not.
func (c *allCursor) open(ctx context.Context, to *client.Client, count uint64) (*client.ReadStream, error) {
	o := client.ReadAllOptions{Direction: direction(c.dir), From: place(c.beyond)}
	return to.ReadAll(ctx, o, count)
}

func (c *allCursor) take(r eventstore.Recorded) bool {
	if c.dir == eventstore.Forwards && !r.Position.After(c.beyond) {
		return false
	}
	c.beyond = r.Position
	return shown(r) && matches(c.filter, r)
}

func (c *allCursor) finished() bool {
	return c.dir == eventstore.Backwards && c.beyond.IsZero() || c.dir == eventstore.Forwards && !c.beyond.Before(eventstore.End)
}

// placeCursor looks at the event at one position, which the server includes in a read forwards.
type placeCursor struct {
	at     eventstore.Position
	looked bool
}

func (c *placeCursor) open(ctx context.Context, to *client.Client, count uint64) (*client.ReadStream, error) {
	return to.ReadAll(ctx, client.ReadAllOptions{Direction: client.Forwards, From: place(c.at)}, count)
}

func (c *placeCursor) take(r eventstore.Recorded) bool {
	c.looked = true
	return r.Position == c.at && shown(r)
}

func (c *placeCursor) finished() bool { return c.looked }

func direction(d eventstore.Direction) client.Direction {
	if d == eventstore.Backwards {
		return client.Backwards
	}
	return client.Forwards
}

// place returns a position in the form of the client.
func place(p eventstore.Position) client.AllPosition {
	switch {
	case p.IsZero():
		return client.Start{}
	case !p.Before(eventstore.End):
		return client.End{}
	}
	return client.Position{Commit: p.Commit(), Prepare: p.Prepare()}
}

// received returns the position that the server named.
func received(p client.Position) eventstore.Position {
	return eventstore.NewPosition(p.Commit, p.Prepare)
}

// shown reports whether the port shows the event. It shows no system events.
func shown(r eventstore.Recorded) bool { return !system(r.Stream, r.Type) }

func system(stream, kind string) bool {
	return strings.HasPrefix(stream, "$") || strings.HasPrefix(kind, "$")
}

func matches(f eventstore.Filter, r eventstore.Recorded) bool {
	return begins(r.Stream, f.Streams) && begins(r.Type, f.Types)
}

// begins reports whether the name starts with one of the prefixes, or there are none.
func begins(name string, prefixes []string) bool {
	return len(prefixes) == 0 || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}
