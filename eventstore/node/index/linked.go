package index

import (
	"database/sql/driver"
	"encoding/binary"
	"slices"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// stored returns how many of the links are in the file: all but those that are pending.
func (l Linked) stored() int64 { return l.Count - int64(len(l.pending)) }

// Target is a link: its revision in the virtual stream, and where it leads.
type Target struct {
	Revision int64
	Place    logfile.Place
}

// ByRevision returns up to limit links of a kind, from a revision on, in a direction.
func (l Linked) ByRevision(c *sqlitex.Conn, kind, from int64, dir eventstore.Direction, limit int) ([]Target, error) {
	stored := l.stored()
	var out []Target
	block, blockFirst := l.pending, stored
	for from >= 0 && from < l.Count && len(out) < limit {
		if from >= stored {
			block, blockFirst = l.pending, stored
		} else if from < blockFirst || from >= blockFirst+int64(len(block)) {
			var err error
			block, blockFirst, err = readBlock(c,
				"SELECT first, n, places FROM links WHERE kind=? AND first<=? ORDER BY first DESC LIMIT 1", kind, from)
			if err != nil {
				return nil, err
			}
			if from >= blockFirst+int64(len(block)) {
				return nil, logfile.Damaged("a block of links is missing")
			}
		}
		out = append(out, Target{from, block[from-blockFirst]})
		if dir == eventstore.Forwards {
			from++
		} else {
			from--
		}
	}
	return out, nil
}

// Beyond returns where up to limit links of a kind lead, those beyond a place, in order.
func (l Linked) Beyond(c *sqlitex.Conn, kind int64, place logfile.Place, limit int) ([]logfile.Place, error) {
	stored := l.stored()
	var out []logfile.Place
	for stored > 0 && len(out) < limit {
		block, first, err := readBlock(c,
			"SELECT first, n, places FROM links WHERE kind=? AND last>? ORDER BY last LIMIT 1", kind, int64(place))
		if err != nil {
			return nil, err
		}
		if len(block) == 0 || first >= stored { // a later flush may have written what is pending here
			break
		}
		out = append(out, beyond(block, place)...)
		place = block[len(block)-1]
	}
	out = append(out, beyond(l.pending, place)...)
	return out[:min(len(out), limit)], nil
}

// Before returns where up to limit links of a kind lead, those before a place, the last first.
func (l Linked) Before(c *sqlitex.Conn, kind int64, place logfile.Place, limit int) ([]logfile.Place, error) {
	stored := l.stored()
	out := before(nil, l.pending, place, limit)
	if stored == 0 || len(out) == limit {
		return out, nil
	}
	block, first, err := readBlock(c, // the place is within it, or before it
		"SELECT first, n, places FROM links WHERE kind=? AND last>=? ORDER BY last LIMIT 1", kind, int64(place))
	if err != nil {
		return nil, err
	}
	if first < stored { // a later flush may have written what is pending here
		out = before(out, block, place, limit)
	}
	for len(out) < limit {
		block, first, err := readBlock(c,
			"SELECT first, n, places FROM links WHERE kind=? AND last<? ORDER BY last DESC LIMIT 1", kind, int64(place))
		if err != nil {
			return nil, err
		}
		if len(block) == 0 {
			break
		}
		if first < stored {
			out = before(out, block, place, limit)
		}
		place = block[0]
	}
	return out, nil
}

// before appends the places before one, the last first, until there are as many as the limit.
func before(out, places []logfile.Place, place logfile.Place, limit int) []logfile.Place {
	i, _ := slices.BinarySearch(places, place)
	for i--; i >= 0 && len(out) < limit; i-- {
		out = append(out, places[i])
	}
	return out
}

func beyond(places []logfile.Place, place logfile.Place) []logfile.Place {
	i, found := slices.BinarySearch(places, place)
	if found {
		i++
	}
	return places[i:]
}

// BlockFrom reads the first block of a kind that begins at a revision or after it. The block
// is empty if there is none.
func BlockFrom(c *sqlitex.Conn, kind, revision int64) (block []logfile.Place, first int64, err error) {
	return readBlock(c, "SELECT first, n, places FROM links WHERE kind=? AND first>=? ORDER BY first LIMIT 1", kind, revision)
}

func readBlock(c *sqlitex.Conn, query string, args ...driver.Value) (block []logfile.Place, first int64, err error) {
	err = c.Each(func(v []driver.Value) error {
		first = v[0].(int64)
		block, err = unpack(sqlitex.Bytes(v[2]), v[1].(int64))
		return err
	}, query, args...)
	return block, first, err
}

// pack writes places, each as the distance to the one before.
func pack(places []logfile.Place) []byte {
	packed := make([]byte, 0, 4*len(places))
	before := logfile.Place(0)
	for _, p := range places {
		packed = binary.AppendUvarint(packed, uint64(p-before))
		before = p
	}
	return packed
}

func unpack(packed []byte, n int64) ([]logfile.Place, error) {
	if n < 1 || n > int64(len(packed)) {
		return nil, logfile.Damaged("a block of links has a wrong length")
	}
	places := make([]logfile.Place, 0, n)
	before := logfile.Place(0)
	for range n {
		distance, size := binary.Uvarint(packed)
		if size <= 0 {
			return nil, logfile.Damaged("a block of links cannot be read")
		}
		before += logfile.Place(distance)
		places, packed = append(places, before), packed[size:]
	}
	return places, nil
}
