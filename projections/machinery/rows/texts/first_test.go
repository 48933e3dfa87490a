package texts_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/texts"
)

var persons = machinery.Definition{
	Name: "person_v1",
	Columns: []machinery.Column{
		{Name: "id", Kind: machinery.Text}, {Name: "name", Kind: machinery.Text, Search: true}, {Name: "sort", Kind: machinery.Text},
		{Name: "owner", Kind: machinery.Text}, {Name: "stopped", Kind: machinery.Bool},
	},
	Schema: "CREATE INDEX {index}_sort ON {table} (sort, id);", Order: "sort", Within: "owner",
	Facts: []machinery.Fact{{Column: "owner", Literal: "'x'"}, {Column: "stopped", Literal: "TRUE"}},
}

// beside is what is asked for beside the words, and whether a person fits that.
type beside struct {
	ask  []machinery.Condition
	fits func(p person) bool
}

var (
	everyone   = beside{nil, func(person) bool { return true }}
	notStopped = beside{[]machinery.Condition{machinery.Is("stopped").Not()}, func(p person) bool { return !p.Stopped }}
	// notStoppedSQL asks for the same in a way that facts don't tell.
	notStoppedSQL = beside{[]machinery.Condition{machinery.SQL("NOT stopped")}, func(p person) bool { return !p.Stopped }}
	either        = beside{
		[]machinery.Condition{machinery.Or(machinery.Is("stopped"), machinery.SQL("sort = 'a'"))}, func(p person) bool { return p.Stopped || p.Sort == "a" },
	}
	both = beside{
		[]machinery.Condition{machinery.Equals("owner", "x").Not(), machinery.And(machinery.Is("stopped"), machinery.SQL("sort <> 'b'"))},
		func(p person) bool { return p.Owner != "x" && p.Stopped && p.Sort != "b" },
	}
	neither = beside{
		[]machinery.Condition{machinery.And(machinery.Is("stopped"), machinery.Equals("sort", "a")).Not()}, func(p person) bool { return !p.Stopped || p.Sort != "a" },
	}
)

type person struct {
	ID      string `db:"id"`
	Name    string `db:"name"`
	Sort    string `db:"sort"`
	Owner   string `db:"owner"`
	Stopped bool   `db:"stopped"`
}

func (p person) values() []any { return []any{p.ID, p.Name, p.Sort, p.Owner, p.Stopped} }

// openPersons makes the table of persons with some rows.
func openPersons(t *testing.T, db engine, rows ...person) {
	t.Helper()
	openPersonsAt(t, db, 0, rows...)
}

func openPersonsAt(t *testing.T, db engine, position uint64, rows ...person) {
	t.Helper()
	beside := persons.Name + "__rebuild"
	var values [][]any
	for _, p := range rows {
		values = append(values, p.values())
	}
	must(t, db.Remove(t.Context(), persons.Name))
	must(t, db.Create(t.Context(), persons, beside))
	must(t, db.Fill(t.Context(), persons, beside, values))
	must(t, db.Finish(t.Context(), persons, beside))
	must(t, db.Switch(t.Context(), persons, beside, machinery.Checkpoint{Position: eventstore.AtCommit(position)}))
	db.Live(persons)
}

// firstPersons asks for the first persons as a list does, and returns them with whether they are all.
func firstPersons(t failing, ctx interface{ Context() context.Context }, db engine, f machinery.First, beside beside) ([]person, bool) {
	t.Helper()
	args := []any{}
	arg := func(value any) string {
		args = append(args, value)
		return fmt.Sprint("$", len(args))
	}
	direction, compare := "ASC", ">"
	if f.Descending {
		direction, compare = "DESC", "<"
	}
	f.Beside = slices.Clone(beside.ask)
	if f.Within != "" {
		f.Beside = append(f.Beside, machinery.Within("owner = "+arg(f.Within)))
	}
	f.Wanted = f.Most
	first, err := db.First(ctx.Context(), f, arg)
	must(t, err)
	where := first.Predicate
	if f.After != nil {
		where += " AND (sort, id) " + compare + " (" + arg(f.After.Value) + ", " + arg(f.After.Key) + ")"
	}
	rows, err := machinery.Select[person](ctx.Context(), db, fmt.Sprintf("SELECT id, name, sort, owner, stopped FROM person_v1 WHERE %s ORDER BY sort %s, id %s LIMIT %d", where, direction, direction, f.Most), args...)
	must(t, err)
	return rows, first.All
}

