package reactors

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"sleutelbos/commands/access"
	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

// Closings takes its licenses from an account that is closed for good. It reads in the log who has
// which, the first time from the beginning and then from where it was: no stream of an account has
// its licenses.
type Closings struct {
	access.Access
	Licenses *aggregates.Licenses

	mu   sync.Mutex
	at   eventstore.Position
	held map[string]map[string]bool // ids of licenses, by account
}

// Reactor returns the reactor that takes the licenses back.
func (l *Closings) Reactor() Reactor {
	return Reactor{"closings", catalog.NamesOf(account.Closed{}, license.Granted{}), l.react}
}

// react looks at a license that was granted, too: the account may have been closed in that moment.
func (l *Closings) react(ctx context.Context, event any, rec eventstore.Record) error {
	c, err := reaction(l.Engine, "closings", rec)
	if err != nil {
		return err
	}
	if granted, ok := event.(license.Granted); ok {
		holder, err := l.Accounts.Load(ctx, granted.AccountID)
		if err != nil || !holder.State.Closed {
			return err
		}
		return l.take(ctx, c, granted.AccountID, rec.AggregateID())
	}
	held, err := l.heldBy(ctx, rec.AggregateID())
	if err != nil {
		return err
	}
	var errs []error
	for _, id := range held {
		errs = append(errs, l.take(ctx, c, rec.AggregateID(), id))
	}
	return errors.Join(errs...)
}

func (l *Closings) take(ctx context.Context, c *engine.Call, accountID, licenseID string) error {
	_, err := l.Licenses.Decide(ctx, c, licenseID, license.Revoke{AccountID: accountID, Because: license.BecauseClosed}, engine.Step{})
	return err
}

// heldBy returns the licenses that an account has by now, sorted.
func (l *Closings) heldBy(ctx context.Context, accountID string) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string]map[string]bool{}
	}
	filter := eventstore.Filter{Types: catalog.NamesOf(license.Granted{}, license.Revoked{})}
	for entry, err := range l.Engine.Journal().Store.ReadAll(ctx, l.at, eventstore.Forwards, filter) {
		if err != nil {
			return nil, err
		}
		event, rec, err := l.Engine.Journal().Registry.DecodeSealed(entry)
		if errors.Is(err, eventstore.ErrPassedOver) {
			continue
		}
		if err != nil {
			return nil, err
		}
		switch e := event.(type) {
		case license.Granted:
			if l.held[e.AccountID] == nil {
				l.held[e.AccountID] = map[string]bool{}
			}
			l.held[e.AccountID][rec.AggregateID()] = true
		case license.Revoked:
			delete(l.held[e.AccountID], rec.AggregateID())
			if len(l.held[e.AccountID]) == 0 {
				delete(l.held, e.AccountID)
			}
		}
		l.at = eventstore.Later(l.at, entry.Position)
	}
	return slices.Sorted(maps.Keys(l.held[accountID])), nil
}
