package answers

import (
	"context"
	"errors"

	"sleutelbos/commands/rights"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// Thing is what the contract shows of one kind of thing: its list, one of it, and what
// happened to it. Row is what a list has of it, Whole what is shown of one.
type Thing[Row, Whole any] struct {
	Listing[Row]
	Name     string // of the operations: GetLetter, GetLetterHistory
	Gets     string // what one is, for the documentation
	Happened string // what its history is, likewise
	Whole    listing.Model[Whole]
	Category string   // of its streams
	Beside   []string // read models that its history is found by, beside its own
	Missing  error    // refuses one that is not there
	Place    string   // the path of the list of the pages, below which each has a page; empty if none has. What has a page has a name
}

// Get returns the thing with an id, without what is not for the asker. The right is the one
// that the asker needs for what is done with it. Errors: Missing where it is not there or out of reach.
func (t Thing[Row, Whole]) Get(ctx context.Context, s Source, asker Asker, right rights.Right, id string) (Whole, error) {
	var none Whole
	row, err := t.Whole.Get(ctx, s.DB, id)
	if errors.Is(err, machinery.ErrNoRow) {
		return none, t.Missing
	}
	if err == nil {
		err = asker.reaches(right, t.Whole.Owner(&row), t.Missing)
	}
	if err != nil {
		return none, err
	}
	redact(asker, t.Whole, &row, &row)
	return row, nil
}

// Own returns the thing that is the asker's own account, whatever the asker's rights. Errors: Missing where
// it is not visible yet.
func (t Thing[Row, Whole]) Own(ctx context.Context, s Source, asker Asker) (Whole, error) {
	row, err := t.Whole.Get(ctx, s.DB, asker.Who.AccountID)
	if errors.Is(err, machinery.ErrNoRow) {
		return row, t.Missing
	}
	redact(asker, t.Whole, &row, &row)
	return row, err
}