// naively returns the first persons by a look at each.
func naively(all []person, f machinery.First, beside beside) []person {
	place := func(p person) machinery.Place { return machinery.Place{Value: p.Sort, Key: p.ID} }
	compare := func(a, b machinery.Place) int {
		n := cmp.Or(strings.Compare(a.Value, b.Value), strings.Compare(a.Key, b.Key))
		if f.Descending {
			return -n
		}
		return n
	}
	var found []person
	for _, p := range all {
		fits := (f.Within == "" || p.Owner == f.Within) && beside.fits(p) && (f.After == nil || compare(*f.After, place(p)) < 0)
		if fits && !slices.ContainsFunc(f.Words, func(word string) bool { return !strings.Contains(p.Name, word) }) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b person) int { return compare(place(a), place(b)) })
	return found
}

// TestF37_FirstNaively compares the first rows of searches, in both directions, behind a row, of one
// owner, with a look at every row, while rows change.
func TestF37_FirstNaively(t *testing.T) { onBoth(t, testFirstNaively) }

func testFirstNaively(t *testing.T, open func() engine) {
	db := open()
	begin := uint64(0) // of a position nothing is remembered
	word := rapid.SampledFrom([]string{"a", "an", "ann", "anna", "ber", "b", "e", "é", "zz"})
	drawn := rapid.Custom(func(rt *rapid.T) person {
		return person{
			ID: fmt.Sprint(rapid.IntRange(1, 12).Draw(rt, "id")), Name: strings.Join(rapid.SliceOfN(word, 1, 3).Draw(rt, "name"), " "),
			Sort: rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(rt, "sort"), Owner: rapid.SampledFrom([]string{"x", "y"}).Draw(rt, "owner"),
			Stopped: rapid.Bool().Draw(rt, "stopped"),
		}
	})
	rapid.Check(t, func(rt *rapid.T) {
		all := map[string]person{}
		listed := func() []person {
			var rows []person
			for _, p := range all {
				rows = append(rows, p)
			}
			return rows
		}
		for _, p := range rapid.SliceOfN(drawn, 0, 12).Draw(rt, "rows") {
			all[p.ID] = p
		}
		begin += 10
		openPersonsAt(t, db, begin, listed()...)
		if rapid.Bool().Draw(rt, "loaded") {
			must(rt, db.index.Loaded(t.Context()))
		}
		for n := range uint64(rapid.IntRange(1, 8).Draw(rt, "changes")) {
			var upserts [][]any
			for _, p := range rapid.SliceOfNDistinct(drawn, 0, 3, func(p person) string { return p.ID }).Draw(rt, "upserts") {
				all[p.ID] = p
				upserts = append(upserts, p.values())
			}
			gone := fmt.Sprint(rapid.IntRange(1, 12).Draw(rt, "gone"))
			delete(all, gone)
			must(rt, db.Apply(t.Context(), machinery.Change{
				Definition: persons, Physical: persons.Name, Upserts: upserts, Deletes: []any{gone},
				From: eventstore.AtCommit(begin + n), To: machinery.Checkpoint{Position: eventstore.AtCommit(begin + n + 1)},
			}))
			f := machinery.First{
				Found: machinery.Found{
					Table: persons.Name, Column: "name", Words: rapid.SliceOfNDistinct(word, 1, 2, rapid.ID).Draw(rt, "words"),
					Within: rapid.SampledFrom([]string{"", "", "x", "z"}).Draw(rt, "within"),
				},
				Order: "sort", Descending: rapid.Bool().Draw(rt, "descending"), Most: rapid.IntRange(1, 4).Draw(rt, "most"),
			}
			if rows := listed(); len(rows) > 0 && rapid.Bool().Draw(rt, "behind") {
				slices.SortFunc(rows, func(a, b person) int { return strings.Compare(a.ID, b.ID) })
				p := rapid.SampledFrom(rows).Draw(rt, "after")
				f.After = &machinery.Place{Value: p.Sort, Key: p.ID}
			}
			beside := rapid.SampledFrom([]beside{everyone, notStopped, notStoppedSQL, either, both, neither}).Draw(rt, "beside")
			want := naively(listed(), f, beside)
			got, complete := firstPersons(rt, t, db, f, beside)
			if most := min(f.Most, len(want)); complete && !slices.Equal(got, want[:most]) || !slices.Equal(got, want[:min(len(got), most)]) {
				rt.Fatalf("%+v of %v: want the first %d of %v, got %v, all: %v", f, listed(), f.Most, want, got, complete)
			}
			if n, more, err := db.CountFound(t.Context(), machinery.Found{Table: persons.Name, Column: "name", Words: f.Words, Beside: beside.ask}); err != nil || more ||
				int(n) != len(naively(listed(), machinery.First{Found: machinery.Found{Words: f.Words}}, beside)) {
				rt.Fatalf("counted %d, more: %v, %v", n, more, err)
			}
		}
	})
}

