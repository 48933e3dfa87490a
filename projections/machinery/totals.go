package machinery

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/internal/bounded"
)

// Totals counts the rows that fit a query. It remembers a count for as long as the read model
// does not change, because people page through a list, and counting costs as much as reading
// the whole list. It is part of a rows engine.
type Totals struct {
	db    DB
	known *bounded.Map[question, total]
}

// question is the hash of a query and its arguments. It is a hash because the
// condition of a search may list thousands of rows.
type question [sha256.Size]byte

type total struct {
	at eventstore.Position
	n  int64
}

// keptTotals is how many counts are remembered.
const keptTotals = 4096

// NewTotals returns the totals of a rows engine.
func NewTotals(db DB) *Totals {
	return &Totals{db, bounded.New[question, total](keptTotals, 0)}
}

// Count returns how many rows of a read model fit. The condition is "" or begins with " WHERE ".
func (t *Totals) Count(ctx context.Context, table, where string, args ...any) (int64, error) {
	return t.count(ctx, table, "SELECT count(*) FROM "+table+where, args)
}

// CountUpTo is Count that stops counting at a number.
func (t *Totals) CountUpTo(ctx context.Context, most int, table, where string, args ...any) (int64, error) {
	return t.count(ctx, table, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s%s LIMIT %d) AS found", table, where, most), args)
}

func (t *Totals) count(ctx context.Context, table, query string, args []any) (int64, error) {
	checkpoint, err := t.db.Checkpoint(ctx, table) // read before the rows: after a change in between the count is not used again
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", table, err)
	}
	asked := question(sha256.Sum256(fmt.Append(nil, query, args)))
	if known, ok := t.known.Get(asked, time.Time{}); ok && known.at == checkpoint.Position {
		return known.n, nil
	}
	n, err := Get[int64](ctx, t.db, query, args...)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", table, err)
	}
	t.known.Put(asked, total{checkpoint.Position, n}, time.Time{})
	return n, nil
}
