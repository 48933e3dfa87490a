package node

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"

	"sleutelbos/internal/sqlitex"
)

// verifyStep is how many positions are looked at between two reports of progress.
const verifyStep = 10_000

// Verify reads the whole log and checks that nothing is missing or out of place: the pages
// of the file, every position, every stream's revisions, the counts and the links. What the
// events say is the hash chain's to judge. Progress is told in positions, of all that were
// there at the start; it may be nil. Errors: ErrCorrupt, which says what and where.
func (l *Log) Verify(ctx context.Context, progress func(done, total int64)) error {
	if err := l.refresh(ctx); err != nil {
		return err
	}
	c, err := l.openReader() // of its own: the readers of the pool are needed elsewhere
	if err != nil {
		return err
	}
	err = verify(ctx, c, int64(placeOf(l.Head())), progress)
	if closing := c.Close(); err == nil {
		err = closing
	}
	return err
}

func verify(ctx context.Context, c *sqlitex.Conn, head int64, progress func(done, total int64)) error {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	names, err := loadKinds(c)
	if err != nil {
		return err
	}
	linked, err := c.Integer(0, "SELECT linked FROM state")
	if err != nil {
		return err
	}
	v := verifier{c: c, names: names, linked: place(linked), links: map[int64]*linkCursor{}}
	progress(0, head)
	for v.pos < head {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := v.positions(min(v.pos+verifyStep, head)); err != nil {
			return err
		}
		progress(v.pos, head)
	}
	return v.rest(ctx)
}

type verifier struct {
	c      *sqlitex.Conn
	names  kindNames
	pos    int64
	shown  int64
	linked place // the links of all events up to here are in blocks
	links  map[int64]*linkCursor
}

// linkCursor goes through the blocks of a kind beside the log.
type linkCursor struct {
	block []place // what is left of the block
	first int64   // the revision of the next link
	ended bool    // the rest is not in blocks yet
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrCorrupt}, args...)...)
}

func (v *verifier) positions(upTo int64) error {
	err := v.c.Each(func(row []driver.Value) error {
		pos, stream, rev, kind, shown := row[0].(int64), row[1], row[2].(int64), row[3].(int64), row[4].(int64)
		if pos != v.pos+1 {
			return damaged("position %d is missing", v.pos+1)
		}
		v.pos = pos
		name, ok := stream.(string)
		if !ok || name == "" {
			return damaged("position %d is of no stream", pos)
		}
		eventType := v.names.typeName(kind)
		if eventType == "" {
			return damaged("position %d is of no type", pos)
		}
		if !isSystem(name, eventType) {
			v.shown++
			if err := v.expectLinks(pos, name, kind, rev); err != nil {
				return err
			}
		}
		if shown != v.shown {
			return damaged("position %d counts %d events, there are %d", pos, shown, v.shown)
		}
		if row[5] != int64(16) || row[6] == nil {
			return damaged("position %d has a damaged event", pos)
		}
		return nil
	}, `SELECT pos, s.name, rev, type, shown, length(id), length(data)+length(meta) FROM events
		LEFT JOIN streams s USING (sid) WHERE pos>? AND pos<=? ORDER BY pos`, v.pos, upTo)
	if err == nil && v.pos < upTo {
		return damaged("position %d is missing", v.pos+1)
	}
	return err
}

func (v *verifier) expectLinks(pos int64, stream string, kind, rev int64) error {
	kinds := []int64{kind}
	if name, ok := category(stream); ok {
		kinds = append(kinds, v.names.ids[CategoryPrefix+name])
	}
	if rev == 0 {
		kinds = append(kinds, v.names.ids[StreamsStream])
	}
	for _, k := range kinds {
		if err := v.expectLink(k, place(pos)); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) expectLink(kind int64, pos place) error {
	cur := v.links[kind]
	if cur == nil {
		cur = &linkCursor{}
		v.links[kind] = cur
	}
	if len(cur.block) == 0 && !cur.ended {
		block, first, err := linkBlock(v.c, "SELECT first, n, places FROM links WHERE kind=? AND first>=? ORDER BY first LIMIT 1", kind, cur.first)
		if err != nil {
			return err
		}
		cur.block, cur.ended = block, len(block) == 0
		if !cur.ended && first != cur.first {
			return damaged("the links of %s have a gap", v.names.names[kind])
		}
	}
	if cur.ended {
		if pos <= v.linked {
			return damaged("a link of %s to position %d is missing", v.names.names[kind], pos)
		}
		return nil
	}
	if cur.block[0] != pos {
		return damaged("a link of %s is wrong at position %d", v.names.names[kind], pos)
	}
	cur.block, cur.first = cur.block[1:], cur.first+1
	return nil
}

// rest checks what lies across: the streams, the blocks of links, and the pages of the file.
func (v *verifier) rest(ctx context.Context) error {
	err := v.c.Each(func(row []driver.Value) error {
		return damaged("the stream %s has a gap in its revisions", row[0])
	}, `SELECT s.name FROM (SELECT sid, count(*) AS n, min(rev) AS low, max(rev) AS high FROM events WHERE rev<? GROUP BY sid) e
		JOIN streams s USING (sid) WHERE low<>0 OR high<>n-1`, Tombstoned)
	if err != nil {
		return err
	}
	for kind, cur := range v.links {
		if len(cur.block) > 0 && cur.block[0] <= place(v.pos) {
			return damaged("a link of %s leads to position %d, which is of another kind", v.names.names[kind], cur.block[0])
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	var faults []string
	err = v.c.Each(func(row []driver.Value) error {
		faults = append(faults, fmt.Sprint(row[0]))
		return nil
	}, "PRAGMA integrity_check(8)")
	if err == nil && !slices.Equal(faults, []string{"ok"}) {
		err = damaged("the file: %v", faults)
	}
	return err
}
