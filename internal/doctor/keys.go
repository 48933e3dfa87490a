package doctor

import (
	"context"
	"errors"
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
// that the vault does not open, and of the events that can't be read at all. Values of a
// destroyed key are no finding.
func Opens(ctx context.Context, j eventstore.Journal, progress func(events int64)) (lostKeys, unread []Finding, err error) {
	lost, strange, events := map[string]bool{}, unreadEvents{}, int64(0)
	for rec, err := range j.Store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return nil, nil, fmt.Errorf("read the log: %w", err)
		}
		if events++; events%10_000 == 0 && progress != nil {
			progress(events)
		}
		keys, err := open(ctx, j, rec)
		if err != nil {
			return nil, nil, fmt.Errorf("open %s revision %d: %w", rec.Stream, rec.Revision, err)
		}
		if keys.unread != nil {
			strange.add(rec, keys.unread)
		}
		for _, s := range keys.lost {
			lost[s] = true
		}
	}
	return LostKeys(slices.Sorted(maps.Keys(lost))), strange.findings(), nil
}

// unreadEvents are events in streams of ours that the program can't read.
type unreadEvents struct {
	first []Finding // one for each, since each needs a command of its own
	more  int       // than those
}

// mostUnread is how many of them are told: whoever settles these is told of the next.
const mostUnread = 20

func (u *unreadEvents) add(rec eventstore.Recorded, why error) {
	if len(u.first) == mostUnread {
		u.more++
		return
	}
	what := "can't be read"
	if changed := eventstore.Held(rec); changed != nil {
		what = "can't be read (" + changed.Error() + ")"
	}
	u.first = append(u.first, Finding{
		Code: "unread-event", Count: 1,
		What: fmt.Sprintf("The event %s at %s revision %d (position %s) %s, and stops whoever reads it.", rec.Type, rec.Stream, rec.Revision, rec.Position, what),
		Do:   "Either " + eventstore.WayOn(why, rec.Position, rec.ID) + ".",
	})
}

func (u *unreadEvents) findings() []Finding {
	if u.more == 0 {
		return u.first
	}
	return append(u.first, Finding{"unread-events", u.more, fmt.Sprintf("There are %d more events that can't be read.", u.more), "Settle those named here first."})
}

// open opens the personal values of an event, and returns how it went with the keys. Errors: those
// of the keys that pass, *eventstore.PassesError.
func open(ctx context.Context, j eventstore.Journal, rec eventstore.Recorded) (*watchedKeys, error) {
	keys := &watchedKeys{Keys: j.Keys}
	if !j.Registry.Owns(rec.Stream) {
		return keys, nil
	}
	event, record, err := j.Registry.Decode(ctx, keys, rec)
	if err == nil && event != nil {
		if record.Unreadable {
			keys.lost = append(keys.lost, record.Subject)
		}
		var e eventstore.Envelope
		if e, err = record.Open(ctx, keys); err == nil && slices.Contains([]string{e.Actor.Name, e.Origin.Address, e.Reason}, eventstore.Unreadable) {
			keys.lost = append(keys.lost, keys.last)
		}
	}
	if away := keys.away; away != nil {
		return keys, away
	}
	if away, ok := errors.AsType[*eventstore.PassesError](err); ok {
		return keys, away
	}
	if !errors.Is(err, eventstore.ErrPassedOver) {
		keys.unread = err
	}
	return keys, nil
}

// watchedKeys notes how it goes with the keys that are asked for.
type watchedKeys struct {
	eventstore.Keys
	known int      // how often the vault knew the key
	last  string   // the subject asked for last
	lost  []string // the subjects whose key can't be had; one may be named twice
	away  error    // an error that passes

	unread error // why the event can't be read
}

// Key implements eventstore.Keys.
func (k *watchedKeys) Key(ctx context.Context, subject string, create bool) (tink.AEAD, error) {
	key, err := k.Keys.Key(ctx, subject, create)
	k.last = subject
	shown, final := eventstore.Shown(err)
	switch {
	case err != nil && !final:
		k.away = err
	case shown == eventstore.Unreadable:
		k.lost = append(k.lost, subject)
	default:
		k.known++
	}
	return key, err
}
