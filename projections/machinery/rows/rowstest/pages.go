package rowstest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// several returns so many rows with three names, so that each name is in many of them.
func several(n int) []Row {
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = Row{ID: fmt.Sprintf("%04d", i), Name: []string{"anna", "bert", "anna c"}[i%3]}
	}
	return rows
}

func testRows(t *testing.T, open Open) {
	db := open(t)
	for _, n := range []int{0, 1, 499, 500, 501, 1500} {
		rows := several(n)
		build(t, db, 4, rows...)
		var want [][]any
		for _, row := range rows {
			want = append(want, values(row))
		}
		got, err := collect(db.Rows(t.Context(), definition, name))
		must(t, err)
		equal(t, want, got)
	}
}

var things = listing.List{
	Table: name, Columns: "id, name", Key: "id", Search: "name",
	Sorts: []listing.Sort{{Name: "name", Column: "name"}, {Name: "id", Column: "id"}},
}

// listed yields the rows of the list that fit a search.
func listed(ctx context.Context, db machinery.Reader, q listing.Query) iter.Seq2[narrow, error] {
	where := func(context.Context) (*listing.Where, error) { return &listing.Where{}, nil }
	return listing.All(ctx, db, things, where, q, func(row narrow, column string) listing.Place {
		if column == "id" {
			return listing.Place{Key: row.ID}
		}
		return listing.Place{Value: row.Name, Key: row.ID}
	})
}

type narrow struct {
	ID   string `db:"id"`
	Name string `db:"name"`
}

func testListInPages(t *testing.T, open Open) {
	db := open(t)
	rows := several(1000)
	build(t, db, 4, rows...)
	for _, search := range []string{"", "anna"} {
		for _, sort := range []string{"name", "-name", "id", "-id"} {
			var want []narrow
			for _, row := range rows {
				if search == "" || row.Name != "bert" {
					want = append(want, narrow{row.ID, row.Name})
				}
			}
			if sort == "name" || sort == "-name" {
				slices.SortStableFunc(want, func(a, b narrow) int { return strings.Compare(a.Name, b.Name) })
			}
			if sort[0] == '-' {
				slices.Reverse(want)
			}
			var got []narrow
			for row, err := range listed(t.Context(), db, listing.Query{Search: search, Sort: sort}) {
				must(t, err)
				got = append(got, row)
			}
			equal(t, want, got)
		}
	}
}

// testSlowReaders lets more readers linger in the middle of a list than there are connections
// of any kind, and lets each ask more meanwhile.
func testSlowReaders(t *testing.T, open Open) {
	db := open(t)
	build(t, db, 4, several(1000)...)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	const many = 40
	var linger, reading sync.WaitGroup
	release := make(chan struct{})
	linger.Add(2 * many)
	slowly := func(read func() error) {
		reading.Go(func() {
			if err := read(); err != nil {
				t.Error(err)
			}
		})
	}
	pause := func(ask machinery.Reader) error {
		linger.Done()
		<-release
		_, err := machinery.Select[narrow](ctx, ask, "SELECT id, name FROM "+name+" LIMIT 1")
		return err
	}
	for range many {
		slowly(func() error {
			n := 0
			for _, err := range listed(ctx, db.Streams(), listing.Query{}) {
				if n++; n == 300 && err == nil {
					err = pause(db.Streams())
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		slowly(func() error {
			n := 0
			for _, err := range db.Rows(ctx, definition, name) {
				if n++; n == 600 && err == nil {
					err = pause(db)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	linger.Wait()
	for _, reader := range []machinery.Standings{db, db.Streams()} {
		_, err := machinery.Select[narrow](ctx, reader, "SELECT id, name FROM "+name+" LIMIT 1")
		must(t, err)
		_, err = reader.Checkpoint(ctx, name)
		must(t, err)
	}
	must(t, db.Apply(ctx, change(4, 5, Row{ID: "c"})))
	must(t, db.Snapshot(ctx, definition, name, func(machinery.Checkpoint, iter.Seq2[[]any, error]) error {
		build(t, db, 6, bert) // a rebuild switches tables
		return nil
	}))
	close(release)
	reading.Wait()
}
