// Package listing asks a read model for a page: filters, one order, and the place after
// which the page begins (a keyset, so that page 1,000 costs what page 1 does and rows that
// come in between shift nothing).
package listing

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"sleutelbos/domain/typed"
	"sleutelbos/projections/machinery"
)

// Query is what every list can be asked.
type Query struct {
	Search string // as typed; see typed.Words
	Sort   string // one of the list's Sorts, with "-" before it for descending; empty is the list's first
	Limit  int    // rows of a page, 1 to MaxLimit; 0 is DefaultLimit
	After  *Place // nil for the first page
}

// The sizes of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 500
)

// Place is where a page ended: what was sorted by, and the key that breaks ties.
type Place = machinery.Place

// Page is a part of a list.
type Page[Row any] struct {
	Items []Row
	Next  *Place // nil at the end
	Total int64  // of all pages
	More  bool   // the total is of a search that finds more, see machinery.MostCounted
}

// Sort is an order that a list offers.
type Sort struct {
	Name   string // as clients name it, e.g. "createdAt"
	Column string // or another expression in SQL
	Number bool   // its values are whole numbers
}

// List is a table that can be asked.
type List struct {
	Table      string
	Columns    string // of the SELECT
	Key        string // the column that breaks ties; unique
	NumericKey bool   // the key is a number
	Sorts      []Sort // the first is the default
	Search     string // the column that is searched; empty if none is
	Within     string // whose rows are asked for, see machinery.Found; empty for all
}

// ErrSort says that a list has no such order, ErrFilter that it has no such filter.
var (
	ErrSort   = errors.New("the list has no such order")
	ErrFilter = errors.New("the list has no such filter")
)

// Where collects conditions and their arguments.
type Where struct {
	conditions []Condition
	args       []any
	db         machinery.Reader // of a model's question
	now        time.Time        // likewise
	zone       *time.Location   // likewise
}

// And adds a condition; each ? in it stands for the next argument.
func (w *Where) And(condition string, args ...any) {
	var b strings.Builder
	for _, part := range strings.SplitAfter(condition, "?") {
		if before, ok := strings.CutSuffix(part, "?"); ok {
			part = before + w.Arg(args[0])
			args = args[1:]
		}
		b.WriteString(part)
	}
	w.Raw(b.String())
}

// Arg adds an argument and returns its placeholder, for conditions that an engine words.
func (w *Where) Arg(value any) string {
	w.args = append(w.args, value)
	return "$" + strconv.Itoa(len(w.args))
}

// Raw adds a condition as it is.
func (w *Where) Raw(condition string) { w.add(machinery.SQL(condition)) }

func (w *Where) add(c Condition) { w.conditions = append(w.conditions, c) }

// Equal adds column = value, if there is a value.
func (w *Where) Equal(column, value string) {
	if value != "" {
		w.And(column+" = ?", value)
	}
}

func (w *Where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + w.all().SQL
}

// beside returns all conditions as SQL, empty if there are none.
func (w *Where) beside() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return w.all().SQL
}

// all returns the condition that all of them fit.
func (w *Where) all() Condition { return machinery.And(w.conditions...) }

func (w *Where) clone() *Where {
	return &Where{conditions: slices.Clone(w.conditions), args: slices.Clone(w.args), db: w.db, now: w.now, zone: w.zone}
}

