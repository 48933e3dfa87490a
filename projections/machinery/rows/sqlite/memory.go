package sqlite

import (
	"bytes"
	"sync"
)

// memory has the text of a searched column of every row, one text after another, and an index of
// its trigrams. Which rows hold a word is found by the trigrams of the word, and then seen in the
// few texts that are left, so that the time a search takes grows with what it finds.
type memory struct {
	sync.RWMutex
	change  int64 // the last change that it followed, see noteChanges
	text    []byte
	entries []entry          // in the order of the text
	of      map[int64]uint32 // row → its entry; entries that no row has are dead
	index   trigrams
}

// entry is where the text of a row stands. Two ends follow the text, so that each of its
// characters begins a trigram.
type entry struct {
	row   int64
	start int
}

// end stands behind every text. No text contains it, because machinery.Argument takes it out.
const end = 0

// put remembers the text of a row in place of what it had.
func (m *memory) put(row int64, text string) {
	m.forget(row)
	if m.of == nil {
		m.of = map[int64]uint32{}
		m.index = trigrams{}
	}
	at := uint32(len(m.entries))
	m.of[row] = at
	m.entries = append(m.entries, entry{row, len(m.text)})
	m.text = append(append(m.text, text...), end, end)
	m.index.add(at, m.at(at))
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
		if at, ok := m.of[e.row]; ok && at == uint32(i) {
			text := m.at(at)
			living.put(e.row, string(text[:len(text)-2]))
		}
	}
	m.text, m.entries, m.of, m.index = living.text, living.entries, living.of, living.index
}

func (m *memory) at(i uint32) []byte {
	if int(i)+1 < len(m.entries) {
		return m.text[m.entries[i].start:m.entries[i+1].start]
	}
	return m.text[m.entries[i].start:]
}

// find returns the rows that hold all words, of which there is at least one. It returns false if
// there are more than most, with the first of them.
func (m *memory) find(words []string, most int) ([]int64, bool) {
	rows := []int64{}
	for at := range m.index.candidates(words, len(m.entries)) {
		if !m.holds(at, words) {
			continue
		}
		if len(rows) == most {
			return rows, false
		}
		rows = append(rows, m.entries[at].row)
	}
	return rows, true
}

func (m *memory) holds(at uint32, words []string) bool {
	text := m.at(at)
	for _, word := range words {
		if !bytes.Contains(text, []byte(word)) {
			return false
		}
	}
	return true
}