// TestF37_WhatChangedPassesNothing: a row that changed since the loading and comes late is not shown before
// one that stands between and is not listed yet.
func TestF37_WhatChangedPassesNothing(t *testing.T) { onBoth(t, testWhatChangedPassesNothing) }

func testWhatChangedPassesNothing(t *testing.T, open func() engine) {
	anna := func(id string, sort int, stopped bool) person {
		return person{ID: id, Name: "anna", Sort: fmt.Sprint(sort), Stopped: stopped}
	}
	for name, c := range map[string]struct {
		loaded, changed []person
		descending      bool
		want            string
	}{
		"of those in order":           {loaded: []person{anna("a", 1, true), anna("b", 2, true), anna("c", 3, false)}, changed: []person{anna("f", 4, false)}, want: "cf"},
		"of those in order, backward": {loaded: []person{anna("a", 4, true), anna("b", 3, true), anna("c", 2, false)}, changed: []person{anna("f", 1, false)}, descending: true, want: "cf"},
		"of those that changed":       {loaded: []person{anna("c", 3, false)}, changed: []person{anna("e", 0, true), anna("f", 1, true), anna("g", 2, false)}, want: "gc"},
		"of those that changed, backward": {
			loaded: []person{anna("c", 1, false)}, changed: []person{anna("e", 4, true), anna("f", 3, true), anna("g", 2, false)}, descending: true, want: "gc",
		},
	} {
		db := open()
		openPersons(t, db, c.loaded...)
		must(t, db.index.Loaded(t.Context()))
		var upserts [][]any
		for _, p := range c.changed {
			upserts = append(upserts, p.values())
		}
		must(t, db.Apply(t.Context(), machinery.Change{
			Definition: persons, Physical: persons.Name, Upserts: upserts, To: machinery.Checkpoint{Position: eventstore.AtCommit(1)},
		}))
		got, all := firstPersons(t, t, db, machinery.First{
			Found: machinery.Found{Table: persons.Name, Column: "name", Words: []string{"anna"}}, Order: "sort", Descending: c.descending, Most: 2,
		}, notStoppedSQL)
		ids := ""
		for _, p := range got {
			ids += p.ID
		}
		if all || !strings.HasPrefix(c.want, ids) {
			t.Errorf("%s: found %s, all: %v", name, ids, all)
		}
		must(t, db.Remove(t.Context(), persons.Name))
	}
}

// TestF37_SearchStopsEarly lists no more rows than are wanted of those that hold the words.
func TestF37_SearchStopsEarly(t *testing.T) { onBoth(t, testSearchStopsEarly) }

func testSearchStopsEarly(t *testing.T, open func() engine) {
	db := open()
	rows := make([]person, texts.ManyTexts+10)
	for i := range rows {
		rows[i] = person{ID: fmt.Sprintf("%06d", i), Name: "common name", Sort: fmt.Sprintf("%06d", len(rows)-i)}
	}
	openPersons(t, db, rows...)
	must(t, db.index.Loaded(t.Context()))
	for _, words := range [][]string{{"common"}, {"name", "common"}, {"na"}, {"o"}} {
		var list string
		f := machinery.First{Found: machinery.Found{Table: persons.Name, Column: "name", Words: words}, Order: "sort", Wanted: 3, Most: 3}
		first, err := db.First(t.Context(), f, func(value any) string {
			if text, ok := value.(string); ok && strings.ContainsAny(text, "[{") {
				list = text
			}
			return "$1"
		})
		must(t, err)
		if first.All || !first.Few || strings.Count(list, ",") != 2 {
			t.Errorf("%v: listed %s, all: %v", words, list, first.All)
		}
		if got, _ := firstPersons(t, t, db, f, everyone); len(got) != 3 || got[0].ID != rows[len(rows)-1].ID {
			t.Errorf("%v: found %v", words, got)
		}
	}
}

