package texts

import (
	"cmp"
	"strings"
	"sync"
)

// memory has the text of a searched column of every row, one text after another, and an index of
// its trigrams. Which rows hold a word is found by the trigrams of the word, and then seen in the
// few texts that are left, so that the time a search takes grows with what it finds.
//
// The rows that were there when it was loaded stand in the order in which they are mostly shown, so
// that who wants the first ones stops there. Those that changed since stand behind them.
type memory struct {
	sync.RWMutex
	loaded  bool
	loads   int           // how often it was loaded
	loading chan struct{} // closed when the loading that is under way ends; nil if none is
	failed  error         // of the last loading
	content
}

// content is what a memory has of one table.
type content struct {
	of      columns
	change  int64 // the last change that it followed, see ChangedTable
	text    []byte
	entries []entry          // in the order of the text
	at      map[int64]uint32 // row → its entry; entries that no row has are dead
	index   trigrams
	sorted  uint32  // this many of the first entries stand in the order of the rows
	places  []place // of the entries behind those
	owners  map[string]uint32
}

// columns are what a memory is made from: columns, and the expression for the facts. The three of the order are empty if it
// has none.
type columns struct{ table, searched, order, key, within, facts string }

// place is where a row stands in the order.
type place struct{ value, key string }

func (p place) compare(other place) int {
	return cmp.Or(strings.Compare(p.value, other.value), strings.Compare(p.key, other.key))
}

// entry is where the text of a row stands. Two ends follow the text, so that each of its
// characters begins a trigram.
type entry struct {
	row   int64
	start int
	owner uint32 // whose row it is; see content.owners
	facts uint32 // which facts fit it, a bit for each
}

// end stands behind every text. No text contains it, because machinery.Argument takes it out.
const end = 0

func newContent(of columns, rows int) content {
	return content{of: of, at: make(map[int64]uint32, rows), index: newTrigrams(rows), owners: map[string]uint32{}}
}

// put remembers the text of a row in place of what it had.
func (m *content) put(row int64, text, owner string, facts uint32, at place) {
	m.forget(row)
	m.add(row, []byte(text), m.numberOf(owner), facts)
	m.places = append(m.places, at)
}

// turn gives a row other facts. It returns false if it does not know the row.
func (m *content) turn(row int64, facts uint32) bool {
	at, ok := m.at[row]
	if ok {
		m.entries[at].facts = facts
	}
	return ok
}

func (m *content) numberOf(owner string) uint32 {
	number, ok := m.owners[owner]
	if !ok {
		number = uint32(len(m.owners) + 1)
		m.owners[owner] = number
	}
	return number
}

func (m *content) add(row int64, text []byte, owner, facts uint32) {
	at := uint32(len(m.entries))
	m.at[row] = at
	m.entries = append(m.entries, entry{row, len(m.text), owner, facts})
	m.text = append(append(m.text, text...), end, end)
	m.index.add(at, m.textOf(at))
}

// forget makes a row's entry a dead one and empties its text, so that nothing is found in it.
func (m *content) forget(row int64) {
	i, ok := m.at[row]
	if !ok {
		return
	}
	clear(m.textOf(i))
	delete(m.at, row)
	if len(m.entries) > 2*len(m.at) {
		m.compact()
	}
}

// compact removes the dead entries.
func (m *content) compact() {
	living := newContent(m.of, len(m.at))
	for i, e := range m.entries {
		at, ok := m.at[e.row]
		if !ok || at != uint32(i) {
			continue
		}
		text := m.textOf(at)
		living.add(e.row, text[:len(text)-2], e.owner, e.facts)
		if at < m.sorted {
			living.sorted++
		} else {
			living.places = append(living.places, m.places[at-m.sorted])
		}
	}
	living.change, living.owners = m.change, m.owners
	*m = living
}

func (m *content) textOf(i uint32) []byte {
	if int(i)+1 < len(m.entries) {
		return m.text[m.entries[i].start:m.entries[i+1].start]
	}
	return m.text[m.entries[i].start:]
}
