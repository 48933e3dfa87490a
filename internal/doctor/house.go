package doctor

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/eventstore/vault"
	"sleutelbos/projections/machinery"
)

// House is what belongs together.
type House struct {
	Journal eventstore.Journal
	Vault   *vault.Vault
	Rows    machinery.DB // nil if the read models are not looked at
	Models  []string     // the names of the read models
	Dir     string       // the data folder, with the seals outside the log
	Keys    []string     // public keys of the seals
}

// Look compares the parts by what each knows of the others. It reads a few rows and events, and
// never the whole log, see Opens for that.
func (h House) Look(ctx context.Context) ([]Finding, error) {
	var all []Finding
	for _, look := range []func(context.Context) ([]Finding, error){h.mark, h.sealKey, h.seals, h.checkpoints, h.reactors} {
		found, err := look(ctx)
		if err != nil {
			return nil, fmt.Errorf("look whether log, vault and read models belong together: %w", err)
		}
		all = append(all, found...)
	}
	return all, nil
}

const putBack = "Stop the program and put back the log, with its -wal file, or restore the newest backup. If what is missing is given up, \"sleutelbos doctor --accept\" takes the log as it is."

// mark compares the log with what the vault knows of it.
func (h House) mark(ctx context.Context) ([]Finding, error) {
	mark, known, err := h.Vault.LogMark(ctx)
	if err != nil {
		return nil, err
	}
	first, some, err := edge(ctx, h.Journal.Store, eventstore.Forwards)
	if err != nil {
		return nil, err
	}
	switch {
	case !known && some:
		return h.strangers(ctx)
	case !known:
		return nil, nil
	case !some:
		return []Finding{another("The vault belongs to a log that begins with the event " + mark.First.String() + ", and this log is empty.")}, nil
	case first.ID != mark.First:
		return []Finding{another(fmt.Sprintf("The vault belongs to a log that begins with the event %s, and this log begins with %s.", mark.First, first.ID))}, nil
	}
	there, err := stands(ctx, h.Journal.Store, mark.Stream, mark.Revision, mark.Last)
	if err != nil || there {
		return nil, err
	}
	last, _, err := edge(ctx, h.Journal.Store, eventstore.Backwards)
	if err != nil {
		return nil, err
	}
	return []Finding{{
		Code: "log-cut", Count: 1,
		What: fmt.Sprintf("The end of the log is missing: the vault has seen the event %s (%s revision %d), and the log ends at position %s without it.", mark.Last, mark.Stream, mark.Revision, last.Position),
		Do:   putBack,
	}}, nil
}

func another(what string) Finding {
	return Finding{Code: AnotherLog, Count: 1, What: what, Do: "Give the log and the vault that belong together: look at --data, --eventstore, --database and --master-key. \"sleutelbos doctor --accept\" ties this vault to this log."}
}

// AnotherLog is the code of what must not be worked on: whatever was written would fit neither.
const AnotherLog = "another-log"

// sample is how many events of a log tell whether a vault without a mark is that of the log.
const sample = 500

// strangers opens the first events of a log with a vault that has no mark yet.
func (h House) strangers(ctx context.Context) ([]Finding, error) {
	known, lost, events := 0, 0, 0
	for rec, err := range h.Journal.Store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return nil, err
		}
		keys, err := open(ctx, h.Journal, rec)
		if err != nil {
			return nil, err
		}
		known, lost = known+keys.known, lost+len(keys.lost)
		if events++; events == sample {
			break
		}
	}
	if lost == 0 || known > 0 {
		return nil, nil
	}
	return []Finding{another(fmt.Sprintf("The vault opens none of the first %d events of this log.", events))}, nil
}

// edge returns the first or the last event of the log, and false if it is empty.
func edge(ctx context.Context, store eventstore.Store, way eventstore.Direction) (eventstore.Recorded, bool, error) {
	from := eventstore.Position{}
	if way == eventstore.Backwards {
		from = eventstore.End
	}
	for rec, err := range store.ReadAll(ctx, from, way, eventstore.Filter{}) {
		return rec, err == nil, err
	}
	return eventstore.Recorded{}, false, nil
}