// Ask returns a page. place returns where a row stands in the order of a column. Errors:
// ErrSort, and those of the reader.
func Ask[Row any](ctx context.Context, db machinery.Reader, l List, w *Where, q Query, place func(row Row, column string) Place) (Page[Row], error) {
	all := w.clone()
	order, descending, err := l.order(q.Sort)
	if err != nil {
		return Page[Row]{}, err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	limit = min(limit, MaxLimit)
	items, err := first[Row](ctx, db, l, w, q, order, descending, limit+1)
	if err != nil {
		return Page[Row]{}, fmt.Errorf("list %s: %w", l.Table, err)
	}
	page := Page[Row]{Items: items, Total: int64(len(items))}
	if q.After != nil || len(items) > limit { // else these are all
		if page.Total, page.More, err = l.count(ctx, db, all, q); err != nil {
			return Page[Row]{}, err
		}
		page.Total = max(page.Total, int64(len(items))) // of many, those counted may be fewer
	}
	if len(items) > limit {
		page.Items = items[:limit]
		next := place(page.Items[limit-1], order.Column)
		page.Next = &next
	}
	return page, nil
}

// first returns the first rows that fit. Of a search it asks for those that come first among what
// holds the words, and for ever more of them until enough fit what facts don't know, too.
func first[Row any](ctx context.Context, db machinery.Reader, l List, w *Where, q Query, by Sort, descending bool, limit int) ([]Row, error) {
	for most := 2 * limit; ; most *= 16 {
		some, found, err := l.first(ctx, db, w, q, by, descending, limit, most)
		if err != nil {
			return nil, err
		}
		sql, args := l.page(some, q.After, by, descending, l.searches(q) && !found.Few, limit)
		rows, err := machinery.Select[Row](ctx, db, sql, args...)
		if err != nil || found.All || len(rows) == limit {
			return rows, err
		}
	}
}

// mostTried is among how many rows that hold the words those are looked for that fit the other conditions.
const mostTried = 5_000

// first returns the conditions with that of the search, and what of all that fit they keep.
func (l List) first(ctx context.Context, db machinery.Reader, w *Where, q Query, by Sort, descending bool, wanted, most int) (*Where, machinery.Firsts, error) {
	some := w.clone()
	if most > mostTried || !l.searches(q) {
		return some, machinery.Firsts{All: true}, l.search(ctx, db, some, q)
	}
	found, err := db.First(ctx, machinery.First{
		Found: l.found(w, q), Order: by.Column, Descending: descending, After: q.After, Wanted: wanted, Most: most,
	}, some.Arg)
	if err != nil {
		return nil, machinery.Firsts{}, fmt.Errorf("search %s: %w", l.Table, err)
	}
	some.conditions = []Condition{machinery.SQL(found.Predicate)}
	return some, found, nil
}

// found returns what a search asks for beside the conditions.
func (l List) found(w *Where, q Query) machinery.Found {
	return machinery.Found{Table: l.Table, Column: l.Search, Words: typed.Words(q.Search), Beside: w.conditions, Within: l.Within}
}

// pageTime is how long one page of All may take of the database.
const pageTime = 20 * time.Second

// All yields every row of a filtered list in its order. It reads a page whole and lets the
// database go before it yields, so that its caller may ask more and may take its time. A row that
// moves in the order meanwhile may come twice or not at all. The conditions are made anew
// for each page, because those of a search name rows as they are at the moment.
func All[Row any](ctx context.Context, db machinery.Reader, l List, where func(context.Context) (*Where, error), q Query, place func(row Row, column string) Place) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		q.After = nil
		for {
			rows, column, err := next[Row](ctx, db, l, where, q)
			if err != nil {
				var none Row
				yield(none, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if len(rows) < pageRows {
				return
			}
			after := place(rows[len(rows)-1], column)
			q.After = &after
		}
	}
}

// pageRows is how many rows All reads at a time.
const pageRows = 250

// next returns the page behind q.After, and the column that it is sorted by.
func next[Row any](ctx context.Context, db machinery.Reader, l List, where func(context.Context) (*Where, error), q Query) ([]Row, string, error) {
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	w, err := where(ctx)
	if err == nil {
		err = l.search(ctx, db, w, q)
	}
	if err != nil {
		return nil, "", err
	}
	order, descending, err := l.order(q.Sort)
	if err != nil {
		return nil, "", err
	}
	sql, args := l.page(w, q.After, order, descending, l.searches(q), pageRows)
	rows, err := machinery.Select[Row](ctx, db, sql, args...)
	return rows, order.Column, err
}

func (l List) search(ctx context.Context, db machinery.Reader, w *Where, q Query) error {
	words := typed.Words(q.Search)
	if len(words) == 0 || l.Search == "" {
		return nil
	}
	conditions, err := db.Contains(ctx, l.Table, l.Search, words, w.beside(), w.Arg)
	if err != nil {
		return fmt.Errorf("search %s: %w", l.Table, err)
	}
	w.conditions = []Condition{machinery.SQL(conditions)}
	return nil
}

// searches says whether a question is for some words in the list's own text.
func (l List) searches(q Query) bool { return l.Search != "" && len(typed.Words(q.Search)) > 0 }

// count counts the rows that fit. Of a search it counts up to machinery.MostCounted of them, and
// says whether there are more.
func (l List) count(ctx context.Context, db machinery.Reader, w *Where, q Query) (n int64, more bool, err error) {
	words := typed.Words(q.Search)
	switch {
	case len(words) == 0:
		n, err = Count(ctx, db, l.Table, w)
	case l.Search == "":
		n, err = db.CountUpTo(ctx, machinery.MostCounted+1, l.Table, w.String(), w.args...)
		n, more = min(n, machinery.MostCounted), n > machinery.MostCounted
	default:
		n, more, err = db.CountFound(ctx, l.found(w, q), w.args...)
	}
	return n, more, err
}

func (l List) order(sort string) (order Sort, descending bool, err error) {
	name, descending := strings.CutPrefix(sort, "-")
	if name == "" {
		return l.Sorts[0], descending, nil
	}
	for _, s := range l.Sorts {
		if s.Name == name {
			return s, descending, nil
		}
	}
	return Sort{}, false, ErrSort
}

func (l List) page(w *Where, after *Place, by Sort, descending, sortFirst bool, limit int) (string, []any) {
	column, compare, direction := by.Column, ">", "ASC"
	if descending {
		compare, direction = "<", "DESC"
	}
	if after != nil && column == l.Key {
		w.And(l.Key+" "+compare+" ?", valueOf(after.Key, l.NumericKey))
	} else if after != nil {
		w.And("("+column+", "+l.Key+") "+compare+" (?, ?)", valueOf(after.Value, by.Number), valueOf(after.Key, l.NumericKey))
	}
	order := column + " " + direction
	if column != l.Key {
		order += ", " + l.Key + " " + direction
	}
	end := " ORDER BY " + order + " LIMIT " + strconv.Itoa(limit)
	if !sortFirst {
		return "SELECT " + l.Columns + " FROM " + l.Table + w.String() + end, w.args
	}
	// What is found, which may be many rows, is sorted before the columns are read of those that are shown.
	found := "SELECT " + l.Key + " FROM " + l.Table + w.String() + end
	return "SELECT " + l.Columns + " FROM " + l.Table + " WHERE " + l.Table + "." + l.Key + " IN (" + found + ") ORDER BY " + order, w.args
}

// valueOf returns what a place has as text in the type that its column has.
func valueOf(text string, number bool) any {
	if !number {
		return text
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return int64(0) // places are authenticated at the edge; one that is no number begins at the start
	}
	return n
}

// Count returns how many rows fit.
func Count(ctx context.Context, db machinery.Reader, table string, w *Where) (int64, error) {
	return db.Count(ctx, table, w.String(), w.args...)
}
