package log

import (
	"context"
	"math"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// Refresh looks at the file for what another process wrote, if this one only reads.
func (a *All) Refresh(ctx context.Context) error {
	if a.pages.writes() {
		return nil
	}
	return a.pages.file.Read(ctx, func(c *sqlitex.Conn) error {
		head, err := c.Integer(0, "SELECT max(pos) FROM events")
		if err != nil {
			return err
		}
		a.pages.memory.Progress.Set(logfile.Place(head), 0) // Newest looks for what is visible
		return nil
	})
}

// Newest returns the position of the newest event that the port shows.
func (a *All) Newest(ctx context.Context) (eventstore.Position, error) {
	if err := a.pages.file.Alive(ctx); err != nil {
		return eventstore.Position{}, err
	}
	if a.pages.writes() {
		return a.pages.memory.Progress.Visible().Position(), nil
	}
	var newest logfile.Place
	err := a.pages.file.Read(ctx, func(c *sqlitex.Conn) error {
		head, shown, err := readEnd(c)
		if err != nil {
			return err
		}
		newest, err = lastShown(c, head, shown)
		return err
	})
	return newest.Position(), err
}

// Behind returns how many events that the port shows lie beyond a position, at most limit.
func (a *All) Behind(ctx context.Context, after eventstore.Position, limit int64) (int64, error) {
	if err := a.pages.file.Alive(ctx); err != nil {
		return 0, err
	}
	place := logfile.PlaceOf(after)
	if a.pages.writes() && place >= a.pages.memory.Progress.Visible() {
		return 0, nil
	}
	var behind int64
	err := a.pages.file.Read(ctx, func(c *sqlitex.Conn) error {
		// Each row counts what is shown up to it, so two rows tell how much lies between.
		all, err := c.Integer(0, "SELECT shown FROM events ORDER BY pos DESC LIMIT 1")
		if err != nil {
			return err
		}
		before, err := c.Integer(0, "SELECT shown FROM events WHERE pos<=? ORDER BY pos DESC LIMIT 1", int64(min(place, math.MaxInt64)))
		behind = all - before
		return err
	})
	return max(0, min(behind, limit)), err
}

// lastShown returns the newest place of an event that is no system event. Up to it the count
// of shown events is lower, from it on it stays: a binary search.
func lastShown(c *sqlitex.Conn, head, shown int64) (logfile.Place, error) {
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
	return logfile.Place(low), nil
}

// readEnd reads the newest place, and how many events up to it are no system events.
func readEnd(c *sqlitex.Conn) (head, shown int64, err error) {
	if head, err = c.Integer(0, "SELECT max(pos) FROM events"); err != nil {
		return 0, 0, err
	}
	shown, err = c.Integer(0, "SELECT shown FROM events WHERE pos=?", head)
	return head, shown, err
}