// stands says whether an event stands at its place in its stream.
func stands(ctx context.Context, store eventstore.Store, stream string, revision int64, id uuid.UUID) (bool, error) {
	if stream == "" {
		return true, nil
	}
	for rec, err := range store.ReadStream(ctx, stream, revision, eventstore.Forwards) {
		if errors.Is(err, eventstore.ErrStreamDeleted) {
			return true, nil // it was there, and verifying the log tells of the deletion
		}
		return err == nil && rec.Revision == revision && rec.ID == id, err
	}
	return false, nil
}

// sealKey looks whether the key that signed the seals is there.
func (h House) sealKey(ctx context.Context) ([]Finding, error) {
	err := audit.CheckKey(ctx, h.Dir, h.Journal.Store)
	if !errors.Is(err, audit.ErrKeyLost) && !errors.Is(err, audit.ErrOtherKey) {
		return nil, err
	}
	return []Finding{{
		Code: SealKey, Count: 1,
		What: fmt.Sprintf("Nothing is sealed: %s.", err),
		Do:   "Put keys/seal.key back from a backup, or from the folder of the process that made it, and start the program again. What was sealed stays proven; what comes now is not until then.",
	}}, nil
}

// SealKey is the code of a key of the seals that is missing or another one.
const SealKey = "seal-key"

// seals compares the log with the newest seal outside it.
func (h House) seals(ctx context.Context) ([]Finding, error) {
	newest, found, err := audit.Newest(h.Dir, h.Keys)
	if err != nil || !found {
		return nil, err
	}
	for rec, err := range h.Journal.Store.ReadStream(ctx, newest.Stream, newest.Revision, eventstore.Forwards) {
		if err != nil {
			return nil, err
		}
		if newest.Is(rec) {
			return nil, nil
		}
		break
	}
	return []Finding{{
		Code: "seal-missing", Count: 1,
		What: fmt.Sprintf("The seal %s outside the log covers %d events up to position %s, and is not in this log.", newest.File, newest.Size, newest.Position),
		Do:   putBack + " \"sleutelbos audit verify\" says what is missing.",
	}}, nil
}

// checkpoints asks of each read model and reactor whether it is of this log.
func (h House) checkpoints(ctx context.Context) ([]Finding, error) {
	if h.Rows == nil {
		return nil, nil
	}
	var models, reactors []string
	for _, name := range h.Models {
		c, err := h.Rows.Checkpoint(ctx, name)
		if err == nil {
			models, err = strangerTo(ctx, h.Journal.Store, c, models, name)
		}
		if err != nil {
			return nil, err
		}
	}
	ran, err := h.Rows.Reactors(ctx)
	if err != nil {
		return nil, err
	}
	for _, reactor := range ran {
		if reactors, err = strangerTo(ctx, h.Journal.Store, reactor.Checkpoint, reactors, reactor.Name); err != nil {
			return nil, err
		}
	}
	var all []Finding
	if len(models) > 0 {
		all = append(all, Finding{"strange-read-models", len(models), "Read models know events that are not in this log: " + someOf(models) + ".", "They are made again by themselves. " + putBack})
	}
	if len(reactors) > 0 {
		all = append(all, Finding{"strange-reactors", len(reactors), "Reactors have acted on events that are not in this log: " + someOf(reactors) + ".", "They wait: \"sleutelbos reactors resume --from …\" says where they go on. " + putBack})
	}
	return all, nil
}

func strangerTo(ctx context.Context, store eventstore.Store, c machinery.Checkpoint, names []string, name string) ([]string, error) {
	err := c.Fits(ctx, store)
	if _, ok := errors.AsType[*machinery.StrangerError](err); ok {
		return append(names, name), nil
	}
	return names, err
}

// Mark tells the vault how far the log reaches and the reactors have come. Nobody may call it while the two don't fit, unless
// the log is taken as it is: it would forget what is missing.
func (h House) Mark(ctx context.Context) error {
	first, some, err := edge(ctx, h.Journal.Store, eventstore.Forwards)
	if err != nil || !some {
		return err
	}
	last, _, err := edge(ctx, h.Journal.Store, eventstore.Backwards)
	if err != nil {
		return err
	}
	if err := h.Vault.KeepLogMark(ctx, vault.LogMark{First: first.ID, Stream: last.Stream, Revision: last.Revision, Last: last.ID}); err != nil {
		return err
	}
	return h.markReactors(ctx)
}
