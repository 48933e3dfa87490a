package machinery

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/eventstore"
)

// intake says which events a projection or reactor takes.
type intake struct {
	registry *eventstore.Registry
	opened   map[string]bool // stored names of events that it takes with personal members opened
	sealed   bool            // it takes every event as it is stored
	all      bool            // it takes every event with personal members opened
	reads    map[string]bool // the aggregates whose events it takes, by category
}

func newIntake(registry *eventstore.Registry, names []string, sealed, all bool) intake {
	in := intake{registry: registry, opened: map[string]bool{}, sealed: sealed, all: all, reads: map[string]bool{}}
	for _, name := range names {
		in.opened[name] = true
		in.reads[aggregateOf(name)] = true
	}
	return in
}

// namesOf returns every stored name that is read as one of the types.
func namesOf(registry *eventstore.Registry, who string, types []reflect.Type) ([]string, error) {
	var names []string
	found := map[reflect.Type]bool{}
	for _, name := range registry.Names() {
		typ, _ := registry.TypeOf(name)
		for _, wanted := range types {
			if typ == wanted {
				names = append(names, name)
				found[wanted] = true
			}
		}
	}
	for _, wanted := range types {
		if !found[wanted] {
			return nil, fmt.Errorf("%s folds %s, which has no stored name", who, wanted)
		}
	}
	return names, nil
}

func aggregateOf(typ string) string {
	aggregate, _, _ := strings.Cut(typ, ".")
	return aggregate
}

// concerns says whether an event of an unknown type could matter here. If so it must not be
// passed over. An event of an aggregate of which nothing is taken does not matter, so that one
// strange event does not stop all projections.
func (in intake) concerns(rec eventstore.Recorded) bool {
	category, _, _ := strings.Cut(rec.Stream, "-")
	return in.sealed || in.all || in.reads[aggregateOf(rec.Type)] || in.reads[category]
}

// foreign counts the events in streams that are not ours.
func (in intake) foreign(events []eventstore.Recorded) (n int64) {
	for _, rec := range events {
		if !in.registry.Owns(rec.Stream) {
			n++
		}
	}
	return n
}

// actsOn says whether an event is taken, or is one at which to stop. In a stream that is not ours
// none is.
func (in intake) actsOn(rec eventstore.Recorded) bool {
	if !in.registry.Owns(rec.Stream) {
		return false
	}
	if _, known := in.registry.TypeOf(rec.Type); !known {
		return in.concerns(rec)
	}
	return in.sealed || in.all || in.opened[rec.Type]
}

// faultError stops a projection at an event.
type faultError struct{ Fault }

func (e *faultError) Error() string {
	return fmt.Sprintf("stopped at %s of %s revision %d (position %s): %s", e.Type, e.Stream, e.Revision, e.Position, e.Problem)
}

func faultAt(rec eventstore.Recorded, problem string) *faultError {
	return &faultError{Fault{Type: rec.Type, Stream: rec.Stream, Revision: rec.Revision, Position: rec.Position, Problem: problem}}
}

// taken is a decoded event with its record.
type taken struct {
	event  any
	record eventstore.Record
}

// take decodes an event. It returns false if the event is passed over: nobody here takes it, its stream
// is not ours, or an operator said so. Errors: *faultError for an event that cannot be read,
// *vaultError if the vault is out of reach, *eventstore.PassesError if the log is.
func (in intake) take(ctx context.Context, d *decoder, rec eventstore.Recorded) (taken, bool, error) {
	if !in.actsOn(rec) {
		return taken{}, false, nil
	}
	t, err := d.read(ctx, rec, in.all || in.opened[rec.Type])
	if err == nil {
		return t, true, nil
	}
	if errors.Is(err, eventstore.ErrPassedOver) {
		return taken{}, false, nil
	}
	if away, ok := errors.AsType[*vaultError](err); ok {
		return taken{}, false, away
	}
	if away, ok := errors.AsType[*eventstore.PassesError](err); ok {
		return taken{}, false, away
	}
	problem := "the stored event can't be read" // not the error's text: those of JSON quote values
	if _, known := in.registry.TypeOf(rec.Type); !known {
		problem = "the event type is unknown to this program"
	} else if why := eventstore.Held(rec); why != nil {
		problem = why.Error()
	}
	fault := faultAt(rec, problem+"; "+eventstore.WayOn(err, rec.Position, rec.ID))
	fault.Unread = rec.ID
	return taken{}, false, fault
}

// decoder decodes events. It remembers the newest ones, because all projections take the same
// events at nearly the same time.
type decoder struct {
	registry *eventstore.Registry
	keys     eventstore.Keys
	recent   []atomic.Pointer[remembered]
}

// remembered is an event as it was read. Its mark has the id too: another log, which may come back
// in the place of this one, has other events at the same positions.
type remembered struct {
	mark Mark
	taken
}

// largestRemembered is how large an event may be that is remembered decoded. It bounds in bytes what
// a number of events bounds otherwise; the few that are larger are decoded by each who takes them.
const largestRemembered = 8 << 10

func newDecoder(registry *eventstore.Registry, keys eventstore.Keys, remember int) *decoder {
	return &decoder{registry: registry, keys: watchedKeys{keys}, recent: make([]atomic.Pointer[remembered], remember)}
}

func (d *decoder) read(ctx context.Context, rec eventstore.Recorded, open bool) (t taken, err error) {
	if !open {
		t.event, t.record, err = d.registry.DecodeSealed(rec)
		return t, err
	}
	var slot *atomic.Pointer[remembered]
	mark := MarkOf(rec)
	if len(d.recent) > 0 {
		slot = &d.recent[rec.Position.Commit()%uint64(len(d.recent))]
		if r := slot.Load(); r != nil && r.mark == mark {
			return r.taken, nil
		}
	}
	t.event, t.record, err = d.registry.Decode(ctx, d.keys, rec)
	if err == nil && slot != nil && len(rec.Data) <= largestRemembered {
		slot.Store(&remembered{mark, t})
	}
	return t, err
}

// vaultError says that the vault is out of reach. Nothing is wrong with the event.
type vaultError struct{ err error }

func (e *vaultError) Error() string { return "the vault is out of reach: " + e.err.Error() }
func (e *vaultError) Unwrap() error { return e.err }

// watchedKeys makes a *vaultError of each error of the keys that may be gone at the next
// attempt.
type watchedKeys struct{ eventstore.Keys }

func (k watchedKeys) Key(ctx context.Context, subject string, create bool) (tink.AEAD, error) {
	key, err := k.Keys.Key(ctx, subject, create)
	if _, final := eventstore.Shown(err); err == nil || final {
		return key, err
	}
	return nil, &vaultError{err}
}
