package machinery

import "iter"

// pageRows is how many rows of a table are read at a time.
const pageRows = 500

// Pages yields rows in the order of their key, the first of their values. It asks page for the
// rows behind a key, nil for the first ones, and for at most so many, until a page is not full.
// Between two pages nothing is open. It is part of a rows engine.
func Pages(page func(after any, most int) ([][]any, error)) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		var after any
		for {
			rows, err := page(after, pageRows)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
				after = row[0]
			}
			if len(rows) < pageRows {
				return
			}
		}
	}
}
