package texts

import (
	"bytes"
	"slices"

	"sleutelbos/projections/machinery"
)

// wanted is what an entry must have.
type wanted struct {
	words   []string
	bytes   [][]byte // of the words
	owner   uint32
	ofOwner bool
	judge   machinery.Judge
}

// wanted returns what is asked for, as the entries have it.
func (m *content) wanted(f machinery.Found, facts []machinery.Fact) wanted {
	owned := f.Within != "" && m.of.within != ""
	w := wanted{words: f.Words, ofOwner: owned, judge: f.Judge(facts, owned)}
	if owned {
		w.owner = m.owners[f.Within]
	}
	for _, word := range f.Words {
		w.bytes = append(w.bytes, []byte(word))
	}
	return w
}

// verdict says whether an entry is found: it has what is wanted, or only SQL can tell whether it fits all that is asked for beside.
func (m *content) verdict(at uint32, w wanted) machinery.Verdict {
	e := &m.entries[at]
	if w.ofOwner && e.owner != w.owner {
		return machinery.FitsNot
	}
	verdict := w.judge.Of(e.facts)
	if verdict == machinery.FitsNot {
		return verdict
	}
	text := m.textOf(at)
	for _, word := range w.bytes {
		if !bytes.Contains(text, word) {
			return machinery.FitsNot
		}
	}
	return verdict
}

// tally is how many rows are found.
type tally struct {
	sure   int     // that certainly fit
	unsure []int64 // of which only SQL can tell
	more   bool    // there are others
}

// count counts the rows that are found, up to a number.
func (m *content) count(w wanted, most int) tally {
	t := tally{unsure: []int64{}}
	for at := range m.index.candidates(w.words, 0, uint32(len(m.entries)), false) {
		verdict := m.verdict(at, w)
		switch {
		case verdict == machinery.FitsNot:
			continue
		case t.sure+len(t.unsure) == most:
			t.more = true
			return t
		case verdict == machinery.Fits:
			t.sure++
		default:
			t.unsure = append(t.unsure, m.entries[at].row)
		}
	}
	return t
}

// find returns the rows that may be found. It returns false if there are more than most, with the first of them.
func (m *content) find(w wanted, most int) ([]int64, bool) {
	rows := []int64{}
	for at := range m.index.candidates(w.words, 0, uint32(len(m.entries)), false) {
		if m.verdict(at, w) == machinery.FitsNot {
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

// amount is how many of the first rows are wanted: so many that certainly fit, and no more than so many in all.
type amount struct{ sure, all int }

// takes says whether another row is wanted, and counts it.
func (n *amount) takes(verdict machinery.Verdict) bool {
	if n.sure <= 0 || n.all <= 0 {
		return false
	}
	if n.all--; verdict == machinery.Fits {
		n.sure--
	}
	return true
}

// first returns the first rows in the order that are found, behind a row if one is named: so
// many of those that are sorted, and so many of the others. It returns false if it does not know where
// the row stands.
func (m *content) first(w wanted, behind *behind, descending bool, most amount) (f firsts, ok bool) {
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
	rows, all := m.between(from, to, w, descending, most)
	changed, last := m.unsorted(w, behind, descending, most)
	if !all && len(changed) > 0 {
		f.lastSorted = &rows[len(rows)-1]
	}
	f.rows, f.all, f.lastChanged = append(rows, changed...), all && last == nil, last
	return f, true
}

// behind is the row behind which those begin that are wanted.
type behind struct {
	row int64
	place
}

// unsorted returns the first rows that changed since the loading and are found, in the order, and the place of the
// last one if these are not all.
func (m *content) unsorted(w wanted, behind *behind, descending bool, most amount) (rows []int64, last *place) {
	compare := place.compare
	if descending {
		compare = func(a, b place) int { return b.compare(a) }
	}
	var found []uint32
	for at := range m.index.candidates(w.words, m.sorted, uint32(len(m.entries)), true) {
		if (behind == nil || compare(behind.place, m.places[at-m.sorted]) < 0) && m.verdict(at, w) != machinery.FitsNot {
			found = append(found, at)
		}
	}
	slices.SortFunc(found, func(a, b uint32) int { return compare(m.places[a-m.sorted], m.places[b-m.sorted]) })
	for i, at := range found {
		if !most.takes(m.verdict(at, w)) {
			return rows, &m.places[found[i-1]-m.sorted]
		}
		rows = append(rows, m.entries[at].row)
	}
	return rows, nil
}

// between returns the first rows of a part of the entries that are found, and whether these are all of that part.
func (m *content) between(from, to uint32, w wanted, descending bool, most amount) (rows []int64, all bool) {
	rows = []int64{}
	for at := range m.index.candidates(w.words, from, to, descending) {
		verdict := m.verdict(at, w)
		if verdict == machinery.FitsNot {
			continue
		}
		if !most.takes(verdict) {
			return rows, false
		}
		rows = append(rows, m.entries[at].row)
	}
	return rows, true
}
