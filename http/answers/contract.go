package answers

import (
	"context"
	"iter"
	"net/http"
	"reflect"
	"slices"

	"sleutelbos/commands/rights"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// Contract is a thing whatever its rows: from it the API makes its operations.
type Contract interface {
	Queries(s Source) []Query
}

// Item is what a client gets of a row: a JSON object, and a line of a CSV.
type Item interface {
	// Values returns what the columns of the CSV have, each as that of a field.
	Values() []any
	// AppendJSON appends the object to a text. A page is written so, since an encoder looks through
	// each object a second time.
	AppendJSON(b []byte) ([]byte, error)
}

// Cells returns an item as a line of CSV for programs.
func Cells(item Item) []string {
	values := item.Values()
	cells := make([]string, len(values))
	for i, value := range values {
		cells[i] = listing.Cell(value)
	}
	return cells
}

// Shape says what the items of a query are: fields, or the members of a Go type.
type Shape struct {
	Fields []listing.About
	Type   reflect.Type
	// Columns are those of the CSV.
	Columns []listing.About
}

// Heads returns the names of the columns, as CSV for programs has them.
func (s Shape) Heads() []string {
	heads := make([]string, len(s.Columns))
	for i, about := range s.Columns {
		heads[i] = about.Name
	}
	return heads
}

// Query is one query of the contract. It has either List and All, or One.
type Query struct {
	ID, Path, Summary string
	Right             rights.Right
	Tables            []string // that must have come as far as the client asks
	Params            []Param
	Shape             Shape
	// Subject returns what a list is about that has an id in its path or is narrowed to an organization.
	Subject  func(ctx context.Context, asker Asker, id string, args Args) (Subject, error)
	Refusals []int // beyond those that every query has
	// List returns a page, All everything that fits. The id is that in the path, if there is one.
	List func(ctx context.Context, asker Asker, id string, args Args) (Listed[Item], error)
	All  func(ctx context.Context, asker Asker, id string, args Args) iter.Seq2[Item, error]
	// One returns one thing and whose it is.
	One func(ctx context.Context, asker Asker, id string) (Item, Owner, error)
}

// Tables returns the read models that the list shows.
func (l Listing[Row]) Tables() []string { return append([]string{l.List.Table}, l.Joined...) }

// Queries returns the list alone.
func (l Listing[Row]) Queries(s Source) []Query { return []Query{l.listQuery(s)} }

// Queries returns the list, the thing itself and its history.
func (t Thing[Row, Whole]) Queries(s Source) []Query {
	return []Query{t.listQuery(s), t.oneQuery(s), t.historyQuery(s)}
}

func (l Listing[Row]) listQuery(s Source) Query {
	return Query{
		ID: "List" + l.Names, Path: l.Path, Summary: l.Lists, Right: l.Right, Params: l.Parameters(),
		Tables: l.Tables(),
		Shape:  Shape{Fields: l.List.Abouts(false), Columns: l.List.Abouts(false)},
		Subject: func(ctx context.Context, asker Asker, _ string, args Args) (Subject, error) {
			return s.within(ctx, asker, l.Right, args[l.Scope])
		},
		List: func(ctx context.Context, asker Asker, _ string, args Args) (Listed[Item], error) {
			page, err := l.Page(ctx, s, asker, args)
			items, now := make([]Item, len(page.Items)), s.Now()
			for i := range page.Items {
				items[i] = l.List.View(&page.Items[i], now, false)
			}
			return Listed[Item]{Items: items, Next: page.Next, Total: page.Total, More: page.More, Position: page.Position}, err
		},
		All: func(ctx context.Context, asker Asker, _ string, args Args) iter.Seq2[Item, error] {
			return func(yield func(Item, error) bool) {
				for row, err := range l.All(ctx, s, asker, args) {
					if err != nil {
						yield(nil, err)
						return
					}
					if !yield(l.List.View(&row, s.Now(), false), nil) {
						return
					}
				}
			}
		},
	}
}

func (t Thing[Row, Whole]) oneQuery(s Source) Query {
	return Query{
		ID: "Get" + t.Name, Path: t.Path + "/{id}", Summary: t.Gets, Right: t.Right, Tables: []string{t.Whole.Table},
		Shape: Shape{Fields: t.Whole.Abouts(true)}, Refusals: []int{http.StatusNotFound},
		One: func(ctx context.Context, asker Asker, id string) (Item, Owner, error) {
			row, err := t.Get(ctx, s, asker, t.Right, id)
			if err != nil {
				return nil, Owner{}, err
			}
			return t.Whole.View(&row, s.Now(), true), t.Whole.Owner(&row), nil
		},
	}
}

// historyQuery is what happened to the thing.
func (t Thing[Row, Whole]) historyQuery(s Source) Query {
	return s.events(eventQuery{
		id: "Get" + t.Name + "History", path: t.Path + "/{id}/history", summary: t.Happened, right: rights.ReadHistory,
		tables: append([]string{t.Whole.Table}, t.Beside...), filters: historyFilters, refusals: []int{http.StatusNotFound},
		find: func(ctx context.Context, asker Asker, id string, _ Args) (foundEvents, error) {
			return t.found(ctx, s, asker, id)
		},
		subject: func(ctx context.Context, asker Asker, id string, _ Args) (Subject, error) {
			row, err := t.Get(ctx, s, asker, rights.ReadHistory, id)
			if err != nil {
				return Subject{}, err
			}
			return s.subjectOf(ctx, id, t.Whole.Owner(&row).Organization)
		},
	})
}

// happened returns which events an asker may see of the thing. Of an account it is all that
// concerns the account, of anything else its own stream. Of a thing that is about several
// accounts, who sees but the own account learns what concerns that one.
func (t Thing[Row, Whole]) happened(ctx context.Context, s Source, asker Asker, id string) (audithistory.Filter, error) {
	found, err := t.found(ctx, s, asker, id)
	return found.Filter, err
}

func (t Thing[Row, Whole]) found(ctx context.Context, s Source, asker Asker, id string) (foundEvents, error) {
	row, err := t.Get(ctx, s, asker, rights.ReadHistory, id)
	if err != nil {
		return foundEvents{}, err
	}
	found := foundEvents{organization: t.Whole.Owner(&row).Organization}
	if t.Category == "account" {
		found.Account = id
		return found, nil
	}
	if t.Category == "rolegroup" { // who has it stands on the streams of the accounts
		found.RoleGroup = id
		return found, nil
	}
	found.Stream = t.Category + "-" + id
	if t.Whole.Accounts != "" && asker.Who.May(rights.ReadHistory) == rights.ScopeSelf {
		found.Account = asker.Who.AccountID
	}
	return found, nil
}

// Queries returns every query that read models alone can answer.
func (s Source) Queries() []Query {
	queries := []Query{s.audit()}
	for _, t := range Things() {
		queries = slices.Concat(queries, t.Queries(s))
	}
	return queries
}
