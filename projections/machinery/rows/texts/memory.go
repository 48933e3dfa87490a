package texts

import (
	"bytes"
	"cmp"
	"slices"
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

// columns are what a memory is made from. The last three are empty if it has no order.
type columns struct{ table, searched, order, key, within string }

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
}

// end stands behind every text. No text contains it, because machinery.Argument takes it out.
const end = 0

func newContent(of columns, rows int) content {
	return content{of: of, at: make(map[int64]uint32, rows), index: newTrigrams(rows), owners: map[string]uint32{}}
}

// put remembers the text of a row in place of what it had.
func (m *content) put(row int64, text, owner string, at place) {
	m.forget(row)
	m.add(row, []byte(text), m.numberOf(owner))
	m.places = append(m.places, at)
}

func (m *content) numberOf(owner string) uint32 {
	number, ok := m.owners[owner]
	if !ok {
		number = uint32(len(m.owners) + 1)
		m.owners[owner] = number
	}
	return number
}

func (m *content) add(row int64, text []byte, owner uint32) {
	at := uint32(len(m.entries))
	m.at[row] = at
	m.entries = append(m.entries, entry{row, len(m.text), owner})
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
		living.add(e.row, text[:len(text)-2], e.owner)
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

// find returns the rows that hold all words, of which there is at least one. It returns false if
// there are more than most, with the first of them.
func (m *content) find(words []string, owner string, most int) ([]int64, bool) {
	rows, wanted := []int64{}, wantedOf(words, m.owners[owner], owner)
	for at := range m.index.candidates(words, len(m.entries)) {
		if !m.holds(at, wanted) {
			continue
		}
		if len(rows) == most {
			return rows, false
		}
		rows = append(rows, m.entries[at].row)
	}
	return rows, true
}

// firsts are the first rows of a search.
type firsts struct {
	rows []int64
	all  bool // there are no others
	// What comes behind these may not be in rows, though something that is further behind is: the last row of
	// those that are sorted, and the place of the last of the others. Nil if rows has all of them.
	lastSorted  *int64
	lastChanged *place
}

// first returns the first rows in the order that hold all words, behind a row if one is named: so
// many of those that are sorted, and so many of the others. It returns false if it does not know where
// the row stands.
func (m *content) first(words []string, owner string, behind *behind, descending bool, most int) (f firsts, ok bool) {
	from, to := uint32(0), m.sorted
	if behind != nil {
		at, known := m.at[behind.row]
		switch {
		case !known || at >= m.sorted:
			return firsts{}, false
		case descending:
			to = at
		default:
			from = at + 1
		}
	}
	wanted := wantedOf(words, m.owners[owner], owner)
	rows, all := m.between(from, to, words, wanted, descending, most)
	changed := m.unsorted(wanted, behind, descending)
	if !all && len(changed) > 0 {
		f.lastSorted = &rows[len(rows)-1]
	}
	if len(changed) > most {
		changed, all = changed[:most], false
		f.lastChanged = &m.places[m.at[changed[most-1]]-m.sorted]
	}
	f.rows, f.all = append(rows, changed...), all
	return f, true
}

// behind is the row behind which those begin that are wanted.
type behind struct {
	row int64
	place
}

// unsorted returns the rows that changed since the loading and hold what is wanted, in the order.
func (m *content) unsorted(wanted wanted, behind *behind, descending bool) []int64 {
	compare := place.compare
	if descending {
		compare = func(a, b place) int { return b.compare(a) }
	}
	var found []uint32
	for at := m.sorted; int(at) < len(m.entries); at++ {
		if (behind == nil || compare(behind.place, m.places[at-m.sorted]) < 0) && m.holds(at, wanted) {
			found = append(found, at)
		}
	}
	slices.SortFunc(found, func(a, b uint32) int { return compare(m.places[a-m.sorted], m.places[b-m.sorted]) })
	rows := make([]int64, len(found))
	for i, at := range found {
		rows[i] = m.entries[at].row
	}
	return rows
}

// between returns the first rows of a part of the entries that hold what is wanted, and whether
// these are all of that part.
func (m *content) between(from, to uint32, words []string, wanted wanted, descending bool, most int) (rows []int64, all bool) {
	rows = []int64{}
	take := func(at uint32) bool {
		if !m.holds(at, wanted) {
			return true
		}
		if len(rows) == most {
			return false
		}
		rows = append(rows, m.entries[at].row)
		return true
	}
	var last []uint32 // of a descending order, which candidates do not come in
	for at := range m.index.candidates(words, int(to)) {
		if at >= to {
			break
		}
		switch {
		case at < from:
		case descending:
			last = append(last, at)
		case !take(at):
			return rows, false
		}
	}
	for _, at := range slices.Backward(last) {
		if !take(at) {
			return rows, false
		}
	}
	return rows, true
}

// wanted is what an entry must have.
type wanted struct {
	words   [][]byte
	owner   uint32
	ofOwner bool
}

func wantedOf(words []string, number uint32, owner string) wanted {
	w := wanted{owner: number, ofOwner: owner != ""}
	for _, word := range words {
		w.words = append(w.words, []byte(word))
	}
	return w
}

func (m *content) holds(at uint32, w wanted) bool {
	if w.ofOwner && m.entries[at].owner != w.owner {
		return false
	}
	text := m.textOf(at)
	for _, word := range w.words {
		if !bytes.Contains(text, word) {
			return false
		}
	}
	return true
}
