// Package texts finds rows by words, in the same way on both engines: it keeps the texts in memory,
// with an index of three bytes each. It reads the rows and what changes of them through the engine, so it
// finds what any process has written.
package texts

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"sleutelbos/projections/machinery"
)

// Engine is what an index needs of a rows engine, and the little in which their SQL differs. Each row of a
// searched table has a number, which it keeps for as long as the table stands.
type Engine interface {
	machinery.Reader

	// Follow reads what changed while a search waits for it, and Load reads beside everything else.
	Follow(ctx context.Context, take Take, query string, args ...any) error
	Load(ctx context.Context, take Take, query string, args ...any) error

	// RowNumber returns the name of the column that has the number.
	RowNumber() string
	// Among returns the predicate "the row of the table has one of the numbers".
	Among(table string, numbers []int64, arg func(value any) string) string
	// Holds returns the predicate "the column holds the word".
	Holds(column, placeholder string) string
	// Aside returns a condition in a form that keeps the engine from seeking it in an index.
	Aside(condition string) string
}

// Take takes a row of a result, and says whether the next one is wanted. What it does must be short
// and ask nothing, because the result is open meanwhile.
type Take = func(machinery.Scanner) (more bool, err error)

// ChangedTable returns the name of the table in which the engine notes the numbers of the rows that
// change while a table is live: a number n under a seq that grows with each, and whether more than facts of the row
// changed (texts). The first seq is random, so that a memory that followed an earlier table does not find its place.
func ChangedTable(table string) string { return table + "__changed" }

// KeptChanges is how many changes an engine keeps for memories to follow. It removes the older ones
// after every so many changes as PruneEvery says.
const (
	KeptChanges = 10_000
	PruneEvery  = 1_000
)

// Noted returns the columns whose changes are noted: those of the texts and of their order, and those of the facts. There are
// none where nobody searches.
func Noted(def machinery.Definition) (searched, facts []string) {
	searched = def.Searched()
	if len(searched) == 0 || def.Order == "" {
		return searched, nil
	}
	searched = append(searched, def.Order, def.Within)
	for _, f := range def.Facts {
		if !slices.Contains(facts, f.Column) {
			facts = append(facts, f.Column)
		}
	}
	return searched, facts
}

// factBits returns the expression for the facts of a row as a number with a bit for each.
func factBits(facts []machinery.Fact) string {
	var sum []string
	for i, f := range facts {
		bit := " WHEN " + f.Literal + " THEN " + strconv.FormatUint(1<<i, 10)
		if i > 0 && facts[i-1].Column == f.Column {
			sum[len(sum)-1] += bit
			continue
		}
		sum = append(sum, "CASE "+f.Column+bit)
	}
	if len(sum) == 0 {
		return "0"
	}
	return strings.Join(sum, " ELSE 0 END + ") + " ELSE 0 END"
}
