package texts

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"sleutelbos/projections/machinery"
)

// Contains implements machinery.Reader. If few rows hold the words it lists their numbers. The words
// themselves are still looked for, since a row may have changed in between.
func (t *Index) Contains(ctx context.Context, table, column string, words []string, beside string, arg func(value any) string) (string, error) {
	if len(words) == 0 {
		return cmp.Or(beside, "TRUE"), nil
	}
	f := machinery.Found{Table: table, Column: column, Words: words}
	rows, few, err := t.search(ctx, f, mostListed)
	if err != nil {
		return "", err
	}
	return t.holding(f, beside, rows, few, arg), nil
}

// holding returns the predicate of a search, among the rows that are listed if they are.
func (t *Index) holding(f machinery.Found, beside string, rows []int64, listed bool, arg func(value any) string) string {
	holds := t.holdsAll(f.Table, f.Column, f.Words, arg)
	switch {
	case !listed && beside != "":
		return beside + " AND " + holds
	case !listed:
		return holds
	case beside != "":
		holds += " AND " + t.engine.Aside(beside)
	}
	return t.engine.Among(f.Table, rows, arg) + " AND " + holds
}

// First implements machinery.Reader. In the order in which a memory stands it lists no more rows than
// are wanted; in another one it does what Contains does.
func (t *Index) First(ctx context.Context, f machinery.First, arg func(value any) string) (machinery.Firsts, error) {
	if len(f.Words) == 0 {
		holds, err := t.Contains(ctx, f.Table, f.Column, f.Words, f.And(), arg)
		return machinery.Firsts{Predicate: holds, All: true}, err
	}
	found, ok, err := t.first(ctx, f)
	if err != nil {
		return machinery.Firsts{}, err
	}
	if ok {
		predicate := t.holding(f.Found, f.And(), found.rows, true, arg) + t.upTo(f, found, arg)
		return machinery.Firsts{Predicate: predicate, All: found.all, Few: len(found.rows) <= 2*f.Wanted}, nil
	}
	rows, listed, err := t.search(ctx, f.Found, mostListed)
	if err != nil {
		return machinery.Firsts{}, err
	}
	if rows == nil && !t.soon(ctx, f) { // the memory is being loaded
		if err := t.wait(ctx, f.Table, f.Column); err != nil {
			return machinery.Firsts{}, err
		}
		return t.First(ctx, f, arg)
	}
	return machinery.Firsts{Predicate: t.holding(f.Found, f.And(), rows, listed, arg), All: true, Few: listed && len(rows) <= 2*f.Wanted}, nil
}

// upTo returns the condition that leaves out what others may come before that are not listed.
func (t *Index) upTo(f machinery.First, found firsts, arg func(value any) string) string {
	key, compare, condition := t.columnsOf(f.Table, f.Column).key, " <= ", ""
	if f.Descending {
		compare = " >= "
	}
	row := f.Table + "." + f.Order + ", " + f.Table + "." + key
	if found.lastSorted != nil {
		condition += " AND (" + row + ")" + compare + "(SELECT " + f.Order + ", " + key + " FROM " + f.Table + " AS last WHERE last." +
			t.engine.RowNumber() + " = " + arg(*found.lastSorted) + ")"
	}
	if found.lastChanged != nil {
		condition += " AND (" + row + ")" + compare + "(" + arg(found.lastChanged.value) + ", " + arg(found.lastChanged.key) + ")"
	}
	return condition
}

// soon says whether a walk over the rows in their order soon finds as many as are wanted. A walk that
// has to pass many others takes longer than the loading of a memory.
func (t *Index) soon(ctx context.Context, f machinery.First) bool {
	ctx, cancel := context.WithTimeout(ctx, t.walk)
	defer cancel()
	var args []any
	holds := t.holdsAll(f.Table, f.Column, f.Words, func(value any) string {
		args = append(args, value)
		return "$" + strconv.Itoa(len(args))
	})
	query := fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s ORDER BY %s LIMIT %d) AS found", f.Table, holds, f.Order, f.Most)
	_, err := machinery.Get[int64](ctx, t.engine, query, args...)
	return err == nil
}

// CountFound implements machinery.Reader. Of too many rows it counts the first. No row is read of which the memory
// knows whether it fits.
func (t *Index) CountFound(ctx context.Context, f machinery.Found, args ...any) (int64, bool, error) {
	arg := func(value any) string {
		args = append(args, value)
		return "$" + strconv.Itoa(len(args))
	}
	found, ok, err := t.tally(ctx, f, machinery.MostCounted)
	if err != nil {
		return 0, false, err
	}
	if !ok { // the memory is being loaded
		n, err := t.engine.CountUpTo(ctx, machinery.MostCounted+1, f.Table, " WHERE "+t.holding(f, f.And(), nil, false, arg), args...)
		return min(n, machinery.MostCounted), n > machinery.MostCounted, err
	}
	var fit int64
	if len(found.unsure) > 0 {
		fit, err = t.engine.Count(ctx, f.Table, " WHERE "+t.holding(f, f.And(), found.unsure, true, arg), args...)
	}
	return int64(found.sure) + fit, found.more, err
}

// Named implements machinery.Reader. Rows that few keys name are listed; of many, each key is
// looked up in turn.
func (t *Index) Named(ctx context.Context, table, column string, words []string, beside, key string, arg func(value any) string) (string, error) {
	rows, few, err := t.search(ctx, machinery.Found{Table: table, Column: column, Words: words}, mostListed)
	if err != nil {
		return "", err
	}
	holds := t.holdsAll(table, column, words, arg)
	if beside != "" {
		holds += " AND " + t.engine.Aside(beside)
	}
	if few {
		return key + " IN (SELECT id FROM " + table + " WHERE " + t.engine.Among(table, rows, arg) + " AND " + holds + ")", nil
	}
	return "EXISTS (SELECT 1 FROM " + table + " WHERE " + table + ".id = " + key + " AND " + holds + ")", nil
}

// holdsAll returns the predicate that a column holds all words.
func (t *Index) holdsAll(table, column string, words []string, arg func(value any) string) string {
	conditions := make([]string, len(words))
	for i, word := range words {
		conditions[i] = t.engine.Holds(table+"."+column, arg(word))
	}
	return strings.Join(conditions, " AND ")
}
