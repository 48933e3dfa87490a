package log

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/cache"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// committer writes batches, on one goroutine. Its last fields are what the file says, known
// by heart; after a failed commit they are read again.
type committer struct {
	file   *logfile.File
	conn   *sqlitex.Conn
	memory *Memory
	now    func() time.Time

	ids     *cache.IDs
	head    logfile.Place
	shown   int64 // events up to the head that are no system events
	lastSID int64 // the number of the newest stream
	broken  error // the file could not be read again after a failure
}

// try commits a batch and notes the outcome at its requests, or undoes it.
func (c *committer) try(requests []*request) error {
	if c.broken != nil {
		if c.broken = c.recover(); c.broken != nil {
			return logfile.Unavailable(c.broken)
		}
	}
	before := c.memory.Progress.Head()
	b := &batch{newTransaction(c, len(requests))}
	err := b.run(requests)
	if err == nil {
		b.publish()
		return nil
	}
	b.rollback()
	if c.broken = c.recover(); c.broken == nil && c.head == before {
		err = fmt.Errorf("%w: %w", eventstore.ErrNotAppended, err)
	}
	return logfile.Unavailable(err)
}

// load makes what the file says the truth for the committer and the readers.
func (c *committer) load() error {
	if err := c.loadOwn(); err != nil {
		return err
	}
	if err := c.memory.Links.Load(c.conn, c.memory.Kinds.Committed()); err != nil {
		return err
	}
	visible, err := lastShown(c.conn, int64(c.head), c.shown)
	if err != nil {
		return err
	}
	c.memory.Progress.Set(c.head, visible)
	return nil
}

// loadOwn reads what the committer itself knows by heart.
func (c *committer) loadOwn() error {
	head, shown, err := readEnd(c.conn)
	if err != nil {
		return err
	}
	lastSID, err := c.conn.Integer(0, "SELECT max(sid) FROM streams")
	if err != nil {
		return err
	}
	names, err := index.LoadNames(c.conn)
	if err != nil {
		return err
	}
	c.memory.Kinds.Reset(names)
	c.head, c.shown, c.lastSID = logfile.Place(head), shown, lastSID
	return nil
}

// recover finds out what is true after a failed commit. Usually nothing has changed; if the
// commit took place all the same, its events show now.
func (c *committer) recover() error {
	c.memory.Heads.Forget()
	if err := c.loadOwn(); err != nil {
		return err
	}
	if c.head == c.memory.Progress.Head() {
		return nil
	}
	c.memory.Tail.Forget()
	if err := c.load(); err != nil {
		return err
	}
	c.rememberIDs()
	c.memory.Progress.Broadcast()
	return nil
}

// rememberIDs reads the ids of the newest events in the background.
func (c *committer) rememberIDs() {
	c.ids = cache.NewIDs()
	older, upTo := c.ids.Older(), c.head
	c.file.Background(func(ctx context.Context) { older <- c.readIDs(ctx, upTo) })
}

// readIDs reads the ids of the newest events up to a place.
func (c *committer) readIDs(ctx context.Context, upTo logfile.Place) cache.OlderIDs {
	older := cache.OlderIDs{Stands: map[cache.Key]cache.Stand{}}
	from := max(int64(upTo)-cache.RememberedIDs, 0)
	for from < int64(upTo) && older.Err == nil {
		to := min(from+4096, int64(upTo)) // in parts, so that Close need not wait long
		older.Err = c.file.Read(ctx, func(conn *sqlitex.Conn) error {
			return conn.Each(func(v []driver.Value) error {
				id, err := uuid.FromBytes(sqlitex.Bytes(v[3]))
				if err != nil {
					return err
				}
				older.Stands[cache.Key{Stream: v[1].(int64), ID: id}] = cache.Stand{Revision: v[2].(int64), Place: logfile.Place(v[0].(int64))}
				return nil
			}, "SELECT pos, sid, rev, id FROM events WHERE pos>? AND pos<=?", from, to)
		})
		from = to
	}
	return older
}
