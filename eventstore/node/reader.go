package node

import (
	"context"
	"fmt"
	"sync"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// changes tells those who wait that something was committed.
type changes struct {
	mu   sync.Mutex
	next chan struct{}
}

func (c *changes) wait() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next
}

func (c *changes) broadcast() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.next)
	c.next = make(chan struct{})
}

// Changed answers a channel that the next commit, or Close, closes. Take it, read, and only
// then wait on it: so no commit is missed. A log opened for reading only never closes it.
func (l *Log) Changed() <-chan struct{} { return l.changes.wait() }

// Head answers the newest durable position, system events included; 0 if there is none.
// A log opened for reading only learns it with each read of the log.
func (l *Log) Head() eventstore.Position { return place(l.position.Load()).position() }

// newest shows a commit.
func (l *Log) newest(head, shown place) {
	if shown != 0 {
		l.visible.Store(uint64(shown))
	}
	l.position.Store(uint64(head))
	l.changes.broadcast()
}

// reading lends a connection of the pool.
func (l *Log) reading(ctx context.Context, use func(*sqlitex.Conn) error) error {
	var c *sqlitex.Conn
	select {
	case <-l.ctx.Done():
		return closedError()
	default:
	}
	select {
	case c = <-l.readers:
	case <-ctx.Done():
		return ctx.Err()
	case <-l.ctx.Done():
		return closedError()
	}
	defer func() { l.readers <- c }()
	if err := ctx.Err(); err != nil {
		return err
	}
	if c == nil {
		var err error
		if c, err = l.openReader(); err != nil {
			return err
		}
	}
	return use(c)
}

func (l *Log) openReader() (*sqlitex.Conn, error) {
	mode := sqlitex.ReadOnly
	if l.still { // otherwise SQLite would need a file for the memory that it shares with a writer
		mode = sqlitex.ReadOnlyStill
	}
	return openConn(l.file, mode, "query_only=1", fmt.Sprintf("cache_size=-%d", readCacheBytes>>10))
}

// refresh looks at the file for what another process wrote, if this one only reads.
func (l *Log) refresh(ctx context.Context) error {
	if l.writer != nil {
		return nil
	}
	return l.reading(ctx, func(c *sqlitex.Conn) error {
		head, err := c.Integer(0, "SELECT max(pos) FROM events")
		if err != nil {
			return err
		}
		l.position.Store(uint64(head))
		return nil
	})
}

// head answers what is known of a stream.
func (l *Log) head(ctx context.Context, stream string) (h head, err error) {
	fetch := func() (h head, err error) {
		err = l.reading(ctx, func(c *sqlitex.Conn) error {
			h, err = fetchHead(c, stream)
			return err
		})
		return h, err
	}
	if l.writer == nil {
		h, err = fetch()
	} else {
		h, err = l.heads.get(stream, fetch)
	}
	if err != nil {
		return h, err
	}
	if h.tombstoned() {
		return h, eventstore.ErrStreamDeleted
	}
	return h, nil
}

// lastShown answers the newest position that is no system event. Up to it the
// count of shown events is lower, from it on it stays: a binary search.
func lastShown(c *sqlitex.Conn, head, shown int64) (place, error) {
	if shown == 0 {
		return 0, nil
	}
	low, high := int64(1), head
	for low < high {
		middle := low + (high-low)/2
		n, err := c.Integer(-1, "SELECT shown FROM events WHERE pos=?", middle)
		if err != nil {
			return 0, err
		}
		if n < shown {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return place(low), nil
}