// TestF37_NoSearchReadsTheWholeTable asks the engines how they find the first rows of searches among many.
func TestF37_NoSearchReadsTheWholeTable(t *testing.T) { onBoth(t, testNoSearchReadsTheWholeTable) }

func testNoSearchReadsTheWholeTable(t *testing.T, open func() engine) {
	db := open()
	rows := make([]person, 2*texts.ManyTexts)
	for i := range rows {
		rows[i] = person{ID: fmt.Sprintf("%06d", i), Name: fmt.Sprintf("common n%06d", i), Sort: fmt.Sprintf("%06d", len(rows)-i), Owner: fmt.Sprint(i % 50)}
	}
	openPersons(t, db, rows...)
	must(t, db.index.Loaded(t.Context()))
	for _, words := range [][]string{{"n000777"}, {"common"}, {"777", "common"}, {"7"}, {"nobody"}} {
		for _, within := range []string{"", "7"} {
			var args []any
			arg := func(value any) string {
				args = append(args, value)
				return fmt.Sprint("$", len(args))
			}
			f := machinery.First{Found: machinery.Found{Table: persons.Name, Column: "name", Words: words, Within: within, Beside: notStoppedSQL.ask}, Order: "sort", Wanted: 50, Most: 50}
			if within != "" {
				f.Beside = append(slices.Clone(f.Beside), machinery.Within("owner = "+arg(within)))
			}
			first, err := db.First(t.Context(), f, arg)
			must(t, err)
			plan := db.planOf(t, "SELECT id FROM person_v1 WHERE "+first.Predicate+" ORDER BY sort, id LIMIT 50", args...)
			if strings.Contains(plan, "Seq Scan on person") || strings.Contains(plan, "SCAN person") {
				t.Errorf("%v within %q:\n%s", words, within, plan)
			}
		}
	}
}

// TestF37_SearchWaitsWhereAWalkTakesLonger lets a search wait for the loading that is under way.
func TestF37_SearchWaitsWhereAWalkTakesLonger(t *testing.T) {
	onBoth(t, testSearchWaitsWhereAWalkTakesLonger)
}

func testSearchWaitsWhereAWalkTakesLonger(t *testing.T, open func() engine) {
	db := open()
	load := db.index.HoldLoading(persons.Name, "name")
	db.index.WalkFor(0)
	openPersons(t, db, person{ID: "1", Name: "anna", Sort: "b"}, person{ID: "2", Name: "bert", Sort: "a"})
	found := make(chan []person)
	go func() {
		got, _ := firstPersons(t, t, db, machinery.First{Found: machinery.Found{Table: persons.Name, Column: "name", Words: []string{"anna"}}, Order: "sort", Most: 1}, everyone)
		found <- got
	}()
	select {
	case got := <-found:
		t.Fatalf("found %v before it was loaded", got)
	case <-time.After(20 * texts.LoadPatience): // so long that a busy machine does not make one that goes on look like one that waits
	}
	must(t, load(t.Context()))
	if got := <-found; len(got) != 1 || got[0].ID != "1" {
		t.Errorf("found %v", got)
	}
}

// TestF37_SearchDoesNotWaitForTheLoading finds the same while the memory is being loaded.
func TestF37_SearchDoesNotWaitForTheLoading(t *testing.T) {
	onBoth(t, testSearchDoesNotWaitForTheLoading)
}

func testSearchDoesNotWaitForTheLoading(t *testing.T, open func() engine) {
	db := open()
	db.index.HoldLoading(persons.Name, "name")
	openPersons(t, db, person{ID: "1", Name: "anna", Sort: "b"}, person{ID: "2", Name: "hanna", Sort: "a"}, person{ID: "3", Name: "bert"})
	f := machinery.First{Found: machinery.Found{Table: persons.Name, Column: "name", Words: []string{"anna"}}, Order: "sort", Most: 1}
	got, all := firstPersons(t, t, db, f, everyone)
	if len(got) != 1 || got[0].ID != "2" || !all {
		t.Errorf("found %v, all: %v", got, all)
	}
	n, more, err := db.CountFound(t.Context(), f.Found)
	must(t, err)
	if n != 2 || more {
		t.Errorf("counted %d, more: %v", n, more)
	}
}
