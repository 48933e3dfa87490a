package doctor

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/eventstore"
)

// LostKeys returns what to say of subjects whose key can't be had; nothing if there are none.
func LostKeys(subjects []string) []Finding {
	if len(subjects) == 0 {
		return nil
	}
	return []Finding{{
		Code: "lost-keys", Count: len(subjects),
		What: fmt.Sprintf("The keys of %d persons are damaged or not in the vault, so their personal data reads %s: %s.", len(subjects), eventstore.Unreadable, someOf(subjects)),
		Do:   `Stop the program, put back the vault from a backup that opens them (it may be newer or older than the log's), and run "sleutelbos projections rebuild".`,
	}}
}

// Opens reads the whole log and opens every personal value in it. It returns what to say of those
// that the vault does not open. Values of a destroyed key are no finding. An event that can't be
// read for another reason is passed over: verifying the log is somebody else's work.
func Opens(ctx context.Context, j eventstore.Journal, progress func(events int64)) ([]Finding, error) {
	lost, events := map[string]bool{}, int64(0)
	for rec, err := range j.Store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		if events++; events%10_000 == 0 && progress != nil {
			progress(events)
		}
		subjects, err := unopened(ctx, j, rec)
		if err != nil {
			return nil, fmt.Errorf("open %s revision %d: %w", rec.Stream, rec.Revision, err)
		}
		for _, s := range subjects {
			lost[s] = true
		}
	}
	return LostKeys(slices.Sorted(maps.Keys(lost))), nil
}

// unopened returns the subjects of an event of whom a value can't be read. Errors: those of the
// keys that pass.
func unopened(ctx context.Context, j eventstore.Journal, rec eventstore.Recorded) ([]string, error) {
	watched := &watchedKeys{Keys: j.Keys}
	event, record, err := j.Registry.Decode(ctx, watched, rec)
	if err == nil && event != nil {
		if record.Unreadable {
			watched.lost = append(watched.lost, record.Subject)
		}
		var e eventstore.Envelope
		if e, err = record.Open(ctx, watched); err == nil && slices.Contains([]string{e.Actor.Name, e.Origin.Address, e.Reason}, eventstore.Unreadable) {
			watched.lost = append(watched.lost, watched.last)
		}
	}
	if watched.away != nil {
		return nil, watched.away
	}
	return watched.lost, nil
}

// watchedKeys notes how it goes with the keys that are asked for.
type watchedKeys struct {
	eventstore.Keys
	last string   // the subject asked for last
	lost []string // the subjects whose key can't be had
	away error    // an error that passes
}

// Key implements eventstore.Keys.
func (k *watchedKeys) Key(ctx context.Context, subject string, create bool) (tink.AEAD, error) {
	key, err := k.Keys.Key(ctx, subject, create)
	k.last = subject
	if err != nil {
		if shown, final := eventstore.Shown(err); !final {
			k.away = err
		} else if shown == eventstore.Unreadable {
			k.lost = append(k.lost, subject)
		}
	}
	return key, err
}
