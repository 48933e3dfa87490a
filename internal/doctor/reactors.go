package doctor

import (
	"context"
	"maps"
	"slices"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
	"sleutelbos/projections/machinery"
)

// reactors looks whether the checkpoints of reactors that ran are there. A start makes those that are
// not: at where the vault last saw the reactor, or as ones that wait for the operator.
func (h House) reactors(ctx context.Context) ([]Finding, error) {
	if h.Rows == nil {
		return nil, nil
	}
	ran, err := h.Rows.Reactors(ctx)
	if err != nil {
		return nil, err
	}
	kept, err := h.Vault.ReactorMarks(ctx)
	if err != nil {
		return nil, err
	}
	if len(ran) == 0 && len(kept) == 0 {
		_, some, err := edge(ctx, h.Journal.Store, eventstore.Forwards)
		if err != nil || !some {
			return nil, err
		}
		return []Finding{{
			Code: LostReactors, Count: 1,
			What: "How far the reactors have come is not known: none has a checkpoint, and the log holds events.",
			Do:   `They wait. Put reactors.db back with the program stopped, or say with the program running where they go on: "sleutelbos reactors resume --from …" with the position of the last event that they have acted on, "end", or "start".`,
		}}, nil
	}
	var gone []string
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		if !slices.ContainsFunc(ran, func(c machinery.NamedCheckpoint) bool { return c.Name == name }) {
			gone = append(gone, name)
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	return []Finding{{
		Code: LostReactors, Count: len(gone),
		What: "The checkpoints of reactors are gone: " + someOf(gone) + ".",
		Do:   "They go on by themselves from where the vault last saw them, so nothing is left out, and no message is made twice. Find out what became of reactors.db.",
	}}, nil
}

// LostReactors is the code of checkpoints of reactors that are gone. The start settles it.
const LostReactors = "lost-reactors"

// markReactors tells the vault how far the reactors have come.
func (h House) markReactors(ctx context.Context) error {
	if h.Rows == nil {
		return nil
	}
	ran, err := h.Rows.Reactors(ctx)
	if err != nil {
		return err
	}
	known, err := h.Vault.ReactorMarks(ctx)
	if err != nil {
		return err
	}
	for _, reactor := range ran {
		if before, found := known[reactor.Name]; found && before.Event == reactor.Last.ID {
			continue
		}
		kept, ok, err := machinery.Keep(ctx, h.Journal.Store, reactor.Checkpoint)
		if err == nil && ok {
			err = h.Vault.KeepReactorMark(ctx, reactor.Name, vault.ReactorMark{Stream: kept.Stream, Revision: kept.Revision, Event: kept.ID})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
