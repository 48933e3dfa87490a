package machinery

import (
	"context"
	"crypto/sha256"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"sleutelbos/eventstore"
)

// Totals counts the rows that fit, and remembers the answers for as long as the read model
// does not move: people page through lists and look again, and counting costs what the
// whole list costs. It is part of a rows engine.
type Totals struct {
	db    DB
	known *lru.Cache[question, total]
}

// question is the hash of one, since a search may list thousands of rows in it.
type question [sha256.Size]byte

type total struct {
	at eventstore.Position
	n  int64
}

// keptTotals is how many different questions are remembered.
const keptTotals = 4096

// NewTotals returns the totals of a rows engine.
func NewTotals(db DB) *Totals {
	known, err := lru.New[question, total](keptTotals)
	if err != nil {
		panic("projections: the number of totals kept is positive: " + err.Error())
	}
	return &Totals{db, known}
}

// Count answers how many rows of a read model fit; where is "" or begins with " WHERE ".
func (t *Totals) Count(ctx context.Context, table, where string, args ...any) (int64, error) {
	checkpoint, err := t.db.Checkpoint(ctx, table) // before the rows: what comes in between is counted again
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", table, err)
	}
	asked := question(sha256.Sum256(fmt.Append(nil, table, where, args)))
	if known, ok := t.known.Get(asked); ok && known.at == checkpoint.Position {
		return known.n, nil
	}
	n, err := Get[int64](ctx, t.db, "SELECT count(*) FROM "+table+where, args...)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", table, err)
	}
	t.known.Add(asked, total{checkpoint.Position, n})
	return n, nil
}
