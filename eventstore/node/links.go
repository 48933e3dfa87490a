package node

import (
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"sync"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// flushLinks is how many positions wait in memory before their links are written, a block a
// kind: a row for each event would dirty more pages than the event itself.
const flushLinks = 1024

// links is the index behind the virtual streams: for each kind the positions of its events,
// in order; the index in that order is the link's revision. Older ones are in the file.
type links struct {
	mu      sync.RWMutex
	kinds   map[int64]linked
	flushed place // all events up to here are in the file
}

type linked struct {
	count   int64   // links in all
	pending []place // the newest of them, not in the file; appended to, never changed
}

// linkKinds answers the kinds that an event belongs to.
func (b *batch) linkKinds(stream, eventType string, typeKind, revision int64) ([]int64, error) {
	if isSystem(stream, eventType) {
		return nil, nil
	}
	ids := append(b.scratch[:0], typeKind)
	if name, ok := category(stream); ok {
		id, err := b.w.kinds.number(b.w.c, CategoryPrefix, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if revision == 0 {
		id, err := b.w.kinds.number(b.w.c, StreamsStream, "")
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	b.scratch = ids
	return ids, nil
}

type newLink struct {
	kind int64
	pos  place
}

// publish adds committed links, and drops those that the commit wrote to the file.
func (k *links) publish(added []newLink, flushed place) {
	if len(added) == 0 && flushed == 0 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, a := range added {
		l := k.kinds[a.kind]
		l.count++
		l.pending = append(l.pending, a.pos)
		k.kinds[a.kind] = l
	}
	if flushed == 0 {
		return
	}
	k.flushed = flushed
	for kind, l := range k.kinds {
		if l.pending != nil {
			l.pending = nil
			k.kinds[kind] = l
		}
	}
}

func (k *links) get(kind int64) linked {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.kinds[kind]
}

// flush writes what is pending, and what the batch adds, in the batch's transaction.
func (k *links) flush(c *sqlitex.Conn, added []newLink, upTo place) error {
	k.mu.RLock()
	all := maps.Clone(k.kinds)
	k.mu.RUnlock()
	fresh := map[int64][]place{}
	for _, a := range added {
		fresh[a.kind] = append(fresh[a.kind], a.pos)
		if _, known := all[a.kind]; !known {
			all[a.kind] = linked{}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		l := all[kind]
		first := l.count - int64(len(l.pending))
		block := slices.Concat(l.pending, fresh[kind])
		if len(block) == 0 {
			continue
		}
		err := c.Exec("INSERT INTO links (kind, last, first, n, places) VALUES (?, ?, ?, ?, ?)",
			kind, int64(block[len(block)-1]), first, int64(len(block)), packPositions(block))
		if err != nil {
			return err
		}
	}
	return c.Exec("UPDATE state SET linked=?", int64(upTo))
}

func packPositions(positions []place) []byte {
	packed := make([]byte, 0, 4*len(positions))
	before := place(0)
	for _, p := range positions {
		packed = binary.AppendUvarint(packed, uint64(p-before))
		before = p
	}
	return packed
}

func unpackPositions(packed []byte, n int64) ([]place, error) {
	if n < 1 || n > int64(len(packed)) {
		return nil, fmt.Errorf("%w: a block of links has a wrong length", ErrCorrupt)
	}
	positions := make([]place, 0, n)
	before := place(0)
	for range n {
		delta, size := binary.Uvarint(packed)
		if size <= 0 {
			return nil, fmt.Errorf("%w: a block of links cannot be read", ErrCorrupt)
		}
		before += place(delta)
		positions, packed = append(positions, before), packed[size:]
	}
	return positions, nil
}

// linkPlace is a link: its revision in the virtual stream and the position of its target.
type linkPlace struct {
	revision int64
	target   place
}

// byRevision answers up to limit links of a kind, from a revision on, in a direction.
func (l linked) byRevision(c *sqlitex.Conn, kind, from int64, dir eventstore.Direction, limit int) ([]linkPlace, error) {
	stored := l.count - int64(len(l.pending))
	var out []linkPlace
	block, blockFirst := l.pending, stored
	for from >= 0 && from < l.count && len(out) < limit {
		if from >= stored {
			block, blockFirst = l.pending, stored
		} else if from < blockFirst || from >= blockFirst+int64(len(block)) {
			var err error
			block, blockFirst, err = linkBlock(c,
				"SELECT first, n, places FROM links WHERE kind=? AND first<=? ORDER BY first DESC LIMIT 1", kind, from)
			if err != nil {
				return nil, err
			}
			if from >= blockFirst+int64(len(block)) {
				return nil, fmt.Errorf("%w: a block of links is missing", ErrCorrupt)
			}
		}
		out = append(out, linkPlace{from, block[from-blockFirst]})
		if dir == eventstore.Forwards {
			from++
		} else {
			from--
		}
	}
	return out, nil
}

// beyond answers the targets of up to limit links of a kind after a position, in order.
func (l linked) beyond(c *sqlitex.Conn, kind int64, pos place, limit int) ([]place, error) {
	stored := l.count - int64(len(l.pending))
	var out []place
	for stored > 0 && len(out) < limit {
		block, first, err := linkBlock(c,
			"SELECT first, n, places FROM links WHERE kind=? AND last>? ORDER BY last LIMIT 1", kind, int64(pos))
		if err != nil {
			return nil, err
		}
		if len(block) == 0 || first >= stored { // a later flush may have written what is pending here
			break
		}
		i, found := slices.BinarySearch(block, pos)
		if found {
			i++
		}
		out = append(out, block[i:]...)
		pos = block[len(block)-1]
	}
	i, found := slices.BinarySearch(l.pending, pos)
	if found {
		i++
	}
	out = append(out, l.pending[i:]...)
	return out[:min(len(out), limit)], nil
}

func linkBlock(c *sqlitex.Conn, query string, args ...driver.Value) (block []place, first int64, err error) {
	err = c.Each(func(v []driver.Value) error {
		packed, _ := v[2].([]byte)
		first = v[0].(int64)
		block, err = unpackPositions(packed, v[1].(int64))
		return err
	}, query, args...)
	return block, first, err
}

// loadLinks reads the counts of all kinds, and the links that no block holds yet.
func loadLinks(c *sqlitex.Conn, k kindNames) (map[int64]linked, place, error) {
	all := map[int64]linked{}
	for kid := int64(1); kid < int64(len(k.names)); kid++ {
		count, err := c.Integer(0, "SELECT first+n FROM links WHERE kind=? ORDER BY last DESC LIMIT 1", kid)
		if err != nil {
			return nil, 0, err
		}
		all[kid] = linked{count: count}
	}
	flushed, err := c.Integer(0, "SELECT linked FROM state")
	if err != nil {
		return nil, 0, err
	}
	err = c.Each(func(v []driver.Value) error {
		stream, kind, rev := v[1].(string), v[2].(int64), v[3].(int64)
		if isSystem(stream, k.typeName(kind)) {
			return nil
		}
		ids := []int64{kind}
		if name, ok := category(stream); ok {
			ids = append(ids, k.ids[CategoryPrefix+name])
		}
		if rev == 0 {
			ids = append(ids, k.ids[StreamsStream])
		}
		for _, id := range ids {
			l := all[id]
			l.count++
			l.pending = append(l.pending, place(v[0].(int64)))
			all[id] = l
		}
		return nil
	}, "SELECT pos, s.name, e.type, e.rev FROM events e JOIN streams s USING (sid) WHERE pos>? ORDER BY pos", flushed)
	return all, place(flushed), err
}
