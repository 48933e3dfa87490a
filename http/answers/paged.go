package answers

import (
	"context"
	"iter"

	"sleutelbos/commands/rights"
	"sleutelbos/projections/models/audithistory"
)

// Paged is a kind of thing of which each has a page, with another one of what happened to it.
type Paged struct {
	Category string // of their streams
	Place    string // the path of their list, below which the pages are
	Table    string // whose rows have an id and a name
	Right    rights.Right
	// Happened returns which events an asker may see of a thing. Errors: that the thing is not
	// there or out of reach.
	Happened func(ctx context.Context, s Source, asker Asker, id string) (audithistory.Filter, error)
}

// AllPaged yields every kind of thing that has pages. Accounts have pages of their own kind.
func AllPaged() iter.Seq[Paged] {
	return func(yield func(Paged) bool) {
		for _, contract := range Things() {
			t, ok := contract.(interface{ paged() Paged })
			if ok && t.paged().Place != "" && !yield(t.paged()) {
				return
			}
		}
	}
}

// PagedIn returns the kind of thing whose streams are of a category; false if it has no pages.
func PagedIn(category string) (Paged, bool) {
	for p := range AllPaged() {
		if p.Category == category {
			return p, true
		}
	}
	return Paged{}, false
}

func (t Thing[Row, Whole]) paged() Paged {
	return Paged{Category: t.Category, Place: t.Place, Table: t.Whole.Table, Right: t.Right, Happened: t.happened}
}
