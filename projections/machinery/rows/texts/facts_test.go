package texts_test

import (
	"testing"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// TestF37_FactsFollow: what is filtered by changes without the words. A row of which nothing else changed keeps its place,
// so that not everything is read again because many were blocked.
func TestF37_FactsFollow(t *testing.T) { onBoth(t, testFactsFollow) }

func testFactsFollow(t *testing.T, open func() engine) {
	db := open()
	p := person{ID: "1", Name: "anna", Sort: "a", Owner: "x"}
	openPersons(t, db, p, person{ID: "2", Name: "anna", Sort: "b", Owner: "y"})
	must(t, db.index.Loaded(t.Context()))
	counts := func(stopped, not int64) {
		t.Helper()
		for want, ask := range map[*int64]machinery.Condition{&stopped: machinery.Is("stopped"), &not: machinery.Is("stopped").Not()} {
			n, _, err := db.CountFound(t.Context(), machinery.Found{Table: persons.Name, Column: "name", Words: []string{"anna"}, Beside: []machinery.Condition{ask}})
			must(t, err)
			if n != *want {
				t.Errorf("counted %d with %s, want %d", n, ask.SQL, *want)
			}
		}
	}
	counts(0, 2)
	write := func(from uint64) {
		t.Helper()
		must(t, db.Apply(t.Context(), machinery.Change{
			Definition: persons, Physical: persons.Name, Upserts: [][]any{p.values()}, From: eventstore.AtCommit(from), To: machinery.Checkpoint{Position: eventstore.AtCommit(from + 1)},
		}))
	}
	p.Stopped = true
	write(0)
	counts(1, 1)
	if moved := db.index.Moved(persons.Name, "name"); moved != 0 {
		t.Errorf("%d rows lost their place", moved)
	}
	p.Stopped, p.Name = false, "annabel"
	write(1)
	counts(0, 2)
	if moved := db.index.Moved(persons.Name, "name"); moved != 1 {
		t.Errorf("%d rows are out of place", moved)
	}
}
