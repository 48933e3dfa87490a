package history

import (
	"bytes"
	"context"
	"errors"

	"sleutelbos/eventstore"
	"sleutelbos/projections/models/audithistory"
)

// proveStream returns what holds of a stream, and the first step of the history that does
// not; one beyond the last if all do.
func (s proofPages) proveStream(ctx context.Context, name string, shown map[int64]shownEvent) (provenStream, int, error) {
	found := provenStream{Name: name}
	tail := eventstore.Tail{}
	wrong := func(revision int64, what string) (provenStream, int, error) {
		found.Fault, found.FaultAt = what, revision
		first := 0
		for at, each := range shown {
			if at >= revision && (first == 0 || each.step < first) {
				first = each.step
			}
		}
		return found, first, nil
	}
	for r, err := range s.Log.Store.ReadStream(ctx, name, 0, eventstore.Forwards) {
		if err != nil {
			return found, 0, err
		}
		next, _, err := s.Log.Registry.Follow(ctx, tail, r)
		if broken, ok := errors.AsType[*eventstore.ChainError](err); ok {
			return wrong(broken.Revision, broken.Problem)
		} else if err != nil {
			return found, 0, err
		}
		if each, ok := shown[r.Revision]; ok {
			if !same(each.row, r) {
				return wrong(r.Revision, "the history shows another event than the log holds")
			}
			found.Shown++
		}
		tail, found.Events, found.Hash = next, found.Events+1, next.Hash
	}
	if found.Shown < len(shown) {
		return wrong(tail.Next, "the history shows events that the log does not hold")
	}
	return found, 0, nil
}

func same(row audithistory.Row, r eventstore.Recorded) bool {
	return row.Type == r.Type && row.EventID == r.ID.String() && row.Position == int64(r.Position.Commit()) &&
		bytes.Equal(row.Data, r.Data) && bytes.Equal(row.Metadata, r.Metadata)
}
