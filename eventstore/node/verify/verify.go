// Package verify looks for damage in the file of the embedded event log: it reads every row
// and checks that nothing is missing or out of place. What the events say is for the hash
// chain to judge.
package verify

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"

	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// step is how many positions are looked at between two reports of progress.
const step = 10_000

// File checks the pages of the file, every position up to head, every stream's revisions,
// the counts and the links. Progress is told in positions; it may be nil. Errors:
// logfile.ErrCorrupt, which says what and where.
func File(ctx context.Context, c *sqlitex.Conn, head logfile.Place, progress func(done, total int64)) error {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	names, err := index.LoadNames(c)
	if err != nil {
		return err
	}
	linked, err := index.LinkedUpTo(c)
	if err != nil {
		return err
	}
	v := verifier{c: c, names: names, linked: linked, links: map[int64]*linkCursor{}}
	total := int64(head)
	progress(0, total)
	for v.pos < total {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := v.positions(min(v.pos+step, total)); err != nil {
			return err
		}
		progress(v.pos, total)
	}
	if err := v.streams(); err != nil {
		return err
	}
	if err := v.leftLinks(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return v.pages()
}

type verifier struct {
	c      *sqlitex.Conn
	names  *index.Names
	pos    int64
	shown  int64
	linked logfile.Place // the links of all events up to here are in blocks
	links  map[int64]*linkCursor
}

// positions checks the events up to a position.
func (v *verifier) positions(upTo int64) error {
	err := v.c.Each(v.event, `SELECT pos, s.name, rev, type, shown, length(id), length(data)+length(meta) FROM events
		LEFT JOIN streams s USING (sid) WHERE pos>? AND pos<=? ORDER BY pos`, v.pos, upTo)
	if err == nil && v.pos < upTo {
		return logfile.Damaged("position %d is missing", v.pos+1)
	}
	return err
}

func (v *verifier) event(row []driver.Value) error {
	pos, stream, rev, kind, shown := row[0].(int64), row[1], row[2].(int64), row[3].(int64), row[4].(int64)
	if pos != v.pos+1 {
		return logfile.Damaged("position %d is missing", v.pos+1)
	}
	v.pos = pos
	name, ok := stream.(string)
	if !ok || name == "" {
		return logfile.Damaged("position %d is of no stream", pos)
	}
	eventType := v.names.Type(kind)
	if eventType == "" {
		return logfile.Damaged("position %d is of no type", pos)
	}
	if !index.IsSystem(name, eventType) {
		v.shown++
	}
	for _, linked := range v.names.Of(name, kind, rev) {
		if err := v.expectLink(linked, logfile.Place(pos)); err != nil {
			return err
		}
	}
	if shown != v.shown {
		return logfile.Damaged("position %d counts %d events, there are %d", pos, shown, v.shown)
	}
	if row[5] != int64(16) || row[6] == nil {
		return logfile.Damaged("position %d has a damaged event", pos)
	}
	return nil
}

// streams checks that no stream has a gap in its revisions.
func (v *verifier) streams() error {
	return v.c.Each(func(row []driver.Value) error {
		return logfile.Damaged("the stream %s has a gap in its revisions", row[0])
	}, `SELECT s.name FROM (SELECT sid, count(*) AS n, min(rev) AS low, max(rev) AS high FROM events WHERE rev<? GROUP BY sid) e
		JOIN streams s USING (sid) WHERE low<>0 OR high<>n-1`, index.Tombstoned)
}

// pages checks the pages of the file.
func (v *verifier) pages() error {
	var faults []string
	err := v.c.Each(func(row []driver.Value) error {
		faults = append(faults, fmt.Sprint(row[0]))
		return nil
	}, "PRAGMA integrity_check(8)")
	if err == nil && !slices.Equal(faults, []string{"ok"}) {
		err = logfile.Damaged("the file: %v", faults)
	}
	return err
}
