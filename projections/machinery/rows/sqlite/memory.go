package sqlite

import (
	"bytes"
	"cmp"
	"slices"
	"sync"
)

// memory has the text of a searched column of every row in one piece, one text after another,
// which is searched as fast as memory is read.
type memory struct {
	sync.RWMutex
	change  int64 // the last change that it followed, see noteChanges
	text    []byte
	entries []entry       // in the order of the text
	of      map[int64]int // row → its entry; entries that no row has are dead
}

// entry is where the text of a row stands; an end follows the text.
type entry struct {
	row   int64
	start int
}

// end stands behind every text. No text contains it, because machinery.Argument takes it out.
// So nothing is found that begins in the text of one row and ends in that of the next.
const end = 0

// put remembers the text of a row in place of what it had.
func (m *memory) put(row int64, text string) {
	m.forget(row)
	if m.of == nil {
		m.of = map[int64]int{}
	}
	m.of[row] = len(m.entries)
	m.entries = append(m.entries, entry{row, len(m.text)})
	m.text = append(append(m.text, text...), end)
}

// forget makes a row's entry a dead one and empties its text, so that nothing is found in it.
func (m *memory) forget(row int64) {
	i, ok := m.of[row]
	if !ok {
		return
	}
	clear(m.at(i))
	delete(m.of, row)
	if len(m.entries) > 2*len(m.of) {
		m.compact()
	}
}

// compact removes the dead entries.
func (m *memory) compact() {
	var living memory
	for i, e := range m.entries {
		if at, ok := m.of[e.row]; ok && at == i {
			text := m.at(i)
			living.put(e.row, string(text[:len(text)-1]))
		}
	}
	m.text, m.entries, m.of = living.text, living.entries, living.of
}

func (m *memory) at(i int) []byte {
	if i+1 < len(m.entries) {
		return m.text[m.entries[i].start:m.entries[i+1].start]
	}
	return m.text[m.entries[i].start:]
}

// find returns the rows that hold a text. It returns false if there are more than most.
func (m *memory) find(text []byte, most int) ([]int64, bool) {
	rows := []int64{}
	for from := 0; ; {
		i := bytes.Index(m.text[from:], text)
		if i < 0 {
			return rows, true
		}
		if len(rows) == most {
			return nil, false
		}
		at, begins := slices.BinarySearchFunc(m.entries, from+i, func(e entry, i int) int { return cmp.Compare(e.start, i) })
		if !begins {
			at--
		}
		rows = append(rows, m.entries[at].row)
		from = m.entries[at].start + len(m.at(at))
	}
}
