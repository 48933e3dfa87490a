package frame

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"sleutelbos/http/answers"
	"sleutelbos/http/words"
)

// Names finds what those are called whom a page knows by their ids.
type Names struct{ Source answers.Source }

// Of returns what those who acted are called, by id: accounts of whatever organization by
// their names, and the program's own parts as such.
func (n Names) Of(ctx context.Context, ids ...string) (map[string]string, error) {
	said, wanted := map[string]string{}, map[string]bool{}
	for _, id := range ids {
		switch {
		case id == "":
		case uuid.Validate(id) == nil:
			wanted[id] = true
		default:
			said[id] = words.Part(words.Of(ctx), id)
		}
	}
	rows, err := n.Source.AccountsByID(ctx, "", slices.Sorted(maps.Keys(wanted)))
	for id, row := range rows {
		said[id] = row.Name
	}
	return said, err
}
