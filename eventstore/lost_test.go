package eventstore_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tink-crypto/tink-go/v2/tink"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/keystest"
)

// damagedKeys are keys of which those of one subject can't be had.
type damagedKeys struct {
	eventstore.Keys
	subject string
	err     error
}

func (k *damagedKeys) Key(ctx context.Context, subject string, create bool) (tink.AEAD, error) {
	if subject == k.subject && k.err != nil {
		return nil, k.err
	}
	return k.Keys.Key(ctx, subject, create)
}

// One person's key that can't be opened must not keep anybody from reading the log.
func TestF55_ALostKeyIsItsPersonsTrouble(t *testing.T) {
	j, keys := newJournal()
	rec := prepared(t, j, "account-1", envelope(), opened)[0]
	other := prepared(t, j, "account-2", envelope(), accountBlocked{Reason: "fraud"})[0]
	lost := opened
	lost.Username, lost.Name, lost.Mail = eventstore.Unreadable, eventstore.Unreadable, eventstore.Unreadable
	for what, broken := range map[string]eventstore.Keys{
		"damaged":     &damagedKeys{keys, "account-1", eventstore.ErrKeyDamaged},
		"not there":   &damagedKeys{keys, "account-1", eventstore.ErrKeyUnknown},
		"another one": otherKey(t, keys, "account-1"),
	} {
		t.Run(what, func(t *testing.T) {
			event, record, err := j.Registry.Decode(t.Context(), broken, rec)
			must(t, err)
			same(t, []any{event, record.Unreadable}, []any{lost, true})
			same(t, j.Registry.Lost(), []string{"account-1"})
			event, record, err = j.Registry.Decode(t.Context(), broken, other)
			must(t, err)
			same(t, []any{event, record.Unreadable}, []any{accountBlocked{Reason: "fraud"}, false})

			again := j
			again.Keys = broken
			if _, _, err := again.Prepare(t.Context(), "account-1", eventstore.Tail{}, envelope(), eventstore.Draft{ID: id(9), Event: lost}); !errors.Is(err, eventstore.ErrKeyDamaged) {
				t.Errorf("what stands in place of a value was written as one: %v", err)
			}

			event, _, err = j.Registry.Decode(t.Context(), keys, rec) // mended
			must(t, err)
			same(t, []any{event, len(j.Registry.Lost())}, []any{opened, 0})
		})
	}
	t.Run("away", func(t *testing.T) { // passes, so it is no reason to give anything up
		away := errors.New("the database is away")
		if _, _, err := j.Registry.Decode(t.Context(), &damagedKeys{keys, "account-1", away}, rec); !errors.Is(err, away) {
			t.Errorf("got %v", err)
		}
		same(t, len(j.Registry.Lost()), 0)
	})
	t.Run("of the actor", func(t *testing.T) {
		_, record, err := j.Registry.Decode(t.Context(), keys, rec)
		must(t, err)
		e, err := record.Open(t.Context(), &damagedKeys{keys, "account-admin-1", eventstore.ErrKeyDamaged})
		must(t, err)
		same(t, []string{e.Actor.Name, e.Reason}, []string{eventstore.Unreadable, envelope().Reason})
	})
}

// otherKey returns keys of which one subject has got a new one.
func otherKey(t *testing.T, keys *keystest.Keys, subject string) eventstore.Keys {
	t.Helper()
	fresh := keystest.New()
	_, err := fresh.Key(t.Context(), subject, true)
	must(t, err)
	return replacedKeys{keys, fresh, subject}
}

type replacedKeys struct {
	eventstore.Keys
	fresh   eventstore.Keys
	subject string
}

func (k replacedKeys) Key(ctx context.Context, subject string, create bool) (tink.AEAD, error) {
	if subject == k.subject {
		return k.fresh.Key(ctx, subject, create)
	}
	return k.Keys.Key(ctx, subject, create)
}
