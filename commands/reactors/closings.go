package reactors

import (
	"context"
	"errors"
	"slices"

	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/regions"
	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/region"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

// Belonging is what an account has in streams other than its own, by ids.
type Belonging struct {
	Licenses []string // that were granted to it
	Requests []string // of its own that wait for a decision
	Regions  []string // in use, that were assigned to it
}

// Belongings finds what accounts have. It may name too much, because the rules decide.
type Belongings interface {
	// Of returns what an account had at a position of the log, or has by now.
	Of(ctx context.Context, accountID string, at eventstore.Position) (Belonging, error)
	// Closed returns the accounts that are closed and have something.
	Closed(ctx context.Context) ([]string, error)
}

// Closings takes from an account that is closed for good its licenses, its open requests and its
// regions. No stream of an account has them, so Belongings finds them. Pass it by its pointer.
type Closings struct {
	Requests licenses.UseCases
	Licenses *aggregates.Licenses
	Regions  regions.UseCases
	Has      Belongings

	swept bool // what earlier releases left is taken
}

// Reactor returns the reactor that takes them.
func (l *Closings) Reactor() Reactor {
	return Reactor{"closings", catalog.NamesOf(account.Closed{}, license.Granted{}, licenserequest.Requested{}, region.UserAssigned{}), l.react}
}

// react looks at what an account gets, too: it may have been closed in that moment.
func (l *Closings) react(ctx context.Context, event any, rec eventstore.Record) error {
	c, err := reaction(l.Requests.Engine, "closings", rec)
	if err != nil {
		return err
	}
	switch e := event.(type) {
	case license.Granted:
		return l.ifClosed(ctx, c, e.AccountID, Belonging{Licenses: []string{rec.AggregateID()}})
	case licenserequest.Requested:
		return l.ifClosed(ctx, c, e.AccountID, Belonging{Requests: []string{rec.AggregateID()}})
	case region.UserAssigned:
		return l.ifClosed(ctx, c, e.AccountID, Belonging{Regions: []string{rec.AggregateID()}})
	}
	return l.closed(ctx, c, rec)
}

func (l *Closings) ifClosed(ctx context.Context, c *engine.Call, accountID string, got Belonging) error {
	holder, err := l.Requests.Accounts.Load(ctx, accountID)
	if err != nil || !holder.State.Closed {
		return err
	}
	return l.take(ctx, c, accountID, got)
}

// closed takes everything from the account whose end an event tells.
func (l *Closings) closed(ctx context.Context, c *engine.Call, rec eventstore.Record) error {
	has, err := l.Has.Of(ctx, rec.AggregateID(), rec.Position)
	if err != nil {
		return err
	}
	return l.take(ctx, c, rec.AggregateID(), has)
}

func (l *Closings) take(ctx context.Context, c *engine.Call, accountID string, has Belonging) error {
	var errs []error
	for _, id := range has.Licenses {
		_, err := l.Licenses.Decide(ctx, c, id, license.Revoke{AccountID: accountID, Because: license.BecauseClosed}, engine.Step{})
		errs = append(errs, err)
	}
	for _, id := range has.Requests {
		err := l.Requests.Withdraw(ctx, c, id)
		if !errors.Is(err, licenserequest.ErrAlreadyDecided) { // what an approval gives is taken when it is given
			errs = append(errs, err)
		}
	}
	for _, id := range has.Regions {
		_, err := l.Regions.Regions.Decide(ctx, c, id, region.Remove{AccountID: accountID}, engine.Step{})
		if !errors.Is(err, region.ErrArchived) { // whom an archived one was assigned to stays known
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Sweep takes what closed accounts still have: earlier releases left it with them. It does so once
// in a process, and names the closing of each account as the cause.
func (l *Closings) Sweep(ctx context.Context) error {
	if l.swept {
		return nil
	}
	ids, err := l.Has.Closed(ctx)
	if err != nil {
		return err
	}
	slices.Sort(ids)
	var errs []error
	for _, id := range slices.Compact(ids) {
		errs = append(errs, l.sweep(ctx, id))
	}
	err = errors.Join(errs...)
	l.swept = err == nil
	return err
}

func (l *Closings) sweep(ctx context.Context, accountID string) error {
	const last = int64(1<<63 - 1)
	journal := l.Requests.Engine.Journal()
	for entry, err := range journal.Store.ReadStream(ctx, l.Requests.Accounts.Stream(accountID), last, eventstore.Backwards) {
		if err != nil {
			return err
		}
		event, rec, err := journal.Registry.DecodeSealed(entry)
		if errors.Is(err, eventstore.ErrPassedOver) {
			continue
		}
		if err != nil {
			return err
		}
		if _, ok := event.(account.Closed); ok {
			c, err := reaction(l.Requests.Engine, "closings", rec)
			if err != nil {
				return err
			}
			return l.closed(ctx, c, rec)
		}
	}
	return nil // the read model is ahead of the log, which is told elsewhere
}
