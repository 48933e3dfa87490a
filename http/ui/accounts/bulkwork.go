package accounts

import (
	"slices"
	"sync"
	"time"

	"sleutelbos/internal/bounded"
)

// How much of what somebody does to many accounts is kept. It is kept in memory alone: after a start
// one selects again, and what was done already is not done twice.
const (
	mostSelected = 10_000        // accounts of one act, some 200 bytes each
	mostWorks    = 2             // acts of one asker: what was done, and what takes it back
	mostDesks    = 50            // askers
	keepDesk     = 2 * time.Hour // after the last act
)

// stage is how far an act on several accounts is.
type stage int

const (
	asking  stage = iota // what it takes is not said yet
	looking              // it is being found out what it would do
	looked
	doing
	done
)

// came is what becomes of one account.
type came string

const (
	waits   came = "waits" // that is not known yet
	will    came = "will"  // something would be done
	did     came = "did"
	already came = "already" // it is so already
	refused came = "refused"
)

// bulkRow is an account of an act.
type bulkRow struct {
	ID   string
	Came came
	Says string // what would happen, or why it is refused
}

// work is an act on several accounts, from the selection to what came of it.
type work struct {
	ID, Owner    string
	Act          bulk
	Organization string // in which the asker may do it; empty for all

	mu      sync.Mutex
	with    given
	named   string // what was chosen, in words
	stage   stage
	rows    []bulkRow
	at      int
	cut     bool          // it ended before its last row
	dropped bool          // nobody looks at it any more
	ended   chan struct{} // closed when the stage that is under way ends
}

// state is a copy of a work at a moment, without its rows.
type state struct {
	Stage  stage
	With   given
	Named  string
	At, Of int
	Cut    bool
	Counts map[came]int
}

func (w *work) state() state {
	w.mu.Lock()
	defer w.mu.Unlock()
	counts := map[came]int{}
	for _, row := range w.rows {
		counts[row.Came]++
	}
	return state{w.stage, w.with, w.named, w.at, len(w.rows), w.cut, counts}
}

// having returns the rows of which that came; all of them for "".
func (w *work) having(what came) []bulkRow {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.rows), func(r bulkRow) bool { return what != "" && r.Came != what })
}

// begin goes from one stage to the next, unless somebody else did.
func (w *work) begin(from, to stage, with given, named string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stage != from {
		return false
	}
	w.stage, w.with, w.named, w.at, w.ended = to, with, named, 0, make(chan struct{})
	return true
}

// next notes what came of a row, and returns false if the work is to end.
func (w *work) next(i int, what came, says string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rows[i].Came, w.rows[i].Says, w.at = what, says, i+1
	return !w.dropped
}

func (w *work) end(at stage, cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stage, w.cut = at, cut
	close(w.ended)
}

// under returns what is closed when the stage that is under way ends.
func (w *work) under() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ended
}

// desk has the works of one asker, of which one goes on at a time.
type desk struct {
	goesOn sync.Mutex
	mu     sync.Mutex
	works  []*work // the newest last
}

// put adds a work. What its asker only looked at before ends; the oldest is forgotten.
func (d *desk) put(w *work) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, other := range d.works {
		other.mu.Lock()
		other.dropped = other.dropped || other.stage == looking
		other.mu.Unlock()
	}
	for len(d.works) >= mostWorks {
		oldest := max(0, slices.IndexFunc(d.works, func(w *work) bool { return w.state().Stage != doing }))
		d.works = slices.Delete(d.works, oldest, oldest+1)
	}
	d.works = append(d.works, w)
}

func (d *desk) find(id string) *work {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.works, func(w *work) bool { return w.ID == id })
	if i < 0 {
		return nil
	}
	return d.works[i]
}

// desks are those of all askers, by their accounts.
type desks struct{ all *bounded.Map[string, *desk] }

func newDesks() desks { return desks{bounded.New[string, *desk](mostDesks, keepDesk)} }

// of returns the desk of an asker.
func (d desks) of(asker string, now time.Time) *desk {
	return d.all.Update(asker, now, func(old *desk, found bool) (*desk, bool) {
		if !found {
			old = &desk{}
		}
		return old, true
	})
}
