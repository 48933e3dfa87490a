package rowstest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"sleutelbos/domain/typed"
	"sleutelbos/projections/machinery"
)

func found(t *testing.T, db machinery.DB, text string) []string {
	t.Helper()
	args := []any{-5}
	holds, err := db.Contains(t.Context(), name, "name", strings.Fields(text), "count >= $1", func(value any) string {
		args = append(args, value)
		return fmt.Sprint("$", len(args))
	})
	must(t, err)
	rows, err := machinery.Select[Row](t.Context(), db, "SELECT id FROM thing_list_v1 WHERE "+holds+" ORDER BY id LIMIT 600", args...)
	must(t, err)
	ids := []string{}
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

func testSearch(t *testing.T, open Open) {
	db := open(t)
	build(t, db, 1, Row{ID: "1", Name: typed.Fold("Zoë", "van  Dijk\n")}, Row{ID: "2", Name: `100%_\"q" 'x'`},
		Row{ID: "3", Name: "dijkstra"}, Row{ID: "4", Name: ""})
	for text, want := range map[string][]string{
		"": {"1", "2", "3", "4"}, "zoe": {"1"}, "zo": {"1"}, "dijk": {"1", "3"}, "van dijk": {"1"}, "dijk zo": {"1"}, "dijk an none": {}, "stra": {"3"}, "d": {"1", "3"},
		"%": {"2"}, "0%_": {"2"}, `_\"`: {"2"}, `"q" 'x'`: {"2"}, "DIJK": {}, "none": {}, "di_k": {}, "k": {"1", "3"},
		typed.Fold("ZOË VAN"): {"1"},
	} {
		equal(t, want, found(t, db, text))
	}
}

func testSearchCounts(t *testing.T, open Open) {
	db := open(t)
	var rows []Row
	for i := range machinery.MostCounted + 10 {
		rows = append(rows, Row{ID: fmt.Sprintf("%05d", i), Name: fmt.Sprintf("common n%05d", i), Count: int64(i % 2)})
	}
	build(t, db, 1, rows...)
	for words, want := range map[string]struct {
		n    int64
		more bool
	}{"common": {machinery.MostCounted, true}, "common n0000": {10, false}, "none": {0, false}} {
		search := machinery.Found{Table: name, Column: "name", Words: strings.Fields(words)}
		n, more, err := db.CountFound(t.Context(), search)
		must(t, err)
		if n != want.n || more != want.more {
			t.Errorf("%q: counted %d, more: %v", words, n, more)
		}
		search.Beside = []machinery.Condition{machinery.SQL("count = $1")}
		n, more, err = db.CountFound(t.Context(), search, 1)
		must(t, err)
		if half := (want.n + 1) / 2; more != want.more && !(want.more && n > half) || n < half {
			t.Errorf("%q beside a condition: counted %d, more: %v", words, n, more)
		}
	}
}

func testSearchNames(t *testing.T, open Open) {
	db := open(t)
	var rows []Row
	for i := range machinery.MostCounted + 10 {
		rows = append(rows, Row{ID: fmt.Sprintf("%05d", i), Name: fmt.Sprintf("common n%05d", i), Active: i%2 == 0})
	}
	build(t, db, 1, rows...)
	for words, want := range map[string][]string{"common": {"00004"}, "n00004 mon": {"00004"}, "n00005": {}, "none": {}} {
		args := []any{[]string{"00004", "00005", "99999"}}
		named, err := db.Named(t.Context(), name, "name", strings.Fields(words), "active = TRUE", "k.id", func(value any) string {
			args = append(args, value)
			return fmt.Sprint("$", len(args))
		})
		must(t, err)
		found, err := machinery.Select[Row](t.Context(), db, "SELECT k.id FROM thing_list_v1 AS k WHERE "+db.InList("k.id", "$1")+" AND "+named, args...)
		must(t, err)
		got := []string{}
		for _, r := range found {
			got = append(got, r.ID)
		}
		equal(t, want, got)
	}
}

// testSearchFollows asks after each of many changes: nothing may be missed and nothing found
// that is gone.
func testSearchFollows(t *testing.T, open Open) {
	db := open(t)
	var rows []Row
	for i := range 1000 {
		rows = append(rows, Row{ID: fmt.Sprintf("%04d", i), Name: fmt.Sprintf("common person%04d", i)})
	}
	build(t, db, 0, rows...)
	check := func() {
		t.Helper()
		equal(t, []string{"0007"}, found(t, db, "person0007"))
		equal(t, 600, len(found(t, db, "common")))
	}
	check()
	for n := range uint64(30) {
		var some []Row
		for i := range 20 {
			some = append(some, Row{ID: fmt.Sprintf("n%02d%02d", n, i), Name: fmt.Sprintf("newcomer%02d", n)})
		}
		moved := Row{ID: "0500", Name: fmt.Sprintf("moved to %02d", n)}
		c := change(n, n+1, append(some, moved)...)
		if n > 0 {
			c.Deletes = []any{fmt.Sprintf("n%02d00", n-1)}
		}
		must(t, db.Apply(t.Context(), c))
		equal(t, 20, len(found(t, db, fmt.Sprintf("newcomer%02d", n))))
		equal(t, []string{"0500"}, found(t, db, moved.Name))
		if n > 0 {
			equal(t, []string{}, found(t, db, fmt.Sprintf("moved to %02d", n-1)))
			equal(t, 19, len(found(t, db, fmt.Sprintf("newcomer%02d", n-1))))
		}
		check()
	}
}

// testSearchElsewhere searches in one process what another writes, and what it builds anew.
func testSearchElsewhere(t *testing.T, open Open) {
	here, there := open(t), open(t)
	build(t, here, 1, Row{ID: "1", Name: "anna"}, Row{ID: "2", Name: "bert"})
	equal(t, []string{"1"}, found(t, there, "anna"))
	c := change(1, 2, Row{ID: "2", Name: "annabel"}, Row{ID: "3", Name: "joanna"})
	c.Deletes = []any{"1"}
	must(t, here.Apply(t.Context(), c))
	equal(t, []string{"2", "3"}, found(t, there, "anna"))
	for n := range uint64(3) {
		build(t, here, 3+n, Row{ID: "9", Name: "hanna"}, Row{ID: "8", Name: "x"})
		equal(t, []string{"9"}, found(t, there, "anna"))
		must(t, here.Apply(t.Context(), change(3+n, 4+n, Row{ID: "8", Name: "johanna"})))
		equal(t, []string{"8", "9"}, found(t, there, "anna"))
	}
	must(t, here.Remove(t.Context(), name)) // whatever is counted begins anew
	build(t, here, 1, Row{ID: "4", Name: "anna"}, Row{ID: "5", Name: "susanna"})
	equal(t, []string{"4", "5"}, found(t, there, "anna"))
	equal(t, []string{"4", "5"}, found(t, here, "anna"))
}

// testSearchCrowd searches from many sides while rows change.
func testSearchCrowd(t *testing.T, open Open) {
	here, there := open(t), open(t)
	const changes = 40
	rows := make([]Row, 100)
	for i := range rows {
		rows[i] = Row{ID: fmt.Sprintf("%03d", i), Name: fmt.Sprintf("common person%03d", i)}
	}
	build(t, here, 0, rows...)
	written := make(chan struct{})
	var all sync.WaitGroup
	for _, db := range []machinery.DB{here, there, here, there} {
		all.Go(func() {
			for last := false; !last; {
				select {
				case <-written:
					last = true
				default:
				}
				if got := len(found(t, db, "common")); got != len(rows) && !t.Failed() {
					t.Errorf("found %d of %d", got, len(rows))
				}
			}
		})
	}
	for n := range uint64(changes) {
		row := &rows[n%7]
		row.Name = fmt.Sprintf("common moved%03d", n)
		must(t, here.Apply(t.Context(), change(n, n+1, *row)))
		equal(t, []string{row.ID}, found(t, there, fmt.Sprintf("moved%03d", n)))
	}
	close(written)
	all.Wait()
}
